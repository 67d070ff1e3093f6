//! Valid messages as octets for the stream, and the mutations of each layer of them.

use iedassay_wire::association::{
    Initiator, InitiatorConfig, ReleaseWay, Responder, ResponderConfig, Time,
};
use iedassay_wire::cotp::{Tpdu, packets};
use iedassay_wire::error::Layer;
use iedassay_wire::mutate::{Mutation, mutate};
use iedassay_wire::presentation::{MMS_CONTEXT, encode_data};
use iedassay_wire::session::{self, Spdu};
use iedassay_wire::{mms::Pdu, tpkt};

/// A mutation with the seed that chooses its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) mutation: Mutation,
    pub(super) seed: u64,
}

/// A valid message, which mutations are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    /// The connection request of the transport layer, without TPKT.
    Transport(Vec<u8>),
    /// CONNECT with everything in it: the PPDU, whose elements reach down to the Initiate request.
    Connect(Vec<u8>),
    /// An MMS PDU.
    Mms(Vec<u8>),
    /// Any other SPDU, as FINISH or ABORT.
    Session(Vec<u8>),
}

/// What an association begins and ends with.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    transport: Vec<u8>,
    connect: Vec<u8>,
    finish: Vec<u8>,
    abort: Vec<u8>,
    tpdu_size: usize,
}

impl Envelope {
    /// Of associations with this configuration, over TPDUs of that many octets: what our own client says to a server that agrees
    /// to everything. `None` when the two do not come together, which would be a mistake of the codec.
    pub(super) fn new(config: &InitiatorConfig, tpdu_size: usize) -> Option<Self> {
        let release = ReleaseWay {
            conclude: false,
            session: true,
        };
        let [transport, connect, finish] = said(config, |calling| {
            calling.release(release, Time::ZERO);
        })?;
        let [.., abort] = said(config, |calling| calling.abort(Time::ZERO))?;
        Some(Self {
            transport: transport.get(tpkt::HEADER..)?.to_vec(),
            connect: user_data(&connect)?,
            finish: user_data(&finish)?,
            abort: user_data(&abort)?,
            tpdu_size,
        })
    }

    pub(super) fn transport(&self) -> Message {
        Message::Transport(self.transport.clone())
    }

    /// `None` when the CONNECT cannot be taken apart again, which would be a mistake of the codec.
    pub(super) fn connect(&self) -> Option<Message> {
        match Spdu::decode(&self.connect).ok()? {
            Spdu::Connect(connect) => Some(Message::Connect(connect.user_data.to_vec())),
            _ => None,
        }
    }

    pub(super) fn finish(&self) -> Message {
        Message::Session(self.finish.clone())
    }

    pub(super) fn abort(&self) -> Message {
        Message::Session(self.abort.clone())
    }

    /// The octets for the stream of a message after its changes, layer by layer from the inside. A change that does not apply
    /// is left out.
    pub(super) fn octets(&self, message: &Message, changes: &[Change]) -> Vec<u8> {
        if let Message::Transport(tpdu) = message {
            return packet(tpdu.clone(), changes);
        }
        let tsdu = self.tsdu(message, changes);
        let tsdu = changed(tsdu, changes, Some(Layer::Session));
        let mut out = Vec::with_capacity(tsdu.len().saturating_add(16));
        for (index, whole) in packets(&tsdu, &[], self.tpdu_size).enumerate() {
            let tpdu = whole.get(tpkt::HEADER..).unwrap_or_default();
            // Headers are broken in the first segment; the others follow as they are.
            match index {
                0 => out.extend(packet(tpdu.to_vec(), changes)),
                _ => out.extend_from_slice(&whole),
            }
        }
        out
    }

    /// What the session layer is given to send, with the changes of what is inside.
    pub(super) fn tsdu(&self, message: &Message, changes: &[Change]) -> Vec<u8> {
        match message {
            Message::Transport(_) => Vec::new(),
            Message::Connect(ppdu) => self.with_user_data(&changed(ppdu.clone(), changes, None)),
            Message::Mms(pdu) => {
                let ppdu = encode_data(MMS_CONTEXT, pdu);
                let ppdu = changed(ppdu, changes, Some(Layer::Presentation));
                let ppdu = changed(ppdu, changes, None);
                [session::data_prefix().as_slice(), &ppdu].concat()
            }
            Message::Session(spdu) => spdu.clone(),
        }
    }

    /// CONNECT with other user data; as it was where the data are too long for an SPDU.
    fn with_user_data(&self, ppdu: &[u8]) -> Vec<u8> {
        let Ok(Spdu::Connect(connect)) = Spdu::decode(&self.connect) else {
            return self.connect.clone();
        };
        let connect = session::Connect {
            user_data: ppdu,
            ..connect
        };
        Spdu::Connect(connect)
            .encode()
            .unwrap_or_else(|_| self.connect.clone())
    }
}

impl Message {
    /// The MMS PDU, if it is one.
    pub(super) fn mms(&self) -> Option<&[u8]> {
        match self {
            Self::Mms(pdu) => Some(pdu),
            _ => None,
        }
    }

