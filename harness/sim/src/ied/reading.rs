//! Read (IEC 61850-8-1: GetDataValues, GetAllDataValues, GetDataSetValues, Get...CBValues, Select).

use std::sync::Arc;

use iedassay_model::{
    BlockKind, Fc,
    tree::{BType, Node, NodeKind},
};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{
    AccessResult, Data, DataAccessError, ErrorCode, Float, ListedVariable, ReadRequest,
    ReadResponse, Response, TimeQuality, UtcTime, VariableAccess,
};

use super::{Ied, data_sets::locate, service::Outcome, sets::FEW, variables::select_parts};
use crate::{Fault, client::AssociationId, report::Time};

const UNKNOWN: DataAccessError = DataAccessError::OBJECT_NON_EXISTENT;

impl Ied {
    pub(super) fn read(&mut self, id: AssociationId, request: ReadRequest, now: Time) -> Outcome {
        let results = match &request.access {
            VariableAccess::ListOfVariable(variables) => {
                let results: Vec<AccessResult> = variables
                    .iter()
                    .map(|variable| self.read_variable(id, variable, now))
                    .collect();
                if results.contains(&Err(UNKNOWN)) {
                    if self.faults.has(Fault::UnknownReadSilent) {
                        return Outcome::Silence;
                    }
                    if self.faults.has(Fault::UnknownReadAborts) {
                        return Outcome::Abort;
                    }
                }
                self.disfigure(results)
            }
            VariableAccess::VariableListName(name) => match self.read_data_set(id, name, now) {
                Ok(results) => results,
                Err(code) => return code.into(),
            },
        };
        let access = request.specification_with_result.then_some(request.access);
        Outcome::Done(Response::Read(ReadResponse { access, results }))
    }

    /// What faults make of the results of a read.
    fn disfigure(&self, mut results: Vec<AccessResult>) -> Vec<AccessResult> {
        if self.faults.has(Fault::MultiReadReversed) {
            results.reverse();
        }
        if self.faults.has(Fault::MultiReadTruncated) {
            results.truncate(4);
        }
        if self.faults.has(Fault::UnknownReadTemporary) {
            for result in results.iter_mut().filter(|result| **result == Err(UNKNOWN)) {
                *result = Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
            }
        }
        results
    }

    fn read_variable(
        &mut self,
        id: AssociationId,
        variable: &ListedVariable,
        now: Time,
    ) -> AccessResult {
        let model = Arc::clone(&self.model);
        let node = match self.variable(variable) {
            // The handle borrows the whole IED; the same node of the model does not.
            Ok(node) => model.node(node.id()).ok_or(UNKNOWN)?,
            Err(error) => return self.read_unknown(variable, error),
        };
        if node.fc() == Some(Fc::CO) && node.name() == "SBO" && variable.alternate_access.is_none()
        {
            let object = node
                .parent()
                .and_then(|object| self.control_of(object))
                .ok_or(UNKNOWN)?;
            return Ok(self.select(id, object, now));
        }
        let whole = self.read_node(node, id, now)?;
        match &variable.alternate_access {
            Some(access) => select_parts(node, &whole, access),
            None => Ok(whole),
        }
    }

    fn read_unknown(&self, variable: &ListedVariable, error: DataAccessError) -> AccessResult {
        if self.faults.has(Fault::UnknownConstraintEmpty)
            && let Some(name) = variable.name()
            && let Some((ln, fc)) = name.item().split_once('$')
            && fc.len() == 2
            && self.find(name.domain_id().unwrap_or(""), ln).is_some()
        {
            return Ok(Data::Structure(Vec::new()));
        }
        Err(error)
    }

    /// The value of a node as a client sees it.
    pub(super) fn read_node(&self, node: Node<'_>, id: AssociationId, now: Time) -> AccessResult {
        // In idle there is nothing to read in the edit buffer. As a part of more it is there all the same.
        if node.fc() == Some(Fc::SE) {
            self.groups.may_read(node.domain(), id)?;
        }
        let mut data = self.shown(node, now);
        if node.kind() == NodeKind::Constraint
            && self.faults.has(Fault::ConstraintReadLacksObject)
            && let Data::Structure(objects) = &mut data
        {
            objects.pop();
        }
        if let NodeKind::Block(kind) = node.kind()
            && let Data::Structure(attributes) = &mut data
        {
            let lacks = match kind {
                BlockKind::Gocb => self.faults.has(Fault::GooseBlockLacksAttribute),
                BlockKind::Msvcb | BlockKind::Usvcb => {
                    self.faults.has(Fault::SvBlockLacksAttribute)
                }
                _ => false,
            };
            if lacks {
                attributes.pop();
            }
        }
        Ok(data)
    }

