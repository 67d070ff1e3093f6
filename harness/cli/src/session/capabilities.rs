//! The inputs of the PICS gap that are known before the run: what is claimed, and which cases exercise what.

use iedassay_engine::expect::explain::show;
use iedassay_engine::profile::Profile;
use iedassay_engine::suite::Library;
use iedassay_engine::target::Target;
use iedassay_model::capability::{self, Capability as Item, CapabilityKind as Kind};
use iedassay_model::tree::ServerModel;
use iedassay_reports::{Capability, CapabilityKind, Statement};

use super::exercised;

/// Capabilities that anybody may speak about. The model is that of the SCL file, if there is one: a live model is no
/// claim.
pub(crate) fn capabilities(
    target: &Target,
    target_name: &str,
    model: Option<&ServerModel>,
    library: &Library,
    profile: Option<&Profile>,
) -> Vec<Capability> {
    capability::all()
        .iter()
        .map(|item| Capability {
            id: item.id.to_owned(),
            name: item.name.to_owned(),
            kind: kind(item.kind),
            part_of: item.part_of().map(str::to_owned),
            required: profile.and_then(|profile| profile.required(item.id)),
            claimed: claim(item, target, target_name, model),
            described: described(item, model),
            announced: None,
            probed: None,
            unprobed: None,
            cases: cases_of(library, |id| id == item.id),
            shown_by: shown_by(item, library),
        })
        .collect()
}

// The PICS goes before the SCL file, which may say more than the vendor means.
fn claim(
    item: &Item,
    target: &Target,
    target_name: &str,
    model: Option<&ServerModel>,
) -> Option<Statement> {
    if item.id == "association/max"
        && let Some(value) = target.pixit("As1")
    {
        return Some(Statement::value(show(value)).from_source("PIXIT As1"));
    }
    if let Some(claimed) = target.pics.as_ref().and_then(|pics| pics.claim(item.id)) {
        return Some(claimed.statement(&format!("PICS in {target_name}")));
    }
    described(item, model)
}

fn described(item: &Item, model: Option<&ServerModel>) -> Option<Statement> {
    Some(Statement::flag(item.described(model?)?).from_source("SCL"))
}

fn cases_of(library: &Library, fits: impl Fn(&str) -> bool) -> Vec<String> {
    library
        .cases()
        .filter(|(_, case)| {
            case.needs
                .iter()
                .flat_map(|needs| needs.capability.iter())
                .any(|id| fits(&id.value))
        })
        .map(|(_, case)| case.id.value.clone())
        .collect()
}

// A case cannot pass without the MMS services that its capabilities are mapped to.
fn shown_by(item: &Item, library: &Library) -> Vec<String> {
    let is_mms = matches!(item.kind, Kind::MmsService | Kind::ParameterCbb);
    if !is_mms {
        return exercised::shown_by(item.id).map(str::to_owned).collect();
    }
    cases_of(library, |id| {
        capability::find(id).is_some_and(|needed| {
            item.services
                .iter()
                .all(|service| needed.services.contains(service))
                && item
                    .parameters
                    .iter()
                    .all(|parameter| needed.parameters.contains(parameter))
        })
    })
}

fn kind(kind: Kind) -> CapabilityKind {
    match kind {
        Kind::Basic => CapabilityKind::AcsiBasic,
        Kind::Model => CapabilityKind::AcsiModel,
        Kind::Service => CapabilityKind::AcsiService,
        Kind::Time => CapabilityKind::Time,
        Kind::Profile => CapabilityKind::Profile,
        Kind::MmsService => CapabilityKind::MmsService,
        Kind::ParameterCbb => CapabilityKind::ParameterCbb,
        Kind::Association => CapabilityKind::AssociationParameter,
    }
}
