//! The state machines of the control models, in one.

use std::sync::Arc;

use super::{
    AddCause, Asked, Command, Conditions, ControlModel, MAX_OR_IDENT, OR_CATS, Refusal, is_local,
    is_remote,
};
use crate::{
    Fault, FaultSet,
    client::{AssociationId, Client},
    report::Time,
};

/// One controllable object.
///
/// Calls come with the time, which never goes back; [`Self::deadline`] says when [`Self::advance`] is wanted.
#[derive(Debug)]
pub(crate) struct Machine {
    faults: Arc<FaultSet>,
    state: State,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    /// Ready, or unselected.
    Idle,
    /// `until` is none when the selection does not time out.
    Selected {
        client: Client,
        until: Option<Time>,
        command: Option<Command>,
    },
    /// Waits for the time of activation.
    Waiting { asked: Asked, at: Time },
    /// With enhanced security: the process moves at `moves`, and has to be there by `limit`.
    Executing {
        asked: Asked,
        moves: Option<Time>,
        limit: Time,
        /// The object is selected again afterwards (operate-many).
        again: bool,
    },
}

/// What becomes of a control, for the IED to carry out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// The process moves.
    Move(Command),
    /// CommandTermination for the client: positive, or negative with its cause.
    Terminate {
        client: Client,
        command: Command,
        cause: Option<AddCause>,
    },
}

impl Machine {
    pub(crate) const fn new(faults: Arc<FaultSet>) -> Self {
        Self {
            faults,
            state: State::Idle,
        }
    }

    /// `stSeld`.
    pub(crate) fn is_selected(&self, model: ControlModel) -> bool {
        match self.state {
            State::Idle => false,
            State::Selected { .. } => true,
            State::Waiting { .. } | State::Executing { .. } => model.is_sbo(),
        }
    }

    /// Who has selected the object.
    pub(crate) fn selected_by(&self) -> Option<AssociationId> {
        match &self.state {
            State::Selected { client, .. } => Some(client.association),
            _ => None,
        }
    }

    /// Whether the object is selected, waits or moves.
    pub(crate) fn is_busy(&self) -> bool {
        self.state != State::Idle
    }

    /// Whether a command waits for its time of activation.
    pub(crate) const fn is_waiting(&self) -> bool {
        matches!(self.state, State::Waiting { .. })
    }

    /// Whether the process moves, with enhanced security.
    pub(crate) const fn is_executing(&self) -> bool {
        matches!(self.state, State::Executing { .. })
    }

    /// Something happens to the process: a command that executes ends now, not when it would have been there.
    pub(crate) fn disturb(&mut self, now: Time) {
        if let State::Executing { moves, .. } = &mut self.state {
            *moves = Some(now);
        }
    }

    /// Ends a selection, for whatever reason.
    pub(crate) fn unselect(&mut self) {
        if matches!(self.state, State::Selected { .. }) {
            self.state = State::Idle;
        }
    }

    /// A read of `SBO`, or with a command a write of `SBOw`.
    pub(crate) fn select(
        &mut self,
        client: Client,
        command: Option<Command>,
        now: Time,
        conditions: &Conditions,
    ) -> Result<(), Refusal> {
        let fitting = match command {
            None => conditions.model == ControlModel::SboNormal,
            Some(_) => conditions.model == ControlModel::SboEnhanced,
        };
        if !fitting {
            return Err(Refusal::denied(AddCause::NOT_SUPPORTED));
        }
        if let Err(refusal) = self.may_select(&client) {
            if self.faults.has(Fault::RefusedSelectEndsSelection) {
                self.unselect();
            }
            return Err(refusal);
        }
        match &command {
            None if conditions.blocked && !self.faults.has(Fault::SelectIgnoresBlock) => {
                return Err(Refusal::denied(AddCause::BLOCKED_BY_INTERLOCKING));
            }
            None if conditions.beh == OFF => {
                return Err(Refusal::denied(AddCause::BLOCKED_BY_MODE));
            }
            None => self.check_held(None, conditions)?,
            Some(command) => self.check(command, conditions, AddCause::SELECT_FAILED)?,
        }
        if !self.faults.has(Fault::SelectWithoutEffect) {
            let until = self.selection_end(now, conditions);
            self.state = State::Selected {
                client,
                until,
                command,
            };
        }
        Ok(())
    }

    fn may_select(&self, client: &Client) -> Result<(), Refusal> {
        match &self.state {
            State::Idle => Ok(()),
            State::Selected { client: holder, .. } if holder.association == client.association => {
                if self.faults.has(Fault::SecondSelectAccepted) {
                    return Ok(());
                }
                Err(Refusal::unavailable(AddCause::OBJECT_ALREADY_SELECTED))
            }
            State::Selected { .. } if self.faults.has(Fault::SelectionStolen) => Ok(()),
            State::Selected { .. } => Err(Refusal::unavailable(AddCause::LOCKED_BY_OTHER_CLIENT)),
            State::Waiting { .. } | State::Executing { .. } => {
                Err(Refusal::unavailable(AddCause::COMMAND_ALREADY_IN_EXECUTION))
            }
        }
    }

