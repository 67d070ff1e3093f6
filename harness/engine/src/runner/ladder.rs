//! The sequence of messages around what decided a case, for the ladder diagram of a report.

use iedassay_client::capture::{Capture, Direction, Message, What};
use iedassay_reports::{MessageRecord, Messages, millis};

use super::exhibit::shortened;

/// Messages that are kept: so many up to the one that decided, and so many after it. The transcript has them all.
const BEFORE: usize = 40;
const AFTER: usize = 15;

/// The messages of a capture around the frame that decided; the last ones where no frame did.
pub(crate) fn messages(capture: &Capture, frame: Option<u64>) -> Messages {
    let snapshot = capture.snapshot();
    let all = snapshot.messages();
    let decides = |message: &Message| {
        frame.is_some_and(|f| (message.frame..=message.last_frame).contains(&f))
    };
    let pivot = all
        .iter()
        .position(decides)
        .unwrap_or_else(|| all.len().saturating_sub(1));
    let from = (pivot + 1).saturating_sub(BEFORE);
    let to = all.len().min(pivot + 1 + AFTER);
    let name = |index: usize| {
        let ends = snapshot.connections.get(index);
        ends.map(|ends| ends.name.clone()).unwrap_or_default()
    };
    let shown = all.get(from..to).unwrap_or_default().iter();
    Messages {
        before: u32::try_from(from).unwrap_or(u32::MAX),
        after: u32::try_from(all.len().saturating_sub(to)).unwrap_or(u32::MAX),
        shown: shown
            .map(|message| MessageRecord {
                at_ms: millis(message.at),
                client: name(message.connection),
                sent: message.direction == Direction::Sent,
                frame: message.frame,
                summary: shortened(&message.summary()),
                octets: match &message.what {
                    What::Octets(octets) => u32::try_from(octets.len()).unwrap_or(u32::MAX),
                    _ => 0,
                },
                steps: message.notes.clone(),
                decides: decides(message),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use iedassay_client::Anchor;
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn keeps_what_stands_around_the_frame_that_decided() {
        let capture = Capture::new(Anchor::now(SystemTime::UNIX_EPOCH));
        let connection = capture.open("main", None, None, Instant::now());
        let mut frames = Vec::new();
        for number in 0..100u8 {
            if number == 50 {
                capture.note("7: read");
            }
            let packet = [3, 0, 0, 8, 2, 0xf0, 0x80, number];
            frames.push(connection.received(&packet, Instant::now()));
        }
        let ladder = messages(&capture, Some(frames[50]));
        assert_eq!(ladder.shown.len(), BEFORE + AFTER);
        let deciding: Vec<_> = ladder.shown.iter().filter(|m| m.decides).collect();
        assert_eq!(deciding.len(), 1);
        assert_eq!(deciding[0].frame, frames[50]);
        assert_eq!(deciding[0].steps, ["7: read"]);
        assert_eq!(
            ladder.before as usize + ladder.shown.len() + ladder.after as usize,
            101
        );
        let last = messages(&capture, None);
        assert_eq!(last.shown.last().unwrap().frame, frames[99]);
        assert!(last.shown.iter().all(|message| !message.decides));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_captured_is_no_ladder() {
        let capture = Capture::new(Anchor::now(SystemTime::UNIX_EPOCH));
        assert_eq!(messages(&capture, Some(3)), Messages::default());
    }
}
