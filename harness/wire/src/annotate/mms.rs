//! The PDUs of MMS (ISO 9506-2).

use crate::annotate::data::{
    ACCESS_RESULTS, ADDRESS, DATA, DATA_LIST, DOMAIN_SPECIFIC, OBJECT_NAME, OBJECT_NAMES,
    TYPE_SPECIFICATION, VARIABLE_ACCESS, VARIABLES, WRITE_RESULTS,
};
use crate::annotate::leaf::{
    BITS, BOOLEAN, DELETE_SCOPE, EVENT_STATE, INTEGER, LOGICAL_STATUS, NULL, OBJECT_CLASS, OCTETS,
    OID, PARAMETERS, PHYSICAL_STATUS, SERVICES, TEXT, TIME, UNSIGNED,
};
use crate::annotate::schema::{Field, Type, at, c, u};
use crate::ber::{Tag, Tlv};
use crate::error::{Layer, WireError};
use crate::mms::{ErrorClass, ErrorCode, RejectClass, RejectReason};

const fn pdu(number: u32, name: &'static str, ty: &'static Type) -> Field {
    at(Layer::Mms, c(number, name, ty))
}

/// MMSpdu.
pub(super) static PDU: &[Field] = &[
    pdu(0, "confirmed-RequestPDU", &REQUEST),
    pdu(1, "confirmed-ResponsePDU", &RESPONSE),
    pdu(2, "confirmed-ErrorPDU", &CONFIRMED_ERROR),
    pdu(3, "unconfirmed-PDU", &UNCONFIRMED),
    pdu(4, "rejectPDU", &REJECT),
    pdu(5, "cancel-RequestPDU", &UNSIGNED),
    pdu(6, "cancel-ResponsePDU", &UNSIGNED),
    pdu(7, "cancel-ErrorPDU", &CANCEL_ERROR),
    pdu(8, "initiate-RequestPDU", &INITIATE_REQUEST),
    pdu(9, "initiate-ResponsePDU", &INITIATE_RESPONSE),
    pdu(10, "initiate-ErrorPDU", &SERVICE_ERROR),
    pdu(11, "conclude-RequestPDU", &NULL),
    pdu(12, "conclude-ResponsePDU", &NULL),
    pdu(13, "conclude-ErrorPDU", &SERVICE_ERROR),
];

static REQUEST: Type = Type::Fields(&[
    u(Tag::INTEGER, "invokeID", &UNSIGNED),
    u(Tag::SEQUENCE, "listOfModifier", &Type::Any),
    c(0, "status", &BOOLEAN),
    c(1, "getNameList", &GET_NAME_LIST),
    c(2, "identify", &NULL),
    c(3, "rename", &Type::Any),
    c(
        4,
        "read",
        &Type::Fields(&[
            c(0, "specificationWithResult", &BOOLEAN),
            c(1, "variableAccessSpecification", &VARIABLE_ACCESS),
        ]),
    ),
    c(
        5,
        "write",
        &Type::Fields(&[
            c(0, "listOfVariable", &VARIABLES),
            c(1, "variableListName", &OBJECT_NAME),
            c(0, "listOfData", &DATA_LIST),
        ]),
    ),
    c(
        6,
        "getVariableAccessAttributes",
        &Type::Fields(&[c(0, "name", &OBJECT_NAME), c(1, "address", &ADDRESS)]),
    ),
    c(
        11,
        "defineNamedVariableList",
        &Type::Fields(&[
            c(0, "vmd-specific", &TEXT),
            c(1, "domain-specific", &DOMAIN_SPECIFIC),
            c(2, "aa-specific", &TEXT),
            c(0, "listOfVariable", &VARIABLES),
        ]),
    ),
    c(12, "getNamedVariableListAttributes", &OBJECT_NAME),
    c(
        13,
        "deleteNamedVariableList",
        &Type::Fields(&[
            c(0, "scopeOfDelete", &DELETE_SCOPE),
            c(1, "listOfVariableListName", &OBJECT_NAMES),
            c(2, "domainName", &TEXT),
        ]),
    ),
    c(37, "getDomainAttributes", &TEXT),
    c(
        46,
        "obtainFile",
        &Type::Fields(&[
            c(0, "sourceFileServer", &Type::Any),
            c(1, "sourceFile", &FILE_NAME),
            c(2, "destinationFile", &FILE_NAME),
        ]),
    ),
    c(65, "readJournal", &READ_JOURNAL),
    c(
        71,
        "getCapabilityList",
        &Type::Fields(&[u(Tag::VISIBLE_STRING, "continueAfter", &TEXT)]),
    ),
    c(
        72,
        "fileOpen",
        &Type::Fields(&[
            c(0, "fileName", &FILE_NAME),
            c(1, "initialPosition", &UNSIGNED),
        ]),
    ),
    c(73, "fileRead", &INTEGER),
    c(74, "fileClose", &INTEGER),
    c(
        75,
        "fileRename",
        &Type::Fields(&[
            c(0, "currentFileName", &FILE_NAME),
            c(1, "newFileName", &FILE_NAME),
        ]),
    ),
    c(76, "fileDelete", &FILE_NAME),
    c(
        77,
        "fileDirectory",
        &Type::Fields(&[
            c(0, "fileSpecification", &FILE_NAME),
            c(1, "continueAfter", &FILE_NAME),
        ]),
    ),
    c(79, "cs-request-detail", &Type::Any),
]);

