//! What an IED says it can do (SCL `Services`).

/// Who may set an attribute of a control block (IEC 61850-6, tServiceSettingsEnum).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Setting {
    /// Fixed by the device; a write is refused.
    #[default]
    Fix,
    /// By configuration only; a write is refused.
    Conf,
    /// By the client while the block is disabled.
    Dyn,
}

impl Setting {
    /// `Fix`, `Conf` or `Dyn`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fix => "Fix",
            Self::Conf => "Conf",
            Self::Dyn => "Dyn",
        }
    }

    /// Whether a client may write it.
    #[must_use]
    pub const fn is_dynamic(self) -> bool {
        matches!(self, Self::Dyn)
    }
}

/// `ReportSettings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportSettings {
    /// Name of the block.
    pub cb_name: Setting,
    /// `DatSet`.
    pub dat_set: Setting,
    /// `RptID`.
    pub rpt_id: Setting,
    /// `OptFlds`.
    pub opt_fields: Setting,
    /// `BufTm`.
    pub buf_time: Setting,
    /// `TrgOps`.
    pub trg_ops: Setting,
    /// `IntgPd`.
    pub intg_pd: Setting,
    /// Whether buffered blocks have `ResvTms`.
    pub resv_tms: bool,
    /// Whether blocks have `Owner`.
    pub owner: bool,
}

impl Default for ReportSettings {
    /// What the schema says for an element without attributes: everything fixed.
    fn default() -> Self {
        Self {
            cb_name: Setting::Fix,
            dat_set: Setting::Fix,
            rpt_id: Setting::Fix,
            opt_fields: Setting::Fix,
            buf_time: Setting::Fix,
            trg_ops: Setting::Fix,
            intg_pd: Setting::Fix,
            resv_tms: false,
            owner: false,
        }
    }
}

impl ReportSettings {
    /// Everything by the client, with `ResvTms` and `Owner`: what a server without any claim is taken to allow.
    pub const ALL_DYNAMIC: Self = Self {
        cb_name: Setting::Fix,
        dat_set: Setting::Dyn,
        rpt_id: Setting::Dyn,
        opt_fields: Setting::Dyn,
        buf_time: Setting::Dyn,
        trg_ops: Setting::Dyn,
        intg_pd: Setting::Dyn,
        resv_tms: true,
        owner: true,
    };

    /// The setting of a block attribute by its MMS name; `None` for attributes that no setting governs.
    #[must_use]
    pub fn of(&self, attribute: &str) -> Option<Setting> {
        Some(match attribute {
            "DatSet" => self.dat_set,
            "RptID" => self.rpt_id,
            "OptFlds" => self.opt_fields,
            "BufTm" => self.buf_time,
            "TrgOps" => self.trg_ops,
            "IntgPd" => self.intg_pd,
            _ => return None,
        })
    }
}

/// `LogSettings`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// Name of the block.
    pub cb_name: Setting,
    /// `DatSet`.
    pub dat_set: Setting,
    /// `LogEna`.
    pub log_ena: Setting,
    /// `TrgOps`.
    pub trg_ops: Setting,
    /// `IntgPd`.
    pub intg_pd: Setting,
}

/// Limits on data sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DataSetLimits {
    /// How many data sets.
    pub max: Option<u32>,
    /// How many members each.
    pub max_attributes: Option<u32>,
    /// Whether preconfigured data sets may be changed (`ConfDataSet modify`).
    pub modify: bool,
}

/// `FileHandling`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHandling {
    /// Files over MMS.
    pub mms: bool,
    /// Files over FTP.
    pub ftp: bool,
    /// Files over FTPS.
    pub ftps: bool,
}

/// `ClientServices`: what the IED does as a client or subscriber.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientServices {
    /// Subscribes GOOSE.
    pub goose: bool,
    /// Subscribes sampled values.
    pub sv: bool,
    /// Takes unbuffered reports.
    pub unbuf_report: bool,
    /// Takes buffered reports.
    pub buf_report: bool,
    /// Reads logs.
    pub read_log: bool,
    /// Handles setting groups.
    pub setting_group: bool,
    /// Understands names of logical devices that are not made of IED name and instance.
    pub supports_ld_name: bool,
    /// Most attributes it takes from one server.
    pub max_attributes: Option<u32>,
    /// Most report control blocks it takes.
    pub max_reports: Option<u32>,
    /// Most GOOSE control blocks it subscribes.
    pub max_goose: Option<u32>,
    /// Most sampled value control blocks it subscribes.
    pub max_sv: Option<u32>,
}

/// `GSESettings`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GooseSettings {
    /// Name of the block.
    pub cb_name: Setting,
    /// `DatSet`.
    pub dat_set: Setting,
    /// `GoID`.
    pub app_id: Setting,
}

/// `SMVSettings`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SampledValueSettings {
    /// Name of the block.
    pub cb_name: Setting,
    /// `DatSet`.
    pub dat_set: Setting,
    /// `MsvID` or `UsvID`.
    pub sv_id: Setting,
    /// `OptFlds`.
    pub opt_fields: Setting,
    /// `SmpRate`.
    pub smp_rate: Setting,
}

