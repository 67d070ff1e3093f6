//! `get-data-set`, `read-data-set`, `create-data-set`, `delete-data-set`.

use super::step;
use crate::cel::{Field, Fields, ObjectName};

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

step! {
    /// Creates a data set (MMS DefineNamedVariableList): `LD/LN$name` for good, `@name` for this association. It is
    /// deleted at the end.
    ///
    /// Result: `members` (how many).
    pub struct CreateDataSet {
        /// The data set.
        pub data_set: Field<ObjectName>,
        /// Its members in order, such as `LD/LN.DO[ST]`; also unknown ones.
        pub members: Option<Fields<ObjectName>>,
    }
}

step! {
    /// Deletes a data set (MMS DeleteNamedVariableList). An answer that tells no deletion is a refusal
    /// (`negative-answer`). It is created again at the end.
    ///
    /// Result: `matched`, `deleted`.
    pub struct DeleteDataSet {
        /// The data set.
        pub data_set: Field<ObjectName>,
    }
}
