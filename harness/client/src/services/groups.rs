//! Setting groups (IEC 61850-7-2, SGCB): select the active group, edit one and confirm.

use iedassay_model::{BlockKind, BlockReference};
use iedassay_wire::mms::{Data, ListedVariable, ObjectName, UtcTime};

use super::{blocks::Block, inconsistent};
use crate::{Client, ClientError};

/// What an SGCB says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingGroups {
    /// How many groups there are.
    pub number: u32,
    /// The active group, 1 to `number`.
    pub active: u32,
    /// The group that is edited; 0 when none is.
    pub edited: u32,
    /// When the active group was selected.
    pub activated: Option<UtcTime>,
    /// Seconds for which an edit is reserved, where the block has it.
    pub resv_tms: Option<u32>,
}

impl SettingGroups {
    fn of(block: &Block) -> Result<Self, ClientError> {
        let number = |name: &str| block.number(name).and_then(|number| number.try_into().ok());
        let wanted = |name: &str| {
            number(name).ok_or_else(|| inconsistent(format!("the SGCB has no number {name}")))
        };
        Ok(Self {
            number: wanted("NumOfSG")?,
            active: wanted("ActSG")?,
            edited: wanted("EditSG")?,
            activated: block.get("LActTm").and_then(|data| match data {
                Data::UtcTime(time) => Some(*time),
                _ => None,
            }),
            resv_tms: number("ResvTms"),
        })
    }
}

impl Client {
    /// The SGCB of a logical device (GetSGCBValues).
    ///
    /// # Errors
    /// As [`Client::get_block`]; [`ClientError::Inconsistent`] when a mandatory attribute is missing.
    pub async fn setting_groups(&self, ld: &str) -> Result<SettingGroups, ClientError> {
        SettingGroups::of(&self.get_block(&sgcb(ld)).await?)
    }

    /// SelectActiveSG.
    ///
    /// # Errors
    /// As [`Client::write`].
    pub async fn select_active_group(&self, ld: &str, group: u32) -> Result<(), ClientError> {
        self.set_sgcb(ld, "ActSG", Data::Unsigned(u64::from(group)))
            .await
    }

    /// SelectEditSG: the values of a group come into the edit buffer (FC SE). 0 drops what was edited.
    ///
    /// # Errors
    /// As [`Client::write`].
    pub async fn select_edit_group(&self, ld: &str, group: u32) -> Result<(), ClientError> {
        self.set_sgcb(ld, "EditSG", Data::Unsigned(u64::from(group)))
            .await
    }

    /// ConfirmEditSGValues: what is in the edit buffer becomes the values of the edited group.
    ///
    /// # Errors
    /// As [`Client::write`].
    pub async fn confirm_edit_group(&self, ld: &str) -> Result<(), ClientError> {
        self.set_sgcb(ld, "CnfEdit", Data::Boolean(true)).await
    }

    /// Changes values of a group for good: selects it for editing, writes them and confirms. After a refusal the edit is
    /// dropped and nothing is changed.
    ///
    /// # Errors
    /// As [`Client::write`], of the first request that was refused.
    pub async fn edit_group(
        &self,
        ld: &str,
        group: u32,
        values: Vec<(ListedVariable, Data)>,
    ) -> Result<(), ClientError> {
        self.select_edit_group(ld, group).await?;
        let edited = self.write_and_confirm(ld, values).await;
        if edited.is_err() {
            // The first error is the one to tell; the edit may be gone with the association.
            let _ = self.select_edit_group(ld, 0).await;
        }
        edited
    }

    async fn write_and_confirm(
        &self,
        ld: &str,
        values: Vec<(ListedVariable, Data)>,
    ) -> Result<(), ClientError> {
        for (variable, value) in values {
            self.write(variable, value).await?;
        }
        self.confirm_edit_group(ld).await
    }

    async fn set_sgcb(&self, ld: &str, attribute: &str, value: Data) -> Result<(), ClientError> {
        let item = sgcb(ld).attribute_item(attribute);
        self.write(ObjectName::domain(ld, item), value).await
    }
}

fn sgcb(ld: &str) -> BlockReference {
    BlockReference {
        ld: ld.to_owned(),
        ln: "LLN0".to_owned(),
        kind: BlockKind::Sgcb,
        name: "SGCB".to_owned(),
    }
}
