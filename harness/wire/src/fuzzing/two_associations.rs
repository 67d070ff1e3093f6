//! Promises of two associations at once, each with both ends: whatever is ordered in whatever sequence, what
//! arrives is what was sent, and everything ends.

use arbitrary::{Result, Unstructured};

use crate::acse::{AssociateResult, Diagnostic};
use crate::association::{
    Authentication, Initiator, InitiatorConfig, InitiatorEvent, Phase, Refusal, ReleaseWay,
    Responder, ResponderConfig, ResponderEvent, Time,
};
use crate::cotp::DisconnectReason;
use crate::fuzzing::text;
use crate::mms::{
    Data, ErrorClass, ErrorCode, ObjectName, Pdu, RejectClass, RejectReason, Request, ServiceError,
    WriteRequest,
};
use crate::presentation::ProviderReason;
use crate::session::RefuseReason;
use crate::tpkt::packet_length;

/// Operations of one input.
const MAX_OPERATIONS: usize = 200;
/// Orders from here on send octets as they are instead of changing what the called end says.
const RAW: u8 = 0xf0;
/// Octets on the way in one direction; beyond it orders to send are left out.
const MAX_ON_THE_WAY: usize = 1 << 16;

/// The input is a list of operations on two associations: pieces of any size delivered, PDUs sent, release,
/// abort, refusal, time, end of stream; and octets tampered with, sent twice, or sent to the other association.
pub fn two_associations(input: &[u8]) {
    let mut u = Unstructured::new(input);
    let mut now = Time::from_secs(1);
    let mut links = [Link::new(&mut u, now), Link::new(&mut u, now)];
    for _ in 0..MAX_OPERATIONS {
        if u.is_empty() || operate(&mut u, &mut links, &mut now).is_err() {
            break;
        }
    }
    for link in &mut links {
        link.finish(now);
    }
}

fn operate(u: &mut Unstructured<'_>, links: &mut [Link; 2], now: &mut Time) -> Result<()> {
    let [first, second] = links;
    let (link, other) = if u.arbitrary()? {
        (first, second)
    } else {
        (second, first)
    };
    match u.int_in_range(0..=15)? {
        0 | 1 => link.exchange(*now),
        2 => link.deliver_to_called(usize::from(u.arbitrary::<u8>()?), *now),
        3 => link.deliver_to_calling(usize::from(u.arbitrary::<u8>()?), *now),
        4 => link.calling_sends(u.arbitrary::<u16>()?),
        5 => link.called_sends(u.arbitrary::<u16>()?),
        6 => link.calling.release(
            ReleaseWay {
                conclude: u.arbitrary()?,
                session: u.arbitrary()?,
            },
            *now,
        ),
        7 => link.calling.abort(*now),
        8 => link.called.abort(*now),
        9 => {
            *now = now.saturating_add(Time::from_millis(u64::from(u.arbitrary::<u16>()?)));
            link.pass(*now);
            other.pass(*now);
        }
        10 => link.tamper(
            u.arbitrary()?,
            usize::from(u.arbitrary::<u16>()?),
            u.arbitrary()?,
        ),
        11 => link.cross(other),
        12 => link.repeat(),
        13 => link.calling.handle_eof(*now),
        14 => link.called.handle_eof(*now),
        _ => link.order(u.arbitrary()?),
    }
    link.settle(*now);
    Ok(())
}

/// One association: its ends, what is on the way, and what was sent and came.
struct Link {
    calling: Initiator,
    called: Responder,
    to_called: Vec<u8>,
    to_calling: Vec<u8>,
    calling_ended: bool,
    called_ended: bool,
    /// What the called end says to indications: below [`RAW`] refuses or answers in its own way, all else accepts.
    policy: u8,
    /// Whether the octets on the way were left alone.
    clean: bool,
    sent_by_calling: Vec<Vec<u8>>,
    sent_by_called: Vec<Vec<u8>>,
    came_to_called: usize,
    came_to_calling: usize,
}

impl Link {
    fn new(u: &mut Unstructured<'_>, now: Time) -> Self {
        let mut config = InitiatorConfig::default();
        if u.arbitrary().unwrap_or(false) {
            config.authentication = Authentication::Password(b"password".to_vec());
        }
        Self {
            calling: Initiator::new(config, now),
            called: Responder::new(ResponderConfig::default(), now),
            to_called: Vec::new(),
            to_calling: Vec::new(),
            calling_ended: false,
            called_ended: false,
            policy: u8::MAX,
            clean: true,
            sent_by_calling: Vec::new(),
            sent_by_called: Vec::new(),
            came_to_called: 0,
            came_to_calling: 0,
        }
    }

