//! One connection: from octets to requests and back.

use std::{net::IpAddr, sync::Arc};

use iedassay_wire::{
    Layer,
    acse::{AssociateResult, AuthenticationValue, Diagnostic},
    association::{
        AssociateIndication, EndAddress, Ending, Refusal, Responder, ResponderConfig,
        ResponderEvent, TransportIndication, server_limits,
    },
    ber::Oid,
    cotp::DisconnectReason,
    mms::{ErrorClass, ErrorCode, Initiate, PduKind, Service, peek},
    presentation::ProviderReason,
    session::RefuseReason,
    tpkt::packet_length,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::Notify,
    time::sleep_until,
};

use super::{
    Shared, State,
    bells::SessionId,
    gate::{Admission, ConnectionId, Departure},
    harm::{self, Harm},
};
use crate::{Fault, SimConfig, client::AssociationId, ied::Output, report::Time};

/// Octets that may wait to be written before nothing more is read or produced.
const BACKLOG: usize = 8 * 1024;

/// Give tokens, data transfer and user data whose length takes five octets (ISO 8327-1; ISO 8823; X.690, 8.1.3.5).
const LONG_USER_DATA: &[u8] = &[0x01, 0x00, 0x01, 0x00, 0x61, 0x84];

/// As much as is read at once.
const PIECES: usize = 16 * 1024;

/// Serves one client until its connection ends.
pub(super) async fn serve<S>(shared: Arc<Shared>, stream: S, peer: IpAddr)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    if !arrives(&shared).await {
        return;
    }
    Session::new(shared, peer).move_octets(stream).await;
}

/// Whether a new connection is taken: through a cut network nobody comes in, and while the device starts nobody listens.
pub(super) async fn arrives(shared: &Shared) -> bool {
    let mut ticks = shared.ticks.subscribe();
    while shared.lock().cut {
        if ticks.changed().await.is_err() {
            return false;
        }
    }
    shared.now() >= shared.lock().up
}

/// A connection and what has become of it.
struct Session {
    shared: Arc<Shared>,
    id: SessionId,
    /// Rings when there is something to look at before this session's own deadline.
    bell: Arc<Notify>,
    peer: IpAddr,
    responder: Responder,
    slot: Option<ConnectionId>,
    association: Option<AssociationId>,
    /// Power cycle in which it began.
    cycle: u64,
    /// Octets to write.
    out: Vec<u8>,
    /// Nothing more comes; close when all is written.
    over: bool,
    /// Taken and left alone.
    ignored: bool,
    /// Only with a fault: what it sent makes the device start again.
    restarts: bool,
    /// When the network was cut under it.
    cut_since: Option<Time>,
    /// When writing last got on.
    written: Time,
}

impl Session {
    fn new(shared: Arc<Shared>, peer: IpAddr) -> Self {
        let now = shared.now();
        let responder = Responder::new(responder_config(&shared.config), now);
        let mut state = shared.lock();
        let cycle = state.cycle;
        let (id, bell) = state.bells.hang();
        drop(state);
        Self {
            shared,
            id,
            bell,
            peer,
            responder,
            slot: None,
            association: None,
            cycle,
            out: Vec::new(),
            over: false,
            ignored: false,
            restarts: false,
            cut_since: None,
            written: now,
        }
    }

    async fn move_octets<S>(&mut self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut buffer = vec![0; PIECES];
        let bell = Arc::clone(&self.bell);
        while let Some(wake) = self.turn() {
            if self.over && self.out.is_empty() {
                // A peer that reads slowly still gets what was written.
                let _ = writer.shutdown().await;
                break;
            }
            let silent = self.cut_since.is_some();
            let reads = !silent && !self.over && self.out.len() < BACKLOG;
            let writes = !silent && !self.out.is_empty();
            let wake = self.shared.instant(wake);
            tokio::select! {
                biased;
                () = bell.notified() => {}
                result = writer.write(&self.out), if writes => match result {
                    Ok(count) if count > 0 => {
                        self.out.drain(..count);
                        self.written = self.shared.now();
                    }
                    _ => break,
                },
                result = reader.read(&mut buffer), if reads => match result {
                    Ok(0) | Err(_) => {
                        self.responder.handle_eof(self.shared.now());
                        self.ignored = false;
                        self.over = true;
                        self.out.clear();
                    }
                    Ok(count) if self.gives_up(buffer.get(..count).unwrap_or(&[])) => break,
                    Ok(count) if !self.ignored => {
                        let octets = self.joined(buffer.get(..count).unwrap_or(&[]));
                        self.responder.handle_input(octets, self.shared.now());
                    }
                    Ok(_) => {}
                },
                () = sleep_until(wake) => {}
            }
        }
    }

