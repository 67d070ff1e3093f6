//! The PIXIT questions: ids, what is asked, and the form of the answer, after the questionnaires that vendors publish.

use super::statement::PixitValue;
use crate::cel::Value;
use crate::diagnostic::{Code, Diagnostic};

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Id, for instance `As1`.
    pub id: &'static str,
    /// What is asked.
    pub asks: &'static str,
    /// The form of the answer.
    pub answer: Answer,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A whole number.
    Number,
    /// A duration with its unit.
    Duration,
    /// `true` or `false`.
    Flag,
    /// A text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words.
    Words(&'static [&'static str]),
    /// A list.
    List,
    /// A map with these keys.
    Keys(&'static [&'static str]),
    /// One answer for all control models, or a map by [`MODELS`].
    ByModel,
    /// A list of control models.
    Models,
    /// Anything.
    Any,
}

/// The control models by number, from 0 (IEC 61850-7-2, CtlModels).
pub const MODELS: &[&str] = &[
    "status-only",
    "direct-normal",
    "sbo-normal",
    "direct-enhanced",
    "sbo-enhanced",
];

/// The word of a control model.
#[must_use]
pub fn model_word(number: i64) -> Option<&'static str> {
    MODELS.get(usize::try_from(number).ok()?).copied()
}

/// What an answer says about a control model: itself when it is given for all.
#[must_use]
pub fn for_model(answer: &Value, number: i64) -> Option<&Value> {
    match answer {
        Value::Map(by_model) => by_model
            .map
            .get(&cel::objects::Key::from(model_word(number)?)),
        all => Some(all),
    }
}

impl Answer {
    /// The form in words.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Number => "a whole number".to_owned(),
            Self::Duration => "a duration such as `10s`".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Word(words) => format!("one of {}", quoted(words)),
            Self::Words(words) => format!("a list of {}", quoted(words)),
            Self::List => "a list".to_owned(),
            Self::Keys(keys) => format!("a map with {}", quoted(keys)),
            Self::ByModel => format!("one answer, or a map by {}", quoted(MODELS)),
            Self::Models => format!("a list of {}", quoted(MODELS)),
            Self::Any => "anything".to_owned(),
        }
    }

    fn fits(self, value: &Value) -> bool {
        let keys = |allowed: &[&str]| match value {
            Value::Map(m) => m.map.keys().all(|k| match k {
                cel::objects::Key::String(s) => allowed.contains(&s.as_str()),
                _ => false,
            }),
            _ => false,
        };
        let word = |v: &Value, allowed: &[&str]| match v {
            Value::String(s) => allowed.contains(&s.as_str()),
            _ => false,
        };
        match (self, value) {
            (Self::Any, _)
            | (Self::Number | Self::Duration, Value::Int(_))
            | (Self::Flag, Value::Bool(_))
            | (Self::Text, Value::String(_) | Value::Int(_) | Value::Float(_))
            | (Self::List, Value::List(_)) => true,
            (Self::Word(words), v) => word(v, words),
            (Self::Words(words), Value::List(l)) => l.iter().all(|v| word(v, words)),
            (Self::Models, Value::List(l)) => l.iter().all(|v| word(v, MODELS)),
            (Self::Keys(allowed), _) => keys(allowed),
            (Self::ByModel, Value::Map(_)) => keys(MODELS),
            (Self::ByModel, Value::Bool(_) | Value::Int(_) | Value::String(_)) => true,
            _ => false,
        }
    }
}

fn quoted(words: &[&str]) -> String {
    let all: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    all.join(", ")
}

/// The question with this id.
#[must_use]
pub fn question(id: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|q| q.id == id)
}

/// What is wrong with an answer.
pub(super) fn check(question: &Question, answer: &PixitValue) -> Option<Diagnostic> {
    if question.answer.fits(&answer.value) {
        return None;
    }
    let message = format!(
        "{} asks \u{201c}{}\u{201d}: expected {}, found {}",
        question.id,
        question.asks,
        question.answer.describe(),
        crate::cel::functions::describe(&answer.value)
    );
    Some(Diagnostic::error(Code::WrongType, answer.span, message))
}

const fn q(id: &'static str, asks: &'static str, answer: Answer) -> Question {
    Question { id, asks, answer }
}

