//! Values as text.

use core::fmt::Write;

use crate::annotate::schema::Type;
use crate::ber::Tlv;
use crate::error::WireError;
use crate::mms::{
    BinaryTime, Data, DataAccessError, EventConditionState, ObjectClass, ParameterSupport,
    ScopeOfDelete, ServiceSupport, VmdLogicalStatus, VmdPhysicalStatus,
};

/// Octets shown of a long value.
const SHOWN: usize = 64;

pub(super) static BOOLEAN: Type = Type::Leaf(|tlv| Ok(tlv.boolean()?.to_string()));
pub(super) static NULL: Type = Type::Leaf(|tlv| tlv.null().map(|()| String::new()));
pub(super) static BITS: Type = Type::Leaf(|tlv| Ok(tlv.bits()?.to_bit_string().to_string()));
pub(super) static OID: Type = Type::Leaf(|tlv| {
    let oid = tlv.oid()?.to_string();
    Ok(match known_oid(&oid) {
        Some(name) => format!("{oid} ({name})"),
        None => oid,
    })
});
pub(super) static OCTETS: Type = Type::Leaf(|tlv| Ok(hex(&tlv.octets()?.to_cow())));
pub(super) static TEXT: Type =
    Type::Leaf(|tlv| Ok(format!("'{}'", tlv.visible()?.to_cow().escape_debug())));
pub(super) static INTEGER: Type = Type::Leaf(integer);
pub(super) static UNSIGNED: Type = Type::Leaf(|tlv| {
    Ok(match tlv.magnitude()? {
        Some(value) => value.to_string(),
        None => hex(tlv.content()),
    })
});
pub(super) static TIME: Type = Type::Leaf(|tlv| {
    let octets = tlv.octets()?.to_cow();
    Ok(match BinaryTime::from_octets(&octets) {
        Some(time) => time.to_string(),
        None => hex(&octets),
    })
});
/// A value of MMS that is not a list.
pub(super) static DATA: Type = Type::Leaf(|tlv| Ok(Data::from_tlv(tlv)?.to_string()));
pub(super) static SERVICES: Type =
    Type::Leaf(|tlv| Ok(ServiceSupport(tlv.bits()?.to_bit_string()).to_string()));
pub(super) static PARAMETERS: Type =
    Type::Leaf(|tlv| Ok(ParameterSupport(tlv.bits()?.to_bit_string()).to_string()));

pub(super) static ACCESS_ERROR: Type =
    Type::Leaf(|tlv| Ok(DataAccessError(tlv.i64()?).to_string()));
pub(super) static OBJECT_CLASS: Type = Type::Leaf(|tlv| Ok(ObjectClass(tlv.i64()?).to_string()));
pub(super) static LOGICAL_STATUS: Type =
    Type::Leaf(|tlv| Ok(VmdLogicalStatus(tlv.i64()?).to_string()));
pub(super) static PHYSICAL_STATUS: Type =
    Type::Leaf(|tlv| Ok(VmdPhysicalStatus(tlv.i64()?).to_string()));
pub(super) static DELETE_SCOPE: Type = Type::Leaf(|tlv| Ok(ScopeOfDelete(tlv.i64()?).to_string()));
pub(super) static EVENT_STATE: Type =
    Type::Leaf(|tlv| Ok(EventConditionState(tlv.i64()?).to_string()));

pub(super) fn integer(tlv: &Tlv<'_>) -> Result<String, WireError> {
    Ok(match tlv.integer()? {
        Some(value) => value.to_string(),
        None => hex(tlv.content()),
    })
}

/// Octets as hexadecimal digits, a long string cut with its length said.
pub(super) fn hex(octets: &[u8]) -> String {
    let mut text = String::new();
    for octet in octets.iter().take(SHOWN) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{octet:02x}");
    }
    if octets.len() > SHOWN {
        let _ = write!(text, "... ({} octets)", octets.len());
    }
    text
}

/// Octets of a selector: hexadecimal, and as text when all of them print.
pub(super) fn selector(octets: &[u8]) -> String {
    let printable = !octets.is_empty() && octets.iter().all(|octet| matches!(octet, 0x20..=0x7e));
    match core::str::from_utf8(octets) {
        Ok(text) if printable => format!("{} '{text}'", hex(octets)),
        _ => hex(octets),
    }
}

fn known_oid(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "2.2.1.0.1" => "ACSE",
        "1.0.9506.2.1" => "MMS",
        "1.0.9506.2.3" => "MMS application context",
        "2.1.1" => "BER",
        "2.2.3.1" => "password",
        _ => return None,
    })
}
