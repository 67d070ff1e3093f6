//! A campaign: sequence after sequence, until there are enough, the time is over, or the device loses a service.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use iedassay_client::Anchor;
use iedassay_client::capture::Capture;
use iedassay_model::Fc;
use iedassay_model::tree::ServerModel;
use iedassay_wire::mms::{ObjectName, ReadRequest, Request, VariableAccess};
use tokio::time::{Instant, sleep_until};

use super::case::case_text;
use super::frame::Envelope;
use super::lab::{Lab, nothing};
use super::play::{Reactions, Stage};
use super::pool::Pool;
use super::report::{Ended, Finding, FuzzReport, Latency, Reproduced, millis};
use super::sequence::{Source, Step};
use super::watch::{Healthy, Latencies, Loss};
use crate::cancel::CancelToken;
use crate::connector::Connector;
use crate::runner::look::alone;
use crate::runner::probe::{ProbeError, probe};
use crate::step::associate::target_configuration;
use crate::suite::Allowance;
use crate::target::Target;

/// Sequences after which a new association is tried, too.
const NEWCOMER_EVERY: u64 = 10;
/// Octets of the capture of a batch that are kept.
pub(super) const CAPTURE_LIMIT: usize = 16 << 20;

/// What a campaign is to do.
pub struct FuzzInput {
    /// The device.
    pub target: Arc<Target>,
    /// Its model from SCL; `None` browses it.
    pub model: Option<Arc<ServerModel>>,
    /// How to reach it.
    pub connector: Arc<dyn Connector>,
    /// Wall-clock time, handed in once.
    pub anchor: Anchor,
    /// Asks for an early end.
    pub cancel: CancelToken,
    /// What everything is drawn from.
    pub seed: u64,
    /// Number of the first sequence.
    pub first: u64,
    /// So many sequences at most.
    pub sequences: u64,
    /// So long at most, without the time for making a finding shorter.
    pub time: Duration,
    /// Sequences a second at most.
    pub rate: f64,
    /// How long an answer to a message of a sequence is waited for.
    pub patience: Duration,
    /// How long a new association may take to be accepted.
    pub accept_within: Duration,
    /// How long the device may take to serve again after a finding.
    pub recovery: Duration,
    /// How often sequences are played to make a finding shorter.
    pub tries: u64,
}

/// Why there is no campaign.
#[derive(Debug, thiserror::Error)]
pub enum FuzzError {
    /// The target file does not permit it.
    #[error(
        "the target file does not permit it (hint: `allow: {{robustness: true}}`, for a device that nothing depends on)"
    )]
    NotAllowed,
    /// The device cannot be tested.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The device does not serve from the beginning.
    #[error(
        "before anything was sent that is wrong: {0} (hint: at least two associations have to be free)"
    )]
    NotServed(String),
    /// Our own association cannot be encoded.
    #[error("the association that the target file asks for cannot be encoded")]
    Association,
}

/// What happens in a campaign, for progress.
#[derive(Debug, Clone, PartialEq)]
pub enum FuzzEvent {
    /// It begins.
    Started {
        /// Who the device says it is.
        device: Option<String>,
    },
    /// So many sequences were played.
    Played {
        /// Sequences.
        sequences: u64,
        /// Messages.
        messages: u64,
        /// Since the beginning.
        elapsed: Duration,
    },
    /// The device lost a service.
    Lost {
        /// Which.
        what: String,
        /// After which sequence.
        sequence: u64,
    },
    /// The device is waited for.
    Waiting,
    /// A sequence of so many steps was tried.
    Tried {
        /// How often there was a try.
        tries: u64,
        /// Steps of it.
        steps: usize,
        /// Whether it takes the device down.
        down: bool,
    },
}

/// What a finding leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The sequence and what the healthy association saw, as pcapng.
    pub capture: Vec<u8>,
    /// The sequence as a suite with one case.
    pub case: String,
}

