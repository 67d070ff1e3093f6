//! PDUs (ISO 9506-2, clauses 7 to 9) of the services that IEC 61850-8-1 uses.

use rasn::prelude::*;

use crate::access::{
    Attributes, AttributesRequest, DefineList, DeleteList, DeletedLists, InformationReport,
    ListAttributes, ReadRequest, ReadResponse, WriteRequest, WriteResult,
};
use crate::base::ObjectName;
use crate::services::{
    CapabilityRequest, Directory, FileDirectory, FileName, FileOpen, FileOpened, FileRead,
    FileRename, Identity, Journal, NameList, NameListRequest, ObtainFile, ReadJournal, Status,
};

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Request {
    #[rasn(tag(context, 0))]
    Status(bool),
    #[rasn(tag(context, 1))]
    GetNameList(NameListRequest),
    #[rasn(tag(context, 2))]
    Identify(()),
    #[rasn(tag(context, 4))]
    Read(ReadRequest),
    #[rasn(tag(context, 5))]
    Write(WriteRequest),
    #[rasn(tag(explicit(context, 6)))]
    GetVariableAccessAttributes(AttributesRequest),
    #[rasn(tag(context, 11))]
    DefineNamedVariableList(DefineList),
    #[rasn(tag(explicit(context, 12)))]
    GetNamedVariableListAttributes(ObjectName),
    #[rasn(tag(context, 13))]
    DeleteNamedVariableList(DeleteList),
    #[rasn(tag(context, 46))]
    ObtainFile(ObtainFile),
    #[rasn(tag(context, 65))]
    ReadJournal(ReadJournal),
    #[rasn(tag(context, 71))]
    GetCapabilityList(CapabilityRequest),
    #[rasn(tag(context, 72))]
    FileOpen(FileOpen),
    #[rasn(tag(context, 73))]
    FileRead(i32),
    #[rasn(tag(context, 74))]
    FileClose(i32),
    #[rasn(tag(context, 75))]
    FileRename(FileRename),
    #[rasn(tag(context, 76))]
    FileDelete(FileName),
    #[rasn(tag(context, 77))]
    FileDirectory(FileDirectory),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Response {
    #[rasn(tag(context, 0))]
    Status(Status),
    #[rasn(tag(context, 1))]
    GetNameList(NameList),
    #[rasn(tag(context, 2))]
    Identify(Identity),
    #[rasn(tag(context, 4))]
    Read(ReadResponse),
    #[rasn(tag(context, 5))]
    Write(SequenceOf<WriteResult>),
    #[rasn(tag(context, 6))]
    GetVariableAccessAttributes(Attributes),
    #[rasn(tag(context, 11))]
    DefineNamedVariableList(()),
    #[rasn(tag(context, 12))]
    GetNamedVariableListAttributes(ListAttributes),
    #[rasn(tag(context, 13))]
    DeleteNamedVariableList(DeletedLists),
    #[rasn(tag(context, 46))]
    ObtainFile(()),
    #[rasn(tag(context, 65))]
    ReadJournal(Journal),
    #[rasn(tag(context, 71))]
    GetCapabilityList(NameList),
    #[rasn(tag(context, 72))]
    FileOpen(FileOpened),
    #[rasn(tag(context, 73))]
    FileRead(FileRead),
    #[rasn(tag(context, 74))]
    FileClose(()),
    #[rasn(tag(context, 75))]
    FileRename(()),
    #[rasn(tag(context, 76))]
    FileDelete(()),
    #[rasn(tag(context, 77))]
    FileDirectory(Directory),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum ErrorClass {
    #[rasn(tag(context, 0))]
    VmdState(Integer),
    #[rasn(tag(context, 1))]
    ApplicationReference(Integer),
    #[rasn(tag(context, 2))]
    Definition(Integer),
    #[rasn(tag(context, 3))]
    Resource(Integer),
    #[rasn(tag(context, 4))]
    Service(Integer),
    #[rasn(tag(context, 5))]
    ServicePreempt(Integer),
    #[rasn(tag(context, 6))]
    TimeResolution(Integer),
    #[rasn(tag(context, 7))]
    Access(Integer),
    #[rasn(tag(context, 8))]
    Initiate(Integer),
    #[rasn(tag(context, 9))]
    Conclude(Integer),
    #[rasn(tag(context, 10))]
    Cancel(Integer),
    #[rasn(tag(context, 11))]
    File(Integer),
    #[rasn(tag(context, 12))]
    Others(Integer),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ServiceError {
    #[rasn(tag(explicit(context, 0)))]
    pub(crate) class: ErrorClass,
    #[rasn(tag(context, 1))]
    pub(crate) additional_code: Option<Integer>,
    #[rasn(tag(context, 2))]
    pub(crate) additional_description: Option<VisibleString>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ConfirmedRequest {
    pub(crate) invoke_id: u32,
    pub(crate) service: Request,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ConfirmedResponse {
    pub(crate) invoke_id: u32,
    pub(crate) service: Response,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ConfirmedError {
    #[rasn(tag(context, 0))]
    pub(crate) invoke_id: u32,
    #[rasn(tag(context, 1))]
    pub(crate) modifier_position: Option<u32>,
    #[rasn(tag(context, 2))]
    pub(crate) error: ServiceError,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Unconfirmed {
    #[rasn(tag(context, 0))]
    InformationReport(InformationReport),
    #[rasn(tag(context, 1))]
    UnsolicitedStatus(Status),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct UnconfirmedPdu {
    pub(crate) service: Unconfirmed,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum RejectReason {
    #[rasn(tag(context, 1))]
    ConfirmedRequest(Integer),
    #[rasn(tag(context, 2))]
    ConfirmedResponse(Integer),
    #[rasn(tag(context, 3))]
    ConfirmedError(Integer),
    #[rasn(tag(context, 4))]
    Unconfirmed(Integer),
    #[rasn(tag(context, 5))]
    PduError(Integer),
    #[rasn(tag(context, 6))]
    CancelRequest(Integer),
    #[rasn(tag(context, 7))]
    CancelResponse(Integer),
    #[rasn(tag(context, 8))]
    CancelError(Integer),
    #[rasn(tag(context, 9))]
    ConcludeRequest(Integer),
    #[rasn(tag(context, 10))]
    ConcludeResponse(Integer),
    #[rasn(tag(context, 11))]
    ConcludeError(Integer),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Reject {
    #[rasn(tag(context, 0))]
    pub(crate) original_invoke_id: Option<u32>,
    pub(crate) reason: RejectReason,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct CancelError {
    #[rasn(tag(context, 0))]
    pub(crate) original_invoke_id: u32,
    #[rasn(tag(context, 1))]
    pub(crate) error: ServiceError,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct InitiateDetail {
    #[rasn(tag(context, 0))]
    pub(crate) version: i32,
    #[rasn(tag(context, 1))]
    pub(crate) parameters: BitString,
    #[rasn(tag(context, 2))]
    pub(crate) services: BitString,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Initiate {
    #[rasn(tag(context, 0))]
    pub(crate) local_detail: Option<i32>,
    #[rasn(tag(context, 1))]
    pub(crate) max_outstanding_calling: i32,
    #[rasn(tag(context, 2))]
    pub(crate) max_outstanding_called: i32,
    #[rasn(tag(context, 3))]
    pub(crate) nesting_level: Option<i32>,
    #[rasn(tag(context, 4))]
    pub(crate) detail: InitiateDetail,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Pdu {
    #[rasn(tag(context, 0))]
    ConfirmedRequest(ConfirmedRequest),
    #[rasn(tag(context, 1))]
    ConfirmedResponse(ConfirmedResponse),
    #[rasn(tag(context, 2))]
    ConfirmedError(ConfirmedError),
    #[rasn(tag(context, 3))]
    Unconfirmed(UnconfirmedPdu),
    #[rasn(tag(context, 4))]
    Reject(Reject),
    #[rasn(tag(context, 5))]
    CancelRequest(u32),
    #[rasn(tag(context, 6))]
    CancelResponse(u32),
    #[rasn(tag(context, 7))]
    CancelError(CancelError),
    #[rasn(tag(context, 8))]
    InitiateRequest(Initiate),
    #[rasn(tag(context, 9))]
    InitiateResponse(Initiate),
    #[rasn(tag(context, 10))]
    InitiateError(ServiceError),
    #[rasn(tag(context, 11))]
    ConcludeRequest(()),
    #[rasn(tag(context, 12))]
    ConcludeResponse(()),
    #[rasn(tag(context, 13))]
    ConcludeError(ServiceError),
}
