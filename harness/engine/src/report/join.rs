//! Segments of one report with the PDUs they came in.

use iedassay_client::services::report::Report;
use iedassay_client::services::segments;

use super::inbox::Arrival;

/// A whole report: one PDU, or all its segments.
#[derive(Debug, Clone)]
pub struct Joined {
    /// The fields, entries of all segments, and what the segments do wrong.
    pub whole: segments::Joined,
    /// The PDUs it came in, in order.
    pub parts: Vec<Arrival>,
    /// The first of them.
    pub first: Arrival,
}

impl Joined {
    /// A report of one PDU, or the first segment of several; without `whole` any one segment.
    #[must_use]
    pub fn new(report: Report, arrival: Arrival, whole: bool) -> Self {
        Self {
            whole: if whole {
                segments::Joined::new(report)
            } else {
                segments::Joined::part(report)
            },
            first: arrival.clone(),
            parts: vec![arrival],
        }
    }

    /// Adds a segment.
    pub fn add(&mut self, next: Report, arrival: Arrival) {
        self.whole.add(next);
        self.parts.push(arrival);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{bits, report};
    use iedassay_wire::mms::Data;
    use tokio::time::Instant;

    fn segment(number: u64, more: bool, inclusion: &str, value: i64) -> Report {
        report(vec![
            Data::VisibleString("id".into()),
            Data::BitString(bits("0100000001")),
            Data::Unsigned(4),
            Data::Unsigned(number),
            Data::Boolean(more),
            Data::BitString(bits(inclusion)),
            Data::Integer(value),
        ])
        .unwrap()
    }

    fn arrival() -> Arrival {
        Arrival {
            at: Instant::now(),
            number: 1,
            frame: None,
            bytes: Vec::new(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn segments_become_one_report_in_the_order_of_members() {
        let mut joined = Joined::new(segment(0, true, "010", 5), arrival(), true);
        assert!(joined.whole.wants_more());
        let next = segment(1, false, "001", 6);
        assert!(joined.whole.is_continued_by(&next));
        joined.add(next, arrival());
        assert!(!joined.whole.wants_more());
        assert_eq!(joined.whole.report.inclusion, bits("011"));
        assert_eq!(joined.whole.report.entries.len(), 2);
        assert!(joined.whole.faults.is_empty(), "{:?}", joined.whole.faults);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_or_repeated_segment_is_told() {
        let mut joined = Joined::new(segment(0, true, "010", 5), arrival(), true);
        joined.add(segment(2, false, "010", 6), arrival());
        let faults = joined.whole.faults.iter().map(ToString::to_string);
        assert_eq!(
            faults.collect::<Vec<_>>(),
            ["SubSqNum 2 follows 0", "member 1 stands in two segments"]
        );
    }
}
