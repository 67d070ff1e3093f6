//! A report control block (IEC 61850-7-2, BRCB and URCB).
//!
//! * [`reading`], [`writing`]: its attributes.
//! * [`reservation`]: who holds it.
//! * [`sending`]: its reports.

mod reading;
mod reservation;
mod sending;
mod writing;

use std::{net::IpAddr, sync::Arc};

use iedassay_model::{
    services::ReportSettings,
    tree::{Edition, ReportControl, ReportControlAt, TrgOps},
};

use self::reservation::Reservation;
pub(crate) use self::sending::Slip;
use super::{
    Change, Engine, EntryId, MemberSet, OptFlds, Policy, Settings, Time, Triggers, Values,
    keeping::Keeping, message::Header,
};
use crate::{
    Fault, FaultSet, ReportConfig,
    client::{AssociationId, Client},
};

/// What a block needs to know of the IED around it.
pub(crate) trait Access {
    /// The members of a data set that `DatSet` names; none when there is no such data set for this client.
    fn data_set(&self, text: &str, client: Option<&Client>) -> Option<Arc<MemberSet>>;
    /// The present values of members.
    fn values<'a>(&'a self, members: &'a MemberSet) -> Box<dyn Values + 'a>;
}

/// Where a block stands and what never changes about it.
#[derive(Clone, Debug)]
struct Place {
    /// `LD/LN$RP$name`.
    reference: String,
    buffered: bool,
    edition: Edition,
    rules: ReportSettings,
    config: ReportConfig,
    has_resv_tms: bool,
    pre_assigned: bool,
    /// Address of the client for which the block is pre-assigned, when it is known.
    assigned_to: Option<IpAddr>,
}

/// A report control block.
#[derive(Debug)]
pub(crate) struct Block {
    place: Place,
    pub(super) engine: Engine,
    pub(super) settings: Settings,
    configured: Settings,
    pub(super) members: Arc<MemberSet>,
    reservation: Reservation,
    resv_tms: u16,
    pub(super) faults: Arc<FaultSet>,
    /// Only with faults: enabled for nobody, GI and PurgeBuf not reset, the last owner, the number written to SqNum.
    phantom: bool,
    gi: bool,
    purge_buf: bool,
    last_owner: Vec<u8>,
    sq_num_written: Option<u64>,
    /// Only with faults: when ResvTms was written, when a reservation runs out whose client has come back.
    resv_written: Time,
    runs_out: Option<Time>,
    /// What somebody keeps of it; none when nobody does.
    pub(super) keeping: Option<Keeping>,
}

impl Block {
    pub(crate) fn new(
        at: &ReportControlAt<'_>,
        edition: Edition,
        rules: ReportSettings,
        config: ReportConfig,
        assigned_to: Option<IpAddr>,
        seed: u64,
        faults: &Arc<FaultSet>,
    ) -> Self {
        let reference = at.reference();
        let seed = if faults.has(Fault::EntryIdsAnewAfterRestart) {
            0
        } else {
            seed
        };
        let block: &ReportControl = at.block;
        let settings = Settings {
            rpt_id: block.rpt_id.clone().unwrap_or_default(),
            dat_set: at.data_set().map(|set| set.mms_text()).unwrap_or_default(),
            conf_rev: block.conf_rev,
            opt_flds: opt_flds(block),
            buf_tm: block.buf_tm,
            trg_ops: triggers(block.trg_ops),
            intg_pd: block.intg_pd,
        };
        Self {
            place: Place {
                reference: reference.mms_text(),
                buffered: block.buffered,
                edition,
                rules,
                config,
                has_resv_tms: block.has_resv_tms,
                pre_assigned: block.client.is_some(),
                assigned_to,
            },
            engine: Engine::new(
                block.buffered,
                Policy::from(&config),
                seed,
                Arc::clone(faults),
            ),
            configured: settings.clone(),
            settings,
            members: Arc::default(),
            reservation: Reservation::Free,
            resv_tms: 0,
            faults: Arc::clone(faults),
            phantom: faults.has(Fault::RcbEnabledAtStart),
            gi: false,
            purge_buf: false,
            last_owner: Vec::new(),
            sq_num_written: None,
            resv_written: Time::ZERO,
            runs_out: None,
            keeping: None,
        }
    }

