//! For which firmware revisions something holds.

use std::cmp::Ordering;

use crate::cel::{BadValue, FieldValue};
use crate::glob;
use crate::yaml::{Decoder, FromNode, Node};

/// Firmware revisions: a pattern with `*` and `?`, or bounds such as `>= 4.2, < 4.5`, all of which hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmwareCondition {
    text: String,
    bounds: Vec<(Relation, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Relation {
    /// The longer ones first, because one begins with the other.
    const ALL: [(&'static str, Self); 4] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("<", Self::Less),
        (">", Self::More),
    ];

    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

impl FirmwareCondition {
    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it holds for a revision; `None` when a revision without a number is held against bounds.
    #[must_use]
    pub fn holds(&self, revision: &str) -> Option<bool> {
        let revision = revision.trim();
        if self.bounds.is_empty() {
            return Some(glob::matches(&self.text, revision));
        }
        let parts = parts(revision)?;
        let holds = |(relation, bound): &(Relation, String)| {
            let bound = self::parts(bound)?;
            Some(relation.holds(compare(&parts, &bound)))
        };
        self.bounds
            .iter()
            .map(holds)
            .try_fold(true, |all, one| Some(all && one?))
    }
}

/// A part of a revision: a number, or the text between numbers.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Number(u128),
}

/// The numbers of a revision and the texts between and behind them; what stands before the first number (`V`, `FW `) is no part of
/// it, and neither are the characters that only separate. `None` without a number, or with one beyond all reason.
fn parts(revision: &str) -> Option<Vec<Part>> {
    let from = revision.find(|c: char| c.is_ascii_digit())?;
    let mut rest = revision.get(from..)?;
    let mut parts = Vec::new();
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != digits)
            .unwrap_or(rest.len());
        let (run, behind) = rest.split_at_checked(end)?;
        if digits {
            parts.push(Part::Number(run.parse().ok()?));
        } else {
            let text = run.trim_matches(|c: char| !c.is_alphanumeric());
            if !text.is_empty() {
                parts.push(Part::Text(text.to_lowercase()));
            }
        }
        rest = behind;
    }
    Some(parts)
}

/// Part for part: numbers by size, a missing number as zero, a text before a number or nothing (`4.2-rc1` comes before `4.2`).
fn compare(a: &[Part], b: &[Part]) -> Ordering {
    let (mut a, mut b) = (a.iter(), b.iter());
    loop {
        let ordering = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(Part::Number(x)), Some(Part::Number(y))) => x.cmp(y),
            (Some(Part::Text(x)), Some(Part::Text(y))) => x.cmp(y),
            (Some(Part::Number(_)), Some(Part::Text(_))) | (None, Some(Part::Text(_))) => {
                Ordering::Greater
            }
            (Some(Part::Text(_)), Some(Part::Number(_)) | None) => Ordering::Less,
            (Some(Part::Number(x)), None) => x.cmp(&0),
            (None, Some(Part::Number(y))) => 0.cmp(y),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
}

impl FieldValue for FirmwareCondition {
    const WHAT: &'static str =
        "firmware revision such as `4.2.*`, or bounds such as `>= 4.2, < 4.5`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let wrong = || BadValue::expected(Self::WHAT, &format!("`{text}`"));
        let text = text.trim();
        let mut bounds = Vec::new();
        if text.starts_with(['<', '>']) {
            for one in text.split(',') {
                let one = one.trim();
                let found = Relation::ALL
                    .into_iter()
                    .find_map(|(sign, relation)| Some((relation, one.strip_prefix(sign)?.trim())));
                let (relation, bound) = found.ok_or_else(wrong)?;
                parts(bound).ok_or_else(wrong)?;
                bounds.push((relation, bound.to_owned()));
            }
        }
        if text.is_empty() {
            return Err(wrong());
        }
        Ok(Self {
            text: text.to_owned(),
            bounds,
        })
    }
}

impl FromNode for FirmwareCondition {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        crate::cel::from_scalar(node, cx)
    }
}

impl schemars::JsonSchema for FirmwareCondition {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FirmwareCondition".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        // A revision such as 4.2 is a number in YAML.
        schemars::json_schema!({"type": ["string", "number"], "examples": ["4.2.*", ">= 4.2, < 4.5"]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_for_what_it_says() {
        for (condition, revision, expected) in [
            ("4.2", "4.2", Some(true)),
            ("4.2", "4.20", Some(false)),
            ("V4.2*", "V4.20", Some(true)),
            ("4.?.1", "4.3.1", Some(true)),
            ("*", "", Some(true)),
            (">= 4.2", "4.10", Some(true)),
            (">= 4.2, < 4.5", "V4.4.9", Some(true)),
            (">= 4.2, < 4.5", "4.5", Some(false)),
            (">= 4.2, < 4.5", "4.5-rc1", Some(true)),
            ("<= 4.2", "4.2.0", Some(true)),
            ("> 4.2", "4.2.0", Some(false)),
            ("<= 4.2", "4.2.1", Some(false)),
            ("> 4.2a", "4.2b", Some(true)),
            ("< 04.020", "4.19", Some(true)),
            (">= 4.2", "unknown", None),
            (">= 4.2", "", None),
        ] {
            let condition = FirmwareCondition::from_text(condition).unwrap();
            assert_eq!(
                condition.holds(revision),
                expected,
                "{} on {revision}",
                condition.as_str()
            );
        }
    }

    #[test]
    fn refuses_what_is_no_condition() {
        for text in [
            "",
            ">",
            ">= x",
            ">= 4, 5",
            "> 99999999999999999999999999999999999999999999",
        ] {
            assert!(FirmwareCondition::from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_revision_of_a_device_may_be_anything() {
        let condition = FirmwareCondition::from_text("< 4").unwrap();
        for revision in [
            "9".repeat(200),
            "\u{661}\u{662}4".to_owned(),
            "1".repeat(39),
        ] {
            let _ = condition.holds(&revision);
        }
    }
}
