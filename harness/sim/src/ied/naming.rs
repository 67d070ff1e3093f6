//! Names and types (IEC 61850-8-1: GetServerDirectory, GetLogicalDeviceDirectory, GetLogicalNodeDirectory, GetDataDirectory,
//! GetDataDefinition).

use iedassay_model::tree::{BType, Node, NodeKind};
use iedassay_wire::mms::{
    Component, ErrorCode, ExtendedObjectClass, GetNameListRequest,
    GetVariableAccessAttributesRequest, NameListResponse, ObjectClass, ObjectName, ObjectScope,
    RejectReason, Response, TypeSpecification, VariableAccessAttributes,
};

use super::{Ied, service::Outcome};
use crate::{Fault, client::AssociationId};

/// Most names in one response, so that clients meet more than one even with large PDUs.
const PAGE: usize = 100;

impl Ied {
    pub(super) fn get_name_list(&self, id: AssociationId, request: &GetNameListRequest) -> Outcome {
        let ExtendedObjectClass::Object(class) = request.class else {
            return ErrorCode::OBJECT_ACCESS_UNSUPPORTED.into();
        };
        let names = match (class, &request.scope) {
            (ObjectClass::DOMAIN, ObjectScope::Vmd) => self.domain_names(),
            (
                ObjectClass::NAMED_VARIABLE
                | ObjectClass::NAMED_VARIABLE_LIST
                | ObjectClass::JOURNAL,
                ObjectScope::Domain(domain),
            ) => {
                let domain = self.spelt(domain);
                if self.model.logical_device(&domain).is_some() {
                    self.names_in(class, &domain)
                } else if self.faults.has(Fault::UnknownDomainEmpty) {
                    Vec::new()
                } else {
                    return ErrorCode::OBJECT_NON_EXISTENT.into();
                }
            }
            (ObjectClass::NAMED_VARIABLE_LIST, ObjectScope::Aa) => self
                .sets
                .of_association(id)
                .iter()
                .map(|(name, _)| name.clone())
                .collect(),
            (
                ObjectClass::NAMED_VARIABLE
                | ObjectClass::NAMED_VARIABLE_LIST
                | ObjectClass::JOURNAL,
                _,
            ) => Vec::new(),
            _ => return ErrorCode::OBJECT_ACCESS_UNSUPPORTED.into(),
        };
        match self.page(&names, request.continue_after.as_deref(), self.max_pdu(id)) {
            // A client that got no name and was told of more would ask for ever.
            Some(page) if page.names.is_empty() && page.more_follows && !names.is_empty() => {
                if self.never_ends() {
                    return Outcome::Done(Response::GetNameList(page));
                }
                ErrorCode::PDU_SIZE.into()
            }
            Some(page) => Outcome::Done(Response::GetNameList(page)),
            None => ErrorCode::OBJECT_NON_EXISTENT.into(),
        }
    }

