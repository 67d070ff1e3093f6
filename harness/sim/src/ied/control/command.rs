//! From the value of `Oper`, `SBOw` and `Cancel` to a command.

use iedassay_model::tree::Node;
use iedassay_wire::mms::{Data, UtcTime};

use crate::{control::Command, value::check};

/// What `Oper`, `SBOw` or `Cancel` says; none when it is not of the type of the node. The originator is checked later, since
/// an illegal one has an answer of its own.
pub(super) fn parse(node: Node<'_>, data: &Data) -> Option<Command> {
    let Data::Structure(components) = data else {
        return None;
    };
    if components.len() != node.children().count() {
        return None;
    }
    let find = |name: &str| {
        node.children()
            .zip(components)
            .find(|(child, _)| child.name() == name)
            .map(|(_, component)| component)
    };
    for (child, component) in node.children().zip(components) {
        if child.name() != "origin" {
            check(child, component).ok()?;
        }
    }
    let Data::Structure(origin) = find("origin")? else {
        return None;
    };
    let [Data::Integer(or_cat), Data::OctetString(or_ident)] = origin.as_slice() else {
        return None;
    };
    // Zero means now.
    let oper_tm = find("operTm")
        .and_then(Data::as_utc_time)
        .filter(|time| (time.seconds, time.fraction) != (0, 0));
    let mut whole = components.clone();
    if let Some(at) = node.children().position(|child| child.name() == "operTm")
        && let Some(slot) = whole.get_mut(at)
    {
        *slot = Data::UtcTime(UtcTime::default());
    }
    Some(Command {
        value: find("ctlVal")?.clone(),
        oper_tm: oper_tm.map(UtcTime::since_epoch),
        or_cat: *or_cat,
        or_ident: or_ident.clone(),
        ctl_num: find("ctlNum").and_then(Data::as_u64)?,
        time: find("T").and_then(Data::as_utc_time).unwrap_or_default(),
        test: find("Test").and_then(Data::as_bool)?,
        check: find("Check").and_then(Data::as_bits).cloned(),
        whole: Data::Structure(whole),
    })
}
