//! The attributes of a report control block, by name, as they are read and as they are put back.

use std::time::Duration;

use iedassay_client::Client;
use iedassay_client::services::report_blocks;
use iedassay_model::tree::{Node, ServerModel};
use iedassay_model::{BlockKind, BlockReference};
use iedassay_wire::mms::{Data, ObjectName, ReadRequest, Request, Response, VariableAccess};

use crate::runner::clients::{Reply, ask};

/// The attributes of a report control block, by name, in the order of the wire.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RcbState {
    pub(crate) attributes: Vec<(String, Data)>,
}

impl RcbState {
    /// Names the components of a block that was read as a whole.
    pub(crate) fn of(data: &Data, block: &BlockReference, node: Option<Node<'_>>) -> Option<Self> {
        let values = data.members()?;
        let children: Vec<&str> = node
            .map(|node| node.children().map(Node::name).collect())
            .unwrap_or_default();
        let names: Vec<String> = if children.len() == values.len() {
            children.into_iter().map(str::to_owned).collect()
        } else {
            report_blocks::names_of(block.kind, values)
        };
        let attributes = names.into_iter().zip(values.iter().cloned()).collect();
        Some(Self { attributes })
    }

    /// The value of an attribute. TimeofEntry is met with a capital `O` too.
    pub(crate) fn get(&self, name: &str) -> Option<&Data> {
        self.attributes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, data)| data)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Data::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name).and_then(Data::as_u64)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Data::as_bool).unwrap_or(false)
    }

    /// What is wrong with order and types, held against IEC 61850-8-1; nothing when all is as it should be.
    pub(crate) fn misfit(&self, kind: BlockKind) -> Option<String> {
        report_blocks::misfit(kind, &self.attributes)
    }
}

/// The block itself as a variable.
pub(crate) fn block_object(block: &BlockReference) -> ObjectName {
    ObjectName::domain(block.ld.clone(), block.mms_item())
}

/// An attribute of the block as a variable.
pub(crate) fn attribute_object(block: &BlockReference, attribute: &str) -> ObjectName {
    ObjectName::domain(block.ld.clone(), block.attribute_item(attribute))
}

/// Reads all attributes of a block in one request.
pub(crate) async fn read_state(
    client: &Client,
    model: &ServerModel,
    block: &BlockReference,
    within: Duration,
) -> (Reply, Option<RcbState>) {
    let request = Request::Read(ReadRequest::new(VariableAccess::names([block_object(
        block,
    )])));
    let mut reply = ask(client, request, within).await;
    let result = match &reply.response {
        Some(Response::Read(response)) => response.results.first().cloned(),
        _ => None,
    };
    let state = match result {
        Some(Ok(data)) => {
            let node = model.resolve(&block.ld, &block.mms_item());
            RcbState::of(&data, block, node)
        }
        Some(Err(error)) => {
            reply.outcome = crate::outcome::Outcome::DataAccessError(error.0);
            None
        }
        None => None,
    };
    (reply, state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_model::scl;

    fn state(block: &str) -> (RcbState, BlockReference) {
        let model = scl::builtin().unwrap().model;
        let at = model
            .report_controls()
            .find(|at| at.block.name == block)
            .unwrap();
        let reference = at.reference();
        let node = model.resolve(&reference.ld, &reference.mms_item()).unwrap();
        (
            RcbState::of(&node.default_data(), &reference, Some(node)).unwrap(),
            reference,
        )
    }

    fn first(buffered: bool) -> String {
        let model = scl::builtin().unwrap().model;
        model
            .report_controls()
            .find(|at| at.block.buffered == buffered)
            .unwrap()
            .block
            .name
            .clone()
    }

    #[test]
    fn blocks_of_the_built_in_model_are_as_the_standard_has_them() {
        for buffered in [false, true] {
            let (state, reference) = state(&first(buffered));
            assert_eq!(state.misfit(reference.kind), None);
            assert!(!state.flag("RptEna"));
        }
    }

    #[test]
    fn names_are_found_without_a_model() {
        let (known, reference) = state(&first(true));
        let data = Data::Structure(
            known
                .attributes
                .iter()
                .map(|(_, data)| data.clone())
                .collect(),
        );
        let guessed = RcbState::of(&data, &reference, None).unwrap();
        assert_eq!(guessed, known);
    }

    #[test]
    fn wrong_order_and_wrong_type_are_told() {
        let (mut state, reference) = state(&first(false));
        state.attributes.swap(1, 2);
        assert!(
            state
                .misfit(reference.kind)
                .unwrap()
                .contains("out of order")
        );
        state.attributes.swap(1, 2);
        state.attributes[0].1 = Data::Integer(1);
        assert_eq!(
            state.misfit(reference.kind).unwrap(),
            "RptID should be visible-string, is integer 1"
        );
    }
}
