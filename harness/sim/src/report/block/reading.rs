//! The attributes of a report control block as they are read (GetBRCBValues, GetURCBValues).

use iedassay_wire::mms::{BinaryTime, Data};

use super::{Block, EntryId, Reservation};
use crate::Fault;

impl Block {
    /// An attribute as it is read; none for an attribute that the block does not have.
    pub(crate) fn read(&self, attribute: &str) -> Option<Data> {
        let text = |text: &str| Data::VisibleString(text.to_owned());
        let number = |number: u32| Data::Unsigned(u64::from(number));
        Some(match attribute {
            "RptID" => text(&self.settings.rpt_id),
            "RptEna" => Data::Boolean(self.is_enabled()),
            "Resv" => Data::Boolean(self.is_reserved()),
            "DatSet" => text(&self.settings.dat_set),
            "ConfRev" if self.faults.has(Fault::ConfRevZero) => number(0),
            "ConfRev" => number(self.settings.conf_rev),
            "OptFlds" => Data::BitString(self.settings.opt_flds.to_bits()),
            "BufTm" => number(self.settings.buf_tm),
            "SqNum" => Data::Unsigned(
                self.sq_num_written
                    .unwrap_or_else(|| u64::from(self.engine.sq_num())),
            ),
            "TrgOps" => Data::BitString(self.settings.trg_ops.to_bits(6)),
            "IntgPd" => number(self.settings.intg_pd),
            "GI" => Data::Boolean(self.gi),
            "PurgeBuf" => Data::Boolean(self.purge_buf),
            "EntryID" => self
                .engine
                .entry()
                .map_or(EntryId::NONE, |(id, _)| id)
                .to_data(),
            "TimeofEntry" => Data::BinaryTime(match self.engine.entry() {
                Some((_, time)) if !self.faults.has(Fault::TimeOfEntryZero) => {
                    BinaryTime::from_since_epoch(time)
                }
                _ => BinaryTime::DateTime { millis: 0, days: 0 },
            }),
            "ResvTms" => Data::Integer(match self.reservation {
                _ if self.shows_assignment() => -1,
                Reservation::Free => 0,
                _ if self.faults.has(Fault::ResvTmsReadsZero) => 0,
                _ => i64::from(self.resv_tms),
            }),
            "Owner" => Data::OctetString(self.owner()),
            _ => return None,
        })
    }
}
