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

mod capability;
mod case;
pub mod compare;
mod explain;
mod group;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod measured;
mod moment;
pub mod pics_gap;
pub mod pics_statement;
mod record;
mod requirement;
pub mod schema;
mod summary;
pub mod terminal;
mod text;
pub mod waivers;

pub use capability::{Capability, CapabilityKind, Statement};
pub use case::{
    Answered, CaseRecord, Confidence, Finding, Measurement, MessageRecord, Messages, Phase,
    Restored, StepOutcome, StepRecord, UcaId, Verdict, Waiver, WaiverState,
};
pub use moment::{Happening, Moment};
pub use record::{
    LeftBehind, Options, Parallel, PlanRecord, RecordError, RunRecord, SCHEMA_VERSION, Skipped,
    Target, Tool, millis,
};
pub use requirement::{Limit, Met, Requirement, RequirementRow, requirement_matrix};
pub use summary::{Conclusion, Summary};
pub use text::duration;