    /// Only with a fault: the connection ends for how presentation is coded.
    fn gives_up(&self, octets: &[u8]) -> bool {
        octets
            .windows(LONG_USER_DATA.len())
            .any(|part| part == LONG_USER_DATA)
            && self.shared.config.faults.has(Fault::LongUserDataCloses)
    }

    /// Only with a fault what is put together of pieces: else all of it.
    fn joined<'a>(&self, octets: &'a [u8]) -> &'a [u8] {
        let mut whole: usize = 0;
        while let Ok(Some(length)) = packet_length(octets.get(whole..).unwrap_or(&[]))
            && whole.saturating_add(length) <= octets.len()
        {
            whole = whole.saturating_add(length);
        }
        if whole < octets.len()
            && octets.len() < PIECES
            && packet_length(octets.get(whole..).unwrap_or(&[])).is_ok()
            && self.shared.config.faults.has(Fault::PiecesNotJoined)
        {
            return octets.get(..whole).unwrap_or(&[]);
        }
        octets
    }

    /// Only with faults: whether nobody is served, or another one keeps the device busy.
    fn has_to_wait(&self, state: &mut State) -> bool {
        if self.responder.unfinished() > 0 {
            if state.busy_with.is_none()
                && self.shared.config.faults.has(Fault::HalfPacketStopsOthers)
            {
                state.busy_with = Some(self.id);
            }
        } else if state.busy_with == Some(self.id) {
            state.busy_with = None;
            self.shared.tick(state);
        }
        state.stopped || state.busy_with.is_some_and(|other| other != self.id)
    }

    /// What malformed input does besides ending its connection.
    fn harm(&mut self, layer: Layer, state: &mut State) {
        match harm::of(layer, &self.shared.config.faults) {
            Some(Harm::Stop) => {
                state.stopped = true;
                self.shared.tick(state);
            }
            Some(Harm::Restart) => self.restarts = true,
            Some(Harm::Leak) => state.gate.leak(),
            Some(Harm::LockOut) => state.gate.lock(),
            None => {}
        }
    }

    /// Does everything that can be done now. The answer is when to look again; none when the connection is to be dropped.
    fn turn(&mut self) -> Option<Time> {
        let shared = Arc::clone(&self.shared);
        let now = shared.now();
        let mut state = shared.lock();
        if state.cycle != self.cycle || self.slot.is_some_and(|slot| state.gate.is_evicted(slot)) {
            return None;
        }
        state.ied.advance(now);
        if state.cut {
            if let Some(wake) = self.behind_cut(&mut state, now) {
                return wake;
            }
        } else if self.cut_since.take().is_some()
            && self.association.is_none()
            && self.slot.is_none()
        {
            // It was given up while the network was cut.
            return None;
        }
        if self.has_to_wait(&mut state) {
            return Some(now.saturating_add(Time::from_secs(3600)));
        }
        if !self.ignored {
            self.responder.handle_timeout(now);
        }
        while let Some(event) = self.responder.poll_event() {
            self.handle(event, &mut state, now);
        }
        if self.restarts {
            drop(state);
            shared.power_cycle(Time::ZERO);
            return None;
        }
        self.collect(&mut state, now);
        if self.stalled(now) {
            return None;
        }
        let watched = state.tell_others(Some(self.id), self.association);
        let writing = (!self.out.is_empty())
            .then(|| self.written.saturating_add(shared.config.write_timeout));
        let own = if self.ignored {
            None
        } else {
            self.responder.poll_timeout()
        };
        let far = now.saturating_add(Time::from_secs(3600));
        [watched, own, writing]
            .into_iter()
            .flatten()
            .chain([far])
            .min()
    }

    /// The network is cut: an established connection falls silent and is given up after a while.
    fn behind_cut(&mut self, state: &mut State, now: Time) -> Option<Option<Time>> {
        let since = *self.cut_since.get_or_insert(now);
        let config = &self.shared.config;
        let limit = config
            .link_loss_timeout
            .filter(|_| !config.faults.has(Fault::LostLinkUndetected));
        let given_up = limit.map(|limit| since.saturating_add(limit));
        if given_up.is_some_and(|at| at <= now) && self.slot.is_some() {
            self.leave(state, Departure::Lost, now);
        }
        let far = now.saturating_add(Time::from_secs(3600));
        let next = given_up
            .filter(|at| *at > now)
            .into_iter()
            .chain(state.tell_others(Some(self.id), self.association))
            .chain([far])
            .min();
        Some(next)
    }

    fn stalled(&self, now: Time) -> bool {
        let limit = self
            .written
            .saturating_add(self.shared.config.write_timeout);
        !self.out.is_empty() && self.cut_since.is_none() && now >= limit
    }

    fn handle(&mut self, event: ResponderEvent, state: &mut State, now: Time) {
        match event {
            ResponderEvent::Transport(indication) => self.transport(&indication, state, now),
            ResponderEvent::Associate(indication) => self.associate(&indication, state, now),
            ResponderEvent::Established(established) => {
                let own = self.shared.config.max_pdu_size;
                let agreed = established
                    .proposed
                    .local_detail
                    .and_then(|size| u32::try_from(size).ok());
                let max_pdu = usize::try_from(agreed.map_or(own, |agreed| agreed.min(own)))
                    .unwrap_or(usize::MAX);
                let id = state.ied.associate(self.peer, max_pdu, now);
                state.bells.associate(id, self.id);
                self.association = Some(id);
            }
            ResponderEvent::Mms(pdu) => {
                let Some(id) = self.association else {
                    return;
                };
                let newest = state.ied.newest_association() == Some(id);
                let served = newest || !self.shared.config.faults.has(Fault::OnlyNewestServed);
                if served && !state.ied.request(id, &pdu, now) {
                    self.harm(Layer::Mms, state);
                }
            }
            ResponderEvent::Conclude => {
                let faults = &self.shared.config.faults;
                if faults.has(Fault::ConcludeUnanswered) {
                    return;
                }
                if faults.has(Fault::ConcludeRefused) {
                    let code = ErrorCode {
                        class: ErrorClass::CONCLUDE,
                        code: 1,
                    };
                    self.responder.answer_conclude(Err(code.into()), now);
                    return;
                }
                // What was asked before is answered before.
                self.collect(state, now);
                self.responder.answer_conclude(Ok(()), now);
                self.leave(state, Departure::Released, now);
            }
            ResponderEvent::Ended(ending) => {
                if let Ending::Invalid(error) = &ending {
                    self.harm(error.layer, state);
                }
                let departure = match ending {
                    Ending::Released(_) => Departure::Released,
                    _ => Departure::Lost,
                };
                self.leave(state, departure, now);
                self.over = true;
            }
        }
    }

    /// Takes what is to be sent from the IED to the stack, and from there to the buffer.
    fn collect(&mut self, state: &mut State, now: Time) {
        if !self.over && !state.settle(false) {
            self.responder.abort(now);
            self.leave(state, Departure::Lost, now);
            self.over = true;
            self.shared.tick(state);
        }
        if state.stuck.is_some_and(|stuck| stuck != self.id) {
            return;
        }
        loop {
            while let Some(octets) = self.responder.poll_transmit() {
                if self.out.is_empty() {
                    self.written = now;
                }
                self.out.extend_from_slice(&octets);
            }
            let Some(id) = self.association else {
                return;
            };
            let lost = if self.out.len() < BACKLOG {
                state.unstick(self.id);
                None
            } else {
                match self.held_back(state) {
                    Some(lost) => Some(lost),
                    None => return,
                }
            };
            match state.ied.poll_output(id) {
                Some(Output::Pdu(pdu)) if lost.is_some_and(|lost| lost == kind(&pdu)) => {}
                Some(Output::Pdu(pdu)) => {
                    if self.responder.send_mms(&pdu).is_err() {
                        return;
                    }
                }
                Some(Output::Abort) => {
                    self.responder.abort(now);
                    self.leave(state, Departure::Lost, now);
                    self.over = true;
                }
                None => return,
            }
        }
    }

    /// The client does not take what was written. With a fault the answer is which PDUs are lost instead of waiting.
    fn held_back(&self, state: &mut State) -> Option<PduKind> {
        let faults = &self.shared.config.faults;
        if faults.has(Fault::SlowReaderBlocksAll) {
            state.stuck = Some(self.id);
        }
        if faults.has(Fault::ReportsLostToSlowReader) {
            Some(PduKind::Unconfirmed)
        } else if faults.has(Fault::AnswersLostToSlowReader) {
            Some(PduKind::ConfirmedResponse)
        } else {
            None
        }
    }

    /// Gives back the slot and the association.
    fn leave(&mut self, state: &mut State, departure: Departure, now: Time) {
        if let Some(slot) = self.slot.take() {
            state.gate.leave(slot, departure, now);
        }
        if let Some(id) = self.association.take() {
            state.bells.dissociate(id);
            state.ied.ended(id, departure == Departure::Released, now);
        }
    }

    fn refuse(&mut self, refusal: &Refusal, state: &mut State, now: Time) {
        self.responder.refuse(refusal, now);
        self.leave(state, Departure::Refused, now);
    }

    fn transport(&mut self, indication: &TransportIndication, state: &mut State, now: Time) {
        match state.gate.admit(now) {
            Admission::Granted(slot) => self.slot = Some(slot),
            Admission::Refused => {
                return self
                    .responder
                    .refuse(&Refusal::Transport(DisconnectReason::CONGESTION), now);
            }
            Admission::Ignored => {
                self.ignored = true;
                return;
            }
        }
        let config = Arc::clone(&self.shared.config);
        let called = indication.called_tsel.as_deref().unwrap_or_default();
        if differs(called, config.address.tsel.as_deref())
            && !config.faults.has(Fault::WrongTselAccepted)
        {
            self.refuse(
                &Refusal::Transport(DisconnectReason::ADDRESS_UNKNOWN),
                state,
                now,
            );
        } else {
            self.responder.accept_transport(now);
        }
    }

    fn associate(&mut self, indication: &AssociateIndication, state: &mut State, now: Time) {
        let config = Arc::clone(&self.shared.config);
        if let Err(refusal) = may_associate(&config, indication) {
            self.refuse(&refusal, state, now);
            return;
        }
        let answer = answer(&config, indication);
        self.responder.accept_with(answer, now);
    }
}