static RESPONSE: Type = Type::Fields(&[
    u(Tag::INTEGER, "invokeID", &UNSIGNED),
    c(0, "status", &STATUS),
    c(
        1,
        "getNameList",
        &Type::Fields(&[
            c(
                0,
                "listOfIdentifier",
                &Type::List(&[u(Tag::VISIBLE_STRING, "Identifier", &TEXT)]),
            ),
            c(1, "moreFollows", &BOOLEAN),
        ]),
    ),
    c(
        2,
        "identify",
        &Type::Fields(&[
            c(0, "vendorName", &TEXT),
            c(1, "modelName", &TEXT),
            c(2, "revision", &TEXT),
            c(
                3,
                "listOfAbstractSyntaxes",
                &Type::List(&[u(Tag::OID, "abstract-syntax", &OID)]),
            ),
        ]),
    ),
    c(3, "rename", &NULL),
    c(
        4,
        "read",
        &Type::Fields(&[
            c(0, "variableAccessSpecification", &VARIABLE_ACCESS),
            c(1, "listOfAccessResult", &ACCESS_RESULTS),
        ]),
    ),
    c(5, "write", &WRITE_RESULTS),
    c(
        6,
        "getVariableAccessAttributes",
        &Type::Fields(&[
            c(0, "mmsDeletable", &BOOLEAN),
            c(1, "address", &ADDRESS),
            c(2, "typeSpecification", &TYPE_SPECIFICATION),
        ]),
    ),
    c(11, "defineNamedVariableList", &NULL),
    c(
        12,
        "getNamedVariableListAttributes",
        &Type::Fields(&[
            c(0, "mmsDeletable", &BOOLEAN),
            c(1, "listOfVariable", &VARIABLES),
        ]),
    ),
    c(
        13,
        "deleteNamedVariableList",
        &Type::Fields(&[
            c(0, "numberMatched", &UNSIGNED),
            c(1, "numberDeleted", &UNSIGNED),
        ]),
    ),
    c(46, "obtainFile", &NULL),
    c(
        65,
        "readJournal",
        &Type::Fields(&[
            c(
                0,
                "listOfJournalEntry",
                &Type::List(&[u(Tag::SEQUENCE, "JournalEntry", &JOURNAL_ENTRY)]),
            ),
            c(1, "moreFollows", &BOOLEAN),
        ]),
    ),
    c(
        71,
        "getCapabilityList",
        &Type::Fields(&[
            c(
                0,
                "listOfCapabilities",
                &Type::List(&[u(Tag::VISIBLE_STRING, "capability", &TEXT)]),
            ),
            c(1, "moreFollows", &BOOLEAN),
        ]),
    ),
    c(
        72,
        "fileOpen",
        &Type::Fields(&[
            c(0, "frsmID", &INTEGER),
            c(1, "fileAttributes", &FILE_ATTRIBUTES),
        ]),
    ),
    c(
        73,
        "fileRead",
        &Type::Fields(&[c(0, "fileData", &OCTETS), c(1, "moreFollows", &BOOLEAN)]),
    ),
    c(74, "fileClose", &NULL),
    c(75, "fileRename", &NULL),
    c(76, "fileDelete", &NULL),
    c(
        77,
        "fileDirectory",
        &Type::Fields(&[
            c(
                0,
                "listOfDirectoryEntry",
                &Type::Fields(&[u(Tag::SEQUENCE, "SEQUENCE OF", &DIRECTORY)]),
            ),
            c(1, "moreFollows", &BOOLEAN),
        ]),
    ),
    c(79, "cs-response-detail", &Type::Any),
]);

