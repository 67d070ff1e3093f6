//! Bad and hostile SCL files: each gives its place and a remedy, none makes the reader panic or run away.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may panic"
)]

use core::fmt::Write as _;

use iedassay_model::scl::{self, MissingTypes, Options, SclErrorKind, TypeKind};
use proptest::prelude::*;

/// A file around the templates and the content of LN0.
fn file(ln0: &str, templates: &str) -> String {
    format!(
        "<SCL xmlns=\"http://www.iec.ch/61850/2003/SCL\" version=\"2007\" revision=\"B\">\n\
         <IED name=\"A\"><AccessPoint name=\"P\"><Server><LDevice inst=\"L\">\n\
         <LN0 lnClass=\"LLN0\" inst=\"\" lnType=\"t\">\n{ln0}</LN0></LDevice></Server></AccessPoint></IED>\n\
         <DataTypeTemplates>\n{templates}</DataTypeTemplates></SCL>"
    )
}

fn first_error(text: &str, ied: Option<&str>) -> (SclErrorKind, String) {
    let errors = scl::parse(text, ied).unwrap_err();
    let shown = errors.to_string();
    (errors.0.into_iter().next().unwrap().kind, shown)
}

#[test]
fn what_is_not_xml_is_told_with_its_place() {
    let (kind, shown) = first_error("<SCL>\n  <IED name=\"A\">\n</SCL>", None);
    assert!(matches!(kind, SclErrorKind::NotXml(_)));
    assert!(shown.starts_with("3:"), "{shown}");
    assert_eq!(first_error("", None).0, SclErrorKind::Empty);
    for text in ["hello", "\u{0}", "<", "PK\u{3}\u{4}"] {
        assert!(
            matches!(first_error(text, None).0, SclErrorKind::NotXml(_)),
            "{text:?}"
        );
    }
    let (kind, shown) = first_error("<html/>", None);
    assert_eq!(kind, SclErrorKind::NotScl("html".into()));
    assert!(shown.contains("root element is `html`"), "{shown}");
}

#[test]
fn a_wrong_name_is_told_with_those_that_exist() {
    let (kind, shown) = first_error(scl::BUILTIN, Some("ASAY"));
    assert!(matches!(kind, SclErrorKind::NoIed { .. }));
    assert!(
        shown.contains("no IED named `ASAY`: the file has `ASSAY` (did you mean `ASSAY`?)"),
        "{shown}"
    );
    let (_, shown) = first_error(scl::BUILTIN, Some("Feeder7"));
    assert!(
        shown.contains("name one of the IEDs that the file has"),
        "{shown}"
    );
}

#[test]
fn several_ieds_need_a_name_and_clients_have_no_server() {
    let two = "<SCL><IED name=\"A\"><AccessPoint name=\"P\"><Server/></AccessPoint></IED>\
               <IED name=\"B\"><AccessPoint name=\"P\"><Server/></AccessPoint></IED>\
               <IED name=\"C\"><AccessPoint name=\"P\"><LN lnClass=\"ITCI\" inst=\"1\" lnType=\"x\"/></AccessPoint></IED></SCL>";
    assert_eq!(
        first_error(two, None).0,
        SclErrorKind::SeveralIeds(vec!["A".into(), "B".into()])
    );
    assert!(scl::parse(two, Some("B")).is_ok());
    let (kind, shown) = first_error(two, Some("C"));
    assert!(matches!(kind, SclErrorKind::NoServer { .. }));
    assert!(
        shown.contains("the IED is a client or subscriber only"),
        "{shown}"
    );
    assert_eq!(first_error("<SCL/>", None).0, SclErrorKind::NoIedAtAll);
    assert!(matches!(
        scl::read(two, &scl::Options { ied: Some("A"), access_point: Some("Q"), ..scl::Options::default() }).unwrap_err().0[0].kind,
        SclErrorKind::NoServer { ref access_points, .. } if access_points == &["P"]
    ));
}

