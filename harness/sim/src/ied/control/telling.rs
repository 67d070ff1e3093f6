//! What the client of a control is told beside the response: LastApplError and CommandTermination.

use iedassay_model::Fc;
use iedassay_wire::mms::{
    Data, DataAccessError, InformationReport, ListedVariable, ObjectName, Pdu, Unconfirmed,
    VariableAccess,
};

use super::{Ied, Service, Verb};
use crate::{
    Fault,
    client::AssociationId,
    control::{AddCause, Command, Refusal},
    process::ControlService,
};

impl Ied {
    /// LastApplError for a refused control.
    pub(super) fn explain(
        &mut self,
        id: AssociationId,
        at: usize,
        verb: Verb,
        command: &Command,
        refusal: Refusal,
    ) {
        if self.faults.has(Fault::LastApplErrorMissing) {
            return;
        }
        let Some(value) = self.last_appl_error(at, verb, command, refusal.cause) else {
            return;
        };
        let told = report([(ObjectName::Vmd("LastApplError".to_owned()), value)]);
        if self.faults.has(Fault::LastApplErrorLate) {
            self.send_late(id, told);
        } else {
            self.send(id, &told);
        }
    }

    pub(super) fn last_appl_error(
        &self,
        at: usize,
        verb: Verb,
        command: &Command,
        cause: AddCause,
    ) -> Option<Data> {
        let control = self.controls.get(at)?;
        let shown = if self.faults.has(Fault::AddCauseUnknown) {
            AddCause::UNKNOWN
        } else {
            cause
        };
        Some(Data::Structure(vec![
            Data::VisibleString(format!(
                "{}/{}",
                control.domain,
                control.item(Fc::CO, verb.name())
            )),
            Data::Integer(cause.error()),
            Data::Structure(vec![
                Data::Integer(command.or_cat),
                Data::OctetString(command.or_ident.clone()),
            ]),
            Data::Unsigned(command.ctl_num),
            Data::Integer(i64::from(shown.0)),
        ]))
    }

    /// CommandTermination: of a negative one LastApplError is the first of two variables.
    pub(super) fn terminate(
        &mut self,
        id: AssociationId,
        at: usize,
        command: &Command,
        cause: Option<AddCause>,
    ) {
        let Some(control) = self.controls.get(at) else {
            return;
        };
        let oper = ObjectName::domain(
            control.domain.clone(),
            control.item(Fc::CO, Verb::Oper.name()),
        );
        let cause = cause.filter(|_| !self.faults.has(Fault::TerminationAlwaysPositive));
        let result = cause.map_or(Ok(()), |cause| Err(super::noticing::cause(cause)));
        self.notice(
            ControlService::Termination,
            at,
            Some(id),
            Some(command),
            result,
        );
        let mut variables = Vec::new();
        if let Some(value) =
            cause.and_then(|cause| self.last_appl_error(at, Verb::Oper, command, cause))
        {
            variables.push((ObjectName::Vmd("LastApplError".to_owned()), value));
        }
        let mut whole = command.whole.clone();
        if self.faults.has(Fault::TerminationWrongCtlNum) {
            misnumber(&mut whole);
        }
        variables.push((oper, whole));
        let told = report(variables);
        let mut receivers = vec![id];
        if self.faults.has(Fault::TerminationToEveryone) {
            receivers.extend(
                self.associations
                    .keys()
                    .copied()
                    .filter(|other| *other != id),
            );
        }
        if self.faults.has(Fault::TerminationTwice) {
            receivers.push(id);
        }
        if self.faults.has(Fault::TerminationMissing) {
            receivers.clear();
        }
        for receiver in receivers {
            self.send(receiver, &told);
        }
        if !self.faults.has(Fault::TerminationNotTracked) {
            let outcome = cause.map_or(Ok(()), |cause| {
                let error = DataAccessError::HARDWARE_FAULT;
                Err(Refusal { error, cause })
            });
            self.track_control(id, at, Service::COMMAND_TERMINATION, Some(command), outcome);
        }
    }
}

fn report(variables: impl IntoIterator<Item = (ObjectName, Data)>) -> Pdu {
    let (names, values): (Vec<_>, Vec<_>) = variables.into_iter().unzip();
    Pdu::Unconfirmed(Unconfirmed::InformationReport(InformationReport {
        access: VariableAccess::ListOfVariable(
            names
                .into_iter()
                .map(|name| ListedVariable::new(name, None))
                .collect(),
        ),
        results: values.into_iter().map(Ok).collect(),
    }))
}

/// Changes ctlNum, the only unsigned component behind the value.
fn misnumber(whole: &mut Data) {
    if let Data::Structure(components) = whole
        && let Some(Data::Unsigned(number)) = components
            .iter_mut()
            .skip(1)
            .find(|component| matches!(component, Data::Unsigned(_)))
    {
        *number = (*number + 1) % 256;
    }
}