impl Drop for Session {
    /// However the task ends, nobody is left behind.
    fn drop(&mut self) {
        let shared = Arc::clone(&self.shared);
        let now = shared.now();
        let mut state = shared.lock();
        if state.cycle == self.cycle {
            self.leave(&mut state, Departure::Lost, now);
        }
        state.unstick(self.id);
        if state.busy_with == Some(self.id) {
            state.busy_with = None;
            shared.tick(&state);
        }
        state.bells.take_down(self.id, self.association);
        state.tell_others(None, None);
    }
}

/// What sort of PDU it is.
fn kind(pdu: &[u8]) -> PduKind {
    peek(pdu).map_or(PduKind::Unknown, |peek| peek.kind)
}

/// Whether a selector was given and is another one.
fn differs(given: &[u8], own: Option<&[u8]>) -> bool {
    !given.is_empty() && own.is_some_and(|own| own != given)
}

/// Checks the address, the password and the PDU size of a client.
fn may_associate(config: &SimConfig, indication: &AssociateIndication) -> Result<(), Refusal> {
    let faults = &config.faults;
    let called = &indication.called;
    if differs(&called.ssel, config.address.ssel.as_deref())
        && !faults.has(Fault::WrongSselAccepted)
    {
        return Err(Refusal::Session(Some(RefuseReason::SELECTOR_UNKNOWN)));
    }
    if differs(&called.psel, config.address.psel.as_deref())
        && !faults.has(Fault::WrongPselAccepted)
    {
        return Err(Refusal::Presentation(Some(
            ProviderReason::SELECTOR_UNKNOWN,
        )));
    }
    if !faults.has(Fault::WrongApTitleAccepted) {
        check_titles(config, called)?;
    }
    check_password(config, indication.authentication.as_ref())?;
    let size = indication
        .proposed
        .local_detail
        .and_then(|size| u32::try_from(size).ok());
    if size.is_some_and(|size| size < config.min_pdu_size) {
        return Err(Refusal::Initiate(
            ErrorCode::MAX_SEGMENT_INSUFFICIENT.into(),
        ));
    }
    Ok(())
}

