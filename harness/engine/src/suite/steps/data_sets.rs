//! `get-data-set`, `read-data-set`.

use super::step;
use crate::cel::{Field, ObjectName};

step! {
    /// Reads the directory of a data set (MMS GetNamedVariableListAttributes).
    ///
    /// Result: `members` (list of references such as `LD/LN.DO[FC]`), `deletable`.
    pub struct GetDataSet {
        /// The data set: `LD/LN$name`, `@name`, or one of the model.
        pub data_set: Field<ObjectName>,
    }
}

step! {
    /// Reads all values of a data set in one request (MMS Read of a named list).
    ///
    /// Result: `values`, `errors`, `results` (list of maps `ref`, `value`, `error`, `ok`, `fits`), `allOk`, `allFit`.
    pub struct ReadDataSet {
        /// The data set: `LD/LN$name`, `@name`, or one of the model.
        pub data_set: Field<ObjectName>,
    }
}
