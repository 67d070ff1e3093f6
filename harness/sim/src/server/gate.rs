//! How many associations there may be.

use std::{collections::HashSet, sync::Arc, time::Duration};

use crate::{Fault, FaultSet, SimConfig, report::Time};

/// Number of a connection, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ConnectionId(u64);

/// Counts associations against their limit.
#[derive(Debug)]
pub(super) struct Gate {
    faults: Arc<FaultSet>,
    limit: usize,
    holders: Vec<ConnectionId>,
    next: u64,
    /// Connections that have to make room.
    evicted: HashSet<ConnectionId>,
    /// There are some who have not been told.
    evictions: bool,
    /// Only with faults: slots that nobody frees, slots that are freed late, and nobody comes in any more.
    leaked: usize,
    late: Vec<Time>,
    locked: bool,
    /// When the last associations were asked for.
    asked: Vec<Time>,
}

/// What becomes of a connection that wants a slot.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Granted(ConnectionId),
    Refused,
    /// Neither granted nor refused.
    Ignored,
}

/// How a slot is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    Refused,
    Released,
    Lost,
}

impl Gate {
    pub(super) fn new(config: &SimConfig) -> Self {
        let faults = Arc::new(config.faults.clone());
        let limit = if faults.has(Fault::LastAssociationRefused) {
            config.max_associations.saturating_sub(1)
        } else {
            config.max_associations
        };
        Self {
            faults,
            limit,
            holders: Vec::new(),
            next: 0,
            evicted: HashSet::new(),
            evictions: false,
            leaked: 0,
            late: Vec::new(),
            locked: false,
            asked: Vec::new(),
        }
    }

    pub(super) fn faults(&self) -> &FaultSet {
        &self.faults
    }

    /// Slots that are taken.
    pub(super) fn taken(&self, now: Time) -> usize {
        let late = self.late.iter().filter(|free| **free > now).count();
        self.holders.len() + self.leaked + late
    }

    /// A connection wants a slot.
    pub(super) fn admit(&mut self, now: Time) -> Admission {
        self.late.retain(|free| *free > now);
        if self.storms(now) {
            return Admission::Ignored;
        }
        if self.taken(now) >= self.limit || self.locked {
            if self.faults.has(Fault::ExtraAssociationHangs) {
                return Admission::Ignored;
            }
            if self.faults.has(Fault::ExtraAssociationEvictsOldest) && !self.holders.is_empty() {
                let oldest = self.holders.remove(0);
                self.evicted.insert(oldest);
                self.evictions = true;
            } else if !self.faults.has(Fault::ExtraAssociationAccepted) {
                self.locked = self.faults.has(Fault::ExtraAssociationLocksOut);
                return Admission::Refused;
            }
        }
        self.next += 1;
        let id = ConnectionId(self.next);
        self.holders.push(id);
        Admission::Granted(id)
    }

    /// Only with a fault: whether so many came at once that nobody is answered any more.
    fn storms(&mut self, now: Time) -> bool {
        if !self.faults.has(Fault::StormUnanswered) {
            return false;
        }
        self.asked
            .retain(|asked| asked.saturating_add(Duration::from_millis(100)) > now);
        self.asked.push(now);
        self.asked.len() > 2
    }

    /// Whether a connection has to go.
    pub(super) fn is_evicted(&self, id: ConnectionId) -> bool {
        self.evicted.contains(&id)
    }

    /// Whether connections have to go since this was last asked.
    pub(super) fn take_evictions(&mut self) -> bool {
        core::mem::take(&mut self.evictions)
    }

    /// Only with a fault: a slot is taken for good.
    pub(super) const fn leak(&mut self) {
        self.leaked += 1;
    }

    /// Only with a fault: nobody is let in any more.
    pub(super) const fn lock(&mut self) {
        self.locked = true;
    }

    /// A connection gives its slot back.
    pub(super) fn leave(&mut self, id: ConnectionId, departure: Departure, now: Time) {
        self.evicted.remove(&id);
        let before = self.holders.len();
        self.holders.retain(|holder| *holder != id);
        if self.holders.len() == before {
            return;
        }
        let leaks = match departure {
            Departure::Refused => self.faults.has(Fault::RefusalLeaksSlot),
            Departure::Released => self.faults.has(Fault::ReleaseLeaksSlot),
            Departure::Lost => self.faults.has(Fault::AbortLeaksSlot),
        };
        self.leaked += usize::from(leaks);
        if departure == Departure::Lost && self.faults.has(Fault::AbortDropsOthers) {
            self.evicted.extend(self.holders.iter().copied());
            self.evictions = true;
        }
        if departure == Departure::Lost && self.faults.has(Fault::AbortFreesSlotLate) {
            self.late.push(now.saturating_add(Duration::from_secs(10)));
        }
    }
}