fn check_titles(config: &SimConfig, called: &EndAddress) -> Result<(), Refusal> {
    let rejected = |diagnostic| {
        Err(Refusal::Acse(
            AssociateResult::REJECTED_PERMANENT,
            diagnostic,
        ))
    };
    let given = called.ap_title.as_ref().map(Oid::arcs);
    if given.is_some() && config.address.ap_title.is_some() && given != config.address.ap_title {
        return rejected(Diagnostic::CALLED_AP_TITLE);
    }
    let given = called.ae_qualifier;
    let wanted = config.address.ae_qualifier;
    let refused = (given == wanted) == config.faults.has(Fault::DescribedAeQualifierRefused);
    if given.is_some() && wanted.is_some() && refused {
        return rejected(Diagnostic::CALLED_AE_QUALIFIER);
    }
    Ok(())
}

fn check_password(config: &SimConfig, given: Option<&AuthenticationValue>) -> Result<(), Refusal> {
    let faults = &config.faults;
    let (accepted, diagnostic) = match (&config.password, given) {
        (None, Some(_)) => (
            !faults.has(Fault::UnneededPasswordRefused),
            Diagnostic::NO_REASON,
        ),
        (None, None) => (true, Diagnostic::NO_REASON),
        (Some(_), None) => (
            faults.has(Fault::MissingPasswordAccepted),
            Diagnostic::AUTHENTICATION_REQUIRED,
        ),
        (Some(own), Some(AuthenticationValue::Password(given))) if own == given => {
            (true, Diagnostic::NO_REASON)
        }
        (Some(_), Some(_)) => (
            faults.has(Fault::AnyPasswordAccepted),
            Diagnostic::AUTHENTICATION_FAILURE,
        ),
    };
    if accepted {
        Ok(())
    } else {
        Err(Refusal::Acse(
            AssociateResult::REJECTED_PERMANENT,
            diagnostic,
        ))
    }
}

