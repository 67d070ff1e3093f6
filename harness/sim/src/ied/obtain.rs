//! ObtainFile (IEC 61850-8-1: SetFile): the IED opens, reads and closes a file at its client, which serves it.

use std::time::Duration;

use iedassay_wire::mms::{
    ConfirmedError, ConfirmedResponse, ErrorClass, ErrorCode, FileOpenRequest, ObtainFileRequest,
    Pdu, Reject, RejectReason, Request, Response,
};

use super::{Ied, service::Outcome};
use crate::{Fault, client::AssociationId, report::Time};

/// Time that the client has for each answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Class file, other.
const OTHER: ErrorCode = ErrorCode {
    class: ErrorClass::FILE,
    code: 0,
};

/// A file that is being fetched from a client.
#[derive(Debug)]
pub(crate) struct Obtaining {
    /// Of the ObtainFile request.
    invoke_id: u32,
    destination: String,
    contents: Vec<u8>,
    /// The own request that waits for an answer.
    own_id: u32,
    step: Step,
    until: Time,
    /// How it will end.
    outcome: Result<(), ErrorCode>,
}

/// What is waited for.
#[derive(Clone, Copy, Debug)]
enum Step {
    Open,
    Read(i32),
    Close,
}

impl Obtaining {
    /// Whether this is the destination.
    pub(super) fn is_for(&self, path: &str) -> bool {
        self.destination == path
    }
}

impl Ied {
    /// An ObtainFile request: its answer comes when the file is here.
    pub(super) fn obtain_file(
        &mut self,
        id: AssociationId,
        invoke_id: u32,
        request: &ObtainFileRequest,
        now: Time,
    ) -> Outcome {
        if self.faults.has(Fault::ObtainFileRejected) {
            return Outcome::Rejected(RejectReason::REQUEST_UNRECOGNIZED_SERVICE);
        }
        // Files of third parties are not for this IED to fetch.
        if request.source_server.is_some() {
            return ErrorCode::FILE_ACCESS_DENIED.into();
        }
        let destination = match self.path(&request.destination) {
            Ok(path) if path.is_empty() || path.ends_with('/') => {
                return ErrorCode::FILENAME_SYNTAX_ERROR.into();
            }
            Ok(path) => path,
            Err(code) => return code.into(),
        };
        if self.is_open(&destination) {
            return ErrorCode::FILE_BUSY.into();
        }
        let Some(association) = self.associations.get_mut(&id) else {
            return Outcome::Silence;
        };
        if association.files.obtaining.is_some() {
            return ErrorCode::FILE_BUSY.into();
        }
        let obtaining = Obtaining {
            invoke_id,
            destination,
            contents: Vec::new(),
            own_id: 0,
            step: Step::Open,
            until: now,
            outcome: Ok(()),
        };
        let open = Request::FileOpen(FileOpenRequest {
            name: request.source.clone(),
            initial_position: 0,
        });
        self.ask_client(id, obtaining, open, now);
        Outcome::Later
    }

    /// Sends a request of our own and keeps what it is for.
    fn ask_client(&mut self, id: AssociationId, obtaining: Obtaining, request: Request, now: Time) {
        let Some(association) = self.associations.get_mut(&id) else {
            return;
        };
        let own_id = obtaining.own_id + 1;
        association.push(Pdu::request(own_id, request).encode());
        association.files.obtaining = Some(Obtaining {
            own_id,
            until: now.saturating_add(PATIENCE),
            ..obtaining
        });
    }

    /// An answer of a client; whether it was one to a request of ours.
    pub(super) fn answered(&mut self, id: AssociationId, answer: &Pdu, now: Time) -> bool {
        let (own_id, answer) = match answer {
            Pdu::ConfirmedResponse(ConfirmedResponse {
                invoke_id, service, ..
            }) => (*invoke_id, Ok(service)),
            Pdu::ConfirmedError(ConfirmedError {
                invoke_id, error, ..
            }) => (*invoke_id, Err(error.code)),
            Pdu::Reject(Reject {
                original_invoke_id: Some(invoke_id),
                ..
            }) => (*invoke_id, Err(OTHER)),
            _ => return false,
        };
        let waiting = self.associations.get_mut(&id).and_then(|association| {
            association
                .files
                .obtaining
                .take_if(|it| it.own_id == own_id)
        });
        match waiting {
            Some(obtaining) => {
                self.go_on(id, obtaining, answer, now);
                true
            }
            None => false,
        }
    }

