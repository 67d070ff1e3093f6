//! `compare`, `judge-model`: the model of the server, held against its description and against the standard.

use std::sync::Arc;

use iedassay_model::browse::build;
use iedassay_model::diff::{Aspect, diff};
use iedassay_model::standard::judge;
use iedassay_model::tree::ServerModel;
use tokio::time::Instant;

use super::configured::{Configured, blocks, settings};
use super::request::{bind_event, kind_of};
use crate::cel::Value;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::outcome_of_error;
use crate::suite::Common;
use crate::suite::steps::{Compare, CompareWhat, JudgeModel, ModelRule, ModelSource};
use crate::value::list;
use crate::verdict::IncidentKind;

/// Differences that are told one by one; the rest is counted.
const MAX_TOLD: usize = 100;

/// Compares the server with its description.
pub(super) async fn compare(cx: &mut CaseRun<'_>, step: &Compare) -> Result<(), Trouble> {
    let common = step.common();
    let what = cx.eval_list(Some(&step.what))?.unwrap_or_default();
    if cx.shared.target.scl.is_none() {
        return Err(Trouble::new(
            IncidentKind::Precondition,
            "the target has no description (`scl`) to compare the server with",
        ));
    }
    let sent = Instant::now();
    let live = browsed(cx, &common).await?;
    let described = Arc::clone(&cx.shared.model);
    let mut told = Told::default();
    let aspects: Vec<Aspect> = what.iter().filter_map(|what| aspect(*what)).collect();
    for difference in diff(&described, &live) {
        if !aspects.contains(&difference.aspect()) {
            continue;
        }
        match difference.permitted(&described, &live) {
            Some(why) => told.permitted.push(format!("{difference}: {why}")),
            None => told.wrong.push(difference.to_string()),
        }
    }
    let mut wanted: Vec<Configured> = Vec::new();
    if what.contains(&CompareWhat::InitialValues) {
        wanted.extend(settings(&described));
    }
    if what.contains(&CompareWhat::ControlBlocks) {
        wanted.extend(blocks(&described));
    }
    if !wanted.is_empty() {
        let name = cx.client_name(common.client)?;
        let client = cx.clients.need(&name)?.client.clone();
        super::configured::compare(cx, &client, wanted, &mut told).await?;
    }
    what.iter().for_each(|_| cx.log.checked());
    let fields = [
        ("differences", texts(&told.wrong)),
        ("permitted", texts(&told.permitted)),
    ];
    bind_event(cx, &common, sent, Instant::now(), &fields);
    told.tell(cx, "model-differs");
    cx.check(common.check)
}

/// Judges the model by rules of the standard.
pub(super) async fn judge_model(cx: &mut CaseRun<'_>, step: &JudgeModel) -> Result<(), Trouble> {
    let common = step.common();
    let rules = cx.eval_list(Some(&step.rule))?.unwrap_or_default();
    let of = cx.eval_opt(step.of.as_ref())?.unwrap_or(ModelSource::Both);
    let sent = Instant::now();
    let described = cx
        .shared
        .target
        .scl
        .is_some()
        .then(|| Arc::clone(&cx.shared.model));
    let live = match of {
        ModelSource::Description => None,
        ModelSource::Server | ModelSource::Both => Some(browsed(cx, &common).await?),
    };
    let mut told = Told::default();
    for rule in rules {
        let mut of_rule: Vec<String> = Vec::new();
        if let Some(live) = &live
            && rule != ModelRule::Triggers
        {
            cx.log.checked();
            let found = judge(rule.rule(), live, described.as_deref());
            of_rule.extend(found.iter().map(|violation| format!("server: {violation}")));
        }
        if let Some(described) = &described
            && of != ModelSource::Server
        {
            cx.log.checked();
            for violation in judge(rule.rule(), described, None) {
                // What is wrong in both is told of the server.
                if !of_rule.contains(&format!("server: {violation}")) {
                    of_rule.push(format!("description: {violation}"));
                }
            }
        }
        told.wrong.extend(of_rule);
    }
    let fields = [("violations", texts(&told.wrong))];
    bind_event(cx, &common, sent, Instant::now(), &fields);
    told.tell(cx, "model");
    cx.check(common.check)
}

const fn aspect(what: CompareWhat) -> Option<Aspect> {
    Some(match what {
        CompareWhat::Objects => Aspect::Objects,
        CompareWhat::Types => Aspect::Types,
        CompareWhat::Order => Aspect::Order,
        CompareWhat::DataSets => Aspect::DataSets,
        CompareWhat::ControlBlocks => Aspect::ControlBlocks,
        CompareWhat::InitialValues => return None,
    })
}

fn texts(texts: &[String]) -> Value {
    list(texts.iter().map(|text| Value::from(text.as_str())))
}

/// The model of the server. It is browsed once in a case.
async fn browsed(cx: &mut CaseRun<'_>, common: &Common<'_>) -> Result<Arc<ServerModel>, Trouble> {
    let name = cx.client_name(common.client)?;
    if let Some(model) = &cx.browsed {
        return Ok(Arc::clone(model));
    }
    let client = cx.clients.need(&name)?.client.clone();
    let mut browse = client.browse().await.map_err(|error| {
        let outcome = outcome_of_error(&error);
        Trouble::new(kind_of(&outcome), format!("browsing: {outcome}"))
    })?;
    for (what, error) in &browse.problems {
        cx.finding("browse", format!("{what}: {error}"));
    }
    browse.browsed.ied_name =
        Some(cx.shared.model.ied_name.clone()).filter(|name| !name.is_empty());
    let built = build(&browse.browsed)
        .map_err(|error| Trouble::new(IncidentKind::Expectation, error.to_string()))?;
    for note in built.notes {
        cx.finding("browse", note);
    }
    let model = Arc::new(built.model);
    cx.browsed = Some(Arc::clone(&model));
    Ok(model)
}

/// What a comparison found.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) wrong: Vec<String>,
    pub(super) permitted: Vec<String>,
}

impl Told {
    /// Each difference by itself.
    fn tell(self, cx: &mut CaseRun<'_>, code: &str) {
        let more = |all: &[String]| all.len().checked_sub(MAX_TOLD).filter(|more| *more > 0);
        let (wrong, permitted) = (more(&self.wrong), more(&self.permitted));
        for text in self.wrong.into_iter().take(MAX_TOLD) {
            cx.log
                .trouble(Trouble::new(IncidentKind::Expectation, text));
        }
        if let Some(more) = wrong {
            let text = format!("{more} more, not told");
            cx.log
                .trouble(Trouble::new(IncidentKind::Expectation, text));
        }
        for text in self.permitted.into_iter().take(MAX_TOLD) {
            cx.finding(code, text);
        }
        if let Some(more) = permitted {
            cx.finding(code, format!("{more} more, not told"));
        }
    }
}