    fn shown(&self, node: Node<'_>, now: Time) -> Data {
        if let NodeKind::BlockAttribute = node.kind()
            && let Some(data) = self.block_attribute(node)
        {
            return data;
        }
        if node.is_leaf() || node.count().is_some() {
            return self.shown_cell(node, now);
        }
        Data::Structure(
            self.children(node)
                .into_iter()
                .map(|child| self.shown(child, now))
                .collect(),
        )
    }

    fn shown_cell(&self, node: Node<'_>, now: Time) -> Data {
        let data = self.store.read(node);
        match (&data, node.btype()) {
            (Data::BitString(bits), Some(BType::Quality))
                if self.faults.has(Fault::QualityOfSixteenBits) =>
            {
                let mut longer = bits.clone();
                (bits.len()..16).for_each(|_| longer.push(false));
                Data::BitString(longer)
            }
            (Data::BitString(bits), Some(BType::Quality))
                if self.faults.has(Fault::QualityMirrored) =>
            {
                Data::BitString(mirrored(bits))
            }
            (Data::BitString(bits), Some(BType::Dbpos))
                if self.faults.has(Fault::DbposMirrored) =>
            {
                Data::BitString(mirrored(bits))
            }
            (Data::FloatingPoint(Float::F32(number)), _)
                if self.faults.has(Fault::FloatAsDouble) =>
            {
                Data::FloatingPoint(Float::F64(f64::from(*number)))
            }
            (Data::UtcTime(time), _) if self.faults.has(Fault::FractionInMilliseconds) => {
                let millis = (u64::from(time.fraction) * 1000) >> 24;
                Data::UtcTime(UtcTime {
                    fraction: u32::try_from(millis).unwrap_or_default(),
                    ..*time
                })
            }
            (Data::UtcTime(time), _) if self.faults.has(Fault::TimeAccuracyUndefined) => {
                let quality = TimeQuality(time.quality.0 & 0xe0 | 27);
                Data::UtcTime(UtcTime { quality, ..*time })
            }
            (Data::UtcTime(_), _)
                if matches!(node.fc(), Some(Fc::ST | Fc::MX))
                    && node.name() == "t"
                    && self.faults.has(Fault::TimestampOfReading) =>
            {
                Data::UtcTime(self.clock.stamp(now))
            }
            _ => data,
        }
    }

    /// An attribute of a control block that has a life of its own.
    fn block_attribute(&self, node: Node<'_>) -> Option<Data> {
        let (block, kind) = node.block()?;
        match kind {
            BlockKind::Urcb | BlockKind::Brcb => self
                .blocks
                .get(*self.block_at.get(&block.id())?)?
                .read(node.name()),
            BlockKind::Lcb => self.logs.read(block, node.name()),
            BlockKind::Sgcb => self.groups.read(node.domain(), node.name()),
            BlockKind::Gocb | BlockKind::Msvcb | BlockKind::Usvcb => {
                self.publishers.read(block, node.name(), &self.world())
            }
        }
    }

    fn read_data_set(
        &mut self,
        id: AssociationId,
        name: &iedassay_wire::mms::ObjectName,
        now: Time,
    ) -> Result<Vec<AccessResult>, ErrorCode> {
        let Some(set) = self.data_set(id, name) else {
            if self.faults.has(Fault::UnknownDataSetReadEmpty) {
                return Ok(Vec::new());
            }
            return Err(ErrorCode::OBJECT_NON_EXISTENT);
        };
        let model = Arc::clone(&self.model);
        let stale = self.faults.has(Fault::DataSetValuesStale);
        let mut results = Vec::new();
        for member in &set.members {
            results.push(match locate(&model, member) {
                Some((node, selection)) if stale => self.initial.read_part(node, &selection),
                Some((node, selection)) if !selection.is_empty() => {
                    self.store.read_part(node, &selection)
                }
                Some((node, _)) => self.read_node(node, id, now),
                None => Err(UNKNOWN),
            });
        }
        if self.faults.has(Fault::DataSetReadLacksMember) {
            results.pop();
        }
        if self.truncates_data_sets() {
            results.truncate(FEW);
        }
        Ok(results)
    }
}

fn mirrored(bits: &BitString) -> BitString {
    let mut order: Vec<bool> = bits.iter().collect();
    order.reverse();
    BitString::from_bits(order)
}
