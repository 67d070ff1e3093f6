//! What an unsolicited PDU is: a report, the cause of a refused control, the end of one.

use iedassay_wire::WireError;
use iedassay_wire::mms::{
    AccessResult, Data, InformationReport, ObjectName, Pdu, Unconfirmed, VariableAccess,
};

use super::command::Origin;
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

/// Why a control was refused or ended badly (IEC 61850-8-1, LastApplError).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastApplError {
    /// CntrlObj, as the server writes it: `LD/CSWI1$CO$Pos$Oper` and other forms.
    pub object: String,
    /// Error: 0 no error, 1 unknown, 2 timeout test not ok, 3 operator test not ok.
    pub error: i64,
    /// Origin of the command; `None` when it is not one.
    pub origin: Option<Origin>,
    /// ctlNum of the command; `None` when it is no number.
    pub ctl_num: Option<i64>,
    /// AddCause.
    pub add_cause: i64,
}

impl LastApplError {
    /// From `{CntrlObj, Error, Origin, ctlNum, AddCause}`; `None` when it is anything else.
    #[must_use]
    pub fn from_data(data: &Data) -> Option<Self> {
        let [object, error, origin, ctl_num, add_cause] = data.members()? else {
            return None;
        };
        Some(Self {
            object: object.as_str()?.to_owned(),
            error: error.as_i64()?,
            origin: Origin::from_data(origin),
            ctl_num: ctl_num.as_i64(),
            add_cause: add_cause.as_i64()?,
        })
    }

    /// Whether it is about the control `domain/item` (`item` without the last part: `LN$CO$DO`). Servers write the name
    /// with and without `$Oper`, and some with dots.
    #[must_use]
    pub fn is_about(&self, domain: &str, item: &str) -> bool {
        let plain = |text: &str| text.replace('.', "$");
        let object = plain(&self.object);
        let wanted = plain(&format!("{domain}/{item}"));
        // Without the functional constraint too: the ACSI reference.
        let bare = wanted.replacen("$CO$", "$", 1);
        [wanted, bare].iter().any(|name| {
            object
                .strip_prefix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('$'))
        })
    }
}

const LAST_APPL_ERROR: &str = "LastApplError";

/// LastApplError, a part of a control, or the one and the other.
fn control(report: &InformationReport) -> Option<Notification> {
    let names: Vec<&ObjectName> = match &report.access {
        VariableAccess::ListOfVariable(list) => list
            .iter()
            .map(|variable| variable.name())
            .collect::<Option<_>>()?,
        // Some servers write it as a list.
        VariableAccess::VariableListName(name) => vec![name],
    };
    let named = || names.iter().zip(&report.results);
    let error = named()
        .find(|(name, _)| matches!(name, ObjectName::Vmd(name) if name == LAST_APPL_ERROR))
        .and_then(|(_, result)| result.as_ref().ok())
        .and_then(LastApplError::from_data);
    let commanded = named().find_map(|(name, result)| match name {
        ObjectName::Domain { domain, item } if item.contains("$CO$") => {
            Some((domain, item, result))
        }
        _ => None,
    });
    match (commanded, error) {
        (Some((domain, item, value)), error) => Some(Notification::Termination(Termination {
            domain: domain.clone(),
            item: item.clone(),
            value: value.clone(),
            error,
        })),
        (None, Some(error)) => Some(Notification::LastApplError(error)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_appl_error(object: &str, add_cause: i64) -> Data {
        Data::Structure(vec![
            Data::VisibleString(object.into()),
            Data::Integer(1),
            Data::Structure(vec![Data::Integer(2), Data::OctetString(b"me".to_vec())]),
            Data::Unsigned(7),
            Data::Integer(add_cause),
        ])
    }

    fn told(variables: Vec<(ObjectName, Data)>) -> Option<Notification> {
        let (names, values): (Vec<_>, Vec<_>) = variables.into_iter().unzip();
        control(&InformationReport {
            access: VariableAccess::names(names),
            results: values.into_iter().map(Ok).collect(),
        })
    }

    fn variable() -> ObjectName {
        ObjectName::Vmd(LAST_APPL_ERROR.into())
    }

    #[test]
    fn reads_a_refusal_and_whom_it_is_about() {
        let error = last_appl_error("LD0/GGIO1$CO$SPCSO1$Oper", 18);
        let Some(Notification::LastApplError(error)) = told(vec![(variable(), error)]) else {
            panic!("no refusal")
        };
        assert_eq!((error.add_cause, error.ctl_num), (18, Some(7)));
        assert_eq!(error.origin.as_ref().map(|origin| origin.or_cat), Some(2));
        assert!(error.is_about("LD0", "GGIO1$CO$SPCSO1"));
        assert!(!error.is_about("LD0", "GGIO1$CO$SPCSO"));
    }

    #[test]
    fn a_reference_without_constraint_is_about_the_same_control() {
        let error = LastApplError::from_data(&last_appl_error("LD0/GGIO1.SPCSO1", 99)).unwrap();
        assert!(error.is_about("LD0", "GGIO1$CO$SPCSO1"));
    }

    #[test]
    fn a_refusal_without_a_readable_origin_still_has_its_cause() {
        let Data::Structure(mut fields) = last_appl_error("LD0/GGIO1$CO$SPCSO1", 18) else {
            unreachable!()
        };
        fields[2] = Data::Structure(vec![]);
        fields[3] = Data::Boolean(true);
        let error = LastApplError::from_data(&Data::Structure(fields)).unwrap();
        assert_eq!(
            (error.origin, error.ctl_num, error.add_cause),
            (None, None, 18)
        );
    }

    #[test]
    fn tells_positive_and_negative_termination_apart() {
        let oper = (
            ObjectName::domain("LD0", "GGIO1$CO$SPCSO1$Oper"),
            Data::Structure(vec![]),
        );
        let error = (variable(), last_appl_error("LD0/GGIO1$CO$SPCSO1", 16));
        let Some(Notification::Termination(positive)) = told(vec![oper.clone()]) else {
            panic!("no termination")
        };
        assert_eq!(positive.error, None);
        let Some(Notification::Termination(negative)) = told(vec![error, oper]) else {
            panic!("no termination")
        };
        assert_eq!(negative.error.map(|error| error.add_cause), Some(16));
    }
}
