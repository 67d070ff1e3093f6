//! What a description configures, and whether the server has it so.

use iedassay_client::Client;
use iedassay_model::Fc;
use iedassay_model::services::{Services, Setting};
use iedassay_model::tree::{BType, Node, NodeKind, ServerModel, ValKind};
use iedassay_model::value::{format_value, initial_value};
use iedassay_wire::mms::{Data, Float, ObjectName, ReadRequest, Request, Response, VariableAccess};

use super::model::Told;
use super::read::read_quietly;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::ask;

/// Variables in one request: the answer fits into the PDU of any server.
const AT_ONCE: usize = 16;

/// A value that the description configures.
pub(super) struct Configured {
    reference: String,
    name: ObjectName,
    btype: BType,
    wanted: Data,
    /// Other values that say the same.
    or: Option<Data>,
    /// A client may change it at any time: a difference is worth telling, and permitted.
    changeable: bool,
    /// It may have grown, for it counts what clients may change.
    counts: bool,
}

/// Attributes of data with a configured value that is no process value.
pub(super) fn settings(model: &ServerModel) -> Vec<Configured> {
    let plain = |node: &Node<'_>| {
        matches!(node.fc(), Some(Fc::CF | Fc::DC | Fc::EX | Fc::SP))
            && node.block().is_none()
            && node.group_values().is_empty()
            && !matches!(node.val_kind(), ValKind::Conf | ValKind::Spec)
    };
    leaves(model)
        .filter(plain)
        .filter_map(|node| configured(node, node.initial()?))
        .collect()
}

/// Attributes of control blocks that are configured.
pub(super) fn blocks(model: &ServerModel) -> Vec<Configured> {
    leaves(model)
        .filter(|node| node.kind() == NodeKind::BlockAttribute)
        .filter_map(|node| block_attribute(node, &model.services))
        .collect()
}

fn leaves(model: &ServerModel) -> impl Iterator<Item = Node<'_>> {
    model
        .leaves()
        .filter(|node| !node.in_array() && node.count().is_none())
}

fn configured(node: Node<'_>, text: &str) -> Option<Configured> {
    let btype = node.btype()?;
    Some(Configured {
        reference: node.reference().to_string(),
        name: ObjectName::domain(node.domain(), node.item()),
        btype: btype.clone(),
        // What the description has wrong is told when it is read.
        wanted: initial_value(btype, text).ok()?,
        or: None,
        changeable: false,
        counts: false,
    })
}

fn block_attribute(node: Node<'_>, services: &Services) -> Option<Configured> {
    let initial = node.initial()?;
    let (block, _) = node.block()?;
    let mut configured = configured(node, initial)?;
    match (block.fc()?, node.name()) {
        // The comparison of models tells these of report control blocks.
        (Fc::RP | Fc::BR, "BufTm" | "IntgPd" | "TrgOps" | "OptFlds")
        | (Fc::LG, "TrgOps" | "IntgPd" | "LogRef" | "DatSet") => configured.changeable = true,
        (Fc::GO, "GoID" | "DatSet" | "ConfRev") => {
            let settings = services.goose_settings.unwrap_or_default();
            configured.settable(node.name(), settings.app_id, settings.dat_set);
        }
        (Fc::MS | Fc::US, "MsvID" | "UsvID" | "DatSet" | "ConfRev" | "SmpRate") => {
            let settings = services.sampled_value_settings.unwrap_or_default();
            configured.settable(node.name(), settings.sv_id, settings.dat_set);
            if node.name() == "SmpRate" {
                configured.changeable = settings.smp_rate.is_dynamic();
            }
        }
        (Fc::GO, "FixedOffs") | (Fc::MS | Fc::US, "noASDU") | (Fc::SP, "NumOfSG") => {}
        (Fc::GO | Fc::MS | Fc::US, "Addr" | "PRIORITY" | "VID" | "APPID") => {
            let addressed = node
                .sibling("Addr")
                .and_then(Node::initial)
                .is_some_and(|mac| mac.chars().any(|c| c != '0'));
            if !addressed {
                return None;
            }
        }
        _ => return None,
    }
    // An absent identifier of a GOOSE message stands for the reference of the block.
    if node.name() == "GoID" && initial.is_empty() {
        configured.or = Some(Data::VisibleString(format!(
            "{}/{}",
            node.domain(),
            block.item()
        )));
    }
    Some(configured)
}

