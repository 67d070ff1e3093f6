//! `browse`, `identify`.

use super::step;
use crate::cel::{Field, ObjectName};

step! {
    /// Reads the whole model from the server: names, types, data sets.
    ///
    /// Result: `lds`, `lns`, `dataObjects`, `leaves`, `rcbs`, `dataSets` and so on, as in `model`; `requests`.
    pub struct Browse {
        /// Only this logical device.
        pub ld: Option<Field<ObjectName>>,
    }
}

step! {
    /// Asks who the server is (MMS Identify).
    ///
    /// Result: `vendor`, `model`, `revision`, `syntaxes`.
    pub struct Identify {}
}
