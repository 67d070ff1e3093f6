//! What suites change in messages that are right.

use std::sync::Arc;

use iedassay_client::{Alter, Pace};
use iedassay_wire::Layer;
use iedassay_wire::cotp::codes;
use iedassay_wire::mutate::{mutate, mutate_at, rewrap, unwrap};

use super::permission::allowed;
use crate::cel::Hex;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::suite::Allowance;
use crate::suite::steps::{Alteration, AlteredLayer, AlteredMessage, Pace as PaceFields};

/// The most octets that one message is blown up to.
const MOST: usize = 1 << 20;

/// A change with its values.
#[derive(Debug, Clone)]
struct Change {
    hex: Option<Vec<u8>>,
    mutation: Option<(iedassay_wire::mutate::Mutation, Option<usize>, u64)>,
    find: Option<Vec<u8>>,
    at: Option<usize>,
    octets: Vec<u8>,
    keep: Option<usize>,
    append: Vec<u8>,
}

impl Change {
    fn of(cx: &CaseRun<'_>, fields: &Alteration) -> Result<Self, Trouble> {
        let octets = |field| -> Result<Option<Vec<u8>>, Trouble> {
            Ok(cx.eval_opt::<Hex>(field)?.map(|Hex(octets)| octets))
        };
        let number = |field| -> Result<Option<usize>, Trouble> {
            let value: Option<u32> = cx.eval_opt(field)?;
            Ok(value.and_then(|value| usize::try_from(value).ok()))
        };
        let change = Self {
            hex: octets(fields.hex.as_ref())?,
            mutation: match cx.eval_opt(fields.mutation.as_ref())? {
                Some(name) => Some((
                    name.0,
                    number(fields.element.as_ref())?,
                    u64::from(cx.eval_opt(fields.seed.as_ref())?.unwrap_or(0)),
                )),
                None => None,
            },
            find: octets(fields.find.as_ref())?,
            at: number(fields.at.as_ref())?,
            octets: octets(fields.octets.as_ref())?.unwrap_or_default(),
            keep: number(fields.keep.as_ref())?,
            append: octets(fields.append.as_ref())?.unwrap_or_default(),
        };
        let nothing = change.hex.is_none()
            && change.mutation.is_none()
            && change.find.is_none()
            && change.at.is_none()
            && change.keep.is_none()
            && change.append.is_empty();
        if nothing {
            return Err(Trouble::suite("`alter` changes nothing"));
        }
        Ok(change)
    }

    /// The octets with the change made, or why it cannot be made.
    fn make(&self, right: &[u8]) -> Result<Vec<u8>, String> {
        let mut out = self.hex.clone().unwrap_or_else(|| right.to_vec());
        if let Some((mutation, element, seed)) = self.mutation {
            let mutated = match element {
                Some(place) => mutate_at(&out, mutation, place, seed),
                None => mutate(&out, mutation, seed),
            };
            out = mutated.ok_or_else(|| format!("the mutation `{mutation}` applies nowhere"))?;
        }
        if let Some(find) = &self.find {
            let at = out
                .windows(find.len().max(1))
                .position(|window| window == find.as_slice())
                .ok_or("what `find` names does not occur")?;
            out.splice(at..at + find.len(), self.octets.iter().copied());
        }
        if let Some(at) = self.at {
            let end = at + self.octets.len();
            if end > out.len() {
                return Err(format!("`at` is behind the {} octets there are", out.len()));
            }
            out.splice(at..end, self.octets.iter().copied());
        }
        if let Some(keep) = self.keep {
            out.truncate(keep);
        }
        out.extend_from_slice(&self.append);
        if out.len() > MOST {
            return Err(format!("more than {MOST} octets"));
        }
        Ok(out)
    }
}

/// What `send-raw` sends.
pub(super) fn altered(
    cx: &CaseRun<'_>,
    fields: Option<&Alteration>,
    octets: Vec<u8>,
) -> Result<Vec<u8>, Trouble> {
    let Some(fields) = fields else {
        return Ok(octets);
    };
    if fields.message.is_some() || fields.layer.is_some() {
        return Err(Trouble::suite(
            "`alter` of `send-raw` has no `message` and no `layer`: it changes the octets of the step",
        ));
    }
    Change::of(cx, fields)?
        .make(&octets)
        .map_err(Trouble::suite)
}

/// What is done to the packets of an attempt; nothing for one that is left as it is.
pub(super) fn alter(
    cx: &CaseRun<'_>,
    alterations: &[Alteration],
    right: &[Vec<u8>; 2],
) -> Result<Option<Alter>, Trouble> {
    if alterations.is_empty() {
        return Ok(None);
    }
    allowed(cx, Allowance::Robustness)?;
    let mut changes = Vec::new();
    for fields in alterations {
        let message = cx.eval_opt(fields.message.as_ref())?;
        let layer = cx.eval_opt(fields.layer.as_ref())?;
        let (Some(message), Some(layer)) = (message, layer) else {
            return Err(Trouble::suite(
                "`alter` of `associate` needs `message` and `layer`",
            ));
        };
        let layer = layer_of(layer);
        let change = Change::of(cx, fields)?;
        // Whether it can be made shows on the messages that would be sent.
        let [request, connect] = right;
        let packet = match message {
            AlteredMessage::ConnectionRequest => request,
            AlteredMessage::Connect => connect,
        };
        changed(packet, layer, &change).map_err(Trouble::suite)?;
        changes.push((message, layer, change));
    }
    Ok(Some(Arc::new(move |packet: Vec<u8>| {
        let Some(message) = message_of(&packet) else {
            return packet;
        };
        changes
            .iter()
            .filter(|(of, ..)| *of == message)
            .fold(packet, |packet, (_, layer, change)| {
                changed(&packet, *layer, change).unwrap_or(packet)
            })
    })))
}

fn changed(packet: &[u8], layer: Layer, change: &Change) -> Result<Vec<u8>, String> {
    let pdu = unwrap(packet, layer).ok_or("the message has no such layer")?;
    rewrap(packet, layer, &change.make(&pdu)?).ok_or_else(|| "it fits no message".to_owned())
}

fn message_of(packet: &[u8]) -> Option<AlteredMessage> {
    match packet.get(5)? & 0xf0 {
        codes::CR => Some(AlteredMessage::ConnectionRequest),
        codes::DT => Some(AlteredMessage::Connect),
        _ => None,
    }
}

const fn layer_of(layer: AlteredLayer) -> Layer {
    match layer {
        AlteredLayer::Tcp => Layer::Tpkt,
        AlteredLayer::Cotp => Layer::Cotp,
        AlteredLayer::Session => Layer::Session,
        AlteredLayer::Presentation => Layer::Presentation,
        AlteredLayer::Acse => Layer::Acse,
        AlteredLayer::Mms => Layer::Mms,
    }
}

/// How octets are handed to TCP.
pub(super) fn pace(cx: &CaseRun<'_>, fields: Option<&PaceFields>) -> Result<Option<Pace>, Trouble> {
    let Some(fields) = fields else {
        return Ok(None);
    };
    let octets = usize::try_from(cx.eval(&fields.octets)?).unwrap_or(usize::MAX);
    if octets == 0 {
        return Err(Trouble::suite("`octets: 0` sends nothing"));
    }
    Ok(Some(Pace {
        octets,
        every: cx.eval(&fields.every)?.duration(),
    }))
}
