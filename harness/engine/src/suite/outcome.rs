//! What a server may answer: expectations are sets of outcomes.

use crate::cel::{BadValue, Expr, FieldValue, Fields};
use crate::diagnostic::Span;
use crate::yaml::{Decoder, FromNode, Node, NodeKind, words, yaml_struct};

words! {
    /// Why a read or write of one variable was refused (MMS DataAccessError, ISO 9506-2).
    pub enum DataAccessError ("data access error") {
        /// 0.
        ObjectInvalidated = "object-invalidated",
        /// 1.
        HardwareFault = "hardware-fault",
        /// 2.
        TemporarilyUnavailable = "temporarily-unavailable",
        /// 3.
        ObjectAccessDenied = "object-access-denied",
        /// 4.
        ObjectUndefined = "object-undefined",
        /// 5.
        InvalidAddress = "invalid-address",
        /// 6.
        TypeUnsupported = "type-unsupported",
        /// 7.
        TypeInconsistent = "type-inconsistent",
        /// 8.
        ObjectAttributeInconsistent = "object-attribute-inconsistent",
        /// 9.
        ObjectAccessUnsupported = "object-access-unsupported",
        /// 10.
        ObjectNonExistent = "object-non-existent",
        /// 11.
        ObjectValueInvalid = "object-value-invalid",
    }
}

impl DataAccessError {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> i64 {
        Self::ALL
            .iter()
            .position(|e| *e == self)
            .and_then(|i| i64::try_from(i).ok())
            .unwrap_or(-1)
    }
}

words! {
    /// Classes of MMS service errors (ISO 9506-2).
    pub enum ErrorClass ("class of service errors") {
        /// 0.
        VmdState = "vmd-state",
        /// 1.
        ApplicationReference = "application-reference",
        /// 2.
        Definition = "definition",
        /// 3.
        Resource = "resource",
        /// 4.
        Service = "service",
        /// 5.
        ServicePreempt = "service-preempt",
        /// 6.
        TimeResolution = "time-resolution",
        /// 7.
        Access = "access",
        /// 8.
        Initiate = "initiate",
        /// 9.
        Conclude = "conclude",
        /// 10.
        Cancel = "cancel",
        /// 11.
        File = "file",
        /// 12.
        Others = "others",
    }
}

impl ErrorClass {
    /// The tag on the wire.
    #[must_use]
    pub fn code(self) -> i64 {
        Self::ALL
            .iter()
            .position(|e| *e == self)
            .and_then(|i| i64::try_from(i).ok())
            .unwrap_or(-1)
    }

    /// Codes of this class in their order; an empty text where the standard has no name.
    #[must_use]
    pub const fn code_names(self) -> &'static [&'static str] {
        match self {
            Self::VmdState => &[
                "other",
                "vmd-state-conflict",
                "vmd-operational-problem",
                "domain-transfer-problem",
                "state-machine-id-invalid",
            ],
            Self::ApplicationReference => &[
                "other",
                "application-unreachable",
                "connection-lost",
                "application-reference-invalid",
                "context-unsupported",
            ],
            Self::Definition => &[
                "other",
                "object-undefined",
                "invalid-address",
                "type-unsupported",
                "type-inconsistent",
                "object-exists",
                "object-attribute-inconsistent",
            ],
            Self::Resource => &[
                "other",
                "memory-unavailable",
                "processor-resource-unavailable",
                "mass-storage-unavailable",
                "capability-unavailable",
                "capability-unknown",
            ],
            Self::Service => &[
                "other",
                "primitives-out-of-sequence",
                "object-state-conflict",
                "pdu-size",
                "continuation-invalid",
                "object-constraint-conflict",
            ],
            Self::ServicePreempt => &["other", "timeout", "deadlock", "cancel"],
            Self::TimeResolution => &["other", "unsupportable-time-resolution"],
            Self::Access => &[
                "other",
                "object-access-unsupported",
                "object-non-existent",
                "object-access-denied",
                "object-invalidated",
            ],
            Self::Initiate => &[
                "other",
                "version-incompatible",
                "max-segment-insufficient",
                "max-services-outstanding-calling-insufficient",
                "max-services-outstanding-called-insufficient",
                "service-cbb-insufficient",
                "parameter-cbb-insufficient",
                "nesting-level-insufficient",
            ],
            Self::Conclude => &["other", "further-communication-required"],
            Self::Cancel => &["other", "invoke-id-unknown", "cancel-not-possible"],
            Self::File => &[
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
            Self::Others => &[],
        }
    }
}

/// A service error: a class, and perhaps which of its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceErrorCode {
    /// The class.
    pub class: ErrorClass,
    /// The code; any if absent.
    pub code: Option<i64>,
}

