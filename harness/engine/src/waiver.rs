//! Known deviations of the target file, applied to verdicts.
//!
//! A waiver is a promise with an end: while it holds, the failure it names does not fail the run; when it has expired,
//! or the case passes without it, it fails the run itself, so that no waiver outlives its reason.

use std::collections::{BTreeMap, BTreeSet};

use iedassay_reports::{CaseRecord, Verdict, Waiver, WaiverState};
use jiff::civil::Date;

use crate::target::FirmwareCondition;

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
    /// The firmware for which it holds.
    pub firmware: Option<FirmwareCondition>,
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
    /// What is wrong with the firmware, when the deviation is for another one or the device does not tell.
    elsewhere: Option<WaiverState>,
    /// Keys of the case instances that it names and of which nothing has been seen.
    remaining: BTreeSet<String>,
    /// What was seen of the others. What was not judged may still need the waiver.
    seen: BTreeMap<String, Seen>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Passes,
    MayNeedIt,
}

impl Waivers {
    /// The deviations as they stand on `today`, on a device that says it has `firmware`, for a run of the case instances `keys`,
    /// each as (id, key).
    #[must_use]
    pub fn new(
        deviations: Vec<Deviation>,
        today: Date,
        firmware: Option<&str>,
        keys: &[(String, String)],
    ) -> Self {
        let entries = deviations.into_iter().map(|deviation| {
            let named = keys.iter().filter(|(id, key)| names(&deviation, id, key));
            Entry {
                elsewhere: elsewhere(deviation.firmware.as_ref(), firmware),
                remaining: named.map(|(_, key)| key.clone()).collect(),
                seen: BTreeMap::new(),
                deviation,
            }
        });
        Self {
            today,
            entries: entries.collect(),
        }
    }

    /// What a waiver makes of the verdict of a case instance; `None` when no waiver has anything to say. Said again of a case that
    /// was tried again, the last word counts.
    ///
    /// A waiver that names a case with several instances is no longer needed only when all of them pass; the last of
    /// them says so. A case that passes only when it is tried again needs its waiver. Of several waivers that name a case the first
    /// counts that holds for the firmware.
    pub fn apply(&mut self, case: &CaseRecord) -> Option<Waiver> {
        let key = case.key();
        let mut naming: Vec<&mut Entry> = self
            .entries
            .iter_mut()
            .filter(|entry| names(&entry.deviation, &case.id, &key))
            .collect();
        let here = naming.iter().position(|entry| entry.elsewhere.is_none());
        let entry = naming.get_mut(here.unwrap_or(0))?;
        if let Some(state) = entry.elsewhere {
            return (case.verdict != Verdict::NotApplicable).then(|| entry.waiver(state));
        }
        let passes = case.verdict == Verdict::Pass && !case.is_flaky();
        let seen = if passes {
            Seen::Passes
        } else {
            Seen::MayNeedIt
        };
        entry.remaining.remove(&key);
        entry.seen.insert(key, seen);
        let expired = entry
            .deviation
            .expires
            .is_some_and(|last| last < self.today);
        let all_pass =
            entry.remaining.is_empty() && entry.seen.values().all(|seen| *seen == Seen::Passes);
        let state = match case.verdict {
            Verdict::Fail if expired => WaiverState::Expired,
            Verdict::Fail => WaiverState::Applied,
            Verdict::Pass if case.is_flaky() && !expired => WaiverState::Applied,
            Verdict::Pass if all_pass => WaiverState::NotNeeded,
            _ => return None,
        };
        Some(entry.waiver(state))
    }
}

impl Entry {
    fn waiver(&self, state: WaiverState) -> Waiver {
        let Deviation {
            reason,
            owner,
            expires,
            firmware,
            ..
        } = &self.deviation;
        Waiver {
            reason: reason.clone(),
            owner: owner.clone(),
            expires: expires.map(|last| last.to_string()),
            firmware: firmware
                .as_ref()
                .map(|condition| condition.as_str().to_owned()),
            state,
        }
    }
}