#[test]
fn all_missing_types_are_told_at_once() {
    let templates = "<LNodeType id=\"t\" lnClass=\"LLN0\">\n\
                     <DO name=\"Mod\" type=\"gone\"/>\n\
                     <DO name=\"Beh\" type=\"BehType\"/>\n</LNodeType>\n\
                     <DOType id=\"BehTyp\" cdc=\"ENS\"><DA name=\"x\" fc=\"ST\" bType=\"Struct\" type=\"away\"/></DOType>\n\
                     <DOType id=\"other\" cdc=\"ENS\"/>";
    let errors = scl::parse(&file("", templates), None).unwrap_err();
    let shown = errors.to_string();
    assert_eq!(errors.0.len(), 2, "{shown}");
    assert_eq!(errors.0[0].position.line, 7);
    assert!(
        shown.contains("there is no DOType `gone` (add the `DOType`"),
        "{shown}"
    );
    assert!(
        shown.contains("there is no DOType `BehType` (did you mean `BehTyp`?)"),
        "{shown}"
    );
    let (kind, _) = first_error(&file("", ""), None);
    assert!(matches!(
        kind,
        SclErrorKind::MissingType {
            kind: TypeKind::LNodeType,
            ..
        }
    ));
}

#[test]
fn types_that_contain_themselves_are_errors() {
    let of_objects = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"a\" type=\"x\"/></LNodeType>\
                      <DOType id=\"x\" cdc=\"A\"><SDO name=\"b\" type=\"y\"/></DOType>\
                      <DOType id=\"y\" cdc=\"A\"><SDO name=\"c\" type=\"x\"/></DOType>";
    assert!(matches!(
        first_error(&file("", of_objects), None).0,
        SclErrorKind::RecursiveType { .. }
    ));
    // The same identifier for an object type and a structure is no circle.
    let fine = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"a\" type=\"x\"/></LNodeType>\
                <DOType id=\"x\" cdc=\"A\"><DA name=\"b\" fc=\"ST\" bType=\"Struct\" type=\"x\"/></DOType>\
                <DAType id=\"x\"><BDA name=\"c\" bType=\"BOOLEAN\"/></DAType>";
    assert!(scl::parse(&file("", fine), None).is_ok());
    let of_structures = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"a\" type=\"x\"/></LNodeType>\
                         <DOType id=\"x\" cdc=\"A\"><DA name=\"b\" fc=\"ST\" bType=\"Struct\" type=\"s\"/></DOType>\
                         <DAType id=\"s\"><BDA name=\"c\" bType=\"Struct\" type=\"s\"/></DAType>";
    assert!(matches!(
        first_error(&file("", of_structures), None).0,
        SclErrorKind::RecursiveType { .. }
    ));
}

#[test]
fn types_that_multiply_end_at_a_bound() {
    let mut templates = String::from(
        "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"a\" type=\"x0\"/></LNodeType>",
    );
    for level in 0..12 {
        write!(templates, "<DOType id=\"x{level}\" cdc=\"A\">").unwrap();
        for child in 0..20 {
            write!(
                templates,
                "<SDO name=\"c{child}\" type=\"x{}\"/>",
                level + 1
            )
            .unwrap();
        }
        templates.push_str("</DOType>");
    }
    templates.push_str(
        "<DOType id=\"x12\" cdc=\"A\"><DA name=\"v\" fc=\"ST\" bType=\"BOOLEAN\"/></DOType>",
    );
    assert_eq!(
        first_error(&file("", &templates), None).0,
        SclErrorKind::ModelTooLarge
    );
}

#[test]
fn deep_nesting_ends_at_a_bound() {
    let mut templates = String::from(
        "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"a\" type=\"x0\"/></LNodeType>",
    );
    for level in 0..60 {
        write!(
            templates,
            "<DOType id=\"x{level}\" cdc=\"A\"><SDO name=\"c\" type=\"x{}\"/></DOType>",
            level + 1
        )
        .unwrap();
    }
    assert_eq!(
        first_error(&file("", &templates), None).0,
        SclErrorKind::ModelTooLarge
    );
    let xml = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(scl::parse(&xml, None).is_err());
    let instances = format!(
        "<DOI name=\"a\">{}{}</DOI>",
        "<SDI name=\"c\">".repeat(5_000),
        "</SDI>".repeat(5_000)
    );
    let templates = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"a\" type=\"x\"/></LNodeType>\
                     <DOType id=\"x\" cdc=\"A\"><DA name=\"c\" fc=\"ST\" bType=\"BOOLEAN\"/></DOType>";
    assert!(
        !scl::parse(&file(&instances, templates), None)
            .unwrap()
            .warnings
            .is_empty()
    );
}

