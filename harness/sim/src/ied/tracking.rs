//! Service tracking (IEC 61850-7-2, tracking of services): a data object of LTRK holds what the last service of its kind was asked
//! for, by whom, and how it ended. Classes are those of IEC 61850-7-3 (CST and those made of it).
//!
//! A service is tracked by the object of its kind in the logical device of what it is about, else by the first in the server, else
//! by `GenTrk`. A request that names nothing the model has is not tracked.

mod outcome;

use std::{borrow::Cow, sync::Arc};

use iedassay_model::{
    BlockKind, Fc, Selection,
    tree::{Node, NodeId, ServerModel},
};
use iedassay_wire::mms::{Data, ObjectName, UtcTime, WriteResult};

use super::{
    Ied, Update,
    control::{scatter, update},
    service::Outcome,
};
use crate::{
    Fault,
    client::AssociationId,
    control::{AddCause, Command, Refusal},
    value::check,
};
pub(super) use outcome::ServiceError;

/// What is tracked when nothing else is there for it.
const GENERIC: &str = "GenTrk";

/// A service, as `serviceType` numbers it (IEC 61850-7-2, ServiceNameKind).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Service(u8);

impl Service {
    const SET_DATA_VALUES: Self = Self(8);
    pub(super) const SET_DATA_SET_VALUES: Self = Self(12);
    pub(super) const CREATE_DATA_SET: Self = Self(13);
    pub(super) const DELETE_DATA_SET: Self = Self(14);
    const SELECT_ACTIVE_SG: Self = Self(16);
    const SELECT_EDIT_SG: Self = Self(17);
    const SET_EDIT_SG_VALUE: Self = Self(18);
    const CONFIRM_EDIT_SG_VALUES: Self = Self(19);
    const SET_BRCB_VALUES: Self = Self(24);
    const SET_URCB_VALUES: Self = Self(26);
    const SET_LCB_VALUES: Self = Self(28);
    const SET_GOCB_VALUES: Self = Self(34);
    const SET_MSVCB_VALUES: Self = Self(39);
    const SET_USVCB_VALUES: Self = Self(42);
    pub(super) const SELECT: Self = Self(43);
    pub(super) const SELECT_WITH_VALUE: Self = Self(44);
    pub(super) const CANCEL: Self = Self(45);
    pub(super) const OPERATE: Self = Self(46);
    pub(super) const COMMAND_TERMINATION: Self = Self(47);
    pub(super) const TIME_ACTIVATED_OPERATE: Self = Self(48);
}

/// The objects that track, in the order of the model.
#[derive(Debug, Default)]
pub(crate) struct Tracking {
    objects: Vec<(String, String, NodeId)>,
}

impl Tracking {
    pub(crate) fn new(model: &ServerModel) -> Self {
        let nodes = model.nodes().filter(|(_, ln)| ln.class == "LTRK");
        let objects = nodes.flat_map(|(ld, ln)| {
            let item = format!("{}${}", ln.name, Fc::SR.as_str());
            let tracked = model.resolve(&ld.name, &item);
            tracked
                .into_iter()
                .flat_map(Node::children)
                .map(|object| (ld.name.clone(), object.name().to_owned(), object.id()))
        });
        Self {
            objects: objects.collect(),
        }
    }

    /// The object of a name, which a number may follow (`EncTrk1`), for what is in a logical device.
    fn find(&self, domain: &str, name: &str) -> Option<NodeId> {
        let of_name = |name: &str| {
            let mut found = self.objects.iter().filter(|(_, object, _)| {
                object.trim_end_matches(|c: char| c.is_ascii_digit()) == name
            });
            let first = found.clone().next();
            found.find(|(ld, ..)| ld == domain).or(first)
        };
        of_name(name)
            .or_else(|| of_name(GENERIC))
            .map(|(.., id)| *id)
    }
}

/// A service that was done, or refused.
#[derive(Debug)]
struct Tracked<'a> {
    /// The object for services of this kind.
    by: &'static str,
    service: Service,
    /// The logical device and the reference of what the service is about.
    domain: &'a str,
    reference: String,
    error: ServiceError,
    /// The address of the client; empty when it has gone.
    originator: Vec<u8>,
    /// The parameters of the service, under the names that they have in the object.
    parameters: Vec<(String, Data)>,
}

