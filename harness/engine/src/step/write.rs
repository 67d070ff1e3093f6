//! `write`: values into variables, each put back when the case ends.

use iedassay_wire::mms::{
    Data, ListedVariable, ObjectName, Request, Response, VariableAccess, WriteRequest, WriteResult,
};
use iedassay_wire::mutate::{long_lengths, true_as};
use tokio::time::Instant;

use super::names::{Variable, data_set_name, variable_name};
use super::permission::may_write;
use super::read::{error_word, read_quietly};
use super::request::{Answer, Outcomes, ResultFields, finish, patience};
use crate::cel::Value;
use crate::origin;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, eval_trouble};
use crate::runner::clients::{Reply, ask, ask_coded};
use crate::safety::Change;
use crate::suite::WriteValue;
use crate::suite::steps::{Coding, Write};
use crate::value::{Shape, ValueProblem, from_write_value, list, map, to_cel};

/// One variable with what is written to it.
struct Item {
    variable: Variable,
    data: Data,
    before: Option<Data>,
}

/// Writes one or more variables in one request.
pub(super) async fn write(cx: &mut CaseRun<'_>, step: &Write) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let restore = step.restore.unwrap_or(true);
    let mut wanted: Vec<(String, &WriteValue)> = Vec::new();
    match (&step.r#ref, &step.value) {
        (Some(reference), Some(value)) => wanted.push((cx.eval(reference)?.0, value)),
        (None, None) => {}
        _ => return Err(Trouble::suite("`ref` and `value` belong together")),
    }
    for item in &step.items {
        wanted.push((cx.eval(&item.r#ref)?.0, &item.value));
    }
    if wanted.is_empty() {
        return Err(Trouble::suite(
            "`write` needs `ref` and `value`, or `items`",
        ));
    }
    let mut items = Vec::new();
    for (text, value) in wanted {
        let variable = variable_name(&text)?;
        may_write(cx, &variable, common.expect)?;
        let client = cx.clients.need(&name)?.client.clone();
        let before = if restore || needs_present(value) {
            read_quietly(&client, variable.name.clone(), cx.shared.timeouts.request()).await
        } else {
            None
        };
        let shape = Shape {
            node: variable.node(&cx.shared.model),
            present: before.as_ref(),
        };
        let data = from_write_value(value, shape, &cx.scope)
            .map_err(|problem| cx.blamed(value_trouble(problem), value.exprs()))?;
        items.push(Item {
            variable,
            data,
            before,
        });
    }
    if restore {
        for item in &items {
            if let Some(before) = &item.before {
                let what = item.variable.text.clone();
                cx.ledger.note(
                    &name,
                    Change::Written {
                        what,
                        name: item.variable.name.clone(),
                        before: before.clone(),
                    },
                );
            }
        }
    }
    let data_set = cx.eval_opt(step.data_set.as_ref())?;
    let request = match data_set {
        Some(name) => Request::Write(WriteRequest {
            access: VariableAccess::VariableListName(data_set_name(&name.0)?),
            data: items.iter().map(|item| item.data.clone()).collect(),
        }),
        None => write_request(
            items
                .iter()
                .map(|item| (item.variable.listed(), item.data.clone()))
                .collect(),
        ),
    };
    let started = Instant::now();
    let coding = cx.eval_opt(step.coding.as_ref())?;
    let within = patience(cx, &common, started)?;
    let client = cx.clients.need(&name)?.client.clone();
    let reply = ask_coded(&client, request, within, |pdu| coded(pdu, coding)).await;
    for (code, text) in &reply.oddities {
        cx.finding(code, text.as_str());
    }
    let (outcomes, fields) = results(cx, &reply, &items);
    finish(
        cx,
        &common,
        started,
        Answer {
            outcomes,
            at: reply.at,
            fields,
            exhibit: reply.exhibit.with_origin(origin::of_write(items.len())),
            each: Vec::new(),
        },
    )
}

/// The request as the step wants it coded.
fn coded(pdu: Vec<u8>, coding: Option<Coding>) -> Vec<u8> {
    let other = match coding {
        None | Some(Coding::TrueFf) => None,
        Some(Coding::LongLengths) => long_lengths(&pdu),
        Some(Coding::TrueOne) => true_as(&pdu, 0x01),
        Some(Coding::TrueOther) => true_as(&pdu, 0x7f),
    };
    other.unwrap_or(pdu)
}

/// Whether making a value needs the present one.
fn needs_present(value: &WriteValue) -> bool {
    match value {
        WriteValue::Generate(_) | WriteValue::Scalar(_) | WriteValue::List(_) => true,
        WriteValue::Typed(..) => false,
    }
}

/// A value that cannot be made: the server's when what is missing is its data, else the suite's.
pub(crate) fn value_trouble(problem: ValueProblem) -> Trouble {
    match problem {
        ValueProblem::Expression(error) => eval_trouble(&error),
        ValueProblem::UnknownType | ValueProblem::CannotMake { .. } => Trouble::new(
            crate::verdict::IncidentKind::Precondition,
            problem.to_string(),
        ),
        ValueProblem::DoesNotFit { .. } => Trouble::suite(problem.to_string()),
    }
}

fn write_request(items: Vec<(ListedVariable, Data)>) -> Request {
    let (variables, data) = items.into_iter().unzip();
    Request::Write(WriteRequest {
        access: VariableAccess::ListOfVariable(variables),
        data,
    })
}

fn results(cx: &CaseRun<'_>, reply: &Reply, items: &[Item]) -> (Outcomes, ResultFields) {
    let model = &cx.shared.model;
    let value_of = |item: &Item| to_cel(&item.data, item.variable.node(model));
    let before_of = |item: &Item| {
        item.before
            .as_ref()
            .map_or(Value::Null, |data| to_cel(data, item.variable.node(model)))
    };
    let outcomes: Vec<(String, Outcome)> = match &reply.response {
        Some(Response::Write(response)) if response.results.len() == items.len() => items
            .iter()
            .zip(&response.results)
            .map(|(item, result)| (item.variable.text.clone(), write_outcome(result)))
            .collect(),
        Some(Response::Write(response)) => {
            let text = format!(
                "{} results for {} variables",
                response.results.len(),
                items.len()
            );
            vec![(String::new(), Outcome::Malformed(text))]
        }
        _ => vec![(String::new(), reply.outcome.clone())],
    };
    let results = items.iter().zip(&outcomes).map(|(item, (_, outcome))| {
        map([
            ("ref", Value::from(item.variable.text.as_str())),
            ("value", value_of(item)),
            ("error", Value::from(error_word(outcome))),
            ("ok", Value::Bool(*outcome == Outcome::Success)),
        ])
    });
    let results = list(results);
    let first_error = outcomes
        .first()
        .map(|(_, outcome)| error_word(outcome))
        .unwrap_or_default();
    let fields = vec![
        ("value", items.first().map_or(Value::Null, value_of)),
        ("before", items.first().map_or(Value::Null, before_of)),
        ("error", Value::from(first_error)),
        ("results", results),
        (
            "allOk",
            Value::Bool(
                outcomes
                    .iter()
                    .all(|(_, outcome)| *outcome == Outcome::Success),
            ),
        ),
    ];
    let outcomes = if items.len() == 1 {
        outcomes
            .into_iter()
            .map(|(_, outcome)| (String::new(), outcome))
            .collect()
    } else {
        outcomes
    };
    (outcomes, fields)
}

/// The outcome of one item of a write.
fn write_outcome(result: &WriteResult) -> Outcome {
    match result {
        Ok(()) => Outcome::Success,
        Err(error) => Outcome::DataAccessError(error.0),
    }
}

/// Writes one variable, for steps that write attributes one by one and for putting back.
pub(crate) async fn write_one(
    client: &iedassay_client::Client,
    name: ObjectName,
    data: Data,
    within: std::time::Duration,
) -> Reply {
    let mut reply = ask(client, write_request(vec![(name.into(), data)]), within).await;
    if let Some(Response::Write(response)) = &reply.response {
        reply.outcome = match response.results.as_slice() {
            [result] => write_outcome(result),
            other => Outcome::Malformed(format!("{} results for one variable", other.len())),
        };
    }
    reply
}
