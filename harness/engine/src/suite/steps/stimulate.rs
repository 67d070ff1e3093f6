//! `stimulate`, `force`.

use super::Common;
use crate::cel::{ExprList, Field, Name, ObjectName};
use crate::diagnostic::Spanned;
use crate::suite::{StimulusKind, WriteValue};
use crate::yaml::{words, yaml_struct};

yaml_struct! {
    /// Makes something happen to a member of a data set, by the way the target names. If that does not work the
    /// case is inconclusive.
    ///
    /// Result: `member` (what was given), `ref` (the leaf that changed), `value` (its new value), `before`, `change`.
    pub struct Stimulate {
        /// The member, data object or leaf.
        pub member: Field<ObjectName>,
        /// What happens to it: `dchg`, `qchg` or `dupd`.
        pub change: Field<StimulusKind>,
        /// The new value; chosen by the harness if absent (a boolean or double point is toggled, a number moves on).
        pub value: Option<WriteValue>,
        /// A name for the result and for the instant.
        pub r#as: Option<Spanned<Name>>,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

impl Stimulate {
    /// The keys it shares with other steps.
    #[must_use]
    pub fn common(&self) -> Common<'_> {
        Common {
            bind: self.r#as.as_ref(),
            why: self.why.as_ref(),
            ..Common::default()
        }
    }
}

yaml_struct! {
    /// Brings the process of a control object into a condition, or out of it. It is left when the case ends.
    pub struct Force {
        /// The control object.
        pub control: Field<ObjectName>,
        /// Which condition.
        pub condition: Field<Condition>,
        /// `false` ends it; `true` if absent.
        pub active: Option<Field<bool>>,
        /// A name for the instant.
        pub r#as: Option<Spanned<Name>>,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
        /// Expressions that must be true afterwards.
        #[schemars(default)]
        pub check: ExprList,
    }
}

words! {
    /// Conditions of the process.
    pub enum Condition ("condition") {
        /// The process refuses commands.
        TestNotOk = "test-not-ok",
        /// The process accepts commands and does not follow them.
        KeepsState = "keeps-state",
        /// Interlocking does not permit the control.
        Interlocked = "interlocked",
        /// The synchrocheck does not permit the control.
        NoSynchronism = "no-synchronism",
        /// The local/remote switch of the control is at local.
        Local = "local",
        /// Commands to the control are blocked (CmdBlk).
        CommandBlocked = "command-blocked",
        /// Of the objects that are in this condition only one may be controlled at a time.
        OneOfN = "one-of-n",
        /// The process begins a command and stops in an intermediate or bad position.
        HalfWay = "half-way",
    }
}

impl Condition {
    /// What the target must offer for it.
    #[must_use]
    pub const fn stimulus(self) -> StimulusKind {
        match self {
            Self::TestNotOk => StimulusKind::TestNotOk,
            Self::KeepsState => StimulusKind::KeepsState,
            Self::Interlocked => StimulusKind::Interlocked,
            Self::NoSynchronism => StimulusKind::NoSynchronism,
            Self::Local => StimulusKind::Local,
            Self::CommandBlocked => StimulusKind::CommandBlocked,
            Self::OneOfN => StimulusKind::OneOfN,
            Self::HalfWay => StimulusKind::HalfWay,
        }
    }
}

impl Force {
    /// The keys it shares with other steps.
    #[must_use]
    pub fn common(&self) -> Common<'_> {
        Common {
            bind: self.r#as.as_ref(),
            check: super::checks(&self.check),
            why: self.why.as_ref(),
            ..Common::default()
        }
    }
}
