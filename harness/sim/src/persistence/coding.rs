//! Octets of what is kept: values of the MMS, which need no second coding.

use std::time::Duration;

use iedassay_wire::mms::Data;

/// The octets of a list of values.
pub(crate) fn octets_of(values: Vec<Data>) -> Vec<u8> {
    Data::Structure(values).encode()
}

/// The values of a list, one after the other.
pub(crate) fn reading(octets: &[u8]) -> Option<Reading> {
    match Data::decode(octets).ok()? {
        Data::Structure(values) => Some(Reading(values.into_iter())),
        _ => None,
    }
}

/// Values that are read in their order.
pub(crate) struct Reading(std::vec::IntoIter<Data>);

impl Reading {
    pub(crate) fn next(&mut self) -> Option<Data> {
        self.0.next()
    }

    pub(crate) fn number<N: TryFrom<u64>>(&mut self) -> Option<N> {
        N::try_from(self.next()?.as_u64()?).ok()
    }

    pub(crate) fn boolean(&mut self) -> Option<bool> {
        self.next()?.as_bool()
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        match self.next()? {
            Data::VisibleString(text) | Data::MmsString(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn time(&mut self) -> Option<Duration> {
        let seconds = self.number()?;
        let nanos = self
            .number::<u32>()
            .filter(|nanos| *nanos < 1_000_000_000)?;
        Some(Duration::new(seconds, nanos))
    }

    /// The values of a list in the list.
    pub(crate) fn list(&mut self) -> Option<Self> {
        match self.next()? {
            Data::Structure(values) => Some(Self(values.into_iter())),
            _ => None,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.len() == 0
    }
}
