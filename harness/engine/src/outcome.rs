//! What the server did with a request, as one value.
//!
//! Every verb ends in an [`Outcome`]; every `expect:` of a suite is a set of permitted outcomes
//! ([`crate::expect::pattern::OutcomePattern`]). So "refused in any permitted way" and "exactly this code" are
//! written with the same words, whichever layer answered.

use std::fmt;

/// The layer at which an association was refused (IEC 61850-8-1, connection oriented profile).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RefusalLayer {
    /// TCP: connection refused, reset or closed before any OSI answer.
    Tcp,
    /// TLS: handshake failed.
    Tls,
    /// Transport: COTP DR or ER (ISO 8073).
    Cotp,
    /// Session: REFUSE or ABORT (ISO 8327).
    Session,
    /// Presentation: CPR or ARU (ISO 8823).
    Presentation,
    /// ACSE: AARE rejected, or ABRT (ISO 8650).
    Acse,
    /// MMS: initiate-ErrorPDU (ISO 9506).
    Mms,
}

impl RefusalLayer {
    /// Every layer, from the wire up.
    pub const ALL: [Self; 7] = [
        Self::Tcp,
        Self::Tls,
        Self::Cotp,
        Self::Session,
        Self::Presentation,
        Self::Acse,
        Self::Mms,
    ];

    /// The word used in suites and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Cotp => "cotp",
            Self::Session => "session",
            Self::Presentation => "presentation",
            Self::Acse => "acse",
            Self::Mms => "mms",
        }
    }
}

/// How a request or an association attempt ended, as seen from the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The service succeeded.
    Success,
    /// An item of a read or write was refused with this `DataAccessError` code (ISO 9506).
    DataAccessError(i64),
    /// A confirmed-ErrorPDU: error class and code (ISO 9506).
    ServiceError {
        /// The class, 0 (vmd-state) to 12 (others).
        class: u8,
        /// The code within the class.
        code: i64,
    },
    /// A RejectPDU: PDU type (1 confirmed-request ...) and reason code (ISO 9506).
    Reject {
        /// The tag number of the alternative of rejectReason.
        pdu: u8,
        /// The reason within that alternative.
        reason: i64,
    },
    /// The service answered, and its answer says no: an empty SBO read, 1 matched and 0 deleted.
    NegativeAnswer(String),
    /// The association attempt was refused by a protocol answer of this layer.
    Refused {
        /// Who refused.
        layer: RefusalLayer,
        /// How, in words.
        detail: String,
    },
    /// The server aborted the association (session ABORT, presentation ARU/ARP, ACSE ABRT).
    Abort(String),
    /// The server closed the connection without a protocol answer (FIN or RST).
    Close(String),
    /// Nothing came within the deadline.
    Timeout,
    /// The server answered with bytes that do not decode, or with a PDU that does not fit the request.
    Malformed(String),
    /// To octets that were sent raw the server answered with a valid PDU that has no place at this point.
    OutOfPlace(String),
    /// The transport failed for a reason that is not the server's doing (unreachable, interface down).
    Network(String),
}

impl Outcome {
    /// Whether this is a "no" by a means the protocol offers, with the association left standing.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::DataAccessError(_)
                | Self::ServiceError { .. }
                | Self::Reject { .. }
                | Self::NegativeAnswer(_)
                | Self::Refused { .. }
        )
    }

    /// Whether the association is gone after this.
    #[must_use]
    pub fn ends_association(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. } | Self::Abort(_) | Self::Close(_) | Self::Network(_)
        )
    }

    /// The bare word of the outcome, for tables and for the `outcome` variable of CEL.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::DataAccessError(_) => "data-access-error",
            Self::ServiceError { .. } => "service-error",
            Self::Reject { .. } => "reject",
            Self::NegativeAnswer(_) => "negative-answer",
            Self::Refused { .. } => "refused",
            Self::Abort(_) => "abort",
            Self::Close(_) => "close",
            Self::Timeout => "timeout",
            Self::Malformed(_) => "malformed",
            Self::OutOfPlace(_) => "out-of-place",
            Self::Network(_) => "network",
        }
    }

    /// The name of the error code, where the outcome has one: `object-access-denied`, `unrecognized-service`.
    #[must_use]
    pub fn code_name(&self) -> Option<&'static str> {
        match self {
            Self::DataAccessError(code) => data_access_error_name(*code),
            Self::ServiceError { class, code } => service_error_name(*class, *code),
            Self::Reject { pdu, reason } => reject_name(*pdu, *reason),
            _ => None,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success | Self::Timeout => f.write_str(self.word()),
            Self::DataAccessError(code) => match data_access_error_name(*code) {
                Some(name) => write!(f, "data access error {name} ({code})"),
                None => write!(f, "data access error {code}"),
            },
            Self::ServiceError { class, code } => {
                let class_name = service_error_class_name(*class).unwrap_or("unknown class");
                match service_error_name(*class, *code) {
                    Some(name) => write!(f, "service error {class_name}/{name} ({class}/{code})"),
                    None => write!(f, "service error {class_name} ({class}/{code})"),
                }
            }
            Self::Reject { pdu, reason } => match reject_name(*pdu, *reason) {
                Some(name) => write!(f, "reject {name} ({pdu}/{reason})"),
                None => write!(f, "reject {pdu}/{reason}"),
            },
            Self::NegativeAnswer(detail) => write!(f, "negative answer: {detail}"),
            Self::Refused { layer, detail } => write!(f, "refused by {}: {detail}", layer.name()),
            Self::Abort(detail) => write!(f, "association aborted: {detail}"),
            Self::Close(detail) => write!(f, "connection closed: {detail}"),
            Self::Malformed(detail) => write!(f, "malformed answer: {detail}"),
            Self::OutOfPlace(detail) => write!(f, "an answer out of place: {detail}"),
            Self::Network(detail) => write!(f, "network trouble: {detail}"),
        }
    }
}

