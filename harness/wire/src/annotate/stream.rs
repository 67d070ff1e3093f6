//! TPKT (RFC 1006) and COTP (ISO 8073), with reassembly.

use crate::annotate::connection;
use crate::annotate::leaf::{hex, selector};
use crate::annotate::walk::{Builder, Place};
use crate::cotp::{DisconnectReason, RejectCause, TpduSize, codes};
use crate::error::{ErrorKind, Layer, WireError};
use crate::observe::ObservationKind;
use crate::tpkt;

/// The DTs of a TSDU that has not ended yet.
#[derive(Default)]
struct Tsdu {
    joined: Vec<u8>,
    /// Offset in `joined` and in the input of each piece.
    pieces: Vec<(usize, usize)>,
}

/// Adds the packets of a stream.
pub(super) fn packets(builder: &mut Builder, bytes: &[u8]) {
    let whole = Place::whole(bytes);
    let mut tsdu = Tsdu::default();
    let mut offset = 0;
    while offset < bytes.len() {
        let rest = whole.from(offset);
        let length = match tpkt::packet_length(rest.bytes) {
            Ok(Some(length)) => length,
            Ok(None) => {
                let kind = ErrorKind::Truncated {
                    needed: tpkt::HEADER,
                    available: rest.bytes.len(),
                };
                builder.leaf(rest.undecoded(WireError::new(Layer::Tpkt, kind, 0)));
                return;
            }
            Err(error) => {
                builder.leaf(rest.undecoded(error));
                return;
            }
        };
        let packet = rest.part(0, length);
        if packet.bytes.get(1).is_some_and(|reserved| *reserved != 0) {
            let at = offset.saturating_add(1);
            builder.observe(Layer::Tpkt, ObservationKind::ReservedNotZero, at);
        }
        let mut node = packet.node(Layer::Tpkt, "TPKT", 0, packet.bytes.len());
        node.value = format!("length {length}");
        if packet.bytes.len() < length {
            let kind = ErrorKind::Truncated {
                needed: length,
                available: packet.bytes.len(),
            };
            node.error = Some(WireError::new(Layer::Tpkt, kind, offset));
        }
        builder.node(node, |builder| {
            one(
                builder,
                packet.from(tpkt::HEADER),
                offset.saturating_add(tpkt::HEADER),
                &mut tsdu,
            );
        });
        offset = offset.saturating_add(length);
    }
}

/// Adds one TPDU that begins at `offset` of the input.
pub(super) fn tpdu(builder: &mut Builder, bytes: &[u8], offset: usize) {
    one(builder, Place::whole(bytes), offset, &mut Tsdu::default());
}

fn one(builder: &mut Builder, place: Place<'_>, offset: usize, tsdu: &mut Tsdu) {
    if let Err(error) = try_one(builder, place, offset, tsdu) {
        builder.leaf(place.undecoded(error));
    }
}

fn try_one(
    builder: &mut Builder,
    place: Place<'_>,
    offset: usize,
    tsdu: &mut Tsdu,
) -> Result<(), WireError> {
    let [indicator, code, ..] = *place.bytes else {
        let available = place.bytes.len();
        let kind = ErrorKind::Truncated {
            needed: 2,
            available,
        };
        return Err(WireError::new(Layer::Cotp, kind, 0));
    };
    let length = usize::from(indicator);
    let header_end = length.saturating_add(1);
    if length == 0 || length == 255 {
        let field = "length indicator";
        let kind = ErrorKind::InvalidValue { field };
        return Err(WireError::new(Layer::Cotp, kind, 0));
    }
    if header_end > place.bytes.len() {
        let kind = ErrorKind::Truncated {
            needed: length,
            available: place.bytes.len().saturating_sub(1),
        };
        return Err(WireError::new(Layer::Cotp, kind, 1));
    }
    let header = place.part(0, header_end);
    let (name, fixed) = match code & 0xf0 {
        codes::CR => ("CR", 7),
        codes::CC => ("CC", 7),
        codes::DR => ("DR", 7),
        codes::DC => ("DC", 6),
        codes::DT => ("DT", 3),
        codes::ER => ("ER", 5),
        codes::ED => ("ED", header_end),
        _ => ("TPDU", header_end),
    };
    if code & 0xf0 == codes::DT
        && let [_, _, number] = header.bytes
    {
        let user_data = place.from(header_end);
        let end = number & 0x80 != 0;
        tsdu.pieces
            .push((tsdu.joined.len(), offset.saturating_add(header_end)));
        tsdu.joined.extend_from_slice(user_data.bytes);
        let mut node = place.node(Layer::Cotp, name, 0, place.bytes.len());
        node.value = match (end, tsdu.pieces.len()) {
            (true, 1) => String::new(),
            (true, parts) => format!("last of {parts}, TSDU of {} octets", tsdu.joined.len()),
            (false, part) => format!("part {part}, {} octets", user_data.bytes.len()),
        };
        if !end {
            builder.leaf(node);
            return Ok(());
        }
        let whole = core::mem::take(tsdu);
        builder.node(node, |builder| {
            connection::spdu(builder, Place::joined(&whole.joined, &whole.pieces));
        });
        return Ok(());
    }
    let mut node = place.node(Layer::Cotp, name, 0, place.bytes.len());
    node.value = fixed_part(code, header.bytes);
    if header.bytes.len() < fixed {
        let kind = ErrorKind::InvalidSize { found: length };
        node.error = Some(WireError::new(Layer::Cotp, kind, offset));
    }
    builder.node(node, |builder| {
        parameters(builder, header.from(fixed), code & 0xf0);
        let user_data = place.from(header_end);
        if !user_data.bytes.is_empty() {
            let mut node = user_data.node(Layer::Cotp, "user data", 0, user_data.bytes.len());
            node.value = hex(user_data.bytes);
            builder.leaf(node);
        }
    });
    Ok(())
}

