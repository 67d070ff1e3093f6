//! Session (ISO 8327-1).

use crate::annotate::leaf::{hex, selector};
use crate::annotate::osi;
use crate::annotate::walk::{Builder, Place, elements};
use crate::error::{ErrorKind, Layer, WireError};
use crate::observe::ObservationKind;
use crate::session::parameter::{Raw, read_length, take};
use crate::session::{RefuseReason, si};

/// Adds the SPDUs of one TSDU.
pub(super) fn spdu(builder: &mut Builder, place: Place<'_>) {
    if let Err(error) = try_spdu(builder, place) {
        builder.leaf(place.undecoded(error));
    }
}

fn try_spdu(builder: &mut Builder, place: Place<'_>) -> Result<(), WireError> {
    let header = Header::read(place)?;
    if header.si == si::DATA && header.end < place.bytes.len() {
        let second = place.from(header.end);
        let data = Header::read(second).map_err(|error| error.shifted(header.end))?;
        if data.si == si::DATA {
            let node = place.node(
                Layer::Session,
                "GIVE TOKENS, DATA TRANSFER",
                0,
                place.bytes.len(),
            );
            let user_data = second.from(data.end);
            builder.node(node, |builder| {
                parameters(builder, place.part(header.body, header.length), false);
                parameters(builder, second.part(data.body, data.length), false);
                elements(builder, user_data, Layer::Presentation, osi::USER_DATA);
            });
            return Ok(());
        }
        let node = place.node(Layer::Session, "GIVE TOKENS", 0, header.end);
        builder.leaf(node);
        spdu(builder, second);
        return Ok(());
    }
    let name = spdu_name(header.si);
    let mut node = place.node(Layer::Session, name, 0, header.end);
    if name == UNKNOWN {
        node.value = header.si.to_string();
    }
    let body = place.part(header.body, header.length);
    builder.node(node, |builder| match header.si {
        si::CONNECT => user_data(builder, body, osi::CP),
        si::ACCEPT => user_data(builder, body, osi::CPA),
        si::REFUSE => user_data(builder, body, osi::CPR),
        si::ABORT => user_data(builder, body, osi::ABORT),
        _ => user_data(builder, body, osi::USER_DATA),
    });
    let rest = place.from(header.end);
    if !rest.bytes.is_empty() {
        let octets = rest.bytes.len();
        let kind = ErrorKind::TrailingData { octets };
        builder.leaf(rest.undecoded(WireError::new(Layer::Session, kind, 0)));
    }
    Ok(())
}

struct Header {
    si: u8,
    /// Offset of the parameters.
    body: usize,
    length: usize,
    /// Offset behind the parameters, within the place.
    end: usize,
}

impl Header {
    fn read(place: Place<'_>) -> Result<Self, WireError> {
        let Some((si, after)) = place.bytes.split_first() else {
            let kind = ErrorKind::Truncated {
                needed: 2,
                available: 0,
            };
            return Err(WireError::new(Layer::Session, kind, 0));
        };
        let (length, octets) = read_length(after, 1)?;
        let body = octets.saturating_add(1);
        let end = body.saturating_add(length).min(place.bytes.len());
        Ok(Self {
            si: *si,
            body,
            length,
            end,
        })
    }
}

const UNKNOWN: &str = "SPDU";

fn spdu_name(si: u8) -> &'static str {
    match si {
        si::DATA => "GIVE TOKENS",
        2 => "PLEASE TOKENS",
        8 => "NOT FINISHED",
        si::FINISH => "FINISH",
        si::DISCONNECT => "DISCONNECT",
        si::REFUSE => "REFUSE",
        si::CONNECT => "CONNECT",
        si::ACCEPT => "ACCEPT",
        15 => "CONNECT DATA OVERFLOW",
        16 => "OVERFLOW ACCEPT",
        si::ABORT => "ABORT",
        si::ABORT_ACCEPT => "ABORT ACCEPT",
        _ => UNKNOWN,
    }
}

fn parameters(builder: &mut Builder, place: Place<'_>, in_group: bool) {
    walk(builder, place, in_group, osi::USER_DATA);
}

