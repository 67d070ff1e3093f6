//! What an unsolicited PDU is: a report, the cause of a refused control, the end of one.

use iedassay_wire::WireError;
use iedassay_wire::mms::{
    AccessResult, Data, InformationReport, ObjectName, Pdu, Unconfirmed, VariableAccess,
};

use super::control::LastApplError;
use super::report::{Report, ReportError};
use crate::Inbound;

/// An unsolicited PDU, told apart (IEC 61850-8-1, mappings of Report and of CommandTermination).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// A report.
    Report(Box<Report>),
    /// An information report named `RPT` that is no report.
    BadReport(ReportError),
    /// LastApplError alone: why a control was refused.
    LastApplError(LastApplError),
    /// CommandTermination.
    Termination(Termination),
    /// Anything else.
    Other(Box<Pdu>),
}

/// CommandTermination (IEC 61850-7-2, control with enhanced security).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Termination {
    /// The domain of the control object.
    pub domain: String,
    /// The item that was terminated, such as `CSWI1$CO$Pos$Oper`.
    pub item: String,
    /// The value repeated, or why there is none.
    pub value: AccessResult,
    /// Why it is negative; `None` when it is positive.
    pub error: Option<LastApplError>,
}

impl Inbound {
    /// Tells what it is.
    ///
    /// # Errors
    /// When it is not one valid PDU.
    pub fn notification(&self) -> Result<Notification, WireError> {
        if let Some(view) = self.information_report()?
            && view.is_report()
        {
            return Ok(match Report::parse(&view) {
                Ok(report) => Notification::Report(Box::new(report)),
                Err(error) => Notification::BadReport(error),
            });
        }
        let pdu = self.pdu()?;
        let known = match &pdu {
            Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => control(report),
            _ => None,
        };
        Ok(known.unwrap_or_else(|| Notification::Other(Box::new(pdu))))
    }
}

/// LastApplError, `Oper`, or first the one and then the other.
fn control(report: &InformationReport) -> Option<Notification> {
    let VariableAccess::ListOfVariable(variables) = &report.access else {
        return None;
    };
    let names: Option<Vec<&ObjectName>> =
        variables.iter().map(|variable| variable.name()).collect();
    match (names?.as_slice(), report.results.as_slice()) {
        ([ObjectName::Vmd(name)], [result]) if name == LAST_APPL_ERROR => Some(
            Notification::LastApplError(LastApplError::from_result(result)?),
        ),
        ([ObjectName::Domain { domain, item }], [result]) => Some(Notification::Termination(
            termination(domain, item, result, None)?,
        )),
        ([ObjectName::Vmd(name), ObjectName::Domain { domain, item }], [error, result])
            if name == LAST_APPL_ERROR =>
        {
            let error = LastApplError::from_result(error)?;
            Some(Notification::Termination(termination(
                domain,
                item,
                result,
                Some(error),
            )?))
        }
        _ => None,
    }
}

const LAST_APPL_ERROR: &str = "LastApplError";

fn termination(
    domain: &str,
    item: &str,
    result: &AccessResult,
    error: Option<LastApplError>,
) -> Option<Termination> {
    let mut parts = item.split('$');
    let is_control =
        parts.nth(1) == Some("CO") && matches!(parts.next_back(), Some("Oper" | "SBOw" | "Cancel"));
    is_control.then(|| Termination {
        domain: domain.to_owned(),
        item: item.to_owned(),
        value: result.clone(),
        error,
    })
}

impl LastApplError {
    fn from_result(result: &AccessResult) -> Option<Self> {
        Self::from_data(result.as_ref().ok()?)
    }

    /// From `{CntrlObj, Error, Origin, ctlNum, AddCause}`; `None` when it is anything else.
    #[must_use]
    pub fn from_data(data: &Data) -> Option<Self> {
        let Data::Structure(fields) = data else {
            return None;
        };
        let [object, error, origin, ctl_num, add_cause] = fields.as_slice() else {
            return None;
        };
        Some(Self {
            object: object.as_str()?.to_owned(),
            error: error.as_i64()?,
            origin: super::control::Origin::from_data(origin)?,
            ctl_num: ctl_num.as_u64()?,
            add_cause: add_cause.as_i64()?,
        })
    }
}
