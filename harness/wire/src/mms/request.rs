//! Requests of confirmed services (ISO 9506-2, ConfirmedServiceRequest).

use core::fmt;

use crate::ber::{RawTlv, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::{
    DefineNamedVariableListRequest, DeleteNamedVariableListRequest, FileDirectoryRequest, FileName,
    FileOpenRequest, FileRenameRequest, GetCapabilityListRequest, GetNameListRequest,
    GetVariableAccessAttributesRequest, ObjectName, ObtainFileRequest, ReadJournalRequest,
    ReadRequest, Service, WriteRequest,
};
use crate::observe::ObservationKind;

/// A request of a confirmed service (ISO 9506-2, ConfirmedServiceRequest).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    /// `[0]`
    Status {
        /// The device shall find out anew rather than tell what it knows.
        extended_derivation: bool,
    },
    /// `[1]`
    GetNameList(GetNameListRequest),
    /// `[2]`
    Identify,
    /// `[4]`
    Read(ReadRequest),
    /// `[5]`
    Write(WriteRequest),
    /// `[6]`
    GetVariableAccessAttributes(GetVariableAccessAttributesRequest),
    /// `[11]`
    DefineNamedVariableList(DefineNamedVariableListRequest),
    /// `[12]`
    GetNamedVariableListAttributes(ObjectName),
    /// `[13]`
    DeleteNamedVariableList(DeleteNamedVariableListRequest),
    /// `[46]`
    ObtainFile(ObtainFileRequest),
    /// `[65]`
    ReadJournal(ReadJournalRequest),
    /// `[71]`
    GetCapabilityList(GetCapabilityListRequest),
    /// `[72]`
    FileOpen(FileOpenRequest),
    /// `[73]`
    FileRead {
        /// The open file.
        frsm_id: i32,
    },
    /// `[74]`
    FileClose {
        /// The open file.
        frsm_id: i32,
    },
    /// `[75]`
    FileRename(FileRenameRequest),
    /// `[76]`
    FileDelete(FileName),
    /// `[77]`
    FileDirectory(FileDirectoryRequest),
    /// Another service, or a tag that is none.
    Unknown(RawTlv),
}

