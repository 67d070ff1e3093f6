//! The options, each with what it decides and how it is taken.

use std::net::IpAddr;

use iedassay_engine::diagnostic::Spanned;
use iedassay_engine::yaml::decode::Table;
use iedassay_engine::yaml::{Decoder, FromNode, Node};
use iedassay_model::services::Setting;
use iedassay_model::tree::Edition;
use iedassay_sim::{AnalogueBufTm, CalledAddress, ResyncPolicy};

use super::Draft;
use super::read::{number, time, word};

/// One option.
pub(super) struct Opt {
    /// Group; empty for an option of its own.
    pub(super) group: &'static str,
    pub(super) key: &'static str,
    /// What it decides, its values, and the PIXIT question where there is one.
    pub(super) what: &'static str,
    /// What its values are, for the schema; a test holds `set` to it.
    pub(super) takes: Takes,
    pub(super) set: fn(&mut Draft, &Node, &mut Decoder),
}

/// What the values of an option are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Takes {
    /// A whole number from the first to the second.
    Number(u32, u32),
    /// A time such as `500ms`.
    Time,
    /// A time, or `never`.
    TimeOrNever,
    /// `true` or `false`.
    Switch,
    /// One of these words.
    Word(&'static [&'static str]),
    Text,
    /// Names, each with an IP address.
    Addresses,
}

impl Opt {
    /// As `--option` names it.
    pub(super) fn name(&self) -> String {
        match self.group {
            "" => self.key.to_owned(),
            group => format!("{group}.{}", self.key),
        }
    }
}

/// Stores a value that could be read.
macro_rules! set {
    (|$draft:ident, $node:ident, $cx:ident| $place:expr, $read:expr) => {
        |$draft, $node, $cx| {
            if let Some(value) = $read {
                $place = value;
            }
        }
    };
}

const SETTINGS: [(&str, Setting); 3] = [
    ("dyn", Setting::Dyn),
    ("fix", Setting::Fix),
    ("conf", Setting::Conf),
];

fn setting(node: &Node, cx: &mut Decoder) -> Option<Setting> {
    word(node, cx, "setting", &SETTINGS)
}

fn size(node: &Node, cx: &mut Decoder, most: u32) -> Option<usize> {
    number(node, cx, 1..=most).and_then(|number| usize::try_from(number).ok())
}

