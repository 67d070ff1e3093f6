//! Unconfirmed services (ISO 9506-2, UnconfirmedService).

use core::fmt;

use crate::ber::{RawTlv, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::write_list;
use crate::mms::variable::{ShowResult, decode_results, encode_results};
use crate::mms::{AccessResult, StatusResponse, VariableAccess};
use crate::observe::ObservationKind;

/// An unconfirmed service (ISO 9506-2, UnconfirmedService).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unconfirmed {
    /// `[0]` such as a report of IEC 61850.
    InformationReport(InformationReport),
    /// `[1]`
    UnsolicitedStatus(StatusResponse),
    /// `[2]` kept raw.
    EventNotification(RawTlv),
    /// Another tag.
    Unknown(RawTlv),
}

/// Values that nobody asked for (ISO 9506-2, InformationReport).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InformationReport {
    /// Of which variables; in a report of IEC 61850-8-1 the list named `RPT` of the VMD.
    pub access: VariableAccess,
    /// `[0]`
    pub results: Vec<AccessResult>,
}

impl InformationReport {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let access = VariableAccess::decode(&mut r)?;
        let results = decode_results(&r.expect(Tag::context(0))?)?;
        r.finish()?;
        Ok(Self { access, results })
    }

    fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            encode_results(&self.results, w, Tag::context(0));
            self.access.encode(w);
        });
    }
}

impl fmt::Display for InformationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = ", self.access)?;
        write_list(f, "[", self.results.iter().map(ShowResult), "]")
    }
}

impl Unconfirmed {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(0) => InformationReport::from_tlv(tlv).map(Self::InformationReport),
            Some(1) => StatusResponse::from_tlv(tlv).map(Self::UnsolicitedStatus),
            Some(2) => Ok(Self::EventNotification(tlv.to_raw())),
            Some(_) => {
                tlv.observe(ObservationKind::UnknownElement);
                Ok(Self::Unknown(tlv.to_raw()))
            }
            None => Err(tlv.error(ErrorKind::NoAlternative {
                choice: "UnconfirmedService",
            })),
        }
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        match self {
            Self::InformationReport(report) => report.encode(w, Tag::context(0)),
            Self::UnsolicitedStatus(status) => status.encode(w, Tag::context(1)),
            Self::EventNotification(raw) | Self::Unknown(raw) => raw.encode_into(w),
        }
    }
}

/// The service and what it says.
impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InformationReport(report) => write!(f, "information-report: {report}"),
            Self::UnsolicitedStatus(status) => write!(f, "unsolicited-status: {status}"),
            Self::EventNotification(raw) => write!(f, "event-notification: {raw}"),
            Self::Unknown(raw) => write!(f, "unconfirmed: unknown {raw}"),
        }
    }
}
