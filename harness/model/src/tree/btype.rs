//! Basic types of data attributes (IEC 61850-6 tBasicTypeEnum; IEC 61850-8-1, mapping of types).

use iedassay_wire::mms::TypeSpecification;

use super::SharedEnum;

/// An enumeration type: literals with their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnumType {
    /// Identifier in the description; empty when it came from elsewhere.
    pub id: String,
    /// Number and literal, in the order of the file.
    pub literals: Vec<(i32, String)>,
}

impl EnumType {
    /// The literal of a number.
    #[must_use]
    pub fn literal(&self, ord: i64) -> Option<&str> {
        self.literals
            .iter()
            .find(|(number, _)| i64::from(*number) == ord)
            .map(|(_, literal)| literal.as_str())
    }

    /// The number of a literal.
    #[must_use]
    pub fn ord(&self, literal: &str) -> Option<i32> {
        self.literals
            .iter()
            .find(|(_, text)| text == literal)
            .map(|(number, _)| *number)
    }
}

/// The basic type of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BType {
    /// BOOLEAN.
    Boolean,
    /// INT8.
    Int8,
    /// INT16.
    Int16,
    /// INT24 (Edition 1 only).
    Int24,
    /// INT32.
    Int32,
    /// INT64.
    Int64,
    /// INT128 (Edition 1 only).
    Int128,
    /// INT8U.
    Int8U,
    /// INT16U.
    Int16U,
    /// INT24U.
    Int24U,
    /// INT32U.
    Int32U,
    /// FLOAT32.
    Float32,
    /// FLOAT64.
    Float64,
    /// Enumeration with its literals, when known.
    Enum(SharedEnum),
    /// Double point position, BIT STRING of 2.
    Dbpos,
    /// Step command, BIT STRING of 2.
    Tcmd,
    /// Quality, BIT STRING of 13.
    Quality,
    /// Time stamp, UtcTime.
    Timestamp,
    /// Visible string of at most this many characters (`VisString32/64/65/129/255`).
    VisString(u32),
    /// MMSString of at most this many characters (`Unicode255`).
    Unicode(u32),
    /// Octet string of at most this many octets (`Octet64`, `Octet6`, `Octet16`).
    Octet(u32),
    /// Octet string of exactly this many octets (`EntryID`: 8).
    OctetFixed(u32),
    /// Entry time, BinaryTime of 6 octets.
    EntryTime,
    /// Check conditions, BIT STRING of 2.
    Check,
    /// Trigger options, BIT STRING of 6.
    TrgOps,
    /// Optional fields of reports, BIT STRING of 10.
    OptFlds,
    /// Optional fields of sampled values, BIT STRING of 8.
    SvOptFlds,
    /// Optional fields of log entries, BIT STRING of 1.
    LogOptFlds,
    /// Any other bit string, of at most this many bits (`CODED ENUM`, packed lists).
    BitString(u32),
    /// Object reference, visible string of at most 129.
    ObjRef,
    /// Currency, visible string of 3.
    Currency,
    /// Physical communication address: a structure of Addr, PRIORITY, VID, APPID; its components stand in the tree.
    PhyComAddr,
    /// Structure; its components stand in the tree.
    Structure,
    /// A type that is none of the above, as a server showed it.
    Other(Box<TypeSpecification>),
    /// Nobody told the type.
    Unknown,
}

impl BType {
    /// The name in SCL (`INT32U`, `VisString64`, ...).
    #[must_use]
    pub fn scl_name(&self) -> String {
        match self {
            Self::Boolean => "BOOLEAN".into(),
            Self::Int8 => "INT8".into(),
            Self::Int16 => "INT16".into(),
            Self::Int24 => "INT24".into(),
            Self::Int32 => "INT32".into(),
            Self::Int64 => "INT64".into(),
            Self::Int128 => "INT128".into(),
            Self::Int8U => "INT8U".into(),
            Self::Int16U => "INT16U".into(),
            Self::Int24U => "INT24U".into(),
            Self::Int32U => "INT32U".into(),
            Self::Float32 => "FLOAT32".into(),
            Self::Float64 => "FLOAT64".into(),
            Self::Enum(_) => "Enum".into(),
            Self::Dbpos => "Dbpos".into(),
            Self::Tcmd => "Tcmd".into(),
            Self::Quality => "Quality".into(),
            Self::Timestamp => "Timestamp".into(),
            Self::VisString(size) => format!("VisString{size}"),
            Self::Unicode(size) => format!("Unicode{size}"),
            Self::Octet(size) => format!("Octet{size}"),
            Self::OctetFixed(8) => "EntryID".into(),
            Self::OctetFixed(size) => format!("Octet{size}"),
            Self::EntryTime => "EntryTime".into(),
            Self::Check => "Check".into(),
            Self::TrgOps => "TrgOps".into(),
            Self::OptFlds => "OptFlds".into(),
            Self::SvOptFlds => "SvOptFlds".into(),
            Self::LogOptFlds => "LogOptFlds".into(),
            Self::BitString(size) => format!("BitString{size}"),
            Self::ObjRef => "ObjRef".into(),
            Self::Currency => "Currency".into(),
            Self::PhyComAddr => "PhyComAddr".into(),
            Self::Structure => "Struct".into(),
            Self::Other(spec) => spec.to_string(),
            Self::Unknown => "unknown".into(),
        }
    }

    /// The type of an SCL `bType`. `Enum` and `Struct` need their `type` besides and are answered empty.
    #[must_use]
    pub fn from_scl(name: &str) -> Option<Self> {
        Some(match name {
            "BOOLEAN" => Self::Boolean,
            "INT8" => Self::Int8,
            "INT16" => Self::Int16,
            "INT24" => Self::Int24,
            "INT32" => Self::Int32,
            "INT64" => Self::Int64,
            "INT128" => Self::Int128,
            "INT8U" => Self::Int8U,
            "INT16U" => Self::Int16U,
            "INT24U" => Self::Int24U,
            "INT32U" => Self::Int32U,
            "FLOAT32" => Self::Float32,
            "FLOAT64" => Self::Float64,
            "Enum" => Self::Enum(SharedEnum::default()),
            "Dbpos" => Self::Dbpos,
            "Tcmd" => Self::Tcmd,
            "Quality" => Self::Quality,
            "Timestamp" => Self::Timestamp,
            "VisString32" => Self::VisString(32),
            "VisString64" => Self::VisString(64),
            "VisString65" => Self::VisString(65),
            "VisString129" => Self::VisString(129),
            "VisString255" => Self::VisString(255),
            "Unicode255" => Self::Unicode(255),
            "Octet64" => Self::Octet(64),
            "Octet6" => Self::Octet(6),
            "Octet16" => Self::Octet(16),
            "EntryID" => Self::OctetFixed(8),
            "EntryTime" => Self::EntryTime,
            "Check" => Self::Check,
            "TrgOps" => Self::TrgOps,
            "OptFlds" => Self::OptFlds,
            "SvOptFlds" => Self::SvOptFlds,
            "LogOptFlds" => Self::LogOptFlds,
            "ObjRef" => Self::ObjRef,
            "Currency" => Self::Currency,
            "PhyComAddr" => Self::PhyComAddr,
            "Struct" => Self::Structure,
            _ => return None,
        })
    }

    /// Whether the type has components.
    #[must_use]
    pub const fn is_structured(&self) -> bool {
        matches!(self, Self::Structure | Self::PhyComAddr)
    }
}
