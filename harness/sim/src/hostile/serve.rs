//! One connection: octets of the client to the IED, and what becomes of the answers on their way back.

use std::{collections::VecDeque, io, net::IpAddr, time::Duration};

use iedassay_wire::{
    mms::{PduKind, peek},
    mutate::Random,
    session::si,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, sleep_until, timeout},
};

use super::{
    Behaviour, Hostile, Reaction, What,
    script::{At, End, Make, Scene, Script, Then},
    unit::{Unit, Units},
    watch::Watch,
};

/// Octets that may wait in either direction before the other side is read no further.
const BACKLOG: usize = 64 * 1024;
/// As much as is read at once.
const PIECES: usize = 16 * 1024;
/// Octets that are sent one at a time before there is a pause.
const SINGLES: usize = 32;
/// Octets in the time between two bursts, as far as whole PDUs go.
const BURST_OCTETS: usize = 8 * 1024;
/// Late answers that wait; more are dropped.
const MOST_LATE: usize = 1024;
/// How long a client may take to close after the server did.
const LINGER: Duration = Duration::from_secs(1);

/// What remains to do with the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// Drop it.
    Close,
    /// Drop it so that the client gets a reset.
    Reset,
}

pub(super) async fn serve<S>(
    hostile: &Hostile,
    stream: &mut S,
    peer: IpAddr,
    number: u64,
    behaviour: Behaviour,
) -> Last
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let (near, far) = tokio::io::duplex(BACKLOG);
    let ied = tokio::spawn(hostile.sim.serve_stream_from(far, peer));
    let mut session = Session::new(hostile, number, behaviour);
    session.begin_connection();
    let last = session.move_octets(stream, near).await;
    ied.abort();
    last
}

/// More octets, for ever.
#[derive(Clone, Copy)]
struct Source {
    make: Make,
    /// PDUs at a time.
    burst: usize,
}

struct Session<'a> {
    hostile: &'a Hostile,
    number: u64,
    script: Script,
    units: Units,
    watch: Watch,
    random: Random,
    made: u64,
    /// To the client, and to the IED.
    out: Vec<u8>,
    up: Vec<u8>,
    late: VecDeque<(Instant, Vec<u8>)>,
    source: Option<Source>,
    next_burst: Instant,
    /// Octets are sent one at a time; how many since the last pause, and when the next may go.
    singly: bool,
    singles: usize,
    next_single: Instant,
    /// What the IED says is thrown away.
    silent: bool,
    /// The client is not read.
    deaf: bool,
    /// Nothing can be sent any more.
    mute: bool,
    ending: Option<End>,
    opened: Instant,
    deviated: Option<Instant>,
    requests_before: u64,
    /// When the client last said something, or took something that it waits for.
    last_word: Instant,
    patience: Duration,
}

impl<'a> Session<'a> {
    fn new(hostile: &'a Hostile, number: u64, behaviour: Behaviour) -> Self {
        let now = Instant::now();
        let seed = hostile.config.seed ^ number.rotate_left(32) ^ behaviour as u64;
        Self {
            hostile,
            number,
            script: behaviour.script(),
            units: Units::default(),
            watch: Watch::default(),
            random: Random::new(seed),
            made: 0,
            out: Vec::new(),
            up: Vec::new(),
            late: VecDeque::new(),
            source: None,
            next_burst: now,
            singly: false,
            singles: 0,
            next_single: now,
            silent: false,
            deaf: false,
            mute: false,
            ending: None,
            opened: now,
            deviated: None,
            requests_before: 0,
            last_word: now,
            patience: hostile.config.patience,
        }
    }

