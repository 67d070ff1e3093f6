//! Segments of one report, put together (IEC 61850-7-2, segmentation of reports).

use iedassay_client::services::report::Report;

use super::inbox::Arrival;

/// A whole report: one PDU, or all its segments.
#[derive(Debug, Clone)]
pub struct Joined {
    /// The fields; entries of all segments.
    pub report: Report,
    /// The PDUs it came in, in order.
    pub parts: Vec<Arrival>,
    /// The first of them.
    pub first: Arrival,
    /// What the segments do wrong.
    pub faults: Vec<String>,
}

impl Joined {
    /// A report of one PDU, or the first segment of several; without `whole` any one segment.
    #[must_use]
    pub fn new(report: Report, arrival: Arrival, whole: bool) -> Self {
        // A report of several segments begins with segment 0; one that is taken by itself may be any of them.
        let mut faults = Vec::new();
        if whole && report.more_segments.is_some() && report.sub_sq_num != Some(0) {
            faults.push(format!(
                "the first segment has SubSqNum {}",
                shown(report.sub_sq_num)
            ));
        }
        Self {
            report,
            first: arrival.clone(),
            parts: vec![arrival],
            faults,
        }
    }

    /// Whether more segments are due.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.report.more_segments == Some(true)
    }

    /// Whether `next` continues this report.
    #[must_use]
    pub fn is_continued_by(&self, next: &Report) -> bool {
        next.rpt_id == self.report.rpt_id
            && next.more_segments.is_some()
            && next.sub_sq_num != Some(0)
    }

    /// Adds a segment.
    pub fn add(&mut self, next: Report, arrival: Arrival) {
        let due = self.report.sub_sq_num.map(|number| number + 1);
        if next.sub_sq_num != due {
            self.faults.push(format!(
                "SubSqNum {} follows {}",
                shown(next.sub_sq_num),
                shown(self.report.sub_sq_num)
            ));
        }
        let same = [
            ("SqNum", next.sq_num == self.report.sq_num),
            (
                "TimeOfEntry",
                next.time_of_entry == self.report.time_of_entry,
            ),
            ("EntryID", next.entry_id == self.report.entry_id),
            ("DatSet", next.dat_set == self.report.dat_set),
        ];
        for (name, same) in same {
            if !same {
                self.faults
                    .push(format!("segments of one report differ in {name}"));
            }
        }
        if next.inclusion.len() != self.report.inclusion.len() {
            self.faults
                .push("segments of one report differ in the length of Inclusion".to_owned());
        }
        for entry in &next.entries {
            if self
                .report
                .entries
                .iter()
                .any(|known| known.member == entry.member)
            {
                self.faults
                    .push(format!("member {} stands in two segments", entry.member));
            }
            self.report.inclusion.set(entry.member, true);
        }
        self.report.entries.extend(next.entries);
        self.report.entries.sort_by_key(|entry| entry.member);
        self.report.sub_sq_num = next.sub_sq_num;
        self.report.more_segments = next.more_segments;
        self.parts.push(arrival);
    }
}

fn shown(number: Option<u64>) -> String {
    number.map_or_else(|| "none".to_owned(), |number| number.to_string())
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
        assert!(joined.wants_more());
        let next = segment(1, false, "001", 6);
        assert!(joined.is_continued_by(&next));
        joined.add(next, arrival());
        assert!(!joined.wants_more());
        assert_eq!(joined.report.inclusion, bits("011"));
        assert_eq!(joined.report.entries.len(), 2);
        assert!(joined.faults.is_empty(), "{:?}", joined.faults);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_or_repeated_segment_is_told() {
        let mut joined = Joined::new(segment(0, true, "010", 5), arrival(), true);
        joined.add(segment(2, false, "010", 6), arrival());
        assert_eq!(
            joined.faults,
            ["SubSqNum 2 follows 0", "member 1 stands in two segments"]
        );
    }
}
