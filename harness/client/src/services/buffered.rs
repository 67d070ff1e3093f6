//! Buffered reporting (IEC 61850-7-2, BRCB): to reserve a block, to empty its buffer, to go on where one has stopped.
//!
//! A client that comes back reserves its block ([`Client::reserve_block`]), which the server may have kept for it, and goes on
//! behind the last entry it has had ([`Client::resynchronise`]). The EntryID of its last report is all that it has to keep.

use std::num::NonZeroU16;

use iedassay_model::{BlockKind, BlockReference};
use iedassay_wire::mms::{Data, DataAccessError};

use super::report_blocks::Later;
use crate::{Client, ClientError};

/// An EntryID that names no entry: from the oldest one.
const OLDEST: [u8; 8] = [0; 8];

/// Where delivery begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumed {
    /// Behind the entry that was named: nothing is missing and nothing comes twice.
    AfterEntry,
    /// With the oldest entry that the server has. If one was named and `refused`, entries may be missing, and others come twice.
    FromOldest {
        /// Why it does not begin behind the entry that was named.
        refused: Option<DataAccessError>,
    },
    /// Where the server likes, because it takes no EntryID at all: entries may be missing or come twice.
    AsServerLikes {
        /// Why it does not begin with the oldest entry.
        refused: DataAccessError,
    },
}

/// For how long a block is kept for this client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// So many seconds after the loss of the association (ResvTms).
    Seconds(u16),
    /// As long as the association stands (Resv of a URCB).
    WithAssociation,
    /// By the configuration, which has assigned it to a client; the server knows whether it is this one.
    Assigned,
    /// Only while it is enabled: a BRCB that shows no ResvTms, as in Edition 1, cannot be reserved.
    WhileEnabled,
}

impl Client {
    /// Enables a buffered block, which must be disabled, so that delivery goes on behind the entry `last`, the EntryID of a report as
    /// it came. Without one, or when the server knows the entry no more, it begins with the oldest entry, and the result says so.
    ///
    /// # Errors
    /// [`ClientError::Access`] when RptEna is refused; a refused EntryID is no error but a result. As [`Client::request`].
    pub async fn resynchronise(
        &self,
        block: &BlockReference,
        last: Option<&[u8]>,
    ) -> Result<Resumed, ClientError> {
        let named = match last.filter(|entry| entry.iter().any(|octet| *octet != 0)) {
            Some(entry) => Some(self.write_entry_id(block, entry).await?),
            None => None,
        };
        let resumed = match named {
            Some(Ok(())) => Resumed::AfterEntry,
            named => match self.write_entry_id(block, &OLDEST).await? {
                Ok(()) => Resumed::FromOldest {
                    refused: named.and_then(Result::err),
                },
                Err(refused) => Resumed::AsServerLikes { refused },
            },
        };
        self.write_attribute(block, "RptEna", Data::Boolean(true))
            .await?;
        Ok(resumed)
    }

    async fn write_entry_id(
        &self,
        block: &BlockReference,
        entry: &[u8],
    ) -> Result<Result<(), DataAccessError>, ClientError> {
        let value = Data::OctetString(entry.to_vec());
        match self.write_attribute(block, "EntryID", value).await {
            Ok(()) => Ok(Ok(())),
            Err(ClientError::Access(refused)) => Ok(Err(refused)),
            Err(error) => Err(error),
        }
    }

    /// Empties the buffer of a block, which must be disabled (PurgeBuf).
    ///
    /// # Errors
    /// As [`Client::write`].
    pub async fn purge_buffer(&self, block: &BlockReference) -> Result<(), ClientError> {
        self.write_attribute(block, "PurgeBuf", Data::Boolean(true))
            .await
    }

    /// Reserves a report control block by what it has for that: ResvTms with `seconds`, at most 32767, or Resv. Nothing is written
    /// where there is neither, and nothing to a block that the configuration has assigned.
    ///
    /// # Errors
    /// [`ClientError::Access`] when another client holds the block. As [`Client::get_block`].
    pub async fn reserve_block(
        &self,
        block: &BlockReference,
        seconds: NonZeroU16,
    ) -> Result<Reserved, ClientError> {
        if block.kind != BlockKind::Brcb {
            self.write_attribute(block, "Resv", Data::Boolean(true))
                .await?;
            return Ok(Reserved::WithAssociation);
        }
        let found = self.get_block(block).await?;
        let names = found.attributes.iter().map(|(name, _)| name.as_str());
        if !Later::of(names).resv_tms {
            return Ok(Reserved::WhileEnabled);
        }
        if found.number("ResvTms").is_some_and(|now| now < 0) {
            return Ok(Reserved::Assigned);
        }
        let seconds = seconds.get().min(0x7fff);
        self.write_attribute(block, "ResvTms", Data::Integer(i64::from(seconds)))
            .await?;
        Ok(Reserved::Seconds(seconds))
    }
}
