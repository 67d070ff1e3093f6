//! PDUs of MMS, of every kind and service.

use arbitrary::{Result, Unstructured};

use crate::fuzzing::shape::value::{
    access_results, address, binary_time, data, listed_variable, object_name, type_spec,
    variable_access,
};
use crate::fuzzing::shape::{any, bits, list, octets, oid, option, raw, text};
use crate::mms::*;

/// Any PDU.
pub(in crate::fuzzing) fn pdu(u: &mut Unstructured<'_>) -> Result<Pdu> {
    Ok(match u.int_in_range(0..=19)? {
        0..=4 => Pdu::ConfirmedRequest(ConfirmedRequest {
            invoke_id: any(u)?,
            modifiers: option(u, |u| list(u, |u| raw(u, 0..=2)))?,
            service: request(u)?,
            detail: option(u, |u| raw(u, 79..=79))?,
        }),
        5..=9 => Pdu::ConfirmedResponse(ConfirmedResponse {
            invoke_id: any(u)?,
            service: response(u)?,
            detail: option(u, |u| raw(u, 79..=79))?,
        }),
        10 => Pdu::ConfirmedError(ConfirmedError {
            invoke_id: any(u)?,
            modifier_position: option(u, any)?,
            error: service_error(u)?,
        }),
        11 => Pdu::Unconfirmed(unconfirmed(u)?),
        12 => Pdu::Reject(Reject {
            original_invoke_id: option(u, any)?,
            reason: RejectReason {
                class: RejectClass(u.int_in_range(1..=99)?),
                code: any(u)?,
            },
        }),
        13 => Pdu::CancelRequest {
            original_invoke_id: any(u)?,
        },
        14 => Pdu::CancelResponse {
            original_invoke_id: any(u)?,
        },
        15 => Pdu::CancelError {
            original_invoke_id: any(u)?,
            error: service_error(u)?,
        },
        16 => Pdu::InitiateRequest(initiate(u)?),
        17 => Pdu::InitiateResponse(initiate(u)?),
        18 => match u.int_in_range(0..=3)? {
            0 => Pdu::InitiateError(service_error(u)?),
            1 => Pdu::ConcludeError(service_error(u)?),
            2 => Pdu::ConcludeRequest,
            _ => Pdu::ConcludeResponse,
        },
        _ => Pdu::Unknown(raw(u, 14..=99)?),
    })
}

fn initiate(u: &mut Unstructured<'_>) -> Result<Initiate> {
    Ok(Initiate {
        local_detail: option(u, any)?,
        max_outstanding_calling: any(u)?,
        max_outstanding_called: any(u)?,
        nesting_level: option(u, any)?,
        detail: InitiateDetail {
            version: any(u)?,
            parameters: ParameterSupport(bits(u)?),
            services: ServiceSupport(bits(u)?),
            extensions: list(u, |u| raw(u, 3..=8))?,
        },
        extensions: list(u, |u| raw(u, 0..=8))?,
    })
}

fn service_error(u: &mut Unstructured<'_>) -> Result<ServiceError> {
    Ok(ServiceError {
        code: ErrorCode {
            class: ErrorClass(u.int_in_range(0..=199)?),
            code: any(u)?,
        },
        additional_code: option(u, any)?,
        additional_description: option(u, text)?,
        service_specific: option(u, |u| raw(u, 0..=11))?,
    })
}

fn status(u: &mut Unstructured<'_>) -> Result<StatusResponse> {
    Ok(StatusResponse {
        logical: VmdLogicalStatus(any(u)?),
        physical: VmdPhysicalStatus(any(u)?),
        local_detail: option(u, bits)?,
    })
}