words! {
    /// Why a PDU was rejected (MMS Reject-PDU).
    pub enum RejectReason ("reason of a reject") {
        /// confirmed-requestPDU 0.
        Other = "other",
        /// confirmed-requestPDU 1.
        UnrecognizedService = "unrecognized-service",
        /// confirmed-requestPDU 2.
        UnrecognizedModifier = "unrecognized-modifier",
        /// confirmed-requestPDU 3.
        InvalidInvokeId = "invalid-invoke-id",
        /// confirmed-requestPDU 4.
        InvalidArgument = "invalid-argument",
        /// confirmed-requestPDU 5.
        InvalidModifier = "invalid-modifier",
        /// confirmed-requestPDU 6.
        MaxServOutstandingExceeded = "max-serv-outstanding-exceeded",
        /// confirmed-requestPDU 8.
        MaxRecursionExceeded = "max-recursion-exceeded",
        /// confirmed-requestPDU 9.
        ValueOutOfRange = "value-out-of-range",
        /// Any code of the choice pdu-error.
        PduError = "pdu-error",
    }
}

words! {
    /// Why a control was refused (IEC 61850-7-2 AddCause, numbers of 8-1).
    pub enum AddCause ("additional cause") {
        /// 0.
        Unknown = "unknown",
        /// 1.
        NotSupported = "not-supported",
        /// 2.
        BlockedBySwitchingHierarchy = "blocked-by-switching-hierarchy",
        /// 3.
        SelectFailed = "select-failed",
        /// 4.
        InvalidPosition = "invalid-position",
        /// 5.
        PositionReached = "position-reached",
        /// 6.
        ParameterChangeInExecution = "parameter-change-in-execution",
        /// 7.
        StepLimit = "step-limit",
        /// 8.
        BlockedByMode = "blocked-by-mode",
        /// 9.
        BlockedByProcess = "blocked-by-process",
        /// 10.
        BlockedByInterlocking = "blocked-by-interlocking",
        /// 11.
        BlockedBySynchrocheck = "blocked-by-synchrocheck",
        /// 12.
        CommandAlreadyInExecution = "command-already-in-execution",
        /// 13.
        BlockedByHealth = "blocked-by-health",
        /// 14.
        OneOfNControl = "1-of-n-control",
        /// 15.
        AbortionByCancel = "abortion-by-cancel",
        /// 16.
        TimeLimitOver = "time-limit-over",
        /// 17.
        AbortionByTrip = "abortion-by-trip",
        /// 18.
        ObjectNotSelected = "object-not-selected",
        /// 19.
        ObjectAlreadySelected = "object-already-selected",
        /// 20.
        NoAccessAuthority = "no-access-authority",
        /// 21.
        EndedWithOvershoot = "ended-with-overshoot",
        /// 22.
        AbortionDueToDeviation = "abortion-due-to-deviation",
        /// 23.
        AbortionByCommunicationLoss = "abortion-by-communication-loss",
        /// 24.
        BlockedByCommand = "blocked-by-command",
        /// 25.
        NoneGiven = "none",
        /// 26.
        InconsistentParameters = "inconsistent-parameters",
        /// 27.
        LockedByOtherClient = "locked-by-other-client",
    }
}

impl AddCause {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> i64 {
        Self::ALL
            .iter()
            .position(|e| *e == self)
            .and_then(|i| i64::try_from(i).ok())
            .unwrap_or(-1)
    }
}

/// One permitted answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// `success`.
    Success,
    /// `refused`: no in any form the protocol has for it (errors, rejects; for `associate` also abort, close and the
    /// refusals of every layer). Silence is never a refusal.
    Refused,
    /// `any`: whatever the server answers, as long as it answers.
    Any,
    /// `data-access-error` or one by name, `object-non-existent`.
    DataAccess(Option<DataAccessError>),
    /// `service-error`, a class `access/*`, or one by name, `access/object-non-existent`.
    Service(Option<ServiceErrorCode>),
    /// `reject` or one by name, `reject/invalid-argument`.
    Reject(Option<RejectReason>),
    /// `cotp-disconnect`: the transport refuses (DR).
    CotpDisconnect,
    /// `session-refuse`: the session refuses (REFUSE).
    SessionRefuse,
    /// `presentation-refuse`: the presentation refuses (CPR).
    PresentationRefuse,
    /// `acse-reject`: the association is rejected (AARE).
    AcseReject,
    /// `initiate-error`: MMS refuses to initiate.
    InitiateError,
    /// `abort`: the association is aborted (ACSE or session ABORT).
    Abort,
    /// `close`: the connection is closed or reset.
    Close,
    /// `silence`: no answer in time. Only to be expected where the standard says so.
    Silence,
}

