//! The healthy association beside a campaign: what it is served, and how fast.

use std::time::Duration;

use iedassay_client::Client;
use iedassay_client::capture::Capture;
use iedassay_wire::association::{InitiatorConfig, ReleaseWay};
use iedassay_wire::mms::Request;
use tokio::time::{Instant, sleep, timeout};

use crate::outcome::Outcome;
use crate::runner::clients::ask;
use crate::runner::shared::Shared;
use crate::step::associate::{Way, connect};

/// Questions with which the usual latency is found out.
const BASELINE: usize = 20;
/// Between two questions while a sequence is played.
const BETWEEN: Duration = Duration::from_millis(50);
/// Latencies that are kept for percentiles.
const MOST_KEPT: usize = 100_000;
/// Between two tries of a new association.
const AGAIN: Duration = Duration::from_millis(200);

/// What a device no longer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss(pub(super) String);

/// An association that does nothing wrong.
pub(super) struct Healthy {
    client: Client,
    question: Request,
    patience: Duration,
    latencies: Latencies,
}

impl Healthy {
    /// Associates, within a time in which it tries again.
    pub(super) async fn open(
        shared: &Shared,
        config: &InitiatorConfig,
        question: &Request,
        within: Duration,
        capture: &Capture,
    ) -> Result<Self, Loss> {
        let client = associated(shared, config, "healthy", within, capture).await?;
        Ok(Self {
            client,
            question: question.clone(),
            patience: shared.timeouts.request(),
            latencies: Latencies::default(),
        })
    }

    /// Octets of a TPDU that the device agreed to.
    pub(super) fn tpdu_size(&self) -> usize {
        self.client.established().tpdu_size
    }

    /// Asks once.
    pub(super) async fn ask(&mut self) -> Result<Duration, Loss> {
        let began = Instant::now();
        let reply = ask(&self.client, self.question.clone(), self.patience).await;
        let took = began.elapsed();
        match reply.outcome {
            Outcome::Timeout => Err(Loss(format!(
                "the healthy association is not answered within {} ms",
                self.patience.as_millis()
            ))),
            outcome if self.client.ended().is_some() => {
                Err(Loss(format!("the healthy association is lost: {outcome}")))
            }
            Outcome::Malformed(what) => Err(Loss(format!(
                "the healthy association is answered with nonsense: {what}"
            ))),
            _ => {
                self.latencies.push(took);
                Ok(took)
            }
        }
    }

    /// Asks until told to stop.
    pub(super) async fn ask_on(&mut self) -> Loss {
        loop {
            if let Err(loss) = self.ask().await {
                return loss;
            }
            sleep(BETWEEN).await;
        }
    }

    /// The usual latencies.
    pub(super) async fn baseline(&mut self) -> Result<Latencies, Loss> {
        for _ in 0..BASELINE {
            self.ask().await?;
        }
        Ok(self.latencies())
    }

    /// What was measured since the last time; forgets it.
    pub(super) fn latencies(&mut self) -> Latencies {
        std::mem::take(&mut self.latencies)
    }

    pub(super) async fn close(self, within: Duration) {
        // A device that does not release is closed on.
        let _ = timeout(within, self.client.release(ReleaseWay::default())).await;
    }
}

/// Whether a new association is accepted within a time.
pub(super) async fn newcomer(
    shared: &Shared,
    config: &InitiatorConfig,
    within: Duration,
    capture: &Capture,
) -> Result<Duration, Loss> {
    let began = Instant::now();
    let client = associated(shared, config, "newcomer", within, capture).await?;
    let took = began.elapsed();
    let _ = timeout(
        shared.timeouts.release(),
        client.release(ReleaseWay::default()),
    )
    .await;
    Ok(took)
}

async fn associated(
    shared: &Shared,
    config: &InitiatorConfig,
    name: &str,
    within: Duration,
    capture: &Capture,
) -> Result<Client, Loss> {
    let until = Instant::now() + within;
    loop {
        let attempt = connect(shared, name, config, Way::default(), capture).await;
        match attempt.client {
            Some(client) => return Ok(client),
            None if Instant::now() + AGAIN < until => sleep(AGAIN).await,
            None => {
                return Err(Loss(format!(
                    "a new association is not accepted within {} ms: {}",
                    within.as_millis(),
                    attempt.outcome
                )));
            }
        }
    }
}

/// Times that answers took. Of a long campaign only some are kept, spread over all of it.
#[derive(Debug, Clone)]
pub(super) struct Latencies {
    kept: Vec<Duration>,
    /// One of so many is kept.
    every: usize,
    count: usize,
    longest: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            every: 1,
            count: 0,
            longest: Duration::ZERO,
        }
    }
}

impl Latencies {
    pub(super) fn push(&mut self, took: Duration) {
        if self.count.is_multiple_of(self.every) {
            self.kept.push(took);
        }
        self.count = self.count.saturating_add(1);
        self.longest = self.longest.max(took);
        if self.kept.len() >= MOST_KEPT {
            let mut index = 0_usize;
            self.kept.retain(|_| {
                index = index.wrapping_add(1);
                index % 2 == 1
            });
            self.every = self.every.saturating_mul(2);
        }
    }

    /// Takes in what was measured lately.
    pub(super) fn add(&mut self, lately: &Self) {
        lately.kept.iter().for_each(|took| self.push(*took));
    }

    /// The time within which `part` of a hundred came.
    pub(super) fn percentile(&self, part: usize) -> Duration {
        if part >= 100 {
            return self.longest;
        }
        let mut sorted = self.kept.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let at = last.saturating_mul(part).div_ceil(100).min(last);
        sorted.get(at).copied().unwrap_or_default()
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        let mut latencies = Latencies::default();
        (1..=100).for_each(|ms| latencies.push(Duration::from_millis(ms)));
        assert_eq!(latencies.percentile(0), Duration::from_millis(1));
        assert_eq!(latencies.percentile(50), Duration::from_millis(51));
        assert_eq!(latencies.percentile(100), Duration::from_millis(100));
        assert_eq!(Latencies::default().percentile(99), Duration::ZERO);
    }

    #[test]
    fn a_long_campaign_keeps_a_bounded_number_from_all_over() {
        let mut latencies = Latencies::default();
        (0..1_000_000).for_each(|us| latencies.push(Duration::from_micros(us)));
        assert!(latencies.kept.len() < MOST_KEPT);
        assert_eq!(latencies.count(), 1_000_000);
        assert_eq!(latencies.percentile(100), Duration::from_micros(999_999));
        let median = latencies.percentile(50).as_micros();
        assert!((490_000..510_000).contains(&median), "{median}");
    }
}
