//! Which built-in cases cannot pass without a capability that no case names as what it needs.
//!
//! A case needs whole models (`M8`); what it shows on the way about their options and services stands here. Only a pass says
//! something: such a case may also fail for another reason.

/// Capabilities and the cases that show them.
const SHOWN: &[(&str, &[&str])] = &[
    ("M1", &["server/logical-devices"]),
    ("M2", &["server/logical-nodes"]),
    ("M3", &["server/data-objects"]),
    ("M7-1", &["brcb/sequence-numbers", "brcb/optional-fields"]),
    ("M7-2", &["brcb/time-of-entry", "brcb/optional-fields"]),
    ("M7-3", &["brcb/optional-fields"]),
    ("M7-4", &["brcb/optional-fields"]),
    ("M7-5", &["brcb/optional-fields"]),
    ("M7-6", &["brcb/buffer-overflow"]),
    (
        "M7-7",
        &["brcb/entry-id-attributes", "brcb/resynchronise-known"],
    ),
    ("M7-8", &["brcb/bundling-other-members"]),
    ("M7-9", &["brcb/integrity-buffered"]),
    ("M7-10", &["brcb/general-interrogation"]),
    ("M7-11", &["brcb/optional-fields"]),
    ("M8-1", &["urcb/sequence-numbers", "urcb/optional-fields"]),
    ("M8-2", &["urcb/time-of-entry", "urcb/optional-fields"]),
    ("M8-3", &["urcb/optional-fields"]),
    ("M8-4", &["urcb/optional-fields"]),
    ("M8-5", &["urcb/optional-fields"]),
    ("M8-6", &["urcb/bundling-other-members"]),
    ("M8-7", &["urcb/integrity-period"]),
    ("M8-8", &["urcb/general-interrogation"]),
    ("M8-9", &["urcb/optional-fields"]),
    ("M16", &["server/time-stamp-coding"]),
    ("S1", &["server/logical-devices"]),
    ("S2", &["association/associate-release"]),
    ("S3", &["association/associate-abort"]),
    ("S4", &["association/associate-release"]),
    ("S5", &["server/logical-nodes"]),
    ("S6", &["server/data-objects"]),
    ("S7", &["server/all-values-of-constraint"]),
    ("S8", &["server/all-values-of-constraint"]),
    ("S10", &["server/data-definitions"]),
    ("S11", &["server/data-definitions"]),
    ("S12", &["datasets/values-agree"]),
    ("S16", &["datasets/directory-and-values"]),
    ("S23", &["settings/control-block"]),
    ("S24", &["brcb/general-interrogation"]),
    ("S24-1", &["brcb/trigger-data-change"]),
    ("S24-2", &["brcb/trigger-quality-change"]),
    ("S24-3", &["brcb/trigger-data-update"]),
    ("S25", &["brcb/found-and-read"]),
    ("S26", &["brcb/configure-while-disabled"]),
    ("S27", &["urcb/general-interrogation"]),
    ("S27-1", &["urcb/trigger-data-change"]),
    ("S27-2", &["urcb/trigger-quality-change"]),
    ("S27-3", &["urcb/trigger-data-update"]),
    ("S28", &["urcb/found-and-read"]),
    ("S29", &["urcb/configure-while-disabled"]),
    ("S30", &["log/control-block"]),
    ("S51", &["sbo/select-operate"]),
    ("S52", &["sbo-enhanced/select-operate"]),
    ("S53", &["sbo/cancel", "sbo-enhanced/cancel"]),
    (
        "S54",
        &[
            "direct/operate",
            "sbo/select-operate",
            "direct-enhanced/operate",
            "sbo-enhanced/select-operate",
        ],
    ),
    (
        "S55",
        &["direct-enhanced/operate", "sbo-enhanced/select-operate"],
    ),
    ("S56", &["direct/time-activated", "sbo/time-activated"]),
    ("S60", &["files/directory"]),
    ("S61", &["files/directory"]),
    (
        "association/max",
        &["association/maximum-number", "interop/association-limit"],
    ),
    ("association/pdu-size", &["association/pdu-size-kept"]),
    (
        "mms/informationReport",
        &["urcb/general-interrogation", "brcb/general-interrogation"],
    ),
    ("mms/obtainFile", &["files/set-small"]),
];

/// The cases that show a capability, besides those that name it.
pub(super) fn shown_by(id: &str) -> impl Iterator<Item = &'static str> {
    let found = SHOWN.iter().find(|(known, _)| *known == id);
    found
        .into_iter()
        .flat_map(|(_, cases)| cases.iter().copied())
}

#[cfg(test)]
mod tests {
    use iedassay_engine::suite::load::load_embedded;
    use iedassay_model::capability;

    #[test]
    fn every_capability_and_every_case_exists() {
        let library = load_embedded().library;
        for (id, cases) in super::SHOWN {
            assert!(capability::find(id).is_some(), "{id}");
            for case in *cases {
                assert!(
                    library.cases().any(|(_, known)| known.id.value == *case),
                    "{id}: {case}"
                );
            }
        }
    }
}