    fn exchange(&mut self, now: Time) {
        for _ in 0..8 {
            self.settle(now);
            if self.to_called.is_empty() && self.to_calling.is_empty() {
                return;
            }
            self.deliver_to_called(usize::MAX, now);
            self.deliver_to_calling(usize::MAX, now);
        }
    }

    fn deliver_to_called(&mut self, octets: usize, now: Time) {
        let octets = octets.min(self.to_called.len());
        let delivered: Vec<u8> = self.to_called.drain(..octets).collect();
        self.called.handle_input(&delivered, now);
        self.settle(now);
    }

    fn deliver_to_calling(&mut self, octets: usize, now: Time) {
        let octets = octets.min(self.to_calling.len());
        let delivered: Vec<u8> = self.to_calling.drain(..octets).collect();
        self.calling.handle_input(&delivered, now);
        self.settle(now);
    }

    fn calling_sends(&mut self, size: u16) {
        let pdu = write(self.sent_by_calling.len(), size);
        if self.to_called.len() < MAX_ON_THE_WAY && self.calling.send_mms(&pdu).is_ok() {
            self.sent_by_calling.push(pdu);
        }
    }

    fn called_sends(&mut self, size: u16) {
        let pdu = write(self.sent_by_called.len(), size);
        if self.to_calling.len() < MAX_ON_THE_WAY && self.called.send_mms(&pdu).is_ok() {
            self.sent_by_called.push(pdu);
        }
    }

    /// What the called end says from now on, or octets that no layer made.
    fn order(&mut self, order: u8) {
        if order < RAW {
            self.policy = order;
            return;
        }
        // A whole packet with a DR, because what is not whole would make the check of what is sent useless.
        let octets = vec![3, 0, 0, 11, 6, 0x80, 0, 0, 0, 0, order];
        if order & 1 == 0 {
            self.calling.send_raw(octets);
        } else {
            self.called.send_raw(octets);
        }
        self.clean = false;
    }

    fn pass(&mut self, now: Time) {
        if self.calling.poll_timeout().is_some_and(|at| at <= now) {
            self.calling.handle_timeout(now);
        }
        if self.called.poll_timeout().is_some_and(|at| at <= now) {
            self.called.handle_timeout(now);
        }
        self.settle(now);
    }

    fn tamper(&mut self, way: bool, at: usize, value: u8) {
        let octets = if way {
            &mut self.to_called
        } else {
            &mut self.to_calling
        };
        if let Some(octet) = at
            .checked_rem(octets.len())
            .and_then(|at| octets.get_mut(at))
        {
            *octet ^= value;
            self.clean &= value == 0;
        }
    }

    /// What is on the way on one association arrives on the other instead.
    fn cross(&mut self, other: &mut Self) {
        if !self.to_called.is_empty() || !self.to_calling.is_empty() {
            self.clean = false;
            other.clean = false;
        }
        other.to_called.append(&mut self.to_called);
        other.to_calling.append(&mut self.to_calling);
    }

    fn repeat(&mut self) {
        if self.to_called.len() < MAX_ON_THE_WAY && !self.to_called.is_empty() {
            self.to_called.extend_from_within(..);
            self.clean = false;
        }
    }

    /// Takes out what is to be sent and what happened, until nothing more is.
    fn settle(&mut self, now: Time) {
        loop {
            let mut quiet = true;
            while let Some(packet) = self.calling.poll_transmit() {
                whole(&packet);
                self.to_called.extend_from_slice(&packet);
                quiet = false;
            }
            while let Some(packet) = self.called.poll_transmit() {
                whole(&packet);
                self.to_calling.extend_from_slice(&packet);
                quiet = false;
            }
            while let Some(event) = self.calling.poll_event() {
                self.calling_event(event);
                quiet = false;
            }
            while let Some(event) = self.called.poll_event() {
                self.called_event(event, now);
                quiet = false;
            }
            if quiet {
                return;
            }
        }
    }

