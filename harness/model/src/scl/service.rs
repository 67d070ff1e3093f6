//! The `Services` section of an IED and of its access point.

use roxmltree::Node;

use super::xml::{Context, attr, children, elements, shorten};
use crate::services::{
    ClientServices, ConfLns, DataSetLimits, FileHandling, GooseSettings, LogSettings, Redundancy,
    ReportModes, ReportSettings, SampledValueSettings, Services, Setting, SettingGroups,
};

/// Reads the section of the IED, and over it that of the access point, which is the more exact.
pub(crate) fn read(
    context: &mut Context<'_, '_>,
    ied: Node<'_, '_>,
    point: Node<'_, '_>,
) -> Services {
    let mut services = Services::default();
    for owner in [ied, point] {
        for section in children(owner, "Services") {
            services.stated = true;
            services.name_length = context
                .number(section, "nameLength")
                .or(services.name_length);
            for element in elements(section) {
                element_of(context, element, &mut services);
            }
        }
    }
    services
}

fn element_of(context: &mut Context<'_, '_>, element: Node<'_, '_>, services: &mut Services) {
    let name = element.tag_name().name();
    if !services.claims(name) {
        services.elements.push(name.to_owned());
    }
    match name {
        "DynAssociation" => {
            services.dyn_association = true;
            services.max_associations =
                context.number(element, "max").or(services.max_associations);
        }
        "GetDirectory" => services.get_directory = true,
        "GetDataObjectDefinition" => services.get_data_object_definition = true,
        "DataObjectDirectory" => services.data_object_directory = true,
        "GetDataSetValue" => services.get_data_set_value = true,
        "SetDataSetValue" => services.set_data_set_value = true,
        "DataSetDirectory" => services.data_set_directory = true,
        "ReadWrite" => services.read_write = true,
        "GetCBValues" => services.get_cb_values = true,
        "TimerActivatedControl" => services.timer_activated_control = true,
        "DynDataSet" => services.dyn_data_set = Some(limits(context, element)),
        "ConfDataSet" => services.conf_data_set = Some(limits(context, element)),
        "ConfReportControl" => {
            services.conf_report_control = context.number(element, "max");
            services.conf_report_control_buffered = context.number(element, "maxBuf");
            services.report_modes = match attr(element, "bufMode").map(str::trim) {
                Some("unbuffered") => ReportModes::Unbuffered,
                Some("buffered") => ReportModes::Buffered,
                _ => ReportModes::Both,
            };
        }
        "ConfLogControl" => services.conf_log_control = context.number(element, "max"),
        "ReportSettings" => {
            services.report_settings = Some(ReportSettings {
                cb_name: setting(context, element, "cbName"),
                dat_set: setting(context, element, "datSet"),
                rpt_id: setting(context, element, "rptID"),
                opt_fields: setting(context, element, "optFields"),
                buf_time: setting(context, element, "bufTime"),
                trg_ops: setting(context, element, "trgOps"),
                intg_pd: setting(context, element, "intgPd"),
                resv_tms: context.flag(element, "resvTms", false),
                owner: context.flag(element, "owner", false),
            });
        }
        "LogSettings" => {
            services.log_settings = Some(LogSettings {
                cb_name: setting(context, element, "cbName"),
                dat_set: setting(context, element, "datSet"),
                log_ena: setting(context, element, "logEna"),
                trg_ops: setting(context, element, "trgOps"),
                intg_pd: setting(context, element, "intgPd"),
            });
        }
        "SettingGroups" => {
            let edit = children(element, "SGEdit").next();
            services.setting_groups = Some(SettingGroups {
                edit: edit.is_some(),
                resv_tms: edit.is_some_and(|edit| context.flag(edit, "resvTms", false)),
                conf: children(element, "ConfSG").next().is_some(),
            });
        }
        "GSESettings" => {
            services.goose_settings = Some(GooseSettings {
                cb_name: setting(context, element, "cbName"),
                dat_set: setting(context, element, "datSet"),
                app_id: setting(context, element, "appID"),
            });
        }
        "SMVSettings" => {
            services.sampled_value_settings = Some(SampledValueSettings {
                cb_name: setting(context, element, "cbName"),
                dat_set: setting(context, element, "datSet"),
                sv_id: setting(context, element, "svID"),
                opt_fields: setting(context, element, "optFields"),
                smp_rate: setting(context, element, "smpRate"),
            });
        }
        "ConfLNs" => {
            services.conf_lns = Some(ConfLns {
                fix_prefix: context.flag(element, "fixPrefix", false),
                fix_ln_inst: context.flag(element, "fixLnInst", false),
            });
        }
        "ConfLdName" => services.conf_ld_name = true,
        "GSEDir" => services.goose_directory = true,
        "GSSE" => services.gsse = context.number(element, "max").or(Some(0)),
        "ConfSigRef" => services.conf_sig_ref = context.number(element, "max").or(Some(0)),
        "SupSubscription" => {
            services.supervised_goose = context.number(element, "maxGo");
            services.supervised_sampled_values = context.number(element, "maxSv");
        }
        "ValueHandling" => services.set_to_read_only = context.flag(element, "setToRO", false),
        "RedProt" => {
            services.redundancy = Some(Redundancy {
                hsr: context.flag(element, "hsr", false),
                prp: context.flag(element, "prp", false),
                rstp: context.flag(element, "rstp", false),
            });
        }
        "GOOSE" => services.goose = context.number(element, "max").or(Some(0)),
        "SMVsc" => services.sampled_values = context.number(element, "max").or(Some(0)),
        "FileHandling" => {
            services.file_handling = Some(FileHandling {
                mms: context.flag(element, "mms", true),
                ftp: context.flag(element, "ftp", false),
                ftps: context.flag(element, "ftps", false),
            });
        }
        "ClientServices" => {
            services.client_services = Some(ClientServices {
                goose: context.flag(element, "goose", false),
                sv: context.flag(element, "sv", false),
                unbuf_report: context.flag(element, "unbufReport", false),
                buf_report: context.flag(element, "bufReport", false),
                read_log: context.flag(element, "readLog", false),
                setting_group: context.flag(element, "settingGroup", false),
                supports_ld_name: context.flag(element, "supportsLdName", false),
                max_attributes: context.number(element, "maxAttributes"),
                max_reports: context.number(element, "maxReports"),
                max_goose: context.number(element, "maxGOOSE"),
                max_sv: context.number(element, "maxSMV"),
            });
        }
        _ => {}
    }
}

fn limits(context: &mut Context<'_, '_>, element: Node<'_, '_>) -> DataSetLimits {
    DataSetLimits {
        max: context.number(element, "max"),
        max_attributes: context.number(element, "maxAttributes"),
        modify: context.flag(element, "modify", true),
    }
}

fn setting(context: &mut Context<'_, '_>, element: Node<'_, '_>, name: &str) -> Setting {
    match attr(element, name).map(str::trim) {
        None | Some("Fix") => Setting::Fix,
        Some("Conf") => Setting::Conf,
        Some("Dyn") => Setting::Dyn,
        Some(text) => {
            context.warn(
                element,
                format!(
                    "`{name}=\"{}\"` is none of Fix, Conf, Dyn; taken as Fix",
                    shorten(text)
                ),
                "write Fix, Conf or Dyn",
            );
            Setting::Fix
        }
    }
}
