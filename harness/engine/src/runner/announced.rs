//! What the Initiate-Response announces, as the column of the PICS gap.

use iedassay_model::capability;
use iedassay_reports::{Capability, Statement};
use iedassay_wire::mms::Initiate;

/// The capabilities with what the server announced.
pub(crate) fn with_announced(capabilities: &[Capability], announced: &Initiate) -> Vec<Capability> {
    capabilities
        .iter()
        .cloned()
        .map(|mut known| {
            known.announced = statement(&known.id, announced).or(known.announced);
            known
        })
        .collect()
}

fn statement(id: &str, announced: &Initiate) -> Option<Statement> {
    let said = match id {
        "association/pdu-size" => announced.local_detail.map(Statement::value),
        "association/outstanding-calling" => {
            Some(Statement::value(announced.max_outstanding_calling))
        }
        "association/outstanding-called" => {
            Some(Statement::value(announced.max_outstanding_called))
        }
        "association/nesting" => announced.nesting_level.map(Statement::value),
        "association/version" => Some(Statement::value(announced.detail.version)),
        _ => capability::find(id)?
            .announced(&announced.detail.services, &announced.detail.parameters)
            .map(Statement::flag),
    };
    said.map(|said| said.from_source("Initiate-Response"))
}
