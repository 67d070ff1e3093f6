//! Measurands (IEC 61850-7-3, MV and CMV): deadbands, the range that a value is in, and its quality out of range.

use std::sync::Arc;

use iedassay_model::{
    Fc,
    tree::{Node, ServerModel},
};
use iedassay_wire::mms::{Data, Float};

use super::{Ied, Update, control::update, substitution::beside};
use crate::{Fault, process::Place, report::Time};

/// Instantaneous values, and what follows them beyond the deadband.
const FOLLOWED: [(&str, &str); 2] = [("instMag", "mag"), ("instCVal", "cVal")];

/// Values of `range`.
const NORMAL: i64 = 0;
const HIGH: i64 = 1;
const LOW: i64 = 2;
const HIGH_HIGH: i64 = 3;
const LOW_LOW: i64 = 4;

/// The limits of a measurand (IEC 61850-7-3, RangeConfig).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limits {
    high_high: f64,
    high: f64,
    low: f64,
    low_low: f64,
    max: f64,
    min: f64,
    /// limDb, in units of the value: how far a value has to come back before it is within a limit again.
    hysteresis: f64,
}

impl Limits {
    /// The range of a value that was in another range before.
    fn range(&self, value: f64, before: i64) -> i64 {
        let slack = |was: &[i64]| {
            if was.contains(&before) {
                self.hysteresis
            } else {
                0.0
            }
        };
        if value > self.high_high - slack(&[HIGH_HIGH]) {
            HIGH_HIGH
        } else if value < self.low_low + slack(&[LOW_LOW]) {
            LOW_LOW
        } else if value > self.high - slack(&[HIGH, HIGH_HIGH]) {
            HIGH
        } else if value < self.low + slack(&[LOW, LOW_LOW]) {
            LOW
        } else {
            NORMAL
        }
    }

    fn holds(&self, value: f64) -> bool {
        (self.min..=self.max).contains(&value)
    }
}

/// Per mille of a percent of a reference.
fn part_of(thousandths: u64, reference: f64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a deadband has few digits")]
    let thousandths = thousandths as f64;
    thousandths / 100_000.0 * reference
}

impl Ied {
    fn configured(&self, object: Node<'_>, path: &[&str]) -> Option<&Data> {
        let object = beside(&self.model, object, Fc::CF)?;
        let leaf = path
            .iter()
            .try_fold(object, |node, name| node.child(name))?;
        self.store.cell(leaf.id())
    }

    fn configured_number(&self, object: Node<'_>, name: &str) -> Option<u64> {
        self.configured(object, &[name]).and_then(Data::as_u64)
    }

    /// A configured analogue value, as float or integer.
    fn configured_value(&self, object: Node<'_>, path: [&str; 2]) -> Option<f64> {
        let [outer, inner] = path;
        ["f", "i"]
            .iter()
            .find_map(|form| self.configured(object, &[outer, inner, form]))
            .and_then(number)
    }

    /// From the lowest to the highest value that can be measured, where that is configured.
    fn span(&self, object: Node<'_>) -> Option<f64> {
        let of = |name| self.configured_value(object, ["rangeC", name]);
        Some(of("max")? - of("min")?).filter(|span| *span > 0.0)
    }

    fn limits(&self, object: Node<'_>) -> Option<Limits> {
        let of = |name| self.configured_value(object, ["rangeC", name]);
        let (min, max) = (of("min")?, of("max")?);
        let hysteresis = self.configured(object, &["rangeC", "limDb"]);
        Some(Limits {
            high_high: of("hhLim")?,
            high: of("hLim")?,
            low: of("lLim")?,
            low_low: of("llLim")?,
            max,
            min,
            hysteresis: part_of(hysteresis.and_then(Data::as_u64).unwrap_or(0), max - min),
        })
    }

    /// What a deadband is a part of: its reference, else the span from min to max, else the present value. A reference of 0
    /// means the present value (IEC 61850-7-3, db, dbRef).
    fn reference_of(&self, object: Node<'_>, name: &str, present: f64) -> f64 {
        let reference = self.configured(object, &[name]).and_then(number);
        match reference {
            Some(reference) if reference > 0.0 => reference,
            Some(_) => present.abs(),
            None if self.faults.has(Fault::DeadbandOfPresentValue) => present.abs(),
            None => self.span(object).unwrap_or(present.abs()),
        }
    }

