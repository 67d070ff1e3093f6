//! Putting back.

use std::collections::VecDeque;
use std::time::Duration;

use iedassay_client::Client;
use iedassay_model::{BlockKind, BlockReference};
use iedassay_reports::{LeftBehind, Phase, Restored};
use iedassay_wire::mms::{Data, ObjectName};
use tokio::time::{Instant, sleep};

use super::ledger::Change;
use super::rcb::{RcbState, attribute_object, read_state};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::Slot;
use crate::step::associate::{Way, connect, target_configuration};
use crate::step::read::read_quietly;
use crate::step::world;
use crate::step::write::write_one;
use crate::verdict::IncidentKind;

/// The association that puts back what the associations of the case no longer can.
const RESTORER: &str = "restore";

/// Attributes of a block that are configuration, in the order in which they are put back.
const CONFIGURATION: [&str; 6] = ["RptID", "DatSet", "OptFlds", "BufTm", "TrgOps", "IntgPd"];

/// How long a reservation of a client that is gone is waited for.
const RESERVATION: Duration = Duration::from_secs(75);

/// How much later than it says a reservation may end.
const GRACE: Duration = Duration::from_secs(2);

/// Puts back everything in the ledger. Every failure is told, none stops the rest.
pub(crate) async fn restore(cx: &mut CaseRun<'_>) -> (Restored, Vec<LeftBehind>) {
    let changes = cx.ledger.take();
    if changes.is_empty() {
        return (Restored::NothingToDo, Vec::new());
    }
    let key = cx.log.key().to_owned();
    let mut left = Vec::new();
    let mut waiting: VecDeque<_> = changes.into_iter().map(|entry| (entry, true)).collect();
    while let Some(((client, change), first)) = waiting.pop_front() {
        let what = describe(&change);
        cx.log.begin(
            Phase::Restore,
            "restore",
            format!("put back {what}"),
            None,
            None,
        );
        // What blocks a command may be put back only later: a mode, the control model. Then it is tried once more.
        let again = (first && matches!(change, Change::Operated { .. })).then(|| change.clone());
        match (undo(cx, &client, change).await, again) {
            (Err(why), Some(change)) if !waiting.is_empty() => {
                cx.log
                    .describe(format!("put back {what}: later, for {why}"));
                waiting.push_back(((client, change), false));
            }
            (Err(why), _) => {
                cx.log
                    .trouble(Trouble::new(IncidentKind::Expectation, why.clone()));
                left.push(LeftBehind {
                    case: key.clone(),
                    what,
                    why,
                });
            }
            (Ok(()), _) => {}
        }
        cx.log.end();
    }
    let restored = if left.is_empty() {
        Restored::Yes
    } else {
        Restored::No
    };
    (restored, left)
}

fn describe(change: &Change) -> String {
    match change {
        Change::Written { what, .. } => what.clone(),
        Change::Rcb { block, .. } => block.mms_text(),
        Change::Operated { control, .. } => format!("the position of {control}"),
        Change::Selected { domain, item, .. } => format!("the selection of {domain}/{item}"),
        Change::Stimulated { leaf, .. } => format!("{leaf} in the process"),
        Change::Forced { control, condition } => format!("the condition {condition} of {control}"),
        Change::DataSet { name, .. } => format!("the data set {name}"),
        Change::Group { ld, group, .. } => format!("setting group {group} of {ld}"),
        Change::File { path, .. } => format!("the file {path}"),
        Change::TimeServed => "the clock of the device".to_owned(),
        Change::NetworkCut => "the network path".to_owned(),
    }
}

