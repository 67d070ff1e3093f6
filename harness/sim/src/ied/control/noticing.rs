//! What the process side is told of controls.

use iedassay_model::value::format_value;

use super::{Fc, Ied};
use crate::{
    client::AssociationId,
    control::{AddCause, Command, Refusal},
    process::{ControlNotice, ControlService, NoticedCommand},
};

/// Controls that wait to be told. Whoever handles one tells them in the same turn, so more are there only by a mistake.
const MAX_WAITING: usize = 1024;

impl Ied {
    /// Notes a control for the process side.
    pub(super) fn notice(
        &mut self,
        service: ControlService,
        at: usize,
        client: Option<AssociationId>,
        command: Option<&Command>,
        result: Result<(), String>,
    ) {
        let Some(control) = self
            .controls
            .get(at)
            .filter(|_| self.notices.len() < MAX_WAITING)
        else {
            return;
        };
        let oper = self
            .model
            .resolve(&control.domain, &control.item(Fc::CO, "Oper$ctlVal"));
        let command = command.map(|command| NoticedCommand {
            value: format_value(oper.and_then(|node| node.btype()), &command.value),
            or_cat: command.or_cat,
            or_ident: command.or_ident.clone(),
            ctl_num: command.ctl_num,
            test: command.test,
        });
        let object = format!(
            "{}/{}.{}",
            control.domain,
            control.ln,
            control.object.replace('$', ".")
        );
        let client = client
            .and_then(|id| self.client(id))
            .map(|client| client.address);
        self.notices.push(ControlNotice {
            time: self.now,
            service,
            object,
            command,
            client,
            result,
        });
    }

    /// The controls since this was last asked.
    pub(crate) fn take_notices(&mut self) -> Vec<ControlNotice> {
        core::mem::take(&mut self.notices)
    }
}

/// Why a control was refused.
pub(super) fn why(refusal: Refusal) -> String {
    format!("{} {}", refusal.error, cause(refusal.cause))
}

/// A cause with its number (AddCause, IEC 61850-7-2), and its name when the process can bring it about.
pub(super) fn cause(cause: AddCause) -> String {
    let name = AddCause::OF_PROCESS
        .iter()
        .find(|(_, known)| *known == cause);
    match name {
        Some((name, _)) => format!("AddCause={}({name})", cause.0),
        None => format!("AddCause={}", cause.0),
    }
}
