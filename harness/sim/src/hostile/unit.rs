//! The packets of the IED, taken apart as far as behaviours change them.

use iedassay_wire::{
    WireError,
    cotp::{Reassembler, Tpdu, packets},
    presentation::{MMS_CONTEXT, decode_single, encode_data},
    session::{Spdu, data_prefix},
    tpkt::{self, Deframer},
};

/// The largest TSDU that the IED sends.
const MAX_TSDU: usize = 1 << 20;

/// Something that the IED sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// A TPDU without data: connection confirm, disconnect request.
    Tpdu(Vec<u8>),
    /// ACCEPT.
    Accept(Vec<u8>),
    /// Any other SPDU without MMS in it: REFUSE, DISCONNECT, ABORT.
    Spdu(Vec<u8>),
    /// An MMS PDU.
    Mms(Vec<u8>),
}

/// Takes a stream apart.
#[derive(Debug)]
pub(super) struct Units {
    deframer: Deframer,
    joined: Reassembler,
    pub(super) frames: Frames,
}

impl Default for Units {
    fn default() -> Self {
        Self {
            deframer: Deframer::new(),
            joined: Reassembler::new(MAX_TSDU),
            frames: Frames { tpdu_size: 1024 },
        }
    }
}

impl Units {
    pub(super) fn push(&mut self, octets: &[u8]) {
        self.deframer.push(octets);
    }

    /// The next whole one.
    pub(super) fn next(&mut self) -> Result<Option<Unit>, WireError> {
        loop {
            let Some(packet) = self.deframer.next_packet()? else {
                return Ok(None);
            };
            let tpdu = packet.get(tpkt::HEADER..).unwrap_or_default();
            match Tpdu::decode(tpdu)? {
                Tpdu::Data(data) => {
                    if let Some(tsdu) = self.joined.push(&data)? {
                        return unit(tsdu).map(Some);
                    }
                }
                Tpdu::ConnectConfirm(confirm) => {
                    if let Some(size) = confirm.parameters.tpdu_size.and_then(|size| size.octets())
                    {
                        self.frames.tpdu_size = size;
                    }
                    return Ok(Some(Unit::Tpdu(tpdu.to_vec())));
                }
                _ => return Ok(Some(Unit::Tpdu(tpdu.to_vec()))),
            }
        }
    }
}

fn unit(tsdu: Vec<u8>) -> Result<Unit, WireError> {
    Ok(match Spdu::decode(&tsdu)? {
        Spdu::Data { user_data } => match decode_single(user_data, 0)? {
            Some(pdv) if pdv.context == MMS_CONTEXT => Unit::Mms(pdv.values.to_vec()),
            _ => Unit::Spdu(tsdu),
        },
        Spdu::Accept(_) => Unit::Accept(tsdu),
        _ => Unit::Spdu(tsdu),
    })
}

/// Puts what was taken apart, or anything else, into packets.
#[derive(Debug)]
pub(super) struct Frames {
    /// As the IED and the client agreed.
    tpdu_size: usize,
}

impl Frames {
    /// The octets of the stream.
    pub(super) fn of(&self, unit: &Unit) -> Vec<u8> {
        match unit {
            Unit::Tpdu(tpdu) => Self::tpdu(tpdu),
            Unit::Accept(spdu) | Unit::Spdu(spdu) => self.tsdu(spdu),
            Unit::Mms(pdu) => self.mms(pdu),
        }
    }

    /// One packet; nothing when the TPDU is too long for one.
    pub(super) fn tpdu(tpdu: &[u8]) -> Vec<u8> {
        tpkt::encode(tpdu).unwrap_or_default()
    }

    /// As many packets as it takes.
    pub(super) fn tsdu(&self, tsdu: &[u8]) -> Vec<u8> {
        packets(tsdu, &[], self.tpdu_size).flatten().collect()
    }

    /// A PPDU in the data phase.
    pub(super) fn ppdu(&self, ppdu: &[u8]) -> Vec<u8> {
        self.tsdu(&[data_prefix().as_slice(), ppdu].concat())
    }

    /// An MMS PDU, or any other octets in its place.
    pub(super) fn mms(&self, pdu: &[u8]) -> Vec<u8> {
        self.ppdu(&encode_data(MMS_CONTEXT, pdu))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_apart_is_put_together_again() {
        let mut units = Units::default();
        let pdu = vec![0xa1, 3, 2, 1, 7];
        let wanted = [
            Unit::Mms(pdu.clone()),
            Unit::Mms([&[0xa1, 0x82, 0x10, 0][..], &[0; 4096]].concat()),
            Unit::Spdu(vec![10, 0]),
        ];
        for unit in &wanted {
            let octets = units.frames.of(unit);
            for octet in octets {
                units.push(&[octet]);
            }
            assert_eq!(units.next().unwrap().as_ref(), Some(unit));
            assert_eq!(units.next().unwrap(), None);
        }
    }
}
