//! A sequence of what is done to a device, drawn from a seed: the same seed and number always give the same sequence.

use iedassay_wire::error::Layer;
use iedassay_wire::mms::Pdu;
use iedassay_wire::mutate::{Mutation, Random};
use iedassay_wire::presentation::UserData;
use iedassay_wire::session::data_prefix;

use super::frame::{Change, Envelope, Message};
use super::permit::permitted;
use super::pool::Pool;

/// One of the two connections of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Link {
    A,
    B,
}

impl Link {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }
}

/// One thing that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Opens the TCP connection.
    Open(Link),
    /// Sends a message.
    Send(Box<Send>),
    /// Does nothing for so many milliseconds.
    Pause(u64),
    /// Closes the connection, with a reset or without.
    Close { link: Link, reset: bool },
}

/// A message with what is done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Send {
    pub(super) link: Link,
    pub(super) message: Message,
    pub(super) changes: Vec<Change>,
    /// How many octets are written at once; 0 is all.
    pub(super) piece: usize,
    /// How often it is sent.
    pub(super) times: usize,
}

impl Step {
    /// The connection it is about.
    pub(super) const fn link(&self) -> Option<Link> {
        match self {
            Self::Open(link) | Self::Close { link, .. } => Some(*link),
            Self::Send(send) => Some(send.link),
            Self::Pause(_) => None,
        }
    }

    /// In words.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Open(link) => format!("{}: open the connection", link.name()),
            Self::Pause(time) => format!("wait {time} ms"),
            Self::Close { link, reset: false } => format!("{}: close the connection", link.name()),
            Self::Close { link, reset: true } => format!("{}: reset the connection", link.name()),
            Self::Send(send) => {
                let mut text = format!("{}: {}", send.link.name(), send.message.describe());
                for change in &send.changes {
                    text.push_str(&format!(", {}", change.mutation));
                }
                if send.piece > 0 {
                    text.push_str(&format!(", {} octets at a time", send.piece));
                }
                if send.times > 1 {
                    text.push_str(&format!(", {} times", send.times));
                }
                text
            }
        }
    }
}

/// What sequences are drawn from.
pub(super) struct Source<'a> {
    pub(super) envelope: &'a Envelope,
    pub(super) pool: &'a Pool,
    pub(super) seed: u64,
}

impl Source<'_> {
    /// The sequence of this number.
    pub(super) fn draw(&self, number: u64) -> Vec<Step> {
        let mut random = Random::new(self.seed.wrapping_add(number.wrapping_mul(0x9e37_79b9)));
        // Neighbouring seeds would begin alike.
        random = Random::new(random.next_u64());
        let mut steps = self.association(Link::A, &mut random);
        if random.below(10) < 3 {
            let other = self.association(Link::B, &mut random);
            steps = interleave(steps, other, &mut random);
        }
        self.disturb(&mut steps, &mut random);
        steps
    }

    /// A valid association from its first octet to its end.
    fn association(&self, link: Link, random: &mut Random) -> Vec<Step> {
        let mut steps = vec![Step::Open(link), say(link, self.envelope.transport())];
        steps.extend(self.envelope.connect().map(|connect| say(link, connect)));
        for invoke in 1..=random.below(7) {
            let request = self.pool.request(random);
            let pdu = Pdu::request(u32::try_from(invoke).unwrap_or(1), request);
            steps.push(say(link, Message::Mms(pdu.encode())));
        }
        match random.below(10) {
            0..=2 => steps.push(Step::Close { link, reset: false }),
            3 | 4 => steps.push(Step::Close { link, reset: true }),
            5 | 6 => {
                steps.push(say(link, Message::Mms(Pdu::ConcludeRequest.encode())));
                steps.push(say(link, self.envelope.finish()));
            }
            7 => steps.push(say(link, self.envelope.finish())),
            8 => steps.push(say(link, self.envelope.abort())),
            _ => {}
        }
        // It ends in the middle now and then.
        if random.below(6) == 0 {
            let keep = random.below(steps.len()).max(1);
            steps.truncate(keep);
            steps.push(Step::Close {
                link,
                reset: random.below(2) == 1,
            });
        }
        steps
    }

    /// Makes it wrong in one to three ways.
    fn disturb(&self, steps: &mut Vec<Step>, random: &mut Random) {
        for _ in 0..=random.below(3) {
            let sends: Vec<usize> = (0..steps.len())
                .filter(|index| matches!(steps.get(*index), Some(Step::Send(_))))
                .collect();
            let Some(at) = sends.get(random.below(sends.len())).copied() else {
                return;
            };
            match random.below(20) {
                0 => {
                    let other = sends.get(random.below(sends.len())).copied().unwrap_or(at);
                    steps.swap(at, other);
                }
                1 => steps.insert(at, Step::Pause(random.below(300).max(1) as u64)),
                2 => {
                    steps.remove(at);
                }
                kind => {
                    if let Some(Step::Send(send)) = steps.get_mut(at) {
                        match kind {
                            3 => send.times = random.below(40).saturating_add(2),
                            4 => send.piece = [1, 7, 64][random.below(3) % 3],
                            _ => self.change(send, random),
                        }
                    }
                }
            }
        }
    }

    /// Adds a change, unless what comes of it may not be sent.
    fn change(&self, send: &mut Send, random: &mut Random) {
        let layers = send.message.layers();
        let layer = match random.below(10) {
            0..=6 => layers.first().copied().flatten(),
            _ => layers.get(random.below(layers.len())).copied().flatten(),
        };
        let of_layer: Vec<Mutation> = Mutation::ALL
            .iter()
            .copied()
            .filter(|mutation| mutation.layer() == layer)
            .collect();
        let Some(mutation) = of_layer.get(random.below(of_layer.len())).copied() else {
            return;
        };
        let seed = random.next_u64();
        send.changes.push(Change { mutation, seed });
        if !self.may_send(send) {
            send.changes.pop();
        }
    }

    fn may_send(&self, send: &Send) -> bool {
        may_send(self.envelope, send)
    }
}

