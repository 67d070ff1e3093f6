//! The run record, version 1: everything that one run found out, as data.
//!
//! It is the only thing that a run hands on. Every report is a pure function of it, so no renderer can change a
//! verdict, and an old record can be rendered again by a newer version. Within version 1 fields are only added, and
//! an added field has a default, so records of any 1.x tool stay readable both ways.
//!
//! Durations are milliseconds with three decimals, wall times are RFC 3339 strings in UTC. Under virtual time both
//! are virtual.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::capability::Capability;
use crate::case::CaseRecord;
use crate::model::ModelRecord;
use crate::requirement::Requirement;
use crate::summary::Summary;

/// The version of the record format that this crate writes, and the highest that it reads.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that one run found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// Version of this format; see [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The tool that wrote the record.
    pub tool: Tool,
    /// What was tested.
    pub target: Target,
    /// The suites that it was held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suites: Option<Suites>,
    /// Who ran it, as told with `--operator`; nobody is guessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// How the run was asked for.
    #[serde(default)]
    pub options: Options,
    /// When the run went on after it had been stopped or killed; in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resumed: Vec<Resumption>,
    /// The run whose cases without a pass this one ran again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reruns: Option<Origin>,
    /// Wall time at the start, RFC 3339 in UTC.
    pub started: String,
    /// The model of the device in brief, for comparing it with that of another run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelRecord>,
    /// What was decided before the first packet.
    pub plan: PlanRecord,
    /// One entry for each case instance that has a verdict, in the order in which they were decided. Cases that the
    /// plan left out stand here too, as `not-applicable` with the reason.
    pub cases: Vec<CaseRecord>,
    /// Capabilities with what is known of each from the profile, the statement and the device: the input of the PICS gap.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// The buyer's own requirements, from the profile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Requirement>,
    /// SHA-256 of evidence that belongs to no case, by the name of the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, String>,
    /// What the run changed on the device and could not put back.
    #[serde(default)]
    pub left_behind: Vec<LeftBehind>,
    /// Why testing stopped before the plan was done, when it was for the lack of a working device or harness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub could_not_test: Option<String>,
    /// The operator stopped the run, or it was killed; cases of the plan may be missing.
    #[serde(default)]
    pub interrupted: bool,
    /// Wall time at the end, RFC 3339 in UTC; absent while the run goes on and after it was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// Time from start to end.
    #[serde(default)]
    pub duration_ms: f64,
    /// Sum of the waits that the cases demanded (integrity periods, quiet times): the least time the run could take.
    #[serde(default)]
    pub demanded_wait_ms: f64,
    /// How cases ran at the same time; absent when one ran after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallel: Option<Parallel>,
    /// Counts and conclusion, computed from the fields above by [`Summary::of`].
    #[serde(default)]
    pub summary: Summary,
}

impl RunRecord {
    /// An empty record of a run that starts now.
    #[must_use]
    pub fn new(tool: Tool, target: Target, started: String) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool,
            target,
            suites: None,
            operator: None,
            options: Options::default(),
            resumed: Vec::new(),
            reruns: None,
            started,
            plan: PlanRecord::default(),
            cases: Vec::new(),
            capabilities: Vec::new(),
            model: None,
            requirements: Vec::new(),
            digests: BTreeMap::new(),
            left_behind: Vec::new(),
            could_not_test: None,
            interrupted: false,
            finished: None,
            duration_ms: 0.0,
            demanded_wait_ms: 0.0,
            parallel: None,
            summary: Summary::default(),
        }
    }

    /// Brings the fields that follow from others (summary, demanded wait) up to date. The runner calls it whenever it
    /// hands the record on.
    pub fn conclude(&mut self) {
        self.demanded_wait_ms = round_ms(self.cases.iter().map(|case| case.demanded_wait_ms).sum());
        self.summary = Summary::of(self);
    }

    /// SHA-256 of every evidence file of the run, by the name of the file relative to the record.
    #[must_use]
    pub fn evidence(&self) -> BTreeMap<&str, &str> {
        let of_cases = self.cases.iter().flat_map(|case| {
            let others = case.attempts.iter().flat_map(|attempt| &attempt.digests);
            case.digests.iter().chain(others)
        });
        of_cases
            .chain(&self.digests)
            .map(|(file, digest)| (file.as_str(), digest.as_str()))
            .collect()
    }

    /// Reads a record and checks its version.
    ///
    /// # Errors
    /// When the text is not JSON, is not a run record, or was written by a newer major format.
    pub fn from_json(text: &str) -> Result<Self, RecordError> {
        let probe: VersionProbe = serde_json::from_str(text).map_err(RecordError::from_json)?;
        match probe.schema_version {
            None => return Err(RecordError::NotARecord),
            Some(version) if version > SCHEMA_VERSION => {
                return Err(RecordError::TooNew { version });
            }
            Some(_) => {}
        }
        serde_json::from_str(text).map_err(RecordError::from_json)
    }
}

/// Why a text is not a run record that this version can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The text is not JSON, or a field is missing or of another type.
    #[error("not a readable run record: {message} (line {line}, column {column})")]
    Malformed {
        /// What the JSON reader says.
        message: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but without a `schema_version`.
    #[error("not a run record: it has no `schema_version`")]
    NotARecord,
    /// Written by a newer tool, in a format this one does not know.
    #[error("run record has schema version {version}, this version reads up to {SCHEMA_VERSION}")]
    TooNew {
        /// The version it says it has.
        version: u32,
    },
}

impl RecordError {
    fn from_json(error: serde_json::Error) -> Self {
        // serde_json ends its message with the position, which we carry as fields.
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
        Self::Malformed {
            message,
            line: error.line(),
            column: error.column(),
        }
    }
}

#[derive(Deserialize)]
struct VersionProbe {
    schema_version: Option<u32>,
}

