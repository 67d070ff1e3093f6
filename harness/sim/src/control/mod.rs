//! Control without sockets and clocks (IEC 61850-7-2, control class model; IEC 61850-8-1, mapping of control).

mod machine;

use std::time::Duration;

use iedassay_wire::{
    ber::BitString,
    mms::{Data, DataAccessError, UtcTime},
};

use crate::{Fault, FaultSet, client::Client};
pub(crate) use machine::{Effect, Machine};

/// How an object is controlled, as in `ctlModel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ControlModel {
    StatusOnly,
    DirectNormal,
    SboNormal,
    DirectEnhanced,
    SboEnhanced,
}

impl ControlModel {
    pub(crate) const fn from_number(number: i64) -> Self {
        match number {
            1 => Self::DirectNormal,
            2 => Self::SboNormal,
            3 => Self::DirectEnhanced,
            4 => Self::SboEnhanced,
            _ => Self::StatusOnly,
        }
    }

    pub(crate) const fn is_sbo(self) -> bool {
        matches!(self, Self::SboNormal | Self::SboEnhanced)
    }

    pub(crate) const fn is_enhanced(self) -> bool {
        matches!(self, Self::DirectEnhanced | Self::SboEnhanced)
    }
}

/// Why a control failed (IEC 61850-7-2, AddCause).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AddCause(pub(crate) u8);

impl AddCause {
    pub(crate) const UNKNOWN: Self = Self(0);
    pub(crate) const NOT_SUPPORTED: Self = Self(1);
    pub(crate) const BLOCKED_BY_SWITCHING_HIERARCHY: Self = Self(2);
    pub(crate) const SELECT_FAILED: Self = Self(3);
    pub(crate) const INVALID_POSITION: Self = Self(4);
    pub(crate) const POSITION_REACHED: Self = Self(5);
    pub(crate) const PARAMETER_CHANGE_IN_EXECUTION: Self = Self(6);
    pub(crate) const STEP_LIMIT: Self = Self(7);
    pub(crate) const BLOCKED_BY_MODE: Self = Self(8);
    pub(crate) const BLOCKED_BY_PROCESS: Self = Self(9);
    pub(crate) const BLOCKED_BY_INTERLOCKING: Self = Self(10);
    pub(crate) const BLOCKED_BY_SYNCHROCHECK: Self = Self(11);
    pub(crate) const COMMAND_ALREADY_IN_EXECUTION: Self = Self(12);
    pub(crate) const BLOCKED_BY_HEALTH: Self = Self(13);
    pub(crate) const ONE_OF_N_CONTROL: Self = Self(14);
    pub(crate) const ABORTION_BY_CANCEL: Self = Self(15);
    pub(crate) const TIME_LIMIT_OVER: Self = Self(16);
    pub(crate) const ABORTION_BY_TRIP: Self = Self(17);
    pub(crate) const OBJECT_NOT_SELECTED: Self = Self(18);
    pub(crate) const OBJECT_ALREADY_SELECTED: Self = Self(19);
    pub(crate) const NO_ACCESS_AUTHORITY: Self = Self(20);
    pub(crate) const ENDED_WITH_OVERSHOOT: Self = Self(21);
    pub(crate) const ABORTION_DUE_TO_DEVIATION: Self = Self(22);
    pub(crate) const ABORTION_BY_COMMUNICATION_LOSS: Self = Self(23);
    pub(crate) const BLOCKED_BY_COMMAND: Self = Self(24);
    pub(crate) const NONE: Self = Self(25);
    pub(crate) const INCONSISTENT_PARAMETERS: Self = Self(26);
    pub(crate) const LOCKED_BY_OTHER_CLIENT: Self = Self(27);

    /// What the process can hold against a select or an Operate. Those for which Check has a bit count only when it is set.
    pub(crate) const REFUSING: [Self; 7] = [
        Self::STEP_LIMIT,
        Self::BLOCKED_BY_PROCESS,
        Self::BLOCKED_BY_INTERLOCKING,
        Self::BLOCKED_BY_SYNCHROCHECK,
        Self::ONE_OF_N_CONTROL,
        Self::NO_ACCESS_AUTHORITY,
        Self::BLOCKED_BY_COMMAND,
    ];

    /// What can happen to a command with enhanced security while it executes.
    pub(crate) const ENDING: [Self; 7] = [
        Self::INVALID_POSITION,
        Self::PARAMETER_CHANGE_IN_EXECUTION,
        Self::ABORTION_BY_CANCEL,
        Self::ABORTION_BY_TRIP,
        Self::ENDED_WITH_OVERSHOOT,
        Self::ABORTION_DUE_TO_DEVIATION,
        Self::ABORTION_BY_COMMUNICATION_LOSS,
    ];

    /// What the process side can bring about, by name.
    pub(crate) const OF_PROCESS: [(&str, Self); 15] = [
        ("invalid-position", Self::INVALID_POSITION),
        (
            "parameter-change-in-execution",
            Self::PARAMETER_CHANGE_IN_EXECUTION,
        ),
        (
            "blocked-by-switching-hierarchy",
            Self::BLOCKED_BY_SWITCHING_HIERARCHY,
        ),
        ("step-limit", Self::STEP_LIMIT),
        ("blocked-by-process", Self::BLOCKED_BY_PROCESS),
        ("blocked-by-interlocking", Self::BLOCKED_BY_INTERLOCKING),
        ("blocked-by-synchrocheck", Self::BLOCKED_BY_SYNCHROCHECK),
        ("1-of-n-control", Self::ONE_OF_N_CONTROL),
        ("abortion-by-cancel", Self::ABORTION_BY_CANCEL),
        ("abortion-by-trip", Self::ABORTION_BY_TRIP),
        ("no-access-authority", Self::NO_ACCESS_AUTHORITY),
        ("ended-with-overshoot", Self::ENDED_WITH_OVERSHOOT),
        ("abortion-due-to-deviation", Self::ABORTION_DUE_TO_DEVIATION),
        (
            "abortion-by-communication-loss",
            Self::ABORTION_BY_COMMUNICATION_LOSS,
        ),
        ("blocked-by-command", Self::BLOCKED_BY_COMMAND),
    ];