const PLAIN: &[(&str, Outcome)] = &[
    ("success", Outcome::Success),
    ("refused", Outcome::Refused),
    ("any", Outcome::Any),
    ("data-access-error", Outcome::DataAccess(None)),
    ("service-error", Outcome::Service(None)),
    ("reject", Outcome::Reject(None)),
    ("cotp-disconnect", Outcome::CotpDisconnect),
    ("session-refuse", Outcome::SessionRefuse),
    ("presentation-refuse", Outcome::PresentationRefuse),
    ("acse-reject", Outcome::AcseReject),
    ("initiate-error", Outcome::InitiateError),
    ("abort", Outcome::Abort),
    ("close", Outcome::Close),
    ("silence", Outcome::Silence),
];

impl core::fmt::Display for Outcome {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::DataAccess(Some(e)) => e.fmt(f),
            Self::Service(Some(s)) => {
                let code = s
                    .code
                    .and_then(|c| usize::try_from(c).ok())
                    .and_then(|c| s.class.code_names().get(c))
                    .unwrap_or(&"*");
                write!(f, "{}/{code}", s.class)
            }
            Self::Reject(Some(r)) => write!(f, "reject/{r}"),
            plain => {
                let word = PLAIN
                    .iter()
                    .find(|(_, o)| o == plain)
                    .map_or("", |(w, _)| w);
                f.write_str(word)
            }
        }
    }
}

impl FieldValue for Outcome {
    const WHAT: &'static str = "outcome such as `success`, `refused` or `object-non-existent`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        if let Some((_, outcome)) = PLAIN.iter().find(|(w, _)| *w == text) {
            return Ok(*outcome);
        }
        if let Some(error) = DataAccessError::from_word(text) {
            return Ok(Self::DataAccess(Some(error)));
        }
        match text.split_once('/') {
            Some(("reject", reason)) => RejectReason::from_word(reason)
                .map(|r| Self::Reject(Some(r)))
                .ok_or_else(|| BadValue::word(RejectReason::WHAT, reason, RejectReason::words())),
            Some((class, code)) => {
                let Some(class) = ErrorClass::from_word(class) else {
                    return Err(BadValue::word(ErrorClass::WHAT, class, ErrorClass::words()));
                };
                let names = class.code_names();
                let code = match names.iter().position(|n| *n == code) {
                    _ if code == "*" => None,
                    Some(i) => i64::try_from(i).ok(),
                    None => {
                        let known = names.iter().copied().chain(["*"]);
                        return Err(BadValue::word("code of this class", code, known));
                    }
                };
                Ok(Self::Service(Some(ServiceErrorCode { class, code })))
            }
            None => {
                let known = PLAIN
                    .iter()
                    .map(|(w, _)| *w)
                    .chain(DataAccessError::words())
                    .chain(["reject/...", "access/...", "definition/...", "service/..."]);
                Err(BadValue::word("outcome", text, known))
            }
        }
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut examples: Vec<String> = PLAIN.iter().map(|(w, _)| (*w).to_owned()).collect();
        examples.extend(DataAccessError::words().map(str::to_owned));
        examples.extend(RejectReason::words().map(|w| format!("reject/{w}")));
        for class in ErrorClass::ALL {
            examples.push(format!("{class}/*"));
            examples.extend(class.code_names().iter().map(|n| format!("{class}/{n}")));
        }
        schemars::json_schema!({"type": "string", "enum": examples})
    }
}

/// The permitted answers of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectSet {
    /// Where it stands.
    pub span: Span,
    /// Every one of these passes.
    pub any_of: Fields<Outcome>,
    /// These pass too, but leave a finding: permitted or met in the field, yet odd.
    pub tolerate: Option<Fields<Outcome>>,
}

yaml_struct! {
    /// The long form of an expectation.
    struct ExpectMap {
        /// Every one of these passes.
        any_of: Fields<Outcome>,
        /// These pass too, but leave a finding.
        tolerate: Option<Fields<Outcome>>,
    }
}

impl FromNode for ExpectSet {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let (any_of, tolerate) = match &node.kind {
            NodeKind::Map(_) => {
                let map = ExpectMap::from_node(node, cx)?;
                (map.any_of, map.tolerate)
            }
            _ => (Fields::from_node(node, cx)?, None),
        };
        Some(Self {
            span: node.span,
            any_of,
            tolerate,
        })
    }
}

impl ExpectSet {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all = self.any_of.exprs();
        all.extend(self.tolerate.iter().flat_map(Fields::exprs));
        all
    }
}

impl schemars::JsonSchema for ExpectSet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expect".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let short = Fields::<Outcome>::json_schema(generator);
        let long = ExpectMap::json_schema(generator);
        schemars::json_schema!({
            "description": "The permitted answers: one, a list, or `any-of` with `tolerate` for those that leave a finding.",
            "anyOf": [short, long],
        })
    }
}
