//! The bytes that decide a step, and how a record shows them.

use std::sync::Arc;

use iedassay_reports::Mark;
use iedassay_wire::annotate::{Start, annotate_from, render};

use crate::origin::{Key, Origin, Pdu};
use crate::value::hex;

/// More of a PDU than this, in characters, is not shown in a record; the capture has it all.
const MAX_SHOWN: usize = 4_000;

/// Marks beyond this many are left out.
const MAX_MARKS: usize = 64;

/// Lines of a long decoded PDU above the marked one.
const LINES_BEFORE: usize = 20;
/// The bytes that decide, with where they stand in the capture. They are put into words only when something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Exhibit {
    /// The MMS PDU.
    pub(crate) octets: Option<Arc<[u8]>>,
    /// Its frame in the capture of the case, from 1.
    pub(crate) frame: Option<u64>,
    /// The value in it that has another type than the model describes: which, and both types.
    pub(crate) misfit: Option<Arc<str>>,
    /// Where the parts of the value stand that was made of it.
    pub(crate) origin: Option<Arc<Origin>>,
    /// What of it was read by the expectation that did not hold.
    pub(crate) marks: Option<Arc<Vec<Mark>>>,
}

impl Exhibit {
    pub(crate) fn new(octets: &[u8], frame: Option<u64>) -> Self {
        Self {
            octets: Some(octets.into()),
            frame: frame.filter(|frame| *frame > 0),
            ..Self::default()
        }
    }

    /// The same bytes, of which a value was made whose parts stand there.
    pub(crate) fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin)
            .filter(|origin| !origin.is_empty())
            .map(Arc::new);
        self
    }

    /// The same bytes with what an expectation read of them.
    pub(crate) fn with_marks(mut self, marks: impl IntoIterator<Item = Mark>) -> Self {
        let marks: Vec<Mark> = marks.into_iter().collect();
        self.marks = (!marks.is_empty()).then(|| Arc::new(marks));
        self
    }

    /// The same bytes with the mark on a part of the value that was made of them, as `read`.
    pub(crate) fn marked(&self, keys: &[Key], read: &str) -> Self {
        let found = self.origin.as_ref().map(|origin| origin.find(keys));
        let element = found.and_then(|found| found.element.filter(|_| found.pdu.is_none()));
        let mark = element.and_then(|element| element.mark(self.octets.as_deref()?, read));
        self.clone().with_marks(mark)
    }

    /// The same bytes with where a part of the value and its parts stand.
    pub(crate) fn part(&self, keys: &[Key]) -> Self {
        let part = self.origin.as_ref().map(|origin| origin.part(keys));
        self.clone().with_origin(part.unwrap_or_default())
    }

    pub(super) fn marks(&self) -> &[Mark] {
        self.marks.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Where the parts stand, said to be of this PDU wherever they are put.
    pub(crate) fn own_origin(&self) -> Origin {
        let origin = self.origin.as_deref().cloned().unwrap_or_default();
        origin.of(self.source())
    }

    /// The PDU, for a value that is put beside those of others.
    pub(crate) fn source(&self) -> Option<Pdu> {
        Some(Pdu {
            octets: Arc::clone(self.octets.as_ref()?),
            frame: self.frame,
        })
    }

    /// The same bytes, of which one value has another type than described; the first that is known stays.
    pub(crate) fn with_misfit(mut self, misfit: Option<String>) -> Self {
        if self.misfit.is_none() {
            self.misfit = misfit.map(Arc::from);
        }
        self
    }

    /// Only a place in the capture, for what is no PDU.
    pub(crate) fn frame(frame: u64) -> Self {
        Self {
            frame: Some(frame).filter(|frame| *frame > 0),
            ..Self::default()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.octets.is_none() && self.frame.is_none() && self.misfit.is_none()
    }

    /// The PDU in words, an element a line, as far as it can be decoded.
    pub(super) fn pdu(&self) -> Option<String> {
        let octets = self.octets.as_deref()?;
        let text = render(&annotate_from(octets, Start::Mms));
        Some(excerpt(text.trim_end(), self.marks()))
    }

    /// Its bytes in hexadecimal.
    pub(super) fn bytes(&self) -> Option<String> {
        let octets = self.octets.as_deref()?;
        match octets.get(..MAX_SHOWN) {
            Some(shown) if shown.len() < octets.len() => Some(format!("{}...", hex(shown))),
            _ => Some(hex(octets)),
        }
    }
}

/// The first of several PDUs that decided, with the marks of all: a step shows one, and names the frames of the others.
pub(super) fn together(exhibits: &[&Exhibit]) -> Exhibit {
    let Some((first, others)) = exhibits.split_first() else {
        return Exhibit::default();
    };
    let mut marks = first.marks().to_vec();
    for other in others {
        let same = other.octets == first.octets && other.frame == first.frame;
        for mark in other.marks() {
            let mark = Mark {
                frame: mark.frame.or(other.frame.filter(|_| !same)),
                ..mark.clone()
            };
            // Without a frame there is no saying which PDU it is in.
            if (same || mark.frame.is_some()) && !marks.contains(&mark) && marks.len() < MAX_MARKS {
                marks.push(mark);
            }
        }
    }
    (*first).clone().with_marks(marks)
}

/// The lines of a decoded PDU that a record shows: all where they are few enough, else those around the first mark.
fn excerpt(text: &str, marks: &[Mark]) -> String {
    let first = marks.iter().find(|mark| mark.is_in_pdu());
    let Some(first) = first.filter(|_| text.len() > MAX_SHOWN) else {
        return shortened(text);
    };
    let at = format!("{:04x} ", first.offset);
    let line = text.lines().position(|line| line.starts_with(&at));
    let lines: Vec<&str> = text.lines().collect();
    let from = line.unwrap_or_default().saturating_sub(LINES_BEFORE);
    let rest = lines.get(from..).unwrap_or_default().join("\n");
    match from {
        0 => shortened(text),
        _ => format!("...\n{}", shortened(&rest)),
    }
}

/// A text that is not longer than a record shows.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
