//! A failed expectation points at the octets that it read: a wrong value, a wrong type, an element that is missing.

use crate::harness::Bench;

/// What the deciding step of the first failed case marks: element, what was read, and the octets.
fn marks(fault: &str, case: &str) -> Vec<(String, String, String)> {
    let bench = Bench::new();
    let output = bench
        .command(&["run", "--virtual-time", "--fault", fault, "--filter", case])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{fault} is not noticed");
    let record: serde_json::Value =
        serde_json::from_str(&bench.read("iedassay-out/record.json")).unwrap();
    let cases = record["cases"].as_array().unwrap();
    let failed = cases.iter().find(|case| case["verdict"] == "fail").unwrap();
    let steps = failed["steps"].as_array().unwrap();
    let step = steps
        .iter()
        .find(|step| step["outcome"] == "failed")
        .unwrap();
    assert!(step["frame"].as_u64() > Some(0), "{step:#}");
    let octets = step["bytes"].as_str().unwrap();
    let page = bench.read("iedassay-out/report.html");
    let marks = step["marks"].as_array().cloned().unwrap_or_default();
    assert_eq!(page.contains("<mark>"), !marks.is_empty());
    let words = bench.read("iedassay-out/report.md");
    assert_eq!(words.contains("- marked: octet"), !marks.is_empty());
    let text = |mark: &serde_json::Value, name: &str| mark[name].as_str().unwrap().to_owned();
    marks
        .iter()
        .map(|mark| {
            let from = usize::try_from(mark["offset"].as_u64().unwrap()).unwrap();
            let length = usize::try_from(mark["length"].as_u64().unwrap()).unwrap();
            let marked = octets[2 * from..2 * (from + length)].to_owned();
            (text(mark, "element"), text(mark, "read"), marked)
        })
        .collect()
}

#[test]
fn of_a_wrong_value_the_field_of_the_report_is_marked() {
    let found = marks("sq-num-from-one", "urcb/sequence-numbers");
    let (element, read, octets) = &found[0];
    assert!(
        element.starts_with("informationReport/listOfAccessResult/2: "),
        "{found:?}"
    );
    assert!(read.ends_with(".sqNum"), "{found:?}");
    assert_eq!(octets, "860101", "{found:?}");
}

#[test]
fn of_a_wrong_type_the_value_that_has_it_is_marked() {
    let found = marks("quality-of-sixteen-bits", "server/data-definitions");
    let (element, _, octets) = &found[0];
    assert!(element.ends_with(": bit-string"), "{found:?}");
    // Sixteen bits in two octets, none unused.
    assert!(octets.starts_with("840300"), "{found:?}");
}

#[test]
fn of_a_missing_element_what_should_hold_it_is_marked() {
    let found = marks(
        "constraint-read-lacks-object",
        "server/all-values-of-constraint",
    );
    let (element, _, _) = &found[0];
    assert!(element.starts_with("read/listOfAccessResult"), "{found:?}");
}

#[test]
fn of_a_refusal_the_error_is_marked() {
    let found = marks("unknown-read-temporary", "server/unknown-values-error");
    let (element, _, octets) = &found[0];
    assert!(element.ends_with(": failure"), "{found:?}");
    assert_eq!(octets, "800102", "{found:?}");
}