impl Ied {
    /// A write of one variable, which is SetDataValues, Set...CBValues or a service of setting groups. Services of control track
    /// themselves.
    pub(super) fn track_write(
        &mut self,
        id: AssociationId,
        node: Node<'_>,
        selection: &[Selection],
        data: &Data,
        result: &WriteResult,
    ) {
        let node = component(node, selection);
        let error = match result {
            Ok(()) => ServiceError::NONE,
            Err(error) => (*error).into(),
        };
        let Some((block, kind)) = node.block() else {
            if node.fc() != Some(Fc::CO) {
                let service = if node.fc() == Some(Fc::SE) {
                    Service::SET_EDIT_SG_VALUE
                } else {
                    Service::SET_DATA_VALUES
                };
                let mut reference = node.reference();
                reference.fc = None;
                self.track_by_name(id, service, node.domain(), reference.to_string(), error);
            }
            return;
        };
        let (by, service) = match (kind, node.name()) {
            (BlockKind::Brcb, _) if self.faults.has(Fault::BufferedTrackedAsUnbuffered) => {
                ("UrcbTrk", Service::SET_URCB_VALUES)
            }
            (BlockKind::Brcb, _) => ("BrcbTrk", Service::SET_BRCB_VALUES),
            (BlockKind::Urcb, _) => ("UrcbTrk", Service::SET_URCB_VALUES),
            (BlockKind::Lcb, _) => ("LocbTrk", Service::SET_LCB_VALUES),
            (BlockKind::Gocb, _) if self.faults.has(Fault::GooseServicesNotTracked) => return,
            (BlockKind::Gocb, _) => ("GocbTrk", Service::SET_GOCB_VALUES),
            (BlockKind::Msvcb, _) if self.faults.has(Fault::MulticastTrackedAsUnicast) => {
                ("UsvcbTrk", Service::SET_USVCB_VALUES)
            }
            (BlockKind::Usvcb, _) if self.faults.has(Fault::UnicastTrackedAsMulticast) => {
                ("MsvcbTrk", Service::SET_MSVCB_VALUES)
            }
            (BlockKind::Msvcb, _) => ("MsvcbTrk", Service::SET_MSVCB_VALUES),
            (BlockKind::Usvcb, _) => ("UsvcbTrk", Service::SET_USVCB_VALUES),
            (BlockKind::Sgcb, "ActSG") => ("SgcbTrk", Service::SELECT_ACTIVE_SG),
            (BlockKind::Sgcb, "EditSG") => ("SgcbTrk", Service::SELECT_EDIT_SG),
            (BlockKind::Sgcb, "CnfEdit") if !self.faults.has(Fault::ConfirmationNotTracked) => {
                ("SgcbTrk", Service::CONFIRM_EDIT_SG_VALUES)
            }
            // No service writes anything else of an SGCB.
            (BlockKind::Sgcb, _) => return,
        };
        let mut reference = block.reference();
        reference.fc = None;
        let parameters = self.block_parameters(id, block, node, data);
        self.track(Tracked {
            by,
            service,
            domain: node.domain(),
            reference: reference.to_string(),
            error,
            originator: self.originator(id),
            parameters,
        });
    }

    /// The attributes of a control block after the service, with what the service asked for in place of what is there.
    fn block_parameters(
        &self,
        id: AssociationId,
        block: Node<'_>,
        written: Node<'_>,
        data: &Data,
    ) -> Vec<(String, Data)> {
        if self.faults.has(Fault::TrackedParametersMissing) {
            return Vec::new();
        }
        let attributes = block.children().filter_map(|attribute| {
            let value = if attribute.id() == written.id() {
                data.clone()
            } else {
                self.read_node(attribute, id, self.now).ok()?
            };
            // References in attributes of data are those of IEC 61850-7-2.
            let value = match (attribute.name(), value) {
                ("DatSet" | "LogRef", Data::VisibleString(text)) => {
                    Data::VisibleString(text.replace('$', "."))
                }
                (_, value) => value,
            };
            Some((attribute.name().to_owned(), value))
        });
        attributes.collect()
    }

