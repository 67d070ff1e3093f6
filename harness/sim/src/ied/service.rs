//! Requests: from octets to a service, from its outcome to octets (ISO 9506-2, confirmed services).

use iedassay_wire::mms::{
    ConfirmedRequest, ErrorCode, IdentifyResponse, NameListResponse, Pdu, PduKind, Reject,
    RejectReason, Request, Response, StatusResponse, VmdLogicalStatus, VmdPhysicalStatus, peek,
};
use iedassay_wire::{ObservationKind, Observations};

use super::{Ied, Output, Queued};
use crate::{Fault, client::AssociationId, report::Time};

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    Done(Response),
    Failed(ErrorCode),
    Rejected(RejectReason),
    /// Only with faults: no answer, or the end of the association.
    Silence,
    Abort,
    /// The answer comes when a client has given what it takes.
    Later,
}

impl From<ErrorCode> for Outcome {
    fn from(code: ErrorCode) -> Self {
        Self::Failed(code)
    }
}

impl Ied {
    /// An MMS PDU of a client. What it leads to comes from [`Self::poll_output`].
    pub(crate) fn request(&mut self, id: AssociationId, octets: &[u8], now: Time) -> bool {
        self.advance(now);
        let seen = Observations::new();
        let decoded = Pdu::decode_observed(octets, &seen);
        let understood = decoded.is_ok();
        match decoded {
            Ok(Pdu::ConfirmedRequest(request)) if self.refuses_coding(&seen) => {
                let reason = RejectReason::REQUEST_INVALID_ARGUMENT;
                self.reject(id, Some(request.invoke_id), reason);
            }
            Ok(pdu) if self.answered(id, &pdu, now) => {}
            Ok(Pdu::ConfirmedRequest(request)) => self.confirmed(id, request, now),
            Ok(Pdu::CancelRequest { original_invoke_id }) => {
                // Every request has been answered when the next one is looked at.
                let error = ErrorCode::INVOKE_ID_UNKNOWN.into();
                self.send(
                    id,
                    &Pdu::CancelError {
                        original_invoke_id,
                        error,
                    },
                );
            }
            // Nobody answers what is not asked, nor a reject.
            Ok(Pdu::Unconfirmed(_) | Pdu::Reject(_)) => {}
            Ok(Pdu::Unknown(_)) => self.reject(id, None, RejectReason::UNKNOWN_PDU_TYPE),
            Ok(_) => self.reject(id, None, RejectReason::INVALID_PDU),
            Err(_) => match peek(octets) {
                Ok(peeked)
                    if peeked.kind == PduKind::ConfirmedRequest && peeked.invoke_id.is_some() =>
                {
                    if !self.faults.has(Fault::BadArgumentSilent) {
                        self.reject(id, peeked.invoke_id, RejectReason::REQUEST_INVALID_ARGUMENT);
                    }
                }
                Ok(peeked) if peeked.kind == PduKind::Unknown => {
                    self.reject(id, None, RejectReason::UNKNOWN_PDU_TYPE)
                }
                _ => self.reject(id, None, RejectReason::INVALID_PDU),
            },
        }
        self.advance(now);
        understood
    }

    /// Only with faults: the request is not coded as this server would code it.
    fn refuses_coding(&self, seen: &Observations) -> bool {
        let seen = seen.to_vec();
        let odd = |kind| seen.iter().any(|observation| observation.kind == kind);
        (odd(ObservationKind::BooleanNotFf) && self.faults.has(Fault::TrueOnlyFf))
            || (odd(ObservationKind::LongFormLength) && self.faults.has(Fault::LongLengthsRejected))
    }

