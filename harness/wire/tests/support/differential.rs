//! The same octets through our decoder and through another one: who accepts them, what each would write of what it read, and a
//! reason for every difference.

use std::collections::BTreeMap;

use iedassay_wire::mms::Pdu;
use iedassay_wire::mutate::{Mutation, mutate};
use iedassay_wire::{ObservationKind, Observations};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::strategies;

/// PDUs in the corpus, the same in every run.
pub(crate) const PDUS: usize = 3000;
/// Damaged copies of each.
const DAMAGED: u64 = 4;

pub(crate) fn corpus() -> Vec<Vec<u8>> {
    let mut runner = TestRunner::deterministic();
    let strategy = strategies::pdu();
    (0..PDUS)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current().encode())
        .collect()
}

/// Copies of the corpus, each damaged in one way or another.
pub(crate) fn damaged() -> impl Iterator<Item = Vec<u8>> {
    (0..).zip(corpus()).flat_map(|(number, octets)| {
        (0..DAMAGED).filter_map(move |at| {
            let seed: u64 = number * DAMAGED + at;
            let index = usize::try_from(seed).unwrap() % Mutation::ALL.len();
            mutate(&octets, Mutation::ALL[index], seed)
        })
    })
}

/// Outcome of a decoder: the octets that it would write, or why it refuses.
pub(crate) type Outcome = Result<Vec<u8>, String>;

fn ours(octets: &[u8]) -> Outcome {
    match Pdu::decode(octets) {
        Ok(pdu) => Ok(pdu.encode()),
        Err(error) => Err(error.to_string()),
    }
}

/// At least one decoder accepts the octets, and what the two say.
pub(crate) struct Difference<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) ours: &'a Outcome,
    pub(crate) theirs: &'a Outcome,
}

impl Difference<'_> {
    /// Only we accept, and they give this reason.
    pub(crate) fn they_refuse(&self, why: &[&str]) -> bool {
        self.ours.is_ok()
            && matches!(self.theirs, Err(error) if why.iter().any(|why| error.contains(why)))
    }

    /// Only they accept, and we give this reason.
    pub(crate) fn we_refuse(&self, why: &[&str]) -> bool {
        self.theirs.is_ok()
            && matches!(self.ours, Err(error) if why.iter().any(|why| error.contains(why)))
    }

    /// Both accept, and would write different octets.
    pub(crate) fn both_accept(&self) -> bool {
        self.ours.is_ok() && self.theirs.is_ok()
    }

    /// Whether we tell of one of these oddities.
    pub(crate) fn told(&self, kinds: &[ObservationKind]) -> bool {
        let sink = Observations::with_limit(100_000);
        let _ = Pdu::decode_observed(self.octets, &sink);
        sink.to_vec().iter().any(|seen| kinds.contains(&seen.kind))
    }
}

/// A reason in words, and whether it explains a difference.
pub(crate) type Reason = (&'static str, fn(&Difference<'_>) -> bool);

/// The other decoder, and where it and we may differ.
pub(crate) struct Other {
    pub(crate) read: fn(&[u8]) -> Outcome,
    /// Whether what they would write, given first, says what we would write.
    pub(crate) same: fn(&[u8], &[u8]) -> bool,
    pub(crate) table: &'static [Reason],
}

/// How often the two agree, and differences that nothing in the table explains, by what the two say, with an example.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) agreed: usize,
    pub(crate) refused: usize,
    pub(crate) explained: BTreeMap<&'static str, usize>,
    unexplained: BTreeMap<String, (usize, String)>,
}

impl Report {
    pub(crate) fn of(other: &Other, corpus: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut report = Self::default();
        for octets in corpus {
            report.take(other, &octets);
        }
        report
    }

    fn take(&mut self, other: &Other, octets: &[u8]) {
        let (ours, theirs) = (ours(octets), (other.read)(octets));
        match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) if (other.same)(theirs, ours) => self.agreed += 1,
            (Err(_), Err(_)) => self.refused += 1,
            _ => {
                let difference = Difference {
                    octets,
                    ours: &ours,
                    theirs: &theirs,
                };
                let reason = other.table.iter().find(|(_, holds)| holds(&difference));
                if let Some((reason, _)) = reason {
                    *self.explained.entry(reason).or_default() += 1;
                    return;
                }
                let what = match (&ours, &theirs) {
                    (Ok(_), Ok(_)) => "both accept, and differ".to_owned(),
                    (Ok(_), Err(why)) => format!("only we accept: {why}"),
                    (Err(why), _) => format!("only they accept: {why}"),
                };
                let what: String = what.chars().filter(|c| !c.is_ascii_digit()).collect();
                let example = format!("{octets:02x?} ours {ours:02x?} theirs {theirs:02x?}");
                self.unexplained.entry(what).or_insert((0, example)).0 += 1;
            }
        }
    }

    /// Every difference is explained.
    pub(crate) fn check(&self) {
        assert!(
            self.unexplained.is_empty(),
            "{} agreed, {} refused by both, explained {:#?}, {} kinds unexplained {:#?}",
            self.agreed,
            self.refused,
            self.explained,
            self.unexplained.len(),
            self.unexplained
        );
    }
}
