//! Who is talking: application entity names and authentication (ISO 8650-1, 9.2).

use core::fmt;

use crate::ber::{BitString, Oid, RawTlv, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};

/// AP-title: the application process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApTitle {
    /// Form 2: an object identifier, as IEC 61850-8-1 uses it.
    Oid(Oid),
    /// Form 1: a directory name, kept raw.
    Name(RawTlv),
}

impl fmt::Display for ApTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Oid(oid) => write!(f, "{oid}"),
            Self::Name(_) => f.write_str("directory name"),
        }
    }
}

/// AE-qualifier: the application entity in its process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AeQualifier {
    /// Form 2: a number.
    Number(i64),
    /// Form 1: a relative distinguished name, kept raw.
    Name(RawTlv),
}

/// All that names one side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityName {
    /// The application process.
    pub ap_title: Option<ApTitle>,
    /// The application entity in it.
    pub ae_qualifier: Option<AeQualifier>,
    /// The invocation of the process.
    pub ap_invocation: Option<i64>,
    /// The invocation of the entity.
    pub ae_invocation: Option<i64>,
}

/// Authentication value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthenticationValue {
    /// A character string: the password.
    Password(Vec<u8>),
    /// A bit string.
    Bits(BitString),
    /// EXTERNAL, or any other form, kept raw.
    Other(RawTlv),
}

impl EntityName {
    /// Takes `tlv` when it is one of the four fields that begin at context tag `first`.
    pub(super) fn take(&mut self, first: u32, tlv: &Tlv<'_>) -> Result<bool, WireError> {
        let field = tlv
            .tag()
            .context_number()
            .and_then(|number| number.checked_sub(first));
        match field {
            Some(0) => {
                let inner = tlv.inner("AP-title")?;
                self.ap_title = Some(if inner.tag() == Tag::OID {
                    ApTitle::Oid(inner.oid()?)
                } else {
                    ApTitle::Name(inner.to_raw())
                });
            }
            Some(1) => {
                let inner = tlv.inner("AE-qualifier")?;
                self.ae_qualifier = Some(if inner.tag() == Tag::INTEGER {
                    AeQualifier::Number(inner.i64()?)
                } else {
                    AeQualifier::Name(inner.to_raw())
                });
            }
            Some(2) => self.ap_invocation = Some(tlv.inner("AP-invocation-id")?.i64()?),
            Some(3) => self.ae_invocation = Some(tlv.inner("AE-invocation-id")?.i64()?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Puts the four fields in front of what `w` holds.
    pub(super) fn encode_into(&self, first: u32, w: &mut Writer) {
        let tag = |field: u32| Tag::context(first.saturating_add(field));
        if let Some(number) = self.ae_invocation {
            w.constructed(tag(3), |w| w.integer(Tag::INTEGER, number));
        }
        if let Some(number) = self.ap_invocation {
            w.constructed(tag(2), |w| w.integer(Tag::INTEGER, number));
        }
        if let Some(qualifier) = &self.ae_qualifier {
            w.constructed(tag(1), |w| match qualifier {
                AeQualifier::Number(number) => w.integer(Tag::INTEGER, *number),
                AeQualifier::Name(raw) => raw.encode_into(w),
            });
        }
        if let Some(title) = &self.ap_title {
            w.constructed(tag(0), |w| match title {
                ApTitle::Oid(oid) => w.oid(Tag::OID, oid),
                ApTitle::Name(raw) => raw.encode_into(w),
            });
        }
    }
}

impl AuthenticationValue {
    /// Decodes the CHOICE inside the explicit tag `tlv`.
    pub(super) fn decode(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let inner = tlv.inner("Authentication-value")?;
        match inner.tag().context_number() {
            Some(0) => Ok(Self::Password(inner.octets()?.to_vec())),
            Some(1) => Ok(Self::Bits(inner.bits()?.to_bit_string())),
            Some(_) => Ok(Self::Other(inner.to_raw())),
            None => Err(inner.error(ErrorKind::NoAlternative {
                choice: "Authentication-value",
            })),
        }
    }

    /// Puts it, in the explicit tag `number`, in front of what `w` holds.
    pub(super) fn encode_into(&self, number: u32, w: &mut Writer) {
        w.constructed(Tag::context(number), |w| match self {
            Self::Password(octets) => w.octets(Tag::context(0), octets),
            Self::Bits(bits) => w.bits(Tag::context(1), bits),
            Self::Other(raw) => raw.encode_into(w),
        });
    }
}
