//! The write rules of a report control block and what a write does (SetBRCBValues, SetURCBValues).

use std::sync::Arc;

use iedassay_model::tree::Edition;
use iedassay_wire::mms::{Data, DataAccessError};

use super::{Access, Block, EntryId, OptFlds, Reservation, Settings, Time, Triggers};
use crate::{Fault, client::Client};

impl Block {
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
    pub(super) fn may_ever(&self, attribute: &str) -> Result<(), DataAccessError> {
        let denied = Err(DataAccessError::OBJECT_ACCESS_DENIED);
        match attribute {
            "ConfRev" | "SqNum" if self.faults.has(Fault::ReadOnlyRcbAttributes) => Ok(()),
            "TimeofEntry" if self.faults.has(Fault::TimeOfEntryWritable) => Ok(()),
            "ConfRev" | "SqNum" | "Owner" | "TimeofEntry" => denied,
            "PurgeBuf" if self.faults.has(Fault::PurgeBufRefused) => denied,
            "EntryID" if self.faults.has(Fault::EntryIdReadOnly) => denied,
            "ResvTms"
                if self.place.pre_assigned
                    && self.place.edition < Edition::Ed2_1
                    && !self.faults.has(Fault::AssignedResvTmsWritable) =>
            {
                denied
            }
            "BufTm" | "IntgPd" if self.faults.has(Fault::DynamicAttributeRefused) => denied,
            _ => match self.place.rules.of(attribute) {
                Some(setting)
                    if !setting.is_dynamic() && !self.faults.has(Fault::FixedAttributeAccepted) =>
                {
                    denied
                }
                _ => Ok(()),
            },
        }
    }

    /// Attributes that cannot be written by this client at this time.
    pub(super) fn may_now(
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
                let stolen = if self.place.buffered {
                    self.faults.has(Fault::BrcbStolen)
                } else {
                    self.faults.has(Fault::UrcbStolen)
                };
                if !stolen {
                    return unavailable;
                }
                self.engine.disable();
                self.reserve(client, false);
            }
            Reservation::Held { address, until }
                if until > now
                    && address != client.address
                    && !self.faults.has(Fault::HeldForAnybody) =>
            {
                return unavailable;
            }
            Reservation::Held { until, .. }
                if until > now && self.faults.has(Fault::HeldAgainstOwner) =>
            {
                return unavailable;
            }
            Reservation::Held { until, .. } => self.come_back(client, until),
            Reservation::Free
                if !self.reserves_implicitly()
                    && !self.place.pre_assigned
                    && !self.faults.has(Fault::UnreservedWritesAccepted) =>
            {
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
            let accepted = match attribute {
                "PurgeBuf" => self.faults.has(Fault::PurgedWhileEnabled),
                "EntryID" => self.faults.has(Fault::EntryIdWhileEnabled),
                _ => false,
            };
            if accepted || self.faults.has(Fault::ConfiguredWhileEnabled) {
                return Ok(());
            }
            if self.faults.has(Fault::RefusedWriteDisables) {
                self.disable();
            }
            return unavailable;
        }
        Ok(())
    }

    pub(super) fn apply(
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
            ("ResvTms", Data::Integer(seconds)) => {
                return self.write_resv_tms(*seconds, client, now);
            }
            ("EntryID", Data::OctetString(octets)) => {
                let known = self.engine.resynchronise(EntryId::from_octets(octets));
                let accepted = known
                    || if octets.len() == 8 {
                        self.faults.has(Fault::UnknownEntryIdAccepted)
                    } else {
                        self.faults.has(Fault::EntryIdSizeUnchecked)
                    };
                return if accepted {
                    self.reserve_implicitly(client);
                    Ok(())
                } else {
                    Err(DataAccessError::OBJECT_VALUE_INVALID)
                };
            }
            ("PurgeBuf", Data::Boolean(on)) => {
                if *on && !self.faults.has(Fault::PurgeBufIgnored) {
                    self.engine.purge();
                }
                self.purge_buf = *on && self.faults.has(Fault::PurgeBufNotReset);
            }
            // Can only come here because the fault lets it be written.
            ("TimeofEntry", Data::BinaryTime(_)) => {}
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
                if self.faults.has(Fault::IntgPdClamped) {
                    new.intg_pd = new.intg_pd.min(60_000);
                }
            }
            _ => return Err(wrong),
        }
        self.reserve_implicitly(client);
        self.configure(new, now, access);
        Ok(())
    }

    /// Takes new settings; a buffered block forgets its entries when they would not agree with them.
    pub(super) fn configure(&mut self, new: Settings, now: Time, access: &dyn Access) {
        let old = core::mem::replace(&mut self.settings, new);
        let new = &self.settings;
        let changed = [
            (old.rpt_id != new.rpt_id, Fault::RptIdChangeKeepsBuffer),
            (old.dat_set != new.dat_set, Fault::DatSetChangeKeepsBuffer),
            (old.buf_tm != new.buf_tm, Fault::BufTmChangeKeepsBuffer),
            (old.trg_ops != new.trg_ops, Fault::TrgOpsChangeKeepsBuffer),
            (old.intg_pd != new.intg_pd, Fault::IntgPdChangeKeepsBuffer),
        ];
        let purges = changed
            .iter()
            .any(|(changed, keeps)| *changed && !self.faults.has(*keeps))
            || (old.opt_flds != new.opt_flds && self.faults.has(Fault::OptFldsChangePurges))
            || (old == *new && self.faults.has(Fault::RewritePurges));
        if purges && self.place.buffered {
            self.engine.purge();
        }
        if changed.iter().any(|(changed, _)| *changed) {
            if old.dat_set != new.dat_set {
                self.members = access
                    .data_set(&new.dat_set, self.holder().as_ref())
                    .unwrap_or_default();
            }
            self.engine.configured(now, &self.settings);
        }
    }

    pub(super) fn write_dat_set(
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

    pub(super) fn enable(
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

    pub(super) fn disable(&mut self) {
        self.phantom = false;
        if !self.engine.is_enabled() {
            return;
        }
        self.engine.disable();
        if self.place.buffered && self.faults.has(Fault::BufferLostOnDisable) {
            self.engine.purge();
        }
        if self.place.buffered && self.faults.has(Fault::DisableDropsPending) {
            self.engine.take_pending();
        }
        if let Reservation::Client {
            explicit: false, ..
        } = self.reservation
            && !self.place.buffered
        {
            self.release();
        }
    }

    pub(super) fn interrogate(
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
}
