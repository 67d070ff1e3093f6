use std::collections::BTreeMap;

use super::*;
use crate::diagnostic::Sources;
use crate::suite::load::{Files, load};

struct Memory(BTreeMap<&'static str, String>);

impl Files for Memory {
    fn text(&self, name: &str) -> Result<String, String> {
        self.0
            .get(name)
            .cloned()
            .ok_or_else(|| "no such file".into())
    }
}

fn library(cases: &str) -> Library {
    let text = format!("suite: reporting/demo\ntitle: t\nblock: [\"5\"]\ncases:\n{cases}");
    let files = Memory(BTreeMap::from([("s.yaml", text)]));
    let loaded = load(&["s.yaml".to_owned()], &files);
    let shown: Vec<String> = loaded
        .diagnostics
        .iter()
        .map(|d| d.plain(&loaded.library.sources))
        .collect();
    assert!(!loaded.has_errors(), "{}", shown.join("\n"));
    loaded.library
}

fn target(more: &str) -> Target {
    let mut sources = Sources::new();
    let text = format!("target: t\naddress: 127.0.0.1\n{more}");
    let id = sources.add("t.yaml", text);
    match crate::target::load::load(&sources, id) {
        Ok((target, _)) => target,
        Err(d) => panic!(
            "{}",
            d.iter().map(|d| d.plain(&sources)).collect::<String>()
        ),
    }
}

fn model() -> ServerModel {
    iedassay_model::scl::minimal().unwrap().model
}

fn decisions(library: &Library, target: &Target, options: &PlanOptions) -> Vec<String> {
    decisions_on(&model(), library, target, options)
}

fn decisions_on(
    model: &ServerModel,
    library: &Library,
    target: &Target,
    options: &PlanOptions,
) -> Vec<String> {
    plan(library, target, model, options)
        .cases
        .iter()
        .map(|c| match &c.decision {
            Decision::Run { .. } => format!("run {}", c.key()),
            Decision::Skip { kind, .. } => format!("{} {}", kind.as_str(), c.key()),
            Decision::Broken(e) => format!("broken {}: {e}", c.key()),
        })
        .collect()
}

const STATUS: &str = "  - id: a/status\n    title: t\n    for-each: {m: 'model.dataSets[0].members.filter(m, can(m, \"dchg\"))'}\n    steps: [{read: {ref: $m}}]\n";

#[test]
fn runs_once_for_every_element_and_names_it() {
    let target = target("process-side: 127.0.0.1:1\nstimuli: {default: {line: process-side}}\n");
    assert_eq!(
        decisions(&library(STATUS), &target, &PlanOptions::default()),
        [
            "run a/status[MINIMALLD0/GGIO1.Ind1[ST]]",
            "run a/status[MINIMALLD0/GGIO1.Ind2[ST]]"
        ]
    );
}

#[test]
fn tells_want_of_a_stimulus_from_want_of_the_object() {
    assert_eq!(
        decisions(&library(STATUS), &target(""), &PlanOptions::default()),
        ["no-stimulus a/status"]
    );
    let absent = "  - id: a/x\n    title: t\n    for-each: {b: model.brcbs}\n    steps: [{read: {ref: $b}}]\n";
    assert_eq!(
        decisions(&library(absent), &target(""), &PlanOptions::default()),
        ["not-in-model a/x"]
    );
}

#[test]
fn each_reason_not_to_run_is_told() {
    let case = |id: &str, more: &str| {
        format!("  - id: a/{id}\n    title: t\n{more}    steps: [{{identify: {{}}}}]\n")
    };
    let cases = [
        case("edition", "    edition: ['1']\n"),
        case("claimed", "    needs: {capability: M8}\n"),
        case("denied", "    needs: {capability: M7}\n"),
        case("allow", "    needs: {allow: cut-power}\n"),
        case("pixit", "    needs: {pixit: As1}\n"),
        case("answered", "    needs: {pixit: As2}\n"),
        case("stimulus", "    needs: {stimulus: power}\n"),
        case("model", "    needs: {model: 'size(model.brcbs) > 0'}\n"),
        case("when", "    when: edition == '1'\n"),
        case("broken", "    when: pixit.As9 > 3\n"),
    ]
    .concat();
    let target = target("edition: '2'\npics: {M8: true, M7: false}\npixit: {As2: 10s}\n");
    assert_eq!(
        decisions(&library(&cases), &target, &PlanOptions::default()),
        [
            "edition a/edition",
            "run a/claimed",
            "not-claimed a/denied",
            "not-allowed a/allow",
            "no-answer a/pixit",
            "run a/answered",
            "no-stimulus a/stimulus",
            "not-in-model a/model",
            "not-applicable a/when",
            "broken a/broken: `pixit.As9 > 3`: there is no `As9` in it",
        ]
    );
}

#[test]
fn steps_need_their_permission_without_saying_so() {
    let case = "  - id: a/op\n    title: t\n    for-each: {c: 'model.controls.filter(c, c.ctlModel > 0)'}\n    steps: [{operate: {control: $c}}]\n";
    let library = library(case);
    assert_eq!(
        decisions(&library, &target(""), &PlanOptions::default()),
        ["not-allowed a/op"]
    );
    let other = target("allow: {operate: [NOT/THIS]}\n");
    assert_eq!(
        decisions(&library, &other, &PlanOptions::default()),
        ["not-allowed a/op"]
    );
    let allowed = target("allow: {operate: ['*']}\n");
    assert!(decisions(&library, &allowed, &PlanOptions::default())[0].starts_with("run a/op["));
}

#[test]
fn substituting_takes_a_permission_of_its_own() {
    let case = "  - id: a/sub\n    title: t\n    needs: {allow: substitute}\n    for-each: {e: \"model.leaves.filter(l, l.name == 'subEna')\"}\n    steps: [{write: {ref: $e, value: true}}]\n";
    let library = library(case);
    let model = iedassay_model::scl::builtin().unwrap().model;
    for (allow, decision) in [
        ("", "not-allowed a/sub"),
        ("allow: {write-data: true}\n", "not-allowed a/sub"),
        ("allow: {substitute: [NOT/THIS]}\n", "not-allowed a/sub"),
        (
            "allow: {substitute: [ASSAYLD0/GGIO2.Ind1]}\n",
            "run a/sub[ASSAYLD0/GGIO2.Ind1.subEna[SV]]",
        ),
    ] {
        let options = PlanOptions::default();
        let found = decisions_on(&model, &library, &target(allow), &options);
        assert_eq!(found, [decision], "{allow}");
    }
}

#[test]
fn policy_takes_the_first_or_a_sample() {
    let case = "  - id: a/n\n    title: t\n    for-each: {n: 'range(size(model.lds) * 0 + 10)'}\n    steps: [{identify: {}}]\n";
    let library = library(case);
    let plan_of = |more: &str, seed| {
        let options = PlanOptions {
            shuffle: seed,
            ..PlanOptions::default()
        };
        decisions(&library, &target(more), &options)
    };
    assert_eq!(plan_of("for-each: first\n", None), ["run a/n[0]"]);
    assert_eq!(
        plan_of("for-each: {sample: 3}\n", None),
        ["run a/n[0]", "run a/n[4]", "run a/n[9]"]
    );
    assert_eq!(plan_of("for-each: {sample: 3}\n", Some(7)).len(), 3);
    assert_eq!(plan_of("", Some(7)), plan_of("", Some(7)));
    assert_ne!(plan_of("", Some(7)), plan_of("", Some(8)));
}

#[test]
fn policy_leaves_out_nothing_that_a_case_lists_itself() {
    let case = "  - id: a/n\n    title: t\n    for-each: {how: \"['abort', 'reset']\", n: 'range(size(model.lds) * 0 + 10)'}\n    steps: [{identify: {}}]\n";
    let library = library(case);
    let plan_of = |more: &str| decisions(&library, &target(more), &PlanOptions::default());
    assert_eq!(
        plan_of("for-each: first\n"),
        ["run a/n[abort,0]", "run a/n[reset,0]"]
    );
    assert_eq!(
        plan_of("for-each: {sample: 2}\n"),
        [
            "run a/n[abort,0]",
            "run a/n[abort,9]",
            "run a/n[reset,0]",
            "run a/n[reset,9]"
        ]
    );
}

#[test]
fn several_variables_nest_and_see_each_other() {
    let case = "  - id: a/n\n    title: t\n    for-each: {n: '[1, 2]', m: 'range(n)'}\n    steps: [{identify: {}}]\n";
    assert_eq!(
        decisions(&library(case), &target(""), &PlanOptions::default()),
        ["run a/n[1,0]", "run a/n[2,0]", "run a/n[2,1]"]
    );
}

#[test]
fn filters_select_by_id_and_label() {
    let cases = "  - id: a/one\n    title: t\n    tags: [slow]\n    uca: {sRp2: high}\n    steps: [{identify: {}}]\n  - id: a/two\n    title: t\n    kind: negative\n    for-each: {n: range(2)}\n    steps: [{identify: {}}]\n";
    let library = library(cases);
    let run = |filters: &[&str]| {
        let options = PlanOptions {
            filters: filters.iter().map(|f| Filter::parse(f).unwrap()).collect(),
            ..PlanOptions::default()
        };
        let all = decisions(&library, &target(""), &options);
        all.into_iter()
            .filter_map(|d| d.strip_prefix("run ").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let both = ["a/one", "a/two[0]", "a/two[1]"];
    assert_eq!(run(&["a/*"]), both);
    assert_eq!(run(&["reporting"]), both);
    assert_eq!(run(&["block:5"]), both);
    assert_eq!(run(&["sRp2"]), ["a/one"]);
    assert_eq!(run(&["tag:slow", "kind:negative"]), both);
    assert_eq!(run(&["not tag:slow"]), ["a/two[0]", "a/two[1]"]);
    assert_eq!(run(&["a/two[1]"]), ["a/two[1]"]);
    assert_eq!(run(&["a/* and not a/two[1]"]), ["a/one", "a/two[0]"]);
    assert_eq!(
        run(&["uca:sRp* or (kind:negative and not a/two*)"]),
        ["a/one"]
    );
    assert!(run(&["nothing"]).is_empty());
}

#[test]
fn a_filter_that_fits_nothing_is_named() {
    let library = library("  - id: a/one\n    title: t\n    steps: [{identify: {}}]\n");
    let options = PlanOptions {
        filters: vec![
            Filter::parse("a/one").unwrap(),
            Filter::parse("a/onne").unwrap(),
        ],
        ..PlanOptions::default()
    };
    let plan = plan(&library, &target(""), &model(), &options);
    assert_eq!((plan.known, plan.selected), (1, 1));
    assert_eq!(plan.idle_filters, ["a/onne"]);
}

#[test]
fn filters_that_cannot_be_read_say_why() {
    for (text, message) in [
        ("tg:x", "unknown label `tg:`; did you mean `tag:`?"),
        ("(a", "a `)` is missing"),
        ("a and", "a word is missing at the end"),
        ("a b", "did not expect `b`"),
        ("tag:", "nothing stands after `tag:`"),
    ] {
        assert_eq!(Filter::parse(text).unwrap_err().message, message, "{text}");
    }
}