/// `ConfLNs`: what of a logical node's name a tool must not change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConfLns {
    /// The prefix.
    pub fix_prefix: bool,
    /// The instance number.
    pub fix_ln_inst: bool,
}

/// `ConfReportControl bufMode`: which kinds of report control blocks can be configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportModes {
    /// Both kinds.
    #[default]
    Both,
    /// Unbuffered ones only.
    Unbuffered,
    /// Buffered ones only.
    Buffered,
}

/// `RedProt`: redundancy of the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Redundancy {
    /// HSR.
    pub hsr: bool,
    /// PRP.
    pub prp: bool,
    /// RSTP.
    pub rstp: bool,
}

/// `SettingGroups`: which of its services a server has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettingGroups {
    /// Editing of setting groups (`SGEdit`).
    pub edit: bool,
    /// `SGEdit resvTms`: the SGCB has `ResvTms`.
    pub resv_tms: bool,
    /// Configuration of setting groups (`ConfSG`).
    pub conf: bool,
}

/// What an IED claims (SCL `Services` of the IED, overridden by those of the access point).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Services {
    /// Whether the description has a `Services` element at all; without one nothing is claimed and nothing denied.
    pub stated: bool,
    /// `DynAssociation`.
    pub dyn_association: bool,
    /// `DynAssociation max`, or the associations the server offers.
    pub max_associations: Option<u32>,
    /// `GetDirectory`.
    pub get_directory: bool,
    /// `GetDataObjectDefinition`.
    pub get_data_object_definition: bool,
    /// `DataObjectDirectory`.
    pub data_object_directory: bool,
    /// `GetDataSetValue`.
    pub get_data_set_value: bool,
    /// `SetDataSetValue`.
    pub set_data_set_value: bool,
    /// `DataSetDirectory`.
    pub data_set_directory: bool,
    /// `ReadWrite`.
    pub read_write: bool,
    /// `GetCBValues`.
    pub get_cb_values: bool,
    /// `TimerActivatedControl`.
    pub timer_activated_control: bool,
    /// `DynDataSet`: data sets created by clients.
    pub dyn_data_set: Option<DataSetLimits>,
    /// `ConfDataSet`: data sets by configuration.
    pub conf_data_set: Option<DataSetLimits>,
    /// `ConfReportControl max`.
    pub conf_report_control: Option<u32>,
    /// `ConfReportControl maxBuf`.
    pub conf_report_control_buffered: Option<u32>,
    /// `ConfReportControl bufMode`.
    pub report_modes: ReportModes,
    /// `ConfLogControl max`.
    pub conf_log_control: Option<u32>,
    /// `ReportSettings`.
    pub report_settings: Option<ReportSettings>,
    /// `LogSettings`.
    pub log_settings: Option<LogSettings>,
    /// `SettingGroups`.
    pub setting_groups: Option<SettingGroups>,
    /// `GOOSE max`: published GOOSE control blocks.
    pub goose: Option<u32>,
    /// `SMVsc max`: published sampled value control blocks.
    pub sampled_values: Option<u32>,
    /// `GSSE max`: published GSSE control blocks (Edition 1).
    pub gsse: Option<u32>,
    /// `GSEDir`: directory services of GOOSE.
    pub goose_directory: bool,
    /// `GSESettings`.
    pub goose_settings: Option<GooseSettings>,
    /// `SMVSettings`.
    pub sampled_value_settings: Option<SampledValueSettings>,
    /// `ConfLNs`.
    pub conf_lns: Option<ConfLns>,
    /// `ConfLdName`: names of logical devices can be configured.
    pub conf_ld_name: bool,
    /// `ConfSigRef max`: input references that can be configured.
    pub conf_sig_ref: Option<u32>,
    /// `SupSubscription maxGo`: supervised GOOSE subscriptions.
    pub supervised_goose: Option<u32>,
    /// `SupSubscription maxSv`: supervised sampled value subscriptions.
    pub supervised_sampled_values: Option<u32>,
    /// `ValueHandling setToRO`: configured values can be made read-only.
    pub set_to_read_only: bool,
    /// `RedProt`.
    pub redundancy: Option<Redundancy>,
    /// `FileHandling`.
    pub file_handling: Option<FileHandling>,
    /// `ClientServices`.
    pub client_services: Option<ClientServices>,
    /// `nameLength`.
    pub name_length: Option<u32>,
    /// Names of all child elements, in order, so that nothing claimed gets lost.
    pub elements: Vec<String>,
}

impl Services {
    /// Whether an element of this name stands in the `Services` section.
    #[must_use]
    pub fn claims(&self, element: &str) -> bool {
        self.elements.iter().any(|name| name == element)
    }

    /// The report settings that hold: those stated, or everything dynamic when nothing is stated.
    #[must_use]
    pub fn effective_report_settings(&self) -> ReportSettings {
        match (self.report_settings, self.stated) {
            (Some(settings), _) => settings,
            (None, true) => ReportSettings::default(),
            (None, false) => ReportSettings::ALL_DYNAMIC,
        }
    }
}
