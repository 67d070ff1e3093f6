//! VMD support, files and journals (ISO 9506-2, clauses 10, 19 and 20, and annex D).

use rasn::prelude::*;

use crate::base::{Data, Identifier, ObjectName, Time};

pub(crate) type FileName = SequenceOf<GraphicString>;

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Status {
    #[rasn(tag(context, 0))]
    pub(crate) logical: Integer,
    #[rasn(tag(context, 1))]
    pub(crate) physical: Integer,
    #[rasn(tag(context, 2))]
    pub(crate) local_detail: Option<BitString>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum ObjectClass {
    #[rasn(tag(context, 0))]
    Object(Integer),
    #[rasn(tag(context, 1))]
    Companion(Integer),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum ObjectScope {
    #[rasn(tag(context, 0))]
    Vmd(()),
    #[rasn(tag(context, 1))]
    Domain(Identifier),
    #[rasn(tag(context, 2))]
    Aa(()),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct NameListRequest {
    #[rasn(tag(explicit(context, 0)))]
    pub(crate) class: ObjectClass,
    #[rasn(tag(explicit(context, 1)))]
    pub(crate) scope: ObjectScope,
    #[rasn(tag(context, 2))]
    pub(crate) continue_after: Option<Identifier>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct NameList {
    #[rasn(tag(context, 0))]
    pub(crate) names: SequenceOf<Identifier>,
    #[rasn(tag(context, 1), default = "yes")]
    pub(crate) more_follows: bool,
}

fn yes() -> bool {
    true
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct CapabilityRequest {
    pub(crate) continue_after: Option<VisibleString>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Identity {
    #[rasn(tag(context, 0))]
    pub(crate) vendor: VisibleString,
    #[rasn(tag(context, 1))]
    pub(crate) model: VisibleString,
    #[rasn(tag(context, 2))]
    pub(crate) revision: VisibleString,
    #[rasn(tag(context, 3))]
    pub(crate) abstract_syntaxes: Option<SequenceOf<ObjectIdentifier>>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct FileOpen {
    #[rasn(tag(context, 0))]
    pub(crate) name: FileName,
    #[rasn(tag(context, 1))]
    pub(crate) initial_position: u32,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct FileAttributes {
    #[rasn(tag(context, 0))]
    pub(crate) size: u32,
    #[rasn(tag(context, 1))]
    pub(crate) last_modified: Option<VisibleString>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct FileOpened {
    #[rasn(tag(context, 0))]
    pub(crate) frsm_id: i32,
    #[rasn(tag(context, 1))]
    pub(crate) attributes: FileAttributes,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct FileRead {
    #[rasn(tag(context, 0))]
    pub(crate) data: OctetString,
    #[rasn(tag(context, 1), default = "yes")]
    pub(crate) more_follows: bool,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct FileRename {
    #[rasn(tag(context, 0))]
    pub(crate) current: FileName,
    #[rasn(tag(context, 1))]
    pub(crate) new: FileName,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct FileDirectory {
    #[rasn(tag(context, 0))]
    pub(crate) specification: Option<FileName>,
    #[rasn(tag(context, 1))]
    pub(crate) continue_after: Option<FileName>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct DirectoryEntry {
    #[rasn(tag(context, 0))]
    pub(crate) name: FileName,
    #[rasn(tag(context, 1))]
    pub(crate) attributes: FileAttributes,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Directory {
    #[rasn(tag(explicit(context, 0)))]
    pub(crate) entries: SequenceOf<DirectoryEntry>,
    #[rasn(tag(context, 1), default)]
    pub(crate) more_follows: bool,
}

/// The source file server is left out: we keep it raw.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ObtainFile {
    #[rasn(tag(context, 1))]
    pub(crate) source: FileName,
    #[rasn(tag(context, 2))]
    pub(crate) destination: FileName,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum RangeStart {
    #[rasn(tag(context, 0))]
    Time(Time),
    #[rasn(tag(context, 1))]
    Entry(OctetString),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum RangeStop {
    #[rasn(tag(context, 0))]
    Time(Time),
    #[rasn(tag(context, 1))]
    Count(i32),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct EntryPosition {
    #[rasn(tag(context, 0))]
    pub(crate) time: Time,
    #[rasn(tag(context, 1))]
    pub(crate) entry: OctetString,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ReadJournal {
    #[rasn(tag(explicit(context, 0)))]
    pub(crate) journal: ObjectName,
    #[rasn(tag(explicit(context, 1)))]
    pub(crate) start: Option<RangeStart>,
    #[rasn(tag(explicit(context, 2)))]
    pub(crate) stop: Option<RangeStop>,
    #[rasn(tag(context, 4))]
    pub(crate) variables: Option<SequenceOf<VisibleString>>,
    #[rasn(tag(context, 5))]
    pub(crate) start_after: Option<EntryPosition>,
}

/// Everything but the AP title is left out: we keep it raw.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Originator {
    #[rasn(tag(explicit(context, 0)))]
    pub(crate) ap_title: Option<ObjectIdentifier>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Event {
    #[rasn(tag(explicit(context, 0)))]
    pub(crate) condition: ObjectName,
    #[rasn(tag(context, 1))]
    pub(crate) state: Integer,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct JournalVariable {
    #[rasn(tag(context, 0))]
    pub(crate) tag: VisibleString,
    #[rasn(tag(explicit(context, 1)))]
    pub(crate) value: Data,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct EntryData {
    #[rasn(tag(context, 0))]
    pub(crate) event: Option<Event>,
    #[rasn(tag(context, 1))]
    pub(crate) variables: Option<SequenceOf<JournalVariable>>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum EntryForm {
    #[rasn(tag(context, 2))]
    Data(EntryData),
    #[rasn(tag(context, 3))]
    Annotation(VisibleString),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct EntryContent {
    #[rasn(tag(context, 0))]
    pub(crate) occurrence_time: Time,
    pub(crate) form: EntryForm,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct JournalEntry {
    #[rasn(tag(context, 0))]
    pub(crate) identifier: OctetString,
    #[rasn(tag(explicit(context, 1)))]
    pub(crate) originator: Originator,
    #[rasn(tag(context, 2))]
    pub(crate) content: EntryContent,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Journal {
    #[rasn(tag(context, 0))]
    pub(crate) entries: SequenceOf<JournalEntry>,
    #[rasn(tag(context, 1), default)]
    pub(crate) more_follows: bool,
}
