//! The attributes of a report control block, its reservation and its write rules (IEC 61850-7-2, GetBRCBValues, SetBRCBValues,
//! GetURCBValues, SetURCBValues).

use std::{net::IpAddr, sync::Arc, time::Duration};

use iedassay_model::{
    services::ReportSettings,
    tree::{Edition, ReportControl, ReportControlAt, TrgOps},
};
use iedassay_wire::mms::{BinaryTime, Data, DataAccessError};

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

/// Who holds a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reservation {
    Free,
    /// `explicit` when the client wrote Resv or ResvTms.
    Client {
        client: Client,
        explicit: bool,
    },
    /// The association of the client is lost; the block waits for it.
    Held {
        address: IpAddr,
        until: Time,
    },
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
    /// Only with faults: enabled for nobody, GI not reset, the last owner, the number written to SqNum.
    phantom: bool,
    gi: bool,
    last_owner: Vec<u8>,
    sq_num_written: Option<u64>,
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
            last_owner: Vec::new(),
            sq_num_written: None,
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
            "PurgeBuf" => Data::Boolean(false),
            "EntryID" => self
                .engine
                .entry()
                .map_or(EntryId::NONE, |(id, _)| id)
                .to_data(),
            "TimeofEntry" => Data::BinaryTime(match self.engine.entry() {
                Some((_, time)) => BinaryTime::from_since_epoch(time),
                None => BinaryTime::DateTime { millis: 0, days: 0 },
            }),
            "ResvTms" => Data::Integer(match self.reservation {
                _ if self.place.pre_assigned => -1,
                Reservation::Free => 0,
                _ => i64::from(self.resv_tms),
            }),
            "Owner" => Data::OctetString(self.owner()),
            _ => return None,
        })
    }

    fn owner(&self) -> Vec<u8> {
        if self.faults.has(Fault::OwnerEmpty) {
            return Vec::new();
        }
        match self.reservation {
            Reservation::Client { client, .. } => client.octets(),
            Reservation::Held { .. } => self.last_owner.clone(),
            Reservation::Free if self.faults.has(Fault::OwnerKept) => self.last_owner.clone(),
            Reservation::Free => Vec::new(),
        }
    }

    fn is_reserved(&self) -> bool {
        let assigned = self.place.pre_assigned && !self.faults.has(Fault::PreAssignedFree);
        assigned || self.reservation != Reservation::Free
    }

    /// Writes an attribute, whose type has been checked.
    ///
    /// # Errors
    /// `object-access-denied` for what can never be written, `temporarily-unavailable` while another client holds the block or
    /// it is enabled, `object-value-invalid`.
    pub(crate) fn write(
        &mut self,
        attribute: &str,
        value: &Data,
        client: &Client,
        now: Time,
        access: &dyn Access,
    ) -> Result<(), DataAccessError> {
        self.may_ever(attribute)?;
        self.may_now(attribute, value, client, now)?;
        let result = self.apply(attribute, value, client, now, access);
        let listens = self.faults.has(Fault::ReportsWhileDisabled) && self.recipient().is_some();
        if !self.engine.is_enabled() {
            self.engine.listen(listens);
        }
        result
    }

    /// Attributes that are read-only for all time, or by configuration.
    fn may_ever(&self, attribute: &str) -> Result<(), DataAccessError> {
        let denied = Err(DataAccessError::OBJECT_ACCESS_DENIED);
        match attribute {
            "ConfRev" | "SqNum" if self.faults.has(Fault::ReadOnlyRcbAttributes) => Ok(()),
            "ConfRev" | "SqNum" | "Owner" | "TimeofEntry" => denied,
            "ResvTms" if self.place.pre_assigned && self.place.edition < Edition::Ed2_1 => denied,
            "BufTm" | "IntgPd" if self.faults.has(Fault::DynamicAttributeRefused) => denied,
            _ => match self.place.rules.of(attribute) {
                Some(setting) if !setting.is_dynamic() => denied,
                _ => Ok(()),
            },
        }
    }

    /// Attributes that cannot be written by this client at this time.
    fn may_now(
        &mut self,
        attribute: &str,
        value: &Data,
        client: &Client,
        now: Time,
    ) -> Result<(), DataAccessError> {
        let unavailable = Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        if self
            .place
            .assigned_to
            .is_some_and(|address| address != client.address.to_canonical())
        {
            return unavailable;
        }
        match self.reservation {
            Reservation::Client { client: holder, .. }
                if holder.association != client.association =>
            {
                if self.place.buffered || !self.faults.has(Fault::UrcbStolen) {
                    return unavailable;
                }
                self.engine.disable();
                self.reserve(client, false);
            }
            Reservation::Held { address, until } if until > now && address != client.address => {
                return unavailable;
            }
            Reservation::Held { .. } => self.reserve(client, true),
            Reservation::Free if !self.reserves_implicitly() && !self.place.pre_assigned => {
                let harmless = matches!(
                    (attribute, value),
                    ("Resv" | "ResvTms", _) | ("RptEna", Data::Boolean(false))
                );
                if !harmless {
                    return Err(DataAccessError::OBJECT_ACCESS_DENIED);
                }
            }
            _ => {}
        }
        if self.is_enabled() && !matches!(attribute, "RptEna" | "GI" | "Resv" | "ResvTms") {
            if self.faults.has(Fault::ConfiguredWhileEnabled) {
                return Ok(());
            }
            if self.faults.has(Fault::RefusedWriteDisables) {
                self.disable();
            }
            return unavailable;
        }
        Ok(())
    }

    fn apply(
        &mut self,
        attribute: &str,
        value: &Data,
        client: &Client,
        now: Time,
        access: &dyn Access,
    ) -> Result<(), DataAccessError> {
        let wrong = DataAccessError::TYPE_INCONSISTENT;
        let keep_reserved = self.faults.has(Fault::ReservedBitsHonoured);
        let mut new = self.settings.clone();
        match (attribute, value) {
            ("RptEna", Data::Boolean(true)) => return self.enable(client, now, access),
            ("RptEna", Data::Boolean(false)) => {
                self.disable();
                return Ok(());
            }
            ("GI", Data::Boolean(on)) => {
                return if *on {
                    self.interrogate(client, now, access)
                } else {
                    Ok(())
                };
            }
            ("Resv", Data::Boolean(on)) => return self.write_resv(*on, client),
            ("ResvTms", Data::Integer(seconds)) => return self.write_resv_tms(*seconds, client),
            ("EntryID", Data::OctetString(octets)) => {
                self.reserve_implicitly(client);
                let known = self.engine.resynchronise(EntryId::from_octets(octets));
                return if known {
                    Ok(())
                } else {
                    Err(DataAccessError::OBJECT_VALUE_INVALID)
                };
            }
            ("PurgeBuf", Data::Boolean(on)) => {
                if *on {
                    self.engine.purge();
                }
            }
            ("SqNum", Data::Unsigned(number)) => self.sq_num_written = Some(*number),
            ("ConfRev", Data::Unsigned(number)) => {
                new.conf_rev = u32::try_from(*number).unwrap_or(u32::MAX)
            }
            ("RptID", Data::VisibleString(text)) => new.rpt_id.clone_from(text),
            ("DatSet", Data::VisibleString(text)) => {
                self.write_dat_set(text, client, access)?;
                new.dat_set.clone_from(text);
                if text != &self.settings.dat_set && !self.faults.has(Fault::ConfRevFrozen) {
                    new.conf_rev = new.conf_rev.checked_add(1).unwrap_or(1);
                }
            }
            ("OptFlds", Data::BitString(bits)) => {
                new.opt_flds = OptFlds::from_bits(bits, keep_reserved);
                if !self.place.buffered {
                    new.opt_flds = new
                        .opt_flds
                        .without(OptFlds::BUF_OVFL)
                        .without(OptFlds::ENTRY_ID);
                }
            }
            ("TrgOps", Data::BitString(bits)) => {
                if !self.faults.has(Fault::TrgOpsNotStored) {
                    new.trg_ops = Triggers::from_bits(bits, keep_reserved);
                }
            }
            ("BufTm", Data::Unsigned(millis)) => {
                new.buf_tm = u32::try_from(*millis).map_err(|_| wrong)?
            }
            ("IntgPd", Data::Unsigned(millis)) => {
                new.intg_pd = u32::try_from(*millis).map_err(|_| wrong)?;
                if new.intg_pd > 0 && new.intg_pd < self.place.config.min_integrity_ms {
                    return Err(DataAccessError::OBJECT_VALUE_INVALID);
                }
            }
            _ => return Err(wrong),
        }
        self.reserve_implicitly(client);
        self.configure(new, now, access);
        Ok(())
    }

    /// Takes new settings; a buffered block forgets its entries when they would not agree with them.
    fn configure(&mut self, new: Settings, now: Time, access: &dyn Access) {
        let old = core::mem::replace(&mut self.settings, new);
        let new = &self.settings;
        let purges = old.rpt_id != new.rpt_id
            || old.dat_set != new.dat_set
            || old.buf_tm != new.buf_tm
            || old.trg_ops != new.trg_ops
            || old.intg_pd != new.intg_pd;
        if purges {
            if self.place.buffered {
                self.engine.purge();
            }
            if old.dat_set != new.dat_set {
                self.members = access
                    .data_set(&new.dat_set, self.holder().as_ref())
                    .unwrap_or_default();
            }
            self.engine.configured(now, &self.settings);
        }
    }

    fn holder(&self) -> Option<Client> {
        match self.reservation {
            Reservation::Client { client, .. } => Some(client),
            _ => None,
        }
    }

    fn write_dat_set(
        &self,
        text: &str,
        client: &Client,
        access: &dyn Access,
    ) -> Result<(), DataAccessError> {
        // A data set of the association would vanish while the buffer goes on.
        let fitting = !(self.place.buffered && text.starts_with('@'));
        let known = text.is_empty() || (fitting && access.data_set(text, Some(client)).is_some());
        if known || self.faults.has(Fault::UnknownDatSetAccepted) {
            Ok(())
        } else {
            Err(DataAccessError::OBJECT_VALUE_INVALID)
        }
    }

    fn enable(
        &mut self,
        client: &Client,
        now: Time,
        access: &dyn Access,
    ) -> Result<(), DataAccessError> {
        if self.is_enabled() {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        }
        match access.data_set(&self.settings.dat_set, Some(client)) {
            Some(members) => self.members = members,
            None if self.faults.has(Fault::EnabledWithoutDataSet) => self.members = Arc::default(),
            None => return Err(DataAccessError::TEMPORARILY_UNAVAILABLE),
        }
        self.reserve_implicitly(client);
        self.sq_num_written = None;
        let values = access.values(&self.members);
        self.engine.enable(now, &self.settings, &*values);
        Ok(())
    }

    fn disable(&mut self) {
        self.phantom = false;
        if !self.engine.is_enabled() {
            return;
        }
        self.engine.disable();
        if let Reservation::Client {
            explicit: false, ..
        } = self.reservation
            && !self.place.buffered
        {
            self.release();
        }
    }

    fn interrogate(
        &mut self,
        client: &Client,
        now: Time,
        access: &dyn Access,
    ) -> Result<(), DataAccessError> {
        if !self.is_enabled() {
            if !self.faults.has(Fault::GiWhileDisabled) {
                return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
            }
            self.reserve_implicitly(client);
            self.engine.send_although_disabled();
        }
        let values = access.values(&self.members);
        self.engine.interrogate(now, &self.settings, &*values);
        self.gi = self.faults.has(Fault::GiNotReset);
        Ok(())
    }

    fn write_resv(&mut self, on: bool, client: &Client) -> Result<(), DataAccessError> {
        if on {
            self.reserve(client, true);
        } else if self.engine.is_enabled() {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        } else if !self.faults.has(Fault::ResvNotReleased) {
            self.release();
        }
        Ok(())
    }

    fn write_resv_tms(&mut self, seconds: i64, client: &Client) -> Result<(), DataAccessError> {
        let seconds = u16::try_from(seconds)
            .ok()
            .filter(|seconds| *seconds <= 0x7fff)
            .ok_or(DataAccessError::OBJECT_VALUE_INVALID)?;
        if seconds > 0 {
            self.reserve(client, true);
            self.resv_tms = seconds;
        } else if self.engine.is_enabled() {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        } else {
            self.release();
        }
        Ok(())
    }

    fn reserves_implicitly(&self) -> bool {
        let by_edition = self.place.edition < Edition::Ed2_1;
        self.place.config.implicit_reservation.unwrap_or(by_edition)
    }

    /// Any write reserves before Edition 2.1; later the client has to reserve first.
    fn reserve_implicitly(&mut self, client: &Client) {
        if self.reservation == Reservation::Free {
            self.reserve(client, false);
            self.resv_tms = if self.place.has_resv_tms {
                self.place.config.implicit_resv_tms
            } else {
                0
            };
        }
    }

    fn reserve(&mut self, client: &Client, explicit: bool) {
        self.last_owner = client.octets();
        self.reservation = Reservation::Client {
            client: *client,
            explicit,
        };
    }

    fn release(&mut self) {
        self.reservation = Reservation::Free;
        self.resv_tms = 0;
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
        [self.engine.deadline(), held].into_iter().flatten().min()
    }

    /// Time has come to `now`.
    pub(crate) fn advance(&mut self, now: Time, access: &dyn Access) {
        if matches!(self.reservation, Reservation::Held { until, .. } if until <= now) {
            self.release();
        }
        let values = access.values(&self.members);
        self.engine.advance(now, &self.settings, &*values);
    }

    /// An association is gone; `orderly` when it was released and not lost.
    pub(crate) fn association_ended(
        &mut self,
        association: AssociationId,
        orderly: bool,
        now: Time,
        access: &dyn Access,
    ) {
        let Reservation::Client { client, .. } = self.reservation else {
            return;
        };
        if client.association != association || (!orderly && self.faults.has(Fault::RcbKeptOnLoss))
        {
            return;
        }
        self.engine.disable();
        if self.place.buffered
            && self.place.has_resv_tms
            && !self.place.pre_assigned
            && self.resv_tms > 0
        {
            let until = now.saturating_add(Duration::from_secs(u64::from(self.resv_tms)));
            self.reservation = Reservation::Held {
                address: client.address,
                until,
            };
        } else {
            self.release();
        }
        if self.settings.dat_set.starts_with('@') {
            let new = Settings {
                dat_set: String::new(),
                ..self.settings.clone()
            };
            self.configure(new, now, access);
        }
    }

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
