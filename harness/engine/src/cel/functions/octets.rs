//! Functions of octets, which suites write as texts of hexadecimal digits.

use std::fmt::Write as _;
use std::sync::Arc;

use cel::Value;

use super::{Answer, Args, answer, arg, describe, fail, text_arg};
use crate::cel::{FieldValue, Hex};

/// The most octets that one call gives.
const MOST: usize = 1 << 20;

fn octets(function: &str, args: &Args<'_, '_>, n: usize) -> Result<Vec<u8>, cel::ExecutionError> {
    let text = text_arg(function, args, n)?;
    Hex::from_text(&text)
        .map(|Hex(octets)| octets)
        .map_err(|bad| fail(function, bad.message))
}

fn given<'b, 'v>(function: &str, octets: &[u8]) -> Answer<'b, 'v> {
    if octets.len() > MOST {
        return Err(fail(function, format!("more than {MOST} octets")));
    }
    let mut text = String::with_capacity(octets.len() * 2);
    for octet in octets {
        // Writing to a text cannot fail.
        let _ = write!(text, "{octet:02x}");
    }
    answer(&Value::String(Arc::new(text)))
}

/// An element of BER: identifier, the shortest length, contents.
pub(super) fn tlv<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut out = octets("tlv", &args, 0)?;
    let content = octets("tlv", &args, 1)?;
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let zeros = length.iter().take_while(|octet| **octet == 0).count();
            let digits = length.get(zeros..).unwrap_or_default();
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            out.extend_from_slice(digits);
        }
    }
    out.extend_from_slice(&content);
    given("tlv", &out)
}

/// A TPKT around a TPDU.
pub(super) fn tpkt<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let tpdu = octets("tpkt", &args, 0)?;
    let packet =
        iedassay_wire::tpkt::encode(&tpdu).map_err(|error| fail("tpkt", error.to_string()))?;
    given("tpkt", &packet)
}

/// The octets of a text.
pub(super) fn hex<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    given("hex", text_arg("hex", &args, 0)?.as_bytes())
}

/// Something again and again.
pub(super) fn times<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let text = text_arg("times", &args, 0)?;
    let count = match arg(&args, 1)? {
        Value::Int(count) => usize::try_from(count).ok(),
        Value::UInt(count) => usize::try_from(count).ok(),
        other => {
            let message = format!("expected a number, found {}", describe(&other));
            return Err(fail("times", message));
        }
    };
    let count = count
        .filter(|count| text.len().saturating_mul(*count) <= 2 * MOST)
        .ok_or_else(|| fail("times", "a negative number of times, or a text too long"))?;
    answer(&Value::String(Arc::new(text.repeat(count))))
}