fn unconfirmed(u: &mut Unstructured<'_>) -> Result<Unconfirmed> {
    Ok(match u.int_in_range(0..=5)? {
        0..=2 => Unconfirmed::InformationReport(InformationReport {
            access: variable_access(u)?,
            results: access_results(u)?,
        }),
        3 => Unconfirmed::UnsolicitedStatus(status(u)?),
        4 => Unconfirmed::EventNotification(raw(u, 2..=2)?),
        _ => Unconfirmed::Unknown(raw(u, 3..=99)?),
    })
}

fn file_name(u: &mut Unstructured<'_>) -> Result<FileName> {
    list(u, text).map(FileName)
}

fn file_attributes(u: &mut Unstructured<'_>) -> Result<FileAttributes> {
    Ok(FileAttributes {
        size: any(u)?,
        last_modified: option(u, text)?,
    })
}

fn name_list_request(u: &mut Unstructured<'_>) -> Result<GetNameListRequest> {
    Ok(GetNameListRequest {
        class: match any(u)? {
            true => ExtendedObjectClass::Companion(any(u)?),
            false => ExtendedObjectClass::Object(ObjectClass(any(u)?)),
        },
        scope: match u.int_in_range(0..=2)? {
            0 => ObjectScope::Domain(text(u)?),
            1 => ObjectScope::Vmd,
            _ => ObjectScope::Aa,
        },
        continue_after: option(u, text)?,
    })
}

fn journal_request(u: &mut Unstructured<'_>) -> Result<ReadJournalRequest> {
    Ok(ReadJournalRequest {
        journal: object_name(u)?,
        start: option(u, |u| {
            Ok(match any(u)? {
                true => RangeStart::Time(binary_time(u)?),
                false => RangeStart::Entry(octets(u)?),
            })
        })?,
        stop: option(u, |u| {
            Ok(match any(u)? {
                true => RangeStop::Time(binary_time(u)?),
                false => RangeStop::Count(any(u)?),
            })
        })?,
        variables: option(u, |u| list(u, text))?,
        start_after: option(u, |u| {
            Ok(EntryPosition {
                time: binary_time(u)?,
                entry: octets(u)?,
            })
        })?,
    })
}

fn request(u: &mut Unstructured<'_>) -> Result<Request> {
    Ok(match u.int_in_range(0..=18)? {
        0 => Request::Identify,
        1 => Request::Status {
            extended_derivation: any(u)?,
        },
        2 => Request::GetNameList(name_list_request(u)?),
        3 => Request::Read(ReadRequest {
            specification_with_result: any(u)?,
            access: variable_access(u)?,
        }),
        4 => Request::Write(WriteRequest {
            access: variable_access(u)?,
            data: list(u, data)?,
        }),
        5 => Request::GetVariableAccessAttributes(match any(u)? {
            true => GetVariableAccessAttributesRequest::Address(address(u)?),
            false => GetVariableAccessAttributesRequest::Name(object_name(u)?),
        }),
        6 => Request::DefineNamedVariableList(DefineNamedVariableListRequest {
            name: object_name(u)?,
            variables: list(u, listed_variable)?,
        }),
        7 => Request::GetNamedVariableListAttributes(object_name(u)?),
        8 => Request::DeleteNamedVariableList(DeleteNamedVariableListRequest {
            scope: ScopeOfDelete(any(u)?),
            names: option(u, |u| list(u, object_name))?,
            domain: option(u, text)?,
        }),
        9 => Request::ObtainFile(ObtainFileRequest {
            source_server: option(u, |u| raw(u, 0..=0))?,
            source: file_name(u)?,
            destination: file_name(u)?,
        }),
        10 => Request::ReadJournal(journal_request(u)?),
        11 => Request::GetCapabilityList(GetCapabilityListRequest {
            continue_after: option(u, text)?,
        }),
        12 => Request::FileOpen(FileOpenRequest {
            name: file_name(u)?,
            initial_position: any(u)?,
        }),
        13 => Request::FileRead { frsm_id: any(u)? },
        14 => Request::FileClose { frsm_id: any(u)? },
        15 => Request::FileRename(FileRenameRequest {
            current: file_name(u)?,
            new: file_name(u)?,
        }),
        16 => Request::FileDelete(file_name(u)?),
        17 => Request::FileDirectory(FileDirectoryRequest {
            specification: option(u, file_name)?,
            continue_after: option(u, file_name)?,
        }),
        // Tags of services that are kept raw.
        _ => Request::Unknown(raw(u, 78..=199)?),
    })
}

