//! MMS PDUs (ISO 9506-2) as IEC 61850-8-1 uses them, and a little more.
//!
//! [`Pdu`] is owned and complete: what this module does not interpret is kept raw and can be
//! printed. Codes are newtypes over their integer, so that an unknown one is kept too.
//! [`DataView`], [`ReadResponseView`] and [`InformationReportView`] borrow from the bytes for those
//! who read many. [`peek`] tells what a PDU is without decoding it.
//!
//! ```
//! use iedassay_wire::mms::{ObjectName, Pdu, ReadRequest, Request, VariableAccess};
//!
//! let name = ObjectName::domain("ASSAYLD0", "LLN0$ST$Mod$stVal");
//! let read = ReadRequest::new(VariableAccess::names([name]));
//! let pdu = Pdu::request(12, Request::Read(read));
//! let bytes = pdu.encode();
//! assert_eq!(Pdu::decode(&bytes)?, pdu);
//! assert_eq!(pdu.to_string(), "read-request #12: [ASSAYLD0/LLN0$ST$Mod$stVal]");
//! # Ok::<(), iedassay_wire::WireError>(())
//! ```

mod access;
mod alternate;
mod code;
mod data;
mod error;
mod file;
mod hot;
mod initiate;
mod journal;
mod name;
mod named_list;
mod pdu;
mod reject;
mod request;
mod response;
mod service;
mod time;
mod type_spec;
mod unconfirmed;
mod usual;
mod variable;
mod view;
mod vmd;

pub use access::{Address, ListedVariable, VariableAccess, VariableSpecification};
pub use alternate::{AccessSelection, AlternateAccess, AlternateAccessItem, Selector};
pub use code::{
    DataAccessError, EventConditionState, ObjectClass, ScopeOfDelete, VmdLogicalStatus,
    VmdPhysicalStatus,
};
pub use data::{Data, Float};
pub use error::{ErrorClass, ErrorCode, ServiceError};
pub use file::{
    DirectoryEntry, FileAttributes, FileDirectoryRequest, FileDirectoryResponse, FileName,
    FileOpenRequest, FileOpenResponse, FileReadResponse, FileRenameRequest, ObtainFileRequest,
};
pub use hot::{AccessResultView, InformationReportView, ReadResponseView, ResultIter, ResultList};
pub use initiate::{Initiate, InitiateDetail};
pub use journal::{
    EntryForm, EntryPosition, JournalEntry, JournalEvent, JournalVariable, RangeStart, RangeStop,
    ReadJournalRequest, ReadJournalResponse,
};
pub use name::{ObjectName, ObjectScope};
pub use named_list::{
    DefineNamedVariableListRequest, DeleteNamedVariableListRequest,
    DeleteNamedVariableListResponse, NamedVariableListAttributes,
};
pub use pdu::{ConfirmedError, ConfirmedRequest, ConfirmedResponse, Pdu, PduKind, Peek, peek};
pub use reject::{Reject, RejectClass, RejectReason};
pub use request::Request;
pub use response::Response;
pub use service::{Parameter, ParameterSupport, Service, ServiceSupport};
pub use time::{BinaryTime, TimeQuality, UtcTime};
pub use type_spec::{Component, TypeSpecification};
pub use unconfirmed::{InformationReport, Unconfirmed};
pub use variable::{
    AccessResult, GetVariableAccessAttributesRequest, ReadRequest, ReadResponse,
    VariableAccessAttributes, WriteRequest, WriteResponse, WriteResult,
};
pub use view::{DataIter, DataList, DataRef, DataView};
pub use vmd::{
    ExtendedObjectClass, GetCapabilityListRequest, GetNameListRequest, IdentifyResponse,
    NameListResponse, StatusResponse,
};
