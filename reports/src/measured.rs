//! The numbers that cases measured, as series.

use crate::record::RunRecord;

/// The numbers of one name that the instances of one case measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    /// Id of the case.
    pub(crate) case: String,
    /// Key of its first instance that measured.
    pub(crate) first: String,
    /// What was measured.
    pub(crate) name: String,
    /// Its unit; empty when it has none.
    pub(crate) unit: String,
    /// The numbers, in the order in which they were measured; never empty.
    pub(crate) values: Vec<f64>,
}

impl Series {
    /// Least, middle and greatest number.
    pub(crate) fn spread(&self) -> (f64, f64, f64) {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        let last = sorted.len().saturating_sub(1);
        let middle = f64::midpoint(at(last / 2), at(last.div_ceil(2)));
        (at(0), middle, at(last))
    }
}

/// Every series of a record: cases in their order, names in the order of their first number.
pub(crate) fn series(record: &RunRecord) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for case in &record.cases {
        for measured in &case.measurements {
            let known = all.iter_mut().find(|series| {
                series.case == case.id
                    && series.name == measured.name
                    && series.unit == measured.unit
            });
            match known {
                Some(series) => series.values.push(measured.value),
                None => all.push(Series {
                    case: case.id.clone(),
                    first: case.key(),
                    name: measured.name.clone(),
                    unit: measured.unit.clone(),
                    values: vec![measured.value],
                }),
            }
        }
    }
    all
}

/// A number for people: whole as it is, others with three decimals at most.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{CaseRecord, Measurement};
    use crate::record::{Target, Tool};

    #[test]
    fn numbers_of_one_name_and_case_are_a_series() {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let mut record = RunRecord::new(tool, Target::default(), String::new());
        let measured = |name: &str, value| Measurement {
            name: name.into(),
            value,
            unit: "ms".into(),
            at_ms: None,
        };
        for id in ["a", "b"] {
            record.cases.push(CaseRecord {
                id: id.into(),
                measurements: vec![measured("x", 3.0), measured("y", 1.0), measured("x", 1.5)],
                ..CaseRecord::default()
            });
        }
        let all = series(&record);
        assert_eq!(all.len(), 4);
        assert_eq!(all[0].values, [3.0, 1.5]);
        assert_eq!(all[0].spread(), (1.5, 2.25, 3.0));
        assert_eq!(
            (number(2.25), number(10.0), number(-0.5)),
            ("2.25".into(), "10".into(), "-0.5".into())
        );
    }
}
