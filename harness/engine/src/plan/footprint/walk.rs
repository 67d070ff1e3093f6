//! Walks the steps of a case with what can be told of its variables before it runs.

use std::collections::BTreeSet;
use std::time::Duration;

use super::touches::{Place, Touches};
use super::{Footprint, Ground};
use crate::cel::{Expr, Field, FieldValue, Fields, Millis, Scope, Value};
use crate::runner::case_run::MAIN;
use crate::suite::steps::{Step, StepEntry, visit};

/// Elements of a `for-each` beyond this many are not walked one by one: what is read of them counts as all data.
const MAX_ELEMENTS: usize = 16;

/// What is found on the way through a case.
pub(super) struct Walker<'a> {
    pub(super) ground: &'a Ground<'a>,
    /// Variables of which the value is known beforehand.
    pub(super) scope: Scope,
    alone: Option<String>,
    pub(super) touches: Touches,
    /// Names of associations.
    clients: BTreeSet<String>,
    /// Associations beside the named ones.
    pub(super) extra: usize,
    waits: Duration,
    /// Report control blocks that are configured, by reference.
    pub(super) blocks: BTreeSet<String>,
    /// Reports are waited for, or what they must have kept is.
    pub(super) listens: bool,
}

impl<'a> Walker<'a> {
    pub(super) fn new(ground: &'a Ground<'a>, scope: Scope, manual: bool) -> Self {
        let mut clients = BTreeSet::new();
        if !manual {
            clients.insert(MAIN.to_owned());
        }
        Self {
            ground,
            scope,
            alone: None,
            touches: Touches::default(),
            clients,
            extra: 0,
            waits: Duration::ZERO,
            blocks: BTreeSet::new(),
            listens: false,
        }
    }

    /// Notes why nothing else may run; the first reason stays.
    pub(super) fn alone(&mut self, why: impl Into<String>) {
        if self.alone.is_none() {
            self.alone = Some(why.into());
        }
    }

    pub(super) fn footprint(mut self) -> Footprint {
        if self.listens {
            self.watch_blocks();
        }
        Footprint {
            alone: self.alone,
            touches: self.touches,
            associations: (self.clients.len() + self.extra).max(1),
            waits: self.waits,
        }
    }

    /// What is reported must not be changed by others.
    fn watch_blocks(&mut self) {
        for reference in std::mem::take(&mut self.blocks) {
            let found = self.ground.model.report_controls().find(|at| {
                at.reference().to_string() == reference
                    || Place::object(&at.reference().to_string()) == Place::object(&reference)
            });
            match found {
                Some(at) => {
                    if let Some(set) = at.data_set() {
                        self.watch_data_set(&set.to_string());
                    }
                }
                None => self.alone(format!("{reference} is not in the model")),
            }
        }
    }

    /// Looks at every member of a data set of the model. False when there is no such data set.
    pub(super) fn watch_data_set(&mut self, name: &str) -> bool {
        let wanted = Place::object(name);
        let model = self.ground.model;
        let Some(at) = model
            .data_sets()
            .find(|at| wanted.is_some() && Place::object(&at.reference().to_string()) == wanted)
        else {
            return false;
        };
        for member in &at.data_set.members {
            if let Some(place) = Place::object(&member.to_string()) {
                self.touches.look(place);
            }
        }
        true
    }