/// Fuzzes a device.
///
/// # Errors
/// The device cannot be reached, or may not be fuzzed.
pub async fn fuzz(
    input: FuzzInput,
    tell: &mut (dyn FnMut(FuzzEvent) + Send),
) -> Result<(FuzzReport, Option<Evidence>), FuzzError> {
    if !input.target.allow().permits(Allowance::Robustness) {
        return Err(FuzzError::NotAllowed);
    }
    let shared = alone(
        Arc::clone(&input.target),
        Arc::clone(&input.connector),
        input.anchor,
    );
    let capture = nothing(input.anchor);
    let probed = probe(&shared, input.model.is_none(), &capture).await?;
    let model = input.model.clone().or(probed.model).unwrap_or_default();
    let device = probed
        .identity
        .map(|who| format!("{} {} {}", who.vendor, who.model, who.revision));
    tell(FuzzEvent::Started {
        device: device.clone(),
    });
    let config = target_configuration(&shared);
    let question = question(&model);
    let not_served = |loss: Loss| FuzzError::NotServed(loss.0);
    let mut healthy = Healthy::open(&shared, &config, &question, input.accept_within, &capture)
        .await
        .map_err(not_served)?;
    let before = healthy.baseline().await.map_err(not_served)?;
    let stage = Stage {
        envelope: Envelope::new(&config, healthy.tpdu_size()).ok_or(FuzzError::Association)?,
        shared: &shared,
        config,
        question,
        patience: input.patience,
        accept_within: input.accept_within,
        sent: AtomicU64::new(0),
    };
    stage.newcomer(&capture).await.map_err(not_served)?;
    let pool = Pool::of(&model);
    let mut campaign = Campaign {
        input: &input,
        stage: &stage,
        source: Source {
            envelope: &stage.envelope,
            pool: &pool,
            seed: input.seed,
        },
        reactions: Reactions::new(),
        latencies: Latencies::default(),
        started: Instant::now(),
        played: 0,
        messages: 0,
        tell,
    };
    let (ended, finding, evidence) = campaign.run(healthy).await;
    let report = FuzzReport {
        version: 1,
        target: input.connector.describe(),
        device,
        seed: input.seed,
        first: input.first,
        sequences: campaign.played,
        messages: campaign.messages,
        duration: u64::try_from(campaign.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        ended,
        reactions: named(&campaign.reactions),
        latency: Latency {
            median_before: millis(before.percentile(50)),
            median: millis(campaign.latencies.percentile(50)),
            percentile_99: millis(campaign.latencies.percentile(99)),
            longest: millis(campaign.latencies.percentile(100)),
            answers: campaign.latencies.count(),
        },
        finding,
    };
    Ok((report, evidence))
}

/// What the healthy association asks: a value of the process, or else who the device is.
fn question(model: &ServerModel) -> Request {
    let leaf = model
        .leaves()
        .find(|leaf| leaf.fc() == Some(Fc::ST) && !leaf.in_array());
    match leaf {
        Some(leaf) => Request::Read(ReadRequest::new(VariableAccess::names([
            ObjectName::Domain {
                domain: leaf.domain().to_owned(),
                item: leaf.item().to_owned(),
            },
        ]))),
        None => Request::Identify,
    }
}

fn named(reactions: &Reactions) -> BTreeMap<String, u64> {
    reactions
        .iter()
        .map(|(reaction, count)| (reaction.name().to_owned(), *count))
        .collect()
}

type Outcome = (Ended, Option<Finding>, Option<Evidence>);

struct Campaign<'a> {
    input: &'a FuzzInput,
    stage: &'a Stage<'a>,
    source: Source<'a>,
    reactions: Reactions,
    latencies: Latencies,
    started: Instant,
    played: u64,
    messages: u64,
    tell: &'a mut (dyn FnMut(FuzzEvent) + Send),
}

/// What was played since a new association was last accepted.
#[derive(Default)]
struct Batch {
    since: u64,
    steps: Vec<Step>,
}

impl Campaign<'_> {
    async fn run(&mut self, mut healthy: Healthy) -> Outcome {
        let until = self.started + self.input.time;
        let pause = Duration::try_from_secs_f64(1.0 / self.input.rate).unwrap_or_default();
        let mut batch = Batch {
            since: self.input.first,
            ..Batch::default()
        };
        let mut capture = Capture::with_limit(self.input.anchor, CAPTURE_LIMIT);
        let mut ended = Ended::Sequences;
        while self.played < self.input.sequences {
            if self.input.cancel.is_cancelled() {
                ended = Ended::Interrupted;
                break;
            }
            let next = Instant::now() + pause;
            if Instant::now() >= until {
                ended = Ended::Time;
                break;
            }
            let number = self.input.first.saturating_add(self.played);
            let steps = self.source.draw(number);
            batch.steps.extend(steps.iter().cloned());
            let last = self.played.saturating_add(1);
            let mut result = self
                .stage
                .play(&steps, &mut healthy, &capture, &mut self.reactions)
                .await;
            let whole = last.is_multiple_of(NEWCOMER_EVERY) || last == self.input.sequences;
            if result.is_ok() && whole {
                result = self.stage.newcomer(&capture).await.map(|_| ());
            }
            self.latencies.add(&healthy.latencies());
            self.played = last;
            self.messages = self.stage.sent.load(Ordering::Relaxed);
            if let Err(loss) = result {
                return self.found(loss, number, batch, &capture).await;
            }
            if whole {
                batch = Batch {
                    since: number.saturating_add(1),
                    steps: Vec::new(),
                };
                capture = Capture::with_limit(self.input.anchor, CAPTURE_LIMIT);
            }
            let played = FuzzEvent::Played {
                sequences: self.played,
                messages: self.messages,
                elapsed: self.started.elapsed(),
            };
            (self.tell)(played);
            sleep_until(next).await;
        }
        // What was played since the last look is looked at, too.
        if !batch.steps.is_empty()
            && let Err(loss) = self.stage.newcomer(&capture).await
        {
            let number = self
                .input
                .first
                .saturating_add(self.played)
                .saturating_sub(1);
            return self.found(loss, number, batch, &capture).await;
        }
        healthy.close(self.stage.shared.timeouts.release()).await;
        (ended, None, None)
    }

    /// Waits for the device and makes what was found shorter.
    async fn found(&mut self, loss: Loss, number: u64, batch: Batch, capture: &Capture) -> Outcome {
        (self.tell)(FuzzEvent::Lost {
            what: loss.0.clone(),
            sequence: number,
        });
        let last = self.source.draw(number);
        let mut lab = Lab::new(self.stage, self.input, &mut *self.tell);
        let (steps, reproduced) = lab.reduce(last, batch.steps).await;
        let mut octets = capture.to_pcapng();
        let mut what = loss.0;
        if reproduced == Reproduced::Yes
            && let Some((again, seen)) = lab.record(&steps).await
        {
            octets = again;
            what = seen.0;
        }
        let finding = Finding {
            what,
            sequence: number,
            since: batch.since,
            reproduced,
            tries: lab.tries,
            recovered_after: lab
                .back_after
                .map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            steps: steps.iter().map(Step::describe).collect(),
        };
        let case = case_text(self.input.seed, &finding, &steps, &self.stage.envelope);
        (
            Ended::Finding,
            Some(finding),
            Some(Evidence {
                capture: octets,
                case,
            }),
        )
    }
}
