//! What the server reports about commands: LastApplError and CommandTermination (IEC 61850-8-1).

use iedassay_wire::mms::{AccessResult, Data, InformationReport, ObjectName, VariableAccess};

use crate::suite::AddCause;

/// LastApplError: why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastApplError {
    /// CntrlObj: the control, as the server writes it.
    pub object: String,
    /// Error: 0 none, 1 unknown, 2 time-out test not ok, 3 operator test not ok.
    pub error: i64,
    /// Origin.orCat.
    pub or_cat: Option<i64>,
    /// Origin.orIdent.
    pub or_ident: Option<Vec<u8>>,
    /// ctlNum.
    pub ctl_num: Option<i64>,
    /// AddCause.
    pub add_cause: i64,
}

impl LastApplError {
    /// The word of the additional cause, or its number.
    #[must_use]
    pub fn add_cause_word(&self) -> String {
        usize::try_from(self.add_cause)
            .ok()
            .and_then(|index| AddCause::ALL.get(index))
            .map_or_else(
                || self.add_cause.to_string(),
                |cause| cause.as_str().to_owned(),
            )
    }

    fn from_data(data: &Data) -> Option<Self> {
        let [object, error, origin, ctl_num, add_cause] = data.members()? else {
            return None;
        };
        let origin = origin.members().unwrap_or_default();
        Some(Self {
            object: object.as_str()?.to_owned(),
            error: error.as_i64()?,
            or_cat: origin.first().and_then(Data::as_i64),
            or_ident: origin.get(1).and_then(Data::as_octets).map(<[u8]>::to_vec),
            ctl_num: ctl_num.as_i64(),
            add_cause: add_cause.as_i64()?,
        })
    }

    /// Whether it is about the control `domain/item` (item without the last part: `LN$CO$DO`). Servers write the name
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

/// What an information report says about commands.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A refusal is about to come, or has come.
    Refusal(LastApplError),
    /// CommandTermination of the control at `domain`, `item` (`LN$CO$DO$Oper`).
    Termination {
        /// MMS domain.
        domain: String,
        /// MMS item, with `$Oper`.
        item: String,
        /// Why it was negative; `None` for a positive one.
        refusal: Option<LastApplError>,
        /// The Oper structure that it carries.
        oper: AccessResult,
    },
}

/// What an information report says about commands; `None` when it is about something else.
#[must_use]
pub fn understand(information: &InformationReport) -> Option<Told> {
    let names: Vec<&ObjectName> = match &information.access {
        VariableAccess::ListOfVariable(list) => list
            .iter()
            .map(|variable| variable.name())
            .collect::<Option<_>>()?,
        // Some servers write it as a list.
        VariableAccess::VariableListName(name) => vec![name],
    };
    let error_at = names
        .iter()
        .position(|name| matches!(name, ObjectName::Vmd(name) if name == "LastApplError"));
    let refusal = error_at
        .and_then(|index| information.results.get(index))
        .and_then(|result| result.as_ref().ok())
        .and_then(LastApplError::from_data);
    let oper = names
        .iter()
        .zip(&information.results)
        .find_map(|(name, result)| match name {
            ObjectName::Domain { domain, item } if item.contains("$CO$") => {
                Some((domain, item, result))
            }
            _ => None,
        });
    match (oper, refusal) {
        (Some((domain, item, result)), refusal) => Some(Told::Termination {
            domain: domain.clone(),
            item: item.clone(),
            refusal,
            oper: result.clone(),
        }),
        (None, Some(refusal)) => Some(Told::Refusal(refusal)),
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

    fn information(variables: Vec<(ObjectName, Data)>) -> InformationReport {
        let (names, values): (Vec<_>, Vec<_>) = variables.into_iter().unzip();
        InformationReport {
            access: VariableAccess::names(names),
            results: values.into_iter().map(Ok).collect(),
        }
    }

    #[test]
    fn reads_a_refusal_and_names_its_cause() {
        let report = information(vec![(
            ObjectName::Vmd("LastApplError".into()),
            last_appl_error("LD0/GGIO1$CO$SPCSO1$Oper", 18),
        )]);
        let Some(Told::Refusal(error)) = understand(&report) else {
            panic!("no refusal")
        };
        assert_eq!(
            (error.add_cause_word().as_str(), error.ctl_num),
            ("object-not-selected", Some(7))
        );
        assert!(error.is_about("LD0", "GGIO1$CO$SPCSO1"));
        assert!(!error.is_about("LD0", "GGIO1$CO$SPCSO"));
    }

    #[test]
    fn a_reference_without_constraint_is_about_the_same_control() {
        let error = LastApplError::from_data(&last_appl_error("LD0/GGIO1.SPCSO1", 99)).unwrap();
        assert!(error.is_about("LD0", "GGIO1$CO$SPCSO1"));
        assert_eq!(error.add_cause_word(), "99");
    }

    #[test]
    fn tells_positive_and_negative_termination_apart() {
        let oper = (
            ObjectName::domain("LD0", "GGIO1$CO$SPCSO1$Oper"),
            Data::Structure(vec![]),
        );
        let error = (
            ObjectName::Vmd("LastApplError".into()),
            last_appl_error("LD0/GGIO1$CO$SPCSO1", 16),
        );
        let positive = understand(&information(vec![oper.clone()]));
        assert!(matches!(
            positive,
            Some(Told::Termination { refusal: None, .. })
        ));
        let negative = understand(&information(vec![error, oper]));
        assert!(matches!(
            negative,
            Some(Told::Termination {
                refusal: Some(LastApplError { add_cause: 16, .. }),
                ..
            })
        ));
    }
}