fn name_list(u: &mut Unstructured<'_>) -> Result<NameListResponse> {
    Ok(NameListResponse {
        names: list(u, text)?,
        more_follows: any(u)?,
    })
}

fn journal_entry(u: &mut Unstructured<'_>) -> Result<JournalEntry> {
    Ok(JournalEntry {
        identifier: octets(u)?,
        originator: match any(u)? {
            true => raw(u, 0..=3)?,
            false => JournalEntry::NO_ORIGINATOR,
        },
        occurrence_time: binary_time(u)?,
        additional_detail: option(u, |u| raw(u, 1..=1))?,
        form: match any(u)? {
            true => EntryForm::Annotation(text(u)?),
            false => EntryForm::Data {
                event: option(u, |u| {
                    Ok(JournalEvent {
                        condition: object_name(u)?,
                        state: EventConditionState(any(u)?),
                    })
                })?,
                variables: option(u, |u| {
                    list(u, |u| {
                        Ok(JournalVariable {
                            tag: text(u)?,
                            value: data(u)?,
                        })
                    })
                })?,
            },
        },
    })
}

fn response(u: &mut Unstructured<'_>) -> Result<Response> {
    Ok(match u.int_in_range(0..=18)? {
        0 => Response::Identify(IdentifyResponse {
            vendor: text(u)?,
            model: text(u)?,
            revision: text(u)?,
            abstract_syntaxes: option(u, |u| list(u, oid))?,
        }),
        1 => Response::Status(status(u)?),
        2 => Response::GetNameList(name_list(u)?),
        3 => Response::Read(ReadResponse {
            access: option(u, variable_access)?,
            results: access_results(u)?,
        }),
        4 => Response::Write(WriteResponse {
            results: list(u, |u| {
                Ok(match any(u)? {
                    true => Err(DataAccessError(any(u)?)),
                    false => Ok(()),
                })
            })?,
        }),
        5 => Response::GetVariableAccessAttributes(VariableAccessAttributes {
            mms_deletable: any(u)?,
            address: option(u, address)?,
            type_spec: type_spec(u)?,
        }),
        6 => Response::DefineNamedVariableList,
        7 => Response::GetNamedVariableListAttributes(NamedVariableListAttributes {
            mms_deletable: any(u)?,
            variables: list(u, listed_variable)?,
        }),
        8 => Response::DeleteNamedVariableList(DeleteNamedVariableListResponse {
            matched: any(u)?,
            deleted: any(u)?,
        }),
        9 => Response::ObtainFile,
        10 => Response::ReadJournal(ReadJournalResponse {
            entries: list(u, journal_entry)?,
            more_follows: any(u)?,
        }),
        11 => Response::GetCapabilityList(name_list(u)?),
        12 => Response::FileOpen(FileOpenResponse {
            frsm_id: any(u)?,
            attributes: file_attributes(u)?,
        }),
        13 => Response::FileRead(FileReadResponse {
            data: octets(u)?,
            more_follows: any(u)?,
        }),
        14 => Response::FileClose,
        15 => Response::FileRename,
        16 => Response::FileDelete,
        17 => Response::FileDirectory(FileDirectoryResponse {
            entries: list(u, |u| {
                Ok(DirectoryEntry {
                    name: file_name(u)?,
                    attributes: file_attributes(u)?,
                })
            })?,
            more_follows: any(u)?,
        }),
        _ => Response::Unknown(raw(u, 78..=199)?),
    })
}