    fn selection_end(&self, now: Time, conditions: &Conditions) -> Option<Time> {
        if self.faults.has(Fault::SboTimeoutIgnored) {
            return None;
        }
        let divisor = if self.faults.has(Fault::SboTimeoutHalved) {
            2
        } else {
            1
        };
        Some(now.saturating_add(conditions.sbo_timeout / divisor))
    }

    /// A write of `Oper`. What is to be done comes from [`Self::advance`], beginning now.
    pub(crate) fn operate(
        &mut self,
        client: Client,
        command: Command,
        now: Time,
        conditions: &Conditions,
    ) -> Result<Option<Effect>, Refusal> {
        self.may_operate(&client, &command, conditions)?;
        if let Err(refusal) = self.check(&command, conditions, AddCause::INCONSISTENT_PARAMETERS) {
            if !self.faults.has(Fault::RefusedOperateKeepsSelection) {
                self.unselect();
            }
            return Err(refusal);
        }
        match command
            .oper_tm
            .filter(|_| !self.faults.has(Fault::OperTmIgnored))
        {
            Some(at) => {
                let early = self.faults.has(Fault::TerminationBeforeActivation)
                    && conditions.model.is_enhanced();
                self.state = State::Waiting {
                    asked: (client, command.clone()),
                    at: now.saturating_add(at.saturating_sub(conditions.shown)),
                };
                Ok(early.then_some(Effect::Terminate {
                    client,
                    command,
                    cause: None,
                }))
            }
            None => Ok(self.execute(client, command, now, conditions)),
        }
    }

    fn may_operate(
        &mut self,
        client: &Client,
        command: &Command,
        conditions: &Conditions,
    ) -> Result<(), Refusal> {
        match &self.state {
            _ if conditions.model == ControlModel::StatusOnly => {
                Err(Refusal::denied(AddCause::NOT_SUPPORTED))
            }
            State::Executing { .. } if self.faults.has(Fault::OperateWhileExecutingAccepted) => {
                Ok(())
            }
            State::Waiting { .. } | State::Executing { .. } => {
                Err(Refusal::unavailable(AddCause::COMMAND_ALREADY_IN_EXECUTION))
            }
            _ if !conditions.model.is_sbo() => Ok(()),
            State::Idle if self.faults.has(Fault::OperateWithoutSelect) => Ok(()),
            State::Idle => Err(Refusal::denied(AddCause::OBJECT_NOT_SELECTED)),
            State::Selected { client: holder, .. } if holder.association != client.association => {
                if self.faults.has(Fault::OtherClientOperates) {
                    return Ok(());
                }
                if self.faults.has(Fault::OtherClientEndsSelection) {
                    self.unselect();
                }
                Err(Refusal::unavailable(AddCause::LOCKED_BY_OTHER_CLIENT))
            }
            State::Selected {
                command: Some(select),
                ..
            } if !command.repeats(select, &self.faults)
                && !self.faults.has(Fault::OperateNeedNotRepeatSelect) =>
            {
                self.unselect();
                Err(Refusal::denied(AddCause::INCONSISTENT_PARAMETERS))
            }
            State::Selected { .. } => Ok(()),
        }
    }

    /// What SBOw and Oper are checked for; `illegal` is the cause when the originator is not legal.
    fn check(
        &self,
        command: &Command,
        conditions: &Conditions,
        illegal: AddCause,
    ) -> Result<(), Refusal> {
        let denied = |cause| Err(Refusal::denied(cause));
        if !OR_CATS.contains(&command.or_cat) && !self.faults.has(Fault::OrCatUnchecked) {
            return denied(illegal);
        }
        if command.or_ident.len() > MAX_OR_IDENT && !self.faults.has(Fault::OrIdentUnchecked) {
            return denied(illegal);
        }
        if conditions.beyond_limits && !self.faults.has(Fault::ControlLimitsUnchecked) {
            return Err(Refusal::invalid(AddCause::INCONSISTENT_PARAMETERS));
        }
        self.check_mode(command.test, conditions.beh)?;
        if command.oper_tm.is_some_and(|at| at <= conditions.shown)
            && !self.faults.has(Fault::PastOperTmAccepted)
        {
            return denied(AddCause::TIME_LIMIT_OVER);
        }
        let elsewhere = conditions.local && !is_local(command.or_cat)
            || conditions.station && is_remote(command.or_cat);
        if elsewhere && !self.faults.has(Fault::SwitchingHierarchyIgnored) {
            return denied(AddCause::BLOCKED_BY_SWITCHING_HIERARCHY);
        }
        if conditions.alarm {
            return denied(AddCause::BLOCKED_BY_HEALTH);
        }
        if conditions.blocked && !self.faults.has(Fault::OperateIgnoresBlock) {
            return denied(AddCause::BLOCKED_BY_INTERLOCKING);
        }
        self.check_held(Some(command), conditions)?;
        if conditions.position.as_ref() == Some(&command.value)
            && !self.faults.has(Fault::PositionReachedAccepted)
        {
            return denied(AddCause::POSITION_REACHED);
        }
        Ok(())
    }

