//! `create-data-set`, `delete-data-set`: what is made is deleted, what is deleted is made again.

use iedassay_client::Client;
use iedassay_wire::mms::{
    DefineNamedVariableListRequest, DeleteNamedVariableListRequest, ListedVariable, ObjectName,
    Request, Response,
};
use tokio::time::Instant;

use super::names::{Variable, data_set_name, variable_name};
use super::permission::allowed;
use super::request::{Answer, finish};
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::{Reply, ask};
use crate::safety::Change;
use crate::suite::Allowance;
use crate::suite::steps::{CreateDataSet, DeleteDataSet};

/// Creates a data set.
pub(super) async fn create_data_set(
    cx: &mut CaseRun<'_>,
    step: &CreateDataSet,
) -> Result<(), Trouble> {
    let common = step.common();
    let name = data_set_name(&cx.eval(&step.data_set)?.0)?;
    let mut variables = Vec::new();
    for member in cx.eval_list(step.members.as_ref())?.unwrap_or_default() {
        variables.push(variable_name(&member.0)?);
    }
    let count = i64::try_from(variables.len()).unwrap_or(i64::MAX);
    note(cx, &common, &name).await?;
    let listed = variables.iter().map(Variable::listed).collect();
    cx.data_sets.insert(name.to_string(), variables);
    let started = Instant::now();
    let reply = super::send(cx, &common, define(name, listed), started).await?;
    let fields = vec![("members", Value::Int(count))];
    finish(cx, &common, started, Answer::single(&reply, fields))
}

/// Deletes a data set.
pub(super) async fn delete_data_set(
    cx: &mut CaseRun<'_>,
    step: &DeleteDataSet,
) -> Result<(), Trouble> {
    let common = step.common();
    let name = data_set_name(&cx.eval(&step.data_set)?.0)?;
    note(cx, &common, &name).await?;
    let started = Instant::now();
    let request =
        Request::DeleteNamedVariableList(DeleteNamedVariableListRequest::specific(vec![name]));
    let reply = told(super::send(cx, &common, request, started).await?);
    let fields = match &reply.response {
        Some(Response::DeleteNamedVariableList(answer)) => vec![
            ("matched", Value::Int(i64::from(answer.matched))),
            ("deleted", Value::Int(i64::from(answer.deleted))),
        ],
        _ => Vec::new(),
    };
    finish(cx, &common, started, Answer::single(&reply, fields))
}

/// Remembers how a data set is before the case changes it.
async fn note(
    cx: &mut CaseRun<'_>,
    common: &crate::suite::Common<'_>,
    name: &ObjectName,
) -> Result<(), Trouble> {
    allowed(cx, Allowance::DataSets)?;
    let client_name = cx.client_name(common.client)?;
    let client = cx.clients.need(&client_name)?.client.clone();
    let before = members(&client, name, cx.shared.timeouts.request()).await;
    let name = name.clone();
    cx.ledger
        .note(&client_name, Change::DataSet { name, before });
    Ok(())
}

fn define(name: ObjectName, variables: Vec<ListedVariable>) -> Request {
    Request::DefineNamedVariableList(DefineNamedVariableListRequest { name, variables })
}

/// A deletion that deleted nothing is a no.
fn told(mut reply: Reply) -> Reply {
    if let Some(Response::DeleteNamedVariableList(answer)) = &reply.response
        && answer.deleted < 1
    {
        let text = format!("{} matched, {} deleted", answer.matched, answer.deleted);
        reply.outcome = Outcome::NegativeAnswer(text);
    }
    reply
}

/// The members of a data set; none when there is no such data set.
async fn members(
    client: &Client,
    name: &ObjectName,
    within: std::time::Duration,
) -> Option<Vec<ListedVariable>> {
    let request = Request::GetNamedVariableListAttributes(name.clone());
    match ask(client, request, within).await.response {
        Some(Response::GetNamedVariableListAttributes(directory)) => Some(directory.variables),
        _ => None,
    }
}

/// Puts a data set back as it was.
pub(crate) async fn put_back(
    client: &Client,
    name: ObjectName,
    before: Option<Vec<ListedVariable>>,
    within: std::time::Duration,
) -> Result<(), String> {
    let now = members(client, &name, within).await;
    if now == before {
        return Ok(());
    }
    let mut outcome = Outcome::Success;
    if now.is_some() {
        let names = vec![name.clone()];
        let delete =
            Request::DeleteNamedVariableList(DeleteNamedVariableListRequest::specific(names));
        outcome = told(ask(client, delete, within).await).outcome;
    }
    if let (Some(before), Outcome::Success) = (before, &outcome) {
        outcome = ask(client, define(name, before), within).await.outcome;
    }
    match outcome {
        Outcome::Success => Ok(()),
        other => Err(other.to_string()),
    }
}
