//! What a campaign found out.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What came of a fuzzing campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FuzzReport {
    /// Version of this form.
    pub version: u32,
    /// Where the device is.
    pub target: String,
    /// Who it says it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The seed; with it and the number of a sequence, that sequence is drawn again.
    pub seed: u64,
    /// Number of the first sequence.
    pub first: u64,
    /// Sequences that were played to their end.
    pub sequences: u64,
    /// Messages that were sent in them.
    pub messages: u64,
    /// How long it took, in milliseconds.
    pub duration: u64,
    /// Why it ended.
    pub ended: Ended,
    /// What came of the messages: the kind of answer, and how often.
    pub reactions: BTreeMap<String, u64>,
    /// How fast the healthy association was answered.
    pub latency: Latency,
    /// The loss of service, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
}

/// Why a campaign ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// All sequences that were asked for have been played.
    Sequences,
    /// The time was over.
    Time,
    /// Somebody asked for it.
    Interrupted,
    /// The device lost a service.
    Finding,
}

/// Times in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Latency {
    /// Half of the answers came within, before the campaign.
    pub median_before: f64,
    /// Half of the answers came within, during it.
    pub median: f64,
    /// 99 of 100 answers came within, during it.
    pub percentile_99: f64,
    /// All answers came within, during it.
    pub longest: f64,
    /// Answers that were measured during it.
    pub answers: usize,
}

/// A loss of service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// What the device no longer did.
    pub what: String,
    /// The sequence after which it was noticed.
    pub sequence: u64,
    /// The first of the sequences that may have brought it about.
    pub since: u64,
    /// Whether it came about again.
    pub reproduced: Reproduced,
    /// How often sequences were played to make it shorter.
    pub tries: u64,
    /// Milliseconds until the device served again; none when it did not in the time that it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered_after: Option<u64>,
    /// The sequence, in words.
    pub steps: Vec<String>,
}

/// Whether a loss of service came about again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reproduced {
    /// Yes, with the steps that are told.
    Yes,
    /// No: the steps that are told were played before it, and did not bring it about again.
    No,
    /// The device did not come back, so that nothing could be tried.
    NotTried,
}

pub(super) fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
