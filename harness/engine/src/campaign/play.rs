//! Plays a sequence on a device, and looks whether the device is still there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use iedassay_client::capture::Capture;
use iedassay_wire::association::InitiatorConfig;
use iedassay_wire::mms::Request;
use tokio::time::{sleep, timeout};

use super::frame::Envelope;
use super::link::{Reaction, Wire};
use super::sequence::{Link, Step};
use super::watch::{Healthy, Loss, newcomer};
use crate::connector::{Connection, Endpoint};
use crate::runner::shared::Shared;

/// How often each kind of answer came.
pub(super) type Reactions = BTreeMap<Reaction, u64>;

/// How a campaign talks to its device.
pub(super) struct Stage<'a> {
    pub(super) shared: &'a Shared,
    pub(super) config: InitiatorConfig,
    pub(super) envelope: Envelope,
    pub(super) question: Request,
    /// How long an answer to a message of a sequence is waited for.
    pub(super) patience: Duration,
    /// How long a new association may take to be accepted.
    pub(super) accept_within: Duration,
    /// Messages of sequences that were begun to be sent.
    pub(super) sent: AtomicU64,
}

impl Stage<'_> {
    /// Plays the steps while the healthy association is asked all the time, and asks it once more at the end.
    pub(super) async fn play(
        &self,
        steps: &[Step],
        healthy: &mut Healthy,
        capture: &Capture,
        reactions: &mut Reactions,
    ) -> Result<(), Loss> {
        tokio::select! {
            biased;
            loss = healthy.ask_on() => return Err(loss),
            () = self.steps(steps, capture, reactions) => {}
        }
        // What was being asked when the sequence ended is forgotten; its answer is dropped by its invoke identifier.
        healthy.ask().await.map(|_| ())
    }

    /// Looks whether a new association is accepted.
    pub(super) async fn newcomer(&self, capture: &Capture) -> Result<Duration, Loss> {
        newcomer(self.shared, &self.config, self.accept_within, capture).await
    }

    async fn steps(&self, steps: &[Step], capture: &Capture, reactions: &mut Reactions) {
        let mut wires: BTreeMap<&'static str, Wire> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Open(link) => {
                    if let Some(connection) = self.open().await {
                        let wire = Wire::new(link.name(), connection, capture);
                        if let Some(old) = wires.insert(link.name(), wire) {
                            old.close(false).await;
                        }
                    }
                }
                Step::Pause(time) => sleep(Duration::from_millis(*time)).await,
                Step::Close { link, reset } => {
                    if let Some(wire) = wires.remove(link.name()) {
                        wire.close(*reset).await;
                    }
                }
                Step::Send(send) => {
                    let octets = self.envelope.octets(&send.message, &send.changes);
                    for _ in 0..send.times.max(1) {
                        let reaction = match wires.get_mut(send.link.name()) {
                            Some(wire) => {
                                self.sent.fetch_add(1, Ordering::Relaxed);
                                wire.say(&octets, send.piece, self.patience).await
                            }
                            None => Reaction::NotSent,
                        };
                        let count = reactions.entry(reaction).or_default();
                        *count = count.saturating_add(1);
                        if reaction == Reaction::NotSent {
                            break;
                        }
                    }
                }
            }
        }
        for link in [Link::A, Link::B] {
            if let Some(wire) = wires.remove(link.name()) {
                wire.close(false).await;
            }
        }
    }

    async fn open(&self) -> Option<Connection> {
        let endpoint = Endpoint::mms(self.shared.target.source(0));
        let connecting = self.shared.connector.connect(&endpoint);
        let connection = timeout(self.shared.timeouts.connect(), connecting)
            .await
            .ok()?
            .ok()?;
        let within = self.shared.timeouts.associate();
        self.shared
            .connector
            .secure(&endpoint, connection, within)
            .await
            .ok()
    }
}
