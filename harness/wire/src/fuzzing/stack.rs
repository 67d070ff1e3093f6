//! Promises of the whole stack over one stream.

use crate::acse::Apdu;
use crate::cotp::{Reassembler, Tpdu};
use crate::error::WireError;
use crate::fuzzing::codec::{check, same_packet};
use crate::mms::Pdu;
use crate::presentation::{self, AbortPpdu, UserData, decode_single};
use crate::session::Spdu;
use crate::sntp;
use crate::tpkt::Deframer;

/// Octets of the largest TSDU taken.
const MAX_TSDU: usize = 1 << 16;

/// Every layer from the stream up. The first octet is the size of the pieces, the second tells, in parts of
/// 256, up to where the stream comes in such pieces; the rest of it comes at once. Any pieces give the same packets and the
/// same error, so a part of the stream gives the first packets and no error that the whole does not have; and what is above
/// packets sees nothing else.
pub fn stack(input: &[u8]) {
    let [piece, cut, stream @ ..] = input else {
        return;
    };
    let cut = stream.len().saturating_mul(usize::from(*cut)) >> 8;
    let (part, rest) = stream.split_at_checked(cut).unwrap_or((stream, &[]));
    let mut pieces = part.chunks(usize::from(*piece).max(1)).chain([rest]);
    let mut in_pieces = Deframer::new();
    let mut deframer = Deframer::new();
    deframer.push(stream);
    let mut joined = Reassembler::new(MAX_TSDU);
    loop {
        let packet = deframer.next_packet();
        same_packet(&packet, &mut in_pieces, &mut pieces);
        let message = match packet {
            Ok(Some(packet)) => transport(packet, &mut joined),
            Ok(None) => return,
            Err(error) => return check(error, stream),
        };
        match message {
            Ok(message) => message.iter().for_each(|message| session(message)),
            // What a machine does then: it reads no further.
            Err(_) => return,
        }
        assert!(joined.pending() <= MAX_TSDU);
    }
}

fn transport(packet: &[u8], joined: &mut Reassembler) -> Result<Option<Vec<u8>>, WireError> {
    let Some(tpdu) = packet.get(crate::tpkt::HEADER..) else {
        return Ok(None);
    };
    match Tpdu::decode(tpdu) {
        Ok(Tpdu::Data(data)) => joined.push(&data),
        Ok(_) => Ok(None),
        Err(error) => {
            check(error, tpdu);
            Err(error)
        }
    }
}

fn session(message: &[u8]) {
    match Spdu::decode(message) {
        Err(error) => check(error, message),
        Ok(Spdu::Connect(spdu)) => {
            match presentation::Connect::decode(spdu.user_data, 0) {
                Ok(ppdu) => user_data(ppdu.user_data.as_ref()),
                Err(error) => check(error, spdu.user_data),
            };
        }
        Ok(Spdu::Accept(spdu)) => {
            match presentation::Accept::decode(spdu.user_data, 0) {
                Ok(ppdu) => user_data(ppdu.user_data.as_ref()),
                Err(error) => check(error, spdu.user_data),
            };
        }
        Ok(Spdu::Refuse(spdu)) => {
            match presentation::Reject::decode(spdu.user_data, 0) {
                Ok(ppdu) => user_data(ppdu.user_data.as_ref()),
                Err(error) => check(error, spdu.user_data),
            };
        }
        Ok(Spdu::Abort(spdu)) => match AbortPpdu::decode(spdu.user_data, 0) {
            Ok(AbortPpdu::User { user_data: data }) => user_data(data.as_ref()),
            Ok(AbortPpdu::Provider { .. }) => {}
            Err(error) => check(error, spdu.user_data),
        },
        Ok(
            Spdu::Data { user_data: data }
            | Spdu::Finish {
                user_data: data, ..
            }
            | Spdu::Disconnect { user_data: data },
        ) => match UserData::decode(data, 0) {
            Ok(decoded) => {
                // The short way says what the long way says, or leaves it to the long way.
                if let Ok(Some(short)) = decode_single(data, 0) {
                    assert_eq!(decoded, UserData::Full(vec![short]));
                }
                user_data(Some(&decoded));
            }
            Err(error) => check(error, data),
        },
        Ok(Spdu::AbortAccept | Spdu::Unknown { .. }) => {}
    }
}

fn user_data(data: Option<&UserData<'_>>) {
    match data {
        None => {}
        Some(UserData::Simple(values)) => application(values),
        Some(UserData::Full(pdvs)) => pdvs.iter().for_each(|pdv| application(pdv.values)),
    }
}

fn application(values: &[u8]) {
    match Apdu::decode(values, 0) {
        Err(error) => check(error, values),
        Ok(Apdu::AssociateRequest(apdu)) => {
            if let Some((initiate, _)) = apdu.user_information {
                mms(initiate);
            }
        }
        Ok(Apdu::AssociateResponse(apdu)) => {
            if let Some((initiate, _)) = apdu.user_information {
                mms(initiate);
            }
        }
        Ok(_) => {}
    }
    mms(values);
}

fn mms(octets: &[u8]) {
    if let Err(error) = Pdu::decode(octets) {
        check(error, octets);
    }
}

/// SNTP: what is read is all there is.
pub fn sntp(input: &[u8]) {
    match sntp::Message::decode(input) {
        Err(error) => assert!(input.len() < sntp::SIZE, "{error}"),
        Ok(message) => assert_eq!(Some(message.encode().as_slice()), input.get(..sntp::SIZE)),
    }
}
