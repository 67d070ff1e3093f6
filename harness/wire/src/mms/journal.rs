//! Journals, which are the logs of IEC 61850.

use core::fmt;

use crate::ber::{RawTlv, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::write_list;
use crate::mms::data::Quoted;
use crate::mms::type_spec::default_false;
use crate::mms::vmd::{decode_strings, encode_strings};
use crate::mms::{BinaryTime, Data, EventConditionState, ObjectName};

/// Asks for entries (ISO 9506-2, ReadJournal-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReadJournalRequest {
    /// `[0]`
    pub journal: ObjectName,
    /// `[1]` where to begin; at the oldest entry when `None`.
    pub start: Option<RangeStart>,
    /// `[2]` where to end; at the newest entry when `None`.
    pub stop: Option<RangeStop>,
    /// `[4]` which variables of each entry; all when `None`.
    pub variables: Option<Vec<String>>,
    /// `[5]` the last entry that is known already.
    pub start_after: Option<EntryPosition>,
}

/// Where a range begins (ISO 9506-2, rangeStartSpecification).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RangeStart {
    /// `[0]`
    Time(BinaryTime),
    /// `[1]`
    Entry(Vec<u8>),
}

/// Where a range ends (ISO 9506-2, rangeStopSpecification).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RangeStop {
    /// `[0]`
    Time(BinaryTime),
    /// `[1]` after so many entries; negative counts backwards.
    Count(i32),
}

/// Time and identifier of an entry (ISO 9506-2, entryToStartAfter).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntryPosition {
    /// `[0]`
    pub time: BinaryTime,
    /// `[1]`
    pub entry: Vec<u8>,
}

impl ReadJournalRequest {
    /// All entries.
    #[must_use]
    pub const fn new(journal: ObjectName) -> Self {
        Self {
            journal,
            start: None,
            stop: None,
            variables: None,
            start_after: None,
        }
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let journal = ObjectName::from_tlv(&r.expect(Tag::context(0))?.inner("ObjectName")?)?;
        let start = match r.optional(Tag::context(1))? {
            Some(tlv) => Some(RangeStart::from_tlv(&tlv.inner(START)?)?),
            None => None,
        };
        let stop = match r.optional(Tag::context(2))? {
            Some(tlv) => Some(RangeStop::from_tlv(&tlv.inner(STOP)?)?),
            None => None,
        };
        let variables = match r.optional(Tag::context(4))? {
            Some(tlv) => Some(decode_strings(&tlv, Tag::VISIBLE_STRING)?),
            None => None,
        };
        let start_after = match r.optional(Tag::context(5))? {
            None => None,
            Some(tlv) => {
                let mut r = tlv.reader()?;
                let time = decode_time(&r.expect(Tag::context(0))?)?;
                let entry = r.expect(Tag::context(1))?.octets()?.to_vec();
                r.finish()?;
                Some(EntryPosition { time, entry })
            }
        };
        r.finish()?;
        Ok(Self {
            journal,
            start,
            stop,
            variables,
            start_after,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(EntryPosition { time, entry }) = &self.start_after {
                w.constructed(Tag::context(5), |w| {
                    w.octets(Tag::context(1), entry);
                    encode_time(*time, w, Tag::context(0));
                });
            }
            if let Some(variables) = &self.variables {
                encode_strings(variables, w, Tag::context(4), Tag::VISIBLE_STRING);
            }
            if let Some(stop) = &self.stop {
                w.constructed(Tag::context(2), |w| match stop {
                    RangeStop::Time(time) => encode_time(*time, w, Tag::context(0)),
                    RangeStop::Count(count) => w.integer(Tag::context(1), i64::from(*count)),
                });
            }
            if let Some(start) = &self.start {
                w.constructed(Tag::context(1), |w| match start {
                    RangeStart::Time(time) => encode_time(*time, w, Tag::context(0)),
                    RangeStart::Entry(entry) => w.octets(Tag::context(1), entry),
                });
            }
            self.journal.encode_tagged(w, Tag::context(0));
        });
    }
}

const START: &str = "rangeStartSpecification";
const STOP: &str = "rangeStopSpecification";

impl RangeStart {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(0) => decode_time(tlv).map(Self::Time),
            Some(1) => Ok(Self::Entry(tlv.octets()?.to_vec())),
            _ => Err(tlv.error(ErrorKind::NoAlternative { choice: START })),
        }
    }
}

