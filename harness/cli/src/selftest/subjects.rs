//! The cases that are proved, each with the device that it is proved on.

use std::collections::BTreeMap;

use iedassay_engine::cancel::CancelToken;
use iedassay_engine::plan::{Decision, PlanOptions, PlannedCase};
use iedassay_engine::suite::Library;
use iedassay_reports::Verdict;

use super::device::Device;
use super::pool::With;
use super::reach::Reach;
use crate::console::Console;
use crate::failure::Failure;

/// The cases that are proved.
pub(crate) struct Subjects {
    devices: Vec<Device>,
    cases: Vec<Subject>,
}

/// One case.
pub(crate) struct Subject {
    pub(crate) id: String,
    pub(crate) title: String,
    stand: Stand,
}

enum Stand {
    /// It runs on this device, these instances of its plan.
    Runs {
        device: usize,
        instances: Vec<usize>,
    },
    /// It runs on none; why not on the first.
    Nowhere(String),
    /// An expression of its plan is wrong.
    Broken(String),
}

/// What became of one case on one IED: the worst of its instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    /// Why it is not a pass.
    pub(crate) reason: String,
    /// The faults that it came by, on the IED without a fault.
    pub(crate) reach: Reach,
}

impl Subjects {
    /// Plans the cases that the filters select.
    pub(crate) fn new(
        library: &Library,
        options: &PlanOptions,
        console: &Console,
    ) -> Result<Self, Failure> {
        let devices = Device::all(library, options, console)?;
        let mut cases: Vec<Subject> = Vec::new();
        let mut place: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, device) in devices.iter().enumerate() {
            for (index, planned) in device.bench.plan().cases.iter().enumerate() {
                let Some(stand) = stand(planned, number, index) else {
                    continue;
                };
                let id = planned.case.id.value.as_str();
                match place.get(id).and_then(|at| cases.get_mut(*at)) {
                    Some(known) => known.stand.join(stand),
                    None => {
                        place.insert(id, cases.len());
                        cases.push(Subject {
                            id: id.to_owned(),
                            title: planned.case.title.clone(),
                            stand,
                        });
                    }
                }
            }
        }
        Ok(Self { devices, cases })
    }

    /// The cases in the order of the suites.
    pub(crate) fn cases(&self) -> &[Subject] {
        &self.cases
    }

    /// Judges one case on IEDs of its own, one for each instance: all of them on IEDs without a fault, or those that are
    /// listed on IEDs with one, where one that fails is enough.
    pub(super) fn judge(
        &self,
        case: &Subject,
        with: Option<&With>,
        give_up: &CancelToken,
    ) -> Outcome {
        let outcome = |verdict, reason: &str| Outcome {
            verdict,
            reason: reason.to_owned(),
            reach: Reach::default(),
        };
        let fault = with.map(|with| with.fault);
        let listed = with.and_then(|with| with.instances.as_deref());
        let (device, instances) = match &case.stand {
            Stand::Nowhere(reason) => return outcome(Verdict::NotApplicable, reason),
            Stand::Broken(reason) => return outcome(Verdict::Error, reason),
            Stand::Runs { device, instances } => (device, instances),
        };
        let Some(device) = self.devices.get(*device) else {
            return outcome(Verdict::Error, "its device is gone");
        };
        let mut worst = outcome(Verdict::Pass, "");
        let mut reach = Reach::default();
        for instance in listed.unwrap_or(instances) {
            let Some(planned) = device.bench.plan().cases.get(*instance) else {
                return outcome(Verdict::Error, "its instance is gone");
            };
            let this = match device.judge(planned, fault, give_up) {
                Ok(Some(judged)) => {
                    reach.note(*instance, judged.reached);
                    match judged.left.first() {
                        Some(first) if judged.record.verdict == Verdict::Pass => outcome(
                            Verdict::Fail,
                            &format!(
                                "it leaves the IED otherwise than it found it: {first}{}",
                                match judged.left.len() {
                                    1 => String::new(),
                                    n => format!(" (and {} more)", n - 1),
                                }
                            ),
                        ),
                        _ => outcome(
                            judged.record.verdict,
                            judged.record.reason.as_deref().unwrap_or_default(),
                        ),
                    }
                }
                Ok(None) => outcome(Verdict::Error, "given up: it did not come to an end"),
                Err(error) => outcome(Verdict::Error, &format!("no runtime: {error}")),
            };
            if rank(this.verdict) > rank(worst.verdict) {
                worst = this;
            }
            if fault.is_some() && worst.verdict == Verdict::Fail {
                break;
            }
        }
        if fault.is_none() {
            worst.reach = reach;
        }
        worst
    }
}

impl Subject {
    /// The device that it runs on when that is not the usual one.
    pub(crate) fn unusual_device<'a>(&self, subjects: &'a Subjects) -> Option<&'a str> {
        match &self.stand {
            Stand::Runs { device, .. } if *device > 0 => {
                subjects.devices.get(*device).map(|device| device.name)
            }
            _ => None,
        }
    }
}

impl Stand {
    /// Takes what another instance, or another device, says.
    fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Broken(_), _) => {}
            (_, broken @ Self::Broken(_)) => *self = broken,
            (Self::Nowhere(_), runs @ Self::Runs { .. }) => *self = runs,
            (
                Self::Runs { device, instances },
                Self::Runs {
                    device: same,
                    instances: more,
                },
            ) if *device == same => {
                instances.extend(more);
            }
            _ => {}
        }
    }
}

// What no filter selects is no subject.
fn stand(planned: &PlannedCase, device: usize, index: usize) -> Option<Stand> {
    use iedassay_engine::plan::SkipKind;
    match &planned.decision {
        Decision::Run { .. } => Some(Stand::Runs {
            device,
            instances: vec![index],
        }),
        Decision::Skip {
            kind: SkipKind::NotSelected,
            ..
        } => None,
        Decision::Skip { reason, .. } => Some(Stand::Nowhere(reason.clone())),
        Decision::Broken(error) => Some(Stand::Broken(error.to_string())),
    }
}

// A failure of one instance says more about the IED than that another was undecided.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NotApplicable => 0,
        Verdict::Pass => 1,
        Verdict::Inconclusive => 2,
        Verdict::Error => 3,
        Verdict::Fail => 4,
    }
}
