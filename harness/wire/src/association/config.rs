//! What each role says about itself, what it proposes, and how long it waits.

use crate::association::Time;
use crate::ber::{BitString, Oid};

/// The presentation address and the application title of one end (IEC 61850-8-1, annex on the
/// SCL elements `OSI-*`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EndAddress {
    /// Transport selector; empty leaves the parameter out.
    pub tsel: Vec<u8>,
    /// Session selector; empty leaves the parameter out.
    pub ssel: Vec<u8>,
    /// Presentation selector; empty leaves the parameter out.
    pub psel: Vec<u8>,
    /// Application process title in object identifier form.
    pub ap_title: Option<Oid>,
    /// Application entity qualifier.
    pub ae_qualifier: Option<i32>,
}

impl EndAddress {
    /// Selectors `0001`, `0001`, `00000001` with the title and qualifier given: what servers in
    /// the field accept.
    #[must_use]
    pub fn usual(ap_title: &[u64], ae_qualifier: i32) -> Self {
        Self {
            tsel: vec![0, 1],
            ssel: vec![0, 1],
            psel: vec![0, 0, 0, 1],
            ap_title: Oid::from_arcs(ap_title),
            ae_qualifier: Some(ae_qualifier),
        }
    }
}

/// Proof of identity in the AARQ (ISO 8650-1, authentication functional unit).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Authentication {
    /// None: the functional unit is not proposed.
    #[default]
    None,
    /// A password in clear (mechanism name 2.2.3.1).
    Password(Vec<u8>),
}

/// The parameters of the MMS Initiate service, proposed or negotiated (ISO 9506-2, 8.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MmsParameters {
    /// Largest MMS PDU in octets that the sender accepts; `None` leaves the parameter out.
    pub local_detail: Option<i32>,
    /// Requests outstanding at the calling end.
    pub outstanding_calling: i16,
    /// Requests outstanding at the called end.
    pub outstanding_called: i16,
    /// Nesting of data structures; `None` leaves the parameter out.
    pub nesting: Option<i8>,
    /// Protocol version; edition 2 of ISO 9506 is 1.
    pub version: i16,
    /// Parameter conformance building blocks, 11 bits.
    pub cbb: BitString,
    /// Services supported, 85 bits.
    pub services: BitString,
}

impl MmsParameters {
    /// What a client of IEC 61850-8-1 proposes.
    #[must_use]
    pub fn client() -> Self {
        Self {
            local_detail: Some(65_000),
            outstanding_calling: 5,
            outstanding_called: 5,
            nesting: Some(10),
            version: 1,
            cbb: cbb(),
            services: bits(85, CLIENT_SERVICES),
        }
    }

    /// What a full server of IEC 61850-8-1 supports.
    #[must_use]
    pub fn server() -> Self {
        Self {
            services: bits(85, SERVER_SERVICES),
            ..Self::client()
        }
    }
}

/// str1, str2, vnam, valt, vlis: the blocks IEC 61850-8-1 needs.
fn cbb() -> BitString {
    bits(11, &[0, 1, 2, 3, 7])
}

/// Bits of ServiceSupportOptions (ISO 9506-2, 7.5.1): status, getNameList, identify, read, write,
/// getVariableAccessAttributes, named variable lists, readJournal, file services, informationReport,
/// conclude, cancel.
const CLIENT_SERVICES: &[usize] = &[
    0, 1, 2, 4, 5, 6, 11, 12, 13, 65, 72, 73, 74, 76, 77, 79, 83, 84,
];
/// The same with obtainFile and fileRename.
const SERVER_SERVICES: &[usize] = &[
    0, 1, 2, 4, 5, 6, 11, 12, 13, 46, 65, 72, 73, 74, 75, 76, 77, 79, 83, 84,
];

fn bits(len: usize, set: &[usize]) -> BitString {
    let mut string = BitString::zeros(len);
    for &index in set {
        string.set(index, true);
    }
    string
}

/// How long an initiator waits in each phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// From CR to CC.
    pub transport: Time,
    /// From CONNECT to the answer of session, presentation, ACSE and MMS, which is one TSDU.
    pub association: Time,
    /// From Conclude request to its answer.
    pub conclude: Time,
    /// From session FINISH to DISCONNECT.
    pub release: Time,
    /// How long a lower layer may take to close after the upper one is done.
    pub close: Time,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            transport: Time::from_secs(5),
            association: Time::from_secs(10),
            conclude: Time::from_secs(5),
            release: Time::from_secs(5),
            close: Time::from_secs(2),
        }
    }
}

/// Everything an [`Initiator`](super::Initiator) needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitiatorConfig {
    /// This end.
    pub calling: EndAddress,
    /// The server.
    pub called: EndAddress,
    /// Sent in the AARQ.
    pub authentication: Authentication,
    /// Proposed in the Initiate request.
    pub mms: MmsParameters,
    /// TPDU size proposed in the CR, as the exponent of 2: 7 (128 octets) to 13 (8192 octets).
    pub tpdu_size: u8,
    /// Source reference in the CR.
    pub reference: u16,
    /// How long to wait.
    pub deadlines: Deadlines,
    /// Largest TSDU accepted, in octets; a larger one ends the association.
    pub max_tsdu: usize,
}

impl Default for InitiatorConfig {
    fn default() -> Self {
        Self {
            calling: EndAddress::usual(&[1, 1, 1, 999], 12),
            called: EndAddress::usual(&[1, 1, 1, 999, 1], 12),
            authentication: Authentication::None,
            mms: MmsParameters::client(),
            tpdu_size: 13,
            reference: 1,
            deadlines: Deadlines::default(),
            max_tsdu: 1 << 20,
        }
    }
}

/// Everything a [`Responder`](super::Responder) needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponderConfig {
    /// What the AARE says: AP-title and AE-qualifier; the presentation selector of the CPA. The
    /// transport and session selectors are not sent.
    pub local: EndAddress,
    /// The limits of this end; the answer is the smaller of each and what was proposed, and the
    /// intersection of the conformance building blocks.
    pub mms: MmsParameters,
    /// Largest TPDU size agreed to, as the exponent of 2: 7 (128 octets) to 13 (8192 octets).
    pub tpdu_size: u8,
    /// Source reference in the CC.
    pub reference: u16,
    /// From the start to the CONNECT; after it the connection ends.
    pub establish: Time,
    /// How long the lower layers may take to close after a release or an abort.
    pub close: Time,
    /// Largest TSDU accepted, in octets; a larger one ends the association.
    pub max_tsdu: usize,
}

impl Default for ResponderConfig {
    fn default() -> Self {
        Self {
            local: EndAddress {
                tsel: Vec::new(),
                ssel: Vec::new(),
                ..EndAddress::usual(&[1, 1, 1, 999, 1], 12)
            },
            mms: MmsParameters::server(),
            tpdu_size: 13,
            reference: 1,
            establish: Time::from_secs(30),
            close: Time::from_secs(5),
            max_tsdu: 1 << 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_blocks_are_what_servers_announce() {
        assert_eq!(MmsParameters::client().cbb.octets(), [0xf1, 0x00]);
    }
}
