//! File services (ISO 9506-2, annex on file access and management).

use core::fmt;

use crate::ber::{RawTlv, Tag, Tlv, Writer};
use crate::error::WireError;
use crate::mms::code::write_list;
use crate::mms::data::Quoted;
use crate::mms::type_spec::{default_boolean, default_false};
use crate::mms::vmd::{decode_strings, encode_strings};

/// Name of a file in parts (ISO 9506-2, FileName). IEC 61850-8-1 uses one part with the path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileName(pub Vec<String>);

impl FileName {
    /// A name of one part.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self(vec![path.into()])
    }

    /// The parts joined.
    #[must_use]
    pub fn to_path(&self) -> String {
        self.0.concat()
    }

    /// The FileName that `tlv` is, whatever its tag.
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        decode_strings(tlv, Tag::GRAPHIC_STRING).map(Self)
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        encode_strings(&self.0, w, tag, Tag::GRAPHIC_STRING);
    }
}

impl From<&str> for FileName {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

/// The parts quoted: `'COMTRADE/1.cfg'`.
impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [path] => write!(f, "{}", Quoted(path)),
            parts => write_list(f, "[", parts.iter().map(|part| Quoted(part)), "]"),
        }
    }
}

/// Size and date of a file (ISO 9506-2, FileAttributes).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileAttributes {
    /// `[0]` octets.
    pub size: u32,
    /// `[1]` GeneralizedTime as text, such as `20180102030405Z`.
    pub last_modified: Option<String>,
}

impl FileAttributes {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let size = r.expect(Tag::context(0))?.u32()?;
        let last_modified = match r.optional(Tag::context(1))? {
            Some(tlv) => Some(tlv.visible()?.into()),
            None => None,
        };
        r.finish()?;
        Ok(Self {
            size,
            last_modified,
        })
    }

    fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(time) = &self.last_modified {
                w.text(Tag::context(1), time);
            }
            w.unsigned(Tag::context(0), u64::from(self.size));
        });
    }
}

impl fmt::Display for FileAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.size)?;
        match &self.last_modified {
            Some(time) => write!(f, " of {time}"),
            None => Ok(()),
        }
    }
}

/// Opens a file for reading (ISO 9506-2, FileOpen-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileOpenRequest {
    /// `[0]`
    pub name: FileName,
    /// `[1]` octet from which to read.
    pub initial_position: u32,
}

impl FileOpenRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let name = FileName::from_tlv(&r.expect(Tag::context(0))?)?;
        let initial_position = r.expect(Tag::context(1))?.u32()?;
        r.finish()?;
        Ok(Self {
            name,
            initial_position,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            w.unsigned(Tag::context(1), u64::from(self.initial_position));
            self.name.encode(w, Tag::context(0));
        });
    }
}

impl fmt::Display for FileOpenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", self.name, self.initial_position)
    }
}

/// The open file (ISO 9506-2, FileOpen-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileOpenResponse {
    /// `[0]` by which to read and close it.
    pub frsm_id: i32,
    /// `[1]`
    pub attributes: FileAttributes,
}

impl FileOpenResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let frsm_id = r.expect(Tag::context(0))?.i32()?;
        let attributes = FileAttributes::from_tlv(&r.expect(Tag::context(1))?)?;
        r.finish()?;
        Ok(Self {
            frsm_id,
            attributes,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            self.attributes.encode(w, Tag::context(1));
            w.integer(Tag::context(0), i64::from(self.frsm_id));
        });
    }
}

impl fmt::Display for FileOpenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "frsm {}, {}", self.frsm_id, self.attributes)
    }
}

/// A piece of a file (ISO 9506-2, FileRead-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileReadResponse {
    /// `[0]`
    pub data: Vec<u8>,
    /// `[1]` true when absent.
    pub more_follows: bool,
}

impl FileReadResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let data = r.expect(Tag::context(0))?.octets()?.to_vec();
        let more_follows = default_boolean(&mut r, Tag::context(1), true)?;
        r.finish()?;
        Ok(Self { data, more_follows })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if !self.more_follows {
                w.boolean(Tag::context(1), false);
            }
            w.octets(Tag::context(0), &self.data);
        });
    }
}

impl fmt::Display for FileReadResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.data.len())?;
        f.write_str(if self.more_follows { " and more" } else { "" })
    }
}

/// Gives a file another name (ISO 9506-2, FileRename-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileRenameRequest {
    /// `[0]`
    pub current: FileName,
    /// `[1]`
    pub new: FileName,
}

