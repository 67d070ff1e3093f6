//! Mutations of what is not BER: TPKT, COTP and session headers.

use crate::cotp::codes;
use crate::mutate::{Mutation, Random};

pub(super) fn apply(octets: &[u8], mutation: Mutation, random: &mut Random) -> Option<Vec<u8>> {
    let mut out = octets.to_vec();
    match mutation {
        Mutation::TpktVersion => set(&mut out, 0, 4)?,
        Mutation::TpktReserved => set(&mut out, 1, 0xff)?,
        Mutation::TpktLengthZero => tpkt_length(&mut out, 0)?,
        Mutation::TpktLengthHeader => tpkt_length(&mut out, 4)?,
        Mutation::TpktLengthShort => {
            let length = out.len().checked_sub(1).filter(|length| *length >= 7)?;
            tpkt_length(&mut out, length)?;
        }
        Mutation::TpktLengthLong => {
            let more = random.below(64).saturating_add(1);
            let length = out.len().saturating_add(more);
            tpkt_length(&mut out, length)?;
        }
        Mutation::CotpIndicatorZero => set(&mut out, 0, 0)?,
        Mutation::CotpIndicatorShort => set(&mut out, 0, 1)?,
        Mutation::CotpIndicatorLong => {
            let length = u8::try_from(out.len()).unwrap_or(254).min(254);
            set(&mut out, 0, length)?;
        }
        Mutation::CotpIndicatorReserved => set(&mut out, 0, 255)?,
        Mutation::CotpCode => set(&mut out, 1, 0x30)?,
        Mutation::CotpParameterLong => {
            let at = connect_parameters(&out)?.checked_add(1)?;
            set(&mut out, at, 200)?;
        }
        Mutation::CotpSizeCode => {
            let at = size_parameter(&out)?;
            let code = 32_u8.saturating_add(random.octet() >> 1);
            set(&mut out, at.checked_add(2)?, code)?;
        }
        Mutation::SessionLengthLong => {
            let more = u8::try_from(out.len()).unwrap_or(253).saturating_add(1);
            set(&mut out, 1, more.min(254))?;
        }
        Mutation::SessionLengthShort => {
            let length = out.get_mut(1).filter(|length| **length > 1)?;
            // Of the long form the high octet.
            *length = length.wrapping_sub(1);
        }
        Mutation::SessionLengthCut => {
            out.truncate(1);
            out.extend_from_slice(&[0xff, 0]);
        }
        Mutation::SessionParameterLong => {
            // The length of the first parameter, behind its code.
            let at = if *out.get(1)? == 0xff { 5 } else { 3 };
            set(&mut out, at, 250)?;
        }
        Mutation::SessionIdentifier => set(&mut out, 0, 0x7e)?,
        _ => return None,
    }
    (out != octets).then_some(out)
}

fn set(octets: &mut [u8], at: usize, value: u8) -> Option<()> {
    *octets.get_mut(at)? = value;
    Some(())
}

fn tpkt_length(packet: &mut [u8], length: usize) -> Option<()> {
    let [high, low] = u16::try_from(length).ok()?.to_be_bytes();
    set(packet, 2, high)?;
    set(packet, 3, low)
}

/// Offset of the first parameter of a CR or CC.
fn connect_parameters(tpdu: &[u8]) -> Option<usize> {
    let code = tpdu.get(1)? & 0xf0;
    let connect = matches!(code, codes::CR | codes::CC);
    (connect && tpdu.len() > 9).then_some(7)
}

/// Offset of the parameter that holds the TPDU size.
fn size_parameter(tpdu: &[u8]) -> Option<usize> {
    let mut at = connect_parameters(tpdu)?;
    loop {
        match tpdu.get(at..)? {
            [0xc0, 1, _, ..] => return Some(at),
            [_, length, ..] => at = at.checked_add(2)?.checked_add(usize::from(*length))?,
            _ => return None,
        }
    }
}
