//! What a case has changed so far.

use iedassay_model::BlockReference;
use iedassay_wire::mms::{Data, ListedVariable, ObjectName};

use super::rcb::RcbState;
use crate::suite::steps::Condition;

/// A change of the device.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// A value was overwritten.
    Written {
        /// What, as the suite names it.
        what: String,
        /// Its name on the wire.
        name: ObjectName,
        /// The value that stood there.
        before: Data,
    },
    /// A report control block was configured.
    Rcb {
        /// Which.
        block: BlockReference,
        /// Its attributes as they were.
        before: RcbState,
    },
    /// A control was operated.
    Operated {
        /// The control, as messages have it.
        control: String,
        /// Its position before the case first operated it.
        before: Data,
    },
    /// A control was selected.
    Selected {
        /// Domain of the control.
        domain: String,
        /// Item of the control, `LN$CO$DO`.
        item: String,
        /// The structure of Cancel, when the object has one.
        cancel: Option<Data>,
    },
    /// The process was made to change a value, by the way the target names.
    Stimulated {
        /// The leaf, as the model names it.
        leaf: String,
        /// The value that stood there.
        before: Data,
    },
    /// The process of a control was brought into a condition.
    Forced {
        /// The control, as the suite names it.
        control: String,
        /// Which condition.
        condition: Condition,
    },
    /// A data set was created or deleted.
    DataSet {
        /// Its name on the wire.
        name: ObjectName,
        /// Its members as they were; none when there was no such data set.
        before: Option<Vec<ListedVariable>>,
    },
    /// A setting group was edited.
    Group {
        /// The logical device.
        ld: String,
        /// The number of the group.
        group: u32,
        /// What it held, object by object under FC SE.
        before: Vec<(ObjectName, Data)>,
    },
    /// A file was set or deleted.
    File {
        /// Its name.
        path: String,
        /// What was in it; none when there was no such file.
        before: Option<Vec<u8>>,
    },
    /// The time server told something else than the right time.
    TimeServed,
    /// The network path was cut.
    NetworkCut,
}

impl Change {
    /// Whether another change is about the same thing.
    fn is_about_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Written { name: a, .. }, Self::Written { name: b, .. }) => a == b,
            (Self::Rcb { block: a, .. }, Self::Rcb { block: b, .. }) => a == b,
            (
                Self::Selected {
                    domain: a, item: x, ..
                },
                Self::Selected {
                    domain: b, item: y, ..
                },
            ) => a == b && x == y,
            (Self::Operated { control: a, .. }, Self::Operated { control: b, .. }) => a == b,
            (Self::Stimulated { leaf: a, .. }, Self::Stimulated { leaf: b, .. }) => a == b,
            (
                Self::Forced {
                    control: a,
                    condition: x,
                },
                Self::Forced {
                    control: b,
                    condition: y,
                },
            ) => a == b && x == y,
            (Self::DataSet { name: a, .. }, Self::DataSet { name: b, .. }) => a == b,
            (
                Self::Group {
                    ld: a, group: x, ..
                },
                Self::Group {
                    ld: b, group: y, ..
                },
            ) => a == b && x == y,
            (Self::File { path: a, .. }, Self::File { path: b, .. }) => a == b,
            (Self::TimeServed, Self::TimeServed) | (Self::NetworkCut, Self::NetworkCut) => true,
            _ => false,
        }
    }
}

/// What a case has changed, in order, each thing once: as it was before the first change.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<(String, Change)>,
}

impl Ledger {
    /// Notes a change that `client` is about to make. A thing changed before keeps its first state, but the latest
    /// client: it is the one that can put it back.
    pub(crate) fn note(&mut self, client: &str, change: Change) {
        match self
            .entries
            .iter_mut()
            .find(|(_, known)| known.is_about_same(&change))
        {
            Some((known, entry)) => {
                client.clone_into(known);
                // What cancels a selection is what the last select said.
                if matches!(change, Change::Selected { .. }) {
                    *entry = change;
                }
            }
            None => self.entries.push((client.to_owned(), change)),
        }
    }

    /// Forgets a selection that has come to its end by itself.
    pub(crate) fn forget_selection(&mut self, domain: &str, item: &str) {
        self.entries.retain(|(_, change)| {
            !matches!(change, Change::Selected { domain: d, item: i, .. } if d == domain && i == item)
        });
    }

