//! Setting groups.

/// Hands the faults of this area on to the next list.
macro_rules! setting_groups {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                SettingGroups {
                    /// NumOfSG tells one group more than there are.
                    NumOfSgTooLarge = "num-of-sg-too-large", "IEC 61850-7-2, SGCB, NumOfSG";
                    /// A write of ActSG above NumOfSG is answered with success.
                    ActSgOutOfRangeAccepted = "act-sg-out-of-range-accepted", "IEC 61850-7-2, SelectActiveSG, response-";
                    /// ActSG follows a selection and the active values stay those of the group before.
                    ActSgWithoutEffect = "act-sg-without-effect", "IEC 61850-7-2, SelectActiveSG";
                    /// LActTm stays at the time of the start.
                    LActTmFrozen = "l-act-tm-frozen", "IEC 61850-7-2, SGCB, LActTm";
                    /// A write of EditSG above NumOfSG is answered with success.
                    EditSgOutOfRangeAccepted = "edit-sg-out-of-range-accepted", "IEC 61850-7-2, SelectEditSG, response-";
                    /// The edit buffer is filled with the values of the active group, not of the selected one.
                    EditBufferOfActive = "edit-buffer-of-active", "IEC 61850-7-2, SelectEditSG";
                    /// The edit buffer can be read although no group is selected for editing.
                    EditReadableInIdle = "edit-readable-in-idle", "IEC 61850-7-2, GetEditSGValue, response-";
                    /// The edit buffer can be written although no group is selected for editing.
                    EditWritableInIdle = "edit-writable-in-idle", "IEC 61850-7-2, SetEditSGValue, response-";
                    /// A second client may select a group for editing while the first edits.
                    SecondEditorAccepted = "second-editor-accepted", "IEC 61850-7-2, SelectEditSG, response-";
                    /// A client that did not select the group may write the edit buffer.
                    OtherClientEdits = "other-client-edits", "IEC 61850-7-2, SetEditSGValue, response-";
                    /// A client that did not select the group may confirm the edit.
                    OtherClientConfirms = "other-client-confirms", "IEC 61850-7-2, ConfirmEditSGValues, response-";
                    /// A confirmation is answered with success and the group keeps its values.
                    ConfirmWithoutEffect = "confirm-without-effect", "IEC 61850-7-2, ConfirmEditSGValues";
                    /// A confirmed edit of the active group acts only when the group is selected anew.
                    ConfirmedNotActing = "confirmed-not-acting", "IEC 61850-7-2, ConfirmEditSGValues";
                    /// A confirmation is answered with success although nothing is edited.
                    ConfirmInIdleAccepted = "confirm-in-idle-accepted", "IEC 61850-7-2, ConfirmEditSGValues, response-";
                    /// CnfEdit stays TRUE after a confirmation.
                    CnfEditNotReset = "cnf-edit-not-reset", "IEC 61850-7-2, SGCB, CnfEdit";
                    /// What is written to the edit buffer acts before it is confirmed.
                    EditActsUnconfirmed = "edit-acts-unconfirmed", "IEC 61850-7-2, SetEditSGValue";
                    /// EditSG 0 stores the edited values instead of dropping them.
                    AbandonedEditStored = "abandoned-edit-stored", "IEC 61850-7-2, SelectEditSG";
                    /// An edit outlives the association of its client.
                    EditOutlivesAssociation = "edit-outlives-association", "IEC 61850-7-2, SGCB state machine";
                    /// An idle edit never ends, whatever ResvTms says.
                    ResvTmsIgnored = "sgcb-resv-tms-ignored", "IEC 61850-7-2, SGCB, ResvTms";
                    /// A power cycle makes the configured group the active one again.
                    ActiveGroupForgotten = "active-group-forgotten", "IEC 61850-7-2, SGCB, ActSG; IEC 61850-10, PIXIT Sg2";
                    /// The values of the active group can be written.
                    ActiveSettingsWritable = "active-settings-writable", "IEC 61850-7-2, functional constraint SG";
                }
            }
            $($rest)*
        }
    };
}
