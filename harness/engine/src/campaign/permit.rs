//! What is never sent, whatever a mutation makes of it: a request that a lenient server could take for one that changes something which
//! the loss of the association does not undo.

use iedassay_wire::ber::Reader;
use iedassay_wire::error::Layer;
use iedassay_wire::mms::{
    ObjectName, Pdu, PduKind, Request, Service, VariableAccess, WriteRequest, peek,
};

use super::pool::{DATA_SET, NOTHING};

/// Services that change nothing.
const READING: &[Service] = &[
    Service::STATUS,
    Service::GET_NAME_LIST,
    Service::IDENTIFY,
    Service::READ,
    Service::GET_VARIABLE_ACCESS_ATTRIBUTES,
    Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES,
    Service::READ_JOURNAL,
    Service::GET_CAPABILITY_LIST,
    Service::FILE_OPEN,
    Service::FILE_READ,
    Service::FILE_CLOSE,
    Service::FILE_DIRECTORY,
];
/// Numbers of services that ISO 9506 gives a meaning end here.
const LAST_SERVICE: u32 = 85;

/// Whether an MMS PDU may be sent.
pub(super) fn permitted(pdu: &[u8]) -> bool {
    let Some(service) = service_of(pdu) else {
        // Cut off or too short for its length, it has no service to us and may have one to a lenient server.
        return !contains(pdu, b"$CO");
    };
    if READING.contains(&service) {
        // To read SBO is to select.
        return !contains(pdu, b"$CO");
    }
    if service.0 > LAST_SERVICE {
        return true;
    }
    match Pdu::decode(pdu) {
        Ok(Pdu::ConfirmedRequest(request)) => harmless(&request.service),
        // Nobody can tell what a lenient server makes of it: it may be sent only where it names nothing but what it could name rightly.
        _ => match service {
            Service::WRITE => names_only_switches(pdu),
            Service::DEFINE_NAMED_VARIABLE_LIST | Service::DELETE_NAMED_VARIABLE_LIST => {
                contains(pdu, DATA_SET.as_bytes()) && !contains(pdu, b"$DataSet")
            }
            _ => false,
        },
    }
}

fn harmless(request: &Request) -> bool {
    let own = |name: &ObjectName| matches!(name, ObjectName::Aa(_));
    match request {
        Request::Write(write) => undone_by_loss(write),
        Request::DefineNamedVariableList(define) => own(&define.name),
        Request::DeleteNamedVariableList(delete) => {
            delete.domain.is_none()
                && delete
                    .names
                    .as_ref()
                    .is_some_and(|names| !names.is_empty() && names.iter().all(own))
        }
        Request::FileDelete(name) => name.to_path() == NOTHING,
        _ => false,
    }
}

/// Whether the loss of its association undoes what a request writes: it names nothing but [switches](is_switch).
pub(crate) fn undone_by_loss(write: &WriteRequest) -> bool {
    match &write.access {
        VariableAccess::ListOfVariable(list) => list.iter().all(|variable| {
            matches!(variable.name(), Some(ObjectName::Domain { item, .. }) if is_switch(item))
        }),
        VariableAccess::VariableListName(_) => false,
    }
}

/// Whether an item is the switch of an unbuffered report control block: what it is set to goes with the association (IEC 61850-7-2, URCB).
pub(super) fn is_switch(item: &str) -> bool {
    let mut parts = item.split('$');
    let parts = [
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ];
    matches!(parts, [Some(node), Some("RP"), Some(block), Some("RptEna" | "GI" | "Resv"), None] if !node.is_empty() && !block.is_empty())
}

/// The service that a request asks for by its tag, be the rest as it may. `None` when it is no confirmed request.
fn service_of(pdu: &[u8]) -> Option<Service> {
    if peek(pdu).is_ok_and(|peek| peek.kind != PduKind::ConfirmedRequest) {
        return None;
    }
    let mut outer = Reader::new(Layer::Mms, pdu);
    let request = outer.next().ok().flatten()?;
    let mut inner = request.reader().ok()?;
    // The invoke identifier, and modifiers if there are any.
    while let Ok(Some(element)) = inner.next() {
        if let Some(number) = element.tag().context_number() {
            return Some(Service(number));
        }
    }
    None
}

/// Whether everything in these octets that looks like an item of a block or of data is a switch.
fn names_only_switches(pdu: &[u8]) -> bool {
    let named = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'$');
    let mut items = pdu
        .split(|octet| !named(octet))
        .filter(|run| run.contains(&b'$'))
        .peekable();
    items.peek().is_some() && items.all(|run| std::str::from_utf8(run).is_ok_and(is_switch))
}

