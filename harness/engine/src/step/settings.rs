//! `select-setting-group`, `edit-setting-group`, `confirm-setting-group`: what was active and what a group held comes back.

use std::time::Duration;

use iedassay_client::Client;
use iedassay_model::{
    Fc,
    tree::{NodeKind, ServerModel},
};
use iedassay_wire::mms::{Data, ObjectName};
use tokio::time::Instant;

use super::permission::allowed;
use super::read::{error_word, read_quietly};
use super::request::{Answer, finish};
use super::write::write_one;
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::safety::Change;
use crate::suite::steps::{ConfirmSettingGroup, EditSettingGroup, SelectSettingGroup};
use crate::suite::{Allowance, Common};

/// Makes a group the active one.
pub(super) async fn select_group(
    cx: &mut CaseRun<'_>,
    step: &SelectSettingGroup,
) -> Result<(), Trouble> {
    let common = step.common();
    let ld = cx.eval(&step.ld)?.0;
    let group = cx.eval(&step.group)?;
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    let within = cx.shared.timeouts.request();
    if let Some(before) = read_quietly(&client, attribute(&ld, "ActSG"), within).await {
        let name_on_wire = attribute(&ld, "ActSG");
        cx.ledger.note(
            &name,
            Change::Written {
                what: format!("the active setting group of {ld}"),
                name: name_on_wire,
                before,
            },
        );
    }
    set(cx, &common, &ld, "ActSG", number(group)).await
}

/// Selects a group for editing.
pub(super) async fn edit_group(
    cx: &mut CaseRun<'_>,
    step: &EditSettingGroup,
) -> Result<(), Trouble> {
    let common = step.common();
    let ld = cx.eval(&step.ld)?.0;
    let group = cx.eval(&step.group)?;
    let name = cx.client_name(common.client)?;
    set(cx, &common, &ld, "EditSG", number(group)).await?;
    if group == 0 || cx.ledger.knows_group(&ld, group) {
        return Ok(());
    }
    let client = cx.clients.need(&name)?.client.clone();
    let within = cx.shared.timeouts.request();
    let before = values(&client, &cx.shared.model, &ld, within).await;
    // An edit that was refused has nothing to read, and changes nothing.
    if !before.is_empty() {
        cx.ledger.note(&name, Change::Group { ld, group, before });
    }
    Ok(())
}

/// Confirms what was edited.
pub(super) async fn confirm_group(
    cx: &mut CaseRun<'_>,
    step: &ConfirmSettingGroup,
) -> Result<(), Trouble> {
    let common = step.common();
    let ld = cx.eval(&step.ld)?.0;
    set(cx, &common, &ld, "CnfEdit", Data::Boolean(true)).await
}

async fn set(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    ld: &str,
    name: &str,
    data: Data,
) -> Result<(), Trouble> {
    allowed(cx, Allowance::SettingGroups)?;
    let client_name = cx.client_name(common.client)?;
    let client = cx.clients.need(&client_name)?.client.clone();
    let started = Instant::now();
    let within = super::request::patience(cx, common, started)?;
    let reply = write_one(&client, attribute(ld, name), data, within).await;
    let fields = vec![("error", Value::from(error_word(&reply.outcome)))];
    finish(cx, common, started, Answer::single(&reply, fields))
}

/// The values in the edit buffer, object by object.
async fn values(
    client: &Client,
    model: &ServerModel,
    ld: &str,
    within: Duration,
) -> Vec<(ObjectName, Data)> {
    let objects = model
        .roots(ld)
        .filter_map(|root| root.child(Fc::SE.as_str()))
        .flat_map(|edited| edited.children())
        .filter(|node| node.kind() == NodeKind::DataObject);
    let mut values = Vec::new();
    for object in objects {
        let name = ObjectName::domain(ld, object.item());
        if let Some(data) = read_quietly(client, name.clone(), within).await {
            values.push((name, data));
        }
    }
    values
}

/// Gives a group the values that it had.
pub(crate) async fn put_back(
    client: &Client,
    ld: &str,
    group: u32,
    before: Vec<(ObjectName, Data)>,
    within: Duration,
) -> Result<(), String> {
    write(client, attribute(ld, "EditSG"), number(group), within).await?;
    let mut changed = false;
    let mut troubles = Vec::new();
    for (name, data) in before {
        if read_quietly(client, name.clone(), within).await.as_ref() != Some(&data) {
            changed = true;
            troubles.extend(write(client, name, data, within).await.err());
        }
    }
    let end = if changed {
        ("CnfEdit", Data::Boolean(true))
    } else {
        ("EditSG", number(0))
    };
    troubles.extend(
        write(client, attribute(ld, end.0), end.1, within)
            .await
            .err(),
    );
    if troubles.is_empty() {
        Ok(())
    } else {
        Err(troubles.join("; "))
    }
}

async fn write(
    client: &Client,
    name: ObjectName,
    data: Data,
    within: Duration,
) -> Result<(), String> {
    let what = name.to_string();
    match write_one(client, name, data, within).await.outcome {
        Outcome::Success => Ok(()),
        other => Err(format!("{what}: {other}")),
    }
}

fn attribute(ld: &str, name: &str) -> ObjectName {
    ObjectName::domain(ld, format!("LLN0$SP$SGCB${name}"))
}

fn number(group: u32) -> Data {
    Data::Unsigned(u64::from(group))
}
