//! One layer of a packet of the association: to take it out, and to put other octets in its place.

use crate::cotp::{Data, Tpdu};
use crate::error::Layer;
use crate::mutate::element;
use crate::session::Spdu;
use crate::tpkt;

/// Identifier of an AARQ (ISO 8650-1: APPLICATION 0).
const AARQ: u8 = 0x60;
/// Identifier of the user information of an AARQ.
const USER_INFORMATION: u8 = 0xbe;
/// Identifier of an Initiate request (ISO 9506-2: CONTEXT 8).
const INITIATE_REQUEST: u8 = 0xa8;

/// The PDU of `layer` in a packet of an association that is being established: a CR, or the CONNECT with everything that
/// it carries. `None` when the packet has no such layer.
#[must_use]
pub fn unwrap(packet: &[u8], layer: Layer) -> Option<Vec<u8>> {
    if layer == Layer::Tpkt {
        return Some(packet.to_vec());
    }
    let tpdu = packet.get(tpkt::HEADER..)?;
    if layer == Layer::Cotp {
        return Some(tpdu.to_vec());
    }
    let spdu = spdu(tpdu)?;
    if layer == Layer::Session {
        return Some(spdu.to_vec());
    }
    let Spdu::Connect(connect) = Spdu::decode(spdu).ok()? else {
        return None;
    };
    let ppdu = connect.user_data;
    match layer {
        Layer::Presentation => Some(ppdu.to_vec()),
        Layer::Acse => element::find(ppdu, &[AARQ]),
        Layer::Mms => element::find(ppdu, &[AARQ, USER_INFORMATION, INITIATE_REQUEST]),
        _ => None,
    }
}

/// The same packet with `pdu` in place of the PDU of `layer`. The lengths of everything around it fit, so that a receiver sees the
/// one fault that was meant. `None` when the packet has no such layer, or cannot hold the octets.
#[must_use]
pub fn rewrap(packet: &[u8], layer: Layer, pdu: &[u8]) -> Option<Vec<u8>> {
    if layer == Layer::Tpkt {
        return Some(pdu.to_vec());
    }
    let tpdu = packet.get(tpkt::HEADER..)?;
    if layer == Layer::Cotp {
        return tpkt::encode(pdu).ok();
    }
    let spdu = spdu(tpdu)?;
    if layer == Layer::Session {
        return wrap(pdu);
    }
    let Spdu::Connect(mut connect) = Spdu::decode(spdu).ok()? else {
        return None;
    };
    let ppdu = match layer {
        Layer::Presentation => pdu.to_vec(),
        Layer::Acse => element::replace(connect.user_data, &[AARQ], pdu)?,
        Layer::Mms => element::replace(
            connect.user_data,
            &[AARQ, USER_INFORMATION, INITIATE_REQUEST],
            pdu,
        )?,
        _ => return None,
    };
    connect.user_data = &ppdu;
    wrap(&Spdu::Connect(connect).encode().ok()?)
}

/// The TSDU of a DT that holds all of it.
fn spdu(tpdu: &[u8]) -> Option<&[u8]> {
    match Tpdu::decode(tpdu).ok()? {
        Tpdu::Data(Data {
            end: true, payload, ..
        }) => Some(payload),
        _ => None,
    }
}

/// One packet with one DT around a TSDU.
fn wrap(tsdu: &[u8]) -> Option<Vec<u8>> {
    crate::cotp::packets(tsdu, &[], tpkt::MAX_LENGTH)
        .next()
        .filter(|packet| packet.len() >= tsdu.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::association::{Initiator, InitiatorConfig, Time};
    use crate::cotp::{Connect, TpduSize};

    /// CR and CONNECT as the initiator sends them.
    fn packets() -> [Vec<u8>; 2] {
        let mut initiator = Initiator::new(InitiatorConfig::default(), Time::ZERO);
        let request = initiator.poll_transmit().unwrap();
        let mut confirm = Connect::default();
        confirm.parameters.tpdu_size = Some(TpduSize::MAX);
        let confirm = Tpdu::ConnectConfirm(confirm).encode().unwrap();
        initiator.handle_input(&tpkt::encode(&confirm).unwrap(), Time::ZERO);
        [request, initiator.poll_transmit().unwrap()]
    }

    const ALL: [Layer; 6] = [
        Layer::Tpkt,
        Layer::Cotp,
        Layer::Session,
        Layer::Presentation,
        Layer::Acse,
        Layer::Mms,
    ];

    #[test]
    fn what_is_taken_out_and_put_back_gives_the_same_packet() {
        let [request, connect] = packets();
        for layer in ALL {
            let pdu = unwrap(&connect, layer).unwrap();
            assert_eq!(rewrap(&connect, layer, &pdu).unwrap(), connect, "{layer:?}");
            let has = matches!(layer, Layer::Tpkt | Layer::Cotp);
            assert_eq!(unwrap(&request, layer).is_some(), has, "{layer:?}");
        }
    }

    #[test]
    fn the_lengths_around_fit_what_is_put_in() {
        let [_, connect] = packets();
        for layer in ALL {
            for pdu in [vec![], vec![0xaa; 5], vec![0xbb; 4000]] {
                let packet = rewrap(&connect, layer, &pdu).unwrap();
                if layer != Layer::Tpkt {
                    let length = usize::from(u16::from_be_bytes([packet[2], packet[3]]));
                    assert_eq!(length, packet.len(), "{layer:?}");
                }
                if pdu.is_empty() || layer == Layer::Mms {
                    continue;
                }
                let found = packet.windows(pdu.len()).any(|window| window == pdu);
                assert!(found, "{layer:?}");
            }
        }
    }
}
