//! What an independent decoder has to see in a PDU: the values of its fields, in the order of the encoding.

use std::collections::BTreeMap;

use iedassay_wire::ber::BitString;
use iedassay_wire::mms::*;

/// Values of fields by the names that tshark gives them.
pub(crate) type Fields = BTreeMap<&'static str, Vec<String>>;

/// The PDU without what tshark does not read, or nothing when too little would be left. Each restriction is a
/// difference between tshark and us, with its reason.
pub(crate) fn within_reach(mut pdu: Pdu) -> Option<Pdu> {
    match &mut pdu {
        Pdu::ConfirmedRequest(pdu) => {
            // It takes modifiers and the details of companion standards for what they would be in those.
            pdu.modifiers = None;
            pdu.detail = None;
            if let Request::ObtainFile(request) = &mut pdu.service {
                // What we keep raw it reads.
                request.source_server = None;
            }
        }
        Pdu::ConfirmedResponse(pdu) => {
            pdu.detail = None;
            times(&mut pdu.service);
        }
        Pdu::ConfirmedError(pdu) => tame(&mut pdu.error),
        Pdu::CancelError { error, .. } | Pdu::InitiateError(error) | Pdu::ConcludeError(error) => {
            tame(error);
        }
        Pdu::InitiateRequest(initiate) | Pdu::InitiateResponse(initiate) => {
            // It complains of elements and bits that its edition of the standard does not have.
            initiate.extensions.clear();
            initiate.detail.extensions.clear();
            initiate.detail.parameters = ParameterSupport(BitString::from_octets(&[0xf1, 0], 5));
            initiate.detail.services =
                ServiceSupport(BitString::from_bits((0..85).map(|bit| bit % 3 == 0)));
            return Some(pdu);
        }
        Pdu::Reject(reject) => reject.reason.class.0 = reject.reason.class.0 % 11 + 1,
        _ => {}
    }
    let text = format!("{pdu:?}");
    // What we keep raw it either knows (and reads what is random inside) or calls malformed.
    let raw = ["Unknown(", "Scattered", "EventNotification"]
        .iter()
        .any(|word| text.contains(word));
    // Its output is separated by bars, and escapes what is not printable.
    let odd = !text.is_ascii() || text.contains(['|', '\\']);
    (!raw && !odd).then_some(pdu)
}

/// We take any text for a GeneralizedTime, it only times; we keep originator and additional detail of a journal entry
/// raw, it reads them.
fn times(response: &mut Response) {
    let time = |attributes: &mut FileAttributes| {
        if let Some(time) = &mut attributes.last_modified {
            *time = "20260228235959Z".to_owned();
        }
    };
    match response {
        Response::FileOpen(open) => time(&mut open.attributes),
        Response::FileDirectory(list) => list
            .entries
            .iter_mut()
            .for_each(|entry| time(&mut entry.attributes)),
        Response::ReadJournal(journal) => {
            for entry in &mut journal.entries {
                entry.originator = JournalEntry::NO_ORIGINATOR;
                entry.additional_detail = None;
            }
        }
        _ => {}
    }
}

/// Classes above 12 do not exist in its edition, and what is specific to a service it reads as that service's.
fn tame(error: &mut ServiceError) {
    error.code.class.0 %= 12;
    error.service_specific = None;
}

/// The values of the fields in a PDU.
pub(crate) fn expected(pdu: &Pdu) -> Fields {
    let mut seen = Seen(Fields::new());
    seen.pdu(pdu);
    for values in seen.0.values_mut() {
        // Its output does not tell one empty text from none.
        if values == &[""] {
            values.clear();
        }
    }
    seen.0
}

struct Seen(Fields);

impl Seen {
    fn put(&mut self, field: &'static str, value: impl ToString) {
        self.0.entry(field).or_default().push(value.to_string());
    }

    /// Of an unsigned number tshark keeps 32 bits, and prints them signed.
    fn number(&mut self, field: &'static str, value: u32) {
        self.put(field, i32::from_ne_bytes(value.to_ne_bytes()));
    }

    /// The same of the code of an error, of which we keep 64 bits.
    fn failure(&mut self, error: DataAccessError) {
        let [.., a, b, c, d] = error.0.to_be_bytes();
        self.put("mms.failure", i32::from_be_bytes([a, b, c, d]));
    }

    fn flag(&mut self, field: &'static str, value: bool) {
        self.put(field, u8::from(value));
    }

    /// A value that is the default is not sent.
    fn more(&mut self, more_follows: bool, default: bool) {
        if more_follows != default {
            self.flag("mms.moreFollows", more_follows);
        }
    }

