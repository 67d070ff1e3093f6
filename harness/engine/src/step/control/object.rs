//! The object that a command is for: what the model has of it, and what the IED says of it.

use std::time::Duration;

use iedassay_client::Client;
use iedassay_model::tree::{Node, ServerModel};
use iedassay_model::{Fc, ObjectReference};
use iedassay_wire::mms::{Data, ObjectName, ReadRequest, Request, Response, VariableAccess};

use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::{Reply, ask};
use crate::step::read::read_quietly;
use crate::value::main_leaf;

/// A control object of the model, or one that only has a name.
pub(in crate::step) struct Object<'m> {
    model: &'m ServerModel,
    /// `LD/LN.DO`, as messages have it.
    pub(in crate::step) text: String,
    pub(super) domain: String,
    /// `LN$CO$DO`.
    pub(super) item: String,
    /// The object under CO.
    pub(super) node: Option<Node<'m>>,
    /// The status it acts on.
    pub(super) status: Option<Node<'m>>,
    /// The configured control model, from the description.
    pub(in crate::step) ctl_model: Option<i64>,
}

impl<'m> Object<'m> {
    pub(in crate::step) fn of(model: &'m ServerModel, text: &str) -> Result<Self, Trouble> {
        let mut reference: ObjectReference = text
            .parse()
            .map_err(|error| Trouble::suite(format!("`{text}` is no control object: {error}")))?;
        reference.fc = Some(Fc::CO);
        let node = model.resolve_reference(&reference);
        let item = reference.mms_item();
        let domain = reference.ld.clone();
        let status = [Fc::ST, Fc::MX].into_iter().find_map(|fc| {
            let object = model.resolve_reference(&ObjectReference {
                fc: Some(fc),
                ..reference.clone()
            })?;
            let leaf = object.child("stVal").unwrap_or_else(|| main_leaf(object));
            leaf.is_leaf().then_some(leaf)
        });
        let ctl_model = model
            .resolve_reference(&ObjectReference {
                fc: Some(Fc::CF),
                ..reference.clone()
            })
            .and_then(|object| object.child("ctlModel"))
            .and_then(|node| match node.default_data() {
                Data::Integer(number) => Some(number),
                _ => None,
            });
        reference.fc = None;
        Ok(Self {
            model,
            text: reference.to_string(),
            domain,
            item,
            node,
            status,
            ctl_model,
        })
    }

    /// The status it acts on.
    pub(in crate::step) fn status(&self) -> Option<Node<'m>> {
        self.status
    }

    /// The object under another functional constraint than CO.
    pub(in crate::step) fn under(&self, fc: Fc) -> Option<Node<'m>> {
        let mut reference: ObjectReference = self.text.parse().ok()?;
        reference.fc = Some(fc);
        self.model.resolve_reference(&reference)
    }

    pub(in crate::step) fn part(&self, name: &str) -> Option<Node<'m>> {
        self.node.and_then(|node| node.child(name))
    }

    /// Whether a name on the wire is that of this object or of a part of it.
    pub(in crate::step) fn is_named(&self, domain: &str, item: &str) -> bool {
        domain == self.domain
            && item
                .strip_prefix(self.item.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('$'))
    }

    pub(in crate::step) fn name(&self, part: &str) -> ObjectName {
        ObjectName::domain(self.domain.clone(), format!("{}${part}", self.item))
    }

    /// Selected by a write of SBOw (enhanced security), not by a read of SBO.
    pub(super) fn selects_with_value(&self) -> bool {
        match self.node {
            Some(_) => {
                self.part("SBOw").is_some()
                    && (self.ctl_model == Some(4) || self.part("SBO").is_none())
            }
            None => self.ctl_model == Some(4),
        }
    }

    /// Enhanced security: LastApplError is then required (IEC 61850-8-1).
    pub(super) fn enhanced(&self) -> bool {
        matches!(self.ctl_model, Some(3 | 4))
    }

    pub(in crate::step) fn ctl_val(&self) -> Option<Node<'m>> {
        ["Oper", "SBOw", "Cancel"]
            .into_iter()
            .find_map(|part| self.part(part)?.child("ctlVal"))
    }
}

/// A real device trips a real breaker: only what the target lists is operated, whatever the plan thought.
pub(in crate::step) fn allowed(cx: &CaseRun<'_>, object: &Object<'_>) -> Result<(), Trouble> {
    if cx.shared.target.allow().may_operate(&object.text) {
        return Ok(());
    }
    let what = format!("the target does not allow operating {}", object.text);
    Err(Trouble::new(
        crate::verdict::IncidentKind::Precondition,
        what,
    ))
}

/// Reads SBO: the reference of the object says selected, an empty text says no (IEC 61850-8-1, Select).
pub(in crate::step) async fn read_sbo(
    client: &Client,
    object: &Object<'_>,
    within: Duration,
) -> (Reply, String) {
    let request = Request::Read(ReadRequest::new(VariableAccess::names(
        [object.name("SBO")],
    )));
    let mut reply = ask(client, request, within).await;
    let mut reference = String::new();
    if let Some(Response::Read(response)) = &reply.response {
        reply.outcome = match response.results.as_slice() {
            [Ok(data)] => match data.as_str() {
                Some("") => Outcome::NegativeAnswer("SBO is empty".to_owned()),
                Some(text) => {
                    text.clone_into(&mut reference);
                    Outcome::Success
                }
                None => Outcome::Malformed(format!("SBO is {}, not a visible string", data.kind())),
            },
            [Err(error)] => Outcome::DataAccessError(error.0),
            other => Outcome::Malformed(format!("{} results for one variable", other.len())),
        };
    }
    (reply, reference)
}

pub(in crate::step) async fn status_of(
    cx: &CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
) -> Option<Data> {
    let node = object.status?;
    let name = ObjectName::domain(node.domain(), node.item());
    read_quietly(client, name, cx.shared.timeouts.request()).await
}
