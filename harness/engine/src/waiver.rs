//! Known deviations of the target file, applied to verdicts.
//!
//! A waiver is a promise with an end: while it holds, the failure it names does not fail the run; when it has expired,
//! or the case passes without it, it fails the run itself, so that no waiver outlives its reason.

use iedassay_reports::{Verdict, Waiver, WaiverState};
use jiff::civil::Date;

/// A known deviation, as far as applying it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The case it names: an id, or an id with its instance in square brackets.
    pub case: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Option<Date>,
}

/// The deviations of a target, with what has been seen of the cases that each names.
#[derive(Debug, Clone)]
pub struct Waivers {
    today: Date,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    deviation: Deviation,
    remaining: usize,
    failed: bool,
    undecided: bool,
}

impl Waivers {
    /// The deviations as they stand on `today`, for a run of the case instances `keys`, each as (id, key).
    #[must_use]
    pub fn new(deviations: Vec<Deviation>, today: Date, keys: &[(String, String)]) -> Self {
        let entries = deviations
            .into_iter()
            .map(|deviation| {
                let remaining = keys
                    .iter()
                    .filter(|(id, key)| names(&deviation, id, key))
                    .count();
                Entry {
                    deviation,
                    remaining,
                    failed: false,
                    undecided: false,
                }
            })
            .collect();
        Self { today, entries }
    }

    /// What a waiver makes of the verdict of a case instance; `None` when no waiver has anything to say.
    ///
    /// A waiver that names a case with several instances is no longer needed only when all of them pass; the last of
    /// them says so.
    pub fn apply(&mut self, id: &str, key: &str, verdict: Verdict) -> Option<Waiver> {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| names(&entry.deviation, id, key))?;
        entry.remaining = entry.remaining.saturating_sub(1);
        entry.failed |= verdict == Verdict::Fail;
        // What was not judged may still need the waiver.
        entry.undecided |= !matches!(verdict, Verdict::Pass | Verdict::Fail);
        let expired = entry
            .deviation
            .expires
            .is_some_and(|last| last < self.today);
        let state = match verdict {
            Verdict::Fail if expired => WaiverState::Expired,
            Verdict::Fail => WaiverState::Applied,
            Verdict::Pass if entry.remaining == 0 && !entry.failed && !entry.undecided => {
                WaiverState::NotNeeded
            }
            _ => return None,
        };
        Some(Waiver {
            reason: entry.deviation.reason.clone(),
            owner: entry.deviation.owner.clone(),
            expires: entry.deviation.expires.map(|last| last.to_string()),
            state,
        })
    }
}

fn names(deviation: &Deviation, id: &str, key: &str) -> bool {
    deviation.case == id || deviation.case == key
}

#[cfg(test)]
mod tests {
    use super::*;
    use WaiverState::{Applied, Expired, NotNeeded};

    fn waivers(case: &str, expires: Option<&str>, instances: &[&str]) -> Waivers {
        let deviation = Deviation {
            case: case.into(),
            reason: "firmware 2.1".into(),
            owner: "lab".into(),
            expires: expires.map(|day| day.parse().unwrap()),
        };
        let keys: Vec<(String, String)> = instances
            .iter()
            .map(|key| ("rcb/x".to_owned(), (*key).to_owned()))
            .collect();
        Waivers::new(vec![deviation], "2026-06-30".parse().unwrap(), &keys)
    }

    fn state(waivers: &mut Waivers, key: &str, verdict: Verdict) -> Option<WaiverState> {
        waivers
            .apply("rcb/x", key, verdict)
            .map(|waiver| waiver.state)
    }

    #[test]
    fn holds_up_to_and_including_its_last_day() {
        for (expires, expected) in [
            (None, Applied),
            (Some("2026-06-30"), Applied),
            (Some("2026-06-29"), Expired),
        ] {
            let mut waivers = waivers("rcb/x", expires, &["rcb/x"]);
            assert_eq!(
                state(&mut waivers, "rcb/x", Verdict::Fail),
                Some(expected),
                "{expires:?}"
            );
        }
    }

    #[test]
    fn a_pass_makes_it_no_longer_needed_and_the_undecided_says_nothing() {
        let one = &["rcb/x"];
        assert_eq!(
            state(&mut waivers("rcb/x", None, one), "rcb/x", Verdict::Pass),
            Some(NotNeeded)
        );
        for verdict in [
            Verdict::Inconclusive,
            Verdict::Error,
            Verdict::NotApplicable,
        ] {
            assert_eq!(
                state(&mut waivers("rcb/x", None, one), "rcb/x", verdict),
                None
            );
        }
    }

    #[test]
    fn a_waiver_for_several_instances_is_needed_while_any_of_them_fails() {
        let keys = &["rcb/x[a]", "rcb/x[b]"];
        let mut both_pass = waivers("rcb/x", None, keys);
        assert_eq!(state(&mut both_pass, "rcb/x[a]", Verdict::Pass), None);
        assert_eq!(
            state(&mut both_pass, "rcb/x[b]", Verdict::Pass),
            Some(NotNeeded)
        );
        let mut one_fails = waivers("rcb/x", None, keys);
        assert_eq!(
            state(&mut one_fails, "rcb/x[a]", Verdict::Fail),
            Some(Applied)
        );
        assert_eq!(state(&mut one_fails, "rcb/x[b]", Verdict::Pass), None);
        let mut one_undecided = waivers("rcb/x", None, keys);
        assert_eq!(
            state(&mut one_undecided, "rcb/x[a]", Verdict::Inconclusive),
            None
        );
        assert_eq!(state(&mut one_undecided, "rcb/x[b]", Verdict::Pass), None);
    }

    #[test]
    fn names_a_single_instance_when_it_says_so() {
        let mut waivers = waivers("rcb/x[b]", None, &["rcb/x[a]", "rcb/x[b]"]);
        assert_eq!(state(&mut waivers, "rcb/x[a]", Verdict::Fail), None);
        assert_eq!(
            state(&mut waivers, "rcb/x[b]", Verdict::Fail),
            Some(Applied)
        );
    }
}