/// Every option, by group.
pub(super) const OPTIONS: &[Opt] = &[
    Opt {
        group: "",
        key: "edition",
        what: "edition that the IED follows instead of that of its file: 1, 2 or 2.1",
        takes: Takes::Word(&["1", "2", "2.1"]),
        set: |draft, node, cx| {
            let known = [
                ("1", Edition::Ed1),
                ("2", Edition::Ed2),
                ("2.1", Edition::Ed2_1),
            ];
            draft.edition = word(node, cx, "edition", &known).or(draft.edition);
        },
    },
    Opt {
        group: "",
        key: "files",
        what: "directory whose files the IED has at start, relative to the profile",
        takes: Takes::Text,
        set: |draft, node, cx| {
            if let Some(path) = Spanned::<String>::from_node(node, cx) {
                draft.files = Some((path, draft.base.clone()));
            }
        },
    },
    Opt {
        group: "",
        key: "scenario",
        what: "scenario file with what happens to the process, relative to the profile",
        takes: Takes::Text,
        set: |draft, node, cx| {
            if let Some(path) = String::from_node(node, cx) {
                draft.scenario = Some(draft.base.join(path));
            }
        },
    },
    Opt {
        group: "",
        key: "known-clients",
        what: "address of each client (name of its IED) for which blocks are reserved by configuration (PIXIT Rp13)",
        takes: Takes::Addresses,
        set: |draft, node, cx| {
            if let Some(table) = Table::<IpAddr>::from_node(node, cx) {
                let clients = table.iter().map(|(name, ip)| (name.value.clone(), *ip));
                draft.config.known_clients.extend(clients);
            }
        },
    },
    Opt {
        group: "association",
        key: "max",
        what: "associations served at once (PIXIT As1)",
        takes: Takes::Number(1, 10_000),
        set: set!(
            |draft, node, cx| draft.config.max_associations,
            size(node, cx, 10_000)
        ),
    },
    Opt {
        group: "association",
        key: "max-pdu-size",
        what: "largest MMS PDU in octets; more is negotiated down (PIXIT As4)",
        takes: Takes::Number(128, 16_000_000),
        set: set!(
            |draft, node, cx| draft.config.max_pdu_size,
            number(node, cx, 128..=16_000_000)
        ),
    },
    Opt {
        group: "association",
        key: "min-pdu-size",
        what: "smallest MMS PDU in octets that a client may propose",
        takes: Takes::Number(1, 65_000),
        set: set!(
            |draft, node, cx| draft.config.min_pdu_size,
            number(node, cx, 1..=65_000)
        ),
    },
    Opt {
        group: "association",
        key: "max-outstanding",
        what: "requests outstanding at either end",
        takes: Takes::Number(1, 1_000),
        set: set!(
            |draft, node, cx| draft.config.max_outstanding,
            number(node, cx, 1..=1_000).and_then(|number| u16::try_from(number).ok())
        ),
    },
    Opt {
        group: "association",
        key: "max-nesting",
        what: "depth of nested data",
        takes: Takes::Number(1, 30),
        set: set!(
            |draft, node, cx| draft.config.max_nesting,
            number(node, cx, 1..=30).and_then(|number| u8::try_from(number).ok())
        ),
    },
    Opt {
        group: "association",
        key: "password",
        what: "password that a client has to give in its AARQ",
        takes: Takes::Text,
        set: set!(
            |draft, node, cx| draft.config.password,
            String::from_node(node, cx).map(|text| Some(text.into_bytes()))
        ),
    },
    Opt {
        group: "association",
        key: "check-address",
        what: "parts of the called address that have to be right (PIXIT As5): all, selectors or none",
        takes: Takes::Word(&["all", "selectors", "none"]),
        set: |draft, node, cx| {
            let all = CalledAddress::of(&draft.config.model);
            let known = [("all", 0), ("selectors", 1), ("none", 2)];
            match word(node, cx, "part of an address", &known) {
                Some(0) => draft.config.address = all,
                Some(1) => draft.config.address = all.without_titles(),
                Some(_) => draft.config.address = CalledAddress::any(),
                None => {}
            }
        },
    },
    Opt {
        group: "association",
        key: "establish-timeout",
        what: "time in which a connection has to become an association",
        takes: Takes::Time,
        set: set!(
            |draft, node, cx| draft.config.establish_timeout,
            time(node, cx)
        ),
    },
    Opt {
        group: "association",
        key: "lost-after",
        what: "time after which a silent, broken link counts as lost (PIXIT As2, As3), or never",
        takes: Takes::TimeOrNever,
        set: set!(
            |draft, node, cx| draft.config.link_loss_timeout,
            if node.text() == Some("never") {
                Some(None)
            } else {
                time(node, cx).map(Some)
            }
        ),
    },
    Opt {
        group: "association",
        key: "restart-time",
        what: "time without service after a power cycle (PIXIT As6)",
        takes: Takes::Time,
        set: set!(|draft, node, cx| draft.config.restart_time, time(node, cx)),
    },
    Opt {
        group: "identity",
        key: "vendor",
        what: "vendor that Identify answers",
        takes: Takes::Text,
        set: set!(
            |draft, node, cx| draft.config.identity.vendor,
            String::from_node(node, cx)
        ),
    },
    Opt {
        group: "identity",
        key: "model",
        what: "model that Identify answers",
        takes: Takes::Text,
        set: set!(
            |draft, node, cx| draft.config.identity.model,
            String::from_node(node, cx)
        ),
    },
    Opt {
        group: "identity",
        key: "revision",
        what: "revision that Identify answers",
        takes: Takes::Text,
        set: set!(
            |draft, node, cx| draft.config.identity.revision,
            String::from_node(node, cx)
        ),
    },
    Opt {
        group: "data-sets",
        key: "max-persistent",
        what: "persistent data sets that clients may make in a logical device (where the file has no DynDataSet)",
        takes: Takes::Number(1, 10_000),
        set: set!(
            |draft, node, cx| draft.config.data_sets.max_persistent,
            size(node, cx, 10_000)
        ),
    },
    Opt {
        group: "data-sets",
        key: "max-of-association",
        what: "data sets of one association",
        takes: Takes::Number(1, 10_000),
        set: set!(
            |draft, node, cx| draft.config.data_sets.max_of_association,
            size(node, cx, 10_000)
        ),
    },
    Opt {
        group: "data-sets",
        key: "max-members",
        what: "members of a data set that a client makes",
        takes: Takes::Number(1, 10_000),
        set: set!(
            |draft, node, cx| draft.config.data_sets.max_members,
            size(node, cx, 10_000)
        ),
    },
    Opt {
        group: "reports",
        key: "rpt-id",
        what: "who sets RptID: dyn (the client), fix or conf (nobody on line)",
        takes: Takes::Word(&["dyn", "fix", "conf"]),
        set: set!(|draft, node, cx| draft.settings.rpt_id, setting(node, cx)),
    },
    Opt {
        group: "reports",
        key: "dat-set",
        what: "who sets DatSet: dyn, fix or conf",
        takes: Takes::Word(&["dyn", "fix", "conf"]),
        set: set!(|draft, node, cx| draft.settings.dat_set, setting(node, cx)),
    },
    Opt {
        group: "reports",
        key: "opt-flds",
        what: "who sets OptFlds: dyn, fix or conf",
        takes: Takes::Word(&["dyn", "fix", "conf"]),
        set: set!(
            |draft, node, cx| draft.settings.opt_fields,
            setting(node, cx)
        ),
    },
    Opt {
        group: "reports",
        key: "buf-tm",
        what: "who sets BufTm: dyn, fix or conf",
        takes: Takes::Word(&["dyn", "fix", "conf"]),
        set: set!(|draft, node, cx| draft.settings.buf_time, setting(node, cx)),
    },
    Opt {
        group: "reports",
        key: "trg-ops",
        what: "who sets TrgOps: dyn, fix or conf",
        takes: Takes::Word(&["dyn", "fix", "conf"]),
        set: set!(|draft, node, cx| draft.settings.trg_ops, setting(node, cx)),
    },
    Opt {
        group: "reports",
        key: "intg-pd",
        what: "who sets IntgPd: dyn, fix or conf",
        takes: Takes::Word(&["dyn", "fix", "conf"]),
        set: set!(|draft, node, cx| draft.settings.intg_pd, setting(node, cx)),
    },
    Opt {
        group: "reports",
        key: "resv-tms",
        what: "whether buffered blocks have ResvTms",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.settings.resv_tms,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "reports",
        key: "owner",
        what: "whether blocks have Owner",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.settings.owner,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "reports",
        key: "implicit-reservation",
        what: "whether writing to a free block reserves it: true, false [default: before Edition 2.1]",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.config.reports.implicit_reservation,
            bool::from_node(node, cx).map(Some)
        ),
    },
    Opt {
        group: "reports",
        key: "implicit-resv-tms",
        what: "ResvTms in seconds of a buffered block that was reserved without writing it",
        takes: Takes::Number(0, 32_767),
        set: set!(
            |draft, node, cx| draft.config.reports.implicit_resv_tms,
            number(node, cx, 0..=32_767).and_then(|number| u16::try_from(number).ok())
        ),
    },
    Opt {
        group: "reports",
        key: "analogue-buf-tm",
        what: "a second value of a measurand within BufTm (PIXIT Rp4): send or replace",
        takes: Takes::Word(&["send", "replace"]),
        set: set!(
            |draft, node, cx| draft.config.reports.analogue_buf_tm,
            word(
                node,
                cx,
                "behaviour",
                &[
                    ("send", AnalogueBufTm::Send),
                    ("replace", AnalogueBufTm::Replace)
                ]
            )
        ),
    },
    Opt {
        group: "reports",
        key: "resync",
        what: "where a buffered block begins when no EntryID was written: from-oldest or from-first-unsent",
        takes: Takes::Word(&["from-oldest", "from-first-unsent"]),
        set: set!(
            |draft, node, cx| draft.config.reports.resync,
            word(
                node,
                cx,
                "policy",
                &[
                    ("from-oldest", ResyncPolicy::FromOldest),
                    ("from-first-unsent", ResyncPolicy::FromFirstUnsent)
                ]
            )
        ),
    },
    Opt {
        group: "reports",
        key: "buffer-entries",
        what: "entries that a buffered block keeps (PIXIT Br1)",
        takes: Takes::Number(1, 1_000_000),
        set: set!(
            |draft, node, cx| draft.config.reports.buffer_entries,
            size(node, cx, 1_000_000)
        ),
    },
    Opt {
        group: "reports",
        key: "buffer-octets",
        what: "octets that the entries of a buffered block take together (PIXIT Br1)",
        takes: Takes::Number(1, 1 << 30),
        set: set!(
            |draft, node, cx| draft.config.reports.buffer_octets,
            size(node, cx, 1 << 30)
        ),
    },
    Opt {
        group: "reports",
        key: "min-intg-pd",
        what: "smallest integrity period, beside 0, in milliseconds",
        takes: Takes::Number(1, 3_600_000),
        set: set!(
            |draft, node, cx| draft.config.reports.min_integrity_ms,
            number(node, cx, 1..=3_600_000)
        ),
    },
    Opt {
        group: "publishers",
        key: "goose-enabled",
        what: "whether GOOSE control blocks are enabled at start, those that need no commissioning: true, false",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.config.publishers.goose_enabled,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "publishers",
        key: "sv-enabled",
        what: "whether control blocks of multicast sampled values are enabled at start: true, false",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.config.publishers.sv_enabled,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "control",
        key: "sbo-timeout",
        what: "time for which an object stays selected, where the model has no sboTimeout",
        takes: Takes::Time,
        set: set!(
            |draft, node, cx| draft.config.control.sbo_timeout,
            time(node, cx)
        ),
    },
    Opt {
        group: "control",
        key: "oper-timeout",
        what: "time in which the status has to follow, where the model has no operTimeout",
        takes: Takes::Time,
        set: set!(
            |draft, node, cx| draft.config.control.oper_timeout,
            time(node, cx)
        ),
    },
    Opt {
        group: "control",
        key: "switching-time",
        what: "time that the process takes to move, with enhanced security",
        takes: Takes::Time,
        set: set!(
            |draft, node, cx| draft.config.control.switching_time,
            time(node, cx)
        ),
    },
    Opt {
        group: "control",
        key: "last-appl-error",
        what: "whether LastApplError is also sent for normal security (PIXIT Ct21)",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.config.control.last_appl_error_with_normal_security,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "control",
        key: "refuse-position-reached",
        what: "whether an Operate to the position that is reached is refused (PIXIT Ct15)",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.config.control.refuse_position_reached,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "control",
        key: "dynamic-model",
        what: "whether clients may change ctlModel to another model that the object has the services of (PIXIT Ct2)",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.config.control.dynamic_model,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "control",
        key: "switch-follows",
        what: "whether circuit breakers and switches follow the CSWI of their instance number",
        takes: Takes::Switch,
        set: set!(
            |draft, node, cx| draft.config.control.switch_follows,
            bool::from_node(node, cx)
        ),
    },
    Opt {
        group: "time",
        key: "poll",
        what: "time between requests to the time servers (`--time-server`)",
        takes: Takes::Time,
        set: set!(|draft, node, cx| draft.config.time.poll, time(node, cx)),
    },
    Opt {
        group: "time",
        key: "answer-within",
        what: "time after which the next time server is asked",
        takes: Takes::Time,
        set: set!(
            |draft, node, cx| draft.config.time.answer_within,
            time(node, cx)
        ),
    },
    Opt {
        group: "time",
        key: "not-synchronized-after",
        what: "time without an answer after which ClockNotSynchronized is TRUE (PIXIT Tm4)",
        takes: Takes::Time,
        set: set!(
            |draft, node, cx| draft.config.time.not_synchronized_after,
            time(node, cx)
        ),
    },
    Opt {
        group: "time",
        key: "step-above",
        what: "error of the clock that is made good at once; a smaller one little by little",
        takes: Takes::Time,
        set: set!(
            |draft, node, cx| draft.config.time.step_above,
            time(node, cx)
        ),
    },
    Opt {
        group: "time",
        key: "accuracy",
        what: "significant bits of the fraction that time stamps claim; 31 claims nothing",
        takes: Takes::Number(0, 31),
        set: set!(
            |draft, node, cx| draft.config.time.accuracy,
            number(node, cx, 0..=31).and_then(|number| u8::try_from(number).ok())
        ),
    },
    Opt {
        group: "time",
        key: "version",
        what: "version of SNTP in requests, which answers have to have",
        takes: Takes::Number(1, 4),
        set: set!(
            |draft, node, cx| draft.config.time.version,
            number(node, cx, 1..=4).and_then(|number| u8::try_from(number).ok())
        ),
    },
];
