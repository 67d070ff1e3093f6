//! `power-cycle`, `network`, `ask-operator`.

use super::Common;
use crate::cel::{ExprList, Field, Millis, Name};
use crate::diagnostic::Spanned;
use crate::yaml::{words, yaml_struct};

yaml_struct! {
    /// Interrupts the supply of the device, by the way the target names. Returns when the supply is back, not when
    /// the device is ready.
    ///
    /// Result: `at` (the instant at which the supply was back).
    pub struct PowerCycle {
        /// How long the supply is off; the target's default if absent.
        pub off_for: Option<Field<Millis>>,
        /// A name for the instant.
        pub r#as: Option<Spanned<Name>>,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

yaml_struct! {
    /// Cuts the path between client and server without FIN or RST, or restores it. It is restored when the case ends.
    pub struct Network {
        /// `cut` or `restore`.
        pub action: NetworkAction,
        /// A name for the instant.
        pub r#as: Option<Spanned<Name>>,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

words! {
    /// What happens to the path.
    pub enum NetworkAction ("network action") {
        /// Nothing passes any more.
        Cut = "cut",
        /// Everything passes again.
        Restore = "restore",
    }
}

yaml_struct! {
    /// Asks a person to do something, or a question. Without a person the case is inconclusive.
    ///
    /// Result: `answer` (a text), `yes`.
    pub struct AskOperator {
        /// What to do or to answer.
        pub text: Field<String>,
        /// A name for the result.
        pub r#as: Option<Spanned<Name>>,
        /// Expressions that must be true afterwards.
        #[schemars(default)]
        pub check: ExprList,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

impl PowerCycle {
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

impl Network {
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

impl AskOperator {
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
