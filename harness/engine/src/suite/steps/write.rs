//! `write`.

use super::step;
use crate::cel::{Field, ObjectName};
use crate::suite::WriteValue;
use crate::yaml::{words, yaml_struct};

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
        /// How the request is coded, where BER leaves a choice to the sender.
        pub coding: Option<Field<Coding>>,
    }
}

words! {
    /// What BER permits besides the usual coding of a request (X.690).
    pub enum Coding ("coding") {
        /// Each length in five octets.
        LongLengths = "long-lengths",
        /// TRUE as 0x01.
        TrueOne = "true-01",
        /// TRUE as 0x7f.
        TrueOther = "true-7f",
        /// TRUE as 0xff, as usual.
        TrueFf = "true-ff",
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
