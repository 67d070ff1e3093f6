//! Oper, SBOw and Cancel (IEC 61850-8-1, mapping of the control model).

use std::time::Duration;

use iedassay_model::tree::{BType, Node};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{BinaryTime, Data, TimeQuality, UtcTime};

/// What a command says.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// ctlVal.
    pub value: Data,
    /// operTm since 1970, for a command that is to be carried out later.
    pub oper_tm: Option<Duration>,
    /// origin.orCat.
    pub or_cat: i64,
    /// origin.orIdent.
    pub or_ident: Vec<u8>,
    /// ctlNum.
    pub ctl_num: u8,
    /// T since 1970.
    pub time: Duration,
    /// Test.
    pub test: bool,
    /// Check: synchrocheck.
    pub synchro_check: bool,
    /// Check: interlock check.
    pub interlock_check: bool,
}

/// The components in their order, for a control that is not in the model.
const USUAL: [&str; 6] = ["ctlVal", "origin", "ctlNum", "T", "Test", "Check"];

/// The value of Oper, SBOw or Cancel. `node` is the structure in the model; without it the usual components are sent,
/// with Check unless `cancel`.
#[must_use]
pub fn build(command: &Command, node: Option<Node<'_>>, cancel: bool) -> Data {
    let components: Vec<(&str, Option<Node<'_>>)> = match node {
        Some(node) => node
            .children()
            .map(|child| (child.name(), Some(child)))
            .collect(),
        None => USUAL
            .into_iter()
            .filter(|name| !(cancel && *name == "Check"))
            .map(|name| (name, None))
            .collect(),
    };
    Data::Structure(
        components
            .into_iter()
            .map(|(name, node)| component(command, name, node))
            .collect(),
    )
}

fn component(command: &Command, name: &str, node: Option<Node<'_>>) -> Data {
    match name {
        "ctlVal" => command.value.clone(),
        // 0 means at once (IEC 61850-7-2, operTm).
        "operTm" => time(command.oper_tm.unwrap_or_default(), node),
        "origin" => Data::Structure(vec![
            Data::Integer(command.or_cat),
            Data::OctetString(command.or_ident.clone()),
        ]),
        "ctlNum" => Data::Unsigned(u64::from(command.ctl_num)),
        "T" => time(command.time, node),
        "Test" => Data::Boolean(command.test),
        "Check" => Data::BitString(BitString::from_bits([
            command.synchro_check,
            command.interlock_check,
        ])),
        _ => node.map_or(Data::Boolean(false), Node::default_data),
    }
}

/// A time as the model has it: UTC in Edition 2, entry time in some Edition 1 devices.
fn time(since_1970: Duration, node: Option<Node<'_>>) -> Data {
    match node.and_then(Node::btype) {
        Some(BType::EntryTime) => Data::BinaryTime(BinaryTime::from_since_epoch(since_1970)),
        _ if since_1970.is_zero() => Data::UtcTime(UtcTime::from_octets([0; 8])),
        // Ten significant bits: this clock counts in milliseconds and has no leap seconds to tell of.
        _ => Data::UtcTime(UtcTime::from_since_epoch(since_1970, TimeQuality(10))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_model::scl;
    use iedassay_model::value::value_fits;

    fn command() -> Command {
        Command {
            value: Data::Boolean(true),
            oper_tm: None,
            or_cat: 2,
            or_ident: b"me".to_vec(),
            ctl_num: 7,
            time: Duration::from_millis(1_700_000_000_250),
            test: false,
            synchro_check: false,
            interlock_check: true,
        }
    }

    #[test]
    fn fits_every_boolean_control_of_the_built_in_model() {
        let model = scl::builtin().unwrap().model;
        let mut seen = 0;
        for node in model.variables() {
            let boolean = node.child("ctlVal").and_then(Node::btype) == Some(&BType::Boolean);
            if boolean && matches!(node.name(), "Oper" | "SBOw" | "Cancel") {
                let data = build(&command(), Some(node), node.name() == "Cancel");
                assert_eq!(value_fits(node, &data), Ok(()), "{node:?}");
                seen += 1;
            }
        }
        assert!(seen > 4);
    }

    #[test]
    fn cancel_without_a_model_has_no_check() {
        assert_eq!(
            build(&command(), None, false).members().map(<[Data]>::len),
            Some(6)
        );
        assert_eq!(
            build(&command(), None, true).members().map(<[Data]>::len),
            Some(5)
        );
    }
}
