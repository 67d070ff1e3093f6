//! What will be run, in which order, and what will not be run and why: decided before the first packet.
//!
//! Pure: suites, target, model, filters and a seed in; a [`Plan`] out.

mod demand;
mod expand;
mod filter;
mod footprint;
mod queue;
mod shuffle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use iedassay_model::tree::ServerModel;

pub use demand::{Demand, demand};
pub use filter::{Filter, FilterError, Subject};
pub use footprint::{Footprint, Ground, Place, Touches, footprint};
pub use queue::{Chain, Forecast, Job, Limits, Queue, chain, forecast};

use crate::cel::{Assume, EvalError, Scope, Value, globals};
use crate::profile::Demands;
use crate::suite::steps::Condition;
use crate::suite::{Allowance, Case, Library, LoadedSuite, StimulusKind};
use crate::target::{Action, Target, WorldAction};

/// How to plan.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// A case is selected if any of these fits; every case if there are none.
    pub filters: Vec<Filter>,
    /// Only the case instances with these keys ([`PlannedCase::key`]); all when absent.
    pub only: Option<BTreeSet<String>>,
    /// Runs the cases in an order drawn with this seed.
    pub shuffle: Option<u64>,
    /// Whether a person is at hand; the runner knows, and sets it.
    pub person: bool,
    /// What the profile asks for in settings and numbers.
    pub demands: Demands,
}

/// What will be run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every case, those that run once for each element.
    pub cases: Vec<PlannedCase>,
    /// What every expression sees, before a case binds anything.
    pub globals: Scope,
    /// Cases in all suites.
    pub known: usize,
    /// Cases that the filters select.
    pub selected: usize,
    /// Filters that fit no case, as written.
    pub idle_filters: Vec<String>,
}

impl Plan {
    /// The cases that run, in order, with their variables of `for-each`.
    pub fn to_run(&self) -> impl Iterator<Item = (&PlannedCase, &[(String, Value)])> {
        self.cases.iter().filter_map(|case| match &case.decision {
            Decision::Run { bindings } => Some((case, bindings.as_slice())),
            _ => None,
        })
    }

    /// What each of the cases that run touches and waits for, in order. A known wait (by [`PlannedCase::key`]) goes before
    /// the one that the steps show.
    #[must_use]
    pub fn jobs(&self, ground: &Ground<'_>, known: &BTreeMap<String, Duration>) -> Vec<Job> {
        self.to_run()
            .map(|(case, bindings)| {
                let footprint = footprint(ground, &case.case, bindings);
                let wait = known.get(&case.key()).copied();
                Job {
                    wait: wait.unwrap_or(footprint.waits),
                    footprint,
                }
            })
            .collect()
    }
}

/// One case, or one element of a case with `for-each`.
#[derive(Debug, Clone)]
pub struct PlannedCase {
    /// The suite it stands in.
    pub suite: Arc<LoadedSuite>,
    /// The case.
    pub case: Arc<Case>,
    /// What tells it from its sisters: the references of the elements it runs on.
    pub instance: Option<String>,
    /// Whether it runs.
    pub decision: Decision,
}

impl PlannedCase {
    /// The id, and the instance in square brackets.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.instance {
            Some(instance) => format!("{}[{instance}]", self.case.id.value),
            None => self.case.id.value.clone(),
        }
    }
}

/// Whether a case runs.
#[derive(Debug, Clone)]
pub enum Decision {
    /// It runs with these variables.
    Run {
        /// Variables of `for-each`, in order.
        bindings: Vec<(String, Value)>,
    },
    /// It does not run.
    Skip {
        /// Which kind of reason.
        kind: SkipKind,
        /// The reason as a sentence without full stop.
        reason: String,
    },
    /// An expression of the case failed: an error of the suite.
    Broken(EvalError),
}

/// Kinds of reasons not to run a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SkipKind {
    /// No filter selects it.
    NotSelected,
    /// It is for another edition.
    Edition,
    /// The PICS denies what it needs.
    NotClaimed,
    /// The target does not allow what it does.
    NotAllowed,
    /// Nobody said how to make happen what it needs.
    NoStimulus,
    /// The PIXIT does not answer what it asks.
    NoAnswer,
    /// The server has nothing it could run on.
    NotInModel,
    /// Its `when` does not hold.
    NotApplicable,
}