    /// Error of LastApplError that goes with the cause: timeout-test-not-ok when time ran out, operator-test-not-ok when the
    /// process said no, otherwise no-error, since the cause says it all.
    pub(crate) const fn error(self) -> i64 {
        match self {
            Self::TIME_LIMIT_OVER => 2,
            Self::BLOCKED_BY_INTERLOCKING
            | Self::BLOCKED_BY_SYNCHROCHECK
            | Self::BLOCKED_BY_PROCESS
            | Self::BLOCKED_BY_HEALTH => 3,
            _ => 0,
        }
    }
}

/// A refused control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) error: DataAccessError,
    pub(crate) cause: AddCause,
}

impl Refusal {
    /// Not permitted.
    pub(crate) const fn denied(cause: AddCause) -> Self {
        Self {
            error: DataAccessError::OBJECT_ACCESS_DENIED,
            cause,
        }
    }

    /// A value that the object cannot have.
    pub(crate) const fn invalid(cause: AddCause) -> Self {
        Self {
            error: DataAccessError::OBJECT_VALUE_INVALID,
            cause,
        }
    }

    /// Not permitted now.
    pub(crate) const fn unavailable(cause: AddCause) -> Self {
        Self {
            error: DataAccessError::TEMPORARILY_UNAVAILABLE,
            cause,
        }
    }
}

/// What `Oper`, `SBOw` and `Cancel` carry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Command {
    pub(crate) value: Data,
    /// Time of activation since 1970; none means now.
    pub(crate) oper_tm: Option<Duration>,
    pub(crate) or_cat: i64,
    pub(crate) or_ident: Vec<u8>,
    pub(crate) ctl_num: u64,
    pub(crate) time: UtcTime,
    pub(crate) test: bool,
    /// Bit 0 asks for synchrocheck, bit 1 for interlocking.
    pub(crate) check: Option<BitString>,
    /// As it was written.
    pub(crate) whole: Data,
}

impl Command {
    /// Whether Oper repeats what SBOw said. T may differ.
    fn repeats(&self, select: &Self, faults: &FaultSet) -> bool {
        let value = self.value == select.value || faults.has(Fault::OperateNeedNotRepeatValue);
        let origin = (self.or_cat, &self.or_ident) == (select.or_cat, &select.or_ident)
            || faults.has(Fault::OperateNeedNotRepeatOrigin);
        let number =
            self.ctl_num == select.ctl_num || faults.has(Fault::OperateNeedNotRepeatCtlNum);
        let check = self.check == select.check || faults.has(Fault::OperateNeedNotRepeatCheck);
        value
            && origin
            && number
            && check
            && self.oper_tm == select.oper_tm
            && self.test == select.test
    }

    /// Whether the command asks for a check; one without the field leaves nothing out.
    fn asks_for(&self, bit: usize) -> bool {
        self.check.as_ref().is_none_or(|check| check.is_set(bit))
    }
}

/// What holds around the object when a control arrives.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    pub(crate) model: ControlModel,
    pub(crate) operate_many: bool,
    /// `Beh` of the logical node; 1 when it has none.
    pub(crate) beh: i64,
    pub(crate) local: bool,
    pub(crate) alarm: bool,
    /// The process refuses.
    pub(crate) blocked: bool,
    /// What the process holds against the object: causes of [`AddCause::REFUSING`] and [`AddCause::ENDING`]. Of
    /// [`AddCause::ONE_OF_N_CONTROL`] only while another object of the group is selected or moves.
    pub(crate) held: Vec<AddCause>,
    /// `LocSta`: station level has the authority, remote control does not.
    pub(crate) station: bool,
    /// The process accepts and does not move.
    pub(crate) stuck: bool,
    /// The value of the command is not between `minVal` and `maxVal` of the object.
    pub(crate) beyond_limits: bool,
    /// The present status as a value of control, when reaching it again is to be refused.
    pub(crate) position: Option<Data>,
    pub(crate) sbo_timeout: Duration,
    pub(crate) oper_timeout: Duration,
    pub(crate) switching_time: Duration,
    /// What the clock of the IED shows: times of activation are meant by it.
    pub(crate) shown: Duration,
}

/// Originator categories that are in use (IEC 61850-7-2, originator category).
const OR_CATS: core::ops::RangeInclusive<i64> = 0..=8;
/// Longest originator identification, in octets.
pub(crate) const MAX_OR_IDENT: usize = 64;

/// Whether the category is one that a local switch lets through: bay control, process and maintenance at the bay.
const fn is_local(or_cat: i64) -> bool {
    matches!(or_cat, 1 | 4 | 7 | 8)
}

/// Whether the category is one of remote control.
const fn is_remote(or_cat: i64) -> bool {
    matches!(or_cat, 3 | 6)
}

/// A client with what it asked.
pub(crate) type Asked = (Client, Command);
