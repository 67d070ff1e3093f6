//! The octets of the behaviours, made of those of the IED.

pub(super) mod answers;
pub(super) mod deep;
pub(super) mod floods;
pub(super) mod handshake;
pub(super) mod lower;
pub(super) mod pages;
pub(super) mod reports;

use iedassay_wire::{
    Layer,
    mms::{ConfirmedResponse, Pdu, Response, peek},
    mutate::{Mutation, mutate},
};

use super::{
    script::Scene,
    unit::{Frames, Unit},
};

impl Scene<'_> {
    /// The octets as the IED sent them.
    fn honest(&self) -> Vec<u8> {
        self.unit
            .map(|unit| self.frames.of(unit))
            .unwrap_or_default()
    }

    /// The MMS PDU that is to be sent.
    fn pdu(&self) -> Option<&[u8]> {
        match self.unit {
            Some(Unit::Mms(pdu)) => Some(pdu),
            _ => None,
        }
    }

    /// That PDU changed, or as it is where it cannot be changed so.
    fn changed(&mut self, change: impl FnOnce(&mut Self, &[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
        let Some(pdu) = self.pdu().map(<[u8]>::to_vec) else {
            return self.honest();
        };
        match change(self, &pdu) {
            Some(other) => self.frames.mms(&other),
            None => self.honest(),
        }
    }

    /// This response in place of whatever the answer is.
    fn answer(&mut self, response: Response) -> Vec<u8> {
        self.changed(|_, pdu| {
            let invoke_id = peek(pdu).ok()?.invoke_id?;
            Some(Pdu::response(invoke_id, response).encode())
        })
    }

    /// The response changed, or as it is where it is none.
    fn response(
        &mut self,
        change: impl FnOnce(&mut Self, Response) -> Option<Response>,
    ) -> Vec<u8> {
        self.changed(|scene, pdu| {
            let Ok(Pdu::ConfirmedResponse(response)) = Pdu::decode(pdu) else {
                return None;
            };
            let service = change(scene, response.service)?;
            Some(
                Pdu::ConfirmedResponse(ConfirmedResponse {
                    service,
                    ..response
                })
                .encode(),
            )
        })
    }

    /// Octets broken by one of the mutations that `wanted` picks and that applies.
    fn broken(&mut self, octets: &[u8], wanted: impl Fn(Mutation) -> bool) -> Option<Vec<u8>> {
        let candidates: Vec<Mutation> = Mutation::ALL
            .iter()
            .copied()
            .filter(|mutation| !mutation.is_legal() && wanted(*mutation))
            .collect();
        let first = self.random.below(candidates.len());
        let (before, from) = candidates.split_at_checked(first)?;
        from.iter().chain(before).find_map(|mutation| {
            mutate(octets, *mutation, self.random.next_u64()).filter(|broken| broken != octets)
        })
    }

    /// As [`Self::broken`], by the mutations of one layer; of none are those of BER elements.
    fn broken_at(&mut self, octets: &[u8], layer: Option<Layer>) -> Option<Vec<u8>> {
        self.broken(octets, |mutation| mutation.layer() == layer)
    }
}

/// One packet around a TPDU.
fn packet(tpdu: &[u8]) -> Vec<u8> {
    Frames::tpdu(tpdu)
}
