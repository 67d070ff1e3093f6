//! Verdicts, and how what happened in a case becomes one. Pure; the only place where verdicts are made.
//!
//! ISO 9646 verdicts with `error` for trouble of our own. [`combine`] folds the [`Incident`]s of a case:
//!
//! 1. trouble of harness or suite anywhere makes `error`: nothing the case says can be trusted;
//! 2. else a nonconformance seen in the body makes `fail`, whatever went wrong afterwards;
//! 3. else anything that kept the body from being judged (setup, stimulus, network, time) makes `inconclusive`;
//! 4. else a case that checked nothing makes `error`: no vacuous pass;
//! 5. else `pass`.

pub use iedassay_reports::{Phase, Verdict};

/// What kind of thing went wrong; the phase decides what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IncidentKind {
    /// An expectation about the server was not met: wrong outcome, failed check, missing or unexpected report.
    Expectation,
    /// The server ended the association after a well-formed request, when nothing permitted it.
    LostByServer,
    /// The connection failed for a reason that is not the server's doing.
    Network,
    /// The stimulus could not be performed, so what was to follow it cannot be judged.
    Stimulus,
    /// A precondition that only the run can tell did not hold (nothing buffered, no value to choose).
    Precondition,
    /// The time budget of the case ran out before its end, although no single step was late.
    Budget,
    /// The run was cancelled while the case was under way.
    Cancelled,
    /// The suite is wrong: an expression that cannot be evaluated, a value of the wrong type.
    Suite,
    /// The harness is wrong, or could not do its own part (disk, process, internal).
    Harness,
}

/// One thing that went wrong in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Where.
    pub phase: Phase,
    /// What kind.
    pub kind: IncidentKind,
    /// The sentence that becomes the reason of the verdict when this incident decides it.
    pub reason: String,
}

impl Incident {
    /// The verdict that this incident alone forces, or `None` when it forces none.
    #[must_use]
    pub fn forces(&self) -> Option<Verdict> {
        match (self.phase, self.kind) {
            (Phase::Restore, IncidentKind::Harness | IncidentKind::Suite) => Some(Verdict::Error),
            (Phase::Restore, _) => None,
            (_, IncidentKind::Suite | IncidentKind::Harness) => Some(Verdict::Error),
            (Phase::Body, IncidentKind::Expectation | IncidentKind::LostByServer) => {
                Some(Verdict::Fail)
            }
            _ => Some(Verdict::Inconclusive),
        }
    }
}

/// A verdict with the sentence that explains it, when it needs one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why; `None` for a plain pass.
    pub reason: Option<String>,
}

/// The verdict of a case from its incidents and the number of checks its body evaluated.
#[must_use]
pub fn combine(incidents: &[Incident], checks: usize) -> Judgement {
    for verdict in [Verdict::Error, Verdict::Fail, Verdict::Inconclusive] {
        let mut deciding = incidents
            .iter()
            .filter(|incident| incident.forces() == Some(verdict));
        let Some(first) = deciding.next() else {
            continue;
        };
        let more = deciding.count();
        let reason = match more {
            0 => first.reason.clone(),
            1 => format!("{} (and 1 more)", first.reason),
            more => format!("{} (and {more} more)", first.reason),
        };
        return Judgement {
            verdict,
            reason: Some(reason),
        };
    }
    if checks == 0 {
        let reason = "the case checked nothing".to_owned();
        return Judgement {
            verdict: Verdict::Error,
            reason: Some(reason),
        };
    }
    Judgement {
        verdict: Verdict::Pass,
        reason: None,
    }
}

/// Whether another try of a case that did not pass can come to something else: what failed, and what was not judged because the
/// preamble, a stimulus or the network did not work. Never an `error`, because harness and suite stay as they are; nor what the
/// owner does not allow or a precondition that the run found missing; nor a case that was stopped.
#[must_use]
pub fn worth_another_try(incidents: &[Incident], checks: usize) -> bool {
    match combine(incidents, checks).verdict {
        Verdict::Fail => !was_stopped(incidents),
        Verdict::Inconclusive => !incidents.iter().any(|incident| {
            matches!(
                incident.kind,
                IncidentKind::Precondition | IncidentKind::Cancelled
            )
        }),
        Verdict::Pass | Verdict::Error | Verdict::NotApplicable => false,
    }
}