/// Reads what is configured and tells what differs.
pub(super) async fn compare(
    cx: &CaseRun<'_>,
    client: &Client,
    wanted: Vec<Configured>,
    told: &mut Told,
) -> Result<(), Trouble> {
    let within = cx.shared.timeouts.request();
    for group in wanted.chunks(AT_ONCE) {
        let names: Vec<ObjectName> = group.iter().map(|item| item.name.clone()).collect();
        let request = Request::Read(ReadRequest::new(VariableAccess::names(names)));
        let reply = ask(client, request, within).await;
        if reply.outcome.ends_association() {
            return Err(Trouble::new(
                super::request::kind_of(&reply.outcome),
                format!("reading configured values: {}", reply.outcome),
            ));
        }
        let values: Vec<Option<Data>> = match reply.response {
            Some(Response::Read(response)) if response.results.len() == group.len() => {
                response.results.into_iter().map(Result::ok).collect()
            }
            // A server that does not answer many at once is asked for each.
            _ => {
                let mut values = Vec::new();
                for item in group {
                    values.push(read_quietly(client, item.name.clone(), within).await);
                }
                values
            }
        };
        for (item, value) in group.iter().zip(values) {
            item.tell(value.as_ref(), told);
        }
    }
    Ok(())
}

impl Configured {
    /// Of a publisher: its identifier and data set by who may set them, and ConfRev, which counts the data sets.
    fn settable(&mut self, attribute: &str, id: Setting, dat_set: Setting) {
        match attribute {
            "DatSet" => self.changeable = dat_set.is_dynamic(),
            "ConfRev" => self.counts = dat_set.is_dynamic(),
            _ => self.changeable = id.is_dynamic(),
        }
    }

    fn tell(&self, value: Option<&Data>, told: &mut Told) {
        let Some(value) = value else {
            told.wrong.push(format!(
                "{} has a configured value and cannot be read",
                self.reference
            ));
            return;
        };
        if same(&self.wanted, value) || self.or.as_ref().is_some_and(|other| same(other, value)) {
            return;
        }
        let shown = |data: &Data| format_value(Some(&self.btype), data);
        let text = format!(
            "{} is {} and configured as {}",
            self.reference,
            shown(value),
            shown(&self.wanted)
        );
        let number = Data::as_i64;
        if self.counts && number(value) > number(&self.wanted) {
            told.permitted.push(format!(
                "{text}: it counts the data sets that clients have given to the block"
            ));
        } else if self.changeable {
            told.permitted
                .push(format!("{text}: a client may have changed it"));
        } else {
            told.wrong.push(text);
        }
    }
}

/// Whether two values are the same, whatever kind of number or string carries them: types are compared elsewhere.
fn same(a: &Data, b: &Data) -> bool {
    let text = |data: &Data| match data {
        Data::VisibleString(text) | Data::MmsString(text) => Some(text.clone()),
        _ => None,
    };
    if let (Some(a), Some(b)) = (text(a), text(b)) {
        return a == b;
    }
    if let (Some(a), Some(b)) = (real(a), real(b)) {
        // Text has fewer digits than the wire.
        return (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
    }
    match (a, b) {
        (Data::Integer(a), Data::Unsigned(b)) | (Data::Unsigned(b), Data::Integer(a)) => {
            i128::from(*a) == i128::from(*b)
        }
        (a, b) => a == b,
    }
}

fn real(data: &Data) -> Option<f64> {
    match data {
        Data::FloatingPoint(Float::F32(number)) => Some(f64::from(*number)),
        Data::FloatingPoint(Float::F64(number)) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_same_whatever_carries_them() {
        let float = |n| Data::FloatingPoint(Float::F32(n));
        for (a, b, wanted) in [
            (Data::Integer(3), Data::Unsigned(3), true),
            (Data::Integer(-1), Data::Unsigned(3), false),
            (float(0.1), Data::FloatingPoint(Float::F64(0.1)), true),
            (float(0.1), float(0.2), false),
            (
                Data::VisibleString("x".into()),
                Data::MmsString("x".into()),
                true,
            ),
            (Data::Boolean(true), Data::Integer(1), false),
        ] {
            assert_eq!(same(&a, &b), wanted, "{a:?} {b:?}");
        }
    }
}