static GET_NAME_LIST: Type = Type::Fields(&[
    c(
        0,
        "extendedObjectClass",
        &Type::Fields(&[
            c(0, "objectClass", &OBJECT_CLASS),
            c(1, "csObjectClass", &INTEGER),
        ]),
    ),
    c(
        1,
        "objectScope",
        &Type::Fields(&[
            c(0, "vmdSpecific", &NULL),
            c(1, "domainSpecific", &TEXT),
            c(2, "aaSpecific", &NULL),
        ]),
    ),
    c(2, "continueAfter", &TEXT),
]);

static STATUS: Type = Type::Fields(&[
    c(0, "vmdLogicalStatus", &LOGICAL_STATUS),
    c(1, "vmdPhysicalStatus", &PHYSICAL_STATUS),
    c(2, "localDetail", &BITS),
]);

static FILE_NAME: Type = Type::List(&[u(Tag::GRAPHIC_STRING, "GraphicString", &TEXT)]);

static FILE_ATTRIBUTES: Type =
    Type::Fields(&[c(0, "sizeOfFile", &UNSIGNED), c(1, "lastModified", &TEXT)]);

static DIRECTORY: Type = Type::List(&[u(
    Tag::SEQUENCE,
    "DirectoryEntry",
    &Type::Fields(&[
        c(0, "fileName", &FILE_NAME),
        c(1, "fileAttributes", &FILE_ATTRIBUTES),
    ]),
)]);

static READ_JOURNAL: Type = Type::Fields(&[
    c(0, "journalName", &OBJECT_NAME),
    c(
        1,
        "rangeStartSpecification",
        &Type::Fields(&[c(0, "startingTime", &TIME), c(1, "startingEntry", &OCTETS)]),
    ),
    c(
        2,
        "rangeStopSpecification",
        &Type::Fields(&[c(0, "endingTime", &TIME), c(1, "numberOfEntries", &INTEGER)]),
    ),
    c(
        4,
        "listOfVariables",
        &Type::List(&[u(Tag::VISIBLE_STRING, "variableTag", &TEXT)]),
    ),
    c(
        5,
        "entryToStartAfter",
        &Type::Fields(&[
            c(0, "timeSpecification", &TIME),
            c(1, "entrySpecification", &OCTETS),
        ]),
    ),
]);

static JOURNAL_ENTRY: Type = Type::Fields(&[
    c(0, "entryIdentifier", &OCTETS),
    c(1, "originatingApplication", &Type::Any),
    c(
        2,
        "entryContent",
        &Type::Fields(&[
            c(0, "occurrenceTime", &TIME),
            c(1, "additionalDetail", &Type::Any),
            c(
                2,
                "data",
                &Type::Fields(&[
                    c(
                        0,
                        "event",
                        &Type::Fields(&[
                            c(0, "eventConditionName", &OBJECT_NAME),
                            c(1, "currentState", &EVENT_STATE),
                        ]),
                    ),
                    c(
                        1,
                        "listOfVariables",
                        &Type::List(&[u(Tag::SEQUENCE, "variable", &JOURNAL_VARIABLE)]),
                    ),
                ]),
            ),
            c(3, "annotation", &TEXT),
        ]),
    ),
]);

static JOURNAL_VARIABLE: Type = Type::Fields(&[
    c(0, "variableTag", &TEXT),
    c(1, "valueSpecification", &DATA),
]);

static UNCONFIRMED: Type = Type::Fields(&[
    c(
        0,
        "informationReport",
        &Type::Fields(&[
            c(0, "listOfVariable", &VARIABLES),
            c(1, "variableListName", &OBJECT_NAME),
            c(0, "listOfAccessResult", &ACCESS_RESULTS),
        ]),
    ),
    c(1, "unsolicitedStatus", &STATUS),
    c(2, "eventNotification", &Type::Any),
    c(79, "cs-unconfirmed-detail", &Type::Any),
]);

