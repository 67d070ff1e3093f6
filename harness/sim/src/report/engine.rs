//! From changes and time to report entries.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use iedassay_wire::mms::Data;

use super::{
    Buffer, Capacity, Change, Entry, EntryId, EntryKind, Included, OptFlds, Time, Triggers, Values,
    kept::Told,
};
use crate::{AnalogueBufTm, Fault, FaultSet, ReportConfig, ResyncPolicy};

/// What a client configures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) rpt_id: String,
    pub(crate) dat_set: String,
    pub(crate) conf_rev: u32,
    pub(crate) opt_flds: OptFlds,
    pub(crate) buf_tm: u32,
    pub(crate) trg_ops: Triggers,
    pub(crate) intg_pd: u32,
}

/// The running part of a report control block.
///
/// Time comes in with each call and never goes back. After any call [`Self::deadline`] says when [`Self::advance`] is wanted, and
/// [`Self::poll`] gives what is to be sent.
#[derive(Debug)]
pub(crate) struct Engine {
    buffered: bool,
    policy: Policy,
    faults: Arc<FaultSet>,
    enabled: bool,
    /// Only with a fault: events count although the block is disabled.
    listening: bool,
    pending: Option<Pending>,
    integrity_due: Option<Time>,
    buffer: Buffer,
    sq_num: u16,
    /// BufOvfl of the next report, because the client did not say where to go on.
    doubtful: bool,
    resynchronised: bool,
    /// Only with faults: values seen last, members changed since the last integrity report, first integrity period.
    seen: Vec<Option<Data>>,
    changed: Vec<bool>,
    first_period: Option<u32>,
    /// Only with a fault: what waits when the block is disabled is sent all the same.
    late: bool,
    /// Only with faults: it has been enabled before, a report has told of an overflow.
    was_enabled: bool,
    told_overflow: bool,
}

/// What the standard leaves to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) capacity: Capacity,
    pub(crate) analogue: AnalogueBufTm,
    pub(crate) resync: ResyncPolicy,
}

impl From<&ReportConfig> for Policy {
    fn from(config: &ReportConfig) -> Self {
        Self {
            capacity: Capacity {
                entries: config.buffer_entries,
                octets: config.buffer_octets,
            },
            analogue: config.analogue_buf_tm,
            resync: config.resync,
        }
    }
}

/// Events that wait for the end of BufTm.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) ends: Time,
    pub(crate) members: BTreeMap<usize, (Data, Triggers)>,
}

/// What is sent: an entry with its number.
#[derive(Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) sq_num: u16,
    pub(crate) buf_ovfl: bool,
    /// The entry was not sent before.
    pub(crate) first_time: bool,
    pub(crate) entry: Entry,
}

impl Engine {
    pub(crate) fn new(buffered: bool, policy: Policy, seed: u64, faults: Arc<FaultSet>) -> Self {
        let late = !buffered && faults.has(Fault::ReportAfterDisable);
        let mut buffer = Buffer::new(policy.capacity, seed);
        if buffered {
            buffer = buffer.with_faults(Arc::clone(&faults));
        }
        Self {
            late,
            buffered,
            policy,
            faults,
            enabled: false,
            listening: false,
            pending: None,
            integrity_due: None,
            buffer,
            sq_num: 0,
            doubtful: false,
            resynchronised: false,
            seen: Vec::new(),
            changed: Vec::new(),
            first_period: None,
            was_enabled: false,
            told_overflow: false,
        }
    }

    pub(crate) const fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// The number that the next report gets.
    pub(crate) const fn sq_num(&self) -> u16 {
        self.sq_num
    }

    /// Entries and what is said about them, for those who keep them.
    pub(crate) const fn buffer(&mut self) -> &mut Buffer {
        &mut self.buffer
    }

    /// Events that wait for the end of BufTm.
    pub(crate) const fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    pub(crate) const fn take_pending(&mut self) -> Option<Pending> {
        self.pending.take()
    }

    /// Takes back what was kept.
    pub(crate) fn restore(&mut self, told: Told, entries: Vec<Entry>, pending: Option<Pending>) {
        self.buffer.restore(told, entries);
        self.pending = pending;
    }

    /// The settings changed while disabled: a buffered block starts or stops buffering.
    pub(crate) fn configured(&mut self, now: Time, settings: &Settings) {
        if !self.enabled {
            self.integrity_due = if self.buffered {
                self.first_integrity(now, settings)
            } else {
                None
            };
        }
    }

