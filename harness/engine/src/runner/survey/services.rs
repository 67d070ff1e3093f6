//! MMS services by their bit: each is asked for what cannot exist, so that a server which knows the service says so and changes
//! nothing.

use iedassay_model::capability;
use iedassay_wire::mms::{
    Data, DefineNamedVariableListRequest, DeleteNamedVariableListRequest, FileDirectoryRequest,
    FileName, FileOpenRequest, FileRenameRequest, GetCapabilityListRequest,
    GetVariableAccessAttributesRequest, ObjectName, ReadJournalRequest, ReadRequest, Request,
    Service, VariableAccess, WriteRequest,
};

use super::objects::Names;
use super::{Asker, Controls, Findings, Found, NOTHING, NOWHERE, raw_service, same_refusal};
use crate::outcome::Outcome;
use crate::suite::Allowance;

/// The last tag of a confirmed request that is also the bit of its service.
const LAST_TAG: u32 = 77;
/// An open file that no server has given away.
const NO_FILE: i32 = i32::MAX;

/// The error class of files, which no other service uses.
const FILE_ERRORS: u8 = 11;

/// Asks for every service.
pub(super) async fn tell(
    asker: &mut Asker<'_>,
    controls: &Controls,
    names: &Names,
    findings: &mut Findings,
) {
    for item in capability::all() {
        let (capability::CapabilityKind::MmsService, [service]) = (item.kind, item.services) else {
            continue;
        };
        // Release is asked for at the end.
        if *service == Service::CONCLUDE {
            continue;
        }
        let found = match question(*service, names) {
            Question::Ask(request, allowance) => {
                let announced = asker
                    .client
                    .established()
                    .answer
                    .detail
                    .services
                    .contains(*service);
                let allow = asker.shared.target.allow();
                match allowance {
                    // What the device announces may be asked for.
                    Some(Allowance::Robustness) if announced => {
                        judge(&asker.ask(request).await.0, controls)
                    }
                    Some(needed) if !allow.permits(needed) => {
                        Found::Open(format!("not asked: the target does not allow `{needed}`"))
                    }
                    _ => judge(&asker.ask(request).await.0, controls),
                }
            }
            Question::None(why) => Found::Open(why.to_owned()),
        };
        findings.put(item.id, found);
    }
}

