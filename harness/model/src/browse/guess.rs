//! What MMS does not tell, told from names and types: basic types, sub data objects, common data classes, trigger options.

use std::sync::{Arc, LazyLock};

use iedassay_wire::mms::TypeSpecification;

use super::item::Item;
use crate::{
    Fc,
    tree::{BType, Child, DataObject, EnumType, SharedEnum, Triggers},
};

/// Names of sub data objects of the composite classes of IEC 61850-7-3 (WYE, DEL, SEQ, harmonics).
const SUB_OBJECTS: [&str; 11] = [
    "phsA", "phsB", "phsC", "neut", "net", "res", "phsAB", "phsBC", "phsCA", "c1", "c2",
];

/// Prefix, class and instance of the name of a logical node.
pub(super) fn split_node_name(name: &str) -> (&str, &str, &str) {
    if name == "LLN0" {
        return ("", "LLN0", "");
    }
    let body = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let inst = name.get(body.len()..).unwrap_or("");
    match body
        .len()
        .checked_sub(4)
        .and_then(|at| Some((body.get(..at)?, body.get(at..)?)))
    {
        Some((prefix, class)) if class.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            (prefix, class, inst)
        }
        _ => ("", name, ""),
    }
}

/// Whether something in a data object is a data object itself and no structured attribute.
pub(super) fn is_sub_object(item: &Item) -> bool {
    if item.children.is_empty() {
        return false;
    }
    let has = |name| item.children.iter().any(|child| child.name == name);
    SUB_OBJECTS.contains(&item.name.as_str()) || item.name == "c3" || has("q") && has("t")
}

/// The basic type of an attribute.
pub(super) fn basic_type(item: &Item, path: &str) -> BType {
    use TypeSpecification as T;
    let name = item.name.as_str();
    let Some(spec) = &item.spec else {
        return if item.children.is_empty() {
            BType::Unknown
        } else {
            BType::Structure
        };
    };
    let limit = |size: i32| size.unsigned_abs();
    match spec {
        T::Boolean => BType::Boolean,
        T::Integer(8) => enumeration(name, path).map_or(BType::Int8, BType::Enum),
        T::Integer(16) => enumeration(name, path).map_or(BType::Int16, BType::Enum),
        T::Integer(24) => BType::Int24,
        T::Integer(32) => enumeration(name, path).map_or(BType::Int32, BType::Enum),
        T::Integer(64) => BType::Int64,
        T::Integer(128) => BType::Int128,
        T::Unsigned(8) => BType::Int8U,
        T::Unsigned(16) => BType::Int16U,
        T::Unsigned(24) => BType::Int24U,
        T::Unsigned(32) => BType::Int32U,
        T::FloatingPoint {
            format_width: 32, ..
        } => BType::Float32,
        T::FloatingPoint {
            format_width: 64, ..
        } => BType::Float64,
        T::BitString(size) => match (limit(*size), name) {
            (2, "Check") => BType::Check,
            (2, "ctlVal" | "valWTr") => BType::Tcmd,
            (2, _) => BType::Dbpos,
            (13, _) => BType::Quality,
            (6, "TrgOps") => BType::TrgOps,
            (10, "OptFlds") => BType::OptFlds,
            (8, "OptFlds") => BType::SvOptFlds,
            (bits, _) => BType::BitString(bits),
        },
        T::OctetString(size) if *size < 0 => BType::Octet(limit(*size)),
        T::OctetString(size) => BType::OctetFixed(limit(*size)),
        T::VisibleString(size) => BType::VisString(limit(*size)),
        T::MmsString(size) => BType::Unicode(limit(*size)),
        T::UtcTime => BType::Timestamp,
        T::BinaryTime { with_date: true } => BType::EntryTime,
        other => BType::Other(Box::new(other.clone())),
    }
}

/// The enumerations that are the same in every server.
fn enumeration(name: &str, path: &str) -> Option<SharedEnum> {
    static CTL_MODEL: LazyLock<SharedEnum> = LazyLock::new(|| {
        literals(
            "CtlModelKind",
            0,
            &[
                "status-only",
                "direct-with-normal-security",
                "sbo-with-normal-security",
                "direct-with-enhanced-security",
                "sbo-with-enhanced-security",
            ],
        )
    });
    static SBO_CLASS: LazyLock<SharedEnum> =
        LazyLock::new(|| literals("SboClassKind", 0, &["operate-once", "operate-many"]));
    static OR_CAT: LazyLock<SharedEnum> = LazyLock::new(|| {
        literals(
            "OriginatorCategoryKind",
            0,
            &[
                "not-supported",
                "bay-control",
                "station-control",
                "remote-control",
                "automatic-bay",
                "automatic-station",
                "automatic-remote",
                "maintenance",
                "process",
            ],
        )
    });
    static BEHAVIOUR: LazyLock<SharedEnum> = LazyLock::new(|| {
        literals(
            "BehaviourModeKind",
            1,
            &["on", "blocked", "test", "test/blocked", "off"],
        )
    });
    static HEALTH: LazyLock<SharedEnum> =
        LazyLock::new(|| literals("HealthKind", 1, &["Ok", "Warning", "Alarm"]));
    let object = path.split('$').nth(2).unwrap_or("");
    let known = match (name, object) {
        ("ctlModel", _) => &CTL_MODEL,
        ("sboClass", _) => &SBO_CLASS,
        ("orCat", _) => &OR_CAT,
        ("stVal" | "ctlVal" | "subVal", "Mod" | "Beh") => &BEHAVIOUR,
        ("stVal", "Health" | "PhyHealth" | "EEHealth") => &HEALTH,
        _ => return None,
    };
    Some(SharedEnum::clone(known))
}