impl Request {
    /// The service; of an unknown tag, the number of the tag.
    #[must_use]
    pub const fn service(&self) -> Service {
        match self {
            Self::Status { .. } => Service::STATUS,
            Self::GetNameList(_) => Service::GET_NAME_LIST,
            Self::Identify => Service::IDENTIFY,
            Self::Read(_) => Service::READ,
            Self::Write(_) => Service::WRITE,
            Self::GetVariableAccessAttributes(_) => Service::GET_VARIABLE_ACCESS_ATTRIBUTES,
            Self::DefineNamedVariableList(_) => Service::DEFINE_NAMED_VARIABLE_LIST,
            Self::GetNamedVariableListAttributes(_) => Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES,
            Self::DeleteNamedVariableList(_) => Service::DELETE_NAMED_VARIABLE_LIST,
            Self::ObtainFile(_) => Service::OBTAIN_FILE,
            Self::ReadJournal(_) => Service::READ_JOURNAL,
            Self::GetCapabilityList(_) => Service::GET_CAPABILITY_LIST,
            Self::FileOpen(_) => Service::FILE_OPEN,
            Self::FileRead { .. } => Service::FILE_READ,
            Self::FileClose { .. } => Service::FILE_CLOSE,
            Self::FileRename(_) => Service::FILE_RENAME,
            Self::FileDelete(_) => Service::FILE_DELETE,
            Self::FileDirectory(_) => Service::FILE_DIRECTORY,
            Self::Unknown(raw) => Service(raw.tag.number()),
        }
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let Some(number) = tlv.tag().context_number() else {
            let kind = ErrorKind::NoAlternative {
                choice: "ConfirmedServiceRequest",
            };
            return Err(tlv.error(kind));
        };
        Ok(match Service(number) {
            Service::STATUS => Self::Status {
                extended_derivation: tlv.boolean()?,
            },
            Service::GET_NAME_LIST => Self::GetNameList(GetNameListRequest::from_tlv(tlv)?),
            Service::IDENTIFY => tlv.null().map(|()| Self::Identify)?,
            Service::READ => Self::Read(ReadRequest::from_tlv(tlv)?),
            Service::WRITE => Self::Write(WriteRequest::from_tlv(tlv)?),
            Service::GET_VARIABLE_ACCESS_ATTRIBUTES => Self::GetVariableAccessAttributes(
                GetVariableAccessAttributesRequest::from_tlv(tlv)?,
            ),
            Service::DEFINE_NAMED_VARIABLE_LIST => {
                Self::DefineNamedVariableList(DefineNamedVariableListRequest::from_tlv(tlv)?)
            }
            Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES => {
                let name = ObjectName::from_tlv(&tlv.inner("ObjectName")?)?;
                Self::GetNamedVariableListAttributes(name)
            }
            Service::DELETE_NAMED_VARIABLE_LIST => {
                Self::DeleteNamedVariableList(DeleteNamedVariableListRequest::from_tlv(tlv)?)
            }
            Service::OBTAIN_FILE => Self::ObtainFile(ObtainFileRequest::from_tlv(tlv)?),
            Service::READ_JOURNAL => Self::ReadJournal(ReadJournalRequest::from_tlv(tlv)?),
            Service::GET_CAPABILITY_LIST => {
                Self::GetCapabilityList(GetCapabilityListRequest::from_tlv(tlv)?)
            }
            Service::FILE_OPEN => Self::FileOpen(FileOpenRequest::from_tlv(tlv)?),
            Service::FILE_READ => Self::FileRead {
                frsm_id: tlv.i32()?,
            },
            Service::FILE_CLOSE => Self::FileClose {
                frsm_id: tlv.i32()?,
            },
            Service::FILE_RENAME => Self::FileRename(FileRenameRequest::from_tlv(tlv)?),
            Service::FILE_DELETE => Self::FileDelete(FileName::from_tlv(tlv)?),
            Service::FILE_DIRECTORY => Self::FileDirectory(FileDirectoryRequest::from_tlv(tlv)?),
            _ => {
                tlv.observe(ObservationKind::UnknownElement);
                Self::Unknown(tlv.to_raw())
            }
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        let tag = Tag::context(self.service().0);
        match self {
            Self::Status {
                extended_derivation,
            } => w.boolean(tag, *extended_derivation),
            Self::GetNameList(request) => request.encode(w, tag),
            Self::Identify => w.null(tag),
            Self::Read(request) => request.encode(w, tag),
            Self::Write(request) => request.encode(w, tag),
            Self::GetVariableAccessAttributes(request) => request.encode(w, tag),
            Self::DefineNamedVariableList(request) => request.encode(w, tag),
            Self::GetNamedVariableListAttributes(name) => name.encode_tagged(w, tag),
            Self::DeleteNamedVariableList(request) => request.encode(w, tag),
            Self::ObtainFile(request) => request.encode(w, tag),
            Self::ReadJournal(request) => request.encode(w, tag),
            Self::GetCapabilityList(request) => request.encode(w, tag),
            Self::FileOpen(request) => request.encode(w, tag),
            Self::FileRead { frsm_id } | Self::FileClose { frsm_id } => {
                w.integer(tag, i64::from(*frsm_id));
            }
            Self::FileRename(request) => request.encode(w, tag),
            Self::FileDelete(name) => name.encode(w, tag),
            Self::FileDirectory(request) => request.encode(w, tag),
            Self::Unknown(raw) => raw.encode_into(w),
        }
    }
}

/// What is asked, without the name of the service.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status {
                extended_derivation,
            } => f.write_str(if *extended_derivation { "extended" } else { "" }),
            Self::GetNameList(request) => write!(f, "{request}"),
            Self::Identify => Ok(()),
            Self::Read(request) => write!(f, "{request}"),
            Self::Write(request) => write!(f, "{request}"),
            Self::GetVariableAccessAttributes(request) => write!(f, "{request}"),
            Self::DefineNamedVariableList(request) => write!(f, "{request}"),
            Self::GetNamedVariableListAttributes(name) => write!(f, "{name}"),
            Self::DeleteNamedVariableList(request) => write!(f, "{request}"),
            Self::ObtainFile(request) => write!(f, "{request}"),
            Self::ReadJournal(request) => write!(f, "{request}"),
            Self::GetCapabilityList(request) => match &request.continue_after {
                Some(text) => write!(f, "after {}", super::data::Quoted(text)),
                None => Ok(()),
            },
            Self::FileOpen(request) => write!(f, "{request}"),
            Self::FileRead { frsm_id } | Self::FileClose { frsm_id } => write!(f, "frsm {frsm_id}"),
            Self::FileRename(request) => write!(f, "{request}"),
            Self::FileDelete(name) => write!(f, "{name}"),
            Self::FileDirectory(request) => write!(f, "{request}"),
            Self::Unknown(raw) => write!(f, "{raw}"),
        }
    }
}
