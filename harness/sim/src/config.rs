//! What a simulated IED is told before it starts.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use iedassay_model::tree::ServerModel;

use crate::FaultSet;

/// Everything that decides how a simulated IED behaves. [`SimConfig::new`] is a conformant IED with usual limits.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// What it serves.
    pub model: Arc<ServerModel>,
    /// Its deviations from the standard.
    pub faults: FaultSet,
    /// Time since 1970-01-01T00:00:00Z at the moment of [`Sim::new`](crate::Sim::new). From then on time is tokio's clock.
    pub epoch: Duration,
    /// Associations served at once.
    pub max_associations: usize,
    /// Largest MMS PDU in octets; what is proposed above it is negotiated down.
    pub max_pdu_size: u32,
    /// Smallest MMS PDU in octets that a client may propose; below it the Initiate is refused.
    pub min_pdu_size: u32,
    /// Requests outstanding, at either end.
    pub max_outstanding: u16,
    /// Depth of nested data.
    pub max_nesting: u8,
    /// The address that a client has to give.
    pub address: CalledAddress,
    /// Password that a client has to give in its AARQ.
    pub password: Option<Vec<u8>>,
    /// Time in which a new connection has to become an association.
    pub establish_timeout: Duration,
    /// Time after which a peer that takes no octets is dropped.
    pub write_timeout: Duration,
    /// Time after which a peer behind a broken link is dropped, as TCP keepalive would; `None` never.
    pub link_loss_timeout: Option<Duration>,
    /// Time without service after a power cycle.
    pub restart_time: Duration,
    /// What Identify answers.
    pub identity: Identity,
    /// Limits of data sets that clients define.
    pub data_sets: DataSetConfig,
    /// Behaviour of report control blocks where the standard leaves a choice.
    pub reports: ReportConfig,
    /// Control blocks of GOOSE and of sampled values.
    pub publishers: PublisherConfig,
    /// Behaviour of control where the standard leaves a choice.
    pub control: ControlConfig,
    /// Its clock, and how that follows time servers.
    pub time: TimeConfig,
    /// Files at start: full path with `/` and contents.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Octets that all files together may have.
    pub file_store_size: usize,
    /// Entries that a log keeps; a new one drops the oldest.
    pub log_capacity: usize,
    /// Clients known by name (SCL IED) and address, for blocks that are reserved by configuration. A client of a block whose
    /// IED is not listed here is not checked.
    pub known_clients: BTreeMap<String, IpAddr>,
}

impl SimConfig {
    /// A conformant IED. `epoch` is the time since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn new(model: Arc<ServerModel>, epoch: Duration) -> Self {
        let max_associations = model
            .services
            .max_associations
            .and_then(|max| usize::try_from(max).ok())
            .filter(|max| *max > 0)
            .unwrap_or(5);
        let address = CalledAddress::of(&model);
        Self {
            model,
            faults: FaultSet::none(),
            epoch,
            max_associations,
            max_pdu_size: 65_000,
            min_pdu_size: 128,
            max_outstanding: 10,
            max_nesting: 10,
            address,
            password: None,
            establish_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(20),
            link_loss_timeout: Some(Duration::from_secs(20)),
            restart_time: Duration::from_millis(500),
            identity: Identity::default(),
            data_sets: DataSetConfig::default(),
            reports: ReportConfig::default(),
            publishers: PublisherConfig::default(),
            control: ControlConfig::default(),
            time: TimeConfig::default(),
            files: default_files(),
            file_store_size: 10_000_000,
            log_capacity: 200,
            known_clients: BTreeMap::new(),
        }
    }
}

/// The address of the server and which parts of it are checked (PIXIT As5). A part that the client leaves out is not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledAddress {
    /// Transport selector.
    pub tsel: Option<Vec<u8>>,
    /// Session selector.
    pub ssel: Option<Vec<u8>>,
    /// Presentation selector.
    pub psel: Option<Vec<u8>>,
    /// Application process title, arcs.
    pub ap_title: Option<Vec<u64>>,
    /// Application entity qualifier.
    pub ae_qualifier: Option<i64>,
}