impl SkipKind {
    /// The word in lists and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSelected => "not-selected",
            Self::Edition => "edition",
            Self::NotClaimed => "not-claimed",
            Self::NotAllowed => "not-allowed",
            Self::NoStimulus => "no-stimulus",
            Self::NoAnswer => "no-answer",
            Self::NotInModel => "not-in-model",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// Decides what will be run.
#[must_use]
pub fn plan(
    library: &Library,
    target: &Target,
    model: &ServerModel,
    options: &PlanOptions,
) -> Plan {
    let attended = target.attended(options.person);
    let assume = Assume {
        attended,
        ..Assume::default()
    };
    let scope = globals(model, target, &options.demands, assume);
    let mut planner = Planner {
        target,
        model,
        scope: &scope,
        with_stimuli: None,
        with_everything: None,
        attended,
        options,
    };
    let mut cases = Vec::new();
    let (mut known, mut selected) = (0usize, 0usize);
    for (suite, case) in library.cases() {
        known = known.saturating_add(1);
        let subject = Subject {
            suite,
            case,
            instance: None,
        };
        let wanted =
            options.filters.is_empty() || options.filters.iter().any(|f| f.may_fit(&subject));
        let planned = if wanted {
            selected = selected.saturating_add(1);
            planner.case(suite, case)
        } else {
            vec![planned(
                suite,
                case,
                None,
                skip(SkipKind::NotSelected, "no filter selects it"),
            )]
        };
        cases.extend(planned);
    }
    if let Some(only) = &options.only {
        selected = keep_only(&mut cases, only);
    }
    if let Some(seed) = options.shuffle {
        shuffle::shuffle(&mut cases, seed);
    }
    let idle_filters = options
        .filters
        .iter()
        .filter(|f| {
            !library.cases().any(|(suite, case)| {
                f.may_fit(&Subject {
                    suite,
                    case,
                    instance: None,
                })
            })
        })
        .map(|f| f.source().to_owned())
        .collect();
    Plan {
        cases,
        globals: scope,
        known,
        selected,
        idle_filters,
    }
}

/// Takes out of the plan what has none of these keys; gives how many cases are left. A case of which no instance can be made any more
/// stays with its reason.
fn keep_only(cases: &mut [PlannedCase], only: &BTreeSet<String>) -> usize {
    let ids: BTreeSet<&str> = only
        .iter()
        .map(|key| key.split('[').next().unwrap_or_default())
        .collect();
    let mut left = BTreeSet::new();
    for case in cases {
        let id = &case.case.id.value;
        let whole = case.instance.is_none() && ids.contains(id.as_str());
        if whole || only.contains(&case.key()) {
            left.insert(id.clone());
        } else {
            case.decision = skip(
                SkipKind::NotSelected,
                "it is not among the cases to run again",
            );
        }
    }
    left.len()
}

fn planned(
    suite: &Arc<LoadedSuite>,
    case: &Arc<Case>,
    instance: Option<String>,
    decision: Decision,
) -> PlannedCase {
    PlannedCase {
        suite: Arc::clone(suite),
        case: Arc::clone(case),
        instance,
        decision,
    }
}

fn skip(kind: SkipKind, reason: impl Into<String>) -> Decision {
    Decision::Skip {
        kind,
        reason: reason.into(),
    }
}

struct Planner<'a> {
    target: &'a Target,
    model: &'a ServerModel,
    scope: &'a Scope,
    /// The same with every stimulus at hand; made when first needed.
    with_stimuli: Option<Scope>,
    /// The same with every stimulus at hand and everything allowed.
    with_everything: Option<Scope>,
    /// Whether somebody answers prompts.
    attended: bool,
    options: &'a PlanOptions,
}