async fn undo(cx: &mut CaseRun<'_>, client: &str, change: Change) -> Result<(), String> {
    match change {
        Change::Written { name, before, .. } => put_value(cx, client, name, before).await,
        Change::Rcb { block, before } => put_rcb(cx, client, &block, &before).await,
        Change::Operated { control, before } => {
            let client = association(cx, client).await?;
            crate::step::control_back::put_back(cx, &client, &control, &before).await
        }
        Change::Selected {
            domain,
            item,
            cancel,
        } => cancel_selection(cx, client, &domain, &item, cancel).await,
        Change::Stimulated { leaf, before } => crate::step::stimulate::put_back(cx, &leaf, &before)
            .await
            .map_err(|trouble| trouble.observed),
        Change::Forced { control, condition } => world::end_condition(cx, &control, condition)
            .await
            .map_err(|trouble| trouble.observed),
        Change::DataSet { name, before } => {
            // A data set of an association is gone with it.
            let own = matches!(name, ObjectName::Aa(_));
            if own && !stands(cx, client) {
                return Ok(());
            }
            let client = association(cx, client).await?;
            let within = cx.shared.timeouts.request();
            crate::step::data_sets::put_back(&client, name, before, within).await
        }
        Change::Group { ld, group, before } => {
            let client = association(cx, client).await?;
            let within = cx.shared.timeouts.request();
            crate::step::settings::put_back(&client, &ld, group, before, within).await
        }
        Change::File { path, before } => {
            let client = association(cx, client).await?;
            let within = cx.shared.timeouts.request();
            crate::step::files::put_back(&client, &path, before, within).await
        }
        Change::TimeServed => crate::step::time_server::put_back(cx).await,
        Change::NetworkCut => world::restore_network(cx)
            .await
            .map_err(|trouble| trouble.observed),
    }
}

/// Whether an association of the case is there and has not ended.
fn stands(cx: &CaseRun<'_>, client: &str) -> bool {
    cx.clients
        .get(client)
        .is_some_and(|slot| slot.client.ended().is_none())
}

/// The association that made a change if it still stands, else one for putting back.
async fn association(cx: &mut CaseRun<'_>, client: &str) -> Result<Client, String> {
    for name in [client, RESTORER] {
        if let Some(slot) = cx.clients.get(name)
            && stands(cx, name)
        {
            return Ok(slot.client.clone());
        }
    }
    let config = target_configuration(cx.shared);
    let capture = cx.capture.clone();
    let attempt = connect(cx.shared, RESTORER, &config, Way::default(), &capture).await;
    match attempt.client {
        Some(client) => {
            cx.clients.insert(RESTORER, Slot::new(client.clone()));
            Ok(client)
        }
        None => Err(format!(
            "no association to put it back: {}",
            attempt.outcome
        )),
    }
}

async fn put_value(
    cx: &mut CaseRun<'_>,
    client: &str,
    name: ObjectName,
    before: Data,
) -> Result<(), String> {
    let client = association(cx, client).await?;
    let within = cx.shared.timeouts.request();
    if read_quietly(&client, name.clone(), within).await.as_ref() == Some(&before) {
        return Ok(());
    }
    match write_one(&client, name, before, within).await.outcome {
        Outcome::Success => Ok(()),
        other => Err(other.to_string()),
    }
}

async fn put_rcb(
    cx: &mut CaseRun<'_>,
    client: &str,
    block: &BlockReference,
    before: &RcbState,
) -> Result<(), String> {
    let within = cx.shared.timeouts.request();
    let model = std::sync::Arc::clone(&cx.shared.model);
    if !stands(cx, client) {
        // Who wrote last has gone. What another association of the case holds only that one can put back.
        for holder in cx.clients.names() {
            if !stands(cx, &holder) {
                continue;
            }
            let holder = association(cx, &holder).await?;
            if let (_, Some(now)) = read_state(&holder, &model, block, within).await
                && put_attributes(&holder, block, before, &now, within)
                    .await
                    .is_empty()
            {
                break;
            }
        }
    }
    let client = association(cx, client).await?;
    let started = Instant::now();
    let mut patience = Duration::ZERO;
    let mut troubles = loop {
        let (reply, now) = read_state(&client, &model, block, within).await;
        let Some(now) = now else {
            return Err(format!("it cannot be read: {}", reply.outcome));
        };
        let troubles = put_attributes(&client, block, before, &now, within).await;
        // A client that is gone may hold its reservation for ResvTms; it is waited for, not fought. There are servers that tell
        // of the reservation no more and refuse all the same until it has run out.
        let held = now.get("ResvTms").and_then(Data::as_i64).unwrap_or(0);
        if held > 0 {
            let rest = Duration::from_secs(held.unsigned_abs()).saturating_add(GRACE);
            patience = started.elapsed().saturating_add(rest).min(RESERVATION);
        }
        if troubles.is_empty() || started.elapsed() >= patience || client.ended().is_some() {
            break troubles;
        }
        cx.log.demanded(Duration::from_secs(1));
        sleep(Duration::from_secs(1)).await;
    };
    let (_, after) = read_state(&client, &model, block, within).await;
    if let Some(after) = after {
        troubles.extend(differences(before, &after));
    }
    if troubles.is_empty() {
        Ok(())
    } else {
        Err(troubles.join("; "))
    }
}

