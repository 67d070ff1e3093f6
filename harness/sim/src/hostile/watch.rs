//! What the client says, as far as its reaction shows in it.

use std::collections::BTreeMap;

use iedassay_wire::{
    cotp::{Reassembler, Tpdu},
    mms::{Pdu, PduKind, Request, Service, VariableAccess, VariableSpecification, peek},
    presentation::decode_single,
    session::Spdu,
    tpkt::{self, Deframer},
};

use super::Reaction;

/// The largest TSDU that is looked at.
const MAX_TSDU: usize = 1 << 20;
/// Requests that are remembered until they are answered.
const MAX_ASKED: usize = 64;

/// What a request asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) service: Service,
    /// It reads a whole report control block.
    pub(super) block: bool,
}

/// Reads along. What cannot be decoded ends it: then only octets tell that the client lives.
#[derive(Debug)]
pub(super) struct Watch {
    stream: Option<(Deframer, Reassembler)>,
    /// Confirmed requests.
    pub(super) requests: u64,
    /// How the client took leave, if it did.
    pub(super) leave: Option<Reaction>,
    /// By invoke id what was asked and is not answered yet.
    asked: BTreeMap<u32, Asked>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            stream: Some((Deframer::new(), Reassembler::new(MAX_TSDU))),
            requests: 0,
            leave: None,
            asked: BTreeMap::new(),
        }
    }
}

impl Watch {
    pub(super) fn push(&mut self, octets: &[u8]) {
        let Some((mut deframer, mut joined)) = self.stream.take() else {
            return;
        };
        deframer.push(octets);
        loop {
            let packet = match deframer.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(_) => return,
            };
            let tpdu = packet.get(tpkt::HEADER..).unwrap_or_default();
            match Tpdu::decode(tpdu) {
                Ok(Tpdu::Data(data)) => match joined.push(&data) {
                    Ok(Some(tsdu)) => self.tsdu(&tsdu),
                    Ok(None) => {}
                    Err(_) => return,
                },
                Ok(Tpdu::DisconnectRequest(_)) => {
                    self.leave.get_or_insert(Reaction::Aborted);
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
        self.stream = Some((deframer, joined));
    }

    /// What the answer is one to.
    pub(super) fn answered(&mut self, pdu: &[u8]) -> Option<Asked> {
        let invoke_id = peek(pdu).ok()?.invoke_id?;
        self.asked.remove(&invoke_id)
    }

    fn tsdu(&mut self, tsdu: &[u8]) {
        match Spdu::decode(tsdu) {
            Ok(Spdu::Data { user_data }) => {
                if let Ok(Some(pdv)) = decode_single(user_data, 0) {
                    self.pdu(pdv.values);
                }
            }
            Ok(Spdu::Finish { .. }) => self.leave = Some(Reaction::Released),
            Ok(Spdu::Abort(_)) => self.leave = Some(Reaction::Aborted),
            _ => {}
        }
    }

    fn pdu(&mut self, pdu: &[u8]) {
        match peek(pdu).map(|peek| peek.kind) {
            Ok(PduKind::ConfirmedRequest) => self.requests = self.requests.saturating_add(1),
            Ok(PduKind::ConcludeRequest) => {
                self.leave = Some(Reaction::Released);
                return;
            }
            _ => return,
        }
        if let Ok(Pdu::ConfirmedRequest(request)) = Pdu::decode(pdu) {
            if self.asked.len() >= MAX_ASKED {
                self.asked.pop_first();
            }
            let asked = Asked {
                service: request.service.service(),
                block: reads_block(&request.service),
            };
            self.asked.insert(request.invoke_id, asked);
        }
    }
}

/// Whether it reads a whole report control block, such as `LLN0$BR$brcb01`.
fn reads_block(request: &Request) -> bool {
    let Request::Read(read) = request else {
        return false;
    };
    let VariableAccess::ListOfVariable(variables) = &read.access else {
        return false;
    };
    variables.iter().any(|one| match &one.specification {
        VariableSpecification::Name(name) => {
            let parts: Vec<&str> = name.item().split('$').collect();
            matches!(parts.as_slice(), [_, "BR" | "RP", _])
        }
        _ => false,
    })
}
