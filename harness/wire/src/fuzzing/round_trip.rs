//! The structure-aware round trip: values of every type, not octets, are what the fuzzer makes, and what
//! was encoded must decode to the same.

use arbitrary::{Result, Unstructured};

use crate::acse::Apdu;
use crate::cotp::Tpdu;
use crate::fuzzing::{codec, shape};
use crate::mms::{Data, DataView, Pdu, TypeSpecification, peek};
use crate::presentation::{self, AbortPpdu, UserData};
use crate::session::Spdu;

/// The input is a recipe: which layer, and what its message holds.
pub fn round_trip(input: &[u8]) {
    let mut u = Unstructured::new(input);
    // An input that runs out made no value; there is nothing to check.
    let _ = value(&mut u);
}

fn value(u: &mut Unstructured<'_>) -> Result<()> {
    match u.int_in_range(0..=11)? {
        0..=3 => mms(&shape::pdu(u)?),
        4 => data(&shape::data(u)?),
        5 => {
            let made = shape::type_spec(u)?;
            assert_eq!(TypeSpecification::decode(&made.encode()), Ok(made));
        }
        6 => {
            let made = shape::tpdu(u)?;
            // A header of more than 254 octets cannot be encoded.
            if let Ok(octets) = made.encode() {
                assert_eq!(Tpdu::decode(&octets), Ok(made));
            }
        }
        7 => {
            let made = shape::spdu(u)?;
            if let Ok(octets) = made.encode() {
                assert_eq!(Spdu::decode(&octets), Ok(made));
            }
        }
        8 => {
            let made = shape::apdu(u)?;
            let octets = made.encode();
            assert_eq!(Apdu::decode(&octets, 0).map(unplaced_apdu), Ok(made));
        }
        9 => {
            let made = shape::cp(u)?;
            let octets = made.encode();
            let seen = presentation::Connect::decode(&octets, 0).map(|mut seen| {
                unplace(&mut seen.user_data);
                seen
            });
            assert_eq!(seen, Ok(made));
        }
        10 => {
            let made = shape::cpa(u)?;
            let octets = made.encode();
            let seen = presentation::Accept::decode(&octets, 0).map(|mut seen| {
                unplace(&mut seen.user_data);
                seen
            });
            assert_eq!(seen, Ok(made));
        }
        _ => refusals(u)?,
    }
    Ok(())
}

fn refusals(u: &mut Unstructured<'_>) -> Result<()> {
    let made = shape::cpr(u)?;
    let octets = made.encode();
    let seen = presentation::Reject::decode(&octets, 0).map(|mut seen| {
        unplace(&mut seen.user_data);
        seen
    });
    assert_eq!(seen, Ok(made));
    let made = shape::abort_ppdu(u)?;
    let octets = made.encode();
    let seen = AbortPpdu::decode(&octets, 0).map(|mut seen| {
        if let AbortPpdu::User { user_data } = &mut seen {
            unplace(user_data);
        }
        seen
    });
    assert_eq!(seen, Ok(made));
    Ok(())
}

fn mms(made: &Pdu) {
    let octets = made.encode();
    assert_eq!(Pdu::decode(&octets).as_ref(), Ok(made));
    let first = peek(&octets).map(|first| (first.kind, first.invoke_id));
    assert_eq!(first, Ok((made.kind(), made.invoke_id())));
    // Nothing shorter is a PDU.
    let cut = octets.len().saturating_sub(1).min(octets.len() / 2);
    let prefix = octets.get(..cut).unwrap_or_default();
    match Pdu::decode(prefix) {
        Ok(seen) => assert_eq!(Some(seen), None, "of a part of {made}"),
        Err(error) => codec::check(error, prefix),
    }
}

fn data(made: &Data) {
    let octets = made.encode();
    assert_eq!(Data::decode(&octets).as_ref(), Ok(made));
    let view = DataView::decode(&octets).map(|view| view.to_data());
    assert_eq!(view.as_ref(), Ok(made));
}

/// The same without offsets, which are those of the input.
fn unplace(data: &mut Option<UserData<'_>>) {
    if let Some(UserData::Full(pdvs)) = data {
        pdvs.iter_mut().for_each(|pdv| pdv.offset = 0);
    }
}

fn unplaced_apdu(mut apdu: Apdu<'_>) -> Apdu<'_> {
    let information = match &mut apdu {
        Apdu::AssociateRequest(request) => &mut request.user_information,
        Apdu::AssociateResponse(response) => &mut response.user_information,
        _ => return apdu,
    };
    if let Some((_, offset)) = information {
        *offset = 0;
    }
    apdu
}
