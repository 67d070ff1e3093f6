//! The tables. Ids and conditions as in the ACSI conformance statement (IEC 61850-7-2, Annex A) and the PICS proforma of IEC 61850-8-1;
//! the names are ours. Transport profiles are `TP..` here, because `T..` are the items of the time model.

use iedassay_wire::mms::{Parameter, Service};

use super::{
    Capability, CapabilityKind,
    Requirement::{Absent, Conditional, Declared, Deprecated, Mandatory, Optional, Unused},
};

/// One line for each capability: id, name, requirement, MMS services, parameter conformance building blocks.
macro_rules! tables {
    ($($kind:ident: $($id:literal $name:literal $requirement:ident $(($condition:literal))? [$($service:ident),*] [$($parameter:ident),*];)*)*) => {
        &[$($(Capability {
            id: $id,
            name: $name,
            kind: CapabilityKind::$kind,
            requirement: $requirement $(($condition))?,
            services: &[$(Service::$service),*],
            parameters: &[$(Parameter::$parameter),*],
        },)*)*]
    };
}

/// Every capability, table by table.
pub(super) const ALL: &[Capability] = tables! {
    Basic:
        "B11" "Server of a two-party association" Conditional("one of B11 and B12") [] [];
        "B12" "Client of a two-party association" Conditional("one of B11 and B12") [] [];
        "B21" "Mapping to MMS (IEC 61850-8-1)" Mandatory [] [];
        "B22" "Mapping of sampled values of IEC 61850-9-1" Deprecated [] [];
        "B23" "Mapping of sampled values of IEC 61850-9-2" Optional [] [];
        "B24" "Another mapping" Optional [] [];
        "B31" "GOOSE or GSSE publisher" Optional [] [];
        "B32" "GOOSE or GSSE subscriber" Optional [] [];
        "B41" "Sampled value publisher" Optional [] [];
        "B42" "Sampled value subscriber" Optional [] [];
    Model:
        "M1" "Logical devices" Mandatory [] [];
        "M2" "Logical nodes" Mandatory [] [VNAM, STR2];
        "M3" "Data" Mandatory [] [VNAM, STR2];
        "M4" "Data sets" Optional [READ, GET_NAMED_VARIABLE_LIST_ATTRIBUTES] [VLIS];
        "M5" "Substitution" Optional [WRITE] [];
        "M6" "Setting groups" Optional [WRITE] [];
        "M7" "Buffered reporting" Conditional("one of M7 and M8 where there is reporting") [INFORMATION_REPORT] [VLIS];
        "M7-1" "Buffered reports: sequence number" Optional [] [];
        "M7-2" "Buffered reports: report time stamp" Optional [] [];
        "M7-3" "Buffered reports: reason for inclusion" Optional [] [];
        "M7-4" "Buffered reports: data-set name" Optional [] [];
        "M7-5" "Buffered reports: data reference" Optional [] [];
        "M7-6" "Buffered reports: buffer overflow" Optional [] [];
        "M7-7" "Buffered reports: entry identifier" Optional [] [];
        "M7-8" "Buffered reports: buffer time" Optional [] [];
        "M7-9" "Buffered reports: integrity period" Optional [] [];
        "M7-10" "Buffered reports: general interrogation" Optional [] [];
        "M7-11" "Buffered reports: configuration revision" Optional [] [];
        "M8" "Unbuffered reporting" Conditional("one of M7 and M8 where there is reporting") [INFORMATION_REPORT] [VLIS];
        "M8-1" "Unbuffered reports: sequence number" Optional [] [];
        "M8-2" "Unbuffered reports: report time stamp" Optional [] [];
        "M8-3" "Unbuffered reports: reason for inclusion" Optional [] [];
        "M8-4" "Unbuffered reports: data-set name" Optional [] [];
        "M8-5" "Unbuffered reports: data reference" Optional [] [];
        "M8-6" "Unbuffered reports: buffer time" Optional [] [];
        "M8-7" "Unbuffered reports: integrity period" Optional [] [];
        "M8-8" "Unbuffered reports: general interrogation" Optional [] [];
        "M8-9" "Unbuffered reports: configuration revision" Optional [] [];
        "M9" "Log control" Optional [] [];
        "M9-1" "Integrity period of log control" Optional [] [];
        "M10" "Logs" Optional [READ_JOURNAL] [];
        "M11" "Control" Optional [WRITE] [];
        "M12" "GOOSE" Conditional("with B31 or B32") [] [];
        "M13" "GSSE" Deprecated [] [];
        "M14" "Multicast sampled values" Conditional("with B41 or B42") [] [];
        "M15" "Unicast sampled values" Conditional("with B41 or B42") [] [];
        "M16" "Time" Mandatory [] [];
        "M17" "File transfer" Optional [FILE_OPEN, FILE_READ, FILE_CLOSE, FILE_DIRECTORY] [];
        "M18" "Service tracking" Optional [] [];
        "M19" "GOOSE control blocks" Optional [] [];
        "M20" "Sampled value control blocks" Optional [] [];
    Service:
        "S1" "Directory of the server" Mandatory [GET_NAME_LIST] [];
        "S2" "Associate" Mandatory [] [];
        "S3" "Abort" Mandatory [] [];
        "S4" "Release" Mandatory [CONCLUDE] [];
        "S5" "Directory of a logical device" Mandatory [GET_NAME_LIST] [];
        "S6" "Directory of a logical node" Mandatory [GET_NAME_LIST] [];
        "S7" "All data values of a logical node" Mandatory [READ] [];
        "S8" "Get data values" Mandatory [READ] [];
        "S9" "Set data values" Optional [WRITE] [];
        "S10" "Directory of data" Mandatory [GET_VARIABLE_ACCESS_ATTRIBUTES] [];
        "S11" "Definition of data" Mandatory [GET_VARIABLE_ACCESS_ATTRIBUTES] [];
        "S12" "Get data-set values" Conditional("with M4") [READ] [VLIS];
        "S13" "Set data-set values" Optional [WRITE] [VLIS];
        "S14" "Create a data set" Optional [DEFINE_NAMED_VARIABLE_LIST] [VLIS];
        "S15" "Delete a data set" Optional [DELETE_NAMED_VARIABLE_LIST] [VLIS];
        "S16" "Directory of a data set" Conditional("with M4") [GET_NAMED_VARIABLE_LIST_ATTRIBUTES] [VLIS];
        "S17" "Substitute values" Conditional("with M5") [WRITE] [];
        "S18" "Select the active setting group" Optional [WRITE] [];
        "S19" "Select a setting group to edit" Optional [WRITE] [];
        "S20" "Set values of the edited setting group" Optional [WRITE] [];
        "S21" "Confirm the edited setting group" Optional [WRITE] [];
        "S22" "Get values of a setting group" Optional [READ] [];
        "S23" "Get values of the setting group control block" Optional [READ] [];
        "S24" "Buffered report" Conditional("with M7") [INFORMATION_REPORT] [];
        "S24-1" "Buffered report on data change" Optional [] [];
        "S24-2" "Buffered report on quality change" Optional [] [];
        "S24-3" "Buffered report on data update" Optional [] [];
        "S25" "Get values of a buffered report control block" Conditional("with M7") [READ] [];
        "S26" "Set values of a buffered report control block" Conditional("with M7") [WRITE] [];
        "S27" "Unbuffered report" Conditional("with M8") [INFORMATION_REPORT] [];
        "S27-1" "Unbuffered report on data change" Optional [] [];
        "S27-2" "Unbuffered report on quality change" Optional [] [];
        "S27-3" "Unbuffered report on data update" Optional [] [];
        "S28" "Get values of an unbuffered report control block" Conditional("with M8") [READ] [];
        "S29" "Set values of an unbuffered report control block" Conditional("with M8") [WRITE] [];
        "S30" "Get values of a log control block" Conditional("with M9") [READ] [];
        "S31" "Set values of a log control block" Conditional("with M9") [WRITE] [];
        "S32" "Query a log by time" Conditional("with M10") [READ_JOURNAL] [];
        "S33" "Query a log after an entry" Conditional("with M10") [READ_JOURNAL] [];
        "S34" "Get the status of a log" Conditional("with M10") [READ] [];
        "S35" "Send GOOSE messages" Conditional("with M12") [] [];
        "S36" "Get references of GOOSE elements" Optional [] [];
        "S37" "Get numbers of GOOSE elements" Optional [] [];
        "S38" "Get values of a GOOSE control block" Optional [READ] [];
        "S39" "Set values of a GOOSE control block" Optional [WRITE] [];
        "S40" "Send GSSE messages" Deprecated [] [];
        "S41" "Get references of GSSE elements" Deprecated [] [];
        "S42" "Get offsets of GSSE elements" Deprecated [] [];
        "S43" "Get values of a GSSE control block" Deprecated [] [];
        "S44" "Set values of a GSSE control block" Deprecated [] [];
        "S45" "Send multicast sampled values" Conditional("with M14") [] [];
        "S46" "Get values of a multicast sampled value control block" Optional [READ] [];
        "S47" "Set values of a multicast sampled value control block" Optional [WRITE] [];
        "S48" "Send unicast sampled values" Conditional("with M15") [] [];
        "S49" "Get values of a unicast sampled value control block" Optional [READ] [];
        "S50" "Set values of a unicast sampled value control block" Optional [WRITE] [];
        "S51" "Select" Conditional("with control model 2") [READ] [];
        "S52" "Select with value" Conditional("with control model 4") [WRITE] [];
        "S53" "Cancel" Conditional("with select before operate or time activation") [WRITE] [];
        "S54" "Operate" Conditional("with M11") [WRITE] [];
        "S55" "Command termination" Conditional("with control model 3 or 4") [INFORMATION_REPORT] [];
        "S56" "Operate at a set time" Optional [WRITE] [];
        "S57" "Get a file" Conditional("with M17") [FILE_OPEN, FILE_READ, FILE_CLOSE] [];
        "S58" "Set a file" Optional [OBTAIN_FILE] [];
        "S59" "Delete a file" Optional [FILE_DELETE] [];
        "S60" "Attributes of files" Conditional("with M17") [FILE_DIRECTORY] [];
        "S61" "Directory of the file system" Conditional("with M17") [FILE_DIRECTORY] [];
    Time:
        "T1" "Resolution of the internal clock" Declared [] [];
        "T2" "Accuracy of time" Declared [] [];
        "T3" "Resolution of time stamps" Declared [] [];
    Profile:
        "A1" "Client/server application profile" Mandatory [] [];
        "A2" "GOOSE application profile" Optional [] [];
        "A3" "GSSE application profile" Deprecated [] [];
        "A4" "Time synchronisation application profile" Optional [] [];
        "TP1" "TCP/IP transport profile" Mandatory [] [];
        "TP2" "OSI transport profile" Optional [] [];
        "TP3" "GOOSE transport profile" Optional [] [];
        "TP4" "GSSE transport profile" Deprecated [] [];
        "TP5" "Time synchronisation transport profile" Optional [] [];
    MmsService:
        "mms/status" "status" Optional [STATUS] [];
        "mms/getNameList" "getNameList" Mandatory [GET_NAME_LIST] [];
        "mms/identify" "identify" Mandatory [IDENTIFY] [];
        "mms/rename" "rename" Unused [RENAME] [];
        "mms/read" "read" Mandatory [READ] [];
        "mms/write" "write" Conditional("with anything that a client may set") [WRITE] [];
        "mms/getVariableAccessAttributes" "getVariableAccessAttributes" Mandatory [GET_VARIABLE_ACCESS_ATTRIBUTES] [];
        "mms/defineNamedVariable" "defineNamedVariable" Unused [DEFINE_NAMED_VARIABLE] [];
        "mms/defineScatteredAccess" "defineScatteredAccess" Unused [DEFINE_SCATTERED_ACCESS] [];
        "mms/getScatteredAccessAttributes" "getScatteredAccessAttributes" Unused [GET_SCATTERED_ACCESS_ATTRIBUTES] [];
        "mms/deleteVariableAccess" "deleteVariableAccess" Unused [DELETE_VARIABLE_ACCESS] [];
        "mms/defineNamedVariableList" "defineNamedVariableList" Conditional("with S14") [DEFINE_NAMED_VARIABLE_LIST] [];
        "mms/getNamedVariableListAttributes" "getNamedVariableListAttributes" Conditional("with M4") [GET_NAMED_VARIABLE_LIST_ATTRIBUTES] [];
        "mms/deleteNamedVariableList" "deleteNamedVariableList" Conditional("with S15") [DELETE_NAMED_VARIABLE_LIST] [];
        "mms/defineNamedType" "defineNamedType" Unused [DEFINE_NAMED_TYPE] [];
        "mms/getNamedTypeAttributes" "getNamedTypeAttributes" Unused [GET_NAMED_TYPE_ATTRIBUTES] [];
        "mms/deleteNamedType" "deleteNamedType" Unused [DELETE_NAMED_TYPE] [];
        "mms/input" "input" Unused [INPUT] [];
        "mms/output" "output" Unused [OUTPUT] [];
        "mms/takeControl" "takeControl" Unused [TAKE_CONTROL] [];
        "mms/relinquishControl" "relinquishControl" Unused [RELINQUISH_CONTROL] [];
        "mms/defineSemaphore" "defineSemaphore" Unused [DEFINE_SEMAPHORE] [];
        "mms/deleteSemaphore" "deleteSemaphore" Unused [DELETE_SEMAPHORE] [];
        "mms/reportSemaphoreStatus" "reportSemaphoreStatus" Unused [REPORT_SEMAPHORE_STATUS] [];
        "mms/reportPoolSemaphoreStatus" "reportPoolSemaphoreStatus" Unused [REPORT_POOL_SEMAPHORE_STATUS] [];
        "mms/reportSemaphoreEntryStatus" "reportSemaphoreEntryStatus" Unused [REPORT_SEMAPHORE_ENTRY_STATUS] [];
        "mms/initiateDownloadSequence" "initiateDownloadSequence" Unused [INITIATE_DOWNLOAD_SEQUENCE] [];
        "mms/downloadSegment" "downloadSegment" Unused [DOWNLOAD_SEGMENT] [];
        "mms/terminateDownloadSequence" "terminateDownloadSequence" Unused [TERMINATE_DOWNLOAD_SEQUENCE] [];
        "mms/initiateUploadSequence" "initiateUploadSequence" Unused [INITIATE_UPLOAD_SEQUENCE] [];
        "mms/uploadSegment" "uploadSegment" Unused [UPLOAD_SEGMENT] [];
        "mms/terminateUploadSequence" "terminateUploadSequence" Unused [TERMINATE_UPLOAD_SEQUENCE] [];
        "mms/requestDomainDownload" "requestDomainDownload" Unused [REQUEST_DOMAIN_DOWNLOAD] [];
        "mms/requestDomainUpload" "requestDomainUpload" Unused [REQUEST_DOMAIN_UPLOAD] [];
        "mms/loadDomainContent" "loadDomainContent" Unused [LOAD_DOMAIN_CONTENT] [];
        "mms/storeDomainContent" "storeDomainContent" Unused [STORE_DOMAIN_CONTENT] [];
        "mms/deleteDomain" "deleteDomain" Unused [DELETE_DOMAIN] [];
        "mms/getDomainAttributes" "getDomainAttributes" Optional [GET_DOMAIN_ATTRIBUTES] [];
        "mms/createProgramInvocation" "createProgramInvocation" Unused [CREATE_PROGRAM_INVOCATION] [];
        "mms/deleteProgramInvocation" "deleteProgramInvocation" Unused [DELETE_PROGRAM_INVOCATION] [];
        "mms/start" "start" Unused [START] [];
        "mms/stop" "stop" Unused [STOP] [];
        "mms/resume" "resume" Unused [RESUME] [];
        "mms/reset" "reset" Unused [RESET] [];
        "mms/kill" "kill" Unused [KILL] [];
        "mms/getProgramInvocationAttributes" "getProgramInvocationAttributes" Unused [GET_PROGRAM_INVOCATION_ATTRIBUTES] [];
        "mms/obtainFile" "obtainFile" Conditional("with S58") [OBTAIN_FILE] [];
        "mms/defineEventCondition" "defineEventCondition" Unused [DEFINE_EVENT_CONDITION] [];
        "mms/deleteEventCondition" "deleteEventCondition" Unused [DELETE_EVENT_CONDITION] [];
        "mms/getEventConditionAttributes" "getEventConditionAttributes" Unused [GET_EVENT_CONDITION_ATTRIBUTES] [];
        "mms/reportEventConditionStatus" "reportEventConditionStatus" Unused [REPORT_EVENT_CONDITION_STATUS] [];
        "mms/alterEventConditionMonitoring" "alterEventConditionMonitoring" Unused [ALTER_EVENT_CONDITION_MONITORING] [];
        "mms/triggerEvent" "triggerEvent" Unused [TRIGGER_EVENT] [];
        "mms/defineEventAction" "defineEventAction" Unused [DEFINE_EVENT_ACTION] [];
        "mms/deleteEventAction" "deleteEventAction" Unused [DELETE_EVENT_ACTION] [];
        "mms/getEventActionAttributes" "getEventActionAttributes" Unused [GET_EVENT_ACTION_ATTRIBUTES] [];
        "mms/reportEventActionStatus" "reportEventActionStatus" Unused [REPORT_EVENT_ACTION_STATUS] [];
        "mms/defineEventEnrollment" "defineEventEnrollment" Unused [DEFINE_EVENT_ENROLLMENT] [];
        "mms/deleteEventEnrollment" "deleteEventEnrollment" Unused [DELETE_EVENT_ENROLLMENT] [];
        "mms/alterEventEnrollment" "alterEventEnrollment" Unused [ALTER_EVENT_ENROLLMENT] [];
        "mms/reportEventEnrollmentStatus" "reportEventEnrollmentStatus" Unused [REPORT_EVENT_ENROLLMENT_STATUS] [];
        "mms/getEventEnrollmentAttributes" "getEventEnrollmentAttributes" Unused [GET_EVENT_ENROLLMENT_ATTRIBUTES] [];
        "mms/acknowledgeEventNotification" "acknowledgeEventNotification" Unused [ACKNOWLEDGE_EVENT_NOTIFICATION] [];
        "mms/getAlarmSummary" "getAlarmSummary" Unused [GET_ALARM_SUMMARY] [];
        "mms/getAlarmEnrollmentSummary" "getAlarmEnrollmentSummary" Unused [GET_ALARM_ENROLLMENT_SUMMARY] [];
        "mms/readJournal" "readJournal" Conditional("with M10") [READ_JOURNAL] [];
        "mms/writeJournal" "writeJournal" Unused [WRITE_JOURNAL] [];
        "mms/initializeJournal" "initializeJournal" Unused [INITIALIZE_JOURNAL] [];
        "mms/reportJournalStatus" "reportJournalStatus" Unused [REPORT_JOURNAL_STATUS] [];
        "mms/createJournal" "createJournal" Unused [CREATE_JOURNAL] [];
        "mms/deleteJournal" "deleteJournal" Unused [DELETE_JOURNAL] [];
        "mms/getCapabilityList" "getCapabilityList" Optional [GET_CAPABILITY_LIST] [];
        "mms/fileOpen" "fileOpen" Conditional("with S57") [FILE_OPEN] [];
        "mms/fileRead" "fileRead" Conditional("with S57") [FILE_READ] [];
        "mms/fileClose" "fileClose" Conditional("with S57") [FILE_CLOSE] [];
        "mms/fileRename" "fileRename" Optional [FILE_RENAME] [];
        "mms/fileDelete" "fileDelete" Conditional("with S59") [FILE_DELETE] [];
        "mms/fileDirectory" "fileDirectory" Conditional("with S60") [FILE_DIRECTORY] [];
        "mms/unsolicitedStatus" "unsolicitedStatus" Unused [UNSOLICITED_STATUS] [];
        "mms/informationReport" "informationReport" Conditional("with reports or command termination") [INFORMATION_REPORT] [];
        "mms/eventNotification" "eventNotification" Unused [EVENT_NOTIFICATION] [];
        "mms/attachToEventCondition" "attachToEventCondition" Unused [ATTACH_TO_EVENT_CONDITION] [];
        "mms/attachToSemaphore" "attachToSemaphore" Unused [ATTACH_TO_SEMAPHORE] [];
        "mms/conclude" "conclude" Mandatory [CONCLUDE] [];
        "mms/cancel" "cancel" Optional [CANCEL] [];
        "mms/getDataExchangeAttributes" "getDataExchangeAttributes" Absent [GET_DATA_EXCHANGE_ATTRIBUTES] [];
        "mms/exchangeData" "exchangeData" Absent [EXCHANGE_DATA] [];
        "mms/defineAccessControlList" "defineAccessControlList" Absent [DEFINE_ACCESS_CONTROL_LIST] [];
        "mms/getAccessControlListAttributes" "getAccessControlListAttributes" Absent [GET_ACCESS_CONTROL_LIST_ATTRIBUTES] [];
        "mms/reportAccessControlledObjects" "reportAccessControlledObjects" Absent [REPORT_ACCESS_CONTROLLED_OBJECTS] [];
        "mms/deleteAccessControlList" "deleteAccessControlList" Absent [DELETE_ACCESS_CONTROL_LIST] [];
        "mms/alterAccessControl" "alterAccessControl" Absent [ALTER_ACCESS_CONTROL] [];
        "mms/reconfigureProgramInvocation" "reconfigureProgramInvocation" Absent [RECONFIGURE_PROGRAM_INVOCATION] [];
    ParameterCbb:
        "cbb/str1" "str1, arrays" Conditional("with arrays in the model") [] [STR1];
        "cbb/str2" "str2, structures" Mandatory [] [STR2];
        "cbb/vnam" "vnam, named variables" Mandatory [] [VNAM];
        "cbb/valt" "valt, alternate access" Conditional("with arrays in the model") [] [VALT];
        "cbb/vadr" "vadr, variables by address" Absent [] [VADR];
        "cbb/vsca" "vsca, scattered access" Absent [] [VSCA];
        "cbb/tpy" "tpy, third-party files" Absent [] [TPY];
        "cbb/vlis" "vlis, named variable lists" Conditional("with data sets or reports") [] [VLIS];
        "cbb/real" "real, the REAL type" Deprecated [] [REAL];
        "cbb/akec" "akec, withdrawn" Absent [] [AKEC];
        "cbb/cei" "cei, condition event enrolments" Optional [] [CEI];
    Association:
        "association/max" "Number of associations" Declared [] [];
        "association/pdu-size" "Largest PDU" Declared [] [];
        "association/outstanding-calling" "Outstanding requests of the client" Declared [] [];
        "association/outstanding-called" "Outstanding requests of the server" Declared [] [];
        "association/nesting" "Nesting of data" Declared [] [];
        "association/version" "Version of MMS" Mandatory [] [];
        "association/parameters" "Parameter conformance building blocks" Mandatory [] [];
        "association/services" "Services supported" Mandatory [] [];
        "association/additional" "Additional services, building blocks and privileges" Absent [] [];
};