/// All questions.
#[rustfmt::skip]
pub const QUESTIONS: &[Question] = &[
    q("As1", "How many clients may be associated at once", Answer::Number),
    q("As2", "TCP keepalive interval (recommended 1..20 s)", Answer::Duration),
    q("As3", "Time until a lost connection is detected", Answer::Duration),
    q("As4", "Is authentication supported", Answer::Flag),
    q("As5", "Which address parameters must be right: TSEL, SSEL, PSEL, AP-title, AE-qualifier", Answer::Words(&["tsel", "ssel", "psel", "ap-title", "ae-qualifier"])),
    q("As6", "Right values of those parameters", Answer::Any),
    q("As7", "Largest and smallest MMS PDU size", Answer::Keys(&["max", "min"])),
    q("As8", "Longest start-up time after power interruption", Answer::Duration),
    q("As9", "Is it only test equipment (no non-volatile configuration needed)", Answer::Flag),
    q("Sr1", "Quality bits the server can set on measured (MX) values", Answer::List),
    q("Sr2", "Quality bits the server can set on status (ST) values", Answer::List),
    q("Sr3", "Most references in one GetDataValues", Answer::Number),
    q("Sr4", "Most references in one SetDataValues", Answer::Number),
    q("Sr5", "Supported Mod values (on, blocked, test, test/blocked, off)", Answer::List),
    q("Ds1", "Most members in one data set", Answer::Number),
    q("Ds2", "How many persistent data sets clients can create (with predefined ones)", Answer::Number),
    q("Ds3", "How many non-persistent data sets clients can create", Answer::Number),
    q("Ds4", "Are persistent data sets that clients created kept over restart", Answer::Flag),
    q("Sb1", "Are substituted values volatile", Answer::Flag),
    q("Sg1", "Number of setting groups per LD", Answer::Any),
    q("Sg2", "When and how non-volatile storage is updated (also how long activation takes)", Answer::Any),
    q("Sg3", "May several clients edit the same group", Answer::Flag),
    q("Sg4", "What happens to an edit when the association is lost", Answer::Word(&["discard", "keep", "until-resvtms"])),
    q("Sg5", "Is EditSG=0 accepted", Answer::Flag),
    q("Sg6", "How long editing stays locked when ResvTms is not visible", Answer::Duration),
    q("Rp1", "Supported trigger options: integrity, dchg, qchg, dupd, GI", Answer::Words(&["integrity", "dchg", "qchg", "dupd", "gi"])),
    q("Rp2", "Supported optional fields", Answer::Words(&["seq-num", "time-stamp", "reason-code", "data-set", "data-ref", "buf-ovfl", "entry-id", "conf-rev", "segmentation"])),
    q("Rp3", "Can reports be segmented (if not, association below the minimum PDU may be refused)", Answer::Flag),
    q("Rp4", "Second change of the same analogue value inside BufTm: send at once or replace", Answer::Word(&["send", "replace"])),
    q("Rp5", "URCB multi-client approach: each visible to all, or own set per client", Answer::Word(&["visible-all", "per-client"])),
    q("Rp6", "Format of EntryID", Answer::Text),
    q("Rp7", "Buffer size per BRCB (bytes or reports); persistent if it outlives an interruption of the supply", Answer::Any),
    q("Rp8", "RCB attributes that cannot be changed online", Answer::List),
    q("Rp9", "May a reported data set hold data objects; data attributes", Answer::Keys(&["fcd", "fcda"])),
    q("Rp10", "Scan cycle of binary events; fixed or configurable", Answer::Duration),
    q("Rp11", "Can an RCB be pre-assigned to a client in SCL", Answer::Flag),
    q("Rp12", "After restart is ConfRev restored from configuration or retained", Answer::Word(&["restored", "retained"])),
    q("Rp13", "Does the server accept any client on a BRCB with ResvTms=-1; by what is a client identified", Answer::Any),
    q("Rp14", "Default ResvTms when the client writes none (or internal reservation time when hidden)", Answer::Duration),
    q("Rp15", "Can LLN0.Mod be changed online", Answer::Flag),
    q("Lg1", "Log size / number of entries and what happens when full", Answer::Any),
    q("Lg2", "Are log entries kept over restart", Answer::Flag),
    q("Gp1", "Can the test (Ed1) / simulation (Ed2) flag of published GOOSE be set", Answer::Flag),
    q("Gp2", "Behaviour on wrong GOOSE publish configuration", Answer::Text),
    q("Gp3", "CDCs supported for published FCD", Answer::List),
    q("Gp4", "Slow retransmission time, fixed or configurable", Answer::Duration),
    q("Gp5", "Fastest retransmission time, fixed or configurable", Answer::Duration),
    q("Gp6", "Can publishing be switched with GoEna", Answer::Flag),
    q("Gp7", "First sqNum after restart", Answer::Number),
    q("Gp8", "May GOOSE data sets hold FCDs; timestamps", Answer::Any),
    q("Gs1", "Which header elements of a subscribed GOOSE are checked", Answer::Any),
    q("Gs2", "When is a subscribed GOOSE counted as lost", Answer::Text),
    q("Gs3", "Behaviour on missing or malformed GOOSE", Answer::Text),
    q("Gs4", "Behaviour on out-of-order GOOSE", Answer::Text),
    q("Gs5", "Behaviour on duplicate GOOSE", Answer::Text),
    q("Gs6", "Subscribes with/without VLAN tag", Answer::List),
    q("Gs7", "FCD / timestamps in subscribed data sets", Answer::Any),
    q("Gs8", "CDCs supported for subscribed FCD", Answer::List),
    q("Gs9", "Are test/simulation GOOSE accepted in test/simulation mode", Answer::Flag),
    q("Gs10", "Behaviour on TAL = 0", Answer::Text),
    q("Gs11", "Behaviour on unexpected data structure", Answer::Text),
    q("Ct1", "Supported control models", Answer::Models),
    q("Ct2", "Is the control model fixed, configurable, dynamic", Answer::Word(&["fixed", "configurable", "dynamic"])),
    q("Ct3", "Is TimeActivatedOperate supported", Answer::Flag),
    q("Ct4", "Is operate-many supported (sboClass)", Answer::Flag),
    q("Ct5", "Does Test=TRUE still move the output", Answer::Flag),
    q("Ct6", "Conditions for the T attribute of select/operate", Answer::Text),
    q("Ct7", "Is pulse configuration supported", Answer::Flag),
    q("Ct8", "Behaviour with Check bits set; fixed/configurable/online", Answer::Any),
    q("Ct9", "Supported AddCause values", Answer::List),
    q("Ct10", "How to force test-not-ok on SelectWithValue", Answer::Text),
    q("Ct11", "How to force test-not-ok on Select", Answer::Text),
    q("Ct12", "How to force test-not-ok on Operate (per model)", Answer::Text),
    q("Ct13", "Accepted origin categories", Answer::List),
    q("Ct14", "What happens with unsupported/invalid orCat (per model)", Answer::Any),
    q("Ct15", "Is a command to the present status accepted (per model); configurable", Answer::ByModel),
    q("Ct16", "May two clients select/operate the same object at a time (per model)", Answer::ByModel),
    q("Ct17", "May the same client select again (tissue 334)", Answer::ByModel),
    q("Ct18", "For SBOes: are checks done at select, operate or both", Answer::Word(&["select", "operate", "both"])),
    q("Ct19", "Can Mod block a control", Answer::Flag),
    q("Ct20", "Is local/remote supported", Answer::Flag),
    q("Ct21", "Is LastApplError sent also for normal security (per model)", Answer::ByModel),
    q("Ct22", "How to force parameter-change-in-execution (per model)", Answer::Text),
    q("Ct23", "How many SBO objects may be selected at once", Answer::ByModel),
    q("Ct24", "Can an object be forced to keep its old state (externally wired switch)", Answer::Flag),
    q("Ct25", "Can a DPC be brought to the intermediate state", Answer::Flag),
    q("Ct26", "Name a point with finite operate timeout and the timeout", Answer::Any),
    q("Ct27", "Are control objects with external signals supported (per model)", Answer::ByModel),
    q("Tm1", "Time quality bits the device can set", Answer::List),
    q("Tm2", "Behaviour when time synchronisation is lost", Answer::Text),
    q("Tm3", "When is ClockFailure set", Answer::Text),
    q("Tm4", "When is ClockNotSynchronized set", Answer::Duration),
    q("Tm5", "Is a binary event time corrected for the scan cycle", Answer::Flag),
    q("Tm6", "Are time zone and daylight saving supported", Answer::Flag),
    q("Tm7", "Which SNTP response fields are validated", Answer::Keys(&["leap", "mode", "originate", "stratum", "transmit", "version"])),
    q("Tm9", "Do COMTRADE files use local time or UTC; configurable", Answer::Any),
    q("Ft1", "Directory structure, COMTRADE place, zipped or not", Answer::Text),
    q("Ft2", "Separator between directory and file name", Answer::Text),
    q("Ft3", "Longest name incl. path (64 recommended)", Answer::Number),
    q("Ft4", "Are names case sensitive", Answer::Flag),
    q("Ft5", "Largest file for SetFile", Answer::Number),
    q("Ft6", "Does fileDirectory answer with the requested path in the names", Answer::Flag),
    q("Ft7", "Is a wildcard accepted in fileDirectory", Answer::Flag),
    q("Ft8", "May two clients get files at the same time (same/different)", Answer::Any),
    q("Ft9", "Which files can be deleted", Answer::Text),
    q("Tr1", "Which services LTRK.GenTrk tracks", Answer::List),
];