    /// RptEna TRUE. The caller has checked that it may be.
    pub(crate) fn enable(&mut self, now: Time, settings: &Settings, values: &dyn Values) {
        self.enabled = true;
        self.was_enabled = true;
        self.listening = false;
        if !self.faults.has(Fault::SqNumContinues) {
            self.sq_num = u16::from(self.faults.has(Fault::SqNumFromOne));
        }
        if self.buffered {
            self.begin_delivery(now, values);
        } else {
            self.buffer.purge();
            self.pending = None;
        }
        self.seen = (0..values.count())
            .map(|member| Some(values.value(member)))
            .collect();
        self.changed = vec![false; values.count()];
        self.integrity_due = self.first_integrity(now, settings);
        if self.faults.has(Fault::IntegrityAtEnable) && self.integrity_due.is_some() {
            self.integrity_due = Some(now);
        }
    }

    /// A buffered block goes on where the client said, or where the policy says.
    fn begin_delivery(&mut self, now: Time, values: &dyn Values) {
        let resynchronised = core::mem::take(&mut self.resynchronised);
        if !resynchronised || self.faults.has(Fault::EntryIdIgnored) {
            match self.policy.resync {
                ResyncPolicy::FromOldest => {
                    self.buffer.rewind();
                    self.doubtful = !self.buffer.is_empty();
                }
                ResyncPolicy::FromFirstUnsent => self.buffer.resume_unsent(),
            }
            if self.faults.has(Fault::NothingReplayedUnasked) {
                self.buffer.skip(usize::MAX);
            }
        }
        if self.faults.has(Fault::EnableDropsPending) {
            self.pending = None;
        }
        self.buffer.follow(true);
        if self.faults.has(Fault::OnlyNewestReplayed) {
            self.buffer.skip_to_newest();
        }
        if self.faults.has(Fault::ReplayWithPresentValues) {
            self.buffer.edit_waiting(|entry| {
                for one in &mut entry.included {
                    one.value = values.value(one.member);
                }
            });
        }
        if self.faults.has(Fault::ReplayWithTimeOfSending) {
            let time = values.time_of_entry(now);
            self.buffer.edit_waiting(|entry| entry.time = time);
        }
        if self.faults.has(Fault::ReplayWithReasonGi) {
            self.buffer.edit_waiting(|entry| {
                for one in &mut entry.included {
                    one.reasons = Triggers::GI;
                }
            });
        }
        if self.faults.has(Fault::SqNumFromWaiting) {
            self.sq_num = u16::try_from(self.buffer.waiting()).unwrap_or(u16::MAX);
        }
    }

    /// RptEna FALSE, or the association is lost.
    pub(crate) fn disable(&mut self) {
        self.enabled = false;
        self.listening = false;
        self.doubtful = false;
        self.forget_resynchronisation();
        if !self.buffered {
            self.integrity_due = None;
            self.buffer.purge();
            if !self.late {
                self.pending = None;
            }
        }
    }

    /// Only with a fault: reports although disabled.
    pub(crate) fn listen(&mut self, on: bool) {
        self.listening = on && !self.buffered;
    }

    /// Only with a fault: what is put in is sent although the block is disabled.
    pub(crate) const fn send_although_disabled(&mut self) {
        self.late = true;
    }

    /// Forgets all entries (PurgeBuf, or a changed setting).
    pub(crate) fn purge(&mut self) {
        self.buffer.purge();
        if !self.faults.has(Fault::PurgeKeepsPending) {
            self.pending = None;
        }
        self.forget_resynchronisation();
    }

    /// EntryID written, none when it has a wrong size: false when it is unknown, and then it is as if none had been written.
    pub(crate) fn resynchronise(&mut self, id: Option<EntryId>) -> bool {
        let known = match id {
            Some(EntryId::NONE) if self.faults.has(Fault::ZeroEntryIdRefused) => false,
            Some(EntryId::NONE) => {
                self.buffer.rewind();
                if self.faults.has(Fault::ZeroEntryIdSkipsBuffer) {
                    self.buffer.skip(usize::MAX);
                }
                true
            }
            Some(id) => self.buffer.resume_after(id),
            None => false,
        };
        self.resynchronised = known;
        if !known && self.faults.has(Fault::UnknownEntryIdSkipsBuffer) {
            self.buffer.skip(usize::MAX);
            self.resynchronised = true;
        }
        self.buffer.follow(self.resynchronised);
        known
    }

