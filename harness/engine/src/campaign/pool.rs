//! The valid requests that mutations are made of: everything that reads, and of what changes only what the loss of the association undoes.

use iedassay_model::Fc;
use iedassay_model::tree::{NodeKind, ServerModel};
use iedassay_wire::mms::{
    AccessSelection, AlternateAccess, AlternateAccessItem, Data, DefineNamedVariableListRequest,
    DeleteNamedVariableListRequest, ExtendedObjectClass, FileDirectoryRequest, FileName,
    FileOpenRequest, GetCapabilityListRequest, GetNameListRequest,
    GetVariableAccessAttributesRequest, ListedVariable, ObjectClass, ObjectName, ObjectScope,
    ReadJournalRequest, ReadRequest, Request, Selector, VariableAccess, WriteRequest,
};
use iedassay_wire::mutate::Random;

use super::permit::is_switch;

/// A file, a data set and an object that no device has.
pub(super) const NOTHING: &str = "IEDASSAY_NOTHING";
/// The data set of the association that is defined and deleted.
pub(super) const DATA_SET: &str = "iedassayFuzz";
/// Names of each kind that are kept; a large device has many alike.
const MOST: usize = 400;
/// Parts within parts that are asked for.
const DEEPEST_PART: usize = 3;

/// Names of a device to make requests with.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool {
    domains: Vec<String>,
    /// Variables that may be read, large ones too.
    variables: Vec<ObjectName>,
    data_sets: Vec<ObjectName>,
    journals: Vec<ObjectName>,
    /// `RptEna`, `GI` and `Resv` of unbuffered blocks: what they are set to goes with the association.
    switches: Vec<ObjectName>,
}

impl Pool {
    /// The names of a model. Controls are left out: to read the SBO of one is to select it.
    pub(super) fn of(model: &ServerModel) -> Self {
        let mut pool = Self::default();
        for device in model.logical_devices() {
            pool.domains.push(device.name.clone());
        }
        for node in model.variables() {
            let name = ObjectName::Domain {
                domain: node.domain().to_owned(),
                item: node.item().to_owned(),
            };
            // A logical node as a whole holds its controls.
            if node.fc() == Some(Fc::CO) || node.kind() == NodeKind::LogicalNode {
                continue;
            }
            if is_switch(node.item()) {
                pool.switches.push(name.clone());
            }
            pool.variables.push(name);
        }
        for set in model.data_sets() {
            pool.data_sets.push(ObjectName::Domain {
                domain: set.ld.name.clone(),
                item: format!("{}${}", set.ln.name, set.data_set.name),
            });
        }
        for (device, node) in model.nodes() {
            for log in &node.logs {
                pool.journals.push(ObjectName::Domain {
                    domain: device.name.clone(),
                    item: format!("{}${log}", node.name),
                });
            }
        }
        for list in [
            &mut pool.variables,
            &mut pool.data_sets,
            &mut pool.journals,
            &mut pool.switches,
        ] {
            thin(list);
        }
        pool
    }

    /// A request, drawn.
    pub(super) fn request(&self, random: &mut Random) -> Request {
        match random.below(20) {
            0 => Request::Status {
                extended_derivation: random.below(2) == 1,
            },
            1 => Request::Identify,
            2..=4 => Request::GetNameList(self.name_list(random)),
            5..=8 => Request::Read(ReadRequest {
                specification_with_result: random.below(4) == 0,
                access: self.access(random),
            }),
            9 => Request::GetVariableAccessAttributes(GetVariableAccessAttributesRequest::Name(
                self.variable(random),
            )),
            10 => Request::GetNamedVariableListAttributes(self.data_set(random)),
            11 => Request::DefineNamedVariableList(DefineNamedVariableListRequest {
                name: ObjectName::Aa(DATA_SET.to_owned()),
                variables: (0..=random.below(4))
                    .map(|_| ListedVariable::from(self.variable(random)))
                    .collect(),
            }),
            12 => Request::DeleteNamedVariableList(DeleteNamedVariableListRequest::specific(vec![
                ObjectName::Aa(DATA_SET.to_owned()),
            ])),
            13 => Request::FileDirectory(FileDirectoryRequest {
                specification: (random.below(2) == 1).then(|| FileName::new(NOTHING)),
                continue_after: (random.below(3) == 0).then(|| FileName::new(NOTHING)),
            }),
            14 => Request::FileOpen(FileOpenRequest {
                name: FileName::new(NOTHING),
                initial_position: 0,
            }),
            15 => Request::FileRead { frsm_id: 1 },
            16 => Request::FileClose { frsm_id: 1 },
            17 => match draw(&self.journals, random) {
                Some(journal) => Request::ReadJournal(ReadJournalRequest {
                    journal: journal.clone(),
                    start: None,
                    stop: None,
                    variables: None,
                    start_after: None,
                }),
                None => Request::GetCapabilityList(GetCapabilityListRequest {
                    continue_after: None,
                }),
            },
            _ => match draw(&self.switches, random) {
                Some(switch) => Request::Write(WriteRequest {
                    access: VariableAccess::names([switch.clone()]),
                    data: vec![Data::Boolean(random.below(3) != 0)],
                }),
                None => Request::Identify,
            },
        }
    }

