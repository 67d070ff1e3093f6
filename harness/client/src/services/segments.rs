//! Segments of one report, put together (IEC 61850-7-2, SubSqNum and MoreSegmentsFollow).
//!
//! [`Joined`] is one report on its way, which tells what its segments do wrong and goes on. [`Joiner`] takes the reports of an
//! association as they come and gives out whole ones, or an error where something is missing.

use std::fmt;

use super::report::{Field, Report};

/// How many reports may be unfinished at a time; a server has a few blocks.
const MAX_OPEN: usize = 64;

/// What segments of a report do wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentFault {
    /// A report begins in its middle.
    #[error("the first segment has SubSqNum {}", Shown(*.found))]
    FirstMissing {
        /// SubSqNum of the segment that came.
        found: Option<u64>,
    },
    /// A segment is missing, or comes twice.
    #[error("SubSqNum {} follows {}", Shown(*.found), Shown(*.after))]
    Gap {
        /// SubSqNum of the segment before.
        after: Option<u64>,
        /// SubSqNum of the segment that came.
        found: Option<u64>,
    },
    /// SqNum, TimeOfEntry, EntryID or DatSet are not the same in all segments.
    #[error("segments of one report differ in {0}")]
    Differ(Field),
    /// Inclusion is not of the same length in all segments.
    #[error("segments of one report differ in the length of Inclusion")]
    DifferInLength,
    /// A member stands in more than one segment.
    #[error("member {member} stands in two segments")]
    Twice {
        /// Its place in the data set; the first is 0.
        member: usize,
    },
    /// The next report of the block begins before the last segment of this one has come.
    #[error("the last segments of a report did not come")]
    Unfinished,
    /// There are more segments than members to put into them.
    #[error("{segments} segments for {members} members")]
    Endless {
        /// Segments that came.
        segments: usize,
        /// Members of the data set.
        members: usize,
    },
    /// Too many reports are unfinished; the oldest is given up.
    #[error("more than {MAX_OPEN} reports are unfinished")]
    TooMany,
}

struct Shown(Option<u64>);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// A report of one PDU, or as much of one as has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The fields; entries of all segments, in the order of members.
    pub report: Report,
    /// How many PDUs it came in.
    pub segments: usize,
    /// What they do wrong.
    pub faults: Vec<SegmentFault>,
}

impl Joined {
    /// A report of one PDU, or the first segment of several.
    #[must_use]
    pub fn new(report: Report) -> Self {
        let begins = report.more_segments.is_none() || report.sub_sq_num == Some(0);
        let found = report.sub_sq_num;
        Self {
            faults: (!begins)
                .then_some(SegmentFault::FirstMissing { found })
                .into_iter()
                .collect(),
            ..Self::part(report)
        }
    }

    /// Any one segment, taken by itself.
    #[must_use]
    pub fn part(report: Report) -> Self {
        Self {
            report,
            segments: 1,
            faults: Vec::new(),
        }
    }

    /// Whether more segments are due. A report of more segments than members is at its end, whatever the last one says.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        self.report.more_segments == Some(true) && !self.is_endless()
    }

    fn is_endless(&self) -> bool {
        self.segments > self.report.inclusion.len()
    }

    /// Whether `next` continues this report.
    #[must_use]
    pub fn is_continued_by(&self, next: &Report) -> bool {
        next.rpt_id == self.report.rpt_id
            && next.more_segments.is_some()
            && next.sub_sq_num != Some(0)
    }

    /// Adds a segment.
    pub fn add(&mut self, next: Report) {
        let (after, found) = (self.report.sub_sq_num, next.sub_sq_num);
        if found != after.and_then(|number| number.checked_add(1)) {
            self.faults.push(SegmentFault::Gap { after, found });
        }
        let known = &self.report;
        let same = [
            (Field::SqNum, next.sq_num == known.sq_num),
            (
                Field::TimeOfEntry,
                next.time_of_entry == known.time_of_entry,
            ),
            (Field::EntryId, next.entry_id == known.entry_id),
            (Field::DatSet, next.dat_set == known.dat_set),
        ];
        let differing = same.into_iter().filter(|(_, same)| !same);
        self.faults
            .extend(differing.map(|(field, _)| SegmentFault::Differ(field)));
        if next.inclusion.len() != self.report.inclusion.len() {
            self.faults.push(SegmentFault::DifferInLength);
        }
        for entry in &next.entries {
            let member = entry.member;
            if self.report.entry(member).is_some() {
                self.faults.push(SegmentFault::Twice { member });
            }
            self.report.inclusion.set(member, true);
        }
        self.report.entries.extend(next.entries);
        self.report.entries.sort_by_key(|entry| entry.member);
        self.report.sub_sq_num = next.sub_sq_num;
        self.report.more_segments = next.more_segments;
        self.segments += 1;
        if self.is_endless() {
            self.faults.push(SegmentFault::Endless {
                segments: self.segments,
                members: self.report.inclusion.len(),
            });
        }
    }
}