fn responder_config(config: &SimConfig) -> ResponderConfig {
    let mut limits = server_limits();
    let outstanding = i32::from(config.max_outstanding);
    limits.local_detail = Some(i32::try_from(config.max_pdu_size).unwrap_or(i32::MAX));
    limits.max_outstanding_calling = outstanding;
    limits.max_outstanding_called = outstanding;
    limits.nesting_level = Some(i32::from(config.max_nesting));
    // IEC 61850-8-1 does not ask for it, and it is answered all the same.
    limits.detail.services.insert(Service::GET_CAPABILITY_LIST);
    let address = &config.address;
    ResponderConfig {
        local: EndAddress {
            psel: address.psel.clone().unwrap_or_default(),
            ap_title: address.ap_title.as_deref().and_then(Oid::from_arcs),
            ae_qualifier: address.ae_qualifier,
            ..EndAddress::default()
        },
        limits,
        establish: config.establish_timeout,
        ..ResponderConfig::default()
    }
}

/// The Initiate response: what was negotiated, and what faults make of it.
fn answer(config: &SimConfig, indication: &AssociateIndication) -> Initiate {
    let faults = &config.faults;
    let proposed = &indication.proposed;
    let mut answer = indication.answer.clone();
    if faults.has(Fault::CbbNotIntersected) {
        answer.detail.parameters = responder_config(config).limits.detail.parameters;
    }
    if faults.has(Fault::PduSizeAboveProposal) {
        answer.local_detail = proposed.local_detail.map(|size| size.saturating_add(1000));
    }
    if faults.has(Fault::HugePduSizeAgreed) {
        answer.local_detail = proposed.local_detail;
    }
    if faults.has(Fault::OutstandingAboveProposal) {
        answer.max_outstanding_called = proposed.max_outstanding_called.saturating_add(5);
    }
    if faults.has(Fault::NestingAboveProposal) {
        answer.nesting_level = proposed.nesting_level.map(|level| level.saturating_add(5));
    }
    if faults.has(Fault::OptionalServicesNotAnnounced) {
        for service in [
            Service::DEFINE_NAMED_VARIABLE_LIST,
            Service::DELETE_NAMED_VARIABLE_LIST,
            Service::FILE_OPEN,
            Service::FILE_DIRECTORY,
        ] {
            answer.detail.services.remove(service);
        }
    }
    if faults.has(Fault::ServicesNotAnnounced) {
        answer.detail.services.remove(Service::READ);
        answer.detail.services.remove(Service::GET_NAME_LIST);
    }
    answer
}
