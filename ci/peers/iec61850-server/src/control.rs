//! The process behind the controls: it moves wherever it is told, unless a test has put it in a mood.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use iec61850_model::{DataAttribute, IedModel, MmsValue};
use iec61850_server::IedServer;
use iec61850_server::control::handler::{OperateFuture, WaitForExecFuture};
use iec61850_server::control::{
    CheckHandler, ControlAction, ControlAddCause, ControlHandler, ControlModel,
    WaitForExecutionHandler,
};

use crate::Failure;
use crate::device::{attribute, stamp, update};

/// What the process does to the commands of which object, by `LD/LN.DO`.
#[derive(Default)]
pub struct Moods {
    blocked: Mutex<BTreeSet<String>>,
    stuck: Mutex<BTreeSet<String>>,
    held: Mutex<BTreeMap<String, ControlAddCause>>,
}

impl Moods {
    /// The process refuses every command.
    pub fn block(&self, object: &str, on: bool) {
        turn(&self.blocked, object, on);
    }

    /// The process accepts commands and stays where it is.
    pub fn stick(&self, object: &str, on: bool) {
        turn(&self.stuck, object, on);
    }

    /// The process holds a cause against commands that ask for its check.
    pub fn hold(&self, object: &str, cause: &str, on: bool) -> Result<(), Failure> {
        let cause = match cause {
            "blocked-by-interlocking" => ControlAddCause::BlockedByInterlocking,
            "blocked-by-synchrocheck" => ControlAddCause::BlockedBySynchrocheck,
            "blocked-by-switching-hierarchy" => ControlAddCause::BlockedBySwitchingHierarchy,
            "blocked-by-command" => ControlAddCause::BlockedByCommand,
            other => return Err(format!("this process cannot hold `{other}`").into()),
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if on {
            held.insert(object.to_owned(), cause);
        } else {
            held.remove(object);
        }
        Ok(())
    }

    /// Everything as after the start.
    pub fn forget(&self) {
        for set in [&self.blocked, &self.stuck] {
            set.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn held(&self, object: &str) -> Option<ControlAddCause> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(object).copied()
    }
}

fn turn(set: &Mutex<BTreeSet<String>>, object: &str, on: bool) {
    let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
    if on {
        set.insert(object.to_owned());
    } else {
        set.remove(object);
    }
}

fn has(set: &Mutex<BTreeSet<String>>, object: &str) -> bool {
    set.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .contains(object)
}

/// Handlers on every control object that the stack has found in the model.
pub fn install(server: &IedServer, model: &IedModel, moods: &Arc<Moods>) {
    let registry = server.control_objects();
    for device in &model.lds {
        let domain = device.domain_name(&model.ied_name);
        for node in &device.lns {
            for object in &node.dos {
                let Some(entry) = registry.lookup(&domain, &node.full_name(), &object.name) else {
                    continue;
                };
                let reports = matches!(
                    entry.object.settings().ctl_model,
                    ControlModel::DirectEnhanced | ControlModel::SboEnhanced
                );
                let behind = Arc::new(Behind {
                    server: server.clone(),
                    moods: Arc::clone(moods),
                    object: format!("{domain}/{}.{}", node.full_name(), object.name),
                    reports,
                });
                registry.register(
                    entry
                        .with_check(Arc::clone(&behind) as Arc<dyn CheckHandler>)
                        .with_wait(Arc::clone(&behind) as Arc<dyn WaitForExecutionHandler>)
                        .with_operate(behind),
                );
            }
        }
    }
}

/// The process behind one control object.
struct Behind {
    server: IedServer,
    moods: Arc<Moods>,
    object: String,
    /// Whether the end of a command is told (enhanced security).
    reports: bool,
}

impl CheckHandler for Behind {
    fn check(
        &self,
        _action: &ControlAction,
        _value: Option<&MmsValue>,
        _test: bool,
        interlock_check: bool,
    ) -> Result<(), ControlAddCause> {
        if has(&self.moods.blocked, &self.object) {
            return Err(ControlAddCause::BlockedByInterlocking);
        }
        match self.moods.held(&self.object) {
            Some(ControlAddCause::BlockedByInterlocking) if !interlock_check => Ok(()),
            // It is known only when the command is carried out.
            Some(ControlAddCause::BlockedBySynchrocheck) | None => Ok(()),
            Some(cause) => Err(cause),
        }
    }
}

impl WaitForExecutionHandler for Behind {
    fn wait_for_execution<'a>(
        &'a self,
        _action: &'a ControlAction,
        _value: &'a MmsValue,
        _test: bool,
        synchro_check: bool,
    ) -> WaitForExecFuture<'a> {
        let held = self.moods.held(&self.object);
        Box::pin(async move {
            match held {
                Some(cause @ ControlAddCause::BlockedBySynchrocheck) if synchro_check => Err(cause),
                _ => Ok(()),
            }
        })
    }
}

impl ControlHandler for Behind {
    fn operate<'a>(
        &'a self,
        action: &'a ControlAction,
        value: &'a MmsValue,
        test: bool,
    ) -> OperateFuture<'a> {
        Box::pin(async move {
            if has(&self.moods.stuck, &self.object) {
                if self.reports {
                    // The stack ends it after operTimeout.
                    std::future::pending::<()>().await;
                }
                return Ok(());
            }
            if test {
                return Ok(());
            }
            self.follow(action, value)
                .map_err(|_| ControlAddCause::NotSupported)
        })
    }
}

impl Behind {
    /// Moves the status value, as a process would, and says who ordered it.
    fn follow(&self, action: &ControlAction, value: &MmsValue) -> Result<(), Failure> {
        let model = self.server.model();
        let status = ["stVal[ST]", "mxVal.f[MX]"]
            .iter()
            .map(|name| format!("{}.{name}", self.object))
            .find(|reference| attribute(&model, reference).is_ok())
            .ok_or("no status to move")?;
        let fc = if status.ends_with("[ST]") { "ST" } else { "MX" };
        let store = |name: &str, value: MmsValue| {
            if let Ok(leaf) = attribute(&model, &format!("{}.{name}[{fc}]", self.object)) {
                leaf.store(value);
            }
        };
        store(
            "origin.orCat",
            MmsValue::Integer(action.origin().or_cat.into()),
        );
        store(
            "origin.orIdent",
            MmsValue::OctetString(action.origin().or_ident.clone()),
        );
        store("ctlNum", MmsValue::Unsigned(action.ctl_num().into()));
        stamp(&model, &status);
        let leaf = attribute(&model, &status)?;
        update(&self.server, leaf, position(leaf, value)?)
    }
}

/// The value of the status that a control value leads to.
fn position(status: &DataAttribute, control: &MmsValue) -> Result<MmsValue, Failure> {
    Ok(match (status.snapshot(), control) {
        (MmsValue::BitString { padding: 6, .. }, MmsValue::Boolean(on)) => MmsValue::BitString {
            padding: 6,
            data: vec![if *on { 0x80 } else { 0x40 }],
        },
        // The analogue value has one member, its number.
        (present, MmsValue::Structure(members)) => match members.as_slice() {
            [number] if number.same_variant(&present) => number.clone(),
            _ => return Err("a control value of an unknown form".into()),
        },
        (present, value) if present.same_variant(value) => value.clone(),
        _ => return Err("a control value that the status cannot take".into()),
    })
}
