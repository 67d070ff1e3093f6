//! What has arrived on an association and no step has asked for yet.

use std::collections::VecDeque;

use iedassay_client::services::report::{Report, ReportError};
use tokio::time::Instant;

use super::join::Joined;

/// Reports kept beyond this many are a storm; the oldest are dropped and counted.
const MAX_KEPT: usize = 20_000;

/// When and in which frame a PDU arrived, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When its last octet was read.
    pub at: Instant,
    /// Its place among the PDUs of the association.
    pub number: u64,
    /// Number of its frame in the capture of the case.
    pub frame: Option<u64>,
    /// The MMS PDU.
    pub bytes: Vec<u8>,
}

/// Which reports a step asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// RptIDs that the block may send; empty for reports of any block.
    pub rpt_ids: Vec<String>,
}

impl Source {
    /// Whether a report with this RptID is one of them. `$` and `.` between the parts of a reference count as the same.
    #[must_use]
    pub fn takes(&self, rpt_id: &str) -> bool {
        let plain = |text: &str| text.replace('.', "$");
        self.rpt_ids.is_empty() || self.rpt_ids.iter().any(|id| plain(id) == plain(rpt_id))
    }
}

/// A PDU in the inbox.
#[derive(Debug, Clone)]
enum Kept {
    Report(Box<Report>),
    Malformed {
        rpt_id: Option<String>,
        what: String,
    },
}

/// What has arrived on an association and no step has asked for yet.
#[derive(Debug, Default)]
pub struct Inbox {
    kept: VecDeque<(Kept, Arrival)>,
    dropped: u64,
}

/// What [`Inbox::take`] found.
#[derive(Debug)]
pub enum Taken {
    /// A whole report.
    Report(Box<Joined>),
    /// A report whose fields do not add up.
    Malformed {
        /// What is wrong with it.
        what: String,
        /// Where it came.
        arrival: Arrival,
    },
}

impl Inbox {
    /// Keeps a report, well formed or not.
    pub fn put(&mut self, report: Result<Box<Report>, ReportError>, arrival: Arrival) {
        let kept = match report {
            Ok(report) => Kept::Report(report),
            Err(error) => Kept::Malformed {
                what: error.fault.to_string(),
                rpt_id: error.rpt_id,
            },
        };
        if self.kept.len() >= MAX_KEPT {
            self.kept.pop_front();
            self.dropped += 1;
        }
        self.kept.push_back((kept, arrival));
    }

    /// Takes the oldest report from `source`: all its segments when they are there, or `None` when they, or any report
    /// at all, are yet to come. With `one_segment` a segment counts as a report.
    pub fn take(&mut self, source: &Source, one_segment: bool) -> Option<Taken> {
        let first = self.position(0, |kept| fits(kept, source))?;
        if let Some((Kept::Report(report), arrival)) = self.kept.get(first) {
            let mut joined = Joined::new((**report).clone(), arrival.clone(), !one_segment);
            let mut used = vec![first];
            while joined.whole.wants_more() && !one_segment {
                let from = used.last().map_or(0, |last| last + 1);
                let next = self.position(from, |kept| match kept {
                    Kept::Report(next) => joined.whole.is_continued_by(next),
                    Kept::Malformed { .. } => false,
                })?;
                if let Some((Kept::Report(report), arrival)) = self.kept.get(next) {
                    joined.add((**report).clone(), arrival.clone());
                }
                used.push(next);
            }
            for index in used.into_iter().rev() {
                self.kept.remove(index);
            }
            return Some(Taken::Report(Box::new(joined)));
        }
        match self.kept.remove(first) {
            Some((Kept::Malformed { what, .. }, arrival)) => {
                Some(Taken::Malformed { what, arrival })
            }
            _ => None,
        }
    }

    /// The first segment of a report from `source` whose other segments have not come.
    #[must_use]
    pub fn incomplete(&self, source: &Source) -> Option<&Arrival> {
        let index = self.position(0, |kept| fits(kept, source))?;
        self.kept.get(index).map(|(_, arrival)| arrival)
    }

    /// RptIDs of what is kept, in order: for the message that nothing came.
    #[must_use]
    pub fn rpt_ids(&self) -> Vec<&str> {
        self.kept
            .iter()
            .map(|(kept, _)| match kept {
                Kept::Report(report) => report.rpt_id.as_str(),
                Kept::Malformed { rpt_id, .. } => rpt_id.as_deref().unwrap_or("?"),
            })
            .collect()
    }