/// Whether the case was stopped while it was under way.
#[must_use]
pub fn was_stopped(incidents: &[Incident]) -> bool {
    incidents
        .iter()
        .any(|incident| incident.kind == IncidentKind::Cancelled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use IncidentKind::*;
    use Phase::{Body, Restore, Setup};
    use Verdict::{Error, Fail, Inconclusive, Pass};

    fn verdict_of(incidents: &[(Phase, IncidentKind)], checks: usize) -> Verdict {
        let incidents: Vec<Incident> = incidents
            .iter()
            .map(|(phase, kind)| Incident {
                phase: *phase,
                kind: *kind,
                reason: format!("{phase:?} {kind:?}"),
            })
            .collect();
        combine(&incidents, checks).verdict
    }

    #[test]
    fn only_what_can_differ_is_worth_another_try() {
        let worth = |incidents: &[(Phase, IncidentKind)]| {
            let incidents: Vec<Incident> = incidents
                .iter()
                .map(|(phase, kind)| Incident {
                    phase: *phase,
                    kind: *kind,
                    reason: String::new(),
                })
                .collect();
            worth_another_try(&incidents, 1)
        };
        for (kind, in_setup, in_body) in [
            (Expectation, true, true),
            (LostByServer, true, true),
            (Network, true, true),
            (Stimulus, true, true),
            (Budget, true, true),
            (Precondition, false, false),
            (Cancelled, false, false),
            (Suite, false, false),
            (Harness, false, false),
        ] {
            assert_eq!(worth(&[(Setup, kind)]), in_setup, "{kind:?} in setup");
            assert_eq!(worth(&[(Body, kind)]), in_body, "{kind:?} in body");
        }
        assert!(!worth(&[]), "a pass");
        assert!(!worth(&[(Body, Expectation), (Body, Harness)]), "an error");
        assert!(!worth(&[(Body, Expectation), (Body, Cancelled)]));
    }

    #[test]
    fn every_kind_in_every_phase_forces_its_verdict() {
        let table = [
            (Expectation, Inconclusive, Fail, Pass),
            (LostByServer, Inconclusive, Fail, Pass),
            (Network, Inconclusive, Inconclusive, Pass),
            (Stimulus, Inconclusive, Inconclusive, Pass),
            (Precondition, Inconclusive, Inconclusive, Pass),
            (Budget, Inconclusive, Inconclusive, Pass),
            (Cancelled, Inconclusive, Inconclusive, Pass),
            (Suite, Error, Error, Error),
            (Harness, Error, Error, Error),
        ];
        for (kind, setup, body, restore) in table {
            assert_eq!(verdict_of(&[(Setup, kind)], 1), setup, "{kind:?} in setup");
            assert_eq!(verdict_of(&[(Body, kind)], 1), body, "{kind:?} in body");
            assert_eq!(
                verdict_of(&[(Restore, kind)], 1),
                restore,
                "{kind:?} in restore"
            );
        }
    }

    #[test]
    fn a_nonconformance_already_seen_outweighs_later_trouble() {
        assert_eq!(verdict_of(&[(Body, Expectation), (Body, Network)], 1), Fail);
        assert_eq!(
            verdict_of(&[(Body, Stimulus), (Body, Expectation)], 1),
            Fail
        );
        assert_eq!(
            verdict_of(&[(Body, Expectation), (Body, Cancelled)], 1),
            Fail
        );
    }

    #[test]
    fn trouble_of_our_own_outweighs_everything() {
        assert_eq!(
            verdict_of(&[(Body, Expectation), (Body, Harness)], 1),
            Error
        );
        assert_eq!(verdict_of(&[(Setup, Suite), (Body, Expectation)], 1), Error);
    }

    #[test]
    fn a_case_that_checked_nothing_is_an_error_of_the_suite() {
        assert_eq!(verdict_of(&[], 0), Error);
        assert_eq!(verdict_of(&[], 1), Pass);
        assert_eq!(
            verdict_of(&[(Setup, Network)], 0),
            Inconclusive,
            "no chance to check is not vacuous"
        );
    }

    #[test]
    fn reason_is_the_first_deciding_incident_and_counts_the_others() {
        let incident = |kind, reason: &str| Incident {
            phase: Body,
            kind,
            reason: reason.to_owned(),
        };
        let judged = combine(
            &[
                incident(Network, "cable"),
                incident(Expectation, "first"),
                incident(Expectation, "second"),
            ],
            3,
        );
        assert_eq!(
            judged,
            Judgement {
                verdict: Fail,
                reason: Some("first (and 1 more)".to_owned())
            }
        );
        let third = [
            incident(Expectation, "a"),
            incident(Expectation, "b"),
            incident(Expectation, "c"),
        ];
        let reason = |incidents: &[Incident]| combine(incidents, 3).reason;
        assert_eq!(reason(&third), Some("a (and 2 more)".to_owned()));
        assert_eq!(reason(&third[..1]), Some("a".to_owned()));
        assert_eq!(reason(&[]), None);
    }
}