impl RangeStop {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(0) => decode_time(tlv).map(Self::Time),
            Some(1) => tlv.i32().map(Self::Count),
            _ => Err(tlv.error(ErrorKind::NoAlternative { choice: STOP })),
        }
    }
}

fn decode_time(tlv: &Tlv<'_>) -> Result<BinaryTime, WireError> {
    let octets = tlv.octets()?.to_cow();
    let kind = ErrorKind::InvalidSize {
        found: octets.len(),
    };
    BinaryTime::from_octets(&octets).ok_or_else(|| tlv.content_error(kind))
}

fn encode_time(time: BinaryTime, w: &mut Writer, tag: Tag) {
    let (octets, len) = time.to_octets();
    w.octets(tag, octets.get(..len).unwrap_or_default());
}

impl fmt::Display for ReadJournalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.journal)?;
        match &self.start {
            Some(RangeStart::Time(time)) => write!(f, " from {time}")?,
            Some(RangeStart::Entry(entry)) => write!(f, " from entry {}", Hex(entry))?,
            None => {}
        }
        match &self.stop {
            Some(RangeStop::Time(time)) => write!(f, " to {time}")?,
            Some(RangeStop::Count(count)) => write!(f, " for {count} entries")?,
            None => {}
        }
        if let Some(variables) = &self.variables {
            write_list(f, " variables [", variables, "]")?;
        }
        match &self.start_after {
            Some(EntryPosition { time, entry }) => {
                write!(f, " after entry {} of {time}", Hex(entry))
            }
            None => Ok(()),
        }
    }
}

/// Prints octets as `0x0a0b`.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        crate::ber::write_hex(f, self.0)
    }
}

/// Entries and whether there are more (ISO 9506-2, ReadJournal-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReadJournalResponse {
    /// `[0]`
    pub entries: Vec<JournalEntry>,
    /// `[1]` false when absent.
    pub more_follows: bool,
}

impl ReadJournalResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let mut list = r.expect(Tag::context(0))?.reader()?;
        let mut entries = Vec::new();
        while !list.is_empty() {
            entries.push(JournalEntry::from_tlv(&list.expect(Tag::SEQUENCE)?)?);
        }
        let more_follows = default_false(&mut r, Tag::context(1))?;
        r.finish()?;
        Ok(Self {
            entries,
            more_follows,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if self.more_follows {
                w.boolean(Tag::context(1), true);
            }
            w.constructed(Tag::context(0), |w| {
                for entry in self.entries.iter().rev() {
                    entry.encode(w);
                }
            });
        });
    }
}

impl fmt::Display for ReadJournalResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, "[", &self.entries, "]")?;
        f.write_str(if self.more_follows { " and more" } else { "" })
    }
}

/// An entry (ISO 9506-2, JournalEntry with its EntryContent).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JournalEntry {
    /// `[0]` octets that order and identify the entries.
    pub identifier: Vec<u8>,
    /// `[1]` who made it: what is inside the explicit tag (an ApplicationReference), kept raw.
    /// [`JournalEntry::NO_ORIGINATOR`] names nobody.
    pub originator: RawTlv,
    /// `[2][0]`
    pub occurrence_time: BinaryTime,
    /// `[2][1]` of a companion standard, kept raw.
    pub additional_detail: Option<RawTlv>,
    /// What happened.
    pub form: EntryForm,
}

/// What happened (ISO 9506-2, entryForm).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EntryForm {
    /// `[2]`
    Data {
        /// `[0]`
        event: Option<JournalEvent>,
        /// `[1]`
        variables: Option<Vec<JournalVariable>>,
    },
    /// `[3]`
    Annotation(String),
}

/// An event condition and its state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JournalEvent {
    /// `[0]`
    pub condition: ObjectName,
    /// `[1]`
    pub state: EventConditionState,
}

/// A variable and its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JournalVariable {
    /// `[0]` in IEC 61850-8-1 the name of the variable, or `ReasonCode`.
    pub tag: String,
    /// `[1]`
    pub value: Data,
}

