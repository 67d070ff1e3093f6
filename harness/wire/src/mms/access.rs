//! Which variables a service is about (ISO 9506-2, VariableAccessSpecification).

use core::fmt;

use crate::ber::{RawTlv, Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::write_list;
use crate::mms::{AlternateAccess, ObjectName, TypeSpecification};

/// Which variables (ISO 9506-2, VariableAccessSpecification).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VariableAccess {
    /// `[0]` each by itself.
    ListOfVariable(Vec<ListedVariable>),
    /// `[1]` the members of a named variable list, which is a data set of IEC 61850.
    VariableListName(ObjectName),
}

impl VariableAccess {
    /// Variables by their names.
    #[must_use]
    pub fn names(names: impl IntoIterator<Item = ObjectName>) -> Self {
        Self::ListOfVariable(names.into_iter().map(ListedVariable::from).collect())
    }

    /// The next element of `r`, which must be a VariableAccessSpecification.
    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Self::from_tlv(&r.any(CHOICE)?)
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(0) => ListedVariable::decode_list(tlv).map(Self::ListOfVariable),
            Some(1) => {
                let name = ObjectName::from_tlv(&tlv.inner("ObjectName")?)?;
                Ok(Self::VariableListName(name))
            }
            _ => Err(tlv.error(ErrorKind::NoAlternative { choice: CHOICE })),
        }
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        match self {
            Self::ListOfVariable(list) => ListedVariable::encode_list(list, w, Tag::context(0)),
            Self::VariableListName(name) => name.encode_tagged(w, Tag::context(1)),
        }
    }
}

const CHOICE: &str = "VariableAccessSpecification";

/// `[LD0/LLN0$ST$Mod, ...]` or `list LD0/LLN0$dsAll`.
impl fmt::Display for VariableAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListOfVariable(list) => write_list(f, "[", list, "]"),
            Self::VariableListName(name) => write!(f, "list {name}"),
        }
    }
}

/// One variable of a list and the part of it that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListedVariable {
    /// The variable.
    pub specification: VariableSpecification,
    /// `[5]` the part of it; all of it when `None`.
    pub alternate_access: Option<AlternateAccess>,
}

impl ListedVariable {
    /// The named variable, or its part.
    #[must_use]
    pub const fn new(name: ObjectName, alternate_access: Option<AlternateAccess>) -> Self {
        Self {
            specification: VariableSpecification::Name(name),
            alternate_access,
        }
    }

    /// The name, if the variable has one.
    #[must_use]
    pub const fn name(&self) -> Option<&ObjectName> {
        match &self.specification {
            VariableSpecification::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The elements inside `tlv`, a SEQUENCE OF SEQUENCE.
    pub(crate) fn decode_list(tlv: &Tlv<'_>) -> Result<Vec<Self>, WireError> {
        let mut r = tlv.reader()?;
        let mut list = Vec::new();
        while !r.is_empty() {
            let mut item = r.expect(Tag::SEQUENCE)?.reader()?;
            let specification = VariableSpecification::decode(&mut item)?;
            let alternate_access = match item.optional(Tag::context(5))? {
                Some(tlv) => Some(AlternateAccess::from_tlv(&tlv)?),
                None => None,
            };
            item.finish()?;
            list.push(Self {
                specification,
                alternate_access,
            });
        }
        Ok(list)
    }

    pub(crate) fn encode_list(list: &[Self], w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            for item in list.iter().rev() {
                w.constructed(Tag::SEQUENCE, |w| {
                    if let Some(access) = &item.alternate_access {
                        access.encode_as(w, Tag::context(5));
                    }
                    item.specification.encode(w);
                });
            }
        });
    }
}

impl From<ObjectName> for ListedVariable {
    fn from(name: ObjectName) -> Self {
        Self::new(name, None)
    }
}

