//! What survives the end of the process: buffered reports, settings, data sets, logs, files.
//!
//! The IED only says what is to be kept, as a list of [`Record`]s; where that goes is behind [`Persistence`]. Records are
//! committed before any octet leaves that tells somebody of what they hold: a response, a report, the answer of the process
//! side. So whatever was acknowledged is there again after the process was killed at any moment. What may be repeated is only what
//! says how far reports were sent, which a client that writes its last EntryID does not depend on.

mod coding;
mod file;
mod memory;

pub(crate) use coding::{Reading, octets_of, reading};
pub use file::FileStore;
pub use memory::MemoryStore;

use iedassay_model::tree::{BType, ServerModel};

/// One thing to keep, or to forget when it has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is, with `/` between its parts; unique.
    pub key: String,
    /// Its octets.
    pub value: Option<Vec<u8>>,
}

/// A place that outlives the process.
pub trait Persistence: Send {
    /// Everything that is kept, in the order of the keys.
    ///
    /// # Errors
    /// When the place cannot be read.
    fn load(&mut self) -> Result<Vec<(String, Vec<u8>)>, PersistenceError>;

    /// Keeps and forgets, all or nothing; when it returns, it lasts.
    ///
    /// # Errors
    /// When the place cannot be written.
    fn commit(&mut self, records: &[Record]) -> Result<(), PersistenceError>;
}

/// Why nothing can be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PersistenceError {
    /// The file is another kind of file, is damaged, is in use, or the disk is full.
    #[error("{0}")]
    Storage(String),
    /// What is kept is of an IED with another model.
    #[error("it was written for another model")]
    OtherModel,
    /// What is kept cannot be understood.
    #[error("`{0}` in it cannot be understood")]
    Unreadable(String),
}

/// Key of the fingerprint of the model.
const MODEL: &str = "model";

/// Reads what is kept for a model. What belongs to another model is refused; an empty place is made the model's own.
pub(crate) fn open(
    place: &mut dyn Persistence,
    model: &ServerModel,
) -> Result<Vec<(String, Vec<u8>)>, PersistenceError> {
    let own = fingerprint(model).to_be_bytes().to_vec();
    let mut kept = place.load()?;
    match kept.iter().position(|(key, _)| key == MODEL) {
        Some(at) if kept.swap_remove(at).1 == own => {}
        Some(_) => return Err(PersistenceError::OtherModel),
        None if kept.is_empty() => place.commit(&[Record {
            key: MODEL.to_owned(),
            value: Some(own),
        }])?,
        None => return Err(PersistenceError::OtherModel),
    }
    kept.sort();
    Ok(kept)
}

/// Tells models apart by the names and types of their variables and by their data sets (FNV-1a).
fn fingerprint(model: &ServerModel) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |text: &str| {
        for octet in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for node in model.variables() {
        add(node.domain());
        add(node.item());
        add(&node.btype().map_or_else(String::new, BType::scl_name));
    }
    for at in model.data_sets() {
        add(&at.reference().mms_text());
        at.data_set
            .members
            .iter()
            .for_each(|member| add(&member.mms_text()));
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_model::scl;

    #[test]
    fn a_place_belongs_to_the_model_that_came_first() {
        let model = scl::builtin().unwrap().model;
        let mut place = MemoryStore::default();
        assert!(open(&mut place, &model).unwrap().is_empty());
        let record = Record {
            key: "set/x".into(),
            value: Some(vec![1]),
        };
        place.commit(&[record]).unwrap();
        assert_eq!(
            open(&mut place, &model).unwrap(),
            [("set/x".to_owned(), vec![1])]
        );
        let mut other = model.clone();
        other
            .edit(|devices| {
                devices.pop();
            })
            .unwrap();
        let refused = open(&mut place, &other);
        assert!(matches!(refused, Err(PersistenceError::OtherModel)));
    }
}