impl FileRenameRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let current = FileName::from_tlv(&r.expect(Tag::context(0))?)?;
        let new = FileName::from_tlv(&r.expect(Tag::context(1))?)?;
        r.finish()?;
        Ok(Self { current, new })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            self.new.encode(w, Tag::context(1));
            self.current.encode(w, Tag::context(0));
        });
    }
}

impl fmt::Display for FileRenameRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.current, self.new)
    }
}

/// Makes the server fetch a file from the client or from another server (ISO 9506-2,
/// ObtainFile-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObtainFileRequest {
    /// `[0]` the other server (an ApplicationReference), kept raw.
    pub source_server: Option<RawTlv>,
    /// `[1]`
    pub source: FileName,
    /// `[2]`
    pub destination: FileName,
}

impl ObtainFileRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let source_server = r.optional(Tag::context(0))?.map(|tlv| tlv.to_raw());
        let source = FileName::from_tlv(&r.expect(Tag::context(1))?)?;
        let destination = FileName::from_tlv(&r.expect(Tag::context(2))?)?;
        r.finish()?;
        Ok(Self {
            source_server,
            source,
            destination,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            self.destination.encode(w, Tag::context(2));
            self.source.encode(w, Tag::context(1));
            if let Some(raw) = &self.source_server {
                raw.encode_into(w);
            }
        });
    }
}

impl fmt::Display for ObtainFileRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.source, self.destination)?;
        match &self.source_server {
            Some(raw) => write!(f, " from {raw}"),
            None => Ok(()),
        }
    }
}

/// Asks for the files (ISO 9506-2, FileDirectory-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct FileDirectoryRequest {
    /// `[0]` which files; all when `None`.
    pub specification: Option<FileName>,
    /// `[1]` the last file that is known already.
    pub continue_after: Option<FileName>,
}

impl FileDirectoryRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let mut optional = |tag| -> Result<Option<FileName>, WireError> {
            r.optional(tag)?
                .map(|tlv| FileName::from_tlv(&tlv))
                .transpose()
        };
        let specification = optional(Tag::context(0))?;
        let continue_after = optional(Tag::context(1))?;
        r.finish()?;
        Ok(Self {
            specification,
            continue_after,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(name) = &self.continue_after {
                name.encode(w, Tag::context(1));
            }
            if let Some(name) = &self.specification {
                name.encode(w, Tag::context(0));
            }
        });
    }
}

impl fmt::Display for FileDirectoryRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.specification {
            Some(name) => write!(f, "{name}")?,
            None => f.write_str("all")?,
        }
        match &self.continue_after {
            Some(name) => write!(f, " after {name}"),
            None => Ok(()),
        }
    }
}

/// Files and whether there are more (ISO 9506-2, FileDirectory-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileDirectoryResponse {
    /// `[0]`
    pub entries: Vec<DirectoryEntry>,
    /// `[1]` false when absent.
    pub more_follows: bool,
}

/// A file (ISO 9506-2, DirectoryEntry).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DirectoryEntry {
    /// `[0]`
    pub name: FileName,
    /// `[1]`
    pub attributes: FileAttributes,
}

impl FileDirectoryResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        // The tag is explicit, so a SEQUENCE OF is inside.
        let mut explicit = r.expect(Tag::context(0))?.reader()?;
        let mut list = explicit.expect(Tag::SEQUENCE)?.reader()?;
        explicit.finish()?;
        let mut entries = Vec::new();
        while !list.is_empty() {
            let mut item = list.expect(Tag::SEQUENCE)?.reader()?;
            let name = FileName::from_tlv(&item.expect(Tag::context(0))?)?;
            let attributes = FileAttributes::from_tlv(&item.expect(Tag::context(1))?)?;
            item.finish()?;
            entries.push(DirectoryEntry { name, attributes });
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
                w.constructed(Tag::SEQUENCE, |w| {
                    for entry in self.entries.iter().rev() {
                        w.constructed(Tag::SEQUENCE, |w| {
                            entry.attributes.encode(w, Tag::context(1));
                            entry.name.encode(w, Tag::context(0));
                        });
                    }
                });
            });
        });
    }
}

impl fmt::Display for FileDirectoryResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, "[", &self.entries, "]")?;
        f.write_str(if self.more_follows { " and more" } else { "" })
    }
}

impl fmt::Display for DirectoryEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.attributes)
    }
}
