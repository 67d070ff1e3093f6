//! `keep-reading`, `expect-served`: an association that must be served while something else happens.

use super::step;
use crate::cel::{Field, Millis, ObjectName};

step! {
    /// From now on an association reads a variable again and again, beside whatever other steps do, until `expect-served`.
    pub struct KeepReading {
        /// The variable.
        pub r#ref: Field<ObjectName>,
        /// A pause between an answer and the next request.
        pub every: Field<Millis>,
        /// How long each answer may take; the target's limit of a request if absent.
        pub answer_within: Option<Field<Millis>>,
    }
}

step! {
    /// Ends what `keep-reading` began, after one more read. Each read must have been answered in its time, and with a value; the outcome is that of
    /// the first that was not.
    ///
    /// Result: `reads`, `worst` (milliseconds until the slowest answer), `mean` (milliseconds).
    pub struct ExpectServed {}
}
