//! The `Services` section of an IED and of its access point.

use roxmltree::Node;

use super::xml::{Context, attr, children, shorten};
use crate::services::{
    ClientServices, DataSetLimits, FileHandling, LogSettings, ReportSettings, Services, Setting,
    SettingGroups,
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
            for element in section.children().filter(|node| node.is_element()) {
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
            });
        }
        _ => {}
    }
}

fn limits(context: &mut Context<'_, '_>, element: Node<'_, '_>) -> DataSetLimits {
    DataSetLimits {
        max: context.number(element, "max"),
        max_attributes: context.number(element, "maxAttributes"),
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
            );
            Setting::Fix
        }
    }
}
