//! What each verb touches.

use super::touches::Place;
use super::walk::Walker;
use crate::cel::{Field, ObjectName};
use crate::suite::steps::{DropHow, Step};
use crate::target::Action;

/// Data objects that stand for the whole node, device or server: what changes them changes others with them.
const FAR: &[&str] = &[
    "Mod",
    "Beh",
    "Health",
    "PhyHealth",
    "Sim",
    "Proxy",
    "Loc",
    "LocKey",
    "LocSta",
    "MltLev",
];

impl Walker<'_> {
    /// Notes what a step touches that holds no others.
    pub(super) fn touch(&mut self, step: &Step) {
        match step {
            Step::Associate(s) => {
                let name = match &s.client {
                    Some(client) => self.value(client).map(|name| name.0),
                    None => None,
                };
                self.client(name);
                if !s.alter.is_empty() {
                    self.alone("it associates as no honest client does");
                }
            }
            Step::AssociateMany(_) => self.alone("it opens many associations at once"),
            Step::Drop(s) => {
                if s.how == DropHow::Silent {
                    // The server keeps such an association until it finds out.
                    self.alone("it leaves an association behind that the server must find lost");
                }
            }
            Step::Release(_)
            | Step::Abort(_)
            | Step::ExpectClosed(_)
            | Step::Identify(_)
            | Step::ExpectServed(_) => {}

            Step::StopReading(_)
            | Step::GoOnReading(_)
            | Step::Pipeline(_)
            | Step::ExpectAnswers(_) => {
                self.alone("it makes the device hold back what it sends");
            }

            Step::Browse(_) | Step::Compare(_) | Step::JudgeModel(_) => {
                self.touches.look(Place::data());
                self.touches.look(Place::data_sets());
            }
            Step::GetNameList(_) => self.touches.look(Place::data_sets()),
            // Types do not change while a server runs.
            Step::GetType(_) => {}

            Step::KeepReading(s) => match s.r#ref.eval(&self.scope) {
                Ok(name) => self.look(&name),
                Err(_) => self.look_anywhere(),
            },
            Step::Read(s) => match self.known(&s.r#ref) {
                Some(names) => names.iter().for_each(|name| self.look(name)),
                None => self.look_anywhere(),
            },
            Step::Write(s) => {
                let mut refs: Vec<&Field<ObjectName>> = s.r#ref.iter().collect();
                refs.extend(s.items.iter().map(|item| &item.r#ref));
                for field in refs {
                    if let Some(name) = self.value(field) {
                        self.write(&name);
                    }
                }
                if let Some(name) = s.data_set.as_ref().and_then(|field| self.value(field)) {
                    self.data_set(&name);
                }
            }

            Step::GetDataSet(s) => match s.data_set.eval(&self.scope) {
                Ok(name) => self.data_set(&name),
                Err(_) => self.look_anywhere(),
            },
            Step::ReadDataSet(s) => match s.data_set.eval(&self.scope) {
                Ok(name) => self.data_set(&name),
                Err(_) => self.look_anywhere(),
            },
            Step::CreateDataSet(s) => {
                // How many there may be is a limit of the server.
                self.touches.change(Place::data_sets());
                self.touches.look(Place::services(None));
                // What a data set of members that do not exist needs is only that nobody creates them.
                let members = s
                    .members
                    .iter()
                    .flat_map(|members| members.eval(&self.scope).unwrap_or_default());
                let places: Vec<Place> =
                    members.filter_map(|name| Place::object(&name.0)).collect();
                if s.members.is_some() && places.is_empty() {
                    self.touches.look(Place::data());
                }
                for place in places {
                    self.touches.look(place);
                }
            }
            Step::DeleteDataSet(_) => {
                self.touches.change(Place::data_sets());
                self.touches.look(Place::services(None));
            }

            Step::GetRcb(s) => match s.rcb.eval(&self.scope) {
                Ok(name) => self.look(&name),
                Err(_) => self.look_anywhere(),
            },
            Step::SetRcb(s) => {
                if let Some(name) = self.value(&s.rcb) {
                    self.change(&name);
                    self.blocks.insert(name.0);
                }
                if let Some(field) = &s.dat_set
                    && let Some(name) = self.value(field)
                    && !name.0.is_empty()
                {
                    self.data_set(&name);
                }
                self.listens |= s.entry_id.is_some() || s.purge_buf.is_some();
            }
            Step::ExpectReport(_) => self.listens = true,
            Step::CollectReports(s) => {
                self.listens = true;
                self.wait(Some(&s.time));
            }
            Step::QuietFor(s) => {
                self.listens = true;
                self.wait(Some(&s.time));
            }

            Step::Select(s) => self.control(&s.control),
            Step::Operate(s) => self.control(&s.control),
            Step::Cancel(s) => self.control(&s.control),
            Step::ExpectTermination(s) => self.control(&s.control),

            Step::SelectSettingGroup(s) => self.settings(&s.ld),
            Step::EditSettingGroup(s) => self.settings(&s.ld),
            Step::ConfirmSettingGroup(s) => self.settings(&s.ld),

            Step::QueryLog(s) => {
                if let Some(name) = self.value(&s.log) {
                    self.change(&name);
                }
                self.watch_logs();
            }

            Step::ListFiles(_)
            | Step::GetFile(_)
            | Step::OpenFile(_)
            | Step::ReadFile(_)
            | Step::CloseFile(_) => self.touches.look(Place::files()),
            Step::SetFile(_) | Step::DeleteFile(_) => {
                self.touches.change(Place::files());
                self.touches.look(Place::services(None));
            }

            Step::Stimulate(s) => self.stimulate(&s.member),
            Step::Force(s) => {
                self.control(&s.control);
                if let Some(place) = self
                    .value(&s.control)
                    .and_then(|name| Place::object(&name.0))
                {
                    // A switch at local, or one command at a time, is about more than one object.
                    self.change_place(Place::device(place.ld().unwrap_or_default()));
                }
                let ways = self
                    .ground
                    .target
                    .stimuli
                    .as_ref()
                    .and_then(|s| s.conditions.as_ref());
                let others = ways.is_some_and(|ways| ways.all().any(|way| !is_line(&way.action)));
                if others {
                    self.change_place(Place::data());
                }
            }

            Step::PowerCycle(s) => {
                self.alone("it interrupts the supply");
                self.wait(s.off_for.as_ref());
            }
            Step::Network(_) => self.alone("it cuts the network path"),
            Step::TimeServer(_) | Step::ExpectTimeRequest(_) => {
                self.alone("it moves the clock of the device");
            }
            Step::AskOperator(_) => self.alone("a person acts on the device"),
            Step::Question(_) => self.touches.change(Place::person()),
            Step::SendRaw(_) | Step::RawConnection(_) => {
                self.alone("it sends octets as they are");
            }

            Step::Wait(s) => self.wait(Some(&s.time)),
            Step::Mark(_)
            | Step::Let(_)
            | Step::Assert(_)
            | Step::Note(_)
            | Step::Measure(_)
            | Step::Repeat(_)
            | Step::ForEach(_)
            | Step::If(_)
            | Step::Use(_) => {}
        }
    }

    /// Notes reading of which nobody can tell beforehand what it reads.
    fn look_anywhere(&mut self) {
        self.touches.look(Place::data());
        self.touches.look(Place::data_sets());
    }

    fn look(&mut self, name: &ObjectName) {
        let Some(place) = Place::object(&name.0) else {
            // A name that is no reference reads nothing that anybody writes.
            self.touches.look(Place::data());
            return;
        };
        if place.ln().is_some_and(|ln| ln.contains("LTRK")) {
            self.track(&place);
        }
        self.touches.look(place);
    }

    /// Service tracking shows what every client does in its logical device, or in the whole server when only some have it.
    fn track(&mut self, place: &Place) {
        let devices = self.ground.model.logical_devices();
        let everywhere = devices
            .iter()
            .all(|ld| ld.logical_nodes.iter().any(|ln| ln.class == "LTRK"));
        let ld = place.ld().filter(|_| everywhere);
        self.touches.change(Place::services(ld));
    }

    fn change(&mut self, name: &ObjectName) {
        match Place::object(&name.0) {
            Some(place) => self.change_place(place),
            None => self.change_place(Place::data()),
        }
    }

    fn change_place(&mut self, place: Place) {
        let far = place.name().is_some_and(|name| FAR.contains(&name));
        self.touches.look(Place::services(place.ld()));
        self.touches.change(if far { Place::data() } else { place });
    }

    fn write(&mut self, name: &ObjectName) {
        let is_control = name.0.ends_with("[CO]") || name.0.contains("$CO$");
        let is_log = name.0.ends_with("[LG]") || name.0.contains("$LG$");
        if is_control {
            self.command(name);
        } else {
            self.change(name);
        }
        if is_log {
            self.watch_logs();
        }
        if ["[BR]", "[RP]"].iter().any(|fc| name.0.ends_with(fc)) {
            self.blocks.insert(name.0.clone());
        }
    }

    /// What is logged must not be changed by others, nor logged by two at a time.
    fn watch_logs(&mut self) {
        let model = self.ground.model;
        let sets: Vec<String> = model
            .logical_devices()
            .iter()
            .flat_map(|ld| ld.logical_nodes.iter().map(move |ln| (ld, ln)))
            .flat_map(|(ld, ln)| {
                let sets = ln
                    .log_controls
                    .iter()
                    .filter_map(|block| block.dat_set.as_ref());
                sets.map(move |set| format!("{}/{}${set}", ld.name, ln.name))
            })
            .collect();
        for set in sets {
            self.watch_data_set(&set);
        }
    }

    fn data_set(&mut self, name: &ObjectName) {
        self.touches.look(Place::data_sets());
        // One that a case creates has been seen when it did; another has no members to look at.
        self.watch_data_set(&name.0);
    }

    fn control(&mut self, field: &Field<ObjectName>) {
        if let Some(name) = self.value(field) {
            self.command(&name);
        }
    }

    /// What is commanded may move what belongs to it: generic I/O in its logical device, a switch or a tap changer anywhere.
    fn command(&mut self, name: &ObjectName) {
        let place = Place::object(&name.0);
        let generic = place
            .as_ref()
            .is_some_and(|place| place.ln().is_some_and(|ln| ln.contains("GGIO")));
        let ld = place.as_ref().and_then(Place::ld).filter(|_| generic);
        self.change_place(ld.map_or_else(Place::data, Place::device));
    }

    fn settings(&mut self, field: &Field<ObjectName>) {
        if let Some(name) = self.value(field) {
            self.change_place(Place::device(&name.0));
        }
    }

    fn stimulate(&mut self, member: &Field<ObjectName>) {
        self.listens = true;
        let stimuli = self.ground.target.stimuli.as_ref();
        let actions: Vec<&Action> = stimuli
            .iter()
            .flat_map(|s| s.all())
            .map(|s| &s.action)
            .collect();
        let associates = |action: &Action| matches!(action, Action::Write(_) | Action::Control(_));
        self.extra = self
            .extra
            .max(usize::from(actions.iter().any(|action| associates(action))));
        // Only the process side of a simulated IED is known to change one value and no more.
        let precise = actions.iter().all(|action| is_line(action));
        let name = self.value(member);
        match name {
            Some(name) if precise => self.change(&name),
            _ => self.change_place(Place::data()),
        }
    }
}

fn is_line(action: &Action) -> bool {
    matches!(action, Action::Line(_))
}
