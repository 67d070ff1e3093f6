//! The PIXIT questions: ids and what is asked, after the questionnaires that vendors publish.

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Id, for instance `As1`.
    pub id: &'static str,
    /// What is asked.
    pub asks: &'static str,
}

/// The question with this id.
#[must_use]
pub fn question(id: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|q| q.id == id)
}

/// All questions.
pub const QUESTIONS: &[Question] = &[
    Question {
        id: "As1",
        asks: "How many clients may be associated at once",
    },
    Question {
        id: "As2",
        asks: "TCP keepalive interval (recommended 1..20 s)",
    },
    Question {
        id: "As3",
        asks: "Time until a lost connection is detected",
    },
    Question {
        id: "As4",
        asks: "Is authentication supported",
    },
    Question {
        id: "As5",
        asks: "Which address parameters must be right: TSEL, SSEL, PSEL, AP-title, AE-qualifier",
    },
    Question {
        id: "As6",
        asks: "Right values of those parameters",
    },
    Question {
        id: "As7",
        asks: "Largest and smallest MMS PDU size",
    },
    Question {
        id: "As8",
        asks: "Longest start-up time after power interruption",
    },
    Question {
        id: "As9",
        asks: "Is it only test equipment (no non-volatile configuration needed)",
    },
    Question {
        id: "Sr1",
        asks: "Quality bits the server can set on measured (MX) values",
    },
    Question {
        id: "Sr2",
        asks: "Quality bits the server can set on status (ST) values",
    },
    Question {
        id: "Sr3",
        asks: "Most references in one GetDataValues",
    },
    Question {
        id: "Sr4",
        asks: "Most references in one SetDataValues",
    },
    Question {
        id: "Sr5",
        asks: "Supported Mod values (on, blocked, test, test/blocked, off)",
    },
    Question {
        id: "Ds1",
        asks: "Most members in one data set",
    },
    Question {
        id: "Ds2",
        asks: "How many persistent data sets clients can create (with predefined ones)",
    },
    Question {
        id: "Ds3",
        asks: "How many non-persistent data sets clients can create",
    },
    Question {
        id: "Sb1",
        asks: "Are substituted values volatile",
    },
    Question {
        id: "Sg1",
        asks: "Number of setting groups per LD",
    },
    Question {
        id: "Sg2",
        asks: "When and how non-volatile storage is updated (also how long activation takes)",
    },
    Question {
        id: "Sg3",
        asks: "May several clients edit the same group",
    },
    Question {
        id: "Sg4",
        asks: "What happens to an edit when the association is lost",
    },
    Question {
        id: "Sg5",
        asks: "Is EditSG=0 accepted",
    },
    Question {
        id: "Sg6",
        asks: "How long editing stays locked when ResvTms is not visible",
    },
    Question {
        id: "Rp1",
        asks: "Supported trigger options: integrity, dchg, qchg, dupd, GI",
    },
    Question {
        id: "Rp2",
        asks: "Supported optional fields",
    },
    Question {
        id: "Rp3",
        asks: "Can reports be segmented (if not, association below the minimum PDU may be refused)",
    },
    Question {
        id: "Rp4",
        asks: "Second change of the same analogue value inside BufTm: send at once or replace",
    },
    Question {
        id: "Rp5",
        asks: "URCB multi-client approach: each visible to all, or own set per client",
    },
    Question {
        id: "Rp6",
        asks: "Format of EntryID",
    },
    Question {
        id: "Rp7",
        asks: "Buffer size per BRCB (bytes or reports)",
    },
    Question {
        id: "Rp8",
        asks: "RCB attributes that cannot be changed online",
    },
    Question {
        id: "Rp9",
        asks: "May a reported data set hold data objects; data attributes",
    },
    Question {
        id: "Rp10",
        asks: "Scan cycle of binary events; fixed or configurable",
    },
    Question {
        id: "Rp11",
        asks: "Can an RCB be pre-assigned to a client in SCL",
    },
    Question {
        id: "Rp12",
        asks: "After restart is ConfRev restored from configuration or retained",
    },
    Question {
        id: "Rp13",
        asks: "Does the server accept any client on a BRCB with ResvTms=-1; by what is a client identified",
    },
    Question {
        id: "Rp14",
        asks: "Default ResvTms when the client writes none (or internal reservation time when hidden)",
    },
    Question {
        id: "Rp15",
        asks: "Can LLN0.Mod be changed online",
    },
    Question {
        id: "Lg1",
        asks: "Log size / number of entries and what happens when full",
    },
    Question {
        id: "Lg2",
        asks: "Are log entries kept over restart",
    },
    Question {
        id: "Gp1",
        asks: "Can the test (Ed1) / simulation (Ed2) flag of published GOOSE be set",
    },
    Question {
        id: "Gp2",
        asks: "Behaviour on wrong GOOSE publish configuration",
    },
    Question {
        id: "Gp3",
        asks: "CDCs supported for published FCD",
    },
    Question {
        id: "Gp4",
        asks: "Slow retransmission time, fixed or configurable",
    },
    Question {
        id: "Gp5",
        asks: "Fastest retransmission time, fixed or configurable",
    },
    Question {
        id: "Gp6",
        asks: "Can publishing be switched with GoEna",
    },
    Question {
        id: "Gp7",
        asks: "First sqNum after restart",
    },
    Question {
        id: "Gp8",
        asks: "May GOOSE data sets hold FCDs; timestamps",
    },
    Question {
        id: "Gs1",
        asks: "Which header elements of a subscribed GOOSE are checked",
    },
    Question {
        id: "Gs2",
        asks: "When is a subscribed GOOSE counted as lost",
    },
    Question {
        id: "Gs3",
        asks: "Behaviour on missing or malformed GOOSE",
    },
    Question {
        id: "Gs4",
        asks: "Behaviour on out-of-order GOOSE",
    },
    Question {
        id: "Gs5",
        asks: "Behaviour on duplicate GOOSE",
    },
    Question {
        id: "Gs6",
        asks: "Subscribes with/without VLAN tag",
    },
    Question {
        id: "Gs7",
        asks: "FCD / timestamps in subscribed data sets",
    },
    Question {
        id: "Gs8",
        asks: "CDCs supported for subscribed FCD",
    },
    Question {
        id: "Gs9",
        asks: "Are test/simulation GOOSE accepted in test/simulation mode",
    },
    Question {
        id: "Gs10",
        asks: "Behaviour on TAL = 0",
    },
    Question {
        id: "Gs11",
        asks: "Behaviour on unexpected data structure",
    },
    Question {
        id: "Ct1",
        asks: "Supported control models",
    },
    Question {
        id: "Ct2",
        asks: "Is the control model fixed, configurable, dynamic",
    },
    Question {
        id: "Ct3",
        asks: "Is TimeActivatedOperate supported",
    },
    Question {
        id: "Ct4",
        asks: "Is operate-many supported (sboClass)",
    },
    Question {
        id: "Ct5",
        asks: "Does Test=TRUE still move the output",
    },
    Question {
        id: "Ct6",
        asks: "Conditions for the T attribute of select/operate",
    },
    Question {
        id: "Ct7",
        asks: "Is pulse configuration supported",
    },
    Question {
        id: "Ct8",
        asks: "Behaviour with Check bits set; fixed/configurable/online",
    },
    Question {
        id: "Ct9",
        asks: "Supported AddCause values",
    },
    Question {
        id: "Ct10",
        asks: "How to force test-not-ok on SelectWithValue",
    },
    Question {
        id: "Ct11",
        asks: "How to force test-not-ok on Select",
    },
    Question {
        id: "Ct12",
        asks: "How to force test-not-ok on Operate (per model)",
    },
    Question {
        id: "Ct13",
        asks: "Accepted origin categories",
    },
    Question {
        id: "Ct14",
        asks: "What happens with unsupported/invalid orCat (per model)",
    },
    Question {
        id: "Ct15",
        asks: "Is a command to the present status accepted (per model); configurable",
    },
    Question {
        id: "Ct16",
        asks: "May two clients select/operate the same object at a time (per model)",
    },
    Question {
        id: "Ct17",
        asks: "May the same client select again (tissue 334)",
    },
    Question {
        id: "Ct18",
        asks: "For SBOes: are checks done at select, operate or both",
    },
    Question {
        id: "Ct19",
        asks: "Can Mod block a control",
    },
    Question {
        id: "Ct20",
        asks: "Is local/remote supported",
    },
    Question {
        id: "Ct21",
        asks: "Is LastApplError sent also for normal security (per model)",
    },
    Question {
        id: "Ct22",
        asks: "How to force parameter-change-in-execution (per model)",
    },
    Question {
        id: "Ct23",
        asks: "How many SBO objects may be selected at once",
    },
    Question {
        id: "Ct24",
        asks: "Can an object be forced to keep its old state (externally wired switch)",
    },
    Question {
        id: "Ct25",
        asks: "Can a DPC be brought to the intermediate state",
    },
    Question {
        id: "Ct26",
        asks: "Name a point with finite operate timeout and the timeout",
    },
    Question {
        id: "Ct27",
        asks: "Are control objects with external signals supported (per model)",
    },
    Question {
        id: "Tm1",
        asks: "Time quality bits the device can set",
    },
    Question {
        id: "Tm2",
        asks: "Behaviour when time synchronisation is lost",
    },
    Question {
        id: "Tm3",
        asks: "When is ClockFailure set",
    },
    Question {
        id: "Tm4",
        asks: "When is ClockNotSynchronized set",
    },
    Question {
        id: "Tm5",
        asks: "Is a binary event time corrected for the scan cycle",
    },
    Question {
        id: "Tm6",
        asks: "Are time zone and daylight saving supported",
    },
    Question {
        id: "Tm7",
        asks: "Which SNTP response fields are validated",
    },
    Question {
        id: "Tm9",
        asks: "Do COMTRADE files use local time or UTC; configurable",
    },
    Question {
        id: "Ft1",
        asks: "Directory structure, COMTRADE place, zipped or not",
    },
    Question {
        id: "Ft2",
        asks: "Separator between directory and file name",
    },
    Question {
        id: "Ft3",
        asks: "Longest name incl. path (64 recommended)",
    },
    Question {
        id: "Ft4",
        asks: "Are names case sensitive",
    },
    Question {
        id: "Ft5",
        asks: "Largest file for SetFile",
    },
    Question {
        id: "Ft6",
        asks: "Does fileDirectory answer with the requested path in the names",
    },
    Question {
        id: "Ft7",
        asks: "Is a wildcard accepted in fileDirectory",
    },
    Question {
        id: "Ft8",
        asks: "May two clients get files at the same time (same/different)",
    },
    Question {
        id: "Ft9",
        asks: "Which files can be deleted",
    },
    Question {
        id: "Tr1",
        asks: "Which services LTRK.GenTrk tracks",
    },
];
