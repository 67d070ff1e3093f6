//! What a case touches, so that cases which cannot disturb each other may run at the same time.
//!
//! Derived from what the case is written to do, before anything is sent. Where that cannot be told the case is *alone*:
//! an alarm that another case has raised is worse than a longer run.

mod steps;
mod touches;
mod walk;

#[cfg(test)]
mod tests;

use std::time::Duration;

use iedassay_model::tree::ServerModel;

pub use touches::{Place, Touches};

use crate::cel::{Scope, Value};
use crate::suite::{Allowance, AssociateMain, Case};
use crate::target::Target;

/// What one case instance touches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Why nothing else may run at the same time; `None` when other cases may.
    pub alone: Option<String>,
    /// The places it looks at and changes.
    pub touches: Touches,
    /// Associations that it holds at a time, at most.
    pub associations: usize,
    /// The waits that it demands, as far as they can be told beforehand.
    pub waits: Duration,
}

impl Footprint {
    /// A footprint of which nothing is known: it is alone.
    #[must_use]
    pub fn alone(why: impl Into<String>) -> Self {
        Self {
            alone: Some(why.into()),
            associations: 1,
            ..Self::default()
        }
    }

    /// Why the two cases may not run at the same time; `None` when they may.
    #[must_use]
    pub fn conflict(&self, other: &Self) -> Option<String> {
        if let Some(why) = self.alone.as_ref().or(other.alone.as_ref()) {
            return Some(why.clone());
        }
        let place = self.touches.conflict(&other.touches)?;
        Some(format!("both touch {place}"))
    }
}

/// What has to be known to tell what cases touch.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The model of the server.
    pub model: &'a ServerModel,
    /// The device under test.
    pub target: &'a Target,
    /// What every expression sees.
    pub globals: &'a Scope,
}

/// What a case touches when it runs with these variables of `for-each`.
#[must_use]
pub fn footprint(ground: &Ground<'_>, case: &Case, bindings: &[(String, Value)]) -> Footprint {
    let mut scope = ground.globals.clone();
    for (name, value) in bindings {
        scope.set(name.clone(), value.clone());
    }
    let manual = case.associate == Some(AssociateMain::Manual);
    let mut walker = walk::Walker::new(ground, scope, manual);
    if let Some(why) = &case.alone {
        walker.alone(&why.value);
    }
    for allowed in case.needs.iter().flat_map(|needs| needs.allow.iter()) {
        if let Some(why) = alone_by(allowed.value) {
            walker.alone(why);
        }
    }
    walker.steps(&case.setup);
    walker.steps(&case.steps);
    walker.steps(&case.cleanup);
    walker.footprint()
}

/// What is allowed to do this does it to everybody.
const fn alone_by(allowance: Allowance) -> Option<&'static str> {
    Some(match allowance {
        Allowance::CutPower => "it interrupts the supply",
        Allowance::CutNetwork => "it cuts the network path",
        Allowance::ExhaustAssociations => "it uses up all associations",
        Allowance::TimeServer => "it moves the clock of the device",
        Allowance::Robustness => "it sends what no honest client sends",
        Allowance::WriteData
        | Allowance::Substitute
        | Allowance::Operate
        | Allowance::Publishers
        | Allowance::DataSets
        | Allowance::SettingGroups
        | Allowance::Files => return None,
    })
}