/// Why a waiver does not hold on a device with this firmware; `None` when it does.
fn elsewhere(condition: Option<&FirmwareCondition>, firmware: Option<&str>) -> Option<WaiverState> {
    let condition = condition?;
    match firmware.and_then(|revision| condition.holds(revision)) {
        Some(true) => None,
        Some(false) => Some(WaiverState::OtherFirmware),
        None => Some(WaiverState::UnknownFirmware),
    }
}

fn names(deviation: &Deviation, id: &str, key: &str) -> bool {
    deviation.case == id || deviation.case == key
}

#[cfg(test)]
mod tests {
    use super::*;
    use WaiverState::{Applied, Expired, NotNeeded};

    fn deviation(case: &str) -> Deviation {
        Deviation {
            case: case.into(),
            reason: "firmware 2.1".into(),
            owner: "lab".into(),
            expires: None,
            firmware: None,
        }
    }

    fn waivers(case: &str, expires: Option<&str>, instances: &[&str]) -> Waivers {
        let deviation = Deviation {
            expires: expires.map(|day| day.parse().unwrap()),
            ..deviation(case)
        };
        of(vec![deviation], None, instances)
    }

    fn of(deviations: Vec<Deviation>, firmware: Option<&str>, instances: &[&str]) -> Waivers {
        let keys: Vec<(String, String)> = instances
            .iter()
            .map(|key| ("rcb/x".to_owned(), (*key).to_owned()))
            .collect();
        Waivers::new(deviations, "2026-06-30".parse().unwrap(), firmware, &keys)
    }

    fn case(key: &str, verdict: Verdict) -> CaseRecord {
        let instance = key
            .strip_prefix("rcb/x[")
            .and_then(|key| key.strip_suffix(']'));
        CaseRecord {
            id: "rcb/x".into(),
            instance: instance.map(str::to_owned),
            verdict,
            ..CaseRecord::default()
        }
    }

    fn state(waivers: &mut Waivers, key: &str, verdict: Verdict) -> Option<WaiverState> {
        waivers
            .apply(&case(key, verdict))
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

    #[test]
    fn holds_only_for_the_firmware_that_it_names() {
        use WaiverState::{OtherFirmware, UnknownFirmware};
        let only = |firmware: &str| Deviation {
            firmware: Some(crate::cel::FieldValue::from_text(firmware).unwrap()),
            ..deviation("rcb/x")
        };
        let one = &["rcb/x"];
        for (firmware, verdict, expected) in [
            (Some("4.2.7"), Verdict::Fail, Some(Applied)),
            (Some("4.2.7"), Verdict::Pass, Some(NotNeeded)),
            (Some("4.3"), Verdict::Fail, Some(OtherFirmware)),
            (Some("4.3"), Verdict::Pass, Some(OtherFirmware)),
            (Some("4.3"), Verdict::NotApplicable, None),
            (None, Verdict::Fail, Some(UnknownFirmware)),
            (None, Verdict::Pass, Some(UnknownFirmware)),
        ] {
            let mut waivers = of(vec![only("4.2.*")], firmware, one);
            assert_eq!(
                state(&mut waivers, "rcb/x", verdict),
                expected,
                "{firmware:?} {verdict}"
            );
        }
        let both = vec![only("< 4"), only(">= 4")];
        let mut waivers = of(both, Some("4.3"), one);
        let waiver = waivers.apply(&case("rcb/x", Verdict::Fail)).unwrap();
        assert_eq!(
            (waiver.state, waiver.firmware.as_deref()),
            (Applied, Some(">= 4"))
        );
    }

    #[test]
    fn what_passes_only_when_tried_again_needs_its_waiver() {
        let flaky = case("rcb/x[a]", Verdict::Fail).tried_again(case("rcb/x[a]", Verdict::Pass));
        let mut holds = waivers("rcb/x", None, &["rcb/x[a]", "rcb/x[b]"]);
        assert_eq!(
            state(&mut holds, "rcb/x[a]", Verdict::Fail),
            Some(Applied),
            "told before the other try"
        );
        assert_eq!(holds.apply(&flaky).map(|w| w.state), Some(Applied));
        assert_eq!(state(&mut holds, "rcb/x[b]", Verdict::Pass), None);
        let mut expired = waivers("rcb/x", Some("2026-06-29"), &["rcb/x[a]"]);
        assert_eq!(expired.apply(&flaky), None);
    }
}
