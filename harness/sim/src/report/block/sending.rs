//! What of a report control block goes to its client, and what does not reach it.

use iedassay_model::tree::Edition;

use super::{Block, EntryId, Header};
use crate::Fault;

/// A report on its way.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) pdus: Vec<Vec<u8>>,
    pub(crate) slip: Slip,
}

/// What a block has to know of a report that does not reach its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) entry: EntryId,
    /// It was not sent before.
    pub(crate) first_time: bool,
    /// It tells that entries were lost.
    pub(crate) buf_ovfl: bool,
}

impl Block {
    /// Whether [`Self::poll`] may give PDUs.
    pub(crate) fn has_report(&self) -> bool {
        self.engine.has_report()
    }

    /// The next report; none when there is none now. One that cannot be sent has no PDUs.
    pub(crate) fn poll(&mut self, max_pdu: usize) -> Option<Outgoing> {
        let report = self.engine.poll()?;
        let rpt_id = if self.faults.has(Fault::RptIdWriteIgnored) {
            &self.configured.rpt_id
        } else {
            &self.settings.rpt_id
        };
        let header = Header {
            buffered: self.place.buffered,
            rpt_id,
            reference: &self.place.reference,
            settings: &self.settings,
            members: &self.members,
            reason_bits: if self.place.edition == Edition::Ed1 {
                6
            } else {
                7
            },
            max_pdu,
            faults: &self.faults,
        };
        let engine = &mut self.engine;
        let pdus = header.encode(&report, || engine.next_sq_num());
        if pdus.is_empty() {
            engine.give_up(&report);
        }
        Some(Outgoing {
            pdus,
            slip: Slip {
                entry: report.entry.id,
                first_time: report.first_time,
                buf_ovfl: report.buf_ovfl,
            },
        })
    }

    /// Reports did not reach the client whose association is lost.
    pub(crate) fn take_back(&mut self, unsent: &[Slip]) {
        let new = unsent.iter().filter(|slip| slip.first_time);
        let first = new.map(|slip| slip.entry).min();
        let overflow = unsent.iter().any(|slip| slip.buf_ovfl);
        self.engine.take_back(first, overflow);
    }
}
