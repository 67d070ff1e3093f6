//! Control blocks as they are configured.

/// Trigger options of a control block (IEC 61850-7-2, TrgOps).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TrgOps {
    /// Data change.
    pub dchg: bool,
    /// Quality change.
    pub qchg: bool,
    /// Data update.
    pub dupd: bool,
    /// Integrity period.
    pub integrity: bool,
    /// General interrogation.
    pub gi: bool,
}

/// Optional fields of a report (IEC 61850-7-2, OptFlds).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OptFlds {
    /// Sequence number.
    pub seq_num: bool,
    /// Report time stamp.
    pub time_stamp: bool,
    /// Reason for inclusion.
    pub reason_code: bool,
    /// Data-set name.
    pub data_set: bool,
    /// Data reference of each member.
    pub data_ref: bool,
    /// Buffer overflow.
    pub buf_ovfl: bool,
    /// Entry identifier.
    pub entry_id: bool,
    /// Configuration revision.
    pub conf_rev: bool,
    /// Segmentation; set by the server in segmented reports.
    pub segmentation: bool,
}

/// One instance of a report control block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportControl {
    /// Name on the wire: with the two digits of the instance when indexed.
    pub name: String,
    /// Name as in SCL, without instance.
    pub base_name: String,
    /// Instance number, from 1; `None` when not indexed.
    pub instance: Option<u32>,
    /// Whether it buffers.
    pub buffered: bool,
    /// Configured report identifier; `None` or empty means the block's own reference.
    pub rpt_id: Option<String>,
    /// Data set, by name in the same logical node.
    pub dat_set: Option<String>,
    /// Configuration revision.
    pub conf_rev: u32,
    /// Trigger options.
    pub trg_ops: TrgOps,
    /// Optional fields.
    pub opt_flds: OptFlds,
    /// Buffer time in milliseconds.
    pub buf_tm: u32,
    /// Integrity period in milliseconds.
    pub intg_pd: u32,
    /// Whether the instance number is part of the name.
    pub indexed: bool,
    /// Number of instances configured (`RptEnabled max`).
    pub max: u32,
    /// Client for which this instance is reserved by configuration.
    pub client: Option<ClientReservation>,
    /// Whether the block has `ResvTms` (BRCB; from SCL services, or seen live).
    pub has_resv_tms: bool,
    /// Whether the block has `Owner`.
    pub has_owner: bool,
}

/// A client for which a block is pre-assigned (SCL `ClientLN`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientReservation {
    /// IED of the client.
    pub ied: String,
    /// Access point of the client.
    pub access_point: Option<String>,
    /// Logical node of the client: device instance and node name.
    pub logical_node: String,
}

/// A log control block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogControl {
    /// Name.
    pub name: String,
    /// Data set, by name in the same logical node.
    pub dat_set: Option<String>,
    /// Log as an MMS text, `LD/LN$log`.
    pub log_ref: String,
    /// Whether logging is on from the start.
    pub log_ena: bool,
    /// Whether entries carry the reason code.
    pub reason_code: bool,
    /// Trigger options.
    pub trg_ops: TrgOps,
    /// Integrity period in milliseconds.
    pub intg_pd: u32,
    /// Time in seconds for which the reason of a buffered entry is kept; SCL `bufTime`, 0 when absent.
    pub buf_tm: u32,
}

/// The setting group control block of a logical device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettingGroupControl {
    /// Number of setting groups.
    pub num_of_sgs: u32,
    /// Group active at start.
    pub act_sg: u32,
    /// Reservation time in seconds, when the block has `ResvTms`.
    pub resv_tms: Option<u32>,
}

/// A GOOSE control block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GooseControl {
    /// Name.
    pub name: String,
    /// GOOSE identifier (SCL `appID`).
    pub app_id: String,
    /// Data set, by name in the same logical node.
    pub dat_set: Option<String>,
    /// Configuration revision.
    pub conf_rev: u32,
    /// Whether values have a fixed offset in the message.
    pub fixed_offs: bool,
    /// Destination address.
    pub address: Option<MulticastAddress>,
    /// Smallest repetition time in milliseconds.
    pub min_time: Option<u32>,
    /// Largest repetition time in milliseconds.
    pub max_time: Option<u32>,
}

/// A sampled value control block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampledValueControl {
    /// Name.
    pub name: String,
    /// Sampled value identifier (SCL `smvID`).
    pub smv_id: String,
    /// Data set, by name in the same logical node.
    pub dat_set: Option<String>,
    /// Configuration revision.
    pub conf_rev: u32,
    /// Multicast, or unicast.
    pub multicast: bool,
    /// Sample rate.
    pub smp_rate: u32,
    /// Sample mode: 0 per period, 1 per second, 2 seconds per sample.
    pub smp_mod: u8,
    /// Number of ASDUs in a message.
    pub no_asdu: u32,
    /// Optional fields as a bit string: refreshTime, sampleSynchronized, sampleRate, dataSet, security.
    pub opt_flds: [bool; 5],
    /// Destination address.
    pub address: Option<MulticastAddress>,
}

/// A multicast destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MulticastAddress {
    /// MAC address.
    pub mac: [u8; 6],
    /// VLAN priority.
    pub priority: u8,
    /// VLAN identifier.
    pub vlan: u16,
    /// APPID of the Ethernet frame.
    pub app_id: u16,
}
