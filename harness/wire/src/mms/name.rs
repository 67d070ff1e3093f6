//! Names of objects (ISO 9506-2, ObjectName and ObjectScope).

use core::fmt;

use crate::ber::{Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};

/// Name of an object and the scope in which it is valid (ISO 9506-2, ObjectName).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectName {
    /// Valid throughout the VMD.
    Vmd(String),
    /// Valid in a domain.
    Domain {
        /// The domain; in IEC 61850-8-1 the logical device.
        domain: String,
        /// The item in it, such as `LLN0$BR$brcb01`.
        item: String,
    },
    /// Valid in this association only.
    Aa(String),
}

impl ObjectName {
    /// A name in a domain.
    #[must_use]
    pub fn domain(domain: impl Into<String>, item: impl Into<String>) -> Self {
        Self::Domain {
            domain: domain.into(),
            item: item.into(),
        }
    }

    /// The name without its scope.
    #[must_use]
    pub fn item(&self) -> &str {
        match self {
            Self::Vmd(item) | Self::Aa(item) | Self::Domain { item, .. } => item,
        }
    }

    /// The domain, if it is a name in one.
    #[must_use]
    pub fn domain_id(&self) -> Option<&str> {
        match self {
            Self::Domain { domain, .. } => Some(domain),
            Self::Vmd(_) | Self::Aa(_) => None,
        }
    }

    /// The next element of `r`, which must be an ObjectName.
    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Self::from_tlv(&r.any("ObjectName")?)
    }

    /// The ObjectName that `tlv` is.
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(0) => Ok(Self::Vmd(tlv.visible()?.into())),
            Some(1) => {
                let mut r = tlv.reader()?;
                let domain = r.expect(Tag::VISIBLE_STRING)?.visible()?.into();
                let item = r.expect(Tag::VISIBLE_STRING)?.visible()?.into();
                r.finish()?;
                Ok(Self::Domain { domain, item })
            }
            Some(2) => Ok(Self::Aa(tlv.visible()?.into())),
            _ => Err(tlv.error(ErrorKind::NoAlternative {
                choice: "ObjectName",
            })),
        }
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        match self {
            Self::Vmd(item) => w.text(Tag::context(0), item),
            Self::Domain { domain, item } => w.constructed(Tag::context(1), |w| {
                w.text(Tag::VISIBLE_STRING, item);
                w.text(Tag::VISIBLE_STRING, domain);
            }),
            Self::Aa(item) => w.text(Tag::context(2), item),
        }
    }

    /// Encodes inside an explicit tag, as `[0] ObjectName`.
    pub(crate) fn encode_tagged(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| self.encode(w));
    }
}

/// `domain/item`, `item` of the VMD, `@item` of the association.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vmd(item) => f.write_str(item),
            Self::Domain { domain, item } => write!(f, "{domain}/{item}"),
            Self::Aa(item) => write!(f, "@{item}"),
        }
    }
}

/// Where to look for names (ISO 9506-2, ObjectScope).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ObjectScope {
    /// Throughout the VMD.
    Vmd,
    /// In one domain.
    Domain(String),
    /// In this association.
    Aa,
}

impl ObjectScope {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(0) => tlv.null().map(|()| Self::Vmd),
            Some(1) => Ok(Self::Domain(tlv.visible()?.into())),
            Some(2) => tlv.null().map(|()| Self::Aa),
            _ => Err(tlv.error(ErrorKind::NoAlternative {
                choice: "ObjectScope",
            })),
        }
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        match self {
            Self::Vmd => w.null(Tag::context(0)),
            Self::Domain(domain) => w.text(Tag::context(1), domain),
            Self::Aa => w.null(Tag::context(2)),
        }
    }
}

/// `vmd`, `domain NAME`, `association`.
impl fmt::Display for ObjectScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vmd => f.write_str("vmd"),
            Self::Domain(domain) => write!(f, "domain {domain}"),
            Self::Aa => f.write_str("association"),
        }
    }
}