fn user_data(builder: &mut Builder, place: Place<'_>, ppdu: &'static [super::schema::Field]) {
    walk(builder, place, false, ppdu);
}

fn walk(
    builder: &mut Builder,
    place: Place<'_>,
    in_group: bool,
    ppdu: &'static [super::schema::Field],
) {
    let (mut rest, mut offset) = (place.bytes, 0);
    loop {
        let at = offset;
        let raw = match take(&mut rest, &mut offset) {
            Ok(Some(raw)) => raw,
            Ok(None) => return,
            Err(error) => {
                let part = place.from(at);
                let offset = error.offset.saturating_sub(at);
                builder.leaf(part.undecoded(WireError { offset, ..error }));
                return;
            }
        };
        let header = raw.value_offset.saturating_sub(raw.offset);
        // The long form of a length takes four octets with the identifier.
        if header > 2 && raw.value.len() < 255 {
            let at = place.offset_of(raw.offset);
            builder.observe(Layer::Session, ObservationKind::LongFormLength, at);
        }
        let length = raw.value.len().saturating_add(header);
        let mut node = place.node(Layer::Session, name(raw.code), raw.offset, length);
        let value = place.part(raw.value_offset, raw.value.len());
        match raw.code {
            5 if !in_group => builder.node(node, |builder| parameters(builder, value, true)),
            193 | 194 => builder.node(node, |builder| {
                elements(builder, value, Layer::Presentation, ppdu);
            }),
            50 => {
                node.value = text(&raw);
                builder.node(node, |builder| {
                    elements(builder, value.from(1), Layer::Presentation, ppdu);
                });
            }
            _ => {
                node.value = text(&raw);
                builder.leaf(node);
            }
        }
    }
}

fn name(code: u8) -> std::borrow::Cow<'static, str> {
    std::borrow::Cow::Borrowed(match code {
        1 => "Connection Identifier",
        5 => "Connect/Accept Item",
        16 => "Token Item",
        17 => "Transport Disconnect",
        19 => "Protocol Options",
        20 => "Session User Requirements",
        21 => "TSDU Maximum Size",
        22 => "Version Number",
        23 => "Initial Serial Number",
        25 => "Enclosure Item",
        26 => "Token Setting Item",
        49 => "Reflect Parameter Values",
        50 => "Reason Code",
        51 => "Calling Session Selector",
        52 => "Called/Responding Session Selector",
        60 => "Data Overflow",
        193 => "User Data",
        194 => "Extended User Data",
        _ => return format!("parameter {code}").into(),
    })
}

fn text(raw: &Raw<'_>) -> String {
    match (raw.code, raw.value) {
        (20, [high, low]) => {
            let bits = u16::from_be_bytes([*high, *low]);
            let names = [
                (0x001, "half-duplex"),
                (0x002, "duplex"),
                (0x004, "expedited"),
                (0x008, "minor synchronize"),
                (0x010, "major synchronize"),
                (0x020, "resynchronize"),
                (0x040, "activity management"),
                (0x080, "negotiated release"),
                (0x100, "capability data"),
                (0x200, "exceptions"),
                (0x400, "typed data"),
            ];
            flags(u32::from(bits), &names)
        }
        (17, [bits]) => {
            let names = [
                (1, "transport connection released"),
                (2, "user abort"),
                (4, "protocol error"),
                (8, "no reason"),
                (16, "implementation restriction"),
            ];
            flags(u32::from(*bits), &names)
        }
        (22, [bits]) => flags(u32::from(*bits), &[(1, "version 1"), (2, "version 2")]),
        (50, [reason, ..]) => RefuseReason(*reason).to_string(),
        (51 | 52, octets) => selector(octets),
        (_, octets) => hex(octets),
    }
}

/// `0x0002 (duplex)`.
fn flags(bits: u32, names: &[(u32, &str)]) -> String {
    let set: Vec<&str> = names
        .iter()
        .filter(|(bit, _)| bits & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    format!("{bits:#04x} ({})", set.join(", "))
}