/// The tool that wrote a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Name of the program.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was tested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Name from the target file.
    pub name: String,
    /// `host:port`, or a description such as `in process`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Vendor name of the MMS identify response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Model name of the MMS identify response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Revision of the MMS identify response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Firmware revision, as the device told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<Firmware>,
    /// SCL file that describes the device; absent when the model was browsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scl: Option<String>,
    /// SHA-256 of the SCL file, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scl_sha256: Option<String>,
    /// Name of the IED in the SCL file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ied: Option<String>,
    /// Edition of the standard that the device follows, as `1`, `2` or `2.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The target file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// SHA-256 of the target file, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_sha256: Option<String>,
    /// The requirement profile held against the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// SHA-256 of the profile, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_sha256: Option<String>,
    /// Anything else worth knowing (firmware from a nameplate, serial number), shown as written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

/// A firmware revision and where the device tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Firmware {
    /// The revision, as written.
    pub revision: String,
    /// Where it was read, as `LD0/LPHD1.PhyNam.swRev[DC]` or `Identify`.
    pub source: String,
}

/// The suites of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suites {
    /// Version of the tool whose built-in suites they are; absent for suites from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Files and directories that they were read from; empty for those that are built in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// Number of files.
    pub files: usize,
    /// SHA-256 in hexadecimal over the SHA-256 of every file, each in hexadecimal on a line of its own, in the order of these lines:
    /// the same for the same texts, wherever they stand.
    pub sha256: String,
}

/// A run that went on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resumption {
    /// Wall time, RFC 3339 in UTC.
    pub at: String,
    /// Case instances that had their verdict already.
    pub kept: usize,
    /// Who let it go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// What was no longer as at the start of the run and was accepted with `--force`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub despite: Vec<String>,
}

/// The run that another one follows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// Its record.
    pub record: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// When it started, RFC 3339 in UTC.
    pub started: String,
}

/// How a run was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Options {
    /// Filter expressions; empty means everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// Only the cases that the requirements of the profile name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_required: bool,
    /// Suite files and directories in place of the built-in suites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suites: Vec<String>,
    /// The requirement profile that was asked for, when not the one that the target names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// File with answers to the questions of guided cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// SHA-256 of that file, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_sha256: Option<String>,
    /// Inconclusive verdicts count as errors.
    #[serde(default)]
    pub strict: bool,
    /// How often a case that did not pass is tried again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: u32,
    /// A case that passed only when it was tried again counts as a nonconformance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fail_on_flaky: bool,
    /// Seed of the random order, when one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<u64>,
    /// Faults of the simulated IED that were switched on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// The run took place on a virtual clock.
    #[serde(default)]
    pub virtual_time: bool,
    /// The command that repeats the run, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// How cases ran at the same time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Parallel {
    /// Cases at the same time, at most.
    pub jobs: usize,
    /// Associations of all of them together, at most.
    pub associations: usize,
    /// Keys ([`CaseRecord::key`]) of the cases in the longest chain of waits: of these no two can run at the same time.
    pub chain: Vec<String>,
    /// The waits of the chain together: the least time the run could take.
    pub chain_wait_ms: f64,
}

/// What was decided before the first packet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanRecord {
    /// Cases in all suites that were loaded.
    pub known: usize,
    /// Cases that the filters select.
    pub selected: usize,
    /// Keys ([`CaseRecord::key`]) of the case instances that are to run, in order. What stands here and not in `cases`
    /// was not reached. With the cases that the plan left out these are all that was planned: each has one entry in `cases`, or was
    /// not reached.
    pub to_run: Vec<String>,
    /// Cases that the plan leaves out, and why.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
}

/// A case that the plan leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// The case.
    pub id: String,
    /// Why it is not run, in a sentence.
    pub reason: String,
}

/// Something that the run changed on the device and could not put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftBehind {
    /// Key of the case that changed it.
    pub case: String,
    /// What is still changed, by reference.
    pub what: String,
    /// Why it could not be put back.
    pub why: String,
}

/// A duration in the unit and precision of the record.
#[must_use]
pub fn millis(duration: Duration) -> f64 {
    round_ms(duration.as_secs_f64() * 1000.0)
}

fn round_ms(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> RunRecord {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0.1.0".into(),
        };
        RunRecord::new(
            tool,
            Target {
                name: "bay 1".into(),
                ..Target::default()
            },
            "2026-01-02T03:04:05Z".into(),
        )
    }

    #[test]
    fn reads_back_what_it_wrote() {
        let text = serde_json::to_string(&record()).unwrap();
        assert_eq!(RunRecord::from_json(&text), Ok(record()));
    }

    #[test]
    fn ignores_fields_of_later_minor_versions() {
        let text =
            serde_json::to_string(&record())
                .unwrap()
                .replacen('{', "{\"invented\":[1,2],", 1);
        assert_eq!(RunRecord::from_json(&text), Ok(record()));
    }

    #[test]
    fn refuses_records_of_a_newer_format_before_looking_inside() {
        assert_eq!(
            RunRecord::from_json(r#"{"schema_version": 2, "cases": "?"}"#),
            Err(RecordError::TooNew { version: 2 })
        );
    }

    #[test]
    fn refuses_json_that_is_no_record() {
        assert_eq!(RunRecord::from_json("{}"), Err(RecordError::NotARecord));
        let error = RunRecord::from_json("{\"schema_version\": 1,\n]").unwrap_err();
        assert!(
            matches!(error, RecordError::Malformed { line: 2, .. }),
            "{error}"
        );
        assert!(!error.to_string().contains("at line"), "{error}");
    }

    #[test]
    fn durations_keep_microseconds() {
        assert_eq!(millis(Duration::from_nanos(1_234_567)), 1.235);
    }
}
