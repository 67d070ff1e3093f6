//! Services and parameters by their bit number.

use core::fmt;

use crate::ber::BitString;
use crate::mms::code::{code, write_list};

code! {
    /// A service, by its bit in ServiceSupportOptions (ISO 9506-2). Up to 77 this is also the
    /// tag of its confirmed request and response.
    Service(u32) {
        STATUS = 0 "status",
        GET_NAME_LIST = 1 "getNameList",
        IDENTIFY = 2 "identify",
        RENAME = 3 "rename",
        READ = 4 "read",
        WRITE = 5 "write",
        GET_VARIABLE_ACCESS_ATTRIBUTES = 6 "getVariableAccessAttributes",
        DEFINE_NAMED_VARIABLE = 7 "defineNamedVariable",
        DEFINE_SCATTERED_ACCESS = 8 "defineScatteredAccess",
        GET_SCATTERED_ACCESS_ATTRIBUTES = 9 "getScatteredAccessAttributes",
        DELETE_VARIABLE_ACCESS = 10 "deleteVariableAccess",
        DEFINE_NAMED_VARIABLE_LIST = 11 "defineNamedVariableList",
        GET_NAMED_VARIABLE_LIST_ATTRIBUTES = 12 "getNamedVariableListAttributes",
        DELETE_NAMED_VARIABLE_LIST = 13 "deleteNamedVariableList",
        DEFINE_NAMED_TYPE = 14 "defineNamedType",
        GET_NAMED_TYPE_ATTRIBUTES = 15 "getNamedTypeAttributes",
        DELETE_NAMED_TYPE = 16 "deleteNamedType",
        INPUT = 17 "input",
        OUTPUT = 18 "output",
        TAKE_CONTROL = 19 "takeControl",
        RELINQUISH_CONTROL = 20 "relinquishControl",
        DEFINE_SEMAPHORE = 21 "defineSemaphore",
        DELETE_SEMAPHORE = 22 "deleteSemaphore",
        REPORT_SEMAPHORE_STATUS = 23 "reportSemaphoreStatus",
        REPORT_POOL_SEMAPHORE_STATUS = 24 "reportPoolSemaphoreStatus",
        REPORT_SEMAPHORE_ENTRY_STATUS = 25 "reportSemaphoreEntryStatus",
        INITIATE_DOWNLOAD_SEQUENCE = 26 "initiateDownloadSequence",
        DOWNLOAD_SEGMENT = 27 "downloadSegment",
        TERMINATE_DOWNLOAD_SEQUENCE = 28 "terminateDownloadSequence",
        INITIATE_UPLOAD_SEQUENCE = 29 "initiateUploadSequence",
        UPLOAD_SEGMENT = 30 "uploadSegment",
        TERMINATE_UPLOAD_SEQUENCE = 31 "terminateUploadSequence",
        REQUEST_DOMAIN_DOWNLOAD = 32 "requestDomainDownload",
        REQUEST_DOMAIN_UPLOAD = 33 "requestDomainUpload",
        LOAD_DOMAIN_CONTENT = 34 "loadDomainContent",
        STORE_DOMAIN_CONTENT = 35 "storeDomainContent",
        DELETE_DOMAIN = 36 "deleteDomain",
        GET_DOMAIN_ATTRIBUTES = 37 "getDomainAttributes",
        CREATE_PROGRAM_INVOCATION = 38 "createProgramInvocation",
        DELETE_PROGRAM_INVOCATION = 39 "deleteProgramInvocation",
        START = 40 "start",
        STOP = 41 "stop",
        RESUME = 42 "resume",
        RESET = 43 "reset",
        KILL = 44 "kill",
        GET_PROGRAM_INVOCATION_ATTRIBUTES = 45 "getProgramInvocationAttributes",
        OBTAIN_FILE = 46 "obtainFile",
        DEFINE_EVENT_CONDITION = 47 "defineEventCondition",
        DELETE_EVENT_CONDITION = 48 "deleteEventCondition",
        GET_EVENT_CONDITION_ATTRIBUTES = 49 "getEventConditionAttributes",
        REPORT_EVENT_CONDITION_STATUS = 50 "reportEventConditionStatus",
        ALTER_EVENT_CONDITION_MONITORING = 51 "alterEventConditionMonitoring",
        TRIGGER_EVENT = 52 "triggerEvent",
        DEFINE_EVENT_ACTION = 53 "defineEventAction",
        DELETE_EVENT_ACTION = 54 "deleteEventAction",
        GET_EVENT_ACTION_ATTRIBUTES = 55 "getEventActionAttributes",
        REPORT_EVENT_ACTION_STATUS = 56 "reportEventActionStatus",
        DEFINE_EVENT_ENROLLMENT = 57 "defineEventEnrollment",
        DELETE_EVENT_ENROLLMENT = 58 "deleteEventEnrollment",
        ALTER_EVENT_ENROLLMENT = 59 "alterEventEnrollment",
        REPORT_EVENT_ENROLLMENT_STATUS = 60 "reportEventEnrollmentStatus",
        GET_EVENT_ENROLLMENT_ATTRIBUTES = 61 "getEventEnrollmentAttributes",
        ACKNOWLEDGE_EVENT_NOTIFICATION = 62 "acknowledgeEventNotification",
        GET_ALARM_SUMMARY = 63 "getAlarmSummary",
        GET_ALARM_ENROLLMENT_SUMMARY = 64 "getAlarmEnrollmentSummary",
        READ_JOURNAL = 65 "readJournal",
        WRITE_JOURNAL = 66 "writeJournal",
        INITIALIZE_JOURNAL = 67 "initializeJournal",
        REPORT_JOURNAL_STATUS = 68 "reportJournalStatus",
        CREATE_JOURNAL = 69 "createJournal",
        DELETE_JOURNAL = 70 "deleteJournal",
        GET_CAPABILITY_LIST = 71 "getCapabilityList",
        FILE_OPEN = 72 "fileOpen",
        FILE_READ = 73 "fileRead",
        FILE_CLOSE = 74 "fileClose",
        FILE_RENAME = 75 "fileRename",
        FILE_DELETE = 76 "fileDelete",
        FILE_DIRECTORY = 77 "fileDirectory",
        UNSOLICITED_STATUS = 78 "unsolicitedStatus",
        INFORMATION_REPORT = 79 "informationReport",
        EVENT_NOTIFICATION = 80 "eventNotification",
        ATTACH_TO_EVENT_CONDITION = 81 "attachToEventCondition",
        ATTACH_TO_SEMAPHORE = 82 "attachToSemaphore",
        CONCLUDE = 83 "conclude",
        CANCEL = 84 "cancel",
        GET_DATA_EXCHANGE_ATTRIBUTES = 85 "getDataExchangeAttributes",
        EXCHANGE_DATA = 86 "exchangeData",
        DEFINE_ACCESS_CONTROL_LIST = 87 "defineAccessControlList",
        GET_ACCESS_CONTROL_LIST_ATTRIBUTES = 88 "getAccessControlListAttributes",
        REPORT_ACCESS_CONTROLLED_OBJECTS = 89 "reportAccessControlledObjects",
        DELETE_ACCESS_CONTROL_LIST = 90 "deleteAccessControlList",
        ALTER_ACCESS_CONTROL = 91 "alterAccessControl",
        RECONFIGURE_PROGRAM_INVOCATION = 92 "reconfigureProgramInvocation",
    }
}