/// Whether a message may be sent with its changes.
pub(super) fn may_send(envelope: &Envelope, send: &Send) -> bool {
    let Some(valid) = send.message.mms() else {
        return true;
    };
    let within: Vec<Change> = send
        .changes
        .iter()
        .filter(|change| matches!(change.mutation.layer(), None | Some(Layer::Presentation)))
        .copied()
        .collect();
    let octets = envelope.tsdu(&send.message, &within);
    let ppdu = octets.get(data_prefix().len()..).unwrap_or_default();
    match UserData::decode(ppdu, 0) {
        Ok(UserData::Full(pdvs)) => pdvs.iter().all(|pdv| permitted(pdv.values)),
        // One change broke what is around the PDU, which is as it was; two may have changed both.
        _ => within.len() <= 1 && permitted(valid),
    }
}

fn say(link: Link, message: Message) -> Step {
    Step::Send(Box::new(Send {
        link,
        message,
        changes: Vec::new(),
        piece: 0,
        times: 1,
    }))
}

fn interleave(a: Vec<Step>, b: Vec<Step>, random: &mut Random) -> Vec<Step> {
    let mut out = Vec::with_capacity(a.len().saturating_add(b.len()));
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        let from_a = match (a.peek(), b.peek()) {
            (None, None) => return out,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(_), Some(_)) => random.below(2) == 0,
        };
        out.extend(if from_a { a.next() } else { b.next() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::association::InitiatorConfig;
    use iedassay_wire::mms::{ObjectName, Request};
    use std::collections::BTreeSet;

    fn with_source(check: impl FnOnce(&Source<'_>)) {
        let description = iedassay_model::scl::builtin().unwrap();
        let envelope = Envelope::new(&InitiatorConfig::default(), 1024).unwrap();
        let pool = Pool::of(&description.model);
        check(&Source {
            envelope: &envelope,
            pool: &pool,
            seed: 9,
        });
    }

    #[test]
    fn a_number_always_gives_the_same_and_each_another() {
        with_source(|source| {
            let drawn: Vec<_> = (0..50).map(|number| source.draw(number)).collect();
            for (number, steps) in (0..).zip(&drawn) {
                assert_eq!(*steps, source.draw(number));
            }
            let texts: BTreeSet<String> = drawn.iter().map(|steps| format!("{steps:?}")).collect();
            assert_eq!(texts.len(), 50);
        });
    }

    #[test]
    fn mutations_of_all_layers_come_and_nothing_that_harms() {
        with_source(|source| {
            let mut used = BTreeSet::new();
            let mut disturbed = [false; 4];
            for number in 0..4000 {
                for step in source.draw(number) {
                    match step {
                        Step::Send(send) => {
                            disturbed[0] |= send.times > 1;
                            disturbed[1] |= send.piece > 0;
                            used.extend(send.changes.iter().map(|c| c.mutation));
                            harmless(source, &send);
                        }
                        Step::Pause(time) => disturbed[2] |= time > 0,
                        Step::Close { reset, .. } => disturbed[3] |= reset,
                        Step::Open(_) => {}
                    }
                }
            }
            assert_eq!(disturbed, [true; 4]);
            let never: Vec<_> = Mutation::ALL
                .iter()
                .filter(|mutation| !used.contains(mutation))
                .collect();
            assert!(never.is_empty(), "{never:?}");
        });
    }

    /// What our own decoder understands of it is a request that may be sent, whatever the filter thought.
    fn harmless(source: &Source<'_>, send: &Send) {
        let tsdu = source.envelope.tsdu(&send.message, &send.changes);
        let Some(ppdu) = tsdu.get(4..) else { return };
        let Ok(UserData::Full(pdvs)) = UserData::decode(ppdu, 0) else {
            return;
        };
        for pdv in pdvs {
            let Ok(Pdu::ConfirmedRequest(request)) = Pdu::decode(pdv.values) else {
                continue;
            };
            match request.service {
                Request::Write(write) => {
                    let text = format!("{write:?}");
                    // A write of nothing writes nothing.
                    if text.contains("ListOfVariable([])") {
                        continue;
                    }
                    assert!(text.contains("$RP$"), "{text}");
                    assert!(
                        ["RptEna", "GI", "Resv"]
                            .iter()
                            .any(|end| text.contains(end)),
                        "{text}"
                    );
                }
                Request::FileDelete(_) | Request::FileRename(_) | Request::ObtainFile(_) => {
                    panic!("{request:?}")
                }
                Request::DefineNamedVariableList(define) => {
                    assert!(matches!(define.name, ObjectName::Aa(_)), "{define:?}");
                }
                _ => {}
            }
        }
    }
}