    fn name_list(&self, random: &mut Random) -> GetNameListRequest {
        let domain = draw(&self.domains, random).cloned();
        let (class, scope) = match (random.below(5), domain) {
            (0, _) | (_, None) => (ObjectClass::DOMAIN, ObjectScope::Vmd),
            (1, Some(domain)) => (
                ObjectClass::NAMED_VARIABLE_LIST,
                ObjectScope::Domain(domain),
            ),
            (2, Some(domain)) => (ObjectClass::JOURNAL, ObjectScope::Domain(domain)),
            (3, _) => (ObjectClass::NAMED_VARIABLE_LIST, ObjectScope::Aa),
            (_, Some(domain)) => (ObjectClass::NAMED_VARIABLE, ObjectScope::Domain(domain)),
        };
        let continue_after = match random.below(4) {
            0 => Some(match self.variable(random) {
                ObjectName::Domain { item, .. } => item,
                _ => NOTHING.to_owned(),
            }),
            1 => Some(NOTHING.to_owned()),
            _ => None,
        };
        GetNameListRequest {
            class: ExtendedObjectClass::Object(class),
            scope,
            continue_after,
        }
    }

    fn access(&self, random: &mut Random) -> VariableAccess {
        match random.below(4) {
            0 => VariableAccess::VariableListName(self.data_set(random)),
            1 => VariableAccess::names((0..=random.below(12)).map(|_| self.variable(random))),
            2 => VariableAccess::ListOfVariable(vec![ListedVariable::new(
                self.variable(random),
                Some(part(random, 0)),
            )]),
            _ => VariableAccess::names([self.variable(random)]),
        }
    }

    fn variable(&self, random: &mut Random) -> ObjectName {
        draw(&self.variables, random)
            .cloned()
            .unwrap_or_else(|| ObjectName::Vmd(NOTHING.to_owned()))
    }

    fn data_set(&self, random: &mut Random) -> ObjectName {
        match random.below(4) {
            0 => ObjectName::Aa(DATA_SET.to_owned()),
            _ => draw(&self.data_sets, random)
                .cloned()
                .unwrap_or_else(|| ObjectName::Aa(DATA_SET.to_owned())),
        }
    }
}

/// A part of a variable, which it need not have.
fn part(random: &mut Random, depth: usize) -> AlternateAccess {
    let selector = match random.below(4) {
        0 => Selector::Index(0),
        1 => Selector::IndexRange { low: 0, count: 1 },
        2 => Selector::AllElements,
        _ => Selector::Component("stVal".to_owned()),
    };
    if depth == DEEPEST_PART || random.below(3) > 0 {
        return AlternateAccess::select(selector);
    }
    let selection = AccessSelection::Nested(selector, part(random, depth.saturating_add(1)));
    AlternateAccess {
        items: vec![AlternateAccessItem {
            name: None,
            selection,
        }],
    }
}

fn draw<'a, T>(list: &'a [T], random: &mut Random) -> Option<&'a T> {
    list.get(random.below(list.len()))
}

/// Keeps at most [`MOST`], from all over the list.
fn thin<T>(list: &mut Vec<T>) {
    let step = list.len().div_ceil(MOST).max(1);
    let mut index = 0_usize;
    list.retain(|_| {
        let keep = index.is_multiple_of(step);
        index = index.saturating_add(1);
        keep
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::mms::Pdu;

    fn builtin() -> Pool {
        let description = iedassay_model::scl::builtin().unwrap();
        Pool::of(&description.model)
    }

    #[test]
    fn every_request_is_valid_and_none_names_a_control() {
        let pool = builtin();
        assert!(!pool.switches.is_empty());
        assert!(!pool.journals.is_empty());
        let mut random = Random::new(1);
        for _ in 0..2000 {
            let request = pool.request(&mut random);
            let octets = Pdu::request(1, request.clone()).encode();
            assert_eq!(
                Pdu::decode(&octets).unwrap(),
                Pdu::request(1, request.clone())
            );
            let text = String::from_utf8_lossy(&octets).into_owned();
            assert!(!text.contains("$CO$"), "{request:?}");
        }
    }

    #[test]
    fn a_device_without_a_model_is_asked_too() {
        let pool = Pool::default();
        let mut random = Random::new(1);
        for _ in 0..200 {
            let _ = Pdu::request(1, pool.request(&mut random)).encode();
        }
    }

    #[test]
    fn what_is_thinned_comes_from_all_over() {
        let mut list: Vec<usize> = (0..1000).collect();
        thin(&mut list);
        assert!(list.len() <= MOST);
        assert_eq!(list.first(), Some(&0));
        assert!(list.last() > Some(&990));
    }
}
