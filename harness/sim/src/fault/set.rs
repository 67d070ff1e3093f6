//! The faults of one IED, and which of all faults it was asked about.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::Fault;

/// The faults that a simulated IED has.
#[derive(Clone, Debug, Default)]
pub struct FaultSet {
    faults: Vec<Fault>,
    consulted: Option<Consulted>,
}

/// Which faults an IED was asked about while it served, whether it has them or not.
///
/// What was never asked about would have changed nothing: an IED with that fault does the same, octet for octet. The selftest
/// thus judges a case only on the faults that the case comes by.
#[derive(Clone, Debug)]
pub struct Consulted(Arc<[AtomicBool]>);

impl FaultSet {
    /// No fault: a conformant IED.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            faults: Vec::new(),
            consulted: None,
        }
    }

    /// Whether the IED has this fault.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        if let Some(consulted) = &self.consulted {
            consulted.note(fault);
        }
        self.faults.contains(&fault)
    }

    /// The faults that the IED has, of those that `is_of` says yes to: asks about all of these.
    pub(crate) fn among(&self, is_of: impl Fn(Fault) -> bool) -> impl Iterator<Item = Fault> {
        if let Some(consulted) = &self.consulted {
            let asked = Fault::ALL.iter().copied().filter(|fault| is_of(*fault));
            asked.for_each(|fault| consulted.note(fault));
        }
        self.faults
            .iter()
            .copied()
            .filter(move |fault| is_of(*fault))
    }

    /// Adds a fault.
    pub fn insert(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Has the set, and every clone of it from now on, note what it is asked about.
    pub fn watch(&mut self) -> Consulted {
        let consulted = Fault::ALL.iter().map(|_| AtomicBool::new(false));
        let consulted = Consulted(consulted.collect());
        self.consulted = Some(consulted.clone());
        consulted
    }

    /// The faults, in the order in which they were added. Does not count as asking.
    pub fn iter(&self) -> impl Iterator<Item = Fault> + '_ {
        self.faults.iter().copied()
    }

    /// Whether the IED is conformant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }
}

impl Consulted {
    /// The faults asked about since the last call, in the order of the list.
    #[must_use]
    pub fn take(&self) -> Vec<Fault> {
        let asked = Fault::ALL.iter().zip(self.0.iter());
        asked
            .filter(|(_, asked)| asked.swap(false, Ordering::Relaxed))
            .map(|(fault, _)| *fault)
            .collect()
    }

    fn note(&self, fault: Fault) {
        if let Some(asked) = self.0.get(fault as usize) {
            asked.store(true, Ordering::Relaxed);
        }
    }
}

/// Which faults it has; not who watches.
impl PartialEq for FaultSet {
    fn eq(&self, other: &Self) -> bool {
        self.faults == other.faults
    }
}

impl Eq for FaultSet {}

impl FromIterator<Fault> for FaultSet {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        let mut set = Self::none();
        faults.into_iter().for_each(|fault| set.insert(fault));
        set
    }
}

impl From<Fault> for FaultSet {
    fn from(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
            consulted: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_what_it_is_asked_about_also_through_clones() {
        let mut set = FaultSet::from(Fault::GiNotReset);
        assert!(!set.has(Fault::ReleaseLeaksSlot), "nobody watches yet");
        let consulted = set.watch();
        assert_eq!(consulted.take(), []);
        assert!(!set.clone().has(Fault::AbortLeaksSlot));
        assert!(set.has(Fault::GiNotReset));
        let is_of = |fault| matches!(fault, Fault::ExtraDevice | Fault::ExtraObject);
        assert_eq!(set.among(is_of).count(), 0);
        let mut expected = vec![
            Fault::AbortLeaksSlot,
            Fault::GiNotReset,
            Fault::ExtraDevice,
            Fault::ExtraObject,
        ];
        expected.sort_by_key(|fault| *fault as usize);
        assert_eq!(consulted.take(), expected);
        assert_eq!(consulted.take(), [], "each is told once");
    }

    #[test]
    fn every_fault_has_its_place_in_the_list() {
        for (at, fault) in Fault::ALL.iter().enumerate() {
            assert_eq!(*fault as usize, at);
        }
    }
}