    fn pdu(&mut self, pdu: &Pdu) {
        match pdu {
            Pdu::ConfirmedRequest(pdu) => {
                self.number("mms.invokeID", pdu.invoke_id);
                self.request(&pdu.service);
            }
            Pdu::ConfirmedResponse(pdu) => {
                self.number("mms.invokeID", pdu.invoke_id);
                self.response(&pdu.service);
            }
            Pdu::ConfirmedError(pdu) => {
                self.number("mms.invokeID", pdu.invoke_id);
                self.error(&pdu.error);
            }
            Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => {
                self.put("mms.unconfirmedService", 0);
                self.access(&report.access);
                self.results(&report.results);
            }
            Pdu::Unconfirmed(Unconfirmed::UnsolicitedStatus(_)) => {
                self.put("mms.unconfirmedService", 1);
            }
            Pdu::CancelError {
                original_invoke_id,
                error,
            } => {
                self.number("mms.originalInvokeID", *original_invoke_id);
                self.error(error);
            }
            Pdu::Reject(reject) => {
                if let Some(id) = reject.original_invoke_id {
                    self.number("mms.originalInvokeID", id);
                }
                self.put("mms.rejectReason", reject.reason.class.0);
            }
            Pdu::InitiateRequest(initiate) => {
                if let Some(detail) = initiate.local_detail {
                    self.put("mms.localDetailCalling", detail);
                }
                self.put(
                    "mms.proposedMaxServOutstandingCalling",
                    initiate.max_outstanding_calling,
                );
            }
            Pdu::InitiateResponse(initiate) => {
                if let Some(detail) = initiate.local_detail {
                    self.put("mms.localDetailCalled", detail);
                }
                self.put(
                    "mms.negociatedMaxServOutstandingCalled",
                    initiate.max_outstanding_called,
                );
            }
            Pdu::InitiateError(error) | Pdu::ConcludeError(error) => self.error(error),
            Pdu::CancelRequest { .. }
            | Pdu::CancelResponse { .. }
            | Pdu::ConcludeRequest
            | Pdu::ConcludeResponse
            | Pdu::Unconfirmed(_)
            | Pdu::Unknown(_) => {}
        }
    }

    fn error(&mut self, error: &ServiceError) {
        self.put("mms.errorClass", error.code.class.0);
    }

    fn request(&mut self, request: &Request) {
        self.put("mms.confirmedServiceRequest", request.service().0);
        match request {
            Request::Read(request) => self.access(&request.access),
            Request::Write(request) => {
                self.access(&request.access);
                request.data.iter().for_each(|data| self.data(data));
            }
            Request::GetVariableAccessAttributes(GetVariableAccessAttributesRequest::Name(
                name,
            ))
            | Request::GetNamedVariableListAttributes(name) => self.name(name),
            Request::DefineNamedVariableList(request) => {
                self.name(&request.name);
                self.list(&request.variables);
            }
            Request::DeleteNamedVariableList(request) => {
                request
                    .names
                    .iter()
                    .flatten()
                    .for_each(|name| self.name(name));
            }
            Request::ReadJournal(request) => self.name(&request.journal),
            _ => {}
        }
    }

    fn response(&mut self, response: &Response) {
        self.put("mms.confirmedServiceResponse", response.service().0);
        match response {
            Response::GetNameList(list) => self.more(list.more_follows, true),
            Response::GetCapabilityList(list) => self.more(list.more_follows, true),
            Response::Read(read) => {
                if let Some(access) = &read.access {
                    self.access(access);
                }
                self.results(&read.results);
            }
            Response::Write(write) => {
                for error in write.results.iter().filter_map(|result| result.err()) {
                    self.failure(error);
                }
            }
            Response::GetVariableAccessAttributes(attributes) => {
                self.flag("mms.mmsDeletable", attributes.mms_deletable);
                self.type_spec(&attributes.type_spec);
            }
            Response::GetNamedVariableListAttributes(list) => {
                self.flag("mms.mmsDeletable", list.mms_deletable);
                self.list(&list.variables);
            }
            Response::DeleteNamedVariableList(counts) => {
                self.number("mms.numberMatched", counts.matched);
                self.number("mms.numberDeleted", counts.deleted);
            }
            Response::ReadJournal(journal) => {
                for entry in &journal.entries {
                    if let EntryForm::Data { event, variables } = &entry.form {
                        if let Some(event) = event {
                            self.name(&event.condition);
                        }
                        for variable in variables.iter().flatten() {
                            self.data(&variable.value);
                        }
                    }
                }
                self.more(journal.more_follows, false);
            }
            Response::FileRead(read) => self.more(read.more_follows, true),
            Response::FileDirectory(list) => self.more(list.more_follows, false),
            _ => {}
        }
    }

    fn access(&mut self, access: &VariableAccess) {
        match access {
            VariableAccess::ListOfVariable(list) => self.list(list),
            VariableAccess::VariableListName(name) => self.name(name),
        }
    }

    fn list(&mut self, list: &[ListedVariable]) {
        for item in list {
            match &item.specification {
                VariableSpecification::Name(name) => self.name(name),
                VariableSpecification::Description { type_spec, .. } => self.type_spec(type_spec),
                _ => {}
            }
        }
    }

    fn name(&mut self, name: &ObjectName) {
        match name {
            ObjectName::Vmd(name) => self.put("mms.vmd_specific", name),
            ObjectName::Domain { domain, item } => {
                self.put("mms.domainId", domain);
                self.put("mms.itemId", item);
            }
            ObjectName::Aa(name) => self.put("mms.aa_specific", name),
        }
    }

    fn type_spec(&mut self, type_spec: &TypeSpecification) {
        match type_spec {
            TypeSpecification::TypeName(name) => self.name(name),
            TypeSpecification::Array { element, .. } => self.type_spec(element),
            TypeSpecification::Structure { components, .. } => components
                .iter()
                .for_each(|component| self.type_spec(&component.type_spec)),
            _ => {}
        }
    }

    fn results(&mut self, results: &[AccessResult]) {
        for result in results {
            match result {
                Ok(data) => self.data(data),
                Err(error) => self.failure(*error),
            }
        }
    }

    fn data(&mut self, data: &Data) {
        match data {
            Data::Array(list) | Data::Structure(list) => {
                list.iter().for_each(|data| self.data(data));
            }
            Data::Boolean(value) => self.flag("mms.boolean", *value),
            Data::OctetString(octets) => self.put(
                "mms.data.octet-string",
                octets
                    .iter()
                    .map(|octet| format!("{octet:02x}"))
                    .collect::<String>(),
            ),
            _ => {}
        }
    }
}
