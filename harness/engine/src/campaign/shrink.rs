//! Makes a sequence that takes a device down as short as it can be and still does.

use std::future::Future;

use super::sequence::{Link, Send, Step};

/// Whether steps take the device down. `None`: there are no more tries.
pub(super) trait Trial {
    fn takes_down(&mut self, steps: &[Step]) -> impl Future<Output = Option<bool>>;
}

/// The shortest sequence found. `steps` take the device down; where the tries end early, what was found until then is given.
pub(super) async fn shrink<T: Trial>(steps: Vec<Step>, trial: &mut T) -> Vec<Step> {
    let mut best = steps;
    loop {
        let before = best.clone();
        let done = match fewer_steps(&mut best, trial).await {
            Some(()) => simpler_steps(&mut best, trial).await,
            None => None,
        };
        if done.is_none() || best == before {
            return best;
        }
    }
}

/// Leaves out ever smaller runs of steps (delta debugging).
async fn fewer_steps<T: Trial>(steps: &mut Vec<Step>, trial: &mut T) -> Option<()> {
    // A connection of which nothing is sent is left out with all of its steps at once.
    for link in [Link::A, Link::B] {
        let without: Vec<Step> = steps
            .iter()
            .filter(|step| step.link() != Some(link))
            .cloned()
            .collect();
        if without.len() < steps.len() && !without.is_empty() && trial.takes_down(&without).await? {
            *steps = without;
        }
    }
    let mut size = steps.len().div_ceil(2);
    while size > 0 {
        let mut from = 0_usize;
        while from < steps.len() {
            let mut shorter = steps.clone();
            let to = from.saturating_add(size).min(shorter.len());
            shorter.drain(from..to);
            if !shorter.is_empty() && trial.takes_down(&shorter).await? {
                *steps = shorter;
            } else {
                from = to;
            }
        }
        size = match size {
            1 => 0,
            size => size.div_ceil(2),
        };
    }
    Some(())
}

/// Makes each step as valid as it can be.
async fn simpler_steps<T: Trial>(steps: &mut Vec<Step>, trial: &mut T) -> Option<()> {
    for at in 0..steps.len() {
        while let Some(step) = steps.get(at) {
            let mut found = false;
            for simpler in simpler(step) {
                let mut other = steps.clone();
                if let Some(place) = other.get_mut(at) {
                    *place = simpler;
                }
                if trial.takes_down(&other).await? {
                    *steps = other;
                    found = true;
                    break;
                }
            }
            if !found {
                break;
            }
        }
    }
    Some(())
}

/// The ways to make one step simpler, the simplest first. Each is simpler in a measure that ends.
fn simpler(step: &Step) -> Vec<Step> {
    let mut out = Vec::new();
    match step {
        Step::Send(send) => {
            let mut with = |change: &dyn Fn(&mut Send)| {
                let mut simpler = send.clone();
                change(&mut simpler);
                if simpler != *send {
                    out.push(Step::Send(simpler));
                }
            };
            with(&|send| {
                send.changes.clear();
                send.times = 1;
                send.piece = 0;
            });
            with(&|send| send.changes.clear());
            for index in 0..send.changes.len() {
                with(&|send| {
                    send.changes.remove(index);
                });
            }
            with(&|send| send.piece = 0);
            with(&|send| send.times = 1);
            with(&|send| send.times = send.times.div_ceil(2));
        }
        Step::Close { link, reset: true } => out.push(Step::Close {
            link: *link,
            reset: false,
        }),
        Step::Pause(time) if *time > 1 => out.push(Step::Pause(time / 2)),
        Step::Open(_) | Step::Close { .. } | Step::Pause(_) => {}
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::frame::{Change, Message};
    use iedassay_wire::mutate::Mutation;

    struct Judge<F: Fn(&[Step]) -> bool> {
        down: F,
        tries: usize,
    }

    impl<F: Fn(&[Step]) -> bool> Trial for Judge<F> {
        async fn takes_down(&mut self, steps: &[Step]) -> Option<bool> {
            self.tries = self.tries.checked_sub(1)?;
            Some((self.down)(steps))
        }
    }

    fn send(octet: u8, changes: &[Mutation]) -> Step {
        Step::Send(Box::new(Send {
            link: Link::A,
            message: Message::Mms(vec![octet]),
            changes: changes
                .iter()
                .map(|mutation| Change {
                    mutation: *mutation,
                    seed: 0,
                })
                .collect(),
            piece: 7,
            times: 12,
        }))
    }

    fn is(step: &Step, octet: u8, mutation: Mutation) -> bool {
        matches!(step, Step::Send(send) if send.message == Message::Mms(vec![octet])
            && send.changes.iter().any(|change| change.mutation == mutation))
    }

    fn long() -> Vec<Step> {
        let mut steps = vec![Step::Open(Link::A), Step::Open(Link::B), Step::Pause(100)];
        steps.extend((0..30).map(|octet| send(octet, &[Mutation::Empty, Mutation::Deep])));
        steps.push(Step::Close {
            link: Link::A,
            reset: true,
        });
        steps
    }

    async fn shrunk(down: impl Fn(&[Step]) -> bool, tries: usize) -> Vec<Step> {
        shrink(long(), &mut Judge { down, tries }).await
    }

    #[tokio::test]
    async fn one_change_of_one_message_is_left() {
        let found = shrunk(
            |steps| {
                steps.contains(&Step::Open(Link::A))
                    && steps.iter().any(|step| is(step, 17, Mutation::Deep))
            },
            10_000,
        )
        .await;
        let [Step::Open(Link::A), Step::Send(send)] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(send.changes.len(), 1);
        assert_eq!((send.piece, send.times), (0, 1));
    }

    #[tokio::test]
    async fn two_messages_in_their_order_are_left() {
        let found = shrunk(
            |steps| {
                let at = |octet| {
                    steps
                        .iter()
                        .position(|step| is(step, octet, Mutation::Empty))
                };
                matches!((at(3), at(20)), (Some(a), Some(b)) if a < b)
            },
            10_000,
        )
        .await;
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[tokio::test]
    async fn without_tries_nothing_is_lost() {
        let found = shrunk(|_| true, 0).await;
        assert_eq!(found, long());
        let down = |steps: &[Step]| steps.iter().any(|step| is(step, 5, Mutation::Empty));
        let found = shrunk(down, 9).await;
        assert!(down(&found));
        assert!(found.len() < long().len());
    }
}