    /// Forgets a condition that a step has ended.
    pub(crate) fn forget_forced(&mut self, control: &str, condition: Condition) {
        self.entries.retain(|(_, change)| {
            !matches!(change, Change::Forced { control: c, condition: x } if c == control && *x == condition)
        });
    }

    /// Forgets that the path was cut, because a step has restored it.
    pub(crate) fn forget_cut(&mut self) {
        self.entries
            .retain(|(_, change)| !matches!(change, Change::NetworkCut));
    }

    /// Whether this case has configured the block already.
    pub(crate) fn knows_rcb(&self, block: &BlockReference) -> bool {
        self.entries
            .iter()
            .any(|(_, change)| matches!(change, Change::Rcb { block: b, .. } if b == block))
    }

    /// Whether this case has edited the setting group already.
    pub(crate) fn knows_group(&self, ld: &str, group: u32) -> bool {
        self.entries.iter().any(|(_, change)| {
            matches!(change, Change::Group { ld: l, group: g, .. } if l == ld && *g == group)
        })
    }

    /// Whether this case has changed the file already.
    pub(crate) fn knows_file(&self, path: &str) -> bool {
        self.entries
            .iter()
            .any(|(_, change)| matches!(change, Change::File { path: p, .. } if p == path))
    }

    /// The state of a block before this case changed it.
    pub(crate) fn rcb_before(&self, block: &BlockReference) -> Option<RcbState> {
        self.entries.iter().find_map(|(_, change)| match change {
            Change::Rcb { block: b, before } if b == block => Some(before.clone()),
            _ => None,
        })
    }

    /// Takes everything, last change first; but nothing can be put back through a path that is cut, and nothing is operated
    /// while another control is selected, or while the process is held, or shows something, that the case has brought about.
    pub(crate) fn take(&mut self) -> Vec<(String, Change)> {
        let mut entries = std::mem::take(&mut self.entries);
        entries.reverse();
        entries.sort_by_key(|(_, change)| match change {
            Change::NetworkCut => 0,
            Change::Selected { .. } => 1,
            Change::Forced { .. } => 2,
            Change::Stimulated { .. } => 3,
            Change::Operated { .. } => 4,
            _ => 5,
        });
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(item: &str, before: i64) -> Change {
        let name = ObjectName::domain("LD0", item);
        Change::Written {
            what: item.to_owned(),
            name,
            before: Data::Integer(before),
        }
    }

    #[test]
    fn the_first_state_of_a_thing_counts_and_the_last_change_is_undone_first() {
        let mut ledger = Ledger::default();
        ledger.note("main", written("a", 1));
        ledger.note("main", written("b", 2));
        ledger.note("other", written("a", 9));
        let undone: Vec<(String, i64)> = ledger
            .take()
            .into_iter()
            .map(|(client, change)| match change {
                Change::Written {
                    before: Data::Integer(before),
                    ..
                } => (client, before),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(undone, [("main".to_owned(), 2), ("other".to_owned(), 1)]);
        assert!(ledger.take().is_empty());
    }

    #[test]
    fn controls_are_operated_back_when_nothing_holds_them_any_more() {
        let mut ledger = Ledger::default();
        let operated = |before| Change::Operated {
            control: "LD0/CSWI1.Pos".to_owned(),
            before: Data::Boolean(before),
        };
        ledger.note(
            "main",
            Change::Forced {
                control: "LD0/CSWI1.Pos".to_owned(),
                condition: Condition::Local,
            },
        );
        ledger.note("main", written("ctlModel", 1));
        ledger.note("main", operated(false));
        ledger.note("other", operated(true));
        let taken = ledger.take();
        assert!(matches!(taken[0].1, Change::Forced { .. }));
        assert!(
            matches!(&taken[1], (client, Change::Operated { before: Data::Boolean(false), .. }) if client == "other")
        );
        assert_eq!(taken.len(), 3);
    }

    #[test]
    fn the_network_is_restored_before_anything_else() {
        let mut ledger = Ledger::default();
        ledger.note("", Change::NetworkCut);
        ledger.note("main", written("a", 1));
        assert!(matches!(ledger.take()[0].1, Change::NetworkCut));
    }
}
