//! The words of `expect:`. Each word permits a kind of outcome; a set of words permits their union.

use std::fmt;
use std::str::FromStr;

use crate::outcome::{self, Outcome, RefusalLayer};

/// One permitted outcome.
///
/// The words, as written in a suite:
///
/// | word | permits |
/// |---|---|
/// | `success` | the service succeeded |
/// | `refused` | any protocol answer that says no: data access error, service error, reject, negative answer, association refused |
/// | `data-access-error`, `service-error`, `reject`, `negative-answer` | that kind, any code |
/// | `object-access-denied`, `object-state-conflict`, `unrecognized-service` ... | that named code, in whichever kind it exists |
/// | `access/object-non-existent`, `data-access-error/3`, `service/2`, `reject/1/4` | that code of that kind or class |
/// | `refused-by/cotp`, `refused-by/acse` ... | an association refused by that layer |
/// | `any` | any answer at all, success or not, with the association left standing or not; not silence, not nonsense |
/// | `abort`, `close`, `timeout` | the association ended, or nothing came |
/// | `closed` | abort or close |
/// | `out-of-place` | to octets sent raw, a valid PDU came that has no place at this point |
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OutcomePattern {
    /// `success`
    Success,
    /// `refused`
    Refused,
    /// `refused-by/...`
    RefusedBy(RefusalLayer),
    /// `any`
    Any,
    /// `data-access-error`, with a code when one is given.
    DataAccessError(Option<i64>),
    /// `service-error`, with class and code when given.
    ServiceError(Option<u8>, Option<i64>),
    /// `reject`, with PDU alternative and reason when given.
    Reject(Option<u8>, Option<i64>),
    /// `negative-answer`
    NegativeAnswer,
    /// `abort`
    Abort,
    /// `close`
    Close,
    /// `closed`: abort or close.
    Closed,
    /// `timeout`
    Timeout,
    /// `out-of-place`
    OutOfPlace,
    /// A code by its name, in whichever kind it exists.
    Named(String),
}

impl OutcomePattern {
    /// Whether `outcome` is permitted by this word.
    #[must_use]
    pub fn matches(&self, outcome: &Outcome) -> bool {
        match (self, outcome) {
            (Self::Success, Outcome::Success)
            | (Self::NegativeAnswer, Outcome::NegativeAnswer(_))
            | (Self::Abort, Outcome::Abort(_))
            | (Self::Close, Outcome::Close(_))
            | (Self::Closed, Outcome::Abort(_) | Outcome::Close(_))
            | (Self::Timeout, Outcome::Timeout)
            | (Self::OutOfPlace, Outcome::OutOfPlace(_)) => true,
            (Self::Refused, outcome) => outcome.is_refusal(),
            (Self::RefusedBy(want), Outcome::Refused { layer, .. }) => want == layer,
            (Self::Any, outcome) => !matches!(
                outcome,
                Outcome::Timeout | Outcome::Malformed(_) | Outcome::Network(_)
            ),
            (Self::DataAccessError(want), Outcome::DataAccessError(code)) => fits(want, code),
            (Self::ServiceError(class, want), Outcome::ServiceError { class: got, code }) => {
                fits(class, got) && fits(want, code)
            }
            (Self::Reject(pdu, want), Outcome::Reject { pdu: got, reason }) => {
                fits(pdu, got) && fits(want, reason)
            }
            (Self::Named(name), outcome) => outcome.code_name() == Some(name.as_str()),
            _ => false,
        }
    }
}

/// A word that is none of the words of `expect:`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown outcome `{word}`")]
pub struct UnknownOutcome {
    /// The word as written.
    pub word: String,
    /// The nearest word that exists, when one is near.
    pub nearest: Option<String>,
}

