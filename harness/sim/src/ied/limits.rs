//! The range of settings (IEC 61850-7-3, minVal and maxVal of the common data classes of settings).

use iedassay_model::{Fc, tree::Node};
use iedassay_wire::mms::{Data, Float};

use super::{control::scatter, store::Store};

/// Whether a value for a setting or of a command, or for a part of it, is within the limits that its data object states. What is no number, and
/// what has no limits, always is.
pub(super) fn within_limits(store: &Store, node: Node<'_>, data: &Data) -> bool {
    if !matches!(node.fc(), Some(Fc::SP | Fc::SE | Fc::CO)) {
        return true;
    }
    let mut updates = Vec::new();
    scatter(node, data, &mut updates);
    updates.iter().all(|update| {
        let leaf = store.model().node(update.cell);
        match (
            leaf.and_then(|leaf| limits(store, leaf)),
            number(&update.data),
        ) {
            (Some((min, max)), Some(value)) => (min..=max).contains(&value),
            _ => true,
        }
    })
}

/// minVal and maxVal of a leaf, from CF of its data object. A lower limit that is not below the upper one is no range: so look those
/// that nobody has configured.
fn limits(store: &Store, leaf: Node<'_>) -> Option<(f64, f64)> {
    let limit = |name: &str| {
        let item: Vec<&str> = leaf
            .item()
            .split('$')
            .filter(|part| !matches!(*part, "Oper" | "SBOw"))
            .map(|part| match part {
                "SP" | "SE" | "CO" => "CF",
                "setVal" | "setMag" | "ctlVal" => name,
                other => other,
            })
            .collect();
        number(store.value(leaf.domain(), &item.join("$"))?)
    };
    let range = (limit("minVal")?, limit("maxVal")?);
    (range.0 < range.1).then_some(range)
}

fn number(data: &Data) -> Option<f64> {
    match data {
        // Settings are of 32 bits at most.
        Data::Integer(number) => i32::try_from(*number).ok().map(f64::from),
        Data::Unsigned(number) => u32::try_from(*number).ok().map(f64::from),
        Data::FloatingPoint(Float::F32(number)) => Some(f64::from(*number)),
        Data::FloatingPoint(Float::F64(number)) => Some(*number),
        _ => None,
    }
}