    fn calling_event(&mut self, event: InitiatorEvent) {
        assert!(!self.calling_ended, "{event:?} after the end");
        match event {
            InitiatorEvent::Ended(ending) => {
                assert!(text::length(format_args!("{ending}")) > 0);
                self.calling_ended = true;
            }
            InitiatorEvent::ConcludeRefused(why) => {
                assert!(text::length(format_args!("{why}")) > 0);
            }
            InitiatorEvent::Mms(pdu) if self.clean => {
                assert_eq!(self.sent_by_called.get(self.came_to_calling), Some(&pdu));
                self.came_to_calling = self.came_to_calling.saturating_add(1);
            }
            InitiatorEvent::Mms(_) | InitiatorEvent::Established(_) => {}
        }
    }

    fn called_event(&mut self, event: ResponderEvent, now: Time) {
        assert!(!self.called_ended, "{event:?} after the end");
        match event {
            ResponderEvent::Transport(_) if self.policy == 0 => self
                .called
                .refuse(&Refusal::Transport(DisconnectReason::NOT_SPECIFIED), now),
            ResponderEvent::Transport(_) => self.called.accept_transport(now),
            ResponderEvent::Associate(_) if self.policy == 10 => {
                // In place of an Initiate response: nothing that is one.
                self.called.accept_raw(&[0xa9, 0], now);
                self.clean = false;
            }
            ResponderEvent::Associate(_) if self.refusal().is_some() => {
                if let Some(refusal) = self.refusal() {
                    self.called.refuse(&refusal, now);
                }
            }
            ResponderEvent::Associate(_) => self.called.accept(now),
            ResponderEvent::Conclude if self.policy == 2 => {
                self.called.answer_conclude(Err(error()), now)
            }
            ResponderEvent::Conclude => self.called.answer_conclude(Ok(()), now),
            ResponderEvent::Mms(pdu) if self.clean => {
                assert_eq!(self.sent_by_calling.get(self.came_to_called), Some(&pdu));
                self.came_to_called = self.came_to_called.saturating_add(1);
            }
            ResponderEvent::Mms(_) | ResponderEvent::Established(_) => {}
            ResponderEvent::Ended(ending) => {
                assert!(text::length(format_args!("{ending}")) > 0);
                self.called_ended = true;
            }
        }
    }

    /// Why the called end refuses an association, if it does.
    fn refusal(&self) -> Option<Refusal> {
        let reason = RejectReason {
            class: RejectClass::PDU_ERROR,
            code: 1,
        };
        match self.policy {
            1 => Some(Refusal::Session(Some(RefuseReason::SELECTOR_UNKNOWN))),
            3 => Some(Refusal::Session(None)),
            4 => Some(Refusal::Transport(DisconnectReason::NOT_SPECIFIED)),
            5 => Some(Refusal::Presentation(Some(
                ProviderReason::SELECTOR_UNKNOWN,
            ))),
            6 => Some(Refusal::Presentation(None)),
            7 => Some(Refusal::Acse(
                AssociateResult::REJECTED_TRANSIENT,
                Diagnostic::AUTHENTICATION_FAILURE,
            )),
            8 => Some(Refusal::Initiate(error())),
            9 => Some(Refusal::Reject(reason)),
            _ => None,
        }
    }

    /// The end of both streams ends both ends, once and for all.
    fn finish(&mut self, now: Time) {
        self.exchange(now);
        self.calling.handle_eof(now);
        self.called.handle_eof(now);
        self.settle(now);
        assert!(self.calling_ended, "the calling end did not end");
        assert!(self.called_ended, "the called end did not end");
        assert_eq!(self.calling.phase(), Phase::Ended);
        assert_eq!(self.called.phase(), Phase::Ended);
        assert_eq!(self.calling.poll_timeout(), None);
        assert_eq!(self.called.poll_timeout(), None);
    }
}

fn error() -> ServiceError {
    ServiceError::new(ErrorCode::other(ErrorClass(0)))
}

/// A PDU that tells its number, of more or fewer octets.
fn write(number: usize, size: u16) -> Vec<u8> {
    let number = u32::try_from(number).unwrap_or_default();
    let octets = vec![number.to_le_bytes()[0]; usize::from(size & 0x0fff)];
    Pdu::request(
        number,
        Request::Write(WriteRequest {
            access: crate::mms::VariableAccess::VariableListName(ObjectName::Aa("A".to_owned())),
            data: vec![Data::OctetString(octets)],
        }),
    )
    .encode()
}

fn whole(packet: &[u8]) {
    assert_eq!(packet_length(packet), Ok(Some(packet.len())), "{packet:?}");
}
