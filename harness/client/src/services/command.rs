//! What is written to command a control: Oper, SBOw and Cancel (IEC 61850-8-1, mapping of the control model).

use std::iter::repeat;
use std::time::Duration;

use iedassay_model::tree::{BType, Node};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{BinaryTime, Data, TimeQuality, UtcTime};

/// Who commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// orCat: 1 bay, 2 station, 3 remote, 4 to 6 automatic, 7 maintenance, 8 process.
    pub or_cat: i64,
    /// orIdent: at most 64 octets.
    pub or_ident: Vec<u8>,
}

impl Origin {
    /// As the mapping has it: `{orCat, orIdent}`.
    #[must_use]
    pub fn to_data(&self) -> Data {
        Data::Structure(vec![
            Data::Integer(self.or_cat),
            Data::OctetString(self.or_ident.clone()),
        ])
    }

    /// From `{orCat, orIdent}`; `None` when it is anything else.
    #[must_use]
    pub fn from_data(data: &Data) -> Option<Self> {
        let Data::Structure(fields) = data else {
            return None;
        };
        let [or_cat, or_ident] = fields.as_slice() else {
            return None;
        };
        Some(Self {
            or_cat: or_cat.as_i64()?,
            or_ident: or_ident.as_octets()?.to_vec(),
        })
    }
}

impl Default for Origin {
    /// A station-level client of the name of this tool.
    fn default() -> Self {
        Self {
            or_cat: 2,
            or_ident: b"iedassay".to_vec(),
        }
    }
}

/// Which part of a control object is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Oper.
    Oper,
    /// SBOw: select with value.
    SboWith,
    /// Cancel.
    Cancel,
}

impl Part {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oper => "Oper",
            Self::SboWith => "SBOw",
            Self::Cancel => "Cancel",
        }
    }
}

/// What a command says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// ctlVal.
    pub value: Data,
    /// operTm since 1970, for a command that is to be carried out later.
    pub oper_tm: Option<Duration>,
    /// origin.
    pub origin: Origin,
    /// ctlNum, up to 255 as INT8U has it. Only a test sends more.
    pub ctl_num: u32,
    /// T since 1970.
    pub time: Duration,
    /// Test.
    pub test: bool,
    /// Check: synchrocheck.
    pub synchro_check: bool,
    /// Check: interlock check.
    pub interlock_check: bool,
    /// How many bits Check has: two (IEC 61850-8-1). Only a test sends another number; bits beyond the two are 0.
    pub check_bits: u8,
}

impl Command {
    /// Size of Check (IEC 61850-8-1).
    pub const CHECK_BITS: u8 = 2;

    /// A command at `time` since 1970, with nothing said but its value.
    #[must_use]
    pub fn new(value: Data, ctl_num: u32, time: Duration) -> Self {
        Self {
            value,
            oper_tm: None,
            origin: Origin::default(),
            ctl_num,
            time,
            test: false,
            synchro_check: false,
            interlock_check: false,
            check_bits: Self::CHECK_BITS,
        }
    }

    /// The value of a part of the control object. `node` is its structure in the model; without one it has the usual
    /// components: operTm only for a command that is carried out later, no Check in Cancel.
    #[must_use]
    pub fn to_data(&self, part: Part, node: Option<Node<'_>>) -> Data {
        let components = match node {
            Some(node) => node
                .children()
                .map(|child| self.component(child.name(), Some(child)))
                .collect(),
            None => ["ctlVal", "operTm", "origin", "ctlNum", "T", "Test", "Check"]
                .into_iter()
                .filter(|name| match *name {
                    "operTm" => self.oper_tm.is_some(),
                    "Check" => part != Part::Cancel,
                    _ => true,
                })
                .map(|name| self.component(name, None))
                .collect(),
        };
        Data::Structure(components)
    }

    fn component(&self, name: &str, node: Option<Node<'_>>) -> Data {
        match name {
            "ctlVal" => self.value.clone(),
            // 0 means at once (IEC 61850-7-2, operTm).
            "operTm" => time(self.oper_tm.unwrap_or_default(), node),
            "origin" => self.origin.to_data(),
            "ctlNum" => Data::Unsigned(u64::from(self.ctl_num)),
            "T" => time(self.time, node),
            "Test" => Data::Boolean(self.test),
            "Check" => {
                let checks = [self.synchro_check, self.interlock_check];
                let bits = checks.into_iter().chain(repeat(false));
                Data::BitString(BitString::from_bits(
                    bits.take(usize::from(self.check_bits)),
                ))
            }
            _ => node.map_or(Data::Boolean(false), Node::default_data),
        }
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
        let time = Duration::from_millis(1_700_000_000_250);
        Command::new(Data::Boolean(true), 7, time)
    }

    #[test]
    fn fits_every_boolean_control_of_the_built_in_model() {
        let model = scl::builtin().unwrap().model;
        let mut seen = 0;
        for node in model.variables() {
            let boolean = node.child("ctlVal").and_then(Node::btype) == Some(&BType::Boolean);
            let parts = [Part::Oper, Part::SboWith, Part::Cancel];
            let part = parts.into_iter().find(|part| part.as_str() == node.name());
            if let Some(part) = part.filter(|_| boolean) {
                let data = command().to_data(part, Some(node));
                assert_eq!(value_fits(node, &data), Ok(()), "{node:?}");
                seen += 1;
            }
        }
        assert!(seen > 4);
    }

    #[test]
    fn without_a_model_it_has_the_usual_components() {
        let count =
            |command: &Command, part| command.to_data(part, None).members().map(<[Data]>::len);
        let mut command = command();
        assert_eq!(count(&command, Part::Oper), Some(6));
        assert_eq!(count(&command, Part::Cancel), Some(5));
        command.oper_tm = Some(command.time);
        assert_eq!(count(&command, Part::SboWith), Some(7));
        assert_eq!(count(&command, Part::Cancel), Some(6));
    }

    #[test]
    fn check_has_two_bits_or_as_many_as_a_test_wants() {
        let check = |bits| {
            let mut command = Command {
                interlock_check: true,
                ..command()
            };
            command.check_bits = bits;
            command.component("Check", None)
        };
        let usual = Command {
            interlock_check: true,
            ..command()
        };
        let two = Data::BitString(BitString::from_bits([false, true]));
        assert_eq!(usual.component("Check", None), two);
        assert_eq!(check(2), two);
        assert_eq!(check(0), Data::BitString(BitString::from_bits([])));
        let mut sixteen = [false; 16];
        sixteen[1] = true;
        assert_eq!(check(16), Data::BitString(BitString::from_bits(sixteen)));
    }
}
