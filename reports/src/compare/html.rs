//! A comparison as one HTML page, both runs side by side: no scripts, nothing fetched.

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::render::{
    MOST_OF_MODEL, capability_groups, case_groups, conclusion, model_groups, moved, of_model,
};
use super::{Comparison, Side};
use crate::case::Verdict;
use crate::html::{environment, style};
use crate::text::{one_line, visible, wall_time};

#[derive(Serialize)]
struct View {
    title: String,
    tone: &'static str,
    conclusion: String,
    rows: Vec<[String; 3]>,
    cases: Vec<Group<Case>>,
    capabilities: Vec<Group<[String; 4]>>,
    model: Vec<Model>,
    not_compared: Option<String>,
    measured: Vec<[String; 6]>,
    regressions: usize,
}

#[derive(Serialize)]
struct Group<T> {
    title: &'static str,
    bad: bool,
    items: Vec<T>,
}

/// Changes of a kind in the model, and how many of them are not listed.
#[derive(Serialize)]
struct Model {
    title: &'static str,
    items: Vec<[String; 4]>,
    more: usize,
}

#[derive(Serialize)]
struct Case {
    key: String,
    title: String,
    old: Shown,
    new: Shown,
    reason: String,
}

#[derive(Serialize)]
struct Shown {
    class: &'static str,
    label: &'static str,
}

/// The comparison as a self-contained HTML page.
///
/// # Errors
/// When the embedded template does not fit the view, which the tests rule out.
pub fn html(comparison: &Comparison) -> Result<String, minijinja::Error> {
    let mut environment = environment()?;
    environment.add_template("compare.html", include_str!("compare.html"))?;
    let view = Value::from(Serde(view(comparison)));
    let page = environment
        .get_template("compare.html")?
        .render(context! { style => style(), view })?;
    Ok(visible(&page))
}

fn view(comparison: &Comparison) -> View {
    let (old, new) = (&comparison.old, &comparison.new);
    let both = |name: &str, of: fn(&Side) -> String| [name.to_owned(), of(old), of(new)];
    let mut rows = vec![
        both("target", |side| one_line(&side.target)),
        both("device", |side| one_line(&side.identity)),
        both("started", |side| wall_time(&side.started)),
        both("cases", |side| side.cases.to_string()),
        both("conclusion", |side| side.conclusion.title().to_owned()),
    ];
    let known = |name: &str| name == "target";
    rows.extend(
        comparison
            .facts
            .iter()
            .filter(|fact| !known(&fact.name))
            .map(|fact| {
                [
                    one_line(&fact.name),
                    one_line(&fact.old),
                    one_line(&fact.new),
                ]
            }),
    );
    let regressions = comparison.regressions();
    View {
        title: format!("{} and {}", one_line(&old.target), one_line(&new.target)),
        tone: if regressions > 0 { "fail" } else { "pass" },
        conclusion: conclusion(comparison),
        rows,
        cases: case_groups(comparison)
            .map(|(kind, cases)| Group {
                title: kind.title(),
                bad: kind.is_regression(),
                items: cases
                    .into_iter()
                    .map(|case| Case {
                        key: visible(&case.case),
                        title: one_line(&case.title),
                        old: shown(case.old),
                        new: shown(case.new),
                        reason: one_line(case.reason.as_deref().unwrap_or_default()),
                    })
                    .collect(),
            })
            .collect(),
        capabilities: capability_groups(comparison)
            .map(|(kind, capabilities)| Group {
                title: kind.title(),
                bad: kind.is_regression(),
                items: capabilities
                    .into_iter()
                    .map(|capability| {
                        [
                            one_line(&capability.id),
                            one_line(&capability.name),
                            one_line(&capability.old),
                            one_line(&capability.new),
                        ]
                    })
                    .collect(),
            })
            .collect(),
        model: model_groups(comparison)
            .map(|(kind, changes)| Model {
                title: kind.title(),
                more: changes.len().saturating_sub(MOST_OF_MODEL),
                items: changes
                    .into_iter()
                    .take(MOST_OF_MODEL)
                    .map(of_model)
                    .collect(),
            })
            .collect(),
        not_compared: comparison.model.not_compared.as_deref().map(one_line),
        measured: comparison.measurements.iter().map(moved).collect(),
        regressions,
    }
}

fn shown(verdict: Option<Verdict>) -> Shown {
    Shown {
        class: verdict.map_or("not-applicable", Verdict::name),
        label: verdict.map_or("not run", Verdict::name),
    }
}
