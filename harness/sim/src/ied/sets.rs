//! Named variable lists (IEC 61850-8-1: GetDataSetDirectory, CreateDataSet, DeleteDataSet).

use iedassay_model::{Fc, ObjectReference, Selection};
use iedassay_wire::mms::{
    DefineNamedVariableListRequest, DeleteNamedVariableListRequest,
    DeleteNamedVariableListResponse, ErrorCode, ListedVariable, NamedVariableListAttributes,
    ObjectName, RejectReason, Response, ScopeOfDelete, VariableSpecification,
};

use super::{
    Ied,
    data_sets::{DataSet, locate},
    service::Outcome,
    tracking::{Service, ServiceError},
    variables::{alternate, path},
};
use crate::{Fault, client::AssociationId};

/// Members after which large data sets end, with the fault.
pub(super) const FEW: usize = 6;

/// Longest name of a data set (IEC 61850-7-2, ObjectName of data sets).
const MAX_NAME: usize = 32;

impl Ied {
    /// The data set of a name in the scope of an association.
    pub(super) fn data_set(&self, id: AssociationId, name: &ObjectName) -> Option<DataSet> {
        match name {
            ObjectName::Domain { domain, item } => self.sets.persistent(domain, item).cloned(),
            ObjectName::Aa(name) => {
                let name = name.strip_prefix('@').unwrap_or(name);
                let own = self.sets.own(id, name);
                own.or_else(|| {
                    let shared = self.faults.has(Fault::AssociationDataSetsShared);
                    shared.then(|| self.sets.of_anybody(name)).flatten()
                })
                .cloned()
            }
            ObjectName::Vmd(_) => None,
        }
    }

    pub(super) fn truncates_data_sets(&self) -> bool {
        self.faults.has(Fault::LargeDataSetTruncated)
    }

    pub(super) fn data_set_directory(&self, id: AssociationId, name: &ObjectName) -> Outcome {
        let Some(mut set) = self.data_set(id, name) else {
            if self.faults.has(Fault::UnknownDataSetDirectoryEmpty) {
                let empty = NamedVariableListAttributes {
                    mms_deletable: false,
                    variables: Vec::new(),
                };
                return Outcome::Done(Response::GetNamedVariableListAttributes(empty));
            }
            return ErrorCode::OBJECT_NON_EXISTENT.into();
        };
        if self.truncates_data_sets() {
            set.members.truncate(FEW);
        }
        if self.faults.has(Fault::DataSetDirectorySorted) {
            set.members.sort_by_key(ObjectReference::mms_text);
        }
        let variables = set
            .members
            .iter()
            .filter_map(|member| member.to_mms().ok())
            .map(|name| {
                ListedVariable::new(
                    ObjectName::domain(name.domain, name.item),
                    alternate(&name.selection),
                )
            })
            .collect();
        let mms_deletable = if set.deletable {
            !self.faults.has(Fault::CreatedDataSetNotDeletable)
        } else {
            self.faults.has(Fault::ConfiguredDataSetDeletable)
        };
        Outcome::Done(Response::GetNamedVariableListAttributes(
            NamedVariableListAttributes {
                mms_deletable,
                variables,
            },
        ))
    }

    pub(super) fn define_data_set(
        &mut self,
        id: AssociationId,
        request: &DefineNamedVariableListRequest,
    ) -> Outcome {
        let services = &self.model.services;
        let limits = services.dyn_data_set.unwrap_or_default();
        if services.stated && services.dyn_data_set.is_none() {
            return ErrorCode::OBJECT_ACCESS_DENIED.into();
        }
        let config = self.config.data_sets;
        let limit =
            |stated: Option<u32>, own| stated.and_then(|n| usize::try_from(n).ok()).unwrap_or(own);
        if request.variables.is_empty() {
            return Outcome::Rejected(RejectReason::REQUEST_INVALID_ARGUMENT);
        }
        let mut most = limit(limits.max_attributes, config.max_members);
        if self.faults.has(Fault::DataSetMembersTooFew) {
            most = most.saturating_sub(1);
        }
        if request.variables.len() > most && !self.faults.has(Fault::DataSetMembersUnlimited) {
            return ErrorCode::CAPABILITY_UNAVAILABLE.into();
        }
        if self.data_set(id, &request.name).is_some()
            && !self.faults.has(Fault::DuplicateDataSetAccepted)
        {
            return ErrorCode::OBJECT_EXISTS.into();
        }
        let mut members: Vec<ObjectReference> = request
            .variables
            .iter()
            .filter_map(|variable| self.member(variable))
            .collect();
        if members.len() < request.variables.len() && !self.faults.has(Fault::UnknownMemberLeftOut)
        {
            return ErrorCode::OBJECT_UNDEFINED.into();
        }
        if self.faults.has(Fault::CreatedMembersReversed) {
            members.reverse();
        }
        let gone_too = (self.faults.has(Fault::DeletedDataSetsCounted)).then(|| self.sets.made());
        match &request.name {
            ObjectName::Domain { domain, item } => {
                let known = item.split_once('$').is_some_and(|(ln, name)| {
                    let fitting = !name.is_empty() && name.len() <= MAX_NAME && !name.contains('$');
                    let there = self.model.logical_node(domain, ln).is_some();
                    fitting && (there || self.faults.has(Fault::DataSetOfUnknownNodeAccepted))
                });
                if !known {
                    return ErrorCode::OBJECT_NON_EXISTENT.into();
                }
                let defined = self
                    .model
                    .logical_devices()
                    .iter()
                    .flat_map(|device| self.sets.of_domain(&device.name));
                let count =
                    gone_too.unwrap_or_else(|| defined.filter(|(_, set)| set.deletable).count());
                let mut most = limit(limits.max, config.max_persistent);
                if self.faults.has(Fault::DataSetsTooFew) {
                    most = most.saturating_sub(1);
                }
                if count >= most && !self.faults.has(Fault::DataSetsUnlimited) {
                    return ErrorCode::CAPABILITY_UNAVAILABLE.into();
                }
                // One of this name is only there with the fault.
                self.sets.delete(domain, item);
                self.sets.define(domain, item, members);
                self.keep_set(domain, item);
            }
            ObjectName::Aa(name) => {
                let name = name.strip_prefix('@').unwrap_or(name);
                if name.is_empty() || name.len() > MAX_NAME {
                    return ErrorCode::OBJECT_NON_EXISTENT.into();
                }
                let mut most = config.max_of_association;
                if self.faults.has(Fault::AssociationDataSetsTooFew) {
                    most = most.saturating_sub(1);
                }
                if gone_too.unwrap_or(self.sets.of_association(id).len()) >= most
                    && !self.faults.has(Fault::AssociationDataSetsUnlimited)
                {
                    return ErrorCode::CAPABILITY_UNAVAILABLE.into();
                }
                self.sets.delete_own(id, name);
                self.sets.define_own(id, name, members);
            }
            ObjectName::Vmd(_) => return ErrorCode::OBJECT_ACCESS_UNSUPPORTED.into(),
        }
        Outcome::Done(Response::DefineNamedVariableList)
    }