    /// The server starts: finds the data set and begins to buffer.
    pub(crate) fn start(&mut self, now: Time, access: &dyn Access) {
        self.members = access
            .data_set(&self.settings.dat_set, None)
            .unwrap_or_default();
        self.engine.configured(now, &self.settings);
    }

    /// The data set that the block refers to, as `LD/LN$name` or `@name`.
    pub(crate) fn dat_set(&self) -> &str {
        &self.settings.dat_set
    }

    pub(crate) fn members(&self) -> &Arc<MemberSet> {
        &self.members
    }

    fn is_enabled(&self) -> bool {
        self.engine.is_enabled() || self.phantom
    }

    /// `LD/LN$RP$name`.
    pub(crate) fn reference(&self) -> &str {
        &self.place.reference
    }

    pub(crate) const fn is_buffered(&self) -> bool {
        self.place.buffered
    }

    /// The association that gets the reports.
    pub(crate) fn recipient(&self) -> Option<AssociationId> {
        match self.reservation {
            Reservation::Client { client, .. } => Some(client.association),
            _ => None,
        }
    }

    /// Members changed.
    pub(crate) fn changed(&mut self, now: Time, changes: &[Change], access: &dyn Access) {
        let values = access.values(&self.members);
        self.engine.changed(now, &self.settings, changes, &*values);
    }

    /// When [`Self::advance`] is wanted.
    pub(crate) fn deadline(&self) -> Option<Time> {
        let held = match self.reservation {
            Reservation::Held { until, .. } => Some(until),
            _ => None,
        };
        [self.engine.deadline(), held, self.runs_out]
            .into_iter()
            .flatten()
            .min()
    }

    /// Time has come to `now`.
    pub(crate) fn advance(&mut self, now: Time, access: &dyn Access) {
        if matches!(self.reservation, Reservation::Held { until, .. } if until <= now) {
            self.release();
            if self.faults.has(Fault::BufferLostWithReservation) {
                self.engine.purge();
            }
        }
        if self.runs_out.take_if(|until| *until <= now).is_some() {
            self.disable();
            self.release();
        }
        let values = access.values(&self.members);
        self.engine.advance(now, &self.settings, &*values);
    }
}

fn triggers(ops: TrgOps) -> Triggers {
    [
        (ops.dchg, Triggers::DCHG),
        (ops.qchg, Triggers::QCHG),
        (ops.dupd, Triggers::DUPD),
        (ops.integrity, Triggers::INTEGRITY),
        (ops.gi, Triggers::GI),
    ]
    .into_iter()
    .filter(|(on, _)| *on)
    .fold(Triggers::NONE, |sum, (_, trigger)| sum.union(trigger))
}

fn opt_flds(block: &ReportControl) -> OptFlds {
    let flds = block.opt_flds;
    [
        (flds.seq_num, OptFlds::SEQ_NUM),
        (flds.time_stamp, OptFlds::TIME_STAMP),
        (flds.reason_code, OptFlds::REASON_CODE),
        (flds.data_set, OptFlds::DATA_SET),
        (flds.data_ref, OptFlds::DATA_REF),
        (flds.buf_ovfl && block.buffered, OptFlds::BUF_OVFL),
        (flds.entry_id && block.buffered, OptFlds::ENTRY_ID),
        (flds.conf_rev, OptFlds::CONF_REV),
    ]
    .into_iter()
    .filter(|(on, _)| *on)
    .fold(OptFlds::default(), |sum, (_, field)| sum.union(field))
}

#[cfg(test)]
mod tests;