enum Question {
    /// The request, and what the target must allow for it.
    Ask(Request, Option<Allowance>),
    /// There is none, and why.
    None(&'static str),
}

fn question(service: Service, names: &Names) -> Question {
    use Question::{Ask, None as Nothing};
    let nothing = || ObjectName::domain(NOWHERE, NOTHING);
    let list = || ObjectName::domain(NOWHERE, "IEDASSAY$nothing");
    let file = || FileName::new("iedassay-nothing.none");
    let known = names.any_variable();
    match service {
        Service::STATUS => Ask(
            Request::Status {
                extended_derivation: false,
            },
            None,
        ),
        Service::GET_NAME_LIST => Ask(super::objects::domain_list(), None),
        Service::IDENTIFY => Ask(Request::Identify, None),
        Service::READ => {
            let access = VariableAccess::names([known.unwrap_or_else(nothing)]);
            Ask(Request::Read(ReadRequest::new(access)), None)
        }
        Service::WRITE => Ask(
            Request::Write(WriteRequest {
                access: VariableAccess::names([nothing()]),
                data: vec![Data::Boolean(false)],
            }),
            Some(Allowance::WriteData),
        ),
        Service::GET_VARIABLE_ACCESS_ATTRIBUTES => Ask(
            Request::GetVariableAccessAttributes(GetVariableAccessAttributesRequest::Name(
                known.unwrap_or_else(nothing),
            )),
            None,
        ),
        Service::DEFINE_NAMED_VARIABLE_LIST => Ask(
            Request::DefineNamedVariableList(DefineNamedVariableListRequest {
                name: list(),
                variables: vec![nothing().into()],
            }),
            Some(Allowance::DataSets),
        ),
        Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES => {
            Ask(Request::GetNamedVariableListAttributes(list()), None)
        }
        Service::DELETE_NAMED_VARIABLE_LIST => Ask(
            Request::DeleteNamedVariableList(DeleteNamedVariableListRequest::specific(
                vec![list()],
            )),
            Some(Allowance::DataSets),
        ),
        Service::READ_JOURNAL => Ask(
            Request::ReadJournal(ReadJournalRequest {
                journal: list(),
                start: None,
                stop: None,
                variables: None,
                start_after: None,
            }),
            None,
        ),
        Service::GET_CAPABILITY_LIST => Ask(
            Request::GetCapabilityList(GetCapabilityListRequest {
                continue_after: None,
            }),
            None,
        ),
        Service::FILE_OPEN => Ask(
            Request::FileOpen(FileOpenRequest {
                name: file(),
                initial_position: 0,
            }),
            None,
        ),
        Service::FILE_READ => Ask(Request::FileRead { frsm_id: NO_FILE }, None),
        Service::FILE_CLOSE => Ask(Request::FileClose { frsm_id: NO_FILE }, None),
        Service::FILE_RENAME => Ask(
            Request::FileRename(FileRenameRequest {
                current: file(),
                new: file(),
            }),
            Some(Allowance::Files),
        ),
        Service::FILE_DELETE => Ask(Request::FileDelete(file()), Some(Allowance::Files)),
        Service::FILE_DIRECTORY => Ask(
            Request::FileDirectory(FileDirectoryRequest {
                specification: None,
                continue_after: None,
            }),
            None,
        ),
        Service::GET_DOMAIN_ATTRIBUTES => Ask(
            raw_service(service.0, false, NOWHERE.as_bytes().to_vec()),
            None,
        ),
        Service::OBTAIN_FILE => Nothing(
            "asking for it would make the device fetch a file; cases do that where the target allows it",
        ),
        Service::INFORMATION_REPORT => {
            Nothing("the device sends it of its own accord: cases of reports and controls show it")
        }
        Service::CANCEL => Nothing("there is nothing outstanding that could be cancelled"),
        Service(bit) if bit > LAST_TAG => Nothing("no client can ask for it"),
        // A service that IEC 61850-8-1 has no use for; without an argument it can do nothing.
        Service(tag) => Ask(
            raw_service(tag, true, Vec::new()),
            Some(Allowance::Robustness),
        ),
    }
}

/// What an answer says of a service, held against the answer to a service that cannot exist.
pub(super) fn judge(answer: &Outcome, controls: &Controls) -> Found {
    let control = &controls.service;
    match answer {
        Outcome::Success => Found::Working("the device answered a request".to_owned()),
        Outcome::DataAccessError(_) | Outcome::NegativeAnswer(_) => {
            Found::Working(format!("the device knows the request: {answer}"))
        }
        refusal if same_refusal(refusal, control) => Found::Unsupported(format!(
            "refused like a service that cannot exist: {refusal}"
        )),
        Outcome::ServiceError { .. } if names_the_object(answer) => {
            Found::Working(format!("the device knows the request: {answer}"))
        }
        other => Found::Open(format!(
            "the answer tells nothing: {other}; to a service that cannot exist: {control}"
        )),
    }
}

/// The error speaks of the object that does not exist, not of the service.
fn names_the_object(answer: &Outcome) -> bool {
    matches!(
        answer,
        Outcome::ServiceError {
            class: FILE_ERRORS,
            ..
        }
    ) || answer
        .code_name()
        .is_some_and(|name| name.contains("non-existent") || name.contains("undefined"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn controls(service: Outcome) -> Controls {
        Controls {
            service,
            object: Outcome::DataAccessError(10),
            domain: Outcome::ServiceError { class: 7, code: 2 },
        }
    }

    const UNRECOGNIZED: Outcome = Outcome::Reject { pdu: 1, reason: 1 };

    #[test]
    fn a_service_is_unsupported_only_if_refused_like_one_that_cannot_exist() {
        assert!(matches!(
            judge(&UNRECOGNIZED, &controls(UNRECOGNIZED)),
            Found::Unsupported(_)
        ));
        // A device that does not refuse what cannot exist, or refuses it otherwise, is not believed.
        for control in [
            Outcome::Success,
            Outcome::Timeout,
            Outcome::ServiceError { class: 12, code: 0 },
        ] {
            assert!(matches!(
                judge(&UNRECOGNIZED, &controls(control)),
                Found::Open(_)
            ));
        }
        // Silence is no refusal.
        assert!(matches!(
            judge(&Outcome::Timeout, &controls(Outcome::Timeout)),
            Found::Open(_)
        ));
    }

    #[test]
    fn a_service_that_says_the_object_is_not_there_works() {
        let missing = Outcome::ServiceError { class: 11, code: 7 };
        assert!(matches!(
            judge(&missing, &controls(UNRECOGNIZED)),
            Found::Working(_)
        ));
        let access = Outcome::ServiceError { class: 7, code: 1 };
        assert!(matches!(
            judge(&access, &controls(UNRECOGNIZED)),
            Found::Open(_)
        ));
        // Unless what cannot exist is refused with just that.
        assert!(matches!(
            judge(&missing, &controls(missing.clone())),
            Found::Unsupported(_)
        ));
    }
}