    /// The member that a listed variable means: data with a functional constraint, known to the model.
    fn member(&self, variable: &ListedVariable) -> Option<ObjectReference> {
        let VariableSpecification::Name(ObjectName::Domain { domain, item }) =
            &variable.specification
        else {
            return None;
        };
        let mut reference = ObjectReference::from_mms(domain, item).ok()?;
        let selection = variable
            .alternate_access
            .as_ref()
            .map(path)
            .transpose()
            .ok()?
            .unwrap_or_default();
        for step in selection {
            match step {
                Selection::Index(index) => reference.path.last_mut()?.index = Some(index),
                Selection::Component(name) => reference.path.push(iedassay_model::Step::new(name)),
            }
        }
        let mut fc = reference.fc?;
        if locate(&self.model, &reference).is_none()
            && self.faults.has(Fault::WrongFcMemberAccepted)
        {
            for other in [Fc::ST, Fc::MX, Fc::SP, Fc::CF] {
                reference.fc = Some(other);
                if locate(&self.model, &reference).is_some() {
                    fc = other;
                    break;
                }
            }
        }
        let (node, _) = locate(&self.model, &reference)?;
        let data = !fc.is_control_block() && node.block().is_none() && !reference.path.is_empty();
        data.then_some(reference)
    }

    pub(super) fn delete_data_sets(
        &mut self,
        id: AssociationId,
        request: &DeleteNamedVariableListRequest,
    ) -> Outcome {
        let Some(names) = request
            .names
            .as_ref()
            .filter(|_| request.scope == ScopeOfDelete::SPECIFIC)
        else {
            return ErrorCode::OBJECT_ACCESS_UNSUPPORTED.into();
        };
        let (mut matched, mut deleted) = (0, 0);
        for name in names {
            let track = |ied: &mut Self, error| {
                ied.track_data_set(id, Service::DELETE_DATA_SET, name, error);
            };
            let Some(set) = self.data_set(id, name) else {
                track(self, ServiceError::INSTANCE_NOT_AVAILABLE);
                if self.faults.has(Fault::UnknownDataSetDeletionConfirmed) {
                    (matched, deleted) = (matched + 1, deleted + 1);
                }
                continue;
            };
            matched += 1;
            let bound = match name {
                ObjectName::Domain { domain, item } => self.is_bound(&format!("{domain}/{item}")),
                ObjectName::Aa(name) => {
                    self.is_bound(&format!("@{}", name.strip_prefix('@').unwrap_or(name)))
                }
                ObjectName::Vmd(_) => false,
            };
            let fixed = !set.deletable && !self.faults.has(Fault::ConfiguredDataSetDeleted);
            let used = bound && !self.faults.has(Fault::DataSetInUseDeleted);
            if fixed || used {
                let error = if fixed {
                    ServiceError::ACCESS_VIOLATION
                } else {
                    ServiceError::INSTANCE_IN_USE
                };
                track(self, error);
                continue;
            }
            track(self, ServiceError::NONE);
            if !self.faults.has(Fault::DataSetDeletionNotTold) {
                deleted += 1;
            }
            if self.faults.has(Fault::DataSetDeletionWithoutEffect) {
                continue;
            }
            match name {
                ObjectName::Domain { domain, item } => {
                    self.sets.delete(domain, item);
                    self.keep_set(domain, item);
                }
                ObjectName::Aa(name) => self
                    .sets
                    .delete_own(id, name.strip_prefix('@').unwrap_or(name)),
                ObjectName::Vmd(_) => {}
            }
        }
        Outcome::Done(Response::DeleteNamedVariableList(
            DeleteNamedVariableListResponse { matched, deleted },
        ))
    }
}