    /// Walks steps in order.
    pub(super) fn steps(&mut self, steps: &[StepEntry]) {
        for entry in steps {
            self.step(&entry.step);
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Let(s) => {
                for (name, expr) in s.values.iter() {
                    self.bind(&name.value, expr);
                }
            }
            Step::Use(s) => {
                for (name, expr) in s.body.with.iter() {
                    self.bind(&name.value, expr);
                }
                self.steps(&s.steps);
            }
            Step::If(s) => match self.scope.eval_bool(&s.when) {
                Ok(true) => self.steps(&s.then),
                Ok(false) => self.steps(&s.r#else),
                Err(_) => {
                    let before = self.scope.clone();
                    let waited = self.waits;
                    self.steps(&s.then);
                    let then = std::mem::replace(&mut self.waits, waited);
                    self.scope = before;
                    self.steps(&s.r#else);
                    self.waits = self.waits.max(then);
                    self.forget_bound(&s.then);
                    self.forget_bound(&s.r#else);
                }
            },
            Step::Repeat(s) => {
                let times = s
                    .times
                    .as_ref()
                    .and_then(|times| times.eval(&self.scope).ok());
                // Whatever a round leaves may differ from the round before.
                self.forget_bound(&s.steps);
                if let Some(index) = &s.index {
                    self.scope.forget(&index.value.0);
                }
                let waited = self.waits;
                self.steps(&s.steps);
                let round = self.waits.saturating_sub(waited);
                let rounds = if s.until.is_some() {
                    1
                } else {
                    times.unwrap_or(1)
                };
                let every = self.millis(s.every.as_ref());
                self.waits = waited
                    .saturating_add(round.saturating_mul(rounds))
                    .saturating_add(every.saturating_mul(rounds.saturating_sub(1)));
                self.forget_bound(&s.steps);
                self.forget(s.r#as.as_ref().map(|name| name.value.0.as_str()));
            }
            Step::ForEach(s) => {
                self.forget_bound(&s.steps);
                self.forget(s.index.as_ref().map(|name| name.value.0.as_str()));
                let each = s.each.value.0.clone();
                match self.scope.eval(&s.r#in) {
                    Ok(Value::List(items)) if items.len() <= MAX_ELEMENTS => {
                        for item in items.iter() {
                            self.scope.set(each.clone(), item.clone());
                            self.steps(&s.steps);
                            self.forget_bound(&s.steps);
                        }
                    }
                    _ => {
                        self.scope.forget(&each);
                        self.steps(&s.steps);
                    }
                }
                self.scope.forget(&each);
                self.forget_bound(&s.steps);
                self.forget(s.r#as.as_ref().map(|name| name.value.0.as_str()));
            }
            other => {
                self.touch(other);
                if let Step::Mark(s) = other {
                    self.scope.forget(&s.name.value.0);
                }
                self.forget(other.common().bind.map(|name| name.value.0.as_str()));
            }
        }
    }

    fn bind(&mut self, name: &str, expr: &Expr) {
        match self.scope.eval(expr) {
            Ok(value) => self.scope.set(name, value),
            Err(_) => self.scope.forget(name),
        }
    }

    fn forget(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.scope.forget(name);
        }
    }

    /// Forgets every name that steps bind, also those inside other steps.
    fn forget_bound(&mut self, steps: &[StepEntry]) {
        let scope = &mut self.scope;
        visit(steps, &mut |entry| match &entry.step {
            Step::Let(s) => s.values.iter().for_each(|(n, _)| scope.forget(&n.value)),
            Step::Use(s) => s.body.with.iter().for_each(|(n, _)| scope.forget(&n.value)),
            Step::Mark(s) => scope.forget(&s.name.value.0),
            Step::Repeat(s) => {
                s.index
                    .iter()
                    .chain(&s.r#as)
                    .for_each(|n| scope.forget(&n.value.0));
            }
            Step::ForEach(s) => {
                let names = s.index.iter().chain(&s.r#as).chain([&s.each]);
                names.for_each(|n| scope.forget(&n.value.0));
            }
            other => {
                if let Some(name) = other.common().bind {
                    scope.forget(&name.value.0);
                }
            }
        });
    }

    /// The value of a field; without one the case is alone.
    pub(super) fn value<T: FieldValue + Clone>(&mut self, field: &Field<T>) -> Option<T> {
        match field.eval(&self.scope) {
            Ok(value) => Some(value),
            Err(error) => {
                self.unknown(&error.source);
                None
            }
        }
    }

    /// The values of a list of fields; `None` when they show only at run time.
    pub(super) fn known<T: FieldValue + Clone>(&self, fields: &Fields<T>) -> Option<Vec<T>> {
        fields.eval(&self.scope).ok()
    }

    fn unknown(&mut self, source: &str) {
        self.alone(format!(
            "what it touches shows only while it runs (`{}`)",
            crate::runner::case_run::one_line(source)
        ));
    }

    /// Notes an association.
    pub(super) fn client(&mut self, name: Option<String>) {
        self.clients.insert(name.unwrap_or_else(|| MAIN.to_owned()));
    }

    /// Adds a wait, as far as it is known.
    pub(super) fn wait(&mut self, time: Option<&Field<Millis>>) {
        let time = self.millis(time);
        self.waits = self.waits.saturating_add(time);
    }

    fn millis(&self, time: Option<&Field<Millis>>) -> Duration {
        time.and_then(|time| time.eval(&self.scope).ok())
            .map_or(Duration::ZERO, Millis::duration)
    }
}
