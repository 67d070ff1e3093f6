//! What a run found out about one case.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attempt::{Attempt, Because};
use crate::moment::Moment;

/// A verdict in the sense of ISO/IEC 9646.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that was expected was observed.
    Pass,
    /// The device did something that the standard does not permit.
    Fail,
    /// The preamble or the stimulus did not work, so nothing can be said about the device.
    Inconclusive,
    /// Not claimed, not in the model, or not allowed by the target file.
    NotApplicable,
    /// The harness or the suite is at fault.
    Error,
}

impl Verdict {
    /// Every verdict, in the order in which reports show them.
    pub const ALL: [Self; 5] = [
        Self::Pass,
        Self::Fail,
        Self::Error,
        Self::Inconclusive,
        Self::NotApplicable,
    ];

    /// The word used in files and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::NotApplicable => "not-applicable",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a run found out about one case, or about one element that a `for-each` case was run on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseRecord {
    /// Stable id of the case, as `rcb/bundling-same-member-twice`.
    pub id: String,
    /// What distinguishes this instance of a `for-each` case from its sisters, as `ASSAYLD0/LLN0.urcb01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Title in words.
    pub title: String,
    /// Suite that holds the case, as `reporting/bundling`.
    #[serde(default)]
    pub suite: String,
    /// Heading under which reports list the case; the first segment of the suite.
    pub group: String,
    /// Conformance blocks of the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub block: Vec<String>,
    /// Editions of the standard that the case applies to; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edition: Vec<String>,
    /// Ids of published test procedures that the case answers to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uca: Vec<UcaId>,
    /// Where the standard states the requirement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Why the requirement matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    /// Labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where the case is written, as `suites/reporting/bundling.yaml:12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Variables of `for-each` and what they were bound to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bindings: BTreeMap<String, String>,
    /// Capabilities that the case exercises ([`crate::Capability::id`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// The verdict, before any waiver.
    pub verdict: Verdict,
    /// Why it is not a pass, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The known deviation of the target file that speaks about this case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver>,
    /// Legal but odd.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Numbers that the case measured, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measurements: Vec<Measurement>,
    /// Associations, changes and reports on one scale of time; what pictures are drawn of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
    /// What people answered, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answered>,
    /// What was done, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepRecord>,
    /// Expectations that were evaluated; a pass has at least one.
    #[serde(default)]
    pub checks: u32,
    /// What went over the wire around the step that decided; only of cases that need an eye.
    #[serde(default, skip_serializing_if = "Messages::is_empty")]
    pub messages: Messages,
    /// Capture, relative to the record, as `captures/x.pcapng`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<String>,
    /// Decoded transcript, relative to the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<String>,
    /// SHA-256 of each of these files, in hexadecimal, by the name of the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, String>,
    /// Start, counted from the start of the run.
    #[serde(default)]
    pub started_ms: f64,
    /// From the first step of the setup to the last of putting back.
    #[serde(default)]
    pub duration_ms: f64,
    /// The part of it that the case itself demanded to wait.
    #[serde(default)]
    pub demanded_wait_ms: f64,
    /// Whether what the case changed was put back.
    #[serde(default)]
    pub restored: Restored,
    /// The other tries of the case, in order, when it was tried more than once: everything else in this entry is of the try that
    /// decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// The run was stopped while the case was under way, so that its verdict says nothing; a run that is resumed runs it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
}

impl Default for Verdict {
    /// A case without a verdict is a fault of the harness.
    fn default() -> Self {
        Self::Error
    }
}