impl FromStr for OutcomePattern {
    type Err = UnknownOutcome;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownOutcome {
            word: word.to_owned(),
            nearest: nearest(word),
        };
        let plain = match word {
            "success" => Self::Success,
            "refused" => Self::Refused,
            "any" => Self::Any,
            "data-access-error" => Self::DataAccessError(None),
            "service-error" => Self::ServiceError(None, None),
            "reject" => Self::Reject(None, None),
            "negative-answer" => Self::NegativeAnswer,
            "abort" => Self::Abort,
            "close" => Self::Close,
            "closed" => Self::Closed,
            "timeout" => Self::Timeout,
            "out-of-place" => Self::OutOfPlace,
            _ => match word.split_once('/') {
                Some((kind, code)) => return qualified(kind, code).ok_or_else(unknown),
                None if code_names().any(|name| name == word) => Self::Named(word.to_owned()),
                None => return Err(unknown()),
            },
        };
        Ok(plain)
    }
}

impl fmt::Display for OutcomePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success => f.write_str("success"),
            Self::Refused => f.write_str("a refusal by any permitted means"),
            Self::RefusedBy(layer) => write!(f, "a refusal by {}", layer.name()),
            Self::Any => f.write_str("any answer"),
            Self::DataAccessError(None) => f.write_str("any data access error"),
            Self::DataAccessError(Some(code)) => write!(f, "{}", Outcome::DataAccessError(*code)),
            Self::ServiceError(None, _) => f.write_str("any service error"),
            Self::ServiceError(Some(class), None) => {
                match outcome::service_error_class_name(*class) {
                    Some(name) => write!(f, "a service error of class {name}"),
                    None => write!(f, "a service error of class {class}"),
                }
            }
            Self::ServiceError(Some(class), Some(code)) => {
                write!(
                    f,
                    "{}",
                    Outcome::ServiceError {
                        class: *class,
                        code: *code
                    }
                )
            }
            Self::Reject(None, _) => f.write_str("a reject"),
            Self::Reject(Some(pdu), None) => write!(f, "a reject of kind {pdu}"),
            Self::Reject(Some(pdu), Some(reason)) => {
                write!(
                    f,
                    "{}",
                    Outcome::Reject {
                        pdu: *pdu,
                        reason: *reason
                    }
                )
            }
            Self::NegativeAnswer => f.write_str("a negative answer"),
            Self::Abort => f.write_str("an abort"),
            Self::Close => f.write_str("a closed connection"),
            Self::Closed => f.write_str("an abort or a closed connection"),
            Self::Timeout => f.write_str("no answer"),
            Self::OutOfPlace => f.write_str("an answer out of place"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// The permitted outcomes in words: `success or object-access-denied`.
#[must_use]
pub fn describe(patterns: &[OutcomePattern]) -> String {
    let words: Vec<String> = patterns.iter().map(ToString::to_string).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

fn fits<T: PartialEq>(want: &Option<T>, got: &T) -> bool {
    want.as_ref().is_none_or(|want| want == got)
}

fn qualified(kind: &str, code: &str) -> Option<OutcomePattern> {
    match kind {
        "refused-by" => RefusalLayer::ALL
            .into_iter()
            .find(|layer| layer.name() == code)
            .map(OutcomePattern::RefusedBy),
        "data-access-error" => {
            let code = number_or_name(code, outcome::data_access_error_name)?;
            Some(OutcomePattern::DataAccessError(Some(code)))
        }
        "reject" => {
            let (pdu, reason) = code.split_once('/').unwrap_or(("1", code));
            let pdu: u8 = pdu.parse().ok()?;
            let reason = number_or_name(reason, |i| outcome::reject_name(pdu, i))?;
            Some(OutcomePattern::Reject(Some(pdu), Some(reason)))
        }
        "service-error" => {
            let (class, code) = match code.split_once('/') {
                Some((class, code)) => (class, Some(code)),
                None => (code, None),
            };
            service_error(class, code)
        }
        class => service_error(class, Some(code)),
    }
}

fn service_error(class: &str, code: Option<&str>) -> Option<OutcomePattern> {
    let class: u8 = (0..=12)
        .find(|i| outcome::service_error_class_name(*i) == Some(class))
        .or_else(|| class.parse().ok())?;
    let code = match code {
        Some("*") | None => None,
        Some(code) => Some(number_or_name(code, |i| {
            outcome::service_error_name(class, i)
        })?),
    };
    Some(OutcomePattern::ServiceError(Some(class), code))
}

fn number_or_name(text: &str, name: impl Fn(i64) -> Option<&'static str>) -> Option<i64> {
    text.parse()
        .ok()
        .or_else(|| (0..16).find(|i| name(*i) == Some(text)))
}

/// Every code that has a name, of every kind.
pub fn code_names() -> impl Iterator<Item = &'static str> {
    let access = (0..12).filter_map(outcome::data_access_error_name);
    let service = (0..=12u8)
        .flat_map(|class| (1..16).filter_map(move |code| outcome::service_error_name(class, code)));
    let reject = [1u8, 5, 11]
        .into_iter()
        .flat_map(|pdu| (0..16).filter_map(move |r| outcome::reject_name(pdu, r)));
    access
        .chain(service)
        .chain(reject)
        .filter(|name| *name != "other")
}

/// The words that are not names of codes.
pub const WORDS: [&str; 12] = [
    "success",
    "refused",
    "any",
    "data-access-error",
    "service-error",
    "reject",
    "negative-answer",
    "abort",
    "close",
    "closed",
    "timeout",
    "out-of-place",
];

fn nearest(word: &str) -> Option<String> {
    WORDS
        .into_iter()
        .chain(code_names())
        .map(|known| (distance(word, known), known))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, known)| known.to_owned())
}