#[test]
fn entities_are_not_expanded() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><SCL>&b;</SCL>";
    let (kind, shown) = first_error(bomb, None);
    assert_eq!(kind, SclErrorKind::DocumentType);
    assert!(shown.contains("delete the `DOCTYPE`"), "{shown}");
}

#[test]
fn oddities_are_warnings_with_their_line() {
    let ln0 = "<DataSet name=\"d\"><FCDA ldInst=\"L\" lnClass=\"LLN0\" doName=\"Beh\" daName=\"stVal\"/>\n\
               <FCDA ldInst=\"L\" lnClass=\"LLN0\" doName=\"Nix\" fc=\"ST\"/></DataSet>\n\
               <ReportControl name=\"r\" datSet=\"nope\" indexed=\"false\" bufTime=\"soon\"><RptEnabled max=\"3\"/></ReportControl>\n\
               <DOI name=\"Beh\"><DAI name=\"foo\"><Val>1</Val></DAI></DOI>";
    let templates = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"Beh\" type=\"x\"/></LNodeType>\
                     <DOType id=\"x\" cdc=\"ENS\"><DA name=\"stVal\" fc=\"ST\" bType=\"INT9\"/>\
                     <DA name=\"q\" fc=\"QQ\" bType=\"Quality\"/></DOType>";
    let description = scl::parse(&file(ln0, templates), None).unwrap();
    let shown: Vec<_> = description
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect();
    for part in [
        "`bType=\"INT9\"` is no basic type",
        "`q` has no functional constraint of data",
        "the type has no `foo`",
        "there is no `AL/LLN0.Nix`",
        "there is no data set `nope`",
        "`bufTime=\"soon\"` is not a number",
        "is not indexed, so it has one instance and not 3",
    ] {
        assert!(
            shown.iter().any(|line| line.contains(part)),
            "{part}: {shown:#?}"
        );
    }
    let member = &description
        .model
        .data_sets()
        .next()
        .unwrap()
        .data_set
        .members[0];
    assert_eq!(member.to_string(), "AL/LLN0.Beh.stVal[ST]");
    assert!(
        description
            .warnings
            .iter()
            .all(|warning| warning.position.line > 0)
    );
}

const GOOD: [&str; 6] = [
    scl::MINIMAL,
    scl::BUILTIN,
    include_str!("scl/edition1.icd"),
    include_str!("scl/edition2a.cid"),
    include_str!("scl/edition2.scd"),
    include_str!("scl/edition2_1.cid"),
];

/// Reads every server, strictly and leaving out, and looks at everything in what comes of it.
fn read_every_way(text: &str) {
    let ieds = scl::ieds(text).unwrap_or_default();
    let points = ieds.iter().take(4).flat_map(|ied| {
        ied.servers
            .iter()
            .map(move |point| (Some(ied.name.as_str()), Some(point.as_str())))
    });
    for (ied, access_point) in points.chain([(None, None)]) {
        for missing_types in [MissingTypes::Error, MissingTypes::LeaveOut] {
            let options = Options {
                ied,
                access_point,
                missing_types,
            };
            match scl::read(text, &options) {
                Ok(description) => {
                    for node in description.model.variables() {
                        let _ = (node.type_spec(), node.default_data(), node.reference());
                    }
                    let _ = iedassay_model::cfg::write(&description.model);
                    for warning in &description.warnings {
                        assert!(
                            warning.position.offset <= text.len() && !warning.remedy.is_empty()
                        );
                    }
                }
                Err(errors) => {
                    assert!(!errors.0.is_empty());
                    for error in &errors.0 {
                        assert!(error.position.offset <= text.len() && !error.remedy().is_empty());
                    }
                }
            }
        }
    }
}

