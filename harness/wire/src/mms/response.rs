//! Responses of confirmed services (ISO 9506-2, ConfirmedServiceResponse).

use core::fmt;

use crate::ber::{RawTlv, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::{
    DeleteNamedVariableListResponse, FileDirectoryResponse, FileOpenResponse, FileReadResponse,
    IdentifyResponse, NameListResponse, NamedVariableListAttributes, ReadJournalResponse,
    ReadResponse, Service, StatusResponse, VariableAccessAttributes, WriteResponse,
};
use crate::observe::ObservationKind;

/// A response of a confirmed service (ISO 9506-2, ConfirmedServiceResponse).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Response {
    /// `[0]`
    Status(StatusResponse),
    /// `[1]`
    GetNameList(NameListResponse),
    /// `[2]`
    Identify(IdentifyResponse),
    /// `[4]`
    Read(ReadResponse),
    /// `[5]`
    Write(WriteResponse),
    /// `[6]`
    GetVariableAccessAttributes(VariableAccessAttributes),
    /// `[11]`
    DefineNamedVariableList,
    /// `[12]`
    GetNamedVariableListAttributes(NamedVariableListAttributes),
    /// `[13]`
    DeleteNamedVariableList(DeleteNamedVariableListResponse),
    /// `[46]`
    ObtainFile,
    /// `[65]`
    ReadJournal(ReadJournalResponse),
    /// `[71]`
    GetCapabilityList(NameListResponse),
    /// `[72]`
    FileOpen(FileOpenResponse),
    /// `[73]`
    FileRead(FileReadResponse),
    /// `[74]`
    FileClose,
    /// `[75]`
    FileRename,
    /// `[76]`
    FileDelete,
    /// `[77]`
    FileDirectory(FileDirectoryResponse),
    /// Another service, or a tag that is none.
    Unknown(RawTlv),
}