    /// A service that `GenTrk` tracks.
    pub(super) fn track_by_name(
        &mut self,
        id: AssociationId,
        service: Service,
        domain: &str,
        reference: String,
        error: ServiceError,
    ) {
        let deletion = service == Service::DELETE_DATA_SET
            && self.faults.has(Fault::DeletionTrackedAsCreation);
        self.track(Tracked {
            by: GENERIC,
            service: if deletion {
                Service::CREATE_DATA_SET
            } else {
                service
            },
            domain,
            reference,
            error,
            originator: self.originator(id),
            parameters: Vec::new(),
        });
    }

    /// A service about a data set.
    pub(super) fn track_data_set(
        &mut self,
        id: AssociationId,
        service: Service,
        name: &ObjectName,
        error: ServiceError,
    ) {
        let (domain, reference) = match name {
            ObjectName::Domain { domain, item } => (
                domain.as_str(),
                format!("{domain}/{}", item.replace('$', ".")),
            ),
            ObjectName::Aa(name) => ("", format!("@{}", name.strip_prefix('@').unwrap_or(name))),
            ObjectName::Vmd(name) => ("", name.clone()),
        };
        self.track_by_name(id, service, domain, reference, error);
    }

    /// CreateDataSet, by what it led to.
    pub(super) fn track_definition(
        &mut self,
        id: AssociationId,
        name: &ObjectName,
        outcome: &Outcome,
    ) {
        self.track_data_set(id, Service::CREATE_DATA_SET, name, outcome.into());
    }

    /// A service of control; without the command when there is none, or none that can be understood.
    pub(super) fn track_control(
        &mut self,
        id: AssociationId,
        at: usize,
        service: Service,
        command: Option<&Command>,
        outcome: Result<(), Refusal>,
    ) {
        let Some((domain, item)) = self.control_name(at) else {
            return;
        };
        let model = Arc::clone(&self.model);
        let Some(object) = model.resolve(&domain, &item) else {
            return;
        };
        let cause = match outcome {
            Err(refusal) if !self.faults.has(Fault::TrackedCauseMissing) => refusal.cause,
            _ => AddCause::NONE,
        };
        let mut parameters = vec![("respAddCause".to_owned(), Data::Integer(i64::from(cause.0)))];
        if let Some(command) = command {
            parameters.extend(self.command_parameters(command));
        }
        let mut reference = object.reference();
        reference.fc = None;
        self.track(Tracked {
            by: of_class(object),
            service,
            domain: &domain,
            reference: reference.to_string(),
            error: outcome.err().map_or(ServiceError::NONE, Into::into),
            originator: self.originator(id),
            parameters,
        });
    }

    fn command_parameters(&self, command: &Command) -> Vec<(String, Data)> {
        let origin = if self.faults.has(Fault::TrackedOriginLost) {
            vec![Data::Integer(0), Data::OctetString(Vec::new())]
        } else {
            vec![
                Data::Integer(command.or_cat),
                Data::OctetString(command.or_ident.clone()),
            ]
        };
        let oper_tm = command.oper_tm.map_or_else(UtcTime::default, |at| {
            UtcTime::from_since_epoch(at, self.clock.quality(self.now))
        });
        let check = command.check.clone().map(Data::BitString);
        [
            ("ctlVal", command.value.clone()),
            ("operTm", Data::UtcTime(oper_tm)),
            ("origin", Data::Structure(origin)),
            ("ctlNum", Data::Unsigned(command.ctl_num)),
            ("T", Data::UtcTime(command.time)),
            ("Test", Data::Boolean(command.test)),
        ]
        .into_iter()
        .chain(check.map(|check| ("Check", check)))
        .map(|(name, data)| (name.to_owned(), data))
        .collect()
    }

    /// Who asked: the address, as `Owner` of a control block shows it.
    fn originator(&self, id: AssociationId) -> Vec<u8> {
        self.client(id)
            .map(|client| client.octets())
            .unwrap_or_default()
    }

