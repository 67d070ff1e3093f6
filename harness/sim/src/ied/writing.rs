//! Write (IEC 61850-8-1: SetDataValues, SetDataSetValues, Set...CBValues, SelectWithValue, Operate, Cancel).

use std::sync::Arc;

use iedassay_model::{
    BlockKind, Fc, Selection,
    tree::{Node, NodeKind},
};
use iedassay_wire::mms::{
    Data, DataAccessError, ErrorCode, ListedVariable, RejectReason, Response, VariableAccess,
    WriteRequest, WriteResponse, WriteResult,
};

use super::{
    Ied, Update,
    control::{Verb, scatter},
    data_sets::locate,
    limits::within_limits,
    service::Outcome,
    store::part,
    tracking::{Service, ServiceError},
    variables::path,
    world::World,
};
use crate::{
    Fault,
    client::AssociationId,
    report::Time,
    value::{check, check_element, cut, cut_text},
};

const UNKNOWN: DataAccessError = DataAccessError::OBJECT_NON_EXISTENT;

impl Ied {
    pub(super) fn write(
        &mut self,
        id: AssociationId,
        request: &WriteRequest,
        now: Time,
    ) -> Outcome {
        let model = Arc::clone(&self.model);
        let mut results: Vec<WriteResult> = Vec::new();
        match &request.access {
            VariableAccess::ListOfVariable(variables) => {
                if variables.len() != request.data.len() {
                    return Outcome::Rejected(RejectReason::REQUEST_INVALID_ARGUMENT);
                }
                let first_only = self.faults.has(Fault::MultiWriteFirstOnly);
                for (at, (variable, data)) in variables.iter().zip(&request.data).enumerate() {
                    let skipped = first_only && at > 0;
                    results.push(if skipped {
                        Ok(())
                    } else {
                        self.write_variable(id, variable, data, now)
                    });
                }
            }
            VariableAccess::VariableListName(name) => {
                let Some(set) = self.data_set(id, name) else {
                    let error = ServiceError::INSTANCE_NOT_AVAILABLE;
                    self.track_data_set(id, Service::SET_DATA_SET_VALUES, name, error);
                    if self.faults.has(Fault::UnknownDataSetWriteConfirmed) {
                        let results = request.data.iter().map(|_| Ok(())).collect();
                        return Outcome::Done(Response::Write(WriteResponse { results }));
                    }
                    return ErrorCode::OBJECT_NON_EXISTENT.into();
                };
                if set.members.len() != request.data.len() {
                    return Outcome::Rejected(RejectReason::REQUEST_INVALID_ARGUMENT);
                }
                let first_only = self.faults.has(Fault::DataSetWriteFirstOnly);
                for (at, (member, data)) in set.members.iter().zip(&request.data).enumerate() {
                    results.push(match locate(&model, member) {
                        _ if first_only && at > 0 => Ok(()),
                        Some((node, selection)) => self.write_node(id, node, &selection, data, now),
                        None => Err(UNKNOWN),
                    });
                }
                let refusal = results.iter().find_map(|result| result.err());
                let error = refusal.map_or(ServiceError::NONE, Into::into);
                self.track_data_set(id, Service::SET_DATA_SET_VALUES, name, error);
            }
        }
        if self.faults.has(Fault::MultiWriteSingleResult) {
            results.truncate(1);
        }
        Outcome::Done(Response::Write(WriteResponse { results }))
    }

    fn write_variable(
        &mut self,
        id: AssociationId,
        variable: &ListedVariable,
        data: &Data,
        now: Time,
    ) -> WriteResult {
        let model = Arc::clone(&self.model);
        let node = match self.variable(variable) {
            Ok(node) => model.node(node.id()).ok_or(UNKNOWN)?,
            Err(error) => return self.write_unknown(variable, error),
        };
        let selection = variable
            .alternate_access
            .as_ref()
            .map(path)
            .transpose()?
            .unwrap_or_default();
        let result = self.write_node(id, node, &selection, data, now);
        self.track_write(id, node, &selection, data, &result);
        result
    }

    fn write_unknown(&self, variable: &ListedVariable, error: DataAccessError) -> WriteResult {
        let item = variable.name().map_or("", |name| name.item());
        let of_report = item.contains("$RP$") || item.contains("$BR$");
        let fault = if of_report {
            self.faults.has(Fault::UnknownRcbWriteSucceeds)
        } else {
            self.faults.has(Fault::UnknownWriteSucceeds)
        };
        if fault && error == UNKNOWN {
            Ok(())
        } else {
            Err(error)
        }
    }

    fn write_node(
        &mut self,
        id: AssociationId,
        node: Node<'_>,
        selection: &[Selection],
        data: &Data,
        now: Time,
    ) -> WriteResult {
        // Components outside arrays are nodes of their own.
        if let Some((Selection::Component(name), rest)) = selection.split_first()
            && node.count().is_none()
        {
            return self.write_node(id, node.child(name).ok_or(UNKNOWN)?, rest, data, now);
        }
        match node.kind() {
            NodeKind::BlockAttribute => self.write_block(id, node, data, now),
            NodeKind::Block(_) => Err(DataAccessError::OBJECT_ACCESS_DENIED),
            _ if node.fc() == Some(Fc::CO) => self.write_control(id, node, data, now),
            _ => self.write_data(id, node, selection, data, now),
        }
    }

    fn write_control(
        &mut self,
        id: AssociationId,
        node: Node<'_>,
        data: &Data,
        now: Time,
    ) -> WriteResult {
        let denied = DataAccessError::OBJECT_ACCESS_DENIED;
        let verb = Verb::from_name(node.name()).ok_or(denied)?;
        let object = node
            .parent()
            .and_then(|object| self.control_of(object))
            .ok_or(denied)?;
        self.control(id, object, verb, node, data, now)
    }