/// Disables the block, puts its configuration back, empties its buffer, releases it.
async fn put_attributes(
    client: &Client,
    block: &BlockReference,
    before: &RcbState,
    now: &RcbState,
    within: Duration,
) -> Vec<String> {
    let mut troubles = Vec::new();
    let mut writes: Vec<(&str, Data)> = Vec::new();
    if now.flag("RptEna") {
        writes.push(("RptEna", Data::Boolean(false)));
    }
    for name in CONFIGURATION {
        if let (Some(was), Some(is)) = (before.get(name), now.get(name))
            && was != is
        {
            writes.push((name, was.clone()));
        }
    }
    if block.kind == BlockKind::Brcb {
        // What this case left in the buffer is nobody's business.
        writes.push(("PurgeBuf", Data::Boolean(true)));
    }
    match block.kind {
        BlockKind::Brcb => {
            if let Some(was) = before.get("ResvTms") {
                writes.push(("ResvTms", was.clone()));
            }
        }
        // Written at all, the block is reserved by this association: it is released whatever it says now.
        _ => writes.push(("Resv", Data::Boolean(false))),
    }
    let many = writes.len();
    for (index, (name, value)) in writes.into_iter().enumerate() {
        let reply = write_one(client, attribute_object(block, name), value, within).await;
        let releasing = matches!(name, "ResvTms" | "Resv" | "PurgeBuf");
        // Where nothing is reserved a release may be refused; the comparison afterwards tells what counts.
        if reply.outcome != Outcome::Success && !(releasing && index + 1 >= many.saturating_sub(1))
        {
            troubles.push(format!("{name}: {}", reply.outcome));
        }
        if reply.outcome.ends_association() {
            break;
        }
    }
    troubles
}

/// What differs between two states and should not.
pub(crate) fn differences(before: &RcbState, after: &RcbState) -> Vec<String> {
    let mut all = Vec::new();
    if after.flag("RptEna") {
        all.push("it is still enabled".to_owned());
    }
    for name in CONFIGURATION.into_iter().chain(["Resv", "ResvTms"]) {
        if let (Some(was), Some(is)) = (before.get(name), after.get(name))
            && was != is
            // A block found reserved by somebody who is gone is not put back to that.
            && !(name == "Resv" && is.as_bool() == Some(false))
            && !(name == "ResvTms" && is.as_i64() == Some(0))
        {
            all.push(format!("{name} is {is}, was {was}"));
        }
    }
    all
}

async fn cancel_selection(
    cx: &mut CaseRun<'_>,
    client: &str,
    domain: &str,
    item: &str,
    cancel: Option<Data>,
) -> Result<(), String> {
    let within = cx.shared.timeouts.request();
    // An association that is gone has taken its selections with it.
    let Some(slot) = cx.clients.get(client) else {
        return Ok(());
    };
    if slot.client.ended().is_some() {
        return Ok(());
    }
    let client = slot.client.clone();
    let Some(cancel) = cancel else { return Ok(()) };
    let name = ObjectName::domain(domain, format!("{item}$Cancel"));
    let reply = write_one(&client, name, cancel, within).await;
    match reply.outcome {
        // Not selected any more is as good as cancelled.
        Outcome::Success | Outcome::DataAccessError(_) => Ok(()),
        other => Err(other.to_string()),
    }
}