    /// How many PDUs are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many reports were dropped because nobody asked for them.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    fn position(&self, from: usize, test: impl Fn(&Kept) -> bool) -> Option<usize> {
        self.kept
            .iter()
            .enumerate()
            .skip(from)
            .find(|(_, (kept, _))| test(kept))
            .map(|(index, _)| index)
    }
}

fn fits(kept: &Kept, source: &Source) -> bool {
    match kept {
        Kept::Report(report) => source.takes(&report.rpt_id),
        Kept::Malformed {
            rpt_id: Some(rpt_id),
            ..
        } => source.takes(rpt_id),
        // Nobody can tell whose it is, so it is everybody's.
        Kept::Malformed { rpt_id: None, .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{bits, report as parsed};
    use iedassay_wire::mms::Data;

    fn report(rpt_id: &str, segment: Option<(u64, bool)>) -> Result<Box<Report>, ReportError> {
        let options = if segment.is_some() {
            "0000000001"
        } else {
            "0000000000"
        };
        let mut fields = vec![
            Data::VisibleString(rpt_id.into()),
            Data::BitString(bits(options)),
        ];
        if let Some((number, more)) = segment {
            fields.extend([Data::Unsigned(number), Data::Boolean(more)]);
        }
        let index = segment.map_or(0, |(number, _)| usize::try_from(number).unwrap());
        let mut inclusion = bits("0000");
        inclusion.set(index, true);
        fields.extend([Data::BitString(inclusion), Data::Integer(1)]);
        parsed(fields).map(Box::new)
    }

    fn arrival() -> Arrival {
        Arrival {
            at: Instant::now(),
            number: 1,
            frame: None,
            bytes: Vec::new(),
        }
    }

    fn source(rpt_id: &str) -> Source {
        Source {
            rpt_ids: vec![rpt_id.to_owned()],
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_report_is_handed_out_once_to_who_asks_for_it() {
        let mut inbox = Inbox::default();
        for id in ["a", "b", "a"] {
            inbox.put(report(id, None), arrival());
        }
        assert!(
            matches!(inbox.take(&source("b"), false), Some(Taken::Report(r)) if r.whole.report.rpt_id == "b")
        );
        assert!(inbox.take(&source("b"), false).is_none());
        assert!(inbox.take(&source("a"), false).is_some());
        assert_eq!(inbox.rpt_ids(), ["a"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_report_of_more_segments_than_members_is_handed_out_and_not_waited_for() {
        let mut inbox = Inbox::default();
        for number in [0, 1, 2, 3, 3] {
            assert!(inbox.take(&source("a"), false).is_none());
            inbox.put(report("a", Some((number, true))), arrival());
        }
        let Some(Taken::Report(joined)) = inbox.take(&source("a"), false) else {
            panic!("nothing is handed out");
        };
        let last = joined.whole.faults.last().map(ToString::to_string);
        assert_eq!(last.as_deref(), Some("5 segments for 4 members"));
        assert!(inbox.rpt_ids().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_all_segments_although_others_come_between() {
        let mut inbox = Inbox::default();
        inbox.put(report("a", Some((0, true))), arrival());
        inbox.put(report("b", None), arrival());
        assert!(inbox.take(&source("a"), false).is_none());
        assert!(inbox.incomplete(&source("a")).is_some());
        inbox.put(report("a", Some((1, false))), arrival());
        let Some(Taken::Report(joined)) = inbox.take(&source("a"), false) else {
            panic!("no report")
        };
        assert_eq!(
            (joined.parts.len(), joined.whole.report.entries.len()),
            (2, 2)
        );
        assert_eq!(inbox.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn one_segment_counts_when_it_is_asked_for() {
        let mut inbox = Inbox::default();
        inbox.put(report("a", Some((0, true))), arrival());
        let Some(Taken::Report(joined)) = inbox.take(&source("a"), true) else {
            panic!("no report")
        };
        assert!(joined.whole.wants_more());
    }

    #[test]
    fn references_match_whichever_separator_they_are_written_with() {
        let source = source("LD0/LLN0$RP$urcb01");
        assert!(source.takes("LD0/LLN0.RP.urcb01"));
        assert!(!source.takes("LD0/LLN0$RP$urcb02"));
        assert!(Source::default().takes("anything"));
    }
}