    const fn forget_resynchronisation(&mut self) {
        self.resynchronised = false;
        self.buffer.follow(self.enabled);
    }

    /// EntryID and TimeofEntry as they are read: the last entry sent while enabled, the last one put in while disabled.
    pub(crate) fn entry(&self) -> Option<(EntryId, Time)> {
        if self.enabled || self.faults.has(Fault::EntryIdOfLastSent) {
            self.buffer.newest_sent()
        } else {
            self.buffer.newest()
        }
    }

    /// Members changed, all at one instant.
    pub(crate) fn changed(
        &mut self,
        now: Time,
        settings: &Settings,
        changes: &[Change],
        values: &dyn Values,
    ) {
        if !self.is_active(settings) {
            return;
        }
        let mut wanted: BTreeMap<usize, Triggers> = BTreeMap::new();
        for change in changes {
            let reasons = self.wanted(settings, change.reasons);
            if !reasons.is_empty() {
                let slot = wanted.entry(change.member).or_default();
                *slot = slot.union(reasons);
            }
        }
        if wanted.is_empty() {
            return;
        }
        let buf_tm = match settings.buf_tm {
            _ if self.faults.has(Fault::BufTmIgnored) => 0,
            _ if self.buffered
                && !self.enabled
                && self.faults.has(Fault::BufTmIgnoredWhileDisabled) =>
            {
                0
            }
            0 if self.faults.has(Fault::BufTmZeroMeansDefault) => 500,
            millis => millis,
        };
        let again = self.pending.as_ref().is_some_and(|pending| {
            wanted.keys().any(|member| {
                pending.members.contains_key(member) && !self.is_replaced(*member, values)
            })
        });
        if again && !self.faults.has(Fault::SecondChangeOverwrites) {
            self.flush(now, values);
        }
        let ends = now.saturating_add(Duration::from_millis(u64::from(buf_tm)));
        let opened = self.pending.is_some();
        let pending = self.pending.get_or_insert_with(|| Pending {
            ends,
            members: BTreeMap::new(),
        });
        if opened && self.faults.has(Fault::BufTmRestarts) {
            pending.ends = ends;
        }
        if !(opened && self.faults.has(Fault::BufTmDropsOthers)) {
            for (member, reasons) in wanted {
                let before = pending
                    .members
                    .get(&member)
                    .map_or(Triggers::NONE, |(_, reasons)| *reasons);
                pending
                    .members
                    .insert(member, (values.value(member), before.union(reasons)));
                if let Some(changed) = self.changed.get_mut(member) {
                    *changed = true;
                }
            }
        }
        if buf_tm == 0 {
            self.flush(now, values);
        }
    }

    /// Whether a second value of a member within BufTm takes the place of the first.
    fn is_replaced(&self, member: usize, values: &dyn Values) -> bool {
        self.policy.analogue == AnalogueBufTm::Replace && values.is_analogue(member)
    }

    /// GI written TRUE.
    pub(crate) fn interrogate(&mut self, now: Time, settings: &Settings, values: &dyn Values) {
        if !settings.trg_ops.contains(Triggers::GI) && !self.faults.has(Fault::GiTriggerIgnored) {
            return;
        }
        if !self.faults.has(Fault::GiOvertakesPending) {
            self.flush(now, values);
        }
        let count = if self.faults.has(Fault::GiFirstMemberOnly) {
            1
        } else {
            values.count()
        };
        let reason = if self.faults.has(Fault::GiReasonIntegrity) {
            Triggers::INTEGRITY
        } else {
            Triggers::GI
        };
        if self.buffered && !self.faults.has(Fault::UnsentGiKept) {
            self.buffer.forget_unsent(EntryKind::Gi);
        }
        self.put_all(now, EntryKind::Gi, reason, values, |member| member < count);
        if self.buffered && self.faults.has(Fault::GiOvertakesBuffer) {
            self.buffer.newest_goes_next();
        }
    }

    /// When [`Self::advance`] is wanted.
    pub(crate) fn deadline(&self) -> Option<Time> {
        let pending = self.pending.as_ref().map(|pending| pending.ends);
        [pending, self.integrity_due].into_iter().flatten().min()
    }

