//! The run record and its renderers.
//!
//! A run hands on one thing, a [`RunRecord`]. Every report is a pure function of it: nothing here reads a clock, a
//! file or the network, and no renderer can change a verdict.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests may panic"
    )
)]

mod attempt;
mod capability;
mod case;
pub mod compare;
mod exhibit;
mod explain;
mod group;
pub mod html;
mod identity;
pub mod json;
pub mod junit;
mod junit_extras;
pub mod markdown;
mod measured;
mod model;
mod moment;
pub mod pics_gap;
pub mod pics_statement;
mod record;
mod requirement;
pub mod schema;
mod summary;
pub mod terminal;
mod text;
mod torn;
pub mod waivers;

pub use attempt::{Attempt, Because};
pub use capability::{Capability, CapabilityKind, Statement};
pub use case::{
    Answered, CaseRecord, Confidence, Finding, Mark, Measurement, MessageRecord, Messages, Phase,
    Restored, StepOutcome, StepRecord, UcaId, Verdict, Waiver, WaiverState,
};
pub use model::{ModelRecord, ModelSource};
pub use moment::{Happening, Moment};
pub use record::{
    Firmware, LeftBehind, Options, Origin, Parallel, PlanRecord, RecordError, Resumption,
    RunRecord, SCHEMA_VERSION, Skipped, Suites, Target, Tool, millis,
};
pub use requirement::{Limit, Met, Requirement, RequirementRow, requirement_matrix};
pub use summary::{Conclusion, Summary};
pub use text::{acts, duration, visible};
