//! What a server may answer: expectations are sets of outcomes.

use crate::cel::{BadValue, Expr, FieldValue, Fields};
use crate::diagnostic::{Code, Span};
use crate::expect::pattern::{self, OutcomePattern};
use crate::yaml::{Decoder, FromNode, Node, NodeKind, words, yaml_struct};

impl FieldValue for OutcomePattern {
    const WHAT: &'static str = "outcome such as `success`, `refused` or `object-non-existent`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        text.parse().map_err(|unknown: pattern::UnknownOutcome| {
            let known: Vec<String> = pattern::WORDS.iter().map(|w| format!("`{w}`")).collect();
            let known = format!(
                "permitted: {}, and codes by name such as `object-access-denied`, `access/object-non-existent`, `reject/invalid-argument`",
                known.join(", ")
            );
            BadValue {
                message: unknown.to_string(),
                help: Some(match unknown.nearest {
                    Some(near) => format!("did you mean `{near}`? {known}"),
                    None => known,
                }),
                code: Code::UnknownWord,
            }
        })
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut words: Vec<&str> = pattern::WORDS.to_vec();
        words.extend(pattern::code_names());
        words.sort_unstable();
        words.dedup();
        schemars::json_schema!({"anyOf": [{"enum": words}, {"type": "string", "pattern": "^[a-z-]+/[a-z0-9*/-]+$"}]})
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

/// The permitted answers of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectSet {
    /// Where it stands.
    pub span: Span,
    /// Every one of these passes.
    pub any_of: Fields<OutcomePattern>,
    /// These pass too, but leave a finding: permitted or met in the field, yet odd.
    pub tolerate: Option<Fields<OutcomePattern>>,
}

yaml_struct! {
    /// The long form of an expectation.
    struct ExpectMap {
        /// Every one of these passes.
        any_of: Fields<OutcomePattern>,
        /// These pass too, but leave a finding.
        tolerate: Option<Fields<OutcomePattern>>,
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
        let short = Fields::<OutcomePattern>::json_schema(generator);
        let long = ExpectMap::json_schema(generator);
        schemars::json_schema!({
            "description": "The permitted answers: one, a list, or `any-of` with `tolerate` for those that leave a finding.",
            "anyOf": [short, long],
        })
    }
}
