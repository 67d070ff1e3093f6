//! `read`, `read-data-set`: values, each with its outcome and whether it fits its type.

use iedassay_model::tree::{Node, ServerModel};
use iedassay_model::value::value_fits;
use iedassay_model::{DataSetReference, ObjectReference, Selection};
use iedassay_wire::mms::{
    AccessResult, Data, ObjectName, ReadRequest, Request, Response, VariableAccess,
};
use tokio::time::Instant;

use super::names::{Variable, alternate_access, data_set_name, variable_name};
use super::request::{Answer, Outcomes, ResultFields, finish};
use crate::cel::Value;
use crate::origin::{self, Origin};
use crate::outcome::{Outcome, data_access_error_name};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::Reply;
use crate::suite::steps::{Read, ReadDataSet};
use crate::value::{list, map, to_cel};

/// Reads one or more variables in one request.
pub(super) async fn read(cx: &mut CaseRun<'_>, step: &Read) -> Result<(), Trouble> {
    let common = step.common();
    let names = cx.eval_list(Some(&step.r#ref))?.unwrap_or_default();
    let mut variables = names
        .iter()
        .map(|name| variable_name(&name.0))
        .collect::<Result<Vec<_>, _>>()?;
    if variables.is_empty() {
        return Err(Trouble::suite("`ref` names nothing to read"));
    }
    if let Some(component) = cx.eval_opt(step.component.as_ref())? {
        let parts: Vec<Selection> = selection_of(&component)?;
        for variable in &mut variables {
            variable.selection.extend(parts.iter().cloned());
        }
    }
    let access = VariableAccess::ListOfVariable(variables.iter().map(Variable::listed).collect());
    let specification_with_result = cx.eval_opt(step.specification.as_ref())?.unwrap_or(false);
    let started = Instant::now();
    let request = Request::Read(ReadRequest {
        specification_with_result,
        access,
    });
    let reply = super::send(cx, &common, request, started).await?;
    let about: Vec<About> = variables
        .iter()
        .map(|variable| About {
            text: variable.text.clone(),
            reference: None,
            place: Place::Variable(variable.clone()),
        })
        .collect();
    let (outcomes, mut fields, seen) = results(cx, &reply, &about);
    if let Some(Response::Read(response)) = &reply.response {
        fields.push(("specification", Value::Bool(response.access.is_some())));
    }
    let answer = Answer {
        outcomes,
        at: reply.at,
        fields,
        exhibit: reply
            .exhibit
            .with_misfit(seen.misfit)
            .with_origin(seen.origin),
        each: Vec::new(),
    };
    finish(cx, &common, started, answer)
}

/// Reads all values of a data set.
pub(super) async fn read_data_set(cx: &mut CaseRun<'_>, step: &ReadDataSet) -> Result<(), Trouble> {
    let common = step.common();
    let text = cx.eval(&step.data_set)?.0;
    let name = data_set_name(&text)?;
    let started = Instant::now();
    let request = Request::Read(ReadRequest::new(VariableAccess::VariableListName(
        name.clone(),
    )));
    let reply = super::send(cx, &common, request, started).await?;
    let about = members_of(&cx.shared.model, &name)
        .into_iter()
        .map(|member| About {
            text: member.to_string(),
            reference: Some(member.to_string()),
            place: Place::Member(member),
        })
        .collect::<Vec<_>>();
    let (outcomes, mut fields, seen) = results(cx, &reply, &about);
    if let Some(Response::Read(response)) = &reply.response {
        fields.push((
            "count",
            Value::Int(i64::try_from(response.results.len()).unwrap_or(i64::MAX)),
        ));
    }
    let answer = Answer {
        outcomes,
        at: reply.at,
        fields,
        exhibit: reply
            .exhibit
            .with_misfit(seen.misfit)
            .with_origin(seen.origin),
        each: Vec::new(),
    };
    finish(cx, &common, started, answer)
}

/// The members of a data set as the model has them; empty for one that is not in the model.
pub(crate) fn members_of(model: &ServerModel, name: &ObjectName) -> Vec<ObjectReference> {
    let ObjectName::Domain { domain, item } = name else {
        return Vec::new();
    };
    let Ok(reference) = DataSetReference::from_mms(domain, item) else {
        return Vec::new();
    };
    model
        .data_set(&reference)
        .map(|at| at.data_set.members.clone())
        .unwrap_or_default()
}

/// One thing that was read.
struct About {
    text: String,
    reference: Option<String>,
    place: Place,
}

enum Place {
    Variable(Variable),
    Member(ObjectReference),
}

impl About {
    fn node<'a>(&self, model: &'a ServerModel) -> Option<Node<'a>> {
        match &self.place {
            Place::Variable(variable) => variable.node(model),
            Place::Member(reference) => model.resolve_reference(reference),
        }
    }
}

/// What a read response shows of itself.
#[derive(Default)]
struct Seen {
    /// The first value that does not fit its type.
    misfit: Option<String>,
    origin: Origin,
}

