//! What each role says about itself, what it proposes, and how long it waits.

use crate::association::Time;
use crate::ber::Oid;
use crate::cotp::TpduSize;
use crate::mms::{Initiate, InitiateDetail, Parameter, ParameterSupport, Service, ServiceSupport};

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
    pub ae_qualifier: Option<i64>,
}

impl EndAddress {
    /// Selectors `0001`, `0001`, `00000001` with the title and qualifier given: what servers in
    /// the field accept.
    #[must_use]
    pub fn usual(ap_title: &[u64], ae_qualifier: i64) -> Self {
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

/// What a client of IEC 61850-8-1 proposes: PDUs of 65000 octets, 5 outstanding requests each way,
/// nesting of 10, the blocks and services that IEC 61850-8-1 needs.
#[must_use]
pub fn client_proposal() -> Initiate {
    initiate(CLIENT_SERVICES)
}

/// What a full server of IEC 61850-8-1 supports; otherwise as [`client_proposal`].
#[must_use]
pub fn server_limits() -> Initiate {
    initiate(SERVER_SERVICES)
}

fn initiate(services: &[Service]) -> Initiate {
    Initiate {
        local_detail: Some(65_000),
        max_outstanding_calling: 5,
        max_outstanding_called: 5,
        nesting_level: Some(10),
        detail: InitiateDetail {
            version: 1,
            parameters: ParameterSupport::of(&[
                Parameter::STR1,
                Parameter::STR2,
                Parameter::VNAM,
                Parameter::VALT,
                Parameter::VLIS,
            ]),
            services: ServiceSupport::of(services),
            extensions: Vec::new(),
        },
        extensions: Vec::new(),
    }
}

const CLIENT_SERVICES: &[Service] = &[
    Service::STATUS,
    Service::GET_NAME_LIST,
    Service::IDENTIFY,
    Service::READ,
    Service::WRITE,
    Service::GET_VARIABLE_ACCESS_ATTRIBUTES,
    Service::DEFINE_NAMED_VARIABLE_LIST,
    Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES,
    Service::DELETE_NAMED_VARIABLE_LIST,
    Service::READ_JOURNAL,
    Service::FILE_OPEN,
    Service::FILE_READ,
    Service::FILE_CLOSE,
    Service::FILE_DELETE,
    Service::FILE_DIRECTORY,
    Service::INFORMATION_REPORT,
    Service::CONCLUDE,
    Service::CANCEL,
];

const SERVER_SERVICES: &[Service] = &[
    Service::STATUS,
    Service::GET_NAME_LIST,
    Service::IDENTIFY,
    Service::READ,
    Service::WRITE,
    Service::GET_VARIABLE_ACCESS_ATTRIBUTES,
    Service::DEFINE_NAMED_VARIABLE_LIST,
    Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES,
    Service::DELETE_NAMED_VARIABLE_LIST,
    Service::OBTAIN_FILE,
    Service::READ_JOURNAL,
    Service::FILE_OPEN,
    Service::FILE_READ,
    Service::FILE_CLOSE,
    Service::FILE_RENAME,
    Service::FILE_DELETE,
    Service::FILE_DIRECTORY,
    Service::INFORMATION_REPORT,
    Service::CONCLUDE,
    Service::CANCEL,
];

/// What a responder with these limits answers to a proposal: the smaller of each number, the
/// blocks both have, and its own services (ISO 9506-2, 8.2).
#[must_use]
pub fn negotiate(limits: &Initiate, proposed: &Initiate) -> Initiate {
    let smaller = |own: Option<i32>, theirs: Option<i32>| match (own, theirs) {
        (Some(own), Some(theirs)) => Some(own.min(theirs)),
        (own, _) => own,
    };
    Initiate {
        local_detail: smaller(limits.local_detail, proposed.local_detail),
        max_outstanding_calling: limits
            .max_outstanding_calling
            .min(proposed.max_outstanding_calling),
        max_outstanding_called: limits
            .max_outstanding_called
            .min(proposed.max_outstanding_called),
        nesting_level: smaller(limits.nesting_level, proposed.nesting_level),
        detail: InitiateDetail {
            version: limits.detail.version.min(proposed.detail.version),
            parameters: limits
                .detail
                .parameters
                .intersection(&proposed.detail.parameters),
            services: limits.detail.services.clone(),
            extensions: Vec::new(),
        },
        extensions: Vec::new(),
    }
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
    pub mms: Initiate,
    /// TPDU size proposed in the CR.
    pub tpdu_size: TpduSize,
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
            mms: client_proposal(),
            tpdu_size: TpduSize::MAX,
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
    /// The limits of this end, from which [`negotiate`] makes the answer.
    pub limits: Initiate,
    /// Refuse an application context other than that of MMS.
    pub check_application_context: bool,
    /// Largest TPDU size agreed to.
    pub tpdu_size: TpduSize,
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
            limits: server_limits(),
            check_application_context: true,
            tpdu_size: TpduSize::MAX,
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
        assert_eq!(client_proposal().detail.parameters.0.octets(), [0xf1, 0x00]);
    }

    #[test]
    fn negotiates_the_smaller_and_the_common() {
        let mut proposed = client_proposal();
        proposed.local_detail = Some(1024);
        proposed.max_outstanding_called = 9;
        proposed.nesting_level = None;
        proposed.detail.parameters = ParameterSupport::of(&[Parameter::VNAM, Parameter::REAL]);
        let answer = negotiate(&server_limits(), &proposed);
        assert_eq!(answer.local_detail, Some(1024));
        assert_eq!(answer.max_outstanding_called, 5);
        assert_eq!(answer.nesting_level, Some(10));
        assert_eq!(
            answer.detail.parameters.iter().collect::<Vec<_>>(),
            [Parameter::VNAM]
        );
    }
}
