//! The report as one HTML file: no scripts, nothing fetched, readable on paper and in the dark.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};

mod case_view;
mod gap_view;
mod picture;
mod view;

use crate::record::RunRecord;
use crate::text::visible;
use gap_view::GapPage;
use view::View;

/// The report as a self-contained HTML page.
///
/// # Errors
/// When the embedded template does not fit the view, which the tests rule out.
pub fn render(record: &RunRecord) -> Result<String, minijinja::Error> {
    let mut environment = environment()?;
    // The names end in `.html`, which makes the engine escape every value.
    environment.add_template("page.html", include_str!("page.html"))?;
    add_shared(&mut environment)?;
    environment.add_template("cases.html", include_str!("cases.html"))?;
    environment.add_template("picture.html", include_str!("picture.html"))?;
    environment.add_template("steps.html", include_str!("steps.html"))?;
    environment.add_template("answers.html", include_str!("answers.html"))?;
    let view = Value::from(Serde(View::of(record)));
    let page = environment
        .get_template("page.html")?
        .render(context! { style => style(), view })?;
    // The templates hold no character that acts instead of being shown, so whatever does came from outside.
    Ok(visible(&page))
}

/// The PICS gap of a record as a self-contained HTML page, with every row.
///
/// # Errors
/// When the embedded template does not fit the view, which the tests rule out.
pub fn render_gap(record: &RunRecord) -> Result<String, minijinja::Error> {
    let mut environment = environment()?;
    environment.add_template("gap_page.html", include_str!("gap_page.html"))?;
    add_shared(&mut environment)?;
    let view = Value::from(Serde(GapPage::of(record)));
    let page = environment
        .get_template("gap_page.html")?
        .render(context! { style => style(), view })?;
    Ok(visible(&page))
}

/// The parts that both pages have.
fn add_shared(environment: &mut Environment<'_>) -> Result<(), minijinja::Error> {
    environment.add_template("head.html", include_str!("head.html"))?;
    environment.add_template("facts.html", include_str!("facts.html"))?;
    environment.add_template("gaps.html", include_str!("gaps.html"))
}

/// What renders every page.
pub(crate) fn environment<'source>() -> Result<Environment<'source>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    Ok(environment)
}

/// The style of every page.
pub(crate) fn style() -> Value {
    Value::from_safe_string(include_str!("style.css").to_owned())
}