/// The outcomes and the fields of a read response.
fn results(cx: &CaseRun<'_>, reply: &Reply, about: &[About]) -> (Outcomes, ResultFields, Seen) {
    let Some(Response::Read(response)) = &reply.response else {
        // The keys are there all the same, so that a check can speak about them.
        let fields = vec![
            ("value", Value::Null),
            ("error", Value::from(error_word(&reply.outcome))),
            ("fits", Value::Bool(false)),
            ("values", list([])),
            ("errors", list([])),
            ("results", list([])),
            ("allOk", Value::Bool(false)),
            ("allFit", Value::Bool(false)),
        ];
        let outcomes = vec![(String::new(), reply.outcome.clone())];
        return (outcomes, fields, Seen::default());
    };
    let model = &cx.shared.model;
    let mut outcomes = Vec::new();
    let mut items = Vec::new();
    if response.results.len() != about.len() && !about.is_empty() {
        let found = response.results.len();
        let text = format!("{found} results for {} variables", about.len());
        outcomes.push((String::new(), Outcome::Malformed(text)));
    }
    for (index, result) in response.results.iter().enumerate() {
        let about = about.get(index);
        let node = about.and_then(|about| about.node(model));
        let text = about.map_or_else(
            || format!("member {}", index + 1),
            |about| about.text.clone(),
        );
        let reference = about
            .and_then(|about| about.reference.clone())
            .unwrap_or_else(|| text.clone());
        let label = if response.results.len() > 1 {
            text
        } else {
            String::new()
        };
        outcomes.push((label, outcome_of(result)));
        items.push((reference, result, node));
    }
    if outcomes.is_empty() {
        outcomes.push((
            String::new(),
            Outcome::Malformed("a read response without results".to_owned()),
        ));
    }
    let mut all_ok = true;
    let mut all_fit = true;
    let mut results = Vec::new();
    let mut values = Vec::new();
    let mut errors = Vec::new();
    let mut misfits = Vec::new();
    let mut first_misfit = None;
    let mut sources = Vec::new();
    let mut paths = Vec::new();
    for (reference, result, node) in items {
        let (value, error, ok) = read_result(result, node);
        let misfit = match (result, node) {
            (Ok(data), Some(node)) => value_fits(node, data).err(),
            _ => None,
        };
        sources.push((result, node));
        paths.push(misfit.as_ref().map(|misfit| misfit.path.clone()));
        let misfit = misfit.map(|misfit| misfit.to_string());
        let fits = ok && misfit.is_none();
        all_ok &= ok;
        all_fit &= fits;
        values.push(value.clone());
        errors.push(error.clone());
        let misfit = misfit.unwrap_or_default();
        if !misfit.is_empty() {
            let told = format!("{reference}: {misfit}");
            misfits.push(Value::from(told.as_str()));
            first_misfit.get_or_insert(told);
        }
        results.push(map([
            ("ref", Value::from(reference)),
            ("value", value),
            ("error", error),
            ("ok", Value::Bool(ok)),
            ("fits", Value::Bool(fits)),
            ("misfit", Value::from(misfit)),
        ]));
    }
    let first = |list: &[Value]| list.first().cloned().unwrap_or(Value::Null);
    let fields = vec![
        ("value", first(&values)),
        ("error", first(&errors)),
        ("fits", Value::Bool(all_fit)),
        ("misfits", list(misfits)),
        ("values", list(values)),
        ("errors", list(errors)),
        ("results", list(results)),
        ("allOk", Value::Bool(all_ok)),
        ("allFit", Value::Bool(all_fit)),
    ];
    let seen = Seen {
        misfit: first_misfit,
        origin: origin::of_read(&sources, &paths),
    };
    (outcomes, fields, seen)
}

fn read_result(result: &AccessResult, node: Option<Node<'_>>) -> (Value, Value, bool) {
    match result {
        Ok(data) => (to_cel(data, node), Value::from(""), true),
        Err(_) => (
            Value::Null,
            Value::from(error_word(&outcome_of(result))),
            false,
        ),
    }
}

/// The outcome of one item of a read.
pub(crate) fn outcome_of(result: &AccessResult) -> Outcome {
    match result {
        Ok(_) => Outcome::Success,
        Err(error) => Outcome::DataAccessError(error.0),
    }
}

/// The word of an outcome that is no success, as results have it under `error`.
pub(crate) fn error_word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Success => String::new(),
        Outcome::DataAccessError(code) => {
            data_access_error_name(*code).map_or_else(|| code.to_string(), str::to_owned)
        }
        other => other.code_name().unwrap_or_else(|| other.word()).to_owned(),
    }
}

/// `mag.f` or `HA(3).mag` as the steps of alternate access.
fn selection_of(component: &str) -> Result<Vec<Selection>, Trouble> {
    let mut selection = Vec::new();
    for part in component.split(['.', '$']) {
        let (name, index) = match part.split_once('(') {
            Some((name, rest)) => {
                let digits = rest
                    .strip_suffix(')')
                    .and_then(|digits| digits.parse().ok());
                let index = digits
                    .ok_or_else(|| Trouble::suite(format!("`{component}` is no component")))?;
                (name, Some(index))
            }
            None => (part, None),
        };
        if !name.is_empty() {
            selection.push(Selection::Component(name.to_owned()));
        }
        selection.extend(index.map(Selection::Index));
    }
    if alternate_access(&selection).is_none() {
        return Err(Trouble::suite("`component` is empty"));
    }
    Ok(selection)
}

/// Reads one variable for the harness itself; nothing when that does not work.
pub(crate) async fn read_quietly(
    client: &iedassay_client::Client,
    name: ObjectName,
    within: std::time::Duration,
) -> Option<Data> {
    let request = Request::Read(ReadRequest::new(VariableAccess::names([name])));
    let reply = crate::runner::clients::ask(client, request, within).await;
    match reply.response {
        Some(Response::Read(response)) => response.results.into_iter().next()?.ok(),
        _ => None,
    }
}