/// Levenshtein distance over characters, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let cost = (diagonal + usize::from(x != *y))
                .min(left + 1)
                .min(above + 1);
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            diagonal = above;
            left = cost;
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(word: &str) -> OutcomePattern {
        word.parse().unwrap()
    }

    #[test]
    fn words_permit_what_they_say_and_nothing_else() {
        let outcomes = [
            ("success", Outcome::Success),
            ("dae3", Outcome::DataAccessError(3)),
            ("dae10", Outcome::DataAccessError(10)),
            ("access2", Outcome::ServiceError { class: 7, code: 2 }),
            ("definition5", Outcome::ServiceError { class: 2, code: 5 }),
            ("reject1/1", Outcome::Reject { pdu: 1, reason: 1 }),
            (
                "refusal",
                Outcome::Refused {
                    layer: RefusalLayer::Acse,
                    detail: String::new(),
                },
            ),
            ("abort", Outcome::Abort(String::new())),
            ("close", Outcome::Close(String::new())),
            ("timeout", Outcome::Timeout),
            ("negative", Outcome::NegativeAnswer(String::new())),
            ("conclude6", Outcome::Reject { pdu: 11, reason: 1 }),
            (
                "cotp",
                Outcome::Refused {
                    layer: RefusalLayer::Cotp,
                    detail: String::new(),
                },
            ),
            ("malformed", Outcome::Malformed(String::new())),
            ("out of place", Outcome::OutOfPlace(String::new())),
            ("network", Outcome::Network(String::new())),
        ];
        let table: [(&str, &[&str]); 26] = [
            ("out-of-place", &["out of place"]),
            ("success", &["success"]),
            (
                "refused",
                &[
                    "dae3",
                    "dae10",
                    "access2",
                    "definition5",
                    "reject1/1",
                    "refusal",
                    "negative",
                    "conclude6",
                    "cotp",
                ],
            ),
            (
                "any",
                &[
                    "success",
                    "dae3",
                    "dae10",
                    "access2",
                    "definition5",
                    "reject1/1",
                    "refusal",
                    "abort",
                    "close",
                    "negative",
                    "conclude6",
                    "cotp",
                    "out of place",
                ],
            ),
            ("negative-answer", &["negative"]),
            ("close", &["close"]),
            ("reject", &["reject1/1", "conclude6"]),
            ("reject/11/1", &["conclude6"]),
            ("refused-by/acse", &["refusal"]),
            ("refused-by/cotp", &["cotp"]),
            ("service-error/7", &["access2"]),
            ("7/2", &["access2"]),
            ("data-access-error", &["dae3", "dae10"]),
            ("data-access-error/3", &["dae3"]),
            ("data-access-error/object-access-denied", &["dae3"]),
            ("object-access-denied", &["dae3"]),
            ("object-non-existent", &["dae10", "access2"]),
            ("access/object-non-existent", &["access2"]),
            ("access/*", &["access2"]),
            ("service-error", &["access2", "definition5"]),
            ("service-error/definition/5", &["definition5"]),
            ("reject/unrecognized-service", &["reject1/1"]),
            ("reject/1/1", &["reject1/1"]),
            ("abort", &["abort"]),
            ("closed", &["abort", "close"]),
            ("timeout", &["timeout"]),
        ];
        for (word, expected) in table {
            let matched: Vec<&str> = outcomes
                .iter()
                .filter(|(_, o)| pattern(word).matches(o))
                .map(|(name, _)| *name)
                .collect();
            assert_eq!(matched, expected, "{word}");
        }
    }

    #[test]
    fn unknown_word_names_the_nearest() {
        let error = "object-acces-denied".parse::<OutcomePattern>().unwrap_err();
        assert_eq!(error.nearest.as_deref(), Some("object-access-denied"));
        assert_eq!(
            "qwertyuiop".parse::<OutcomePattern>().unwrap_err().nearest,
            None
        );
        assert!("access/nonsense".parse::<OutcomePattern>().is_err());
    }

    #[test]
    fn describes_a_set_as_a_sentence() {
        assert_eq!(describe(&[]), "nothing");
        assert_eq!(describe(&[pattern("success")]), "success");
        assert_eq!(
            describe(&[
                pattern("object-access-denied"),
                pattern("abort"),
                pattern("close")
            ]),
            "object-access-denied, an abort or a closed connection"
        );
    }

    #[test]
    fn every_word_says_itself_in_words() {
        let table = [
            ("success", "success"),
            ("refused", "a refusal by any permitted means"),
            ("refused-by/tls", "a refusal by tls"),
            ("any", "any answer"),
            ("out-of-place", "an answer out of place"),
            ("data-access-error", "any data access error"),
            (
                "data-access-error/3",
                &Outcome::DataAccessError(3).to_string(),
            ),
            ("service-error", "any service error"),
            ("access/*", "a service error of class access"),
            ("service-error/200", "a service error of class 200"),
            (
                "access/2",
                &Outcome::ServiceError { class: 7, code: 2 }.to_string(),
            ),
            ("reject", "a reject"),
            (
                "reject/5/1",
                &Outcome::Reject { pdu: 5, reason: 1 }.to_string(),
            ),
            ("negative-answer", "a negative answer"),
            ("abort", "an abort"),
            ("close", "a closed connection"),
            ("closed", "an abort or a closed connection"),
            ("timeout", "no answer"),
            ("object-access-denied", "object-access-denied"),
        ];
        for (word, words) in table {
            assert_eq!(pattern(word).to_string(), words, "{word}");
        }
        assert_eq!(
            OutcomePattern::Reject(Some(5), None).to_string(),
            "a reject of kind 5"
        );
    }

    #[test]
    fn every_word_that_is_listed_is_read_and_no_code_is_called_other() {
        for word in WORDS.into_iter().chain(code_names()) {
            assert!(word.parse::<OutcomePattern>().is_ok(), "{word}");
        }
        let names: Vec<&str> = code_names().collect();
        assert!(!names.contains(&"other"));
        // One of the first and the last code of each kind that has names.
        for name in [
            "object-invalidated",
            "object-value-invalid",
            "object-undefined",
            "insufficient-space-in-filestore",
            "unrecognized-service",
            "value-out-of-range",
            "unknown-pdu-type",
            "illegal-acse-mapping",
        ] {
            assert!(names.contains(&name), "{name} of {names:?}");
        }
        for wrong in [
            "refused-by/nobody",
            "reject/x/1",
            "reject/1/none",
            "200/none",
            "300/1",
        ] {
            assert!(wrong.parse::<OutcomePattern>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn distance_counts_characters_changed_added_and_left_out() {
        let table = [
            ("", "", 0),
            ("abort", "abort", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("saturday", "sunday", 3),
            ("abcd", "bcde", 2),
            ("aüb", "aub", 1),
        ];
        for (a, b, expected) in table {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_word_is_near_up_to_three_changes() {
        assert_eq!(nearest("tmout"), Some("timeout".to_owned()));
        assert_eq!(nearest("suXXXss"), Some("success".to_owned()));
        assert_eq!(nearest("suXXXXs"), None);
    }
}
