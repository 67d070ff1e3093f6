//! Functional constraints, types, enumerations, triggers.

use iedassay_wire::mms::TypeSpecification as T;

use super::tables::{ATTRIBUTES, ENUMERATIONS, Shape, TRIGGERING};
use super::{Judge, Place};
use crate::Fc;
use crate::tree::{BType, DataAttribute, Triggers};

impl Judge<'_> {
    pub(super) fn constraints(&mut self) {
        self.each_known(|judge, place, attribute, known| {
            if !known.constraints.contains(&attribute.fc) {
                let wanted: Vec<&str> = known.constraints.iter().map(|fc| fc.as_str()).collect();
                judge.add(
                    format!("{}.{}", place.reference(), attribute.name),
                    format!(
                        "stands under {} and not {}",
                        attribute.fc.as_str(),
                        wanted.join(" or ")
                    ),
                );
            }
        });
    }

    pub(super) fn types(&mut self) {
        self.each_known(|judge, place, attribute, known| {
            let shape = match (known.shape, attribute.name.as_str(), place.cdc) {
                (Shape::Varies, "stVal" | "subVal", "SPS" | "SPC") => Shape::Boolean,
                (Shape::Varies, "stVal" | "subVal", "ENS" | "ENC") => Shape::Enumerated,
                (shape, ..) => shape,
            };
            if let Some(wanted) = misshapen(shape, attribute) {
                judge.add(
                    format!("{}.{}", place.reference(), attribute.name),
                    format!("is {} and not {wanted}", attribute.btype.scl_name()),
                );
            }
        });
    }

    fn each_known(
        &mut self,
        mut check: impl FnMut(&mut Self, &Place<'_>, &DataAttribute, &super::tables::Attribute),
    ) {
        for place in self.objects() {
            // Classes of service tracking copy attributes of control blocks, whose names mean something else there.
            if place.attributes().any(|attribute| attribute.fc == Fc::SR) {
                continue;
            }
            for attribute in place.attributes() {
                if let Some(known) = ATTRIBUTES.iter().find(|known| known.name == attribute.name) {
                    check(self, &place, attribute, known);
                }
            }
        }
    }

    pub(super) fn enumerations(&mut self) {
        for place in self.objects() {
            for attribute in place.attributes() {
                self.enumeration(&place, &[], attribute);
            }
        }
    }

    fn enumeration(&mut self, place: &Place<'_>, above: &[&str], attribute: &DataAttribute) {
        for component in &attribute.components {
            let mut path = above.to_vec();
            path.push(&attribute.name);
            self.enumeration(place, &path, component);
        }
        let BType::Enum(literals) = &attribute.btype else {
            return;
        };
        let object = place.path.first().copied().unwrap_or_default();
        let limits = ENUMERATIONS
            .iter()
            .find(|(name, of, ..)| *name == attribute.name && (of.is_empty() || *of == object));
        let Some((_, _, low, high)) = limits else {
            return;
        };
        let mut names = above.to_vec();
        names.push(&attribute.name);
        let beyond: Vec<String> = literals
            .literals
            .iter()
            .filter(|(ord, _)| !(low..=high).contains(&ord))
            .map(|(ord, literal)| format!("{ord} ({literal})"))
            .collect();
        if !beyond.is_empty() {
            self.add(
                format!("{}.{}", place.reference(), names.join(".")),
                format!(
                    "has the value {}, and the standard knows {low} to {high}",
                    beyond.join(", ")
                ),
            );
        }
    }

    pub(super) fn triggers(&mut self) {
        let known = self.objects().iter().any(|place| {
            place
                .attributes()
                .any(|attribute| triggers(attribute) != Triggers::default())
        });
        // A model that was browsed tells none.
        if !known {
            return;
        }
        for place in self.objects() {
            for attribute in place.attributes() {
                let wanted = match attribute.name.as_str() {
                    "q" if matches!(attribute.fc, Fc::ST | Fc::MX) => {
                        ("qchg", triggers(attribute).qchg)
                    }
                    name if TRIGGERING.contains(&name)
                        && matches!(attribute.fc, Fc::ST | Fc::MX) =>
                    {
                        let raised = triggers(attribute);
                        ("dchg", raised.dchg || raised.dupd)
                    }
                    _ => continue,
                };
                if !wanted.1 {
                    self.add(
                        format!("{}.{}", place.reference(), attribute.name),
                        format!("does not trigger {}", wanted.0),
                    );
                }
            }
        }
    }
}

/// What a change anywhere in an attribute triggers.
fn triggers(attribute: &DataAttribute) -> Triggers {
    attribute
        .components
        .iter()
        .map(triggers)
        .fold(attribute.triggers, Triggers::union)
}

/// What an attribute should be, when it is something else.
fn misshapen(shape: Shape, attribute: &DataAttribute) -> Option<String> {
    if matches!(attribute.btype, BType::Unknown) {
        return None;
    }
    let structured = !attribute.components.is_empty() || attribute.btype == BType::Structure;
    let spec = attribute.btype.type_spec();
    let at_most = |size: i32, limit: u32| size.unsigned_abs() <= limit;
    let (fits, wanted) = match shape {
        Shape::Varies => (true, String::new()),
        Shape::Structure => (structured, "a structure".to_owned()),
        Shape::Boolean => (spec == T::Boolean, "BOOLEAN".to_owned()),
        Shape::Enumerated => (matches!(spec, T::Integer(_)), "an enumeration".to_owned()),
        Shape::Unsigned => (
            matches!(spec, T::Unsigned(_) | T::Integer(_)),
            "INT32U".to_owned(),
        ),
        Shape::Quality => (
            matches!(spec, T::BitString(size) if size.unsigned_abs() == 13),
            "Quality".to_owned(),
        ),
        Shape::Time => (spec == T::UtcTime, "Timestamp".to_owned()),
        Shape::Visible(limit) => (
            matches!(spec, T::VisibleString(size) if at_most(size, limit)),
            format!("a visible string of at most {limit}"),
        ),
        Shape::Unicode(limit) => (
            matches!(spec, T::MmsString(_)),
            format!("an MMS string of {limit}"),
        ),
    };
    let fits = fits && (shape == Shape::Structure || shape == Shape::Varies || !structured);
    (!fits).then_some(wanted)
}