    /// What the process holds against a command, or against a select without one.
    fn check_held(
        &self,
        command: Option<&Command>,
        conditions: &Conditions,
    ) -> Result<(), Refusal> {
        for cause in AddCause::REFUSING {
            let asked = |bit| command.is_some_and(|command| command.asks_for(bit));
            let counts = match cause {
                AddCause::BLOCKED_BY_SYNCHROCHECK => {
                    asked(0) && !self.faults.has(Fault::SynchroCheckIgnored)
                }
                AddCause::BLOCKED_BY_INTERLOCKING => {
                    asked(1) && !self.faults.has(Fault::InterlockCheckIgnored)
                }
                AddCause::ONE_OF_N_CONTROL => !self.faults.has(Fault::OneOfNIgnored),
                AddCause::BLOCKED_BY_COMMAND => !self.faults.has(Fault::CommandBlockIgnored),
                AddCause::STEP_LIMIT => command.is_some(),
                _ => true,
            };
            if counts && conditions.held.contains(&cause) {
                return Err(Refusal::denied(cause));
            }
        }
        Ok(())
    }

    /// Whether the behaviour lets a command with or without Test through (IEC 61850-7-4, annex A).
    fn check_mode(&self, test: bool, beh: i64) -> Result<(), Refusal> {
        let passes = match (beh, test) {
            (ON | ON_BLOCKED, true) => self.faults.has(Fault::TestFlagIgnored),
            (TEST | TEST_BLOCKED, false) => self.faults.has(Fault::PlainOperateInTest),
            (OFF, _) => false,
            _ => true,
        };
        if passes {
            Ok(())
        } else {
            Err(Refusal::denied(AddCause::BLOCKED_BY_MODE))
        }
    }

    /// An accepted command begins.
    fn execute(
        &mut self,
        client: Client,
        command: Command,
        now: Time,
        conditions: &Conditions,
    ) -> Option<Effect> {
        let many = conditions.operate_many && !self.faults.has(Fault::OperateManyOnce);
        if conditions.model.is_enhanced() {
            let again = conditions.model.is_sbo()
                && (many || self.faults.has(Fault::SelectionAfterTermination));
            self.state = State::Executing {
                again,
                moves: Some(now.saturating_add(conditions.switching_time)),
                limit: now.saturating_add(conditions.oper_timeout),
                asked: (client, command.clone()),
            };
            let early = self.faults.has(Fault::TerminationBeforeResponse);
            return early.then_some(Effect::Terminate {
                client,
                command,
                cause: None,
            });
        }
        let stays = many || self.faults.has(Fault::SelectionAfterOperate);
        self.state = match &self.state {
            State::Selected { client, .. } if stays => State::Selected {
                client: *client,
                until: self.selection_end(now, conditions),
                command: None,
            },
            State::Waiting {
                asked: (client, _), ..
            } if stays && conditions.model.is_sbo() => State::Selected {
                client: *client,
                until: self.selection_end(now, conditions),
                command: None,
            },
            _ => State::Idle,
        };
        self.moves(conditions).then_some(Effect::Move(command))
    }

    /// Whether the process moves when it is told to.
    fn moves(&self, conditions: &Conditions) -> bool {
        let held = matches!(conditions.beh, ON_BLOCKED | TEST_BLOCKED)
            && !self.faults.has(Fault::BlockedModeMoves);
        !held && !conditions.stuck && !self.faults.has(Fault::OperateWithoutEffect)
    }

