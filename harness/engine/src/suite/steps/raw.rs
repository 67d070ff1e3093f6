//! `send-raw`, and how octets are changed before they are sent.

use iedassay_wire::mutate::Mutation;

use super::step;
use crate::cel::{BadValue, Expr, Field, FieldValue, Hex, Millis};
use crate::yaml::{words, yaml_struct};

step! {
    /// Sends octets as they are and waits for what comes back. Needs `allow: robustness`. They may not be a request to write, which
    /// nobody could put back: for that there is `write`, with `coding`.
    ///
    /// Result: `answer` (octets in hexadecimal, empty for none), `pdu` (the kind of MMS PDU that came back, or empty).
    pub struct SendRaw {
        /// What the octets are.
        pub layer: Field<RawLayer>,
        /// The octets in hexadecimal.
        pub hex: Field<Hex>,
        /// What is changed in them.
        pub alter: Option<Alteration>,
        /// How long an answer is awaited; the target's limit of a request if absent.
        pub give_up_after: Option<Field<Millis>>,
    }
}

words! {
    /// Where in the stack the octets enter.
    pub enum RawLayer ("layer") {
        /// Straight into TCP.
        Tcp = "tcp",
        /// Into a TPKT.
        Cotp = "cotp",
        /// Into a COTP DT.
        Session = "session",
        /// Into a session DATA TRANSFER, as a PPDU.
        Presentation = "presentation",
        /// Into presentation user data, as an MMS PDU.
        Mms = "mms",
    }
}

words! {
    /// Which message of an association attempt is changed.
    pub enum AlteredMessage ("message") {
        /// COTP CR.
        ConnectionRequest = "connection-request",
        /// Session CONNECT with CP, AARQ and Initiate request.
        Connect = "connect",
    }
}

words! {
    /// The PDU of a message that is changed.
    pub enum AlteredLayer ("layer") {
        /// The whole TPKT: what goes into TCP.
        Tcp = "tcp",
        /// The TPDU.
        Cotp = "cotp",
        /// The SPDU.
        Session = "session",
        /// The PPDU.
        Presentation = "presentation",
        /// The AARQ.
        Acse = "acse",
        /// The Initiate request.
        Mms = "mms",
    }
}

/// A named mutation of a PDU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MutationName(pub Mutation);

impl FieldValue for MutationName {
    const WHAT: &'static str = "mutation such as `length-huge`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        Mutation::from_name(text).map(Self).ok_or_else(|| {
            BadValue::word(
                "mutation",
                text,
                Mutation::ALL.iter().map(|mutation| mutation.name()),
            )
        })
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut names: Vec<&str> = Mutation::ALL.iter().map(|m| m.name()).collect();
        names.sort_unstable();
        schemars::json_schema!({"anyOf": [{"enum": names}, {"type": "string", "pattern": "\\$"}]})
    }
}

yaml_struct! {
    /// A change of a message that is right: whatever is around the PDU in question is made to fit, so that the device sees the one fault
    /// that is meant. What is given is done in the order of this table: `hex`, `mutation`, `find`, `at`, `keep`, `append`.
    pub struct Alteration {
        /// Which message of the attempt (only in `associate`, which needs it).
        pub message: Option<Field<AlteredMessage>>,
        /// Which PDU in that message (only in `associate`, which needs it).
        pub layer: Option<Field<AlteredLayer>>,
        /// These octets in place of the whole PDU.
        pub hex: Option<Field<Hex>>,
        /// A named mutation of the PDU.
        pub mutation: Option<Field<MutationName>>,
        /// The element of the PDU that is mutated, counted from 0 in the order of their identifiers; otherwise `seed` chooses.
        pub element: Option<Field<u32>>,
        /// Chooses where it is not said, always the same for the same number; 0 if absent.
        pub seed: Option<Field<u32>>,
        /// Octets that occur in the PDU: the first occurrence is replaced by `octets`. The lengths inside of the PDU stay.
        pub find: Option<Field<Hex>>,
        /// The place in the PDU, from 0, that is overwritten with `octets`.
        pub at: Option<Field<u32>>,
        /// What `find` or `at` puts there.
        pub octets: Option<Field<Hex>>,
        /// Only so many octets of it, from its beginning.
        pub keep: Option<Field<u32>>,
        /// Octets behind it.
        pub append: Option<Field<Hex>>,
    }
}

impl Alteration {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        all.extend(self.message.iter().flat_map(Field::exprs));
        all.extend(self.layer.iter().flat_map(Field::exprs));
        for octets in [&self.hex, &self.find, &self.octets, &self.append] {
            all.extend(octets.iter().flat_map(Field::exprs));
        }
        all.extend(self.mutation.iter().flat_map(Field::exprs));
        for number in [&self.element, &self.seed, &self.at, &self.keep] {
            all.extend(number.iter().flat_map(Field::exprs));
        }
        all
    }
}

yaml_struct! {
    /// How the octets of an association are handed to TCP.
    pub struct Pace {
        /// So many octets at a time.
        pub octets: Field<u32>,
        /// A pause between the pieces.
        pub every: Field<Millis>,
    }
}

impl Pace {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all = self.octets.exprs();
        all.extend(self.every.exprs());
        all
    }
}
