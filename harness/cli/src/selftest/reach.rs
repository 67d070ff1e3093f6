//! Which faults the cases come by: only there a verdict can differ from that on the reference.

use std::collections::BTreeMap;

use iedassay_sim::Fault;

/// By fault, the instances of one case that come by it on the IED without a fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reach(BTreeMap<Fault, Vec<usize>>);

impl Reach {
    /// Takes what one instance came by.
    pub(super) fn note(&mut self, instance: usize, faults: Vec<Fault>) {
        for fault in faults {
            let instances = self.0.entry(fault).or_default();
            if instances.last() != Some(&instance) {
                instances.push(instance);
            }
        }
    }

    /// The instances that come by a fault, in the order of the plan.
    pub(crate) fn of(&self, fault: Fault) -> &[usize] {
        self.0.get(&fault).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_who_comes_by_a_fault() {
        let mut reach = Reach::default();
        reach.note(3, vec![Fault::GiNotReset, Fault::GiNotReset]);
        reach.note(5, vec![Fault::GiNotReset, Fault::ExtraDevice]);
        assert_eq!(reach.of(Fault::GiNotReset), [3, 5]);
        assert_eq!(reach.of(Fault::ExtraDevice), [5]);
        assert!(reach.of(Fault::ExtraObject).is_empty());
    }
}
