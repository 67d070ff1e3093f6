//! What a model says of a capability: its content, and the `Services` section.

use super::Capability;
use crate::{
    Fc,
    services::{ReportSettings, Services},
    tree::{Node, NodeKind, ServerModel},
};

impl Capability {
    /// Whether a model (described or browsed) has or claims it; `None` when a model says nothing about it.
    #[must_use]
    pub fn described(&self, model: &ServerModel) -> Option<bool> {
        let services = &model.services;
        let blocks = |buffered: bool| {
            model
                .report_controls()
                .any(|at| at.block.buffered == buffered)
        };
        let nodes = |fc: Fc| has_constraint(model, fc);
        let co = |name: &str| has_control(model, name);
        Some(match self.id {
            "B11" | "B21" | "M1" => !model.logical_devices().is_empty(),
            "M2" | "M3" => model.nodes().next().is_some(),
            "M4" | "S12" | "S16" => {
                model.data_sets().next().is_some()
                    || services.dyn_data_set.is_some()
                    || services.conf_data_set.is_some()
            }
            "M5" | "S17" => nodes(Fc::SV),
            "M6" | "S18" | "S23" => setting_groups(model),
            "S19" | "S20" | "S21" => {
                setting_groups(model)
                    && claimed(services, services.setting_groups.is_some_and(|s| s.edit))?
            }
            "S22" => nodes(Fc::SG) || nodes(Fc::SE),
            "M7" | "S24" | "S25" | "M7-1" | "M7-2" | "M7-3" | "M7-4" | "M7-5" | "M7-6" | "M7-7"
            | "M7-11" => blocks(true),
            "M8" | "S27" | "S28" | "M8-1" | "M8-2" | "M8-3" | "M8-4" | "M8-5" | "M8-9" => {
                blocks(false)
            }
            "M7-8" => {
                blocks(true)
                    && settable(
                        services,
                        |settings| settings.buf_time.is_dynamic(),
                        |at| at.buf_tm > 0,
                        model,
                        true,
                    )
            }
            "M8-6" => {
                blocks(false)
                    && settable(
                        services,
                        |settings| settings.buf_time.is_dynamic(),
                        |at| at.buf_tm > 0,
                        model,
                        false,
                    )
            }
            "M7-9" => {
                blocks(true)
                    && settable(
                        services,
                        |settings| settings.intg_pd.is_dynamic(),
                        |at| at.intg_pd > 0,
                        model,
                        true,
                    )
            }
            "M8-7" => {
                blocks(false)
                    && settable(
                        services,
                        |settings| settings.intg_pd.is_dynamic(),
                        |at| at.intg_pd > 0,
                        model,
                        false,
                    )
            }
            "M7-10" => blocks(true),
            "M8-8" => blocks(false),
            "S26" => blocks(true),
            "S29" => blocks(false),
            "M9" | "S30" | "S31" | "S34" => {
                model.nodes().any(|(_, ln)| !ln.log_controls.is_empty())
            }
            "M10" | "S32" | "S33" => model.nodes().any(|(_, ln)| !ln.logs.is_empty()),
            "M11" | "S54" => co("Oper"),
            "M12" | "M19" | "B31" | "S35" | "S38" => {
                model.nodes().any(|(_, ln)| !ln.goose_controls.is_empty())
            }
            "B32" => {
                model.nodes().any(|(_, ln)| ln.class == "LGOS")
                    || services.client_services.is_some_and(|c| c.goose)
            }
            "M14" | "S45" | "S46" => sampled_values(model, true),
            "M15" | "S48" | "S49" => sampled_values(model, false),
            "M20" | "B41" => sampled_values(model, true) || sampled_values(model, false),
            "B42" => {
                model.nodes().any(|(_, ln)| ln.class == "LSVS")
                    || services.client_services.is_some_and(|c| c.sv)
            }
            "M17" | "S57" | "S60" => claimed(
                services,
                services.file_handling.is_some_and(|files| files.mms),
            )?,
            "M18" => model.nodes().any(|(_, ln)| ln.class == "LTRK"),
            "S9" => nodes(Fc::SP) || nodes(Fc::CF) || nodes(Fc::DC) || co("Oper"),
            "S13" => claimed(services, services.set_data_set_value)?,
            "S14" | "S15" => claimed(services, services.dyn_data_set.is_some())?,
            "S51" => co("SBO"),
            "S52" => co("SBOw"),
            "S53" => co("Cancel"),
            "S55" => has_enhanced_security(model),
            "S56" => has_operate_time(model),
            _ => return None,
        })
    }
}

/// What the `Services` section says; nothing when there is none.
fn claimed(services: &Services, claim: bool) -> Option<bool> {
    services.stated.then_some(claim)
}

fn settable(
    services: &Services,
    dynamic: impl Fn(&ReportSettings) -> bool,
    configured: impl Fn(&crate::tree::ReportControl) -> bool,
    model: &ServerModel,
    buffered: bool,
) -> bool {
    dynamic(&services.effective_report_settings())
        || model
            .report_controls()
            .any(|at| at.block.buffered == buffered && configured(at.block))
}

fn has_constraint(model: &ServerModel, fc: Fc) -> bool {
    model
        .variables()
        .any(|node| node.fc() == Some(fc) && node.kind() == NodeKind::DataObject)
}

fn controls(model: &ServerModel) -> impl Iterator<Item = Node<'_>> {
    model
        .variables()
        .filter(|node| node.fc() == Some(Fc::CO) && node.kind() == NodeKind::DataObject)
}

fn has_control(model: &ServerModel, attribute: &str) -> bool {
    controls(model).any(|object| object.child(attribute).is_some())
}

fn has_operate_time(model: &ServerModel) -> bool {
    controls(model)
        .filter_map(|object| object.child("Oper"))
        .any(|oper| oper.child("operTm").is_some())
}

/// Whether a control model with enhanced security is configured; without a value it is not known, and so not claimed.
fn has_enhanced_security(model: &ServerModel) -> bool {
    model
        .variables()
        .filter(|node| node.name() == "ctlModel" && node.fc() == Some(Fc::CF))
        .any(|node| {
            node.initial().is_some_and(|text| {
                text.ends_with("enhanced-security") || matches!(text, "3" | "4")
            })
        })
}

fn setting_groups(model: &ServerModel) -> bool {
    model.nodes().any(|(_, ln)| ln.setting_group.is_some())
}

fn sampled_values(model: &ServerModel, multicast: bool) -> bool {
    model.nodes().any(|(_, ln)| {
        ln.sampled_value_controls
            .iter()
            .any(|block| block.multicast == multicast)
    })
}

#[cfg(test)]
mod tests {
    use crate::{capability::find, scl};

    #[test]
    fn the_built_in_model_has_what_it_is_built_to_have() {
        let model = scl::builtin().unwrap().model;
        for id in [
            "M1", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11", "M12", "M14", "M15", "M17",
            "M18", "S14", "S21", "S51", "S52", "S55", "S56", "B32",
        ] {
            assert_eq!(find(id).unwrap().described(&model), Some(true), "{id}");
        }
        assert_eq!(find("B42").unwrap().described(&model), Some(false));
        assert_eq!(find("S2").unwrap().described(&model), None);
    }

    #[test]
    fn the_minimal_model_claims_less() {
        let model = scl::minimal().unwrap().model;
        for id in ["M6", "M7", "M9", "M17", "S14", "S52", "S55"] {
            assert_eq!(find(id).unwrap().described(&model), Some(false), "{id}");
        }
    }
}