/// `LD0/GGIO1$ST$Ind1`, with a part as `LD0/MHAI1$MX$HA(3).mag`.
impl fmt::Display for ListedVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.specification)?;
        match &self.alternate_access {
            Some(access) => write!(f, "{access}"),
            None => Ok(()),
        }
    }
}

/// One variable (ISO 9506-2, VariableSpecification).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VariableSpecification {
    /// `[0]`
    Name(ObjectName),
    /// `[1]`
    Address(Address),
    /// `[2]`
    Description {
        /// Where it is.
        address: Address,
        /// What it is.
        type_spec: TypeSpecification,
    },
    /// `[3]` withdrawn from the standard; kept raw.
    ScatteredAccess(RawTlv),
    /// `[4]` the variable is gone.
    Invalidated,
}

impl VariableSpecification {
    fn decode(r: &mut Reader<'_>) -> Result<Self, WireError> {
        const CHOICE: &str = "VariableSpecification";
        let tlv = r.any(CHOICE)?;
        match tlv.tag().context_number() {
            Some(0) => ObjectName::from_tlv(&tlv.inner("ObjectName")?).map(Self::Name),
            Some(1) => Address::from_tlv(&tlv.inner("Address")?).map(Self::Address),
            Some(2) => {
                let mut r = tlv.reader()?;
                let address = Address::from_tlv(&r.any("Address")?)?;
                let type_spec = TypeSpecification::from_tlv(&r.any("TypeSpecification")?)?;
                r.finish()?;
                Ok(Self::Description { address, type_spec })
            }
            Some(3) => Ok(Self::ScatteredAccess(tlv.to_raw())),
            Some(4) => tlv.null().map(|()| Self::Invalidated),
            _ => Err(tlv.error(ErrorKind::NoAlternative { choice: CHOICE })),
        }
    }

    fn encode(&self, w: &mut Writer) {
        match self {
            Self::Name(name) => name.encode_tagged(w, Tag::context(0)),
            Self::Address(address) => w.constructed(Tag::context(1), |w| address.encode(w)),
            Self::Description { address, type_spec } => w.constructed(Tag::context(2), |w| {
                type_spec.encode_into(w);
                address.encode(w);
            }),
            Self::ScatteredAccess(raw) => raw.encode_into(w),
            Self::Invalidated => w.null(Tag::context(4)),
        }
    }
}

impl fmt::Display for VariableSpecification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name}"),
            Self::Address(address) => write!(f, "{address}"),
            Self::Description { address, type_spec } => write!(f, "{address}: {type_spec}"),
            Self::ScatteredAccess(raw) => write!(f, "scattered {raw}"),
            Self::Invalidated => f.write_str("invalidated"),
        }
    }
}

/// Address of an unnamed variable (ISO 9506-2, Address).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// `[0]`
    Numeric(u32),
    /// `[1]`
    Symbolic(String),
    /// `[2]`
    Unconstrained(Vec<u8>),
}

impl Address {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(0) => tlv.u32().map(Self::Numeric),
            Some(1) => Ok(Self::Symbolic(tlv.visible()?.into())),
            Some(2) => Ok(Self::Unconstrained(tlv.octets()?.to_vec())),
            _ => Err(tlv.error(ErrorKind::NoAlternative { choice: "Address" })),
        }
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        match self {
            Self::Numeric(number) => w.unsigned(Tag::context(0), u64::from(*number)),
            Self::Symbolic(text) => w.text(Tag::context(1), text),
            Self::Unconstrained(octets) => w.octets(Tag::context(2), octets),
        }
    }
}

/// `address 5`, `address 'DB1'`, `address 0x0a0b`.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("address ")?;
        match self {
            Self::Numeric(number) => write!(f, "{number}"),
            Self::Symbolic(text) => write!(f, "{}", super::data::Quoted(text)),
            Self::Unconstrained(octets) => {
                f.write_str("0x")?;
                crate::ber::write_hex(f, octets)
            }
        }
    }
}
