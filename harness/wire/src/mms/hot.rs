//! The PDUs that come by the thousand, borrowed: read responses and information reports.

use crate::ber::{Reader, Tag, Tlv};
use crate::error::{Layer, WireError};
use crate::mms::usual::{FAILURE, FAILURE_IDENTIFIER};
use crate::mms::view::{count, next_element, validate, view_of};
use crate::mms::{DataAccessError, DataView, PduKind, VariableAccess};

/// What one variable gave, borrowed.
pub type AccessResultView<'a> = Result<DataView<'a>, DataAccessError>;

/// The results of a read or a report, validated to the last leaf.
#[derive(Clone, Copy, Debug)]
pub struct ResultList<'a> {
    content: &'a [u8],
}

impl<'a> ResultList<'a> {
    fn validated(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        validate::<true>(&mut r)?;
        Ok(Self {
            content: tlv.content(),
        })
    }

    /// The results in order.
    #[must_use]
    pub fn iter(&self) -> ResultIter<'a> {
        ResultIter { rest: self.content }
    }

    /// How many results; walks over them.
    #[must_use]
    pub fn len(&self) -> usize {
        count(self.content)
    }

    /// True when there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.content.is_empty()
    }
}

impl<'a> IntoIterator for ResultList<'a> {
    type Item = AccessResultView<'a>;
    type IntoIter = ResultIter<'a>;

    fn into_iter(self) -> ResultIter<'a> {
        self.iter()
    }
}

/// Walks over validated results.
#[derive(Clone, Debug)]
pub struct ResultIter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for ResultIter<'a> {
    type Item = AccessResultView<'a>;

    #[inline]
    fn next(&mut self) -> Option<AccessResultView<'a>> {
        let element = next_element(&mut self.rest)?;
        if element.first() == Some(&FAILURE_IDENTIFIER) {
            return Some(Err(failure(element)));
        }
        Some(Ok(view_of(element)))
    }
}

/// The code of a failure that has been validated.
fn failure(element: &[u8]) -> DataAccessError {
    let code = Reader::new(Layer::Mms, element)
        .expect(FAILURE)
        .and_then(|tlv| tlv.i64());
    DataAccessError(code.unwrap_or_default())
}

/// A read response, borrowed (ISO 9506-2, Read-Response).
#[derive(Clone, Copy, Debug)]
pub struct ReadResponseView<'a> {
    /// Invoke id of the request.
    pub invoke_id: u32,
    /// One result for each variable.
    pub results: ResultList<'a>,
}

impl<'a> ReadResponseView<'a> {
    /// Decodes the PDU that is all of `bytes`, if it is a read response; `None` otherwise.
    ///
    /// # Errors
    /// When the bytes are not one valid PDU.
    pub fn decode(bytes: &'a [u8]) -> Result<Option<Self>, WireError> {
        Self::decode_from(Reader::new(Layer::Mms, bytes))
    }

    /// As [`decode`](Self::decode), with the limits and the sink of `r`.
    ///
    /// # Errors
    /// When the bytes are not one valid PDU.
    pub fn decode_from(mut r: Reader<'a>) -> Result<Option<Self>, WireError> {
        let pdu = r.any("MMSpdu")?;
        if PduKind::of(pdu.tag()) != PduKind::ConfirmedResponse {
            return Ok(None);
        }
        r.finish()?;
        let mut r = pdu.reader()?;
        let invoke_id = r.expect(Tag::INTEGER)?.u32()?;
        let Some(service) = r.optional(Tag::context(4))? else {
            return Ok(None);
        };
        r.finish()?;
        let mut r = service.reader()?;
        if let Some(tlv) = r.optional(Tag::context(0))? {
            VariableAccess::from_tlv(&tlv.inner("VariableAccessSpecification")?)?;
        }
        let results = ResultList::validated(&r.expect(Tag::context(1))?)?;
        r.finish()?;
        Ok(Some(Self { invoke_id, results }))
    }
}

/// An information report, borrowed (ISO 9506-2, InformationReport).
#[derive(Clone, Debug)]
pub struct InformationReportView<'a> {
    access: Tlv<'a>,
    /// One result for each variable.
    pub results: ResultList<'a>,
}

impl<'a> InformationReportView<'a> {
    /// Decodes the PDU that is all of `bytes`, if it is an information report; `None` otherwise.
    ///
    /// # Errors
    /// When the bytes are not one valid PDU.
    pub fn decode(bytes: &'a [u8]) -> Result<Option<Self>, WireError> {
        Self::decode_from(Reader::new(Layer::Mms, bytes))
    }

    /// As [`decode`](Self::decode), with the limits and the sink of `r`.
    ///
    /// # Errors
    /// When the bytes are not one valid PDU.
    pub fn decode_from(mut r: Reader<'a>) -> Result<Option<Self>, WireError> {
        let pdu = r.any("MMSpdu")?;
        if PduKind::of(pdu.tag()) != PduKind::Unconfirmed {
            return Ok(None);
        }
        r.finish()?;
        let service = pdu.inner("UnconfirmedService")?;
        if service.tag() != Tag::context(0) {
            return Ok(None);
        }
        let mut r = service.reader()?;
        let access = r.any("VariableAccessSpecification")?;
        if !is_report_name(&access) {
            VariableAccess::from_tlv(&access)?;
        }
        let results = ResultList::validated(&r.expect(Tag::context(0))?)?;
        r.finish()?;
        Ok(Some(Self { access, results }))
    }

    /// True when the variables are the list `RPT` of the VMD, as in every report of
    /// IEC 61850-8-1.
    #[must_use]
    pub fn is_report(&self) -> bool {
        is_report_name(&self.access)
    }

    /// Of which variables.
    ///
    /// # Errors
    /// Never, since it was validated; the type cannot say so.
    pub fn access(&self) -> Result<VariableAccess, WireError> {
        VariableAccess::from_tlv(&self.access)
    }
}

/// variableListName, vmd-specific, `RPT`.
fn is_report_name(access: &Tlv<'_>) -> bool {
    access.tag() == Tag::context(1) && access.content() == b"\x80\x03RPT"
}