impl Response {
    /// The service; of an unknown tag, the number of the tag.
    #[must_use]
    pub const fn service(&self) -> Service {
        match self {
            Self::Status(_) => Service::STATUS,
            Self::GetNameList(_) => Service::GET_NAME_LIST,
            Self::Identify(_) => Service::IDENTIFY,
            Self::Read(_) => Service::READ,
            Self::Write(_) => Service::WRITE,
            Self::GetVariableAccessAttributes(_) => Service::GET_VARIABLE_ACCESS_ATTRIBUTES,
            Self::DefineNamedVariableList => Service::DEFINE_NAMED_VARIABLE_LIST,
            Self::GetNamedVariableListAttributes(_) => Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES,
            Self::DeleteNamedVariableList(_) => Service::DELETE_NAMED_VARIABLE_LIST,
            Self::ObtainFile => Service::OBTAIN_FILE,
            Self::ReadJournal(_) => Service::READ_JOURNAL,
            Self::GetCapabilityList(_) => Service::GET_CAPABILITY_LIST,
            Self::FileOpen(_) => Service::FILE_OPEN,
            Self::FileRead(_) => Service::FILE_READ,
            Self::FileClose => Service::FILE_CLOSE,
            Self::FileRename => Service::FILE_RENAME,
            Self::FileDelete => Service::FILE_DELETE,
            Self::FileDirectory(_) => Service::FILE_DIRECTORY,
            Self::Unknown(raw) => Service(raw.tag.number()),
        }
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let Some(number) = tlv.tag().context_number() else {
            let kind = ErrorKind::NoAlternative {
                choice: "ConfirmedServiceResponse",
            };
            return Err(tlv.error(kind));
        };
        Ok(match Service(number) {
            Service::STATUS => Self::Status(StatusResponse::from_tlv(tlv)?),
            Service::GET_NAME_LIST => Self::GetNameList(NameListResponse::from_tlv(tlv)?),
            Service::IDENTIFY => Self::Identify(IdentifyResponse::from_tlv(tlv)?),
            Service::READ => Self::Read(ReadResponse::from_tlv(tlv)?),
            Service::WRITE => Self::Write(WriteResponse::from_tlv(tlv)?),
            Service::GET_VARIABLE_ACCESS_ATTRIBUTES => {
                Self::GetVariableAccessAttributes(VariableAccessAttributes::from_tlv(tlv)?)
            }
            Service::DEFINE_NAMED_VARIABLE_LIST => {
                tlv.null().map(|()| Self::DefineNamedVariableList)?
            }
            Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES => {
                Self::GetNamedVariableListAttributes(NamedVariableListAttributes::from_tlv(tlv)?)
            }
            Service::DELETE_NAMED_VARIABLE_LIST => {
                Self::DeleteNamedVariableList(DeleteNamedVariableListResponse::from_tlv(tlv)?)
            }
            Service::OBTAIN_FILE => tlv.null().map(|()| Self::ObtainFile)?,
            Service::READ_JOURNAL => Self::ReadJournal(ReadJournalResponse::from_tlv(tlv)?),
            Service::GET_CAPABILITY_LIST => {
                Self::GetCapabilityList(NameListResponse::from_tlv(tlv)?)
            }
            Service::FILE_OPEN => Self::FileOpen(FileOpenResponse::from_tlv(tlv)?),
            Service::FILE_READ => Self::FileRead(FileReadResponse::from_tlv(tlv)?),
            Service::FILE_CLOSE => tlv.null().map(|()| Self::FileClose)?,
            Service::FILE_RENAME => tlv.null().map(|()| Self::FileRename)?,
            Service::FILE_DELETE => tlv.null().map(|()| Self::FileDelete)?,
            Service::FILE_DIRECTORY => Self::FileDirectory(FileDirectoryResponse::from_tlv(tlv)?),
            _ => {
                tlv.observe(ObservationKind::UnknownElement);
                Self::Unknown(tlv.to_raw())
            }
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer) {
        let tag = Tag::context(self.service().0);
        match self {
            Self::Status(response) => response.encode(w, tag),
            Self::GetNameList(response) | Self::GetCapabilityList(response) => {
                response.encode(w, tag);
            }
            Self::Identify(response) => response.encode(w, tag),
            Self::Read(response) => response.encode(w, tag),
            Self::Write(response) => response.encode(w, tag),
            Self::GetVariableAccessAttributes(response) => response.encode(w, tag),
            Self::GetNamedVariableListAttributes(response) => response.encode(w, tag),
            Self::DeleteNamedVariableList(response) => response.encode(w, tag),
            Self::ReadJournal(response) => response.encode(w, tag),
            Self::FileOpen(response) => response.encode(w, tag),
            Self::FileRead(response) => response.encode(w, tag),
            Self::FileDirectory(response) => response.encode(w, tag),
            Self::DefineNamedVariableList
            | Self::ObtainFile
            | Self::FileClose
            | Self::FileRename
            | Self::FileDelete => w.null(tag),
            Self::Unknown(raw) => raw.encode_into(w),
        }
    }
}

/// What is answered, without the name of the service.
impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(response) => write!(f, "{response}"),
            Self::GetNameList(response) | Self::GetCapabilityList(response) => {
                write!(f, "{response}")
            }
            Self::Identify(response) => write!(f, "{response}"),
            Self::Read(response) => write!(f, "{response}"),
            Self::Write(response) => write!(f, "{response}"),
            Self::GetVariableAccessAttributes(response) => write!(f, "{response}"),
            Self::GetNamedVariableListAttributes(response) => write!(f, "{response}"),
            Self::DeleteNamedVariableList(response) => write!(f, "{response}"),
            Self::ReadJournal(response) => write!(f, "{response}"),
            Self::FileOpen(response) => write!(f, "{response}"),
            Self::FileRead(response) => write!(f, "{response}"),
            Self::FileDirectory(response) => write!(f, "{response}"),
            Self::DefineNamedVariableList
            | Self::ObtainFile
            | Self::FileClose
            | Self::FileRename
            | Self::FileDelete => f.write_str("done"),
            Self::Unknown(raw) => write!(f, "{raw}"),
        }
    }
}