/// A report could not be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("report `{rpt_id}`: {fault}")]
pub struct JoinError {
    /// RptID of the report that is lost.
    pub rpt_id: String,
    /// What is wrong with its segments.
    pub fault: SegmentFault,
    /// The report that came instead, when that one is whole.
    pub instead: Option<Box<Report>>,
}

/// Puts the segments of an association's reports together.
#[derive(Clone, Debug, Default)]
pub struct Joiner {
    /// Oldest first, one for each RptID.
    open: Vec<Joined>,
}

impl Joiner {
    /// Takes a report or a segment: a whole report, or nothing when segments are still due. No more is kept than the members
    /// of the data sets of a few reports.
    ///
    /// # Errors
    /// [`JoinError`] when a segment is missing, comes twice or belongs to another entry. What had come of that report is given
    /// up; a client that wants it resynchronises behind the entry before.
    pub fn push(&mut self, report: Report) -> Result<Option<Report>, JoinError> {
        let rpt_id = report.rpt_id.clone();
        let open = self
            .open
            .iter()
            .position(|open| open.report.rpt_id == rpt_id)
            .map(|at| self.open.remove(at));
        let error = |fault, instead: Option<Report>| JoinError {
            rpt_id,
            fault,
            instead: instead.map(Box::new),
        };
        let joined = match open {
            Some(mut open) if open.is_continued_by(&report) => {
                open.add(report);
                open
            }
            Some(_) => {
                let instead = self.begin(report).ok().flatten();
                return Err(error(SegmentFault::Unfinished, instead));
            }
            None => return self.begin(report),
        };
        match joined.faults.first().cloned() {
            Some(fault) => Err(error(fault, None)),
            None => self.keep(joined),
        }
    }

    fn begin(&mut self, report: Report) -> Result<Option<Report>, JoinError> {
        let joined = Joined::new(report);
        match joined.faults.first() {
            Some(fault) => Err(JoinError {
                fault: fault.clone(),
                rpt_id: joined.report.rpt_id,
                instead: None,
            }),
            None => self.keep(joined),
        }
    }

