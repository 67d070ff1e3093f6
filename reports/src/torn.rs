//! A record whose writing was cut off in the middle.

use crate::case::CaseRecord;
use crate::record::RunRecord;

impl RunRecord {
    /// What comes before the cases in the text of a record that is written while the run goes on, one case a line. It cannot stand
    /// in a string, where quotes are escaped.
    pub const CASES: &str = "\"cases\":[";

    /// What can be read of a record whose end was torn off, by a kill or a power cut while it was written, or by a copy that was
    /// not finished: everything before the cases and every whole case. What stands behind the cases is lost (what was left
    /// behind on the device is among it). `None` when the text is no such record.
    #[must_use]
    pub fn from_torn_json(text: &str) -> Option<Self> {
        // While the run goes on, and when it has come to its end.
        let starts = [Self::CASES, "\"cases\": ["];
        let (head, mut rest) = starts.iter().find_map(|start| {
            let at = text.find(start)?.checked_add(start.len())?;
            text.split_at_checked(at)
        })?;
        let mut record = Self::from_json(&format!("{head}]}}")).ok()?;
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<CaseRecord>();
            let Some(Ok(case)) = values.next() else { break };
            record.cases.push(case);
            let Some((_, after)) = rest.split_at_checked(values.byte_offset()) else {
                break;
            };
            rest = after;
        }
        record.interrupted = true;
        record.conclude();
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Verdict;
    use crate::record::{Target, Tool};

    #[test]
    fn every_whole_case_is_read_wherever_the_text_ends() {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let mut record = RunRecord::new(tool, Target::default(), "2026-01-02T03:04:05Z".into());
        record.plan.to_run = vec!["a".into(), "b".into()];
        let head = serde_json::to_string(&record).unwrap();
        let start = RunRecord::CASES;
        let (head, tail) = head.split_once(start).unwrap();
        let case = |id: &str| {
            serde_json::to_string(&CaseRecord {
                id: id.into(),
                title: "\"cases\":[ \u{fc}".into(),
                verdict: Verdict::Pass,
                ..CaseRecord::default()
            })
            .unwrap()
        };
        let text = format!("{head}{start}\n{},\n{}\n{tail}\n", case("a"), case("b"));
        assert_eq!(RunRecord::from_json(&text).unwrap().cases.len(), 2);
        let first = head.len() + start.len();
        let one = first + 1 + case("a").len();
        let two = one + 2 + case("b").len();
        for end in 0..text.len() {
            let Some(part) = text.get(..end) else {
                continue;
            };
            let read = RunRecord::from_torn_json(part);
            let expected = match end {
                _ if end < first => None,
                _ if end < one => Some(0),
                _ if end < two => Some(1),
                _ => Some(2),
            };
            let cases = read.as_ref().map(|record| record.cases.len());
            assert_eq!(cases, expected, "{end}");
            if let Some(read) = read {
                assert!(read.interrupted);
                assert_eq!(read.summary.not_reached, 2 - read.cases.len());
            }
        }
        // The same in the form in which a record is left at the end.
        let whole = RunRecord::from_json(&text).unwrap();
        let text = serde_json::to_string_pretty(&whole).unwrap();
        let mut most = 0;
        for end in 0..text.len() {
            let Some(part) = text.get(..end) else {
                continue;
            };
            let read = RunRecord::from_torn_json(part);
            let cases = read.map_or(0, |record| record.cases.len());
            assert!(cases == most || cases == most + 1, "{end}");
            most = cases;
        }
        assert_eq!(most, 2);
    }
}