    /// What the deadbanded value becomes when the instantaneous one is new; none while it stays.
    fn deadbanded(&self, object: Node<'_>, leaf: Node<'_>, new: &Data) -> Option<Data> {
        let value = number(new)?;
        let present = number(&self.process_cell(leaf)).unwrap_or(0.0);
        let angle = leaf.parents().any(|node| node.name() == "ang");
        if angle {
            let db = self.configured_number(object, "dbAng").unwrap_or(0);
            return ((value - present).abs() > part_of(db, 360.0)).then(|| new.clone());
        }
        let db = self.configured_number(object, "db").unwrap_or(0);
        let zero = self.configured_number(object, "zeroDb").unwrap_or(0);
        let zero_reference = self
            .configured(object, &["zeroDbRef"])
            .and_then(number)
            .filter(|reference| *reference > 0.0)
            .or_else(|| self.span(object));
        let in_zero = zero_reference.is_some_and(|of| value.abs() < part_of(zero, of));
        if in_zero && !self.faults.has(Fault::ZeroDeadbandIgnored) {
            return (present != 0.0).then(|| zero_like(new));
        }
        let deadband = part_of(db, self.reference_of(object, "dbRef", present));
        ((value - present).abs() > deadband || self.faults.has(Fault::DeadbandIgnored))
            .then(|| new.clone())
    }

    /// The deadbanded value follows the instantaneous value beyond the deadband (IEC 61850-7-3, db).
    pub(super) fn follow_measurand(&self, place: &Place<'_>, updates: &[Update]) -> Vec<Update> {
        let (Some(object), Some(given)) = (place.cell.data_object(), updates.first()) else {
            return Vec::new();
        };
        for (instant, followed) in FOLLOWED {
            let (Some(instant), Some(followed)) = (object.child(instant), object.child(followed))
            else {
                continue;
            };
            if let Some(leaf) = counterpart(place.leaf, followed, instant) {
                // The process gave the deadbanded value itself; the instantaneous one cannot lag behind it.
                return vec![update(leaf, given.data.clone())];
            }
            if let Some(leaf) = counterpart(place.leaf, instant, followed) {
                let data = self.deadbanded(object, leaf, &given.data);
                return data.map(|data| update(leaf, data)).into_iter().collect();
            }
        }
        Vec::new()
    }

    /// Notes whether what the process gives is out of range, and shows it in the quality (IEC 61850-7-3, outOfRange).
    pub(super) fn watch_range(&mut self, updates: &[Update]) -> Vec<Update> {
        let model = Arc::clone(&self.model);
        let mut more = Vec::new();
        for given in updates {
            let Some((object, value)) = measured(&model, given) else {
                continue;
            };
            let (Some(limits), Some(quality)) = (self.limits(object), object.child("q")) else {
                continue;
            };
            let beyond = !limits.holds(value) && !self.faults.has(Fault::OutOfRangeQualityMissing);
            let changed = if beyond {
                self.out_of_range.insert(quality.id())
            } else {
                self.out_of_range.remove(&quality.id())
            };
            if changed {
                let shown = self.shown_quality(quality);
                more.push(update(quality, shown));
            }
        }
        more
    }

    /// The range follows the value that is shown (IEC 61850-7-3, range).
    pub(super) fn show_range(&self, updates: &[Update]) -> Vec<Update> {
        let mut more = Vec::new();
        for given in updates {
            if let Some((object, value)) = measured(&self.model, given) {
                more.extend(self.range_update(object, value));
            }
        }
        more
    }

    fn range_update(&self, object: Node<'_>, value: f64) -> Option<Update> {
        let range = object.child("range")?;
        let limits = self.limits(object)?;
        if self.faults.has(Fault::RangeNotComputed) {
            return None;
        }
        let before = self.store.cell(range.id()).and_then(Data::as_i64)?;
        let mut now = limits.range(value, before);
        if matches!(now, LOW | LOW_LOW) && self.faults.has(Fault::LowLimitsIgnored) {
            now = NORMAL;
        }
        let mut shown = update(self.model.node(range.id())?, Data::Integer(now));
        if self.faults.has(Fault::RangeUnreported) {
            shown.triggers = iedassay_model::tree::Triggers::default();
        }
        (now != before).then_some(shown)
    }