    fn domain_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .model
            .logical_devices()
            .iter()
            .map(|device| device.name.clone())
            .collect();
        if self.faults.has(Fault::DomainHidden) {
            names.pop();
        }
        names
    }

    fn names_in(&self, class: ObjectClass, domain: &str) -> Vec<String> {
        match class {
            ObjectClass::NAMED_VARIABLE => {
                let mut names: Vec<String> = self.model.names(domain).map(str::to_owned).collect();
                if self.faults.has(Fault::LogicalNodeHidden)
                    && let Some(last) = self.model.roots(domain).last()
                {
                    names.retain(|name| name.split('$').next() != Some(last.name()));
                }
                names
            }
            ObjectClass::NAMED_VARIABLE_LIST => {
                let mut names: Vec<String> = self
                    .sets
                    .of_domain(domain)
                    .iter()
                    .filter(|(_, set)| {
                        !set.deletable || !self.faults.has(Fault::CreatedDataSetHidden)
                    })
                    .map(|(name, _)| name.clone())
                    .collect();
                if self.faults.has(Fault::DataSetHidden) {
                    names.pop();
                }
                names
            }
            _ => self.logs.journals(domain),
        }
    }

    /// The names behind the one to continue after, as many as fit; none when there is no such name.
    fn page(
        &self,
        names: &[String],
        after: Option<&str>,
        max_pdu: usize,
    ) -> Option<NameListResponse> {
        let begin = match after {
            None => 0,
            Some(after) => match names.iter().position(|name| name == after) {
                Some(at) if self.faults.has(Fault::NameListPagesOverlap) => at,
                Some(at) if self.faults.has(Fault::NameListPagesSkip) => at + 2,
                Some(at) => at + 1,
                None if self.faults.has(Fault::ContinueAfterRestarts) => 0,
                None => return None,
            },
        };
        let rest = names.get(begin..).unwrap_or(&[]);
        // Tags and lengths of the PDU around the names, and of each name.
        let mut room = max_pdu.saturating_sub(32);
        let mut count = 0;
        for name in rest.iter().take(PAGE) {
            let size = name.len() + if name.len() < 128 { 2 } else { 4 };
            if size > room {
                break;
            }
            room -= size;
            count += 1;
        }
        Some(NameListResponse {
            names: rest.iter().take(count).cloned().collect(),
            more_follows: count < rest.len() || self.never_ends(),
        })
    }

    fn never_ends(&self) -> bool {
        self.faults.has(Fault::NameListNeverEnds)
    }

    pub(super) fn get_type(&self, request: &GetVariableAccessAttributesRequest) -> Outcome {
        let node = match request {
            GetVariableAccessAttributesRequest::Name(ObjectName::Domain { domain, item }) => {
                self.find(domain, item)
            }
            GetVariableAccessAttributesRequest::Name(_) => None,
            GetVariableAccessAttributesRequest::Address(_) => {
                return ErrorCode::OBJECT_ACCESS_UNSUPPORTED.into();
            }
        };
        match node {
            Some(node) => Outcome::Done(Response::GetVariableAccessAttributes(
                VariableAccessAttributes {
                    mms_deletable: false,
                    address: None,
                    type_spec: self.type_of(node),
                },
            )),
            None if self.faults.has(Fault::UnknownTypeSilent) => Outcome::Silence,
            None if self.faults.has(Fault::UnknownTypeRejected) => {
                Outcome::Rejected(RejectReason::REQUEST_INVALID_ARGUMENT)
            }
            None => ErrorCode::OBJECT_NON_EXISTENT.into(),
        }
    }

    fn type_of(&self, node: Node<'_>) -> TypeSpecification {
        let element = match node.btype() {
            Some(BType::Boolean) if self.faults.has(Fault::TypeBooleanAsInteger) => {
                TypeSpecification::Integer(8)
            }
            Some(btype) if node.is_leaf() => btype.type_spec(),
            _ => {
                let mut children = self.children(node);
                if node.kind() == NodeKind::Constraint && self.faults.has(Fault::TypeLacksObject) {
                    children.pop();
                }
                let components = children
                    .into_iter()
                    .map(|child| Component {
                        name: Some(child.name().to_owned()),
                        type_spec: self.type_of(child),
                    })
                    .collect();
                TypeSpecification::Structure {
                    packed: false,
                    components,
                }
            }
        };
        match node.count() {
            Some(count) => TypeSpecification::Array {
                packed: false,
                count,
                element: Box::new(element),
            },
            None => element,
        }
    }

    /// What is directly in a node, in the order in which it is served.
    pub(super) fn children<'a>(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut children: Vec<Node<'a>> = node.children().collect();
        if matches!(node.kind(), NodeKind::Block(_)) && self.faults.has(Fault::RcbAttributesSwapped)
        {
            let at = |name| children.iter().position(|child| child.name() == name);
            if let (Some(buf_tm), Some(sq_num)) = (at("BufTm"), at("SqNum")) {
                children.swap(buf_tm, sq_num);
            }
        }
        children
    }

    /// The node of a variable.
    pub(super) fn find(&self, domain: &str, item: &str) -> Option<Node<'_>> {
        let (domain, item) = self.spelling(domain, Some(item));
        self.model.resolve(&domain, &item)
    }

    fn spelt(&self, domain: &str) -> String {
        self.spelling(domain, None).0
    }

    /// Names as the model spells them; without the fault, as they are.
    fn spelling(&self, domain: &str, item: Option<&str>) -> (String, String) {
        let item = item.unwrap_or_default();
        let as_is = || (domain.to_owned(), item.to_owned());
        if !self.faults.has(Fault::NamesIgnoreCase) {
            return as_is();
        }
        let devices = self.model.logical_devices();
        let Some(device) = devices
            .iter()
            .find(|device| device.name.eq_ignore_ascii_case(domain))
        else {
            return as_is();
        };
        let known = self
            .model
            .names(&device.name)
            .find(|name| name.eq_ignore_ascii_case(item));
        (device.name.clone(), known.unwrap_or(item).to_owned())
    }
}
