//! The catalogue of capabilities: what a PICS speaks about, by stable ids, and how each shows in MMS and in a model.

mod described;
mod items;

use iedassay_wire::mms::{Parameter, ParameterSupport, Service, ServiceSupport};

/// The tables of a PICS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CapabilityKind {
    /// Roles and mappings (`B11`).
    Basic,
    /// ACSI models (`M7`, and their options `M7-1`).
    Model,
    /// ACSI services (`S14`).
    Service,
    /// Time (`T1`).
    Time,
    /// Application and transport profiles (`A1`, `TP1`).
    Profile,
    /// MMS services (`mms/read`).
    MmsService,
    /// MMS parameter conformance building blocks (`cbb/vlis`).
    ParameterCbb,
    /// Sizes and counts of an association (`association/max`).
    Association,
}

/// What the standard asks of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Requirement {
    /// Every server has it.
    Mandatory,
    /// A server may have it.
    Optional,
    /// A server has it under a condition.
    Conditional(&'static str),
    /// A server states a value.
    Declared,
    /// Dropped since; a server may still have it.
    Deprecated,
    /// Part of MMS that IEC 61850-8-1 has no use for.
    Unused,
    /// No server has it.
    Absent,
}

/// One capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// Stable id.
    pub id: &'static str,
    /// Name in words.
    pub name: &'static str,
    /// Table that it stands in.
    pub kind: CapabilityKind,
    /// What the standard asks of a server.
    pub requirement: Requirement,
    /// MMS services that it needs, all of them.
    pub services: &'static [Service],
    /// Parameter conformance building blocks that it needs, all of them.
    pub parameters: &'static [Parameter],
}

impl Capability {
    /// Whether an Initiate-Response announces what it needs; `None` when nothing there speaks about it.
    ///
    /// For anything but MMS services and parameters a yes only says that it is possible.
    #[must_use]
    pub fn announced(
        &self,
        services: &ServiceSupport,
        parameters: &ParameterSupport,
    ) -> Option<bool> {
        if self.services.is_empty() && self.parameters.is_empty() {
            return None;
        }
        let all_services = self
            .services
            .iter()
            .all(|service| services.contains(*service));
        let all_parameters = self
            .parameters
            .iter()
            .all(|parameter| parameters.contains(*parameter));
        Some(all_services && all_parameters)
    }
}

impl Capability {
    /// The capability that this one is a part of: the model of a service that every server with that model has (`M10` of `S32`), what
    /// an option belongs to (`M7` of `M7-3`).
    #[must_use]
    pub fn part_of(&self) -> Option<&'static str> {
        let whole = match self.requirement {
            Requirement::Conditional(condition) => condition.strip_prefix("with "),
            _ => None,
        };
        let whole = whole.or_else(|| Some(self.id.split_once('-')?.0))?;
        find(whole).map(|whole| whole.id)
    }
}

/// Every capability, table by table.
#[must_use]
pub fn all() -> &'static [Capability] {
    items::ALL
}

/// The capability of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Capability> {
    items::ALL.iter().find(|capability| capability.id == id)
}

/// The id nearest to a text that is none.
#[must_use]
pub fn nearest(id: &str) -> Option<&'static str> {
    crate::nearest::nearest(id, items::ALL.iter().map(|capability| capability.id))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_service_is_part_of_the_model_that_it_comes_with() {
        let whole = |id: &str| find(id).and_then(Capability::part_of);
        assert_eq!(whole("S32"), Some("M10"));
        assert_eq!(whole("S57"), Some("M17"));
        assert_eq!(whole("M7-10"), Some("M7"));
        assert_eq!(whole("S27-2"), Some("S27"));
        assert_eq!(whole("M12"), None, "with one of two");
        assert_eq!(whole("S9"), None);
    }

    #[test]
    fn ids_are_unique_and_found() {
        let ids: HashSet<_> = all().iter().map(|capability| capability.id).collect();
        assert_eq!(ids.len(), all().len());
        for capability in all() {
            assert_eq!(find(capability.id), Some(capability));
        }
        assert_eq!(find("M99"), None);
        assert_eq!(nearest("mms/raed"), Some("mms/read"));
    }

    #[test]
    fn every_condition_names_an_item_that_exists() {
        for capability in all() {
            if let Requirement::Conditional(condition) = capability.requirement {
                let items = condition.split([' ', ',']).filter(|word| {
                    word.starts_with(['B', 'M', 'S'])
                        && word.get(1..).is_some_and(|rest| rest.parse::<u8>().is_ok())
                });
                for id in items {
                    assert!(find(id).is_some(), "{}: {condition}", capability.id);
                }
            }
        }
    }

    #[test]
    fn what_is_announced_follows_the_bits() {
        let services = ServiceSupport::of(&[Service::READ, Service::FILE_OPEN]);
        let parameters = ParameterSupport::of(&[Parameter::VNAM]);
        let announced = |id| find(id).unwrap().announced(&services, &parameters);
        assert_eq!(announced("mms/read"), Some(true));
        assert_eq!(announced("S57"), Some(false));
        assert_eq!(announced("S12"), Some(false));
        assert_eq!(announced("cbb/vnam"), Some(true));
        assert_eq!(announced("S2"), None);
    }
}