    fn go_on(
        &mut self,
        id: AssociationId,
        mut obtaining: Obtaining,
        answer: Result<&Response, ErrorCode>,
        now: Time,
    ) {
        let read = |frsm_id| (Step::Read(frsm_id), Request::FileRead { frsm_id });
        let close = |frsm_id| (Step::Close, Request::FileClose { frsm_id });
        let next = match (obtaining.step, answer) {
            (Step::Open, Ok(Response::FileOpen(opened))) => Some(read(opened.frsm_id)),
            (Step::Open, Err(_)) if self.faults.has(Fault::MissingSourceAccepted) => None,
            (Step::Read(frsm_id), Ok(Response::FileRead(piece))) => {
                obtaining.contents.extend_from_slice(&piece.data);
                let used = self.files.used().saturating_add(obtaining.contents.len());
                if used > self.config.file_store_size {
                    obtaining.outcome = Err(ErrorCode::INSUFFICIENT_SPACE_IN_FILESTORE);
                    Some(close(frsm_id))
                } else if piece.more_follows && !self.faults.has(Fault::ObtainedFirstPieceOnly) {
                    Some(read(frsm_id))
                } else if self.faults.has(Fault::SourceLeftOpen) {
                    None
                } else {
                    Some(close(frsm_id))
                }
            }
            (Step::Read(frsm_id), Err(code)) => {
                obtaining.outcome = Err(code);
                Some(close(frsm_id))
            }
            (Step::Close, _) => None,
            (_, Err(code)) => {
                obtaining.outcome = Err(code);
                None
            }
            (_, Ok(_)) => {
                obtaining.outcome = Err(OTHER);
                None
            }
        };
        match next {
            Some((step, request)) => {
                obtaining.step = step;
                self.ask_client(id, obtaining, request, now);
            }
            None => self.obtained(id, obtaining, now),
        }
    }

    fn obtained(&mut self, id: AssociationId, obtaining: Obtaining, now: Time) {
        let Obtaining {
            invoke_id,
            destination,
            contents,
            outcome,
            ..
        } = obtaining;
        let pdu = match outcome {
            Ok(()) => {
                if !self.faults.has(Fault::ObtainedFileNotStored) {
                    let shown = self.clock.read(now);
                    self.files.put(destination, contents, shown);
                }
                Pdu::response(invoke_id, Response::ObtainFile)
            }
            Err(code) => Pdu::error(invoke_id, code),
        };
        self.send(id, &pdu);
    }

    /// The client was lost before its file was here: nothing is left of it.
    pub(super) fn files_of_lost_fetch(&mut self, half: Obtaining) {
        if self.faults.has(Fault::LostFetchKeepsName) {
            self.files.leaked.push(half.destination.clone());
        }
        if self.faults.has(Fault::HalfFileKept) {
            let shown = self.clock.read(self.now);
            self.files.put(half.destination, half.contents, shown);
        }
    }

    /// When [`Self::give_up_obtaining`] is wanted.
    pub(super) fn obtaining_deadline(&self) -> Option<Time> {
        let obtaining = self
            .associations
            .values()
            .filter_map(|association| association.files.obtaining.as_ref());
        obtaining.map(|obtaining| obtaining.until).min()
    }

    /// Clients that do not answer in time have no file set.
    pub(super) fn give_up_obtaining(&mut self, now: Time) {
        let ids: Vec<AssociationId> = self.associations.keys().copied().collect();
        for id in ids {
            let due = self
                .associations
                .get_mut(&id)
                .and_then(|association| association.files.obtaining.take_if(|it| it.until <= now));
            if let Some(mut obtaining) = due {
                obtaining.outcome = obtaining.outcome.and(Err(OTHER));
                self.obtained(id, obtaining, now);
            }
        }
    }
}
