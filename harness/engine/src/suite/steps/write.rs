//! `write`.

use super::step;
use crate::cel::{Field, ObjectName};
use crate::suite::WriteValue;
use crate::yaml::yaml_struct;

step! {
    /// Writes one or more variables in one request (MMS Write). What is overwritten is put back when the case ends.
    ///
    /// Result: `value` (what was written), `before` (what stood there, if it could be read), `error` (word, or empty);
    /// of several also `results` (list of maps `ref`, `value`, `error`, `ok`), `allOk`.
    pub struct Write {
        /// The variable.
        pub r#ref: Option<Field<ObjectName>>,
        /// Its new value.
        pub value: Option<WriteValue>,
        /// Several variables in one request. `expect` is applied to each.
        #[schemars(default)]
        pub items: Vec<WriteItem>,
        /// Writes the items as the members of this data set, in its order, by its name (SetDataSetValues).
        pub data_set: Option<Field<ObjectName>>,
        /// `false`: the old value is neither read before nor put back.
        pub restore: Option<bool>,
    }
}

yaml_struct! {
    /// One of several variables.
    pub struct WriteItem {
        /// The variable.
        pub r#ref: Field<ObjectName>,
        /// Its new value.
        pub value: WriteValue,
    }
}
