//! What a case remembers about the objects it has dealt with.

use std::collections::{BTreeMap, BTreeSet};

use iedassay_client::services::command::Command;

/// What is known of a report control block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KnownRcb {
    /// RptID as last read or written.
    pub(crate) rpt_id: Option<String>,
    /// DatSet as last read or written.
    pub(crate) dat_set: Option<String>,
    /// BufTm as last read or written, in milliseconds.
    pub(crate) buf_tm: u64,
    /// IntgPd as last read or written, in milliseconds.
    pub(crate) intg_pd: u64,
}

/// Commands given so far.
#[derive(Debug, Default)]
pub(crate) struct Controls {
    last: BTreeMap<String, Command>,
    /// Selected with a value that the coming Oper must repeat.
    with_value: BTreeSet<String>,
    number: u8,
    /// The place of the answer to the last Oper among the PDUs of its association, by client and control.
    answers: BTreeMap<(String, String), u64>,
}

impl Controls {
    /// The last command to a control.
    pub(crate) fn last(&self, control: &str) -> Option<Command> {
        self.last.get(control).cloned()
    }

    pub(crate) fn remember(&mut self, control: &str, command: &Command) {
        self.last.insert(control.to_owned(), command.clone());
    }

    pub(crate) fn answer_came(&mut self, client: &str, control: &str, number: u64) {
        let key = (client.to_owned(), control.to_owned());
        self.answers.insert(key, number);
    }

    /// The place of the answer to the last Oper among the PDUs of the association.
    pub(crate) fn answered(&self, client: &str, control: &str) -> Option<u64> {
        let key = (client.to_owned(), control.to_owned());
        self.answers.get(&key).copied()
    }

    /// Notes a selection by SBOw: the command that follows must say the same.
    pub(crate) fn selected_with_value(&mut self, control: &str) {
        self.with_value.insert(control.to_owned());
    }

    /// Whether the next command to the control must say what its selection said.
    pub(crate) fn is_selected_with_value(&self, control: &str) -> bool {
        self.with_value.contains(control)
    }

    /// Notes that a selection has come to its end.
    pub(crate) fn selection_used(&mut self, control: &str) {
        self.with_value.remove(control);
    }

    /// The next control number; it wraps (IEC 61850-7-2, ctlNum).
    pub(crate) fn next_number(&mut self) -> u8 {
        self.number = self.number.wrapping_add(1);
        self.number
    }
}
