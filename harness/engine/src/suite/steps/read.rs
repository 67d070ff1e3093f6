//! `read`.

use super::step;
use crate::cel::{Field, Fields, ObjectName};

step! {
    /// Reads one or more variables in one request (MMS Read).
    ///
    /// Result of one variable: `value`, `error` (word, or empty), `fits` (whether the value has the type in the model).
    /// Of several also: `values`, `errors`, `results` (list of maps `ref`, `value`, `error`, `ok`, `fits`), `allOk`, `allFit`.
    /// A structure's value is a map by component name when the model knows it, otherwise a list.
    pub struct Read {
        /// The variables. `expect` is applied to each.
        pub r#ref: Fields<ObjectName>,
        /// A component of the variable by alternate access, for instance `mag.f`.
        pub component: Option<Field<String>>,
        /// `true`: asks for the specification with the result.
        pub specification: Option<Field<bool>>,
    }
}