    /// A write of `Cancel`.
    pub(crate) fn cancel(&mut self, client: &Client) -> Result<(), Refusal> {
        let holder = match &self.state {
            State::Idle => return Ok(()),
            State::Executing { .. } if self.faults.has(Fault::CancelWhileExecutingAccepted) => {
                self.state = State::Idle;
                return Ok(());
            }
            State::Executing { .. } => {
                return Err(Refusal::unavailable(AddCause::COMMAND_ALREADY_IN_EXECUTION));
            }
            State::Selected { client, .. }
            | State::Waiting {
                asked: (client, _), ..
            } => client.association,
        };
        if holder != client.association {
            return Err(Refusal::unavailable(AddCause::LOCKED_BY_OTHER_CLIENT));
        }
        if self.faults.has(Fault::CancelRefused) {
            return Err(Refusal::denied(AddCause::UNKNOWN));
        }
        let stays = match self.state {
            State::Waiting { .. } => self.faults.has(Fault::WaitingOperateNotCancelled),
            _ => self.faults.has(Fault::CancelWithoutEffect),
        };
        if !stays {
            self.state = State::Idle;
        }
        Ok(())
    }

    /// An association is gone: its selection ends. What runs goes on, but nobody is told of it.
    pub(crate) fn association_ended(&mut self, association: AssociationId) {
        if self.selected_by() == Some(association)
            && !self.faults.has(Fault::SelectionOutlivesAssociation)
        {
            self.state = State::Idle;
        }
        if let State::Executing {
            asked: (client, _),
            again,
            ..
        } = &mut self.state
            && client.association == association
        {
            *again = false;
        }
    }

    /// When [`Self::advance`] is wanted.
    pub(crate) fn deadline(&self) -> Option<Time> {
        match &self.state {
            State::Idle => None,
            State::Selected { until, .. } => *until,
            State::Waiting { at, .. } => Some(*at),
            State::Executing { moves, limit, .. } => {
                Some(moves.map_or(*limit, |moves| moves.min(*limit)))
            }
        }
    }

    /// Time has come to `now`. The effects come in the order in which they happen.
    pub(crate) fn advance(&mut self, now: Time, conditions: &Conditions) -> Vec<Effect> {
        if self.deadline().is_none_or(|deadline| deadline > now) {
            return Vec::new();
        }
        match self.state.clone() {
            State::Idle => Vec::new(),
            State::Selected { .. } => {
                self.state = State::Idle;
                Vec::new()
            }
            State::Waiting {
                asked: (client, command),
                ..
            } => {
                let due = Command {
                    oper_tm: None,
                    ..command
                };
                match self.check(&due, conditions, AddCause::INCONSISTENT_PARAMETERS) {
                    Ok(()) => self
                        .execute(client, due, now, conditions)
                        .into_iter()
                        .collect(),
                    Err(refusal) => {
                        self.state = State::Idle;
                        let cause = Some(refusal.cause);
                        let told = conditions.model.is_enhanced();
                        told.then_some(Effect::Terminate {
                            client,
                            command: due,
                            cause,
                        })
                        .into_iter()
                        .collect()
                    }
                }
            }
            State::Executing {
                asked: (client, command),
                moves,
                limit,
                again,
            } => {
                let ending = if moves.is_none() || limit <= now {
                    Some(AddCause::TIME_LIMIT_OVER)
                } else {
                    self.ending(conditions)
                };
                let held = matches!(conditions.beh, ON_BLOCKED | TEST_BLOCKED);
                let moving = self.moves(conditions) && !conditions.blocked;
                if ending.is_none() && !held && !moving {
                    self.state = State::Executing {
                        asked: (client, command),
                        moves: None,
                        limit,
                        again,
                    };
                    return Vec::new();
                }
                self.state = if again {
                    State::Selected {
                        client,
                        until: self.selection_end(now, conditions),
                        command: None,
                    }
                } else {
                    State::Idle
                };
                if ending == Some(AddCause::TIME_LIMIT_OVER)
                    && self.faults.has(Fault::OperTimeoutIgnored)
                {
                    return Vec::new();
                }
                // What overshoots has moved all the same.
                let there = matches!(ending, None | Some(AddCause::ENDED_WITH_OVERSHOOT));
                let mut effects = Vec::new();
                if there && moving && !self.faults.has(Fault::TerminationWithoutEffect) {
                    effects.push(Effect::Move(command.clone()));
                }
                effects.push(Effect::Terminate {
                    client,
                    command,
                    cause: ending,
                });
                effects
            }
        }
    }

    /// What ends a command that executes before it is there.
    fn ending(&self, conditions: &Conditions) -> Option<AddCause> {
        if conditions.beh == OFF && !self.faults.has(Fault::ModeChangeIgnoredInExecution) {
            return Some(AddCause::BLOCKED_BY_MODE);
        }
        AddCause::ENDING
            .into_iter()
            .find(|cause| conditions.held.contains(cause))
    }
}

/// Values of Mod and Beh (IEC 61850-7-4).
const ON: i64 = 1;
const ON_BLOCKED: i64 = 2;
const TEST: i64 = 3;
const TEST_BLOCKED: i64 = 4;
const OFF: i64 = 5;

#[cfg(test)]
mod tests;