    fn confirmed(&mut self, id: AssociationId, request: ConfirmedRequest, now: Time) {
        let invoke_id = if self.faults.has(Fault::InvokeIdCut) {
            request.invoke_id & 0xffff
        } else {
            request.invoke_id
        };
        let pdu = match self.serve(id, invoke_id, request.service, now) {
            Outcome::Done(response) => Pdu::response(invoke_id, response),
            Outcome::Failed(code) => Pdu::error(invoke_id, code),
            Outcome::Rejected(reason) => return self.reject(id, Some(invoke_id), reason),
            Outcome::Silence | Outcome::Later => return,
            Outcome::Abort => {
                if let Some(association) = self.associations.get_mut(&id) {
                    association.outbox.push_back(Queued {
                        output: Output::Abort,
                        report: None,
                    });
                }
                return;
            }
        };
        let too_large = !self.faults.has(Fault::PduSizeExceeded);
        let Some(association) = self.associations.get_mut(&id) else {
            return;
        };
        let mut octets = pdu.encode();
        if octets.len() > association.max_pdu && too_large {
            octets = Pdu::error(invoke_id, ErrorCode::PDU_SIZE).encode();
        }
        association.push(octets);
    }

    fn reject(&mut self, id: AssociationId, invoke_id: Option<u32>, reason: RejectReason) {
        let original_invoke_id =
            invoke_id.filter(|_| !self.faults.has(Fault::RejectWithoutInvokeId));
        self.send(
            id,
            &Pdu::Reject(Reject {
                original_invoke_id,
                reason,
            }),
        );
    }

    fn serve(&mut self, id: AssociationId, invoke_id: u32, request: Request, now: Time) -> Outcome {
        match request {
            Request::Status { .. } => Outcome::Done(Response::Status(StatusResponse {
                logical: VmdLogicalStatus::STATE_CHANGES_ALLOWED,
                physical: VmdPhysicalStatus::OPERATIONAL,
                local_detail: None,
            })),
            Request::Identify => {
                let mut identity = self.config.identity.clone();
                if self.faults.has(Fault::RevisionOfOtherRelease) {
                    identity.revision.push_str("-rc1");
                }
                Outcome::Done(Response::Identify(IdentifyResponse {
                    vendor: identity.vendor,
                    model: identity.model,
                    revision: identity.revision,
                    abstract_syntaxes: None,
                }))
            }
            Request::GetCapabilityList(_) if self.faults.has(Fault::CapabilityListRejected) => {
                self.unknown_service()
            }
            Request::GetCapabilityList(_) => {
                Outcome::Done(Response::GetCapabilityList(NameListResponse {
                    names: vec!["IEC 61850-8-1".to_owned()],
                    more_follows: false,
                }))
            }
            Request::GetNameList(request) => self.get_name_list(id, &request),
            Request::GetVariableAccessAttributes(request) => self.get_type(&request),
            Request::Read(request) => self.read(id, request, now),
            Request::Write(request) => self.write(id, &request, now),
            Request::GetNamedVariableListAttributes(name) => self.data_set_directory(id, &name),
            Request::DefineNamedVariableList(request) => {
                let outcome = self.define_data_set(id, &request);
                self.track_definition(id, &request.name, &outcome);
                outcome
            }
            Request::DeleteNamedVariableList(request) => self.delete_data_sets(id, &request),
            Request::ReadJournal(request) => self.read_journal(id, &request),
            Request::FileDirectory(request) => self.file_directory(id, &request),
            Request::FileOpen(request) => self.file_open(id, &request),
            Request::FileRead { frsm_id } => self.file_read(id, frsm_id),
            Request::FileClose { frsm_id } => self.file_close(id, frsm_id),
            Request::FileDelete(name) => self.file_delete(&name),
            Request::FileRename(request) => self.file_rename(&request),
            Request::ObtainFile(request) => self.obtain_file(id, invoke_id, &request, now),
            Request::Unknown(_) => self.unknown_service(),
        }
    }

    fn unknown_service(&self) -> Outcome {
        if self.faults.has(Fault::UnknownServiceSilent) {
            return Outcome::Silence;
        }
        if self.faults.has(Fault::UnknownServiceAborts) {
            return Outcome::Abort;
        }
        Outcome::Rejected(RejectReason::REQUEST_UNRECOGNIZED_SERVICE)
    }

    /// Negotiated PDU size of an association.
    pub(super) fn max_pdu(&self, id: AssociationId) -> usize {
        self.associations
            .get(&id)
            .map_or(0, |association| association.max_pdu)
    }
}