impl JournalEntry {
    /// An ApplicationReference without any part.
    pub const NO_ORIGINATOR: RawTlv = RawTlv {
        tag: Tag::SEQUENCE,
        constructed: true,
        content: Vec::new(),
    };

    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let identifier = r.expect(Tag::context(0))?.octets()?.to_vec();
        let originator = r
            .expect(Tag::context(1))?
            .inner("ApplicationReference")?
            .to_raw();
        let mut content = r.expect(Tag::context(2))?.reader()?;
        r.finish()?;
        let occurrence_time = decode_time(&content.expect(Tag::context(0))?)?;
        let additional_detail = content.optional(Tag::context(1))?.map(|tlv| tlv.to_raw());
        let form = EntryForm::from_tlv(&content.any("entryForm")?)?;
        content.finish()?;
        Ok(Self {
            identifier,
            originator,
            occurrence_time,
            additional_detail,
            form,
        })
    }

    fn encode(&self, w: &mut Writer) {
        w.constructed(Tag::SEQUENCE, |w| {
            w.constructed(Tag::context(2), |w| {
                self.form.encode(w);
                if let Some(raw) = &self.additional_detail {
                    raw.encode_into(w);
                }
                encode_time(self.occurrence_time, w, Tag::context(0));
            });
            w.constructed(Tag::context(1), |w| self.originator.encode_into(w));
            w.octets(Tag::context(0), &self.identifier);
        });
    }
}

impl EntryForm {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match tlv.tag().context_number() {
            Some(2) => {
                let mut r = tlv.reader()?;
                let event = match r.optional(Tag::context(0))? {
                    Some(tlv) => Some(JournalEvent::from_tlv(&tlv)?),
                    None => None,
                };
                let variables = match r.optional(Tag::context(1))? {
                    None => None,
                    Some(tlv) => {
                        let mut list = tlv.reader()?;
                        let mut variables = Vec::new();
                        while !list.is_empty() {
                            variables
                                .push(JournalVariable::from_tlv(&list.expect(Tag::SEQUENCE)?)?);
                        }
                        Some(variables)
                    }
                };
                r.finish()?;
                Ok(Self::Data { event, variables })
            }
            Some(3) => Ok(Self::Annotation(tlv.visible()?.into())),
            _ => Err(tlv.error(ErrorKind::NoAlternative {
                choice: "entryForm",
            })),
        }
    }

    fn encode(&self, w: &mut Writer) {
        match self {
            Self::Annotation(text) => w.text(Tag::context(3), text),
            Self::Data { event, variables } => w.constructed(Tag::context(2), |w| {
                if let Some(variables) = variables {
                    w.constructed(Tag::context(1), |w| {
                        for variable in variables.iter().rev() {
                            variable.encode(w);
                        }
                    });
                }
                if let Some(event) = event {
                    w.constructed(Tag::context(0), |w| {
                        w.integer(Tag::context(1), event.state.0);
                        event.condition.encode_tagged(w, Tag::context(0));
                    });
                }
            }),
        }
    }
}

impl JournalEvent {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let condition = ObjectName::from_tlv(&r.expect(Tag::context(0))?.inner("ObjectName")?)?;
        let state = EventConditionState(r.expect(Tag::context(1))?.i64()?);
        r.finish()?;
        Ok(Self { condition, state })
    }
}

impl JournalVariable {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let tag = r.expect(Tag::context(0))?.visible()?.into();
        let value = Data::from_tlv(&r.expect(Tag::context(1))?.inner("Data")?)?;
        r.finish()?;
        Ok(Self { tag, value })
    }

    fn encode(&self, w: &mut Writer) {
        w.constructed(Tag::SEQUENCE, |w| {
            w.constructed(Tag::context(1), |w| self.value.encode_into(w));
            w.text(Tag::context(0), &self.tag);
        });
    }
}

/// `0x0000000000000001 2018-01-02T03:04:05.250 {LD0/GGIO1$ST$Ind1$stVal: true}`.
impl fmt::Display for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", Hex(&self.identifier), self.occurrence_time)?;
        match &self.form {
            EntryForm::Annotation(text) => write!(f, "{}", Quoted(text)),
            EntryForm::Data { event, variables } => {
                if let Some(JournalEvent { condition, state }) = event {
                    write!(f, "event {condition} {state} ")?;
                }
                write_list(f, "{", variables.iter().flatten(), "}")
            }
        }
    }
}

impl fmt::Display for JournalVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.tag, self.value)
    }
}
