//! Values of every type from the octets of a fuzzer: what an encoder may be given, so that what comes
//! back must be the same. Octets that run out make the simplest value, so depth and size are bounded.

mod mms;
mod osi;
mod value;

pub(super) use mms::pdu;
pub(super) use osi::{abort_ppdu, apdu, cp, cpa, cpr, spdu, tpdu};
pub(super) use value::{data, type_spec};

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use crate::ber::{BitString, Oid, RawTlv, Tag};

/// Elements of one list.
const MAX_LIST: u8 = 6;
/// Octets of one string.
const MAX_STRING: u16 = 400;

/// Any value of a plain type.
fn any<'a, T: Arbitrary<'a>>(u: &mut Unstructured<'a>) -> Result<T> {
    T::arbitrary(u)
}

fn option<'a, T>(
    u: &mut Unstructured<'a>,
    make: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if any(u)? { make(u).map(Some) } else { Ok(None) }
}

fn list<'a, T>(
    u: &mut Unstructured<'a>,
    mut make: impl FnMut(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Vec<T>> {
    let len = u.int_in_range(0..=MAX_LIST)?;
    (0..len).map(|_| make(u)).collect()
}

/// Mostly short, now and then long enough for lengths of two and three octets.
fn slice<'a>(u: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    let short: u8 = any(u)?;
    let len = if short < 240 {
        usize::from(short % 24)
    } else {
        usize::from(u.int_in_range(0..=MAX_STRING)?)
    };
    u.bytes(len.min(u.len()))
}

fn octets(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    slice(u).map(<[u8]>::to_vec)
}

fn text(u: &mut Unstructured<'_>) -> Result<String> {
    slice(u).map(|octets| String::from_utf8_lossy(octets).into_owned())
}

fn bits(u: &mut Unstructured<'_>) -> Result<BitString> {
    let octets = slice(u)?;
    Ok(BitString::from_octets(octets, u.int_in_range(0..=7)?))
}

fn oid(u: &mut Unstructured<'_>) -> Result<Oid> {
    let mut arcs = vec![u.int_in_range(0..=2)?, u.int_in_range(0..=39)?];
    arcs.extend(list(u, any::<u64>)?);
    Oid::from_arcs(&arcs).ok_or(Error::IncorrectFormat)
}

/// An element that nothing interprets, of a context tag within the bounds.
fn raw(u: &mut Unstructured<'_>, tags: core::ops::RangeInclusive<u32>) -> Result<RawTlv> {
    Ok(RawTlv {
        tag: Tag::context(u.int_in_range(tags)?),
        constructed: any(u)?,
        content: octets(u)?,
    })
}