    fn keep(&mut self, joined: Joined) -> Result<Option<Report>, JoinError> {
        if !joined.wants_more() {
            return Ok(Some(joined.report));
        }
        self.open.push(joined);
        if self.open.len() <= MAX_OPEN {
            return Ok(None);
        }
        Err(JoinError {
            rpt_id: self.open.remove(0).report.rpt_id,
            fault: SegmentFault::TooMany,
            instead: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::report::Entry;
    use iedassay_wire::ber::BitString;
    use iedassay_wire::mms::Data;

    /// A segment with one member of four.
    fn segment(rpt_id: &str, number: u64, more: bool, member: usize) -> Report {
        let mut inclusion = BitString::zeros(4);
        inclusion.set(member, true);
        Report {
            rpt_id: rpt_id.into(),
            opt_flds: BitString::zeros(10),
            sq_num: Some(4),
            time_of_entry: None,
            dat_set: None,
            buf_ovfl: None,
            entry_id: Some(vec![1; 8]),
            conf_rev: None,
            sub_sq_num: Some(number),
            more_segments: Some(more),
            inclusion,
            entries: vec![Entry {
                member,
                reference: None,
                value: Ok(Data::Boolean(true)),
                reason: None,
            }],
            absent: Vec::new(),
        }
    }

    fn whole(rpt_id: &str) -> Report {
        Report {
            sub_sq_num: None,
            more_segments: None,
            ..segment(rpt_id, 0, false, 0)
        }
    }

    fn fault(joiner: &mut Joiner, report: Report) -> SegmentFault {
        joiner.push(report).unwrap_err().fault
    }

    #[test]
    fn segments_become_one_report_whatever_comes_between() {
        let mut joiner = Joiner::default();
        assert_eq!(joiner.push(segment("a", 0, true, 2)), Ok(None));
        assert_eq!(joiner.push(whole("b")), Ok(Some(whole("b"))));
        assert_eq!(joiner.push(segment("c", 0, true, 0)), Ok(None));
        assert_eq!(joiner.push(segment("a", 1, true, 0)), Ok(None));
        let report = joiner.push(segment("a", 2, false, 3)).unwrap().unwrap();
        let members: Vec<usize> = report.entries.iter().map(|entry| entry.member).collect();
        assert_eq!(members, [0, 2, 3]);
        assert_eq!(
            report.inclusion,
            [true, false, true, true].into_iter().collect()
        );
        assert!(joiner.push(segment("c", 1, false, 1)).unwrap().is_some());
    }

    #[test]
    fn a_gap_gives_the_report_up_and_says_what_is_missing() {
        let mut joiner = Joiner::default();
        assert_eq!(joiner.push(segment("a", 0, true, 0)), Ok(None));
        let gap = SegmentFault::Gap {
            after: Some(0),
            found: Some(2),
        };
        assert_eq!(fault(&mut joiner, segment("a", 2, false, 1)), gap);
        let missing = SegmentFault::FirstMissing { found: Some(3) };
        assert_eq!(fault(&mut joiner, segment("a", 3, false, 2)), missing);
        assert!(joiner.push(segment("a", 0, false, 0)).unwrap().is_some());
    }

    #[test]
    fn a_report_that_breaks_off_is_told_and_the_next_is_not_lost() {
        let mut joiner = Joiner::default();
        assert_eq!(joiner.push(segment("a", 0, true, 0)), Ok(None));
        let error = joiner.push(whole("a")).unwrap_err();
        assert_eq!(error.fault, SegmentFault::Unfinished);
        assert_eq!(error.instead.as_deref(), Some(&whole("a")));
        assert_eq!(joiner.push(segment("a", 0, true, 0)), Ok(None));
        let error = joiner.push(segment("a", 0, true, 0)).unwrap_err();
        assert_eq!(
            (error.fault, error.instead),
            (SegmentFault::Unfinished, None)
        );
        assert!(joiner.push(segment("a", 1, false, 1)).unwrap().is_some());
    }

    #[test]
    fn segments_of_different_entries_do_not_fit() {
        let mut joiner = Joiner::default();
        assert_eq!(joiner.push(segment("a", 0, true, 0)), Ok(None));
        let mut other = segment("a", 1, false, 1);
        other.entry_id = Some(vec![2; 8]);
        assert_eq!(
            fault(&mut joiner, other),
            SegmentFault::Differ(Field::EntryId)
        );
        assert_eq!(joiner.push(segment("a", 0, true, 0)), Ok(None));
        let twice = fault(&mut joiner, segment("a", 1, false, 0));
        assert_eq!(twice, SegmentFault::Twice { member: 0 });
    }

    #[test]
    fn neither_endless_nor_many_reports_fill_the_memory() {
        let mut joiner = Joiner::default();
        let mut empty = segment("a", 0, true, 0);
        empty.entries.clear();
        empty.inclusion = BitString::zeros(4);
        for number in 0..4 {
            empty.sub_sq_num = Some(number);
            assert_eq!(joiner.push(empty.clone()), Ok(None));
        }
        empty.sub_sq_num = Some(4);
        assert!(matches!(
            fault(&mut joiner, empty),
            SegmentFault::Endless {
                segments: 5,
                members: 4
            }
        ));
        for number in 0..MAX_OPEN {
            let id = number.to_string();
            assert_eq!(joiner.push(segment(&id, 0, true, 0)), Ok(None));
        }
        let error = joiner.push(segment("one more", 0, true, 0)).unwrap_err();
        assert_eq!(
            (error.rpt_id.as_str(), error.fault),
            ("0", SegmentFault::TooMany)
        );
    }
}