static CONFIRMED_ERROR: Type = Type::Fields(&[
    c(0, "invokeID", &UNSIGNED),
    c(1, "modifierPosition", &UNSIGNED),
    c(2, "serviceError", &SERVICE_ERROR),
]);

static CANCEL_ERROR: Type = Type::Fields(&[
    c(0, "originalInvokeID", &UNSIGNED),
    c(1, "serviceError", &SERVICE_ERROR),
]);

static SERVICE_ERROR: Type = Type::Fields(&[
    c(
        0,
        "errorClass",
        &Type::Fields(&[
            c(0, "vmd-state", &ERROR_CODE),
            c(1, "application-reference", &ERROR_CODE),
            c(2, "definition", &ERROR_CODE),
            c(3, "resource", &ERROR_CODE),
            c(4, "service", &ERROR_CODE),
            c(5, "service-preempt", &ERROR_CODE),
            c(6, "time-resolution", &ERROR_CODE),
            c(7, "access", &ERROR_CODE),
            c(8, "initiate", &ERROR_CODE),
            c(9, "conclude", &ERROR_CODE),
            c(10, "cancel", &ERROR_CODE),
            c(11, "file", &ERROR_CODE),
            c(12, "others", &ERROR_CODE),
        ]),
    ),
    c(1, "additionalCode", &INTEGER),
    c(2, "additionalDescription", &TEXT),
    c(3, "serviceSpecificInfo", &Type::Any),
]);

static ERROR_CODE: Type = Type::Leaf(error_code);

fn error_code(tlv: &Tlv<'_>) -> Result<String, WireError> {
    let class = ErrorClass(tlv.tag().number());
    let code = tlv.i64()?;
    let name = ErrorCode { class, code }.name().unwrap_or("unknown");
    Ok(format!("{name}({code})"))
}

static REJECT: Type = Type::Fields(&[
    c(0, "originalInvokeID", &UNSIGNED),
    c(1, "confirmed-requestPDU", &REJECT_CODE),
    c(2, "confirmed-responsePDU", &REJECT_CODE),
    c(3, "confirmed-errorPDU", &REJECT_CODE),
    c(4, "unconfirmedPDU", &REJECT_CODE),
    c(5, "pdu-error", &REJECT_CODE),
    c(6, "cancel-requestPDU", &REJECT_CODE),
    c(7, "cancel-responsePDU", &REJECT_CODE),
    c(8, "cancel-errorPDU", &REJECT_CODE),
    c(9, "conclude-requestPDU", &REJECT_CODE),
    c(10, "conclude-responsePDU", &REJECT_CODE),
    c(11, "conclude-errorPDU", &REJECT_CODE),
]);

static REJECT_CODE: Type = Type::Leaf(reject_code);

fn reject_code(tlv: &Tlv<'_>) -> Result<String, WireError> {
    let class = RejectClass(tlv.tag().number());
    let code = tlv.i64()?;
    let name = RejectReason { class, code }.name().unwrap_or("unknown");
    Ok(format!("{name}({code})"))
}

static INITIATE_REQUEST: Type = Type::Fields(&[
    c(0, "localDetailCalling", &INTEGER),
    c(1, "proposedMaxServOutstandingCalling", &INTEGER),
    c(2, "proposedMaxServOutstandingCalled", &INTEGER),
    c(3, "proposedDataStructureNestingLevel", &INTEGER),
    c(
        4,
        "initRequestDetail",
        &Type::Fields(&[
            c(0, "proposedVersionNumber", &INTEGER),
            c(1, "proposedParameterCBB", &PARAMETERS),
            c(2, "servicesSupportedCalling", &SERVICES),
        ]),
    ),
]);

static INITIATE_RESPONSE: Type = Type::Fields(&[
    c(0, "localDetailCalled", &INTEGER),
    c(1, "negotiatedMaxServOutstandingCalling", &INTEGER),
    c(2, "negotiatedMaxServOutstandingCalled", &INTEGER),
    c(3, "negotiatedDataStructureNestingLevel", &INTEGER),
    c(
        4,
        "initResponseDetail",
        &Type::Fields(&[
            c(0, "negotiatedVersionNumber", &INTEGER),
            c(1, "negotiatedParameterCBB", &PARAMETERS),
            c(2, "servicesSupportedCalled", &SERVICES),
        ]),
    ),
]);
