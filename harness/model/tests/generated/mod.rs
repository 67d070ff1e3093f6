//! SCL texts made on the spot: large as those of real stations, and hostile.
#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by a test and an example, each of which uses a part; tests may panic"
)]

use core::fmt::Write as _;

/// A file around the templates and the content of the device.
fn file(ln0: &str, nodes: &str, templates: &str) -> String {
    format!(
        "<SCL xmlns=\"http://www.iec.ch/61850/2003/SCL\" version=\"2007\" revision=\"B\">\n\
         <IED name=\"A\"><AccessPoint name=\"P\"><Server><LDevice inst=\"L\">\n\
         <LN0 lnClass=\"LLN0\" inst=\"\" lnType=\"t\">\n{ln0}</LN0>\n{nodes}</LDevice></Server></AccessPoint></IED>\n\
         <DataTypeTemplates>\n{templates}</DataTypeTemplates></SCL>"
    )
}

const TEMPLATES: &str = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"Mod\" type=\"x\"/></LNodeType>\
     <LNodeType id=\"g\" lnClass=\"GGIO\"><DO name=\"Mod\" type=\"x\"/><DO name=\"Ind1\" type=\"x\"/></LNodeType>\
     <DOType id=\"x\" cdc=\"SPS\"><DA name=\"stVal\" fc=\"ST\" bType=\"BOOLEAN\" dchg=\"true\"/>\
     <DA name=\"q\" fc=\"ST\" bType=\"Quality\" qchg=\"true\"/><DA name=\"t\" fc=\"ST\" bType=\"Timestamp\"/>\
     <DA name=\"d\" fc=\"DC\" bType=\"VisString255\"/></DOType>";

/// More than 2 MB: 4000 logical nodes with values and private elements, 100 data sets of 40 members, each with a buffered block.
pub fn station() -> String {
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
    file(&sets, &nodes, TEMPLATES)
}

/// Texts of about `size` octets that would take more than linear time or memory in a careless reader, each with what it does.
pub fn hostile(size: usize) -> Vec<(&'static str, String)> {
    let fill = |one: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        let mut number = 0;
        while text.len() < size {
            text.push_str(&one(number));
            number += 1;
        }
        text
    };
    let types = "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"Mod\" type=\"x\"/></LNodeType>\
                 <DOType id=\"x\" cdc=\"SPS\"><DA name=\"a\" fc=\"SP\" bType=\"INT32\" count=\"60000\"/></DOType>";
    vec![
        (
            "nested elements",
            format!("{}{}", "<a>".repeat(size / 7), "</a>".repeat(size / 7)),
        ),
        (
            "attributes of one element",
            format!("<SCL {}/>", fill(&|at| format!("a{at}=\"\" "))),
        ),
        (
            "name spaces of one element",
            format!("<SCL {}/>", fill(&|at| format!("xmlns:a{at}=\"u\" "))),
        ),
        ("name spaces that open one in the other", {
            let depth = (size / 25).min(900);
            let mut text = String::new();
            for at in 0..depth {
                write!(text, "<a xmlns:a{at}=\"u{at}\">").unwrap();
            }
            text.push_str(&"<b/>".repeat(size / 8));
            text.push_str(&"</a>".repeat(depth));
            text
        }),
        (
            "blocks of 99 instances",
            file(
                &fill(&|at| {
                    format!(
                        "<ReportControl name=\"r{at}\"><RptEnabled max=\"99\"/></ReportControl>"
                    )
                }),
                "",
                types,
            ),
        ),
        (
            "blocks of one name",
            file(
                &fill(&|_| {
                    "<ReportControl name=\"r\"><RptEnabled max=\"99\"/></ReportControl>".to_owned()
                }),
                "",
                types,
            ),
        ),
        (
            "references to types that are missing",
            file(
                "",
                &fill(&|at| format!("<LN lnClass=\"GGIO\" inst=\"{at}\" lnType=\"missing{at}\"/>")),
                &fill(&|at| format!("<LNodeType id=\"mising{at}\" lnClass=\"GGIO\"/>")),
            ),
        ),
        (
            "members that are missing",
            file(
                &format!(
                    "<DataSet name=\"d\">{}</DataSet>",
                    fill(&|at| {
                        format!(
                            "<FCDA ldInst=\"L\" lnClass=\"GGIO\" lnInst=\"{at}\" doName=\"Ind1\" fc=\"ST\"/>"
                        )
                    })
                ),
                "",
                types,
            ),
        ),
        (
            "data objects of one type",
            file(
                "",
                "",
                &format!(
                    "{types}<LNodeType id=\"u\" lnClass=\"GGIO\">{}</LNodeType>",
                    fill(&|at| format!("<DO name=\"a{at}\" type=\"x\"/>"))
                ),
            ),
        ),
        (
            "attributes of one type",
            file(
                "",
                "",
                &format!(
                    "<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"Mod\" type=\"x\"/></LNodeType>\
                     <DOType id=\"x\" cdc=\"SPS\">{}</DOType>",
                    fill(&|at| format!(
                        "<DA name=\"a{at}\" fc=\"ST\" bType=\"INT32\" count=\"no\"/>"
                    ))
                ),
            ),
        ),
        (
            "arrays",
            file(
                "",
                &fill(&|at| format!("<LN lnClass=\"GGIO\" inst=\"{at}\" lnType=\"t\"/>")),
                types,
            ),
        ),
        (
            "values of one array",
            file(
                &format!(
                    "<DOI name=\"Mod\">{}</DOI>",
                    fill(&|at| format!("<DAI name=\"a\" ix=\"{at}\"><Val>1</Val></DAI>"))
                ),
                "",
                types,
            ),
        ),
        (
            "one line",
            file(&fill(&|at| format!("<DOI name=\"n{at}\"/>")), "", types).replace('\n', " "),
        ),
        (
            "an entity of entities",
            format!(
                "<!DOCTYPE x [<!ENTITY a \"a\">{}]><SCL>&b9;</SCL>",
                fill(&|at| format!("<!ENTITY b{at} \"&a;&a;&a;&a;\">"))
            ),
        ),
    ]
}