    fn write_block(
        &mut self,
        id: AssociationId,
        node: Node<'_>,
        data: &Data,
        now: Time,
    ) -> WriteResult {
        let denied = Err(DataAccessError::OBJECT_ACCESS_DENIED);
        let Some((block, kind)) = node.block() else {
            return denied;
        };
        let publisher = matches!(kind, BlockKind::Gocb | BlockKind::Msvcb | BlockKind::Usvcb);
        // Only whole attributes of other blocks can be written.
        if node.parent() != Some(block) && !publisher {
            return denied;
        }
        let client = self.client(id).ok_or(UNKNOWN)?;
        // An EntryID of the wrong size is an invalid value, whatever its size.
        if !(node.name() == "EntryID" && matches!(data, Data::OctetString(_))) {
            check(node, data)?;
        }
        match kind {
            BlockKind::Urcb | BlockKind::Brcb => {
                let at = *self.block_at.get(&block.id()).ok_or(UNKNOWN)?;
                let Self {
                    blocks,
                    store,
                    sets,
                    faults,
                    clock,
                    ..
                } = self;
                let world = World {
                    store,
                    sets,
                    faults,
                    clock,
                };
                blocks
                    .get_mut(at)
                    .ok_or(UNKNOWN)?
                    .write(node.name(), data, &client, now, &world)
            }
            BlockKind::Lcb => {
                let Self {
                    logs,
                    store,
                    sets,
                    faults,
                    clock,
                    ..
                } = self;
                logs.write(
                    block,
                    node.name(),
                    data,
                    now,
                    &World {
                        store,
                        sets,
                        faults,
                        clock,
                    },
                )
            }
            BlockKind::Sgcb => {
                self.write_groups(node, data, id, now)?;
                self.keep_groups(node.domain());
                Ok(())
            }
            BlockKind::Gocb | BlockKind::Msvcb | BlockKind::Usvcb => {
                let Self {
                    publishers,
                    store,
                    sets,
                    faults,
                    clock,
                    ..
                } = self;
                let world = World {
                    store,
                    sets,
                    faults,
                    clock,
                };
                publishers.write(block, node, data, &client, &world)
            }
        }
    }

    fn write_data(
        &mut self,
        id: AssociationId,
        node: Node<'_>,
        selection: &[Selection],
        data: &Data,
        now: Time,
    ) -> WriteResult {
        self.may_write(node)?;
        if node.fc() == Some(Fc::SE) {
            self.groups.may_edit(node.domain(), id)?;
        }
        let Some(data) = self.checked(node, selection, data)? else {
            return Ok(());
        };
        if !within_limits(&self.store, node, &data)
            && !self.faults.has(Fault::SettingRangeUnchecked)
        {
            return Err(DataAccessError::OBJECT_VALUE_INVALID);
        }
        if node.fc() == Some(Fc::CF) && node.name() == "ctlModel" {
            self.may_change_model(node, &data)?;
        }
        if self.faults.has(Fault::WriteNotStored)
            || node.name() == "subID" && self.faults.has(Fault::SubIdNotStored)
        {
            return Ok(());
        }
        let mut updates = Vec::new();
        if selection.is_empty() {
            scatter(node, &data, &mut updates);
        } else {
            let mut whole = self.store.read(node);
            let (inside, slot) = part(node, &mut whole, selection)?;
            *slot = data;
            updates.push(Update {
                cell: node.id(),
                data: whole,
                triggers: inside.member_triggers(),
            });
        }
        self.commit(updates, now);
        match node.fc() {
            Some(Fc::SV | Fc::BL) => self.follow_hold(node, now),
            Some(Fc::CF) => self.follow_limits(node, now),
            Some(Fc::SE) => self.edited(node.domain(), now),
            _ => {}
        }
        Ok(())
    }

    /// A value for a node or a part of it, checked; none when it is to be ignored.
    fn checked(
        &self,
        node: Node<'_>,
        selection: &[Selection],
        data: &Data,
    ) -> Result<Option<Data>, DataAccessError> {
        let (typed, result) = if selection.is_empty() {
            (node, check(node, data))
        } else {
            let mut whole = self.store.read(node);
            let (inside, _) = part(node, &mut whole, selection)?;
            let element = matches!(selection.last(), Some(Selection::Index(_)));
            (
                inside,
                if element {
                    check_element(inside, data)
                } else {
                    check(inside, data)
                },
            )
        };
        match result {
            Ok(()) => Ok(Some(data.clone())),
            Err(DataAccessError::OBJECT_VALUE_INVALID)
                if self.faults.has(Fault::EnumRangeUnchecked) =>
            {
                Ok(Some(data.clone()))
            }
            Err(DataAccessError::TYPE_INCONSISTENT) => {
                let narrower = typed.btype().and_then(|btype| cut(btype, data));
                if narrower.is_some() && self.faults.has(Fault::WideIntegerCut) {
                    return Ok(narrower);
                }
                if let Some(btype) = typed.btype()
                    && self.faults.has(Fault::TextCut)
                    && let Some(shorter) = cut_text(btype, data)
                {
                    return Ok(Some(shorter));
                }
                if matches!(data, Data::VisibleString(_) | Data::MmsString(_))
                    && self.faults.has(Fault::TextLengthUnchecked)
                    && typed
                        .btype()
                        .is_some_and(|btype| cut_text(btype, data).is_some())
                {
                    return Ok(Some(data.clone()));
                }
                if self.faults.has(Fault::WrongTypeAccepted) {
                    return Ok(None);
                }
                Err(DataAccessError::TYPE_INCONSISTENT)
            }
            Err(error) => Err(error),
        }
    }
}