/// `DataAccessError` names, by code (ISO 9506-2, 7.3.2).
const DATA_ACCESS_ERRORS: [&str; 12] = [
    "object-invalidated",
    "hardware-fault",
    "temporarily-unavailable",
    "object-access-denied",
    "object-undefined",
    "invalid-address",
    "type-unsupported",
    "type-inconsistent",
    "object-attribute-inconsistent",
    "object-access-unsupported",
    "object-non-existent",
    "object-value-invalid",
];

/// Names of the error classes of a confirmed-ErrorPDU, by number (ISO 9506-2, 7.4).
const SERVICE_ERROR_CLASSES: [&str; 13] = [
    "vmd-state",
    "application-reference",
    "definition",
    "resource",
    "service",
    "service-preempt",
    "time-resolution",
    "access",
    "initiate",
    "conclude",
    "cancel",
    "file",
    "others",
];

/// The name of a `DataAccessError` code.
#[must_use]
pub fn data_access_error_name(code: i64) -> Option<&'static str> {
    usize::try_from(code)
        .ok()
        .and_then(|i| DATA_ACCESS_ERRORS.get(i).copied())
}

/// The name of an error class of a confirmed-ErrorPDU.
#[must_use]
pub fn service_error_class_name(class: u8) -> Option<&'static str> {
    SERVICE_ERROR_CLASSES.get(usize::from(class)).copied()
}

/// The name of a code within an error class, as IEC 61850 servers use them.
#[must_use]
pub fn service_error_name(class: u8, code: i64) -> Option<&'static str> {
    let names: &[&str] = match class {
        2 => &[
            "other",
            "object-undefined",
            "invalid-address",
            "type-unsupported",
            "type-inconsistent",
            "object-exists",
            "object-attribute-inconsistent",
        ],
        3 => &[
            "other",
            "memory-unavailable",
            "processor-resource-unavailable",
            "mass-storage-unavailable",
            "capability-unavailable",
            "capability-unknown",
        ],
        4 => &[
            "other",
            "primitives-out-of-sequence",
            "object-state-conflict",
            "pdu-size",
            "continuation-invalid",
            "object-constraint-conflict",
        ],
        7 => &[
            "other",
            "object-access-unsupported",
            "object-non-existent",
            "object-access-denied",
            "object-invalidated",
        ],
        8 => &[
            "other",
            "version-incompatible",
            "max-segment-insufficient",
            "max-services-outstanding-calling-insufficient",
            "max-services-outstanding-called-insufficient",
            "service-cbb-insufficient",
            "parameter-cbb-insufficient",
            "nesting-level-insufficient",
        ],
        9 => &["other", "further-communication-required"],
        10 => &["other", "invoke-id-unknown", "cancel-not-possible"],
        11 => &[
            "other",
            "filename-ambiguous",
            "file-busy",
            "filename-syntax-error",
            "content-type-invalid",
            "position-invalid",
            "file-access-denied",
            "file-non-existent",
            "duplicate-filename",
            "insufficient-space-in-filestore",
        ],
        _ => return None,
    };
    usize::try_from(code)
        .ok()
        .and_then(|i| names.get(i).copied())
}

/// The name of a reject reason (ISO 9506-2, 7.5): only the alternatives a client can meet.
#[must_use]
pub fn reject_name(pdu: u8, reason: i64) -> Option<&'static str> {
    let names: &[&str] = match pdu {
        1 => &[
            "other",
            "unrecognized-service",
            "unrecognized-modifier",
            "invalid-invoke-id",
            "invalid-argument",
            "invalid-modifier",
            "max-serv-outstanding-exceeded",
            "",
            "max-recursion-exceeded",
            "value-out-of-range",
        ],
        5 => &["unknown-pdu-type", "invalid-pdu", "illegal-acse-mapping"],
        11 => &["other", "invalid-argument"],
        _ => return None,
    };
    usize::try_from(reason)
        .ok()
        .and_then(|i| names.get(i).copied())
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_names_beside_codes() {
        let cases = [
            (
                Outcome::DataAccessError(3),
                "data access error object-access-denied (3)",
            ),
            (Outcome::DataAccessError(99), "data access error 99"),
            (
                Outcome::ServiceError { class: 7, code: 2 },
                "service error access/object-non-existent (7/2)",
            ),
            (
                Outcome::ServiceError { class: 12, code: 9 },
                "service error others (12/9)",
            ),
            (
                Outcome::ServiceError { class: 77, code: 9 },
                "service error unknown class (77/9)",
            ),
            (
                Outcome::Reject { pdu: 1, reason: 1 },
                "reject unrecognized-service (1/1)",
            ),
            (Outcome::Reject { pdu: 1, reason: 7 }, "reject 1/7"),
        ];
        for (outcome, text) in cases {
            assert_eq!(outcome.to_string(), text);
        }
    }

    #[test]
    fn refusal_leaves_the_association_standing_unless_it_was_the_association() {
        assert!(Outcome::DataAccessError(2).is_refusal());
        assert!(!Outcome::DataAccessError(2).ends_association());
        assert!(
            Outcome::Refused {
                layer: RefusalLayer::Cotp,
                detail: String::new()
            }
            .ends_association()
        );
        assert!(!Outcome::Abort(String::new()).is_refusal());
    }
}
