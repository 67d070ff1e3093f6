//! What became of the numbers that cases measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measured::{Series, series};
use crate::record::RunRecord;

/// How far a number may move without being told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Part of the old number, as 0.25.
    pub relative: f64,
    /// Of times, in milliseconds: what the clocks and the scheduler of a computer make of it.
    pub jitter_ms: f64,
}

impl Default for Tolerance {
    /// A quarter, and 20 ms of times.
    fn default() -> Self {
        Self {
            relative: 0.25,
            jitter_ms: 20.0,
        }
    }
}

impl Tolerance {
    fn holds(&self, unit: &str, old: f64, new: f64) -> bool {
        let jitter = match unit {
            "ms" => self.jitter_ms,
            "s" => self.jitter_ms / 1000.0,
            _ => 0.0,
        };
        (new - old).abs() <= jitter.max(self.relative * old.abs())
    }
}

/// A series of numbers whose middle moved by more than the tolerance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeasurementChange {
    /// Id of the case that measured.
    pub case: String,
    /// What was measured.
    pub name: String,
    /// Its unit; empty when it has none.
    pub unit: String,
    /// In the old run.
    pub old: Spread,
    /// In the new run.
    pub new: Spread,
}

/// A series of numbers in short.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// How many.
    pub times: usize,
    /// The least.
    pub least: f64,
    /// The middle: as many are below it as above.
    pub middle: f64,
    /// The greatest.
    pub greatest: f64,
}

impl From<&Series> for Spread {
    fn from(series: &Series) -> Self {
        let (least, middle, greatest) = series.spread();
        Self {
            times: series.values.len(),
            least,
            middle,
            greatest,
        }
    }
}

pub(super) struct Measurements {
    pub(super) changes: Vec<MeasurementChange>,
    pub(super) same: usize,
}

/// Of what both runs measured, in the order of the new run.
pub(super) fn compare(old: &RunRecord, new: &RunRecord, tolerance: Tolerance) -> Measurements {
    let before = series(old);
    let mut found = Measurements {
        changes: Vec::new(),
        same: 0,
    };
    for is in series(new) {
        let same =
            |was: &&Series| (&was.case, &was.name, &was.unit) == (&is.case, &is.name, &is.unit);
        let Some(was) = before.iter().find(same) else {
            continue;
        };
        let (was, now) = (Spread::from(was), Spread::from(&is));
        if tolerance.holds(&is.unit, was.middle, now.middle) {
            found.same += 1;
            continue;
        }
        found.changes.push(MeasurementChange {
            case: is.case,
            name: is.name,
            unit: is.unit,
            old: was,
            new: now,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_more_or_20_ms_are_no_change() {
        let tolerance = Tolerance::default();
        let table = [
            ("ms", 100.0, 125.0, true),
            ("ms", 100.0, 126.0, false),
            ("ms", 1.0, 21.0, true),
            ("ms", 1.0, 22.0, false),
            ("s", 1.0, 1.02, true),
            ("s", 0.01, 0.04, false),
            ("events", 0.0, 1.0, false),
            ("events", 1000.0, 800.0, true),
            ("", 1.0, 0.0, false),
        ];
        for (unit, old, new, holds) in table {
            assert_eq!(tolerance.holds(unit, old, new), holds, "{old} {new} {unit}");
        }
    }
}