impl Default for CalledAddress {
    /// `0001`, `0001`, `00000001`, `1.1.1.999.1`, 12: what clients in the field send by default.
    fn default() -> Self {
        Self {
            tsel: Some(vec![0, 1]),
            ssel: Some(vec![0, 1]),
            psel: Some(vec![0, 0, 0, 1]),
            ap_title: Some(vec![1, 1, 1, 999, 1]),
            ae_qualifier: Some(12),
        }
    }
}

impl CalledAddress {
    /// What the description says, the usual values where it says nothing.
    #[must_use]
    pub fn of(model: &ServerModel) -> Self {
        let usual = Self::default();
        let Some(stated) = &model.address else {
            return usual;
        };
        let arcs = |arcs: &Vec<u32>| arcs.iter().map(|arc| u64::from(*arc)).collect();
        Self {
            tsel: stated.tsel.clone().or(usual.tsel),
            ssel: stated.ssel.clone().or(usual.ssel),
            psel: stated.psel.clone().or(usual.psel),
            ap_title: stated.ap_title.as_ref().map(arcs).or(usual.ap_title),
            ae_qualifier: stated.ae_qualifier.or(usual.ae_qualifier),
        }
    }

    /// Only the selectors are checked, not the titles: what most servers in the field do.
    #[must_use]
    pub fn without_titles(self) -> Self {
        Self {
            ap_title: None,
            ae_qualifier: None,
            ..self
        }
    }

    /// Checks nothing.
    #[must_use]
    pub const fn any() -> Self {
        Self {
            tsel: None,
            ssel: None,
            psel: None,
            ap_title: None,
            ae_qualifier: None,
        }
    }
}

/// What Identify answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Vendor name.
    pub vendor: String,
    /// Model name.
    pub model: String,
    /// Revision.
    pub revision: String,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            vendor: "iedassay".to_owned(),
            model: "simulated IED".to_owned(),
            revision: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Limits of data sets that clients define. What SCL `DynDataSet` says goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataSetConfig {
    /// Persistent data sets in a logical device, beside the configured ones.
    pub max_persistent: usize,
    /// Data sets of one association.
    pub max_of_association: usize,
    /// Members of a data set.
    pub max_members: usize,
}

impl Default for DataSetConfig {
    fn default() -> Self {
        Self {
            max_persistent: 20,
            max_of_association: 10,
            max_members: 200,
        }
    }
}

/// Behaviour of report control blocks where the standard leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportConfig {
    /// Entries that a buffered block keeps.
    pub buffer_entries: usize,
    /// Octets that the entries of a buffered block take together (PIXIT Br1). One entry is kept whatever its size.
    pub buffer_octets: usize,
    /// What a second value of a measurand within BufTm does (PIXIT Rp4).
    pub analogue_buf_tm: AnalogueBufTm,
    /// Where a buffered block begins when it is enabled and no EntryID has been written.
    pub resync: ResyncPolicy,
    /// Whether a write to a free block reserves it. None goes by the edition: from 2.1 on a client has to reserve first.
    pub implicit_reservation: Option<bool>,
    /// `ResvTms` in seconds when a buffered block is reserved without writing it.
    pub implicit_resv_tms: u16,
    /// Smallest integrity period in milliseconds, beside 0.
    pub min_integrity_ms: u32,
}

impl Default for ReportConfig {
    fn default() -> Self {
        Self {
            buffer_entries: 100,
            buffer_octets: 1024 * 1024,
            analogue_buf_tm: AnalogueBufTm::Send,
            resync: ResyncPolicy::FromOldest,
            implicit_reservation: None,
            implicit_resv_tms: 10,
            min_integrity_ms: 10,
        }
    }
}