    /// In words, for people.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Transport(_) => "connection request".to_owned(),
            Self::Connect(_) => "CONNECT with AARQ and Initiate".to_owned(),
            Self::Mms(pdu) => match Pdu::decode(pdu) {
                Ok(Pdu::ConfirmedRequest(request)) => {
                    let what = request.service.to_string();
                    format!("{} {what}", request.service.service())
                        .trim_end()
                        .to_owned()
                }
                Ok(other) => other.kind().to_string(),
                Err(_) => "MMS PDU".to_owned(),
            },
            Self::Session(spdu) => match Spdu::decode(spdu) {
                Ok(Spdu::Finish { .. }) => "FINISH".to_owned(),
                Ok(Spdu::Abort(_)) => "ABORT".to_owned(),
                _ => "SPDU".to_owned(),
            },
        }
    }

    /// The layers whose mutations apply to it; `None` stands for BER elements.
    pub(super) fn layers(&self) -> &'static [Option<Layer>] {
        match self {
            Self::Transport(_) => &[Some(Layer::Tpkt), Some(Layer::Cotp)],
            Self::Mms(_) => &[
                None,
                Some(Layer::Presentation),
                Some(Layer::Tpkt),
                Some(Layer::Cotp),
                Some(Layer::Session),
            ],
            Self::Connect(_) => &[
                None,
                Some(Layer::Tpkt),
                Some(Layer::Cotp),
                Some(Layer::Session),
            ],
            Self::Session(_) => &[Some(Layer::Tpkt), Some(Layer::Cotp), Some(Layer::Session)],
        }
    }
}

/// The changes of one layer, one after the other.
fn changed(octets: Vec<u8>, changes: &[Change], layer: Option<Layer>) -> Vec<u8> {
    changes
        .iter()
        .filter(|change| change.mutation.layer() == layer)
        .fold(octets, |octets, change| {
            mutate(&octets, change.mutation, change.seed).unwrap_or(octets)
        })
}

/// A TPDU in its packet, with the changes of both.
fn packet(tpdu: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    let tpdu = changed(tpdu, changes, Some(Layer::Cotp));
    let packet = tpkt::encode(&tpdu).unwrap_or(tpdu);
    changed(packet, changes, Some(Layer::Tpkt))
}

/// The packets of a client that associates and ends that, with a server that agrees to everything.
fn said(config: &InitiatorConfig, end: impl FnOnce(&mut Initiator)) -> Option<[Vec<u8>; 3]> {
    let now = Time::ZERO;
    let mut calling = Initiator::new(config.clone(), now);
    let mut called = Responder::new(ResponderConfig::default(), now);
    let request = calling.poll_transmit()?;
    called.handle_input(&request, now);
    called.accept_transport(now);
    calling.handle_input(&called.poll_transmit()?, now);
    let connect = calling.poll_transmit()?;
    called.handle_input(&connect, now);
    called.accept(now);
    while let Some(answer) = called.poll_transmit() {
        calling.handle_input(&answer, now);
    }
    end(&mut calling);
    Some([request, connect, calling.poll_transmit()?])
}

/// The user data of a packet that holds one complete data TPDU.
fn user_data(packet: &[u8]) -> Option<Vec<u8>> {
    match Tpdu::decode(packet.get(tpkt::HEADER..)?).ok()? {
        Tpdu::Data(data) if data.end => Some(data.payload.to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::association::ResponderEvent;
    use iedassay_wire::mms::Request;

    fn envelope() -> Envelope {
        Envelope::new(&InitiatorConfig::default(), 1024).unwrap()
    }

    #[test]
    fn without_changes_a_server_understands_everything() {
        let envelope = envelope();
        let now = Time::ZERO;
        let mut server = Responder::new(ResponderConfig::default(), now);
        let identify = Message::Mms(Pdu::request(1, Request::Identify).encode());
        for message in [
            envelope.transport(),
            envelope.connect().unwrap(),
            identify,
            envelope.finish(),
        ] {
            server.handle_input(&envelope.octets(&message, &[]), now);
            server.accept_transport(now);
            server.accept(now);
        }
        let mut asked = false;
        let mut ended = None;
        while let Some(event) = server.poll_event() {
            match event {
                ResponderEvent::Mms(pdu) => asked = Pdu::decode(&pdu).is_ok(),
                ResponderEvent::Ended(ending) => ended = Some(ending),
                _ => {}
            }
        }
        assert!(asked);
        assert!(
            matches!(ended, Some(iedassay_wire::association::Ending::Released(_))),
            "{ended:?}"
        );
    }

    #[test]
    fn a_change_of_each_layer_changes_the_octets() {
        let envelope = envelope();
        for message in [
            envelope.transport(),
            envelope.connect().unwrap(),
            Message::Mms(Pdu::request(1, Request::Identify).encode()),
        ] {
            let valid = envelope.octets(&message, &[]);
            for layer in message.layers() {
                let some = Mutation::ALL
                    .iter()
                    .filter(|mutation| mutation.layer() == *layer)
                    .filter(|mutation| {
                        let change = Change {
                            mutation: **mutation,
                            seed: 3,
                        };
                        envelope.octets(&message, &[change]) != valid
                    })
                    .count();
                assert!(some > 0, "{layer:?} of {message:?}");
            }
        }
    }

    #[test]
    fn messages_have_names() {
        let envelope = envelope();
        assert_eq!(envelope.finish().describe(), "FINISH");
        assert_eq!(envelope.abort().describe(), "ABORT");
        let identify = Message::Mms(Pdu::request(1, Request::Identify).encode());
        assert_eq!(identify.describe(), "identify(2)");
    }
}