impl CaseRecord {
    /// What names this case instance within a run: the id, and the instance in square brackets when there is one.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.instance {
            Some(instance) => format!("{}[{instance}]", self.id),
            None => self.id.clone(),
        }
    }

    /// The failure is a known deviation whose waiver holds.
    #[must_use]
    pub fn is_waived(&self) -> bool {
        matches!(&self.waiver, Some(waiver) if waiver.state == WaiverState::Applied)
    }

    /// The waiver itself is what fails the run: it has expired, or the case passes without it.
    #[must_use]
    pub fn has_stale_waiver(&self) -> bool {
        matches!(&self.waiver, Some(waiver) if waiver.state.is_stale())
    }

    /// Whether the case makes the run a nonconformance.
    #[must_use]
    pub fn is_nonconformance(&self) -> bool {
        (self.verdict == Verdict::Fail && !self.is_waived()) || self.has_stale_waiver()
    }

    /// It passed, and did not on another try under the same conditions: a device, a stimulus or a network that does not always do
    /// the same. A try beside other cases ([`Because::BesideOthers`]) was under other conditions and does not count.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.verdict == Verdict::Pass && self.retries().next().is_some()
    }

    /// The other tries under the same conditions.
    pub fn retries(&self) -> impl Iterator<Item = &Attempt> {
        let tries = self.attempts.iter();
        tries.filter(|attempt| attempt.because == Because::DidNotPass)
    }

    /// The step that decided the verdict: the first that failed, was in error or inconclusive.
    #[must_use]
    pub fn deciding_step(&self) -> Option<&StepRecord> {
        self.steps.iter().find(|step| step.outcome.decides())
    }
}

/// An id of a published test procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UcaId {
    /// As `sRp9`.
    pub id: String,
    /// How sure the pairing is.
    pub confidence: Confidence,
}

/// How sure a pairing with a published id is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A guess from the id's neighbours.
    Low,
    /// Paired from secondary sources.
    Medium,
    /// Paired from the published procedure or two agreeing sources.
    High,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

/// A known deviation of the target file, as it applied to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// Why the deviation is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Last day on which it holds, as `2026-12-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// The firmware revisions for which it is accepted; absent when for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// What became of it in this run.
    pub state: WaiverState,
}

/// What became of a waiver in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverState {
    /// The case failed, and the waiver accepts that.
    Applied,
    /// The case failed, and the waiver no longer holds.
    Expired,
    /// The case passed; the waiver can go.
    NotNeeded,
    /// It is for another firmware than that of the device: not applied, and nothing is said about whether it is needed.
    OtherFirmware,
    /// It is for certain firmware, and the device does not say which it has: not applied.
    UnknownFirmware,
}

impl WaiverState {
    /// The waiver itself is what has to be looked at.
    #[must_use]
    pub fn is_stale(self) -> bool {
        matches!(self, Self::Expired | Self::NotNeeded)
    }
}

impl fmt::Display for WaiverState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Applied => "applied",
            Self::Expired => "expired",
            Self::NotNeeded => "no longer needed",
            Self::OtherFirmware => "does not hold for this firmware",
            Self::UnknownFirmware => "not applied, because the firmware is not known",
        })
    }
}

/// A part of what went over the wire in a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Messages {
    /// Messages before the first that is shown.
    #[serde(default)]
    pub before: u32,
    /// The messages, in order.
    #[serde(default)]
    pub shown: Vec<MessageRecord>,
    /// Messages after the last that is shown.
    #[serde(default)]
    pub after: u32,
}

impl Messages {
    /// Whether nothing is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }
}

/// One message, or the opening or end of a connection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MessageRecord {
    /// When, counted from the first message of the case.
    pub at_ms: f64,
    /// Name of the association, as `main`.
    pub client: String,
    /// From the client to the device; otherwise the other way.
    pub sent: bool,
    /// Number of its first frame in the capture of the case.
    pub frame: u64,
    /// What it is, on one line.
    pub summary: String,
    /// Its length on TCP; 0 of what is no message.
    #[serde(default)]
    pub octets: u32,
    /// Steps that began before it, each with its line in the suite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// It is what decided the verdict.
    #[serde(default)]
    pub decides: bool,
}

/// Something legal but odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What kind of oddity, in kebab-case, as `ber-long-length`; the same kind always has the same code.
    pub code: String,
    /// What was seen, in a sentence.
    pub text: String,
    /// Where the standard speaks about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Frame number in the capture of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u64>,
    /// How often it was seen in the case.
    #[serde(default = "one")]
    pub count: u32,
}

impl Finding {
    /// The code of what a suite remarks on with the step `note`: each is a kind of its own.
    pub const NOTE: &str = "note";
}

fn one() -> u32 {
    1
}

/// A number that a case measured. It judges nothing; several of the same name in one case are a series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measurement {
    /// What was measured, in words; the same in every run and on every instance of the case.
    pub name: String,
    /// The number, always finite.
    pub value: f64,
    /// Its unit, as `ms` or `reports`; empty when it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// When, counted from the start of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<f64>,
}

