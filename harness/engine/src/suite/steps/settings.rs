//! `select-setting-group`, `edit-setting-group`, `confirm-setting-group`.

use super::step;
use crate::cel::{Field, ObjectName};

step! {
    /// Makes a setting group the active one (SelectActiveSG). The group that was active is selected again at the end.
    ///
    /// Result: `error` (empty for success).
    pub struct SelectSettingGroup {
        /// The logical device.
        pub ld: Field<ObjectName>,
        /// The number of the group; also one that does not exist.
        pub group: Field<u32>,
    }
}

step! {
    /// Selects a setting group for editing (SelectEditSG); 0 ends the edit. Values are then written with `write` to their
    /// references with `[SE]` and `restore: false`. What the group held is put back at the end.
    ///
    /// Result: `error` (empty for success).
    pub struct EditSettingGroup {
        /// The logical device.
        pub ld: Field<ObjectName>,
        /// The number of the group; also one that does not exist.
        pub group: Field<u32>,
    }
}

step! {
    /// Confirms the edited values (ConfirmEditSGValues).
    ///
    /// Result: `error` (empty for success).
    pub struct ConfirmSettingGroup {
        /// The logical device.
        pub ld: Field<ObjectName>,
    }
}
