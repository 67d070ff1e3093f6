//! What a case remembers about the objects it has dealt with.

use std::collections::BTreeMap;

use crate::control::Command;

/// What is known of a report control block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KnownRcb {
    /// RptID as last read or written.
    pub(crate) rpt_id: Option<String>,
    /// DatSet as last read or written.
    pub(crate) dat_set: Option<String>,
}

/// Commands given so far.
#[derive(Debug, Default)]
pub(crate) struct Controls {
    last: BTreeMap<String, Command>,
    number: u8,
}

impl Controls {
    /// The last command to a control.
    pub(crate) fn last(&self, control: &str) -> Option<Command> {
        self.last.get(control).cloned()
    }

    pub(crate) fn remember(&mut self, control: &str, command: &Command) {
        self.last.insert(control.to_owned(), command.clone());
    }

    /// The next control number; it wraps (IEC 61850-7-2, ctlNum).
    pub(crate) fn next_number(&mut self) -> u8 {
        self.number = self.number.wrapping_add(1);
        self.number
    }
}