    /// A client changed the configuration of a measurand: new limits act on the value that is there.
    pub(super) fn follow_limits(&mut self, written: Node<'_>, now: Time) {
        let model = Arc::clone(&self.model);
        let object = written
            .data_object()
            .and_then(|object| beside(&model, object, Fc::MX));
        let value = object.and_then(|object| {
            let node = value_node(object)?;
            update(node, self.process_cell(node)).into()
        });
        if let Some(value) = value {
            let mut updates = self.watch_range(core::slice::from_ref(&value));
            let shown = model.node(value.cell).map(|node| self.store.read(node));
            if let Some(data) = shown {
                updates.extend(self.show_range(&[Update { data, ..value }]));
            }
            self.commit_shown(updates, now);
        }
    }
}

/// The leaf whose value the range of a measurand is about: the instantaneous magnitude, or the only one there is.
fn value_node(object: Node<'_>) -> Option<Node<'_>> {
    let magnitude = object
        .child("instMag")
        .or_else(|| object.child("mag"))
        .or_else(|| {
            let vector = object.child("instCVal").or_else(|| object.child("cVal"))?;
            vector.child("mag")
        })?;
    ["f", "i"].iter().find_map(|form| magnitude.child(form))
}

/// The measurand whose range an update is about, with the new value.
fn measured<'a>(model: &'a ServerModel, given: &Update) -> Option<(Node<'a>, f64)> {
    let node = model
        .node(given.cell)
        .filter(|node| node.fc() == Some(Fc::MX))?;
    let object = node.data_object()?;
    (value_node(object)? == node).then_some(())?;
    Some((object, number(&given.data)?))
}

/// The leaf that stands in `to` where `leaf` stands in `from`.
fn counterpart<'a>(leaf: Node<'_>, from: Node<'_>, to: Node<'a>) -> Option<Node<'a>> {
    if leaf == from {
        return Some(to).filter(|node| node.is_leaf());
    }
    let path: Vec<&str> = core::iter::successors(Some(leaf), |node| node.parent())
        .take_while(|node| *node != from)
        .map(Node::name)
        .collect();
    if !leaf.parents().any(|node| node == from) {
        return None;
    }
    path.iter()
        .rev()
        .try_fold(to, |node, name| node.child(name))
        .filter(|node| node.is_leaf())
}

fn number(data: &Data) -> Option<f64> {
    match data {
        Data::FloatingPoint(Float::F32(value)) => Some(f64::from(*value)),
        Data::FloatingPoint(Float::F64(value)) => Some(*value),
        #[allow(clippy::cast_precision_loss, reason = "a measurand has few digits")]
        Data::Integer(value) => Some(*value as f64),
        _ => None,
    }
}

fn zero_like(data: &Data) -> Data {
    match data {
        Data::FloatingPoint(Float::F64(_)) => Data::FloatingPoint(Float::F64(0.0)),
        Data::FloatingPoint(_) => Data::FloatingPoint(Float::F32(0.0)),
        _ => Data::Integer(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        high_high: 150.0,
        high: 100.0,
        low: -100.0,
        low_low: -150.0,
        max: 200.0,
        min: -200.0,
        hysteresis: 2.0,
    };

    #[test]
    fn a_range_begins_beyond_its_limit_and_ends_behind_the_hysteresis() {
        for (value, before, range) in [
            (0.0, NORMAL, NORMAL),
            (100.0, NORMAL, NORMAL),
            (101.0, NORMAL, HIGH),
            (99.0, HIGH, HIGH),
            (97.0, HIGH, NORMAL),
            (151.0, HIGH, HIGH_HIGH),
            (149.0, HIGH_HIGH, HIGH_HIGH),
            (147.0, HIGH_HIGH, HIGH),
            (99.0, HIGH_HIGH, HIGH),
            (-101.0, NORMAL, LOW),
            (-99.0, LOW, LOW),
            (-151.0, NORMAL, LOW_LOW),
            (-149.0, LOW_LOW, LOW_LOW),
            (-97.0, LOW_LOW, NORMAL),
            (300.0, LOW, HIGH_HIGH),
        ] {
            assert_eq!(LIMITS.range(value, before), range, "{value} after {before}");
        }
        assert!(LIMITS.holds(200.0) && !LIMITS.holds(-200.5));
    }

    #[test]
    fn a_deadband_is_in_thousandths_of_a_percent() {
        assert!((part_of(1000, 400.0) - 4.0).abs() < 1e-9);
    }
}
