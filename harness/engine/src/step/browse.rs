//! `browse`: everything the server tells of itself.

use iedassay_model::browse::build;
use iedassay_reports::ModelSource;
use tokio::time::Instant;

use super::request::{Answer, finish};
use crate::cel::{Assume, Value, model_view};
use crate::event::Event;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::outcome_of_error;
use crate::runner::exhibit::Exhibit;
use crate::runner::model_brief::brief;
use crate::suite::steps::Browse;
use crate::value::list;

/// The keys of `model` that the result has too.
const KEYS: [&str; 13] = [
    "iedName",
    "lds",
    "lns",
    "fcds",
    "leaves",
    "dataObjects",
    "dataSets",
    "rcbs",
    "urcbs",
    "brcbs",
    "controls",
    "settingGroups",
    "logs",
];

/// Reads the whole model from the server.
pub(super) async fn browse(cx: &mut CaseRun<'_>, step: &Browse) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let only = cx.eval_opt(step.ld.as_ref())?.map(|ld| ld.0);
    let client = cx.clients.need(&name)?.client.clone();
    let started = Instant::now();
    let first = client.invoke_id();
    let browsed = client.browse().await;
    let requests = i64::from(client.invoke_id().wrapping_sub(first)) - 1;
    let at = Instant::now();
    let (outcome, fields) = match browsed {
        Err(error) => (
            outcome_of_error(&error),
            vec![("requests", Value::Int(requests))],
        ),
        Ok(mut browse) => {
            if let Some(only) = &only {
                browse.browsed.domains.retain(|domain| domain.name == *only);
            }
            let problems = browse
                .problems
                .iter()
                .map(|(what, error)| Value::from(format!("{what}: {error}")));
            let mut fields = vec![
                ("requests", Value::Int(requests)),
                ("problems", list(problems)),
            ];
            match build(&browse.browsed) {
                Ok(built) => {
                    if only.is_none() && browse.problems.is_empty() {
                        let known = Box::new(brief(&built.model, ModelSource::Browsed));
                        cx.shared.emitter.emit(&Event::ModelKnown(known));
                    }
                    fields.push(("notes", list(built.notes.into_iter().map(Value::from))));
                    let view = model_view(
                        &built.model,
                        &cx.shared.target,
                        Assume {
                            attended: cx.shared.attended(),
                            ..Assume::default()
                        },
                    );
                    if let Value::Map(view) = view {
                        let key = |key: &str| view.map.get(&cel::objects::Key::from(key)).cloned();
                        fields.extend(KEYS.iter().filter_map(|name| Some((*name, key(name)?))));
                    }
                    (Outcome::Success, fields)
                }
                Err(error) => (Outcome::Malformed(error.to_string()), fields),
            }
        }
    };
    let answer = Answer {
        outcomes: vec![(String::new(), outcome)],
        at,
        fields,
        exhibit: Exhibit::default(),
        each: Vec::new(),
    };
    finish(cx, &common, started, answer)
}