impl Planner<'_> {
    fn case(&mut self, suite: &Arc<LoadedSuite>, case: &Arc<Case>) -> Vec<PlannedCase> {
        if let Some(decision) = self.refusal(case) {
            return vec![planned(suite, case, None, decision)];
        }
        let one = |decision| vec![planned(suite, case, None, decision)];
        if case.for_each.is_empty() {
            return one(Decision::Run {
                bindings: Vec::new(),
            });
        }
        let rows = match expand::rows(&case.for_each, self.scope) {
            Ok(rows) => rows,
            Err(error) => return one(Decision::Broken(error)),
        };
        if rows.is_empty() {
            return one(self.why_empty(case));
        }
        let demand = demand(case);
        let found = rows.len();
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| expand::allowed(row, &demand))
            .collect();
        if rows.is_empty() {
            let what = if demand.allow.contains(&Allowance::Operate) {
                "`allow.operate` lists none of the controls it would run on"
            } else if demand.allow.contains(&Allowance::Substitute) {
                "`allow.substitute` lists none of the objects it would run on"
            } else if demand.allow.contains(&Allowance::Publishers) {
                "`allow.publishers` lists none of the control blocks it would run on"
            } else {
                "`allow.write-data` covers none of the objects it would run on"
            };
            return one(skip(
                SkipKind::NotAllowed,
                format!("{what} ({found} found)"),
            ));
        }
        let rows = expand::choose(rows, self.target.for_each(), self.options.shuffle);
        let mut all = Vec::new();
        for row in rows {
            let subject = Subject {
                suite,
                case,
                instance: Some(&row.label),
            };
            let filters = &self.options.filters;
            let decision = if filters.is_empty() || filters.iter().any(|f| f.may_fit(&subject)) {
                Decision::Run {
                    bindings: row.bindings,
                }
            } else {
                skip(SkipKind::NotSelected, "no filter selects it")
            };
            all.push(planned(suite, case, Some(row.label), decision));
        }
        all
    }

    /// Why a case cannot run at all, from the cheapest reason to the dearest.
    fn refusal(&mut self, case: &Case) -> Option<Decision> {
        let target = self.target;
        let edition = target.edition();
        if !case.edition.is_empty() && !case.edition.iter().any(|e| e.value == edition) {
            let editions: Vec<&str> = case.edition.iter().map(|e| e.value.as_str()).collect();
            return Some(skip(
                SkipKind::Edition,
                format!(
                    "for edition {}; the target says edition {edition}",
                    editions.join(" and ")
                ),
            ));
        }
        let demand = demand(case);
        if let Some(pics) = &target.pics {
            let denied = case
                .needs
                .iter()
                .flat_map(|n| n.capability.iter())
                .find(|id| pics.claims(&id.value) == Some(false));
            if let Some(id) = denied {
                return Some(skip(
                    SkipKind::NotClaimed,
                    format!("{id} is not claimed in the PICS"),
                ));
            }
        }
        let allow = target.allow();
        if let Some(what) = demand.allow.iter().find(|a| !allow.permits(**a)) {
            return Some(skip(
                SkipKind::NotAllowed,
                format!("the target does not allow `{what}`"),
            ));
        }
        let asked = case.needs.iter().flat_map(|n| n.pixit.iter());
        for id in asked {
            if target.pixit(&id.value).is_none() {
                return Some(skip(
                    SkipKind::NoAnswer,
                    format!("the PIXIT does not answer {id}"),
                ));
            }
        }
        if let Some(what) = demand
            .stimuli
            .iter()
            .find(|s| !self.can(**s, self.attended))
        {
            let reason = if self.can(*what, true) {
                format!("`{what}` takes a person, and nobody is there to ask")
            } else {
                format!("the target does not say how to bring about `{what}`")
            };
            return Some(skip(SkipKind::NoStimulus, reason));
        }
        for (expr, kind) in case
            .needs
            .iter()
            .flat_map(|n| n.exprs())
            .map(|e| (e, SkipKind::NotInModel))
            .chain(case.when.iter().map(|e| (e, SkipKind::NotApplicable)))
        {
            match self.scope.eval_bool(expr) {
                Ok(true) => {}
                Ok(false) => {
                    return Some(skip(kind, format!("`{}` does not hold", expr.source)));
                }
                Err(error) => return Some(Decision::Broken(error)),
            }
        }
        None
    }

    /// Whether the target says how to do this at all, to whatever object; with a person at hand or without.
    fn can(&self, what: StimulusKind, attended: bool) -> bool {
        let target = self.target;
        let stimuli = target.stimuli.as_ref();
        let possible = |action: &Action| attended || !action.needs_person();
        let way = |way: Option<&WorldAction>| way.is_some_and(|way| possible(&way.action));
        match what {
            StimulusKind::Dchg | StimulusKind::Qchg | StimulusKind::Dupd => {
                stimuli.is_some_and(|s| {
                    s.all()
                        .any(|s| s.changes.contains(&what) && possible(&s.action))
                })
            }
            StimulusKind::Network => way(target.network.as_ref()),
            StimulusKind::Power => way(target.power.as_ref()),
            StimulusKind::TimeServer => target.time_server.is_some(),
            StimulusKind::SecondTimeServer => target
                .time_server
                .as_ref()
                .is_some_and(|s| s.second.is_some()),
            StimulusKind::Operator => attended,
            _ => {
                let conditions = stimuli.and_then(|s| s.conditions.as_ref());
                Condition::ALL
                    .iter()
                    .filter(|condition| condition.stimulus() == what)
                    .any(|condition| way(conditions.and_then(|c| c.way(*condition))))
            }
        }
    }

    /// Why `for-each` found nothing: for want of a stimulus, of a permission, or of the objects themselves.
    fn why_empty(&mut self, case: &Case) -> Decision {
        let (model, target) = (self.model, self.target);
        let demands = &self.options.demands;
        let with_stimuli = self.with_stimuli.get_or_insert_with(|| {
            globals(
                model,
                target,
                demands,
                Assume {
                    stimuli: true,
                    ..Assume::default()
                },
            )
        });
        if expand::rows(&case.for_each, with_stimuli).is_ok_and(|r| !r.is_empty()) {
            let attended = globals(
                model,
                target,
                demands,
                Assume {
                    attended: true,
                    ..Assume::default()
                },
            );
            let reason = if expand::rows(&case.for_each, &attended).is_ok_and(|r| !r.is_empty()) {
                "changing the objects it would run on takes a person, and nobody is there to ask"
            } else {
                "the target does not say how to change any of the objects it would run on"
            };
            return skip(SkipKind::NoStimulus, reason);
        }
        let with_everything = self.with_everything.get_or_insert_with(|| {
            globals(
                model,
                target,
                demands,
                Assume {
                    stimuli: true,
                    allowed: true,
                    attended: true,
                },
            )
        });
        if expand::rows(&case.for_each, with_everything).is_ok_and(|r| !r.is_empty()) {
            return skip(
                SkipKind::NotAllowed,
                "the target allows none of the objects it would run on",
            );
        }
        let wanted: Vec<String> = case
            .for_each
            .iter()
            .map(|(_, e)| format!("`{}`", e.source))
            .collect();
        skip(
            SkipKind::NotInModel,
            format!("the server has nothing for {}", wanted.join(" and ")),
        )
    }
}

#[cfg(test)]
mod tests;