    /// Time has come to `now`.
    pub(crate) fn advance(&mut self, now: Time, settings: &Settings, values: &dyn Values) {
        if self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.ends <= now)
        {
            self.flush(now, values);
        }
        let Some(due) = self.integrity_due.filter(|due| *due <= now) else {
            return;
        };
        // Events that wait are older than the values of the integrity report.
        self.flush(now, values);
        let only_changed = self.faults.has(Fault::IntegrityChangedOnly);
        let changed = core::mem::replace(&mut self.changed, vec![false; values.count()]);
        if self.buffered && self.faults.has(Fault::OnlyLastIntegrityKept) {
            self.buffer.forget_unsent(EntryKind::Integrity);
        }
        if self.enabled || !self.faults.has(Fault::IntegrityNotBuffered) {
            self.put_all(
                now,
                EntryKind::Integrity,
                Triggers::INTEGRITY,
                values,
                |member| !only_changed || changed.get(member).copied().unwrap_or(false),
            );
        }
        self.integrity_due = self.period(settings).map(|period| {
            let next = due.saturating_add(period);
            // After a long sleep periods are skipped, not made up for.
            if next <= now {
                now.saturating_add(period)
            } else {
                next
            }
        });
    }

    /// The next report. The caller sends it.
    pub(crate) fn poll(&mut self) -> Option<Report> {
        if !self.is_sending() {
            return None;
        }
        let (mut entry, first_time) = self.buffer.deliver()?;
        if self.faults.has(Fault::LargeReportTruncated) {
            entry.included.truncate(24);
        }
        let overflow = self.buffer.take_overflow() | core::mem::take(&mut self.doubtful);
        let buf_ovfl = self.told_as(overflow);
        let stands =
            self.buffered && self.buffer.has_next() && self.faults.has(Fault::SqNumStandsInReplay);
        let sq_num = if stands {
            self.sq_num
        } else {
            self.next_sq_num()
        };
        if !self.buffered {
            self.buffer.drop_sent();
        }
        Some(Report {
            sq_num,
            buf_ovfl,
            first_time,
            entry,
        })
    }

    /// BufOvfl as the report has it.
    fn told_as(&mut self, overflow: bool) -> bool {
        self.told_overflow |= overflow;
        if self.faults.has(Fault::BufOvflNeverSet) {
            false
        } else if self.faults.has(Fault::BufOvflNeverCleared) {
            self.told_overflow
        } else {
            overflow || self.faults.has(Fault::BufOvflAlwaysSet)
        }
    }

    /// Whether what the buffer has is sent.
    fn is_sending(&self) -> bool {
        let although_disabled = self.buffered && self.faults.has(Fault::BrcbReportsWhileDisabled);
        self.enabled || self.listening || self.late || although_disabled
    }

    /// A report could not be sent, because not even one member fits a PDU: it has no number, and its entry is lost.
    pub(crate) fn give_up(&mut self, report: &Report) {
        self.sq_num = report.sq_num;
        if self.buffered {
            self.buffer.note_loss();
        }
    }

    /// Reports have not reached the client: `first` is the first of those that were not sent before, `overflow` whether one of
    /// them told that entries were lost.
    pub(crate) fn take_back(&mut self, first: Option<EntryId>, overflow: bool) {
        if !self.buffered {
            return;
        }
        if let Some(first) = first {
            self.buffer.take_back(first);
        }
        if overflow {
            self.buffer.note_loss();
        }
    }

    /// Whether [`Self::poll`] may give a report.
    pub(crate) fn has_report(&self) -> bool {
        self.is_sending() && self.buffer.has_next()
    }

    /// Whether entries were lost unsent.
    #[cfg(test)]
    pub(crate) const fn has_overflow(&self) -> bool {
        self.buffer.overflow()
    }

    /// Takes the number of one more report; a segment with a number of its own takes one too.
    pub(crate) fn next_sq_num(&mut self) -> u16 {
        let number = self.sq_num;
        let last = if self.buffered && !self.faults.has(Fault::BrcbSqNumWrapsAt255) {
            u16::MAX
        } else {
            u16::from(u8::MAX)
        };
        self.sq_num = if number >= last {
            u16::from(self.faults.has(Fault::SqNumWrapsToOne))
        } else {
            number + 1
        };
        number
    }

    /// Whether events make entries: while enabled; a buffered block also before and after, once it is configured.
    fn is_active(&self, settings: &Settings) -> bool {
        if settings.dat_set.is_empty() {
            return false;
        }
        let buffers = self.buffered
            && !settings.trg_ops.is_empty()
            && !self.faults.has(Fault::NothingBufferedWhileDisabled)
            && (self.was_enabled || !self.faults.has(Fault::BuffersAfterFirstEnable));
        self.enabled || self.listening || buffers
    }

    /// Of the reasons of a change those that are to be reported.
    fn wanted(&self, settings: &Settings, reasons: Triggers) -> Triggers {
        let mut enabled = settings.trg_ops;
        if self.faults.has(Fault::DchgWhenOnlyDupd)
            && enabled.contains(Triggers::DUPD)
            && !enabled.contains(Triggers::DCHG)
        {
            enabled = enabled.union(Triggers::DCHG);
        }
        if self.faults.has(Fault::DchgTriggerIgnored) {
            enabled = enabled.union(Triggers::DCHG);
        }
        if self.buffered && !self.enabled && self.faults.has(Fault::BuffersWhateverTrgOps) {
            enabled = Triggers::DCHG.union(Triggers::QCHG);
        }
        for (fault, trigger) in [
            (Fault::DchgUnreported, Triggers::DCHG),
            (Fault::QchgUnreported, Triggers::QCHG),
            (Fault::DupdUnreported, Triggers::DUPD),
        ] {
            if self.faults.has(fault) {
                enabled = enabled.without(trigger);
            }
        }
        let changes = Triggers::DCHG.union(Triggers::QCHG);
        let wanted = reasons
            .intersection(enabled)
            .intersection(changes.union(Triggers::DUPD));
        // Every change is an update too, which only tells when the change itself does not.
        if wanted.intersection(changes).is_empty() {
            wanted
        } else {
            wanted.without(Triggers::DUPD)
        }
    }

    /// Events that wait become an entry.
    fn flush(&mut self, now: Time, values: &dyn Values) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        let stale = self.faults.has(Fault::ReportValueStale);
        let mut included = Vec::with_capacity(pending.members.len());
        for (member, (value, reasons)) in pending.members {
            let shown = match self.seen.get_mut(member) {
                Some(seen) if stale => seen.replace(value.clone()).unwrap_or(value),
                _ => value,
            };
            included.push(Included {
                member,
                value: shown,
                reasons,
            });
        }
        if self.faults.has(Fault::AllMembersIncluded)
            && let Some(reasons) = included.first().map(|first| first.reasons)
        {
            included = (0..values.count())
                .map(|member| Included {
                    member,
                    value: values.value(member),
                    reasons,
                })
                .collect();
        }
        let time = values.time_of_entry(now);
        self.buffer
            .push(time, EntryKind::Event, values.count(), included);
    }

    fn put_all(
        &mut self,
        now: Time,
        kind: EntryKind,
        reasons: Triggers,
        values: &dyn Values,
        include: impl Fn(usize) -> bool,
    ) {
        let included = (0..values.count())
            .filter(|member| include(*member))
            .map(|member| Included {
                member,
                value: values.value(member),
                reasons,
            })
            .collect();
        let time = values.time_of_entry(now);
        self.buffer.push(time, kind, values.count(), included);
    }

    /// The first integrity report comes one period from now.
    fn first_integrity(&mut self, now: Time, settings: &Settings) -> Option<Time> {
        if settings.dat_set.is_empty() {
            return None;
        }
        if self.faults.has(Fault::IntgPdChangeIgnored) && self.enabled && settings.intg_pd > 0 {
            self.first_period.get_or_insert(settings.intg_pd);
        }
        Some(now.saturating_add(self.period(settings)?))
    }

    fn period(&self, settings: &Settings) -> Option<Duration> {
        if !settings.trg_ops.contains(Triggers::INTEGRITY) {
            return None;
        }
        let mut millis = self.first_period.unwrap_or(settings.intg_pd);
        if millis == 0 && self.faults.has(Fault::IntgPdZeroMeansDefault) {
            millis = 1000;
        }
        let factor = if self.faults.has(Fault::IntegrityPeriodDoubled) {
            2
        } else {
            1
        };
        (millis > 0).then(|| Duration::from_millis(u64::from(millis) * factor))
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
