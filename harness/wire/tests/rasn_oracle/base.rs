//! Names, data and types (ISO 9506-2, abstract syntax MMS-General-Module-1 and those of clause 14).

use rasn::prelude::*;

pub(crate) type Identifier = VisibleString;
/// TimeOfDay (ISO 9506-2, 4 or 6 octets) and UtcTime (8) are octet strings on the wire.
pub(crate) type Time = OctetString;

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Domain {
    pub(crate) domain_id: Identifier,
    pub(crate) item_id: Identifier,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum ObjectName {
    #[rasn(tag(context, 0))]
    Vmd(Identifier),
    #[rasn(tag(context, 1))]
    Domain(Domain),
    #[rasn(tag(context, 2))]
    Aa(Identifier),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Data {
    #[rasn(tag(context, 1))]
    Array(SequenceOf<Data>),
    #[rasn(tag(context, 2))]
    Structure(SequenceOf<Data>),
    #[rasn(tag(context, 3))]
    Boolean(bool),
    #[rasn(tag(context, 4))]
    BitString(BitString),
    #[rasn(tag(context, 5))]
    Integer(Integer),
    #[rasn(tag(context, 6))]
    Unsigned(Integer),
    #[rasn(tag(context, 7))]
    FloatingPoint(OctetString),
    #[rasn(tag(context, 9))]
    OctetString(OctetString),
    #[rasn(tag(context, 10))]
    VisibleString(VisibleString),
    #[rasn(tag(context, 11))]
    GeneralizedTime(VisibleString),
    #[rasn(tag(context, 12))]
    BinaryTime(Time),
    #[rasn(tag(context, 13))]
    Bcd(Integer),
    #[rasn(tag(context, 14))]
    BooleanArray(BitString),
    #[rasn(tag(context, 15))]
    ObjId(ObjectIdentifier),
    #[rasn(tag(context, 16))]
    MmsString(Utf8String),
    #[rasn(tag(context, 17))]
    UtcTime(Time),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum AccessResult {
    #[rasn(tag(context, 0))]
    Failure(Integer),
    Success(Data),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Address {
    #[rasn(tag(context, 0))]
    Numeric(u32),
    #[rasn(tag(context, 1))]
    Symbolic(VisibleString),
    #[rasn(tag(context, 2))]
    Unconstrained(OctetString),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ArrayType {
    #[rasn(tag(context, 0), default)]
    pub(crate) packed: bool,
    #[rasn(tag(context, 1))]
    pub(crate) count: u32,
    #[rasn(tag(explicit(context, 2)))]
    pub(crate) element: Box<TypeSpecification>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Component {
    #[rasn(tag(context, 0))]
    pub(crate) name: Option<Identifier>,
    #[rasn(tag(explicit(context, 1)))]
    pub(crate) type_spec: TypeSpecification,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct StructureType {
    #[rasn(tag(context, 0), default)]
    pub(crate) packed: bool,
    #[rasn(tag(context, 1))]
    pub(crate) components: SequenceOf<Component>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct FloatType {
    pub(crate) format_width: u8,
    pub(crate) exponent_width: u8,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum TypeSpecification {
    #[rasn(tag(explicit(context, 0)))]
    TypeName(ObjectName),
    #[rasn(tag(context, 1))]
    Array(ArrayType),
    #[rasn(tag(context, 2))]
    Structure(StructureType),
    #[rasn(tag(context, 3))]
    Boolean(()),
    #[rasn(tag(context, 4))]
    BitString(i32),
    #[rasn(tag(context, 5))]
    Integer(u8),
    #[rasn(tag(context, 6))]
    Unsigned(u8),
    #[rasn(tag(context, 7))]
    FloatingPoint(FloatType),
    #[rasn(tag(context, 9))]
    OctetString(i32),
    #[rasn(tag(context, 10))]
    VisibleString(i32),
    #[rasn(tag(context, 11))]
    GeneralizedTime(()),
    #[rasn(tag(context, 12))]
    BinaryTime(bool),
    #[rasn(tag(context, 13))]
    Bcd(u8),
    #[rasn(tag(context, 15))]
    ObjId(()),
    #[rasn(tag(context, 16))]
    MmsString(i32),
    #[rasn(tag(context, 17))]
    UtcTime(()),
}
