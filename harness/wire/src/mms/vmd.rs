//! Services about the device as a whole: status, name lists, identification, capabilities.

use core::fmt;

use crate::ber::{BitString, Oid, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::write_list;
use crate::mms::data::Quoted;
use crate::mms::type_spec::default_boolean;
use crate::mms::{ObjectClass, ObjectScope, VmdLogicalStatus, VmdPhysicalStatus};

/// State of the device (ISO 9506-2, Status-Response and UnsolicitedStatus).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StatusResponse {
    /// `[0]`
    pub logical: VmdLogicalStatus,
    /// `[1]`
    pub physical: VmdPhysicalStatus,
    /// `[2]` at most 128 bits of the implementation.
    pub local_detail: Option<BitString>,
}

impl StatusResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let logical = VmdLogicalStatus(r.expect(Tag::context(0))?.i64()?);
        let physical = VmdPhysicalStatus(r.expect(Tag::context(1))?.i64()?);
        let local_detail = match r.optional(Tag::context(2))? {
            Some(tlv) => Some(tlv.bits()?.to_bit_string()),
            None => None,
        };
        r.finish()?;
        Ok(Self {
            logical,
            physical,
            local_detail,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(detail) = &self.local_detail {
                w.bits(Tag::context(2), detail);
            }
            w.integer(Tag::context(1), self.physical.0);
            w.integer(Tag::context(0), self.logical.0);
        });
    }
}

impl fmt::Display for StatusResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.logical, self.physical)?;
        match &self.local_detail {
            Some(detail) => write!(f, ", detail {detail}"),
            None => Ok(()),
        }
    }
}

/// Asks for names (ISO 9506-2, GetNameList-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetNameListRequest {
    /// `[0]` of what objects.
    pub class: ExtendedObjectClass,
    /// `[1]` where.
    pub scope: ObjectScope,
    /// `[2]` the last name that is known already.
    pub continue_after: Option<String>,
}

/// Class of objects, also those of a companion standard (ISO 9506-2, extendedObjectClass).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExtendedObjectClass {
    /// `[0]`
    Object(ObjectClass),
    /// `[1]` of a companion standard.
    Companion(i64),
}

impl From<ObjectClass> for ExtendedObjectClass {
    fn from(class: ObjectClass) -> Self {
        Self::Object(class)
    }
}

impl fmt::Display for ExtendedObjectClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(class) => write!(f, "{class}"),
            Self::Companion(class) => write!(f, "companion({class})"),
        }
    }
}

impl GetNameListRequest {
    /// The first names of `class` in `scope`.
    #[must_use]
    pub const fn new(class: ObjectClass, scope: ObjectScope) -> Self {
        Self {
            class: ExtendedObjectClass::Object(class),
            scope,
            continue_after: None,
        }
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        const CLASS: &str = "extendedObjectClass";
        let mut r = tlv.reader()?;
        let class = r.expect(Tag::context(0))?.inner(CLASS)?;
        let class = match class.tag().context_number() {
            Some(0) => ExtendedObjectClass::Object(ObjectClass(class.i64()?)),
            Some(1) => ExtendedObjectClass::Companion(class.i64()?),
            _ => return Err(class.error(ErrorKind::NoAlternative { choice: CLASS })),
        };
        let scope = ObjectScope::from_tlv(&r.expect(Tag::context(1))?.inner("ObjectScope")?)?;
        let continue_after = match r.optional(Tag::context(2))? {
            Some(tlv) => Some(tlv.visible()?.into()),
            None => None,
        };
        r.finish()?;
        Ok(Self {
            class,
            scope,
            continue_after,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(name) = &self.continue_after {
                w.text(Tag::context(2), name);
            }
            w.constructed(Tag::context(1), |w| self.scope.encode(w));
            w.constructed(Tag::context(0), |w| match self.class {
                ExtendedObjectClass::Object(class) => w.integer(Tag::context(0), class.0),
                ExtendedObjectClass::Companion(class) => w.integer(Tag::context(1), class),
            });
        });
    }
}

