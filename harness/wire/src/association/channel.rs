//! The lower half of both roles: octets of the stream to TSDUs and back.

use std::collections::VecDeque;

use crate::cotp::{Connect, DisconnectReason, Reassembler, RejectCause, Tpdu, packets};
use crate::error::{ErrorKind, Layer, WireError};
use crate::tpkt::{self, Deframer};

/// What the peer sent, below session.
#[derive(Debug)]
pub(super) enum Inbound {
    /// CR.
    Request(Connect),
    /// CC.
    Confirm(Connect),
    /// DR.
    Disconnect(DisconnectReason),
    /// ER.
    Error(RejectCause),
    /// A complete TSDU.
    Tsdu(Vec<u8>),
}

/// Framing, segmentation and the queue of what is to be sent.
#[derive(Debug)]
pub(super) struct Channel {
    deframer: Deframer,
    reassembler: Reassembler,
    transmit: VecDeque<Vec<u8>>,
    /// Largest TPDU to send, in octets.
    tpdu_size: usize,
}

impl Channel {
    pub(super) const fn new(max_tsdu: usize) -> Self {
        Self {
            deframer: Deframer::new(),
            reassembler: Reassembler::new(max_tsdu),
            transmit: VecDeque::new(),
            tpdu_size: 128,
        }
    }

    pub(super) const fn set_tpdu_size(&mut self, octets: usize) {
        self.tpdu_size = octets;
    }

    pub(super) const fn tpdu_size(&self) -> usize {
        self.tpdu_size
    }

    /// Adds octets of the stream; those that wait already count against nothing but memory, so
    /// the owner takes everything out with [`Self::next`] after each call, or stops reading.
    pub(super) fn push(&mut self, octets: &[u8]) {
        self.deframer.push(octets);
    }

    /// Octets that wait.
    pub(super) const fn pending(&self) -> usize {
        self.deframer.pending()
    }

    /// The next thing the peer sent.
    pub(super) fn next(&mut self) -> Result<Option<Inbound>, WireError> {
        while let Some(packet) = self.deframer.next_packet()? {
            let tpdu = packet.get(tpkt::HEADER..).unwrap_or_default();
            let inbound = match Tpdu::decode(tpdu).map_err(|error| error.shifted(tpkt::HEADER))? {
                Tpdu::ConnectRequest(connect) => Inbound::Request(connect),
                Tpdu::ConnectConfirm(connect) => Inbound::Confirm(connect),
                Tpdu::DisconnectRequest(request) => Inbound::Disconnect(request.reason),
                Tpdu::Error(error) => Inbound::Error(error.cause),
                Tpdu::Data(data) => match self.reassembler.push(&data)? {
                    Some(tsdu) => Inbound::Tsdu(tsdu),
                    None => continue,
                },
                // DC, expedited data and the rest do not exist in class 0 (ISO 8073, table 8).
                Tpdu::DisconnectConfirm { .. } | Tpdu::Unknown { .. } => {
                    return Err(violation(Layer::Cotp, "TPDU code"));
                }
            };
            return Ok(Some(inbound));
        }
        Ok(None)
    }

    /// Queues one TPDU. One that is too large is left out, which configuration alone can cause:
    /// then the peer answers nothing and the deadline tells.
    pub(super) fn send_tpdu(&mut self, tpdu: &Tpdu<'_>) {
        if let Ok(packet) = tpdu.encode().and_then(|tpdu| tpkt::encode(&tpdu)) {
            self.transmit.push_back(packet);
        }
    }

    /// Queues a TSDU in as many DTs as the TPDU size asks for.
    pub(super) fn send_tsdu(&mut self, tsdu: &[u8]) {
        self.send_parts(tsdu, &[]);
    }

    /// The same for a TSDU in two parts.
    pub(super) fn send_parts(&mut self, header: &[u8], body: &[u8]) {
        self.transmit.extend(packets(header, body, self.tpdu_size));
    }

    /// Queues octets as they are.
    pub(super) fn send_raw(&mut self, octets: Vec<u8>) {
        if !octets.is_empty() {
            self.transmit.push_back(octets);
        }
    }

    pub(super) fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.transmit.pop_front()
    }
}

/// How the fields of [`violation`] end.
const IN_THIS_PHASE: &str = " in this phase";

/// The peer sent something valid that the protocol forbids at this point.
pub(super) const fn violation(layer: Layer, field: &'static str) -> WireError {
    WireError::new(layer, ErrorKind::InvalidValue { field }, 0)
}

/// Whether what an association ended with was valid in itself and had no place at its point (ISO 8073, ISO 8327-1, ISO 9506-2, state tables).
#[must_use]
pub fn out_of_phase(error: &WireError) -> bool {
    matches!(error.kind, ErrorKind::InvalidValue { field } if field.ends_with(IN_THIS_PHASE))
}