fn contains(octets: &[u8], what: &[u8]) -> bool {
    find(octets, what).is_some()
}

fn find(octets: &[u8], what: &[u8]) -> Option<usize> {
    octets
        .windows(what.len().max(1))
        .position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::mms::{
        Data, DeleteNamedVariableListRequest, FileName, ListedVariable, ReadRequest,
    };
    use iedassay_wire::mutate::{Mutation, mutate};

    fn item(item: &str) -> ObjectName {
        ObjectName::Domain {
            domain: "LD0".to_owned(),
            item: item.to_owned(),
        }
    }

    fn write(name: &str) -> Vec<u8> {
        let request = WriteRequest {
            access: VariableAccess::ListOfVariable(vec![ListedVariable::from(item(name))]),
            data: vec![Data::Boolean(true)],
        };
        Pdu::request(1, Request::Write(request)).encode()
    }

    #[test]
    fn only_switches_may_be_written() {
        assert!(permitted(&write("LLN0$RP$urcb01$RptEna")));
        for other in [
            "LLN0$RP$urcb01$IntgPd",
            "CSWI1$CO$Pos$Oper",
            "LLN0$BR$brcb01$RptEna",
        ] {
            assert!(!permitted(&write(other)), "{other}");
        }
    }

    #[test]
    fn a_switch_is_of_an_unbuffered_block_and_nothing_else() {
        assert!(is_switch("LLN0$RP$urcb01$Resv"));
        for item in [
            "LLN0$BR$brcb01$GI",
            "LLN0$RP$urcb01",
            "LLN0$RP$$GI",
            "$RP$urcb01$GI",
            "LLN0$RP$urcb01$RptEna$x",
            "CSWI1$CO$Pos$Oper$RP$urcb01$RptEna",
        ] {
            assert!(!is_switch(item), "{item}");
        }
    }

    #[test]
    fn one_switch_does_not_cover_another_name_in_a_malformed_write() {
        let mut octets = write("LLN0$RP$urcb01$RptEna");
        octets.extend(b"\x1a\x10CSWI1$CO$Pos$Oper");
        assert!(!permitted(&octets));
        octets.truncate(0);
        octets.extend(write("LLN0$RP$urcb01$RptEnaCSWI1$CO$Pos$Oper"));
        octets.pop();
        assert!(!permitted(&octets));
    }

    #[test]
    fn reading_the_select_of_a_control_is_a_command() {
        let read = |name: &str| {
            let access = VariableAccess::names([item(name)]);
            Pdu::request(1, Request::Read(ReadRequest::new(access))).encode()
        };
        assert!(permitted(&read("CSWI1$ST$Pos$stVal")));
        assert!(!permitted(&read("CSWI1$CO$Pos$SBO")));
    }

    #[test]
    fn a_malformed_write_names_what_it_may_or_is_not_sent() {
        for (name, may) in [
            ("LLN0$RP$urcb01$RptEna", true),
            ("CSWI1$CO$Pos$Oper", false),
        ] {
            let valid = write(name);
            let broken = mutate(&valid, Mutation::Trailing, 1).unwrap();
            assert_eq!(permitted(&broken), may, "{name}");
            // Two octets of the tag of the value.
            let broken = [valid.as_slice(), &[0xff, 0xff]].concat();
            assert_eq!(permitted(&broken), may, "{name}");
        }
    }

    #[test]
    fn files_data_sets_and_programs_stay() {
        let delete = |names: Vec<ObjectName>| {
            let request = DeleteNamedVariableListRequest::specific(names);
            Pdu::request(1, Request::DeleteNamedVariableList(request)).encode()
        };
        assert!(permitted(&delete(vec![ObjectName::Aa(
            DATA_SET.to_owned()
        )]),));
        assert!(!permitted(&delete(vec![item("LLN0$DataSet01")])));
        assert!(!permitted(&delete(Vec::new())));
        let file = Request::FileDelete(FileName::new("COMTRADE/1.cfg"));
        assert!(!permitted(&Pdu::request(1, file).encode()));
        // Kill of a program invocation, [42].
        assert!(!permitted(&[
            0xa0, 0x08, 0x02, 0x01, 0x01, 0xbf, 0x2a, 0x02, 0x80, 0x00
        ],));
    }

    #[test]
    fn what_is_no_request_may_be_sent() {
        assert!(permitted(&Pdu::ConcludeRequest.encode()));
        assert!(permitted(&[]));
        assert!(permitted(&[0xff; 40]));
    }
}