fn fixed_part(code: u8, header: &[u8]) -> String {
    match (code & 0xf0, header) {
        (codes::CR | codes::CC, [_, _, d1, d2, s1, s2, class, ..]) => {
            format!("{}, class {}", references(*d1, *d2, *s1, *s2), class >> 4)
        }
        (codes::DR, [_, _, d1, d2, s1, s2, reason, ..]) => format!(
            "{}, reason {}",
            references(*d1, *d2, *s1, *s2),
            DisconnectReason(*reason)
        ),
        (codes::DC, [_, _, d1, d2, s1, s2, ..]) => references(*d1, *d2, *s1, *s2),
        (codes::ER, [_, _, d1, d2, cause, ..]) => {
            let destination = u16::from_be_bytes([*d1, *d2]);
            let cause = RejectCause(*cause);
            format!("destination {destination}, cause {cause}")
        }
        (codes::CR | codes::CC | codes::DR | codes::DC | codes::ER, _) => hex(header),
        _ => format!("code {code:#04x}, header {}", hex(header)),
    }
}

fn references(d1: u8, d2: u8, s1: u8, s2: u8) -> String {
    let destination = u16::from_be_bytes([d1, d2]);
    let source = u16::from_be_bytes([s1, s2]);
    format!("destination {destination}, source {source}")
}

fn parameters(builder: &mut Builder, mut rest: Place<'_>, tpdu: u8) {
    while let [code, after @ ..] = rest.bytes {
        let (length, available) = match after {
            [length, value @ ..] => (usize::from(*length), value.len()),
            [] => (1, 0),
        };
        if available < length {
            let kind = ErrorKind::Truncated {
                needed: length,
                available,
            };
            builder.leaf(rest.undecoded(WireError::new(Layer::Cotp, kind, 1)));
            return;
        }
        let octets = length.saturating_add(2);
        let value = rest.part(2, length).bytes;
        let (name, text) = parameter(tpdu, *code, value);
        let mut node = rest.node(Layer::Cotp, name, 0, octets);
        node.value = text;
        builder.leaf(node);
        rest = rest.from(octets);
    }
}

fn parameter(tpdu: u8, code: u8, value: &[u8]) -> (std::borrow::Cow<'static, str>, String) {
    let connect = matches!(tpdu, codes::CR | codes::CC);
    match (code, value) {
        (0xc0, [size]) if connect => {
            let text = match TpduSize(*size).octets() {
                Some(octets) => format!("{octets} octets"),
                None => format!("invalid ({size})"),
            };
            ("TPDU size".into(), text)
        }
        (0xf0, _) if connect => ("preferred maximum TPDU size".into(), hex(value)),
        (0xc1, _) if connect => ("calling TSAP".into(), selector(value)),
        (0xc2, _) if connect => ("called TSAP".into(), selector(value)),
        (0xc4, _) if connect => ("version".into(), hex(value)),
        (0xc5, _) if connect => ("protection".into(), hex(value)),
        (0xc6, _) if connect => ("additional options".into(), hex(value)),
        (0xc7, _) if connect => ("alternative classes".into(), hex(value)),
        (0xc1, _) if tpdu == codes::ER => ("invalid TPDU".into(), hex(value)),
        (0xe0, _) if tpdu == codes::DR => ("additional information".into(), selector(value)),
        (0xc3, _) => ("checksum".into(), hex(value)),
        _ => (format!("parameter {code:#04x}").into(), hex(value)),
    }
}