impl fmt::Display for GetNameListRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.class, self.scope)?;
        match &self.continue_after {
            Some(name) => write!(f, " after {}", Quoted(name)),
            None => Ok(()),
        }
    }
}

/// Names or capabilities and whether there are more (ISO 9506-2, GetNameList-Response and
/// GetCapabilityList-Response, which have one form).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NameListResponse {
    /// `[0]`
    pub names: Vec<String>,
    /// `[1]` true when absent.
    pub more_follows: bool,
}

impl NameListResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let names = decode_strings(&r.expect(Tag::context(0))?, Tag::VISIBLE_STRING)?;
        let more_follows = default_boolean(&mut r, Tag::context(1), true)?;
        r.finish()?;
        Ok(Self {
            names,
            more_follows,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if !self.more_follows {
                w.boolean(Tag::context(1), false);
            }
            encode_strings(&self.names, w, Tag::context(0), Tag::VISIBLE_STRING);
        });
    }
}

impl fmt::Display for NameListResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, "[", &self.names, "]")?;
        f.write_str(if self.more_follows { " and more" } else { "" })
    }
}

/// Strings of one tag inside `tlv`.
pub(crate) fn decode_strings(tlv: &Tlv<'_>, item: Tag) -> Result<Vec<String>, WireError> {
    let mut r = tlv.reader()?;
    let mut strings = Vec::new();
    while !r.is_empty() {
        strings.push(r.expect(item)?.visible()?.into());
    }
    Ok(strings)
}

pub(crate) fn encode_strings(strings: &[String], w: &mut Writer, tag: Tag, item: Tag) {
    w.constructed(tag, |w| {
        for string in strings.iter().rev() {
            w.text(item, string);
        }
    });
}

/// Who made the device (ISO 9506-2, Identify-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdentifyResponse {
    /// `[0]`
    pub vendor: String,
    /// `[1]`
    pub model: String,
    /// `[2]`
    pub revision: String,
    /// `[3]`
    pub abstract_syntaxes: Option<Vec<Oid>>,
}

impl IdentifyResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let vendor = r.expect(Tag::context(0))?.visible()?.into();
        let model = r.expect(Tag::context(1))?.visible()?.into();
        let revision = r.expect(Tag::context(2))?.visible()?.into();
        let abstract_syntaxes = match r.optional(Tag::context(3))? {
            None => None,
            Some(tlv) => {
                let mut list = tlv.reader()?;
                let mut oids = Vec::new();
                while !list.is_empty() {
                    oids.push(list.expect(Tag::OID)?.oid()?);
                }
                Some(oids)
            }
        };
        r.finish()?;
        Ok(Self {
            vendor,
            model,
            revision,
            abstract_syntaxes,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(oids) = &self.abstract_syntaxes {
                w.constructed(Tag::context(3), |w| {
                    for oid in oids.iter().rev() {
                        w.oid(Tag::OID, oid);
                    }
                });
            }
            w.text(Tag::context(2), &self.revision);
            w.text(Tag::context(1), &self.model);
            w.text(Tag::context(0), &self.vendor);
        });
    }
}

impl fmt::Display for IdentifyResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            vendor,
            model,
            revision,
            abstract_syntaxes,
        } = self;
        let (vendor, model, revision) = (Quoted(vendor), Quoted(model), Quoted(revision));
        write!(f, "vendor {vendor}, model {model}, revision {revision}")?;
        match abstract_syntaxes {
            Some(oids) => write_list(f, ", syntaxes [", oids, "]"),
            None => Ok(()),
        }
    }
}

/// Asks for capabilities (ISO 9506-2, GetCapabilityList-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct GetCapabilityListRequest {
    /// The last capability that is known already.
    pub continue_after: Option<String>,
}

impl GetCapabilityListRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let continue_after = match r.optional(Tag::VISIBLE_STRING)? {
            Some(tlv) => Some(tlv.visible()?.into()),
            None => None,
        };
        r.finish()?;
        Ok(Self { continue_after })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(text) = &self.continue_after {
                w.text(Tag::VISIBLE_STRING, text);
            }
        });
    }
}