/// What a second value of a measurand does while the first still waits for the end of BufTm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnalogueBufTm {
    /// As for a status: the report is sent at once and a new window opens.
    #[default]
    Send,
    /// It takes the place of the first, and the window stays.
    Replace,
}

/// Where a buffered block begins when it is enabled and no EntryID has been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResyncPolicy {
    /// At the oldest entry, with BufOvfl TRUE in the first report because entries may be missing or come twice.
    #[default]
    FromOldest,
    /// At the oldest entry that has not been sent.
    FromFirstUnsent,
}

/// Control blocks of GOOSE and of sampled values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublisherConfig {
    /// Whether GOOSE control blocks are enabled at start. One that needs commissioning is not.
    pub goose_enabled: bool,
    /// Whether control blocks of multicast sampled values are enabled at start. Unicast waits for its client.
    pub sv_enabled: bool,
}

impl Default for PublisherConfig {
    fn default() -> Self {
        Self {
            goose_enabled: true,
            sv_enabled: false,
        }
    }
}

/// Behaviour of control where the standard leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlConfig {
    /// Whether LastApplError is also sent for normal security (PIXIT Ct21).
    pub last_appl_error_with_normal_security: bool,
    /// Whether an Operate to the position that is reached already is refused (PIXIT Ct15), for single and double points.
    pub refuse_position_reached: bool,
    /// Whether clients may change the control model of an object to another one that it has the services of (PIXIT Ct2).
    pub dynamic_model: bool,
    /// Time for which an object stays selected when the model has no `sboTimeout`.
    pub sbo_timeout: Duration,
    /// Time in which the new status has to come when the model has no `operTimeout`, with enhanced security.
    pub oper_timeout: Duration,
    /// Time that the process takes to move, with enhanced security; with normal security it moves at once.
    pub switching_time: Duration,
    /// Whether the position of the circuit breakers and switches of a logical device follows that of its CSWI of the same
    /// instance number.
    pub switch_follows: bool,
}

impl Default for ControlConfig {
    fn default() -> Self {
        Self {
            last_appl_error_with_normal_security: true,
            refuse_position_reached: true,
            dynamic_model: true,
            sbo_timeout: Duration::from_secs(30),
            oper_timeout: Duration::from_secs(10),
            switching_time: Duration::from_millis(100),
            switch_follows: true,
        }
    }
}

/// The clock, and how it follows time servers by SNTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeConfig {
    /// Time servers that it asks, the first before the others. Without any the clock is right and nothing is said of its synchronisation.
    pub servers: usize,
    /// Time between requests.
    pub poll: Duration,
    /// How long an answer is awaited before the next server is asked; at most so long that all can be asked within `poll`.
    pub answer_within: Duration,
    /// Time after the last answer at which ClockNotSynchronized becomes TRUE (PIXIT Tm4).
    pub not_synchronized_after: Duration,
    /// An error above this is made good at once, a smaller one evenly until the next request.
    pub step_above: Duration,
    /// Significant bits of the fraction that time stamps claim (PICS T2).
    pub accuracy: u8,
    /// Version of SNTP in requests, which answers have to have.
    pub version: u8,
}

impl Default for TimeConfig {
    fn default() -> Self {
        Self {
            servers: 0,
            poll: Duration::from_secs(16),
            answer_within: Duration::from_secs(1),
            not_synchronized_after: Duration::from_secs(60),
            step_above: Duration::from_millis(128),
            accuracy: 10,
            version: 4,
        }
    }
}

fn default_files() -> BTreeMap<String, Vec<u8>> {
    let pattern: Vec<u8> = (0u8..=255).cycle().take(100_000).collect();
    BTreeMap::from([
        (
            "COMTRADE/fault1.cfg".to_owned(),
            b"iedassay,1,1999\r\n2,1A,1D\r\n".to_vec(),
        ),
        ("COMTRADE/fault1.dat".to_owned(), pattern),
        (
            "readme.txt".to_owned(),
            b"Files of the simulated IED.\r\n".to_vec(),
        ),
    ])
}
