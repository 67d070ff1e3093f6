//! A model browsed from a server that serves a description is the description again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use iedassay_model::{
    browse::{Browsed, BrowsedDataSet, BrowsedDomain, build},
    diff::{Difference, diff},
    scl,
    tree::{NodeKind, ServerModel},
};
use iedassay_wire::mms::TypeSpecification;

/// What a server of this model would tell, with the types of everything for which `typed` holds.
fn tell(model: &ServerModel, typed: impl Fn(NodeKind) -> bool) -> Browsed {
    let domains = model.logical_devices().iter().map(|device| {
        let mut domain = BrowsedDomain {
            name: device.name.clone(),
            ..BrowsedDomain::default()
        };
        for node in model
            .variables()
            .filter(|node| node.domain() == device.name)
        {
            domain.variables.push(node.item().to_owned());
            if typed(node.kind()) {
                domain
                    .types
                    .push((node.item().to_owned(), node.type_spec()));
            }
            if node.block().is_some_and(|(block, _)| block == node) || node.item().contains("$CF$")
            {
                domain
                    .values
                    .push((node.item().to_owned(), node.default_data()));
            }
        }
        domain.variables.sort();
        for at in model.data_sets().filter(|at| at.ld.name == device.name) {
            domain.data_sets.push(BrowsedDataSet {
                item: format!("{}${}", at.ln.name, at.data_set.name),
                deletable: false,
                members: at
                    .data_set
                    .members
                    .iter()
                    .map(|member| (member.ld.clone(), member.mms_item()))
                    .collect(),
            });
        }
        for ln in &device.logical_nodes {
            domain
                .journals
                .extend(ln.logs.iter().map(|log| format!("{}${log}", ln.name)));
        }
        domain
    });
    Browsed {
        ied_name: None,
        domains: domains.collect(),
    }
}

#[test]
fn a_browsed_model_is_the_described_one() {
    let model = scl::builtin().unwrap().model;
    let built = build(&tell(&model, |kind| kind == NodeKind::LogicalNode)).unwrap();
    assert_eq!(built.notes, Vec::<String>::new());
    assert_eq!(built.model.ied_name, "ASSAY");
    let told: Vec<_> = diff(&model, &built.model)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told, Vec::<String>::new());
    for node in model.variables() {
        let live = built.model.resolve(node.domain(), node.item()).unwrap();
        assert_eq!(live.type_spec(), node.type_spec(), "{node:?}");
        if node.kind() == NodeKind::DataObject && node.item().contains("$ST$") {
            assert_eq!(
                (live.cdc(), live.kind()),
                (node.cdc(), node.kind()),
                "{node:?}"
            );
        }
    }
    let rcb = built
        .model
        .report_controls()
        .find(|at| at.block.name == "urcbStatus02")
        .unwrap();
    assert_eq!(
        (rcb.block.base_name.as_str(), rcb.block.instance),
        ("urcbStatus", Some(2))
    );
    assert_eq!(rcb.block.rpt_id.as_deref(), Some("ASSAY/status"));
    let model_node = built
        .model
        .resolve("ASSAYCTRL", "GGIO1$CF$SPCSO4$ctlModel")
        .unwrap();
    assert_eq!(model_node.initial(), Some("sbo-with-enhanced-security"));
}

#[test]
fn types_of_constraints_or_of_leaves_do_as_well() {
    let model = scl::builtin().unwrap().model;
    let constraint = |kind| kind == NodeKind::Constraint;
    let small = |kind| matches!(kind, NodeKind::Attribute | NodeKind::BlockAttribute);
    for told in [tell(&model, constraint), tell(&model, small)] {
        let built = build(&told).unwrap();
        // Without the type of what is above, components stand in the order of the name list, which is sorted.
        let told: Vec<_> = diff(&model, &built.model)
            .into_iter()
            .filter(|difference| !matches!(difference, Difference::Order { .. }))
            .map(|difference| difference.to_string())
            .collect();
        assert_eq!(told, Vec::<String>::new());
    }
}

#[test]
fn names_alone_give_a_tree_of_unknown_types() {
    let model = scl::builtin().unwrap().model;
    let built = build(&tell(&model, |_| false)).unwrap();
    for node in model
        .variables()
        .filter(|node| !node.item().starts_with("MHAI1"))
    {
        assert!(
            built.model.resolve(node.domain(), node.item()).is_some(),
            "{node:?}"
        );
    }
}

#[test]
fn odd_servers_are_understood_as_far_as_they_go() {
    let odd = Browsed {
        ied_name: None,
        domains: vec![BrowsedDomain {
            name: "X".into(),
            variables: [
                "",
                "$",
                "A$B$C",
                "LLN0$XX$a",
                "LLN0$BR$b",
                "LLN0$ST",
                "Ä$ST$x$y",
            ]
            .map(str::to_owned)
            .to_vec(),
            data_sets: vec![BrowsedDataSet {
                item: "nowhere".into(),
                deletable: true,
                members: vec![(String::new(), "$$".into())],
            }],
            journals: vec!["log".into(), "A$B".into(), "C$D".into()],
            types: vec![
                ("LLN0$ST".into(), TypeSpecification::Boolean),
                ("Q".into(), TypeSpecification::UtcTime),
            ],
            values: Vec::new(),
        }],
    };
    let built = build(&odd).unwrap();
    assert!(!built.notes.is_empty());
    assert!(built.model.resolve("X", "LLN0$BR$b").is_some());
}