/// What a person answered to a question of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    /// Id of the question in its case.
    pub question: String,
    /// The question.
    pub text: String,
    /// The answer.
    pub answer: String,
    /// Who answered.
    pub by: String,
    /// When: a day, or a wall time in UTC.
    pub on: String,
    /// What the answer rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// One step of a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepRecord {
    /// Part of the case that the step belongs to.
    #[serde(default)]
    pub phase: Phase,
    /// Verb of the step, as `set-rcb`.
    pub verb: String,
    /// What it does, in words, with all variables resolved.
    pub text: String,
    /// How it ended.
    pub outcome: StepOutcome,
    /// What was expected; several entries are alternatives, each of which would have been right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
    /// What was observed instead, or what went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
    /// The PDU that decided, decoded, several lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdu: Option<String>,
    /// Its bytes in hexadecimal: the MMS PDU, without the layers below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
    /// What of it the expectation read that did not hold. Empty where that is no element of a PDU: a time, or something
    /// that did not come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Its frame number in the capture of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u64>,
    /// Line of the step in the suite file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Start, counted from the start of the case.
    #[serde(default)]
    pub started_ms: f64,
    /// How long it took.
    #[serde(default)]
    pub duration_ms: f64,
}

/// An element of a PDU that a failed expectation read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// What the expectation calls it, as `r.value.t`; what is wrong with it, where no expression read it.
    pub read: String,
    /// What the standard calls it, from the outermost element on, as `read/listOfAccessResult/structure/utc-time`.
    pub element: String,
    /// Offset of its first octet in the PDU.
    pub offset: u32,
    /// Octets that it covers, identifier and length included.
    pub length: u32,
    /// The frame of its PDU in the capture of the case, where that is another PDU than the one of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u64>,
}

impl Mark {
    /// It stands in the PDU of its step.
    #[must_use]
    pub fn is_in_pdu(&self) -> bool {
        self.frame.is_none()
    }

    /// Offset of its last octet.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.offset.saturating_add(self.length.saturating_sub(1))
    }
}

/// Part of a case that a step belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The preamble: what does not work here makes the case inconclusive.
    Setup,
    /// The body: what does not hold here makes the case fail.
    #[default]
    Body,
    /// Putting back what the case changed.
    Restore,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// As expected, or nothing was expected and it worked.
    #[default]
    Ok,
    /// An expectation was not met.
    Failed,
    /// It did not work, but the device cannot be blamed.
    Inconclusive,
    /// The harness or the suite is at fault.
    Error,
    /// Not reached, or its condition did not hold.
    Skipped,
}

impl StepOutcome {
    /// Whether a step with this outcome decides the verdict of its case.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Failed | Self::Inconclusive | Self::Error)
    }

    /// The word used in files and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Inconclusive => "inconclusive",
            Self::Error => "error",
            Self::Skipped => "skipped",
        }
    }
}

/// Whether what a case changed was put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Restored {
    /// The case changed nothing.
    #[default]
    NothingToDo,
    /// Everything was put back.
    Yes,
    /// Something could not be put back; see [`crate::RunRecord::left_behind`].
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(state: Option<WaiverState>) -> CaseRecord {
        let waiver = state.map(|state| Waiver {
            reason: "r".into(),
            owner: "o".into(),
            expires: None,
            firmware: None,
            state,
        });
        CaseRecord {
            verdict: Verdict::Fail,
            waiver,
            ..CaseRecord::default()
        }
    }

    #[test]
    fn only_a_valid_waiver_excuses_a_failure() {
        assert!(failing(None).is_nonconformance());
        assert!(!failing(Some(WaiverState::Applied)).is_nonconformance());
        assert!(failing(Some(WaiverState::Expired)).is_nonconformance());
    }

    #[test]
    fn a_waiver_that_is_no_longer_needed_is_a_nonconformance() {
        let case = CaseRecord {
            verdict: Verdict::Pass,
            ..failing(Some(WaiverState::NotNeeded))
        };
        assert!(case.is_nonconformance());
    }

    #[test]
    fn verdict_names_are_those_of_the_files() {
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.name());
        }
    }

    #[test]
    fn key_tells_instances_apart() {
        let case = CaseRecord {
            id: "rcb/x".into(),
            instance: Some("LD0/LLN0.brcb01".into()),
            ..CaseRecord::default()
        };
        assert_eq!(case.key(), "rcb/x[LD0/LLN0.brcb01]");
    }
}
