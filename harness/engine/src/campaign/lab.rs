//! Plays sequences again on a device that serves again, to find the shortest that takes it down.

use std::time::Duration;

use iedassay_client::Anchor;
use iedassay_client::capture::Capture;
use tokio::time::{Instant, sleep};

use super::play::{Reactions, Stage};
use super::report::Reproduced;
use super::run::{CAPTURE_LIMIT, FuzzEvent, FuzzInput};
use super::sequence::Step;
use super::shrink::{Trial, shrink};
use super::watch::{Healthy, Loss};

/// A capture that keeps nothing.
pub(super) fn nothing(anchor: Anchor) -> Capture {
    Capture::with_limit(anchor, 0)
}

/// Where sequences are played again.
pub(super) struct Lab<'a> {
    stage: &'a Stage<'a>,
    input: &'a FuzzInput,
    tell: &'a mut (dyn FnMut(FuzzEvent) + Send),
    pub(super) tries: u64,
    /// How long the device took to serve again, the first time.
    pub(super) back_after: Option<Duration>,
    /// What was lost in the last try.
    loss: Option<Loss>,
}

impl<'a> Lab<'a> {
    pub(super) fn new(
        stage: &'a Stage<'a>,
        input: &'a FuzzInput,
        tell: &'a mut (dyn FnMut(FuzzEvent) + Send),
    ) -> Self {
        Self {
            stage,
            input,
            tell,
            tries: 0,
            back_after: None,
            loss: None,
        }
    }

    /// The shortest sequence found, out of the last one or, if that alone does nothing, of everything that was played since.
    pub(super) async fn reduce(
        &mut self,
        last: Vec<Step>,
        all: Vec<Step>,
    ) -> (Vec<Step>, Reproduced) {
        for steps in [last, all.clone()] {
            match self.takes_down(&steps).await {
                Some(true) => return (shrink(steps, self).await, Reproduced::Yes),
                Some(false) => {}
                None if self.back_after.is_none() => return (all, Reproduced::NotTried),
                None => break,
            }
        }
        (all, Reproduced::No)
    }

    /// A healthy association to a device that serves again.
    async fn recovered(&mut self, capture: &Capture) -> Option<Healthy> {
        (self.tell)(FuzzEvent::Waiting);
        let began = Instant::now();
        let healthy = Healthy::open(
            self.stage.shared,
            &self.stage.config,
            &self.stage.question,
            self.input.recovery,
            capture,
        );
        let mut healthy = tokio::select! {
            biased;
            () = self.input.cancel.cancelled() => return None,
            healthy = healthy => healthy.ok()?,
        };
        // One answer is not yet service.
        while healthy.baseline().await.is_err() {
            if began.elapsed() > self.input.recovery {
                return None;
            }
            sleep(Duration::from_millis(200)).await;
            healthy = Healthy::open(
                self.stage.shared,
                &self.stage.config,
                &self.stage.question,
                self.input.recovery,
                capture,
            )
            .await
            .ok()?;
        }
        self.back_after.get_or_insert(began.elapsed());
        Some(healthy)
    }

    async fn attempt(&mut self, steps: &[Step], capture: &Capture) -> Option<Result<(), Loss>> {
        let mut healthy = self.recovered(capture).await?;
        let mut reactions = Reactions::new();
        let mut result = self
            .stage
            .play(steps, &mut healthy, capture, &mut reactions)
            .await;
        if result.is_ok() {
            result = self.stage.newcomer(capture).await.map(|_| ());
        }
        healthy.close(self.stage.shared.timeouts.release()).await;
        Some(result)
    }

    /// Plays the steps once more for the capture, and what was lost in it.
    pub(super) async fn record(&mut self, steps: &[Step]) -> Option<(Vec<u8>, Loss)> {
        let capture = Capture::with_limit(self.input.anchor, CAPTURE_LIMIT);
        let loss = self.attempt(steps, &capture).await?.err()?;
        // It is left as it is found: serving.
        let _ = self.recovered(&nothing(self.input.anchor)).await;
        Some((capture.to_pcapng(), loss))
    }
}

impl Trial for Lab<'_> {
    async fn takes_down(&mut self, steps: &[Step]) -> Option<bool> {
        if self.tries >= self.input.tries || self.input.cancel.is_cancelled() {
            return None;
        }
        let result = self.attempt(steps, &nothing(self.input.anchor)).await?;
        self.tries = self.tries.saturating_add(1);
        self.loss = result.err();
        let down = self.loss.is_some();
        (self.tell)(FuzzEvent::Tried {
            tries: self.tries,
            steps: steps.len(),
            down,
        });
        Some(down)
    }
}
