//! `get-name-list`, `get-type`.

use super::step;
use crate::cel::{Field, ObjectName};
use crate::yaml::words;

step! {
    /// Lists names (MMS GetNameList). Follows `moreFollows` unless `once` is `true` or `continue-after` is given.
    ///
    /// Result: `names` (list of texts), `moreFollows`, `requests` (how many were needed).
    pub struct GetNameList {
        /// What to list.
        pub class: Field<NameClass>,
        /// Where: `vmd`, `domain` or `association`; `domain` if a domain is given.
        pub scope: Option<Field<NameScope>>,
        /// The domain (logical device), also one that does not exist.
        pub domain: Option<Field<ObjectName>>,
        /// Begins after this name.
        pub continue_after: Option<Field<String>>,
        /// `true`: one request only.
        pub once: Option<Field<bool>>,
    }
}

words! {
    /// Classes of names (MMS ObjectClass).
    pub enum NameClass ("class of names") {
        /// Domains: logical devices.
        Domain = "domain",
        /// Named variables: logical nodes and everything in them.
        Variable = "variable",
        /// Named variable lists: data sets.
        VariableList = "variable-list",
        /// Journals: logs.
        Journal = "journal",
    }
}

words! {
    /// Where names live.
    pub enum NameScope ("scope of names") {
        /// The server.
        Vmd = "vmd",
        /// One logical device.
        Domain = "domain",
        /// This association.
        Association = "association",
    }
}

step! {
    /// Asks for the type of a variable (MMS GetVariableAccessAttributes).
    ///
    /// Result: `type` (a map: `kind`, `components` with `name` and `type`, `size`), `fits` (whether it is the type in the
    /// model), `names` (of the components), `deletable`.
    pub struct GetType {
        /// The variable.
        pub r#ref: Field<ObjectName>,
    }
}
