//! Opening an association (ISO 9506-2, Initiate).

use core::fmt;

use crate::ber::{RawTlv, Reader, Tag, Tlv, Writer};
use crate::error::WireError;
use crate::mms::{ParameterSupport, ServiceSupport};
use crate::observe::ObservationKind;

/// Parameters of an association: proposed in the request, negotiated in the response
/// (ISO 9506-2, Initiate-RequestPDU and Initiate-ResponsePDU, which have one form).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Initiate {
    /// `[0]` localDetailCalling or localDetailCalled: the largest PDU in octets.
    pub local_detail: Option<i32>,
    /// `[1]` requests that the calling side may have outstanding.
    pub max_outstanding_calling: i32,
    /// `[2]` requests that the called side may have outstanding.
    pub max_outstanding_called: i32,
    /// `[3]` how deep Data may nest.
    pub nesting_level: Option<i32>,
    /// `[4]`
    pub detail: InitiateDetail,
    /// Elements after those, kept raw.
    pub extensions: Vec<RawTlv>,
}

/// Version and abilities (ISO 9506-2, InitRequestDetail and InitResponseDetail).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InitiateDetail {
    /// `[0]` minor version; 1 in IEC 61850.
    pub version: i32,
    /// `[1]` parameter conformance building blocks.
    pub parameters: ParameterSupport,
    /// `[2]` services that the side can perform.
    pub services: ServiceSupport,
    /// Elements after those (additional services, privilege class), kept raw.
    pub extensions: Vec<RawTlv>,
}

impl Initiate {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let local_detail = optional_i32(&mut r, Tag::context(0))?;
        let max_outstanding_calling = r.expect(Tag::context(1))?.i32()?;
        let max_outstanding_called = r.expect(Tag::context(2))?.i32()?;
        let nesting_level = optional_i32(&mut r, Tag::context(3))?;
        let detail = InitiateDetail::from_tlv(&r.expect(Tag::context(4))?)?;
        let extensions = rest(&mut r)?;
        Ok(Self {
            local_detail,
            max_outstanding_calling,
            max_outstanding_called,
            nesting_level,
            detail,
            extensions,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            put_all(&self.extensions, w);
            self.detail.encode(w);
            if let Some(level) = self.nesting_level {
                w.integer(Tag::context(3), i64::from(level));
            }
            w.integer(Tag::context(2), i64::from(self.max_outstanding_called));
            w.integer(Tag::context(1), i64::from(self.max_outstanding_calling));
            if let Some(size) = self.local_detail {
                w.integer(Tag::context(0), i64::from(size));
            }
        });
    }
}

impl InitiateDetail {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let version = r.expect(Tag::context(0))?.i32()?;
        let parameters = ParameterSupport(r.expect(Tag::context(1))?.bits()?.to_bit_string());
        let services = ServiceSupport(r.expect(Tag::context(2))?.bits()?.to_bit_string());
        let extensions = rest(&mut r)?;
        Ok(Self {
            version,
            parameters,
            services,
            extensions,
        })
    }

    fn encode(&self, w: &mut Writer) {
        w.constructed(Tag::context(4), |w| {
            put_all(&self.extensions, w);
            w.bits(Tag::context(2), &self.services.0);
            w.bits(Tag::context(1), &self.parameters.0);
            w.integer(Tag::context(0), i64::from(self.version));
        });
    }
}

fn optional_i32(r: &mut Reader<'_>, tag: Tag) -> Result<Option<i32>, WireError> {
    r.optional(tag)?.map(|tlv| tlv.i32()).transpose()
}

/// All elements left in `r`, raw.
fn rest(r: &mut Reader<'_>) -> Result<Vec<RawTlv>, WireError> {
    let mut rest = Vec::new();
    while let Some(tlv) = r.next()? {
        tlv.observe(ObservationKind::UnknownElement);
        rest.push(tlv.to_raw());
    }
    Ok(rest)
}

fn put_all(elements: &[RawTlv], w: &mut Writer) {
    for element in elements.iter().rev() {
        element.encode_into(w);
    }
}

/// `max-pdu 64000, outstanding 10/10, nesting 5, version 1, parameters [...], services [...]`.
impl fmt::Display for Initiate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(size) = self.local_detail {
            write!(f, "max-pdu {size}, ")?;
        }
        write!(
            f,
            "outstanding {}/{}, ",
            self.max_outstanding_calling, self.max_outstanding_called
        )?;
        if let Some(level) = self.nesting_level {
            write!(f, "nesting {level}, ")?;
        }
        let InitiateDetail {
            version,
            parameters,
            services,
            extensions,
        } = &self.detail;
        write!(
            f,
            "version {version}, parameters {parameters}, services {services}"
        )?;
        for extension in extensions.iter().chain(&self.extensions) {
            write!(f, ", extension {extension}")?;
        }
        Ok(())
    }
}