    async fn move_octets<S, I>(&mut self, stream: &mut S, ied: I) -> Last
    where
        S: AsyncRead + AsyncWrite + Unpin,
        I: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let (mut from_ied, mut to_ied) = tokio::io::split(ied);
        let mut buffer = vec![0; PIECES];
        let mut answer = vec![0; PIECES];
        let mut ied_over = false;
        loop {
            self.produce();
            if self.out.is_empty()
                && let Some(ending) = self.ending.take()
            {
                match ending {
                    End::Reset => {
                        self.end(Reaction::Left);
                        return Last::Reset;
                    }
                    End::Half => {
                        self.hostile.tell(self.number, What::Closed);
                        // A client that is gone already is noticed when it is read.
                        let _ = writer.shutdown().await;
                        self.mute = true;
                    }
                    End::Close => {
                        self.hostile.tell(self.number, What::Closed);
                        let _ = writer.shutdown().await;
                        let reaction = self.see_off(&mut reader, &mut buffer).await;
                        self.end(reaction);
                        return Last::Close;
                    }
                }
            }
            let now = Instant::now();
            let reads = !self.deaf && self.up.len() < BACKLOG;
            let waits = self.singly && self.singles >= SINGLES && self.next_single > now;
            let writes = !self.out.is_empty() && !self.mute && !waits;
            let piece = if self.singly { 1 } else { self.out.len() };
            let piece = self.out.get(..piece).unwrap_or_default();
            // Answers come through also while a flood fills its own part of the buffer.
            let hears = !ied_over && (self.out.len() < 4 * BACKLOG || self.silent);
            let wake = self.wake(waits);
            tokio::select! {
                biased;
                result = to_ied.write(&self.up), if !self.up.is_empty() && !ied_over => match result {
                    Ok(count) if count > 0 => drop(self.up.drain(..count)),
                    _ => self.up.clear(),
                },
                result = reader.read(&mut buffer), if reads => match result {
                    Ok(count) if count > 0 => {
                        self.heard(buffer.get(..count).unwrap_or_default(), ied_over);
                    }
                    other => {
                        let gone = if is_reset(&other) { Reaction::Reset } else { Reaction::Closed };
                        let reaction = self.watch.leave.unwrap_or(gone);
                        self.end(reaction);
                        return Last::Close;
                    }
                },
                result = from_ied.read(&mut answer), if hears => match result {
                    Ok(count) if count > 0 => self.answered(answer.get(..count).unwrap_or_default()),
                    _ => {
                        ied_over = true;
                        self.up.clear();
                        if !self.silent {
                            self.ending.get_or_insert(End::Close);
                        }
                    }
                },
                // Last, because a flood always has something to write.
                result = writer.write(piece), if writes => self.wrote(result),
                () = sleep_until(wake) => {
                    if Instant::now() >= self.last_word + self.patience {
                        if !self.deaf {
                            self.end(Reaction::Hung);
                            return Last::Close;
                        }
                        // What the client did meanwhile stands in what was not read.
                        (self.deaf, self.silent) = (false, true);
                        self.patience = LINGER;
                        self.last_word = Instant::now();
                    }
                }
            }
        }
    }

    /// What the client still says after the server closed.
    async fn see_off(
        &mut self,
        reader: &mut (impl AsyncRead + Unpin),
        buffer: &mut [u8],
    ) -> Reaction {
        let until = Instant::now() + LINGER;
        let mut reaction = Reaction::Left;
        while let Ok(Ok(count @ 1..)) = timeout(
            until.saturating_duration_since(Instant::now()),
            reader.read(buffer),
        )
        .await
        {
            self.heard(buffer.get(..count).unwrap_or_default(), true);
        }
        if let Some(leave) = self.watch.leave {
            reaction = leave;
        }
        reaction
    }

    /// When to look again.
    fn wake(&self, waits: bool) -> Instant {
        let late = self.late.front().map(|(at, _)| *at);
        let burst = self.source.map(|_| self.next_burst);
        let single = waits.then_some(self.next_single);
        [late, burst, single]
            .into_iter()
            .flatten()
            .fold(self.last_word + self.patience, Instant::min)
    }

    /// Puts into the buffer what is due.
    fn produce(&mut self) {
        let now = Instant::now();
        while let Some((_, octets)) = self.late.pop_front_if(|(at, _)| *at <= now) {
            self.send(octets);
            self.last_word = now;
        }
        if self.mute {
            // Nothing is due any more, or the loop would come back for it at once, again and again.
            self.out.clear();
            self.late.clear();
            self.source = None;
            return;
        }
        let Some(source) = self.source.filter(|_| self.next_burst <= now) else {
            return;
        };
        let mut made = 0;
        for _ in 0..source.burst {
            if self.out.len() >= BACKLOG {
                break;
            }
            let octets = self.make(source.make, None);
            made += octets.len();
            self.send(octets);
        }
        // Large PDUs come less often, so that a client can keep up with their octets.
        let bursts = u32::try_from(made / BURST_OCTETS).unwrap_or(u32::MAX);
        self.next_burst = now + self.hostile.config.every * bursts.saturating_add(1);
    }

    fn send(&mut self, octets: Vec<u8>) {
        if self.out.is_empty() {
            self.out = octets;
        } else {
            self.out.extend_from_slice(&octets);
        }
    }

    fn make(&mut self, make: Make, unit: Option<&Unit>) -> Vec<u8> {
        let octets = make(&mut Scene {
            unit,
            frames: &self.units.frames,
            random: &mut self.random,
            made: self.made,
        });
        self.made = self.made.saturating_add(1);
        octets
    }

    fn wrote(&mut self, result: io::Result<usize>) {
        match result {
            Ok(count) if count > 0 => {
                let now = Instant::now();
                let sent: Vec<u8> = self.out.drain(..count).collect();
                self.hostile.tell(self.number, What::Sent(sent));
                if self.source.is_none() {
                    self.last_word = now;
                }
                if self.singles >= SINGLES {
                    self.singles = 0;
                }
                self.singles += 1;
                self.next_single = now + self.hostile.config.every;
            }
            // What the client did shows when it is read.
            _ => self.mute = true,
        }
    }

    /// The client said something.
    fn heard(&mut self, octets: &[u8], ied_over: bool) {
        self.last_word = Instant::now();
        self.patience = self.hostile.config.patience;
        self.hostile
            .tell(self.number, What::Received(octets.to_vec()));
        self.watch.push(octets);
        if !ied_over {
            self.up.extend_from_slice(octets);
        }
    }

    /// The IED said something.
    fn answered(&mut self, octets: &[u8]) {
        self.units.push(octets);
        // The IED is ours: what it sends can be taken apart. If not, its octets are lost, and the client waits.
        while let Ok(Some(unit)) = self.units.next() {
            self.take(&unit);
        }
    }

    fn begin_connection(&mut self) {
        if self.script.at != At::Connection {
            return;
        }
        self.deviate();
        self.silent = true;
        match self.script.then {
            Then::End(end) => self.ending = Some(end),
            Then::Instead(make) => {
                let octets = self.make(make, None);
                self.send(octets);
            }
            _ => {}
        }
    }

    fn deviate(&mut self) {
        if self.deviated.is_none() {
            let now = Instant::now();
            self.deviated = Some(now);
            self.last_word = now;
            self.requests_before = self.watch.requests;
            self.hostile.tell(self.number, What::Deviated);
        }
    }

    fn take(&mut self, unit: &Unit) {
        if self.silent {
            return;
        }
        let whole = self.units.frames.of(unit);
        if !self.begins_at(unit) {
            self.send(whole);
            return;
        }
        self.deviate();
        match self.script.then {
            Then::Silence => self.silent = true,
            Then::End(end) => self.finish(end),
            Then::Cut(end) => {
                self.send(whole.get(..whole.len() / 2).unwrap_or_default().to_vec());
                self.finish(end);
            }
            Then::After(end) => {
                self.send(whole);
                self.finish(end);
            }
            Then::Instead(make) => {
                let octets = self.make(make, Some(unit));
                self.send(octets);
            }
            Then::With(make) => {
                let more = self.make(make, Some(unit));
                self.send([whole, more].concat());
            }
            Then::Flood(make) => {
                self.send(whole);
                let burst = self.hostile.config.burst;
                self.source = Some(Source { make, burst });
            }
            Then::Endless(make) => {
                self.silent = true;
                let octets = self.make(make, Some(unit));
                self.send(octets);
                self.source = Some(Source { make, burst: 1 });
            }
            Then::Pieces => {
                self.send(whole);
                self.singly = true;
            }
            Then::Late if self.late.len() < MOST_LATE => {
                let at = Instant::now() + self.hostile.config.late;
                self.late.push_back((at, whole));
            }
            Then::Late => {}
            Then::Deaf => {
                self.send(whole);
                self.deaf = true;
            }
        }
    }

    const fn finish(&mut self, end: End) {
        self.ending = Some(end);
        self.silent = true;
    }

    fn begins_at(&mut self, unit: &Unit) -> bool {
        let (kind, asked) = match unit {
            Unit::Mms(pdu) => (
                peek(pdu).ok().map(|peek| peek.kind),
                self.watch.answered(pdu),
            ),
            _ => (None, None),
        };
        match self.script.at {
            At::Connection => false,
            At::Confirm => matches!(unit, Unit::Tpdu(_)),
            At::Accept => matches!(unit, Unit::Accept(_)),
            At::Answer => matches!(
                kind,
                Some(PduKind::ConfirmedResponse | PduKind::ConfirmedError | PduKind::Reject)
            ),
            At::Response(service) => asked.is_some_and(|asked| asked.service == service),
            At::Block => asked.is_some_and(|asked| asked.block),
            At::Report => kind == Some(PduKind::Unconfirmed),
            At::Conclude => kind == Some(PduKind::ConcludeResponse),
            At::Disconnect => {
                matches!(unit, Unit::Spdu(spdu) if spdu.first() == Some(&si::DISCONNECT))
            }
        }
    }

    fn end(&self, reaction: Reaction) {
        let since = self.deviated.unwrap_or(self.opened);
        let all = self.watch.requests;
        let after = match self.deviated {
            Some(_) => all.saturating_sub(self.requests_before),
            None => 0,
        };
        self.hostile.tell(
            self.number,
            What::Ended {
                reaction,
                after: since.elapsed(),
                deviated: self.deviated.is_some(),
                requests: (all, after),
            },
        );
    }
}

fn is_reset(result: &io::Result<usize>) -> bool {
    matches!(result, Err(error) if error.kind() == io::ErrorKind::ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile::{HostileConfig, make::floods};
    use crate::{Sim, SimConfig};
    use std::sync::Arc;

    #[test]
    fn a_flood_that_nobody_can_be_sent_any_more_rests() {
        let model = iedassay_model::scl::minimal().unwrap().model;
        let config = SimConfig::new(Arc::new(model), Duration::ZERO);
        let hostile = Hostile::new(Sim::new(config), HostileConfig::default(), |_| {});
        let mut session = Session::new(&hostile, 1, Behaviour::ALL[0]);
        session.source = Some(Source {
            make: floods::reports,
            burst: 1,
        });
        session.produce();
        assert!(!session.out.is_empty());
        session.wrote(Err(io::ErrorKind::BrokenPipe.into()));
        session.next_burst = session.opened;
        session.produce();
        assert!(session.out.is_empty());
        assert_eq!(session.wake(false), session.last_word + session.patience);
    }
}
