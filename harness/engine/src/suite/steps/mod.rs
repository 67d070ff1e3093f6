//! The steps, one variant per verb.
//!
//! In YAML a step is a map with one key, its verb: `- read: {ref: $leaf, as: r}`. Most steps share the keys of
//! [`Common`]. What a step binds under `as` is described at the step under "Result"; every result also has `at`
//! (milliseconds since the case began, when the answer came or the thing happened), and requests have `outcome`
//! (the word of the outcome) and `ok` (whether it is `success`).

mod associate;
mod browse;
mod control;
mod data_sets;
mod disconnect;
mod entry;
mod files;
mod flow;
mod flow_control;
mod logs;
mod model;
mod names;
mod question;
mod raw;
mod raw_connection;
mod rcb;
mod read;
mod reports;
mod settings;
mod stimulate;
mod time;
mod time_server;
mod values;
mod walk;
mod watch;
mod world;
mod write;

pub use associate::{
    Associate, AssociateMany, Choice, InitiateParameters, Selectors, SourceAddress,
};
pub use browse::{Browse, Identify};
pub(crate) use control::ControlKeys;
pub use control::{Cancel, ControlValue, ExpectTermination, Operate, OrCat, Origin, Select};
pub use data_sets::{CreateDataSet, DeleteDataSet, GetDataSet, ReadDataSet};
pub use disconnect::{Abort, Drop, DropHow, ExpectClosed, Release};
pub use entry::{Step, StepEntry};
pub use files::{CloseFile, DeleteFile, GetFile, ListFiles, OpenFile, ReadFile, SetFile};
pub use flow::{ForEach, If, Repeat, Use};
pub use flow_control::{ExpectAnswers, GoOnReading, Pipeline, StopReading};
pub use logs::QueryLog;
pub use model::{Compare, CompareWhat, JudgeModel, ModelRule, ModelSource};
pub use names::{GetNameList, GetType, NameClass, NameScope};
pub use question::Question;
pub use raw::{Alteration, AlteredLayer, AlteredMessage, MutationName, Pace, RawLayer, SendRaw};
pub use raw_connection::{RawAction, RawConnection};
pub use rcb::{GetRcb, SetRcb};
pub use read::Read;
pub use reports::{CollectReports, ExpectReport, QuietFor};
pub use settings::{ConfirmSettingGroup, EditSettingGroup, SelectSettingGroup};
pub use stimulate::{Condition, Force, Stimulate};
pub use time::{Mark, Wait};
pub use time_server::{ExpectTimeRequest, LeapWord, OriginateWord, TimeServer, TimeServers};
pub use values::{Assert, Let, Measure, Note};
pub use walk::visit;
pub use watch::{ExpectServed, KeepReading};
pub use world::{AskOperator, Network, NetworkAction, PowerCycle};
pub use write::{Coding, Write, WriteItem};

use super::outcome::ExpectSet;
use super::window::Window;
use crate::cel::{Expr, ExprList, Field, Name};
use crate::diagnostic::Spanned;

/// The keys that requests and expectations share.
#[derive(Debug, Clone, Copy, Default)]
pub struct Common<'a> {
    /// Which association; `main` if absent.
    pub client: Option<&'a Field<Name>>,
    /// The name of the result.
    pub bind: Option<&'a Spanned<Name>>,
    /// The permitted outcomes; `success` if absent.
    pub expect: Option<&'a ExpectSet>,
    /// When the answer must be there; the target's limit if absent.
    pub within: Option<&'a Window>,
    /// Expressions that must be true afterwards. They see the result under its name, and always as `result`.
    pub check: &'a [Expr],
    /// A sentence for the report when the step fails.
    pub why: Option<&'a Field<String>>,
}

/// A step with the common keys.
macro_rules! step {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $ty:ty ),* $(,)?
        }
    ) => {
        $crate::yaml::yaml_struct! {
            $(#[$meta])*
            pub struct $name {
                $( $(#[$field_meta])* pub $field: $ty, )*
                /// Which association does it; `main` if absent.
                pub client: Option<$crate::cel::Field<$crate::cel::Name>>,
                /// A name for the result and for the instant.
                pub r#as: Option<$crate::diagnostic::Spanned<$crate::cel::Name>>,
                /// The permitted outcomes; `success` if absent.
                pub expect: Option<$crate::suite::ExpectSet>,
                /// When the answer must be there: `2s` or `{after: first, min: 900ms, max: 1200ms}`.
                pub within: Option<$crate::suite::Window>,
                /// Expressions that must be true afterwards. The result is there under its name and as `result`.
                #[schemars(default)]
                pub check: $crate::cel::ExprList,
                /// A sentence for the report when the step fails.
                pub why: Option<$crate::cel::Field<String>>,
            }
        }

        impl $name {
            /// The keys it shares with other steps.
            #[must_use]
            pub fn common(&self) -> $crate::suite::Common<'_> {
                $crate::suite::Common {
                    client: self.client.as_ref(),
                    bind: self.r#as.as_ref(),
                    expect: self.expect.as_ref(),
                    within: self.within.as_ref(),
                    check: &self.check.0,
                    why: self.why.as_ref(),
                }
            }
        }
    };
}
pub(crate) use step;

/// `check` of steps without the other common keys.
const fn checks(list: &ExprList) -> &[Expr] {
    list.0.as_slice()
}
