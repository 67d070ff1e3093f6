//! Who holds a report control block: Resv, ResvTms, Owner and what is left of it when the association is gone.

use std::{net::IpAddr, time::Duration};

use iedassay_model::tree::Edition;
use iedassay_wire::mms::DataAccessError;

use super::{Access, Block, Settings, Time};
use crate::{
    Fault,
    client::{AssociationId, Client},
};

/// Who holds a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reservation {
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

impl Block {
    pub(super) fn owner(&self) -> Vec<u8> {
        if self.faults.has(Fault::OwnerEmpty) {
            return Vec::new();
        }
        match self.reservation {
            Reservation::Client { .. } => self.last_owner.clone(),
            Reservation::Held { .. } if self.faults.has(Fault::OwnerEmptyWhileHeld) => Vec::new(),
            Reservation::Held { .. } => self.last_owner.clone(),
            Reservation::Free if self.faults.has(Fault::OwnerKept) => self.last_owner.clone(),
            Reservation::Free => Vec::new(),
        }
    }

    pub(super) fn is_reserved(&self) -> bool {
        self.shows_assignment() || self.reservation != Reservation::Free
    }

    /// Whether Resv or ResvTms tells that the configuration has assigned it.
    pub(super) fn shows_assignment(&self) -> bool {
        self.place.pre_assigned && !self.faults.has(Fault::PreAssignedFree)
    }

    pub(super) fn holder(&self) -> Option<Client> {
        match self.reservation {
            Reservation::Client { client, .. } => Some(client),
            _ => None,
        }
    }

    pub(super) fn write_resv(&mut self, on: bool, client: &Client) -> Result<(), DataAccessError> {
        if on {
            self.reserve(client, true);
        } else if self.engine.is_enabled() {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        } else if !self.faults.has(Fault::ResvNotReleased) {
            self.release();
        }
        Ok(())
    }

    pub(super) fn write_resv_tms(
        &mut self,
        seconds: i64,
        client: &Client,
        now: Time,
    ) -> Result<(), DataAccessError> {
        let negative = seconds < 0 && self.faults.has(Fault::NegativeResvTmsAccepted);
        let seconds = u16::try_from(if negative { 1 } else { seconds })
            .ok()
            .filter(|seconds| *seconds <= 0x7fff)
            .ok_or(DataAccessError::OBJECT_VALUE_INVALID)?;
        if seconds > 0 {
            self.reserve(client, true);
            self.resv_tms = seconds;
            self.resv_written = now;
            if self.faults.has(Fault::ResvTmsPurges) {
                self.engine.purge();
            }
        } else if self.engine.is_enabled() {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        } else if !self.faults.has(Fault::ResvTmsZeroKeeps) {
            self.release();
        }
        Ok(())
    }

    pub(super) fn reserves_implicitly(&self) -> bool {
        let by_edition = self.place.edition < Edition::Ed2_1;
        self.place.config.implicit_reservation.unwrap_or(by_edition)
    }

    /// Any write reserves before Edition 2.1; later the client has to reserve first.
    pub(super) fn reserve_implicitly(&mut self, client: &Client) {
        if self.reservation == Reservation::Free {
            self.reserve(client, false);
            let has_time = self.place.has_resv_tms && !self.faults.has(Fault::ImplicitResvTmsZero);
            self.resv_tms = if has_time {
                self.place.config.implicit_resv_tms
            } else {
                0
            };
        }
    }

    pub(super) fn reserve(&mut self, client: &Client, explicit: bool) {
        if self.last_owner.is_empty() || !self.faults.has(Fault::OwnerOfFirstClient) {
            self.last_owner = client.octets();
        }
        self.reservation = Reservation::Client {
            client: *client,
            explicit,
        };
    }

    pub(super) fn release(&mut self) {
        self.reservation = Reservation::Free;
        self.resv_tms = 0;
        self.place.pre_assigned &= !self.faults.has(Fault::AssignmentEndsWithUse);
    }

    /// The client for which the block is held is back.
    pub(super) fn come_back(&mut self, client: &Client, until: Time) {
        if self.faults.has(Fault::HeldTimerRunsOn) {
            self.runs_out = Some(until);
        }
        self.reserve(client, true);
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
        if self.place.buffered && self.faults.has(Fault::BufferLostOnAssociationEnd) {
            self.engine.purge();
        }
        if self.place.buffered && self.faults.has(Fault::LossDropsPending) {
            self.engine.take_pending();
        }
        if self.place.buffered
            && self.place.has_resv_tms
            && !self.place.pre_assigned
            && self.resv_tms > 0
            && !self.faults.has(Fault::ResvTmsNotHeld)
        {
            let seconds = if self.faults.has(Fault::ReservationNeverEnds) {
                u64::from(u32::MAX)
            } else {
                u64::from(self.resv_tms)
            };
            let from = if self.faults.has(Fault::ResvTmsFromWrite) {
                self.resv_written
            } else {
                now
            };
            let until = from.saturating_add(Duration::from_secs(seconds));
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
}
