//! Bad and hostile SCL files: each gives its place and a remedy, none makes the reader panic or run away.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use core::fmt::Write as _;

use iedassay_model::scl::{self, SclErrorKind, TypeKind};
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
    for text in ["", "hello", "\u{0}", "<", "PK\u{3}\u{4}"] {
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
        scl::parse_access_point(two, Some("A"), Some("Q")).unwrap_err().0[0].kind,
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
    assert!(matches!(first_error(bomb, None).0, SclErrorKind::NotXml(_)));
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

#[test]
fn a_file_of_two_megabytes_loads() {
    let mut nodes = String::new();
    let mut sets = String::new();
    for number in 1..=4_000 {
        write!(
            nodes,
            "<LN lnClass=\"GGIO\" inst=\"{number}\" lnType=\"g\" prefix=\"Q\"><DOI name=\"Ind1\">"
        )
        .unwrap();
        nodes.push_str("<DAI name=\"stVal\"><Val>true</Val></DAI></DOI><DOI name=\"Mod\"><DAI name=\"d\"><Val>");
        nodes.push_str("a description of some length that vendors like to write into every data object there is, in words");
        nodes
            .push_str("</Val></DAI></DOI><Private type=\"vendor\"><x:y xmlns:x=\"urn:v\" a=\"1\">");
        nodes.push_str("private text of the vendor that nobody else understands and that is as long as this here, at least");
        nodes.push_str("</x:y></Private></LN>\n");
    }
    for set in 0..100 {
        write!(sets, "<DataSet name=\"d{set}\">").unwrap();
        for member in 1..=40 {
            write!(
                sets,
                "<FCDA ldInst=\"L\" prefix=\"Q\" lnClass=\"GGIO\" lnInst=\"{}\" doName=\"Ind1\" fc=\"ST\"/>",
                set * 40 + member
            )
            .unwrap();
        }
        write!(
            sets,
            "</DataSet><ReportControl name=\"r{set}\" datSet=\"d{set}\" buffered=\"true\"/>"
        )
        .unwrap();
    }
    let templates = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"Mod\" type=\"x\"/></LNodeType>\
                     <LNodeType id=\"g\" lnClass=\"GGIO\"><DO name=\"Mod\" type=\"x\"/><DO name=\"Ind1\" type=\"x\"/></LNodeType>\
                     <DOType id=\"x\" cdc=\"SPS\"><DA name=\"stVal\" fc=\"ST\" bType=\"BOOLEAN\" dchg=\"true\"/>\
                     <DA name=\"q\" fc=\"ST\" bType=\"Quality\" qchg=\"true\"/><DA name=\"t\" fc=\"ST\" bType=\"Timestamp\"/>\
                     <DA name=\"d\" fc=\"DC\" bType=\"VisString255\"/></DOType>";
    let text = file(&sets, templates).replace("</LN0>", &format!("</LN0>{nodes}"));
    assert!(text.len() > 2_000_000, "{}", text.len());
    let description = scl::parse(&text, None).unwrap();
    assert_eq!(description.warnings, []);
    assert_eq!(
        description
            .model
            .data_sets()
            .map(|at| at.data_set.members.len())
            .sum::<usize>(),
        4_000
    );
    assert_eq!(description.model.report_controls().count(), 100);
    assert!(
        description
            .model
            .resolve("AL", "QGGIO4000$ST$Ind1$q")
            .is_some()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Octets changed, cut out or doubled anywhere in a good file.
    #[test]
    fn damaged_files_never_panic(edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..4_u8, any::<char>()), 1..8)) {
        let mut text: Vec<char> = scl::MINIMAL.chars().collect();
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
        let text: String = text.into_iter().collect();
        let _ = scl::ieds(&text);
        let _ = scl::parse(&text, None);
        let _ = scl::parse(&text, Some("MINIMAL"));
    }

    /// Attribute values exchanged for odd ones keep the file XML, so that the reader gets deep into it.
    #[test]
    fn odd_attribute_values_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[a-zA-Z0-9.,()_ -]{0,12}"), 1..12),
    ) {
        let mut parts: Vec<String> = scl::MINIMAL.split('"').map(str::to_owned).collect();
        for (place, value) in changes {
            // Every second part between quotes is a value; those of the header line are left alone.
            let at = (place.index(parts.len() / 2 - 10) + 8) * 2 + 1;
            if let Some(part) = parts.get_mut(at) {
                *part = value;
            }
        }
        let text = parts.join("\"");
        if let Ok(description) = scl::parse(&text, None) {
            for node in description.model.variables() {
                let _ = (node.type_spec(), node.default_data(), node.reference());
            }
            let _ = iedassay_model::cfg::write(&description.model);
        }
    }
}
