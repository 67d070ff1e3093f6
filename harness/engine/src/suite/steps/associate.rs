//! `associate`, `associate-many`.

use super::{Alteration, Pace, step};
use crate::cel::{BadValue, Expr, Field, FieldValue, Fields, Hex, Millis, ObjectIdentifier, Value};
use crate::target::{TlsUse, TlsVersion};
use crate::yaml::{words, yaml_struct};

step! {
    /// Opens an association: TCP, transport, session, presentation, ACSE and MMS Initiate, with the target's
    /// parameters unless the step says otherwise.
    ///
    /// Result: `pduSize`, `maxCalling`, `maxCalled`, `nesting`, `version` (negotiated), `cbb` and `services` (lists of
    /// words), `refusedBy` (the layer, or empty), `how` (the refusal in words), `tries`, `tls` (null without it; else `version`,
    /// `cipher`, `group`, `certificateAsked`, and `peer`: `subject`, `issuer`, `serial`, `names`, `fingerprint`,
    /// `notBefore`, `notAfter`).
    pub struct Associate {
        /// Address the connection comes from: `first` or `second` of the target's source addresses.
        pub source: Option<Field<SourceAddress>>,
        /// Whom to call. What is absent is as the target says.
        pub called: Option<Selectors>,
        /// Who is calling. What is absent is as the target says.
        pub calling: Option<Selectors>,
        /// Password sent with the association: `right` (the target's), `wrong`, `omit`, or a text.
        pub password: Option<Field<Choice<String>>>,
        /// Use of TLS, for a target that has it: `right` (as the target says), `off` (plain, on the port of TLS),
        /// `no-certificate`, or one of the target's bad certificates: `expired`, `not-yet-valid`, `untrusted`, `revoked`.
        pub tls: Option<Field<TlsUse>>,
        /// The only version of TLS to offer: `1.2` or `1.3`.
        pub tls_version: Option<Field<TlsVersion>>,
        /// Parameters of MMS Initiate. What is absent is as the target says.
        pub initiate: Option<InitiateParameters>,
        /// Size of transport PDUs to propose, in octets.
        pub tpdu_size: Option<Field<u32>>,
        /// Room for octets that have come and are not read yet, in octets (SO_RCVBUF), for a client that will read slowly; that
        /// of the system if absent.
        pub receive_buffer: Option<Field<u32>>,
        /// Tries again after this time until it is accepted or `within` is over.
        pub retry_every: Option<Field<Millis>>,
        /// What is changed in the messages of the attempt. Needs `allow: robustness`.
        #[schemars(default)]
        pub alter: Vec<Alteration>,
        /// Sends everything on this association in small pieces.
        pub pace: Option<Pace>,
        /// How long each layer may take to answer; the target's limits if absent.
        pub give_up_after: Option<Field<Millis>>,
    }
}

step! {
    /// Opens associations at the same time, as clients do after an outage: each by itself, with the target's parameters. They are
    /// called `client` and a number from 0: `c0`, `c1` ... `expect` is applied to each.
    ///
    /// Result: `names` (of the associations that stand, in the order in which they were accepted), `times` (how long each of
    /// these took, in milliseconds since the step began), `outcomes` (a word for each, by number), `refusals` (each refusal in words, once),
    /// `tries` (of all together).
    pub struct AssociateMany {
        /// How many, at most 256.
        pub count: Field<u32>,
        /// Each tries again after this time until it is accepted or `within` is over.
        pub retry_every: Option<Field<Millis>>,
    }
}

yaml_struct! {
    /// Addresses of one side: `right` (as the target says), `wrong` (another value), `omit`, or the value itself.
    pub struct Selectors {
        /// Transport selector, hexadecimal.
        pub tsel: Option<Field<Choice<Hex>>>,
        /// Session selector, hexadecimal.
        pub ssel: Option<Field<Choice<Hex>>>,
        /// Presentation selector, hexadecimal.
        pub psel: Option<Field<Choice<Hex>>>,
        /// Application process title, an object identifier.
        pub ap_title: Option<Field<Choice<ObjectIdentifier>>>,
        /// Application entity qualifier.
        pub ae_qualifier: Option<Field<Choice<i64>>>,
    }
}

yaml_struct! {
    /// What MMS Initiate proposes (ISO 9506-2).
    pub struct InitiateParameters {
        /// Largest MMS PDU in octets (localDetailCalling).
        pub pdu_size: Option<Field<u32>>,
        /// Requests outstanding towards the server.
        pub max_calling: Option<Field<u32>>,
        /// Requests outstanding towards the client.
        pub max_called: Option<Field<u32>>,
        /// Depth of nested data.
        pub nesting: Option<Field<u32>>,
        /// Protocol version.
        pub version: Option<Field<u32>>,
        /// Parameter CBB: words such as `str1`, `vnam`, or the octets in hexadecimal.
        pub cbb: Option<Fields<String>>,
        /// Services supported: words such as `read`, or the octets in hexadecimal.
        pub services: Option<Fields<String>>,
    }
}

words! {
    /// Which of the target's source addresses.
    pub enum SourceAddress ("source address") {
        /// The usual one.
        First = "first",
        /// Another one, so that the server sees another client.
        Second = "second",
    }
}

/// A parameter: as the target says, deliberately wrong, left out, or given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<T> {
    /// As the target says.
    Right,
    /// Another value than the target says, of the same length.
    Wrong,
    /// Left out.
    Omit,
    /// This value.
    Value(T),
}

impl<T: FieldValue> FieldValue for Choice<T> {
    const WHAT: &'static str = "`right`, `wrong`, `omit` or a value";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        match text {
            "right" => Ok(Self::Right),
            "wrong" => Ok(Self::Wrong),
            "omit" => Ok(Self::Omit),
            _ => T::from_text(text).map(Self::Value).map_err(|bad| BadValue {
                message: format!("{}, or `right`, `wrong`, `omit`", bad.message),
                ..bad
            }),
        }
    }

    fn from_value(value: &Value) -> Result<Self, BadValue> {
        match value {
            Value::String(s) => Self::from_text(s),
            other => T::from_value(other).map(Self::Value),
        }
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["string", "integer"]})
    }
}

impl Selectors {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        all.extend(self.tsel.iter().flat_map(Field::exprs));
        all.extend(self.ssel.iter().flat_map(Field::exprs));
        all.extend(self.psel.iter().flat_map(Field::exprs));
        all.extend(self.ap_title.iter().flat_map(Field::exprs));
        all.extend(self.ae_qualifier.iter().flat_map(Field::exprs));
        all
    }
}

impl InitiateParameters {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let numbers = [
            &self.pdu_size,
            &self.max_calling,
            &self.max_called,
            &self.nesting,
            &self.version,
        ];
        let mut all: Vec<&Expr> = numbers
            .into_iter()
            .flatten()
            .flat_map(Field::exprs)
            .collect();
        all.extend(self.cbb.iter().flat_map(Fields::exprs));
        all.extend(self.services.iter().flat_map(Fields::exprs));
        all
    }
}
