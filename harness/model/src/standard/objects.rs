//! Presence of objects and attributes.

use super::tables::{
    CONTROLLABLE, MANDATORY_ATTRIBUTES, MANDATORY_OBJECTS, MANDATORY_OBJECTS_ED1, ONE_OF,
};
use super::{Judge, Place};
use crate::Fc;
use crate::tree::{BType, DataAttribute, Edition};

impl Judge<'_> {
    pub(super) fn mandatory(&mut self) {
        let nodes: Vec<_> = self.model.nodes().collect();
        for (ld, ln) in nodes {
            let class = self.class(ld, ln);
            let reference = format!("{}/{}", ld.name, ln.name);
            let of_class = MANDATORY_OBJECTS.iter().find(|(name, _)| *name == class);
            let mut wanted: Vec<&str> = of_class
                .map(|(_, names)| names.to_vec())
                .unwrap_or_default();
            if !matches!(class, "LLN0" | "LPHD") {
                match self.model.edition {
                    Edition::Ed1 => wanted.extend(MANDATORY_OBJECTS_ED1),
                    _ => wanted.push("Beh"),
                }
            }
            for name in wanted {
                if !ln.data_objects.iter().any(|object| object.name == name) {
                    self.add(
                        &reference,
                        format!("lacks the mandatory data object {name} of {class}"),
                    );
                }
            }
        }
        for place in self.objects() {
            let of_class = MANDATORY_ATTRIBUTES
                .iter()
                .find(|(cdc, _)| *cdc == place.cdc);
            for name in of_class.map_or(&[][..], |(_, names)| names) {
                if !place.has(name) {
                    self.add(
                        place.reference(),
                        format!("lacks the mandatory {name} of {}", place.cdc),
                    );
                }
            }
        }
        if !self.model.nodes().any(|(_, ln)| ln.class == "LPHD") {
            self.add(self.model.ied_name.clone(), "has no logical node LPHD");
        }
    }

    pub(super) fn conditional(&mut self) {
        for place in self.objects() {
            if let Some((_, names)) = ONE_OF.iter().find(|(cdc, _)| *cdc == place.cdc)
                && !names.iter().any(|name| place.has(name))
            {
                self.add(
                    place.reference(),
                    format!("is a {} and has none of {}", place.cdc, names.join(", ")),
                );
            }
            for name in control_needs(&place) {
                if !place.has(name) {
                    self.add(
                        place.reference(),
                        format!("lacks {name}, which its ctlModel needs"),
                    );
                }
            }
            self.substitution(&place);
            if place.ln.name == "LLN0" && place.path == ["NamPlt"] && !place.has("configRev") {
                self.add(
                    place.reference(),
                    "lacks configRev, which the name plate of LLN0 has",
                );
            }
        }
        // A logical device may have its settings in the groups of the one above it (IEC 61850-7-1, GrRef).
        let grouped = self.model.nodes().any(|(_, ln)| ln.setting_group.is_some());
        let constrained = self.objects().into_iter().find(|place| {
            place
                .attributes()
                .any(|attribute| matches!(attribute.fc, Fc::SG | Fc::SE))
        });
        if let Some(place) = constrained.filter(|_| !grouped) {
            self.add(
                place.reference(),
                "has settings of groups, and no logical device has a setting group control block",
            );
        }
    }

    /// Who can be substituted has all that it takes (IEC 61850-7-3, condition PICS_SUBST).
    fn substitution(&mut self, place: &Place<'_>) {
        let substituted = |name: &str| {
            name.starts_with("sub") && place.attribute(name).is_some_and(|a| a.fc == Fc::SV)
        };
        let values = ["subVal", "subMag", "subCVal", "subGeneral", "subMxVal"];
        if !place
            .attributes()
            .any(|attribute| substituted(&attribute.name))
        {
            return;
        }
        for name in ["subEna", "subQ", "subID"] {
            if !substituted(name) {
                self.add(
                    place.reference(),
                    format!("can be substituted and lacks {name}"),
                );
            }
        }
        if !values.iter().any(|name| place.has(name)) {
            self.add(
                place.reference(),
                "can be substituted and has no substituted value",
            );
        }
    }

    pub(super) fn forbidden(&mut self) {
        for at in self.model.report_controls().collect::<Vec<_>>() {
            let reference = at.reference();
            let Some(node) = self.model.resolve(&reference.ld, &reference.mms_item()) else {
                continue;
            };
            let foreign: &[&str] = if at.block.buffered {
                &["Resv"]
            } else {
                &[
                    "PurgeBuf",
                    "EntryID",
                    "TimeofEntry",
                    "TimeOfEntry",
                    "ResvTms",
                ]
            };
            for name in foreign.iter().filter(|name| node.child(name).is_some()) {
                self.add(
                    reference.to_string(),
                    format!("has {name}, which its kind of block does not have"),
                );
            }
        }
        for place in self.objects() {
            if place.ln.name != "LLN0" && place.path == ["NamPlt"] && place.has("ldNs") {
                self.add(
                    place.reference(),
                    "has ldNs, which only the name plate of LLN0 has",
                );
            }
            let commanded = place.attributes().any(|attribute| attribute.fc == Fc::CO);
            let known = MANDATORY_ATTRIBUTES
                .iter()
                .any(|(cdc, _)| *cdc == place.cdc);
            if commanded && known && !CONTROLLABLE.contains(&place.cdc) {
                self.add(
                    place.reference(),
                    format!("is a {} and has attributes of a control", place.cdc),
                );
            }
        }
    }
}

/// The attributes under FC CO that the configured control model needs (IEC 61850-7-3, presence conditions of Oper, SBO, SBOw and
/// Cancel).
fn control_needs(place: &Place<'_>) -> &'static [&'static str] {
    match place.attribute("ctlModel").and_then(control_model) {
        Some(1 | 3) => &["Oper"],
        Some(2) => &["SBO", "Oper", "Cancel"],
        Some(4) => &["SBOw", "Oper", "Cancel"],
        _ => &[],
    }
}

/// The number of a configured control model, by number or literal.
fn control_model(attribute: &DataAttribute) -> Option<i32> {
    let text = attribute.initial.as_deref()?.trim().trim_matches('\'');
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    match &attribute.btype {
        BType::Enum(literals) if literals.ord(text).is_some() => literals.ord(text),
        _ => match text {
            "status-only" => Some(0),
            "direct-with-normal-security" => Some(1),
            "sbo-with-normal-security" => Some(2),
            "direct-with-enhanced-security" => Some(3),
            "sbo-with-enhanced-security" => Some(4),
            _ => None,
        },
    }
}