fn literals(id: &str, first: i32, names: &[&str]) -> SharedEnum {
    let literals = (first..)
        .zip(names)
        .map(|(ord, name)| (ord, (*name).to_owned()))
        .collect();
    Arc::new(EnumType {
        id: id.to_owned(),
        literals,
    })
}

/// What an attribute triggers in the classes of IEC 61850-7-3. Update triggers cannot be told from outside.
pub(super) fn triggers(name: &str, fc: Fc) -> Triggers {
    let none = Triggers::default();
    match (fc, name) {
        (Fc::ST | Fc::MX, "q") => Triggers { qchg: true, ..none },
        // Every service is tracked by an update of this one.
        (Fc::SR, "objRef") => Triggers { dupd: true, ..none },
        (
            Fc::ST | Fc::MX,
            "t" | "origin" | "ctlNum" | "orCat" | "orIdent" | "instMag" | "instCVal",
        ) => none,
        (Fc::ST | Fc::MX | Fc::SP | Fc::OR, _) => Triggers { dchg: true, ..none },
        _ => none,
    }
}

/// Fills in common data classes and takes back trigger options inside structures that have none.
pub(super) fn complete(object: &mut DataObject) {
    for child in &mut object.children {
        match child {
            Child::Object(sub) => complete(sub),
            Child::Attribute(attribute) if attribute.triggers == Triggers::default() => {
                for component in &mut attribute.components {
                    clear(component);
                }
            }
            Child::Attribute(_) => {}
        }
    }
    object.cdc = class_of(object).to_owned();
}

fn clear(attribute: &mut crate::tree::DataAttribute) {
    attribute.triggers = Triggers::default();
    for component in &mut attribute.components {
        clear(component);
    }
}

/// The common data class that the attributes speak for; empty when they do not.
fn class_of(object: &DataObject) -> &'static str {
    let attribute = |name: &str| {
        object.children.iter().find_map(|child| match child {
            Child::Attribute(attribute) if attribute.name == name => Some(attribute),
            _ => None,
        })
    };
    let sub = |name: &str| {
        object
            .children
            .iter()
            .any(|child| matches!(child, Child::Object(sub) if sub.name == name))
    };
    let controlled = attribute("ctlModel").is_some() || attribute("Oper").is_some();
    if let Some(value) = attribute("stVal") {
        return match (&value.btype, controlled) {
            (BType::Boolean, true) => "SPC",
            (BType::Boolean, false) => "SPS",
            (BType::Dbpos, true) => "DPC",
            (BType::Dbpos, false) => "DPS",
            (BType::Enum(_) | BType::Int8, true) => "ENC",
            (BType::Enum(_) | BType::Int8, false) => "ENS",
            (BType::VisString(_), _) => "VSS",
            (_, true) => "INC",
            (_, false) => "INS",
        };
    }
    if attribute("mxVal").is_some() {
        "APC"
    } else if attribute("valWTr").is_some() {
        "BSC"
    } else if attribute("general").is_some() {
        if attribute("dirGeneral").is_some() {
            "ACD"
        } else {
            "ACT"
        }
    } else if attribute("actVal").is_some() {
        "BCR"
    } else if attribute("mag").is_some() {
        "MV"
    } else if attribute("cVal").is_some() {
        "CMV"
    } else if sub("phsAB") {
        "DEL"
    } else if sub("phsA") {
        "WYE"
    } else if sub("c1") {
        "SEQ"
    } else if attribute("setMag").is_some() {
        "ASG"
    } else if attribute("setTm").is_some() {
        "TSG"
    } else if attribute("setSrcRef").is_some() {
        "ORG"
    } else if let Some(value) = attribute("setVal") {
        match value.btype {
            BType::Boolean => "SPG",
            BType::VisString(_) => "VSG",
            BType::Enum(_) | BType::Int8 => "ENG",
            _ => "ING",
        }
    } else if attribute("vendor").is_some() {
        if object.name == "PhyNam" {
            "DPL"
        } else {
            "LPL"
        }
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_logical_nodes_fall_into_parts() {
        assert_eq!(split_node_name("LLN0"), ("", "LLN0", ""));
        assert_eq!(split_node_name("Q0XCBR1"), ("Q0", "XCBR", "1"));
        assert_eq!(split_node_name("GGIO12"), ("", "GGIO", "12"));
        assert_eq!(split_node_name("odd"), ("", "odd", ""));
        assert_eq!(split_node_name("é123"), ("", "é123", ""));
    }
}