/// The text with an end tag for every element that is open at its end, and an unfinished tag dropped.
fn closed(cut: &str) -> String {
    let end = match (cut.rfind('<'), cut.rfind('>')) {
        (Some(open), close) if close.is_none_or(|close| close < open) => open,
        _ => cut.len(),
    };
    let text = &cut[..end];
    let mut open = Vec::new();
    for tag in text.split('<').skip(1) {
        let name: &str = tag.split([' ', '>', '/', '\n']).next().unwrap();
        if let Some(rest) = tag.strip_prefix('/') {
            let _ = open.pop().filter(|top| rest.starts_with(top));
        } else if !tag.starts_with(['?', '!']) && !tag.split('>').next().unwrap().ends_with('/') {
            open.push(name);
        }
    }
    let ends: String = open.iter().rev().map(|name| format!("</{name}>")).collect();
    format!("{text}{ends}")
}

/// Where elements without children stand, as `<x .../>`.
fn leaf_elements(text: &str) -> Vec<core::ops::Range<usize>> {
    let found: Vec<_> = text
        .match_indices("/>")
        .filter_map(|(end, _)| Some(text[..end].rfind('<')?..end + 2))
        .collect();
    assert!(!found.is_empty());
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Octets changed, cut out or doubled anywhere in a good file.
    #[test]
    fn damaged_files_never_panic(
        which in 0..GOOD.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..4_u8, any::<char>()), 1..8),
    ) {
        let mut text: Vec<char> = GOOD[which].chars().collect();
        for (place, length, kind, replacement) in edits {
            let at = place.index(text.len());
            let end = (at + length).min(text.len());
            match kind {
                0 => text[at] = replacement,
                1 => drop(text.drain(at..end)),
                2 => {
                    let copy: Vec<char> = text[at..end].to_vec();
                    text.splice(at..at, copy);
                }
                _ => {
                    let last = text.len() - 1;
                    text.swap(at, end.min(last));
                }
            }
        }
        read_every_way(&text.into_iter().collect::<String>());
    }

    /// Cut anywhere, with the open elements closed again or not, so that the reader meets files that end early.
    #[test]
    fn truncated_files_never_panic(which in 0..GOOD.len(), place in any::<prop::sample::Index>()) {
        let whole = GOOD[which];
        let mut end = place.index(whole.len());
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        let cut = &whole[..end];
        read_every_way(cut);
        read_every_way(&closed(cut));
    }

    /// Whole elements taken out or put elsewhere: XML all the same, and SCL no longer.
    #[test]
    fn files_with_elements_taken_out_or_moved_never_panic(
        which in 0..GOOD.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 1..5),
    ) {
        let mut text = GOOD[which].to_owned();
        for (from, to, moved) in edits {
            let spans = leaf_elements(&text);
            let span = spans[from.index(spans.len())].clone();
            let element = text[span.clone()].to_owned();
            text.replace_range(span, "");
            if moved {
                let spans = leaf_elements(&text);
                text.insert_str(spans[to.index(spans.len())].start, &element);
            }
        }
        read_every_way(&text);
    }

    /// Attribute values exchanged for odd ones keep the file XML, so that the reader gets deep into it.
    #[test]
    fn odd_attribute_values_never_panic(
        which in 0..GOOD.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[a-zA-Z0-9.,()_ -]{0,12}"), 1..12),
    ) {
        let mut parts: Vec<String> = GOOD[which].split('"').map(str::to_owned).collect();
        for (place, value) in changes {
            // Every second part between quotes is a value; those of the header line are left alone.
            let at = (place.index(parts.len() / 2 - 10) + 8) * 2 + 1;
            if let Some(part) = parts.get_mut(at) {
                *part = value;
            }
        }
        let text = parts.join("\"");
        read_every_way(&text);
    }
}