    /// Everything at one instant, so that whoever reports the object tells each service once.
    fn track(&mut self, tracked: Tracked<'_>) {
        let refused = tracked.error != ServiceError::NONE;
        if self.faults.has(Fault::ServicesNotTracked)
            || refused && self.faults.has(Fault::RefusalsNotTracked)
        {
            return;
        }
        let model = Arc::clone(&self.model);
        let object = self.tracking.find(tracked.domain, tracked.by);
        let Some(object) = object.and_then(|id| model.node(id)) else {
            return;
        };
        let mut updates = Vec::new();
        for (name, data) in &tracked.parameters {
            if let Some(node) = parameter(object, name)
                && check(node, data).is_ok()
            {
                scatter(node, data, &mut updates);
            }
        }
        updates.extend(self.common(object, tracked));
        if self.faults.has(Fault::TrackingNotReported) {
            for update in &mut updates {
                update.triggers.dupd = false;
            }
        }
        self.commit(updates, self.now);
    }

    /// What every tracking class has.
    fn common(&self, object: Node<'_>, tracked: Tracked<'_>) -> Vec<Update> {
        let mut reference = Cow::from(tracked.reference);
        if self.faults.has(Fault::TrackedReferenceOfNode)
            && let Some((node, _)) = reference.rsplit_once('.')
        {
            reference = Cow::from(node.to_owned());
        }
        let mut service = tracked.service.0;
        if self.faults.has(Fault::ServicesCountedFromZero) {
            service = service.saturating_sub(1);
        }
        let mut error = tracked.error;
        if self.faults.has(Fault::TrackedErrorAlwaysNone) {
            error = ServiceError::NONE;
        }
        let time = self.clock.stamp(self.now);
        let time = (!self.faults.has(Fault::TrackedTimeFrozen)).then_some(Data::UtcTime(time));
        [
            ("objRef", Some(Data::VisibleString(reference.into_owned()))),
            ("serviceType", Some(Data::Integer(i64::from(service)))),
            ("errorCode", Some(Data::Integer(i64::from(error.0)))),
            ("originatorID", Some(Data::OctetString(tracked.originator))),
            ("t", time),
        ]
        .into_iter()
        .filter_map(|(name, data)| {
            let node = object.child(name)?;
            let data = data?;
            check(node, &data).ok()?;
            Some(update(node, data))
        })
        .collect()
    }
}

/// The node that the first names of a selection lead to.
fn component<'a>(mut node: Node<'a>, selection: &[Selection]) -> Node<'a> {
    for step in selection {
        let next = match step {
            Selection::Component(name) if node.count().is_none() => node.child(name),
            _ => None,
        };
        match next {
            Some(child) => node = child,
            None => break,
        }
    }
    node
}

/// The attribute of a tracking object for a parameter: names there begin small (`rptEna` of `RptEna`, `gi` of `GI`), but for those
/// of control (`T`, `Test`, `Check`).
fn parameter<'a>(object: Node<'a>, name: &str) -> Option<Node<'a>> {
    let name = match name {
        "OldEntr" => "oldEnt",
        "NewEntr" => "newEnt",
        other => other,
    };
    object.child(name).or_else(|| {
        object
            .children()
            .find(|child| child.name() != "t" && child.name().eq_ignore_ascii_case(name))
    })
}

/// The tracking object for controls of a common data class.
fn of_class(object: Node<'_>) -> &'static str {
    match object.cdc() {
        Some("SPC") => "SpcTrk",
        Some("DPC") => "DpcTrk",
        Some("INC") => "IncTrk",
        Some("ENC") => "EncTrk",
        Some("BSC") => "BscTrk",
        Some("ISC") => "IscTrk",
        Some("BAC") => "BacTrk",
        Some("APC") => {
            let value = object.child("Oper").and_then(|oper| oper.child("ctlVal"));
            let float = value.is_some_and(|value| value.child("f").is_some());
            if float { "ApcFTrk" } else { "ApcIntTrk" }
        }
        _ => GENERIC,
    }
}
