use super::*;
use crate::Fc;
use crate::scl;
use crate::tree::{BType, Child};

const ALL: [Rule; 11] = [
    Rule::Mandatory,
    Rule::Conditional,
    Rule::Forbidden,
    Rule::Names,
    Rule::Constraints,
    Rule::Blocks,
    Rule::Types,
    Rule::Enumerations,
    Rule::Triggers,
    Rule::NameSpaces,
    Rule::References,
];

fn told(rule: Rule, model: &ServerModel) -> Vec<String> {
    judge(rule, model, None)
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The violations of a rule after a change of the built-in model, which has none.
fn after(rule: Rule, change: impl FnOnce(&mut LogicalNode)) -> Vec<String> {
    let mut model = scl::builtin().unwrap().model;
    model
        .edit(|devices| {
            let nodes = &mut devices[0].logical_nodes;
            change(nodes.iter_mut().find(|ln| ln.name == "GGIO1").unwrap());
        })
        .unwrap();
    told(rule, &model)
}

fn object<'a>(ln: &'a mut LogicalNode, name: &str) -> &'a mut DataObject {
    ln.data_objects
        .iter_mut()
        .find(|object| object.name == name)
        .unwrap()
}

fn attribute<'a>(ln: &'a mut LogicalNode, of: &str, name: &str) -> &'a mut DataAttribute {
    let children = object(ln, of).children.iter_mut();
    children
        .filter_map(|child| match child {
            Child::Attribute(attribute) => Some(attribute),
            Child::Object(_) => None,
        })
        .find(|attribute| attribute.name == name)
        .unwrap()
}

#[test]
fn the_built_in_model_breaks_no_rule() {
    let model = scl::builtin().unwrap().model;
    for rule in ALL {
        assert_eq!(told(rule, &model), Vec::<String>::new(), "{rule:?}");
    }
}

#[test]
fn each_rule_names_the_place_that_breaks_it() {
    let cases: Vec<(Rule, Vec<String>, &str)> = vec![
        (
            Rule::Mandatory,
            after(Rule::Mandatory, |ln| {
                object(ln, "Ind1").children.retain(|c| c.name() != "t")
            }),
            "ASSAYLD0/GGIO1.Ind1 lacks the mandatory t of SPS",
        ),
        (
            Rule::Mandatory,
            after(Rule::Mandatory, |ln| {
                ln.data_objects.retain(|o| o.name != "Beh")
            }),
            "ASSAYLD0/GGIO1 lacks the mandatory data object Beh of GGIO",
        ),
        (
            Rule::Names,
            after(Rule::Names, |ln| {
                object(ln, "Ind1").name = "IndicationOfNothing".into()
            }),
            "ASSAYLD0/GGIO1 the name IndicationOfNothing of a data object has 19 characters, and 12 are permitted",
        ),
        (
            Rule::Constraints,
            after(Rule::Constraints, |ln| {
                attribute(ln, "Ind1", "d").fc = Fc::CF
            }),
            "ASSAYLD0/GGIO1.Ind1.d stands under CF and not DC",
        ),
        (
            Rule::Types,
            after(Rule::Types, |ln| {
                attribute(ln, "Ind1", "q").btype = BType::BitString(16)
            }),
            "ASSAYLD0/GGIO1.Ind1.q is",
        ),
        (
            Rule::Types,
            after(Rule::Types, |ln| {
                attribute(ln, "Ind1", "stVal").btype = BType::Int8
            }),
            "ASSAYLD0/GGIO1.Ind1.stVal is INT8 and not BOOLEAN",
        ),
        (
            Rule::Blocks,
            after(Rule::Blocks, |ln| {
                ln.setting_group = Some(crate::tree::SettingGroupControl {
                    num_of_sgs: 2,
                    act_sg: 1,
                    resv_tms: None,
                })
            }),
            "ASSAYLD0/GGIO1 has a setting group control block, which only LLN0 has",
        ),
        (
            Rule::Triggers,
            after(Rule::Triggers, |ln| {
                attribute(ln, "Ind1", "q").triggers = Default::default()
            }),
            "ASSAYLD0/GGIO1.Ind1.q does not trigger qchg",
        ),
        (
            Rule::NameSpaces,
            after(Rule::NameSpaces, |ln| {
                ln.class = "GXYZ".into();
            }),
            "ASSAYLD0/GGIO1 has the class GXYZ, which is none of the standard, and no lnNs that says whose it is",
        ),
        (
            Rule::Conditional,
            after(Rule::Conditional, |ln| {
                let mut sub = DataAttribute::leaf("subEna", Fc::SV, BType::Boolean);
                sub.initial = Some("false".into());
                object(ln, "Ind1").children.push(Child::Attribute(sub));
            }),
            "ASSAYLD0/GGIO1.Ind1 can be substituted and lacks subQ",
        ),
        (
            Rule::Forbidden,
            after(Rule::Forbidden, |ln| {
                object(ln, "Ind1")
                    .children
                    .push(Child::Attribute(DataAttribute::leaf(
                        "SBO",
                        Fc::CO,
                        BType::VisString(129),
                    )));
            }),
            "ASSAYLD0/GGIO1.Ind1 is a SPS and has attributes of a control",
        ),
    ];
    for (rule, told, wanted) in cases {
        assert!(
            told.iter().any(|line| line.starts_with(wanted)),
            "{rule:?}: {told:?}"
        );
    }
}
