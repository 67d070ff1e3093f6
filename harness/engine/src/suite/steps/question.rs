//! `question`.

use super::Common;
use crate::cel::{ExprList, Field, Fields, Name};
use crate::diagnostic::Spanned;
use crate::yaml::yaml_struct;

yaml_struct! {
    /// Asks what only a person can tell: of documents, of the bench. It is answered from the file of answers (`--answers`),
    /// at the terminal, or left open: then the case is inconclusive and names the question.
    ///
    /// Result: `answer`, `by`, `on`, `remark` (texts), `yes`.
    pub struct Question {
        /// What the file of answers calls it; unique within the case.
        pub id: Spanned<Name>,
        /// The question.
        pub text: Field<String>,
        /// The permitted answers; without them any text is one.
        pub answers: Option<Fields<String>>,
        /// The answers with which the device passes. Others fail.
        pub pass: Option<Fields<String>>,
        /// A name for the result.
        pub r#as: Option<Spanned<Name>>,
        /// Expressions that must be true of the answer.
        #[schemars(default)]
        pub check: ExprList,
        /// A sentence for the report when the answer does not pass.
        pub why: Option<Field<String>>,
    }
}

impl Question {
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