code! {
    /// A parameter conformance building block, by its bit in ParameterSupportOptions (ISO 9506-2).
    Parameter(u32) {
        /// Arrays.
        STR1 = 0 "str1",
        /// Structures.
        STR2 = 1 "str2",
        /// Named variables.
        VNAM = 2 "vnam",
        /// Alternate access.
        VALT = 3 "valt",
        /// Unnamed variables, by address.
        VADR = 4 "vadr",
        /// Scattered access.
        VSCA = 5 "vsca",
        /// Third-party file operations.
        TPY = 6 "tpy",
        /// Named variable lists.
        VLIS = 7 "vlis",
        /// The ASN.1 REAL type (withdrawn).
        REAL = 8 "real",
        /// Withdrawn; a spare bit since.
        AKEC = 9 "akec",
        /// Condition event enrollments.
        CEI = 10 "cei",
        /// Access control.
        ACO = 11 "aco",
        /// Semaphores.
        SEM = 12 "sem",
        /// Control by programs.
        CSR = 13 "csr",
        /// Companion standards, named.
        CSNC = 14 "csnc",
        /// Companion standards, programs.
        CSPLC = 15 "csplc",
        /// Companion standards, program invocations.
        CSPI = 16 "cspi",
    }
}

/// Defines a set of named bits kept as the bit string that came.
macro_rules! named_bits {
    ($(#[$doc:meta])* $name:ident of $item:ident, $default_len:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Default)]
        pub struct $name(pub BitString);

        impl $name {
            /// A set of the usual length with the given members.
            #[must_use]
            pub fn of(members: &[$item]) -> Self {
                let mut set = Self(BitString::zeros($default_len));
                for &member in members {
                    set.insert(member);
                }
                set
            }

            /// True when `member` is announced.
            #[must_use]
            pub fn contains(&self, member: $item) -> bool {
                usize::try_from(member.0).is_ok_and(|bit| self.0.is_set(bit))
            }

            /// Adds `member`, lengthening the bit string if need be.
            pub fn insert(&mut self, member: $item) {
                if let Ok(bit) = usize::try_from(member.0) {
                    self.0.set(bit, true);
                }
            }

            /// Removes `member`; the length stays.
            pub fn remove(&mut self, member: $item) {
                if let Ok(bit) = usize::try_from(member.0) && bit < self.0.len() {
                    self.0.set(bit, false);
                }
            }

            /// The members in order of their bits.
            pub fn iter(&self) -> impl Iterator<Item = $item> + '_ {
                (0u32..).zip(self.0.iter()).filter(|(_, set)| *set).map(|(bit, _)| $item(bit))
            }

            /// What both announce, in the length of `self`.
            #[must_use]
            pub fn intersection(&self, other: &Self) -> Self {
                Self((0u32..).zip(self.0.iter()).map(|(bit, set)| set && other.contains($item(bit))).collect())
            }
        }

        /// The names, comma-separated in brackets; a bit without a name as its number.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let names = self.iter().map(|item| match item.name() {
                    Some(name) => std::borrow::Cow::Borrowed(name),
                    None => std::borrow::Cow::Owned(item.0.to_string()),
                });
                write_list(f, "[", names, "]")
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

named_bits! {
    /// The services a side supports (ISO 9506-2, ServiceSupportOptions); 85 bits by default.
    ServiceSupport of Service, 85
}

named_bits! {
    /// The parameter conformance building blocks a side supports (ISO 9506-2,
    /// ParameterSupportOptions); 11 bits by default.
    ParameterSupport of Parameter, 11
}
