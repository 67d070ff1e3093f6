//! Reports: which result is which field (IEC 61850-8-1, the order of the fields of a report).

use iedassay_client::services::report::Report;
use iedassay_model::tree::Node;

use super::{Element, Key, Origin, main_way, of_data};

const RESULTS: &str = "listOfAccessResult";

/// A report that came in one PDU; `nodes` and the misfit of each entry, in the order of the entries. Nothing where the
/// fields do not add up to the results of the PDU.
pub(crate) fn of_report(
    report: &Report,
    nodes: &[Option<Node<'_>>],
    misfits: &[bool],
    results: usize,
) -> Origin {
    let optional = [
        ("sqNum", report.sq_num.is_some()),
        ("timeOfEntry", report.time_of_entry.is_some()),
        ("datSet", report.dat_set.is_some()),
        ("bufOvfl", report.buf_ovfl.is_some()),
        ("entryId", report.entry_id.is_some()),
        ("confRev", report.conf_rev.is_some()),
        ("subSqNum", report.sub_sq_num.is_some()),
        ("moreSegments", report.more_segments.is_some()),
    ];
    let present = optional.iter().filter(|(_, there)| *there);
    let names: Vec<&str> = ["rptId", "optFlds"]
        .into_iter()
        .chain(present.map(|(name, _)| *name))
        .collect();
    let inclusion = names.len();
    let count = report.entries.len();
    let first = |field: bool| usize::from(field) * count;
    let references = report.entries.iter().any(|entry| entry.reference.is_some());
    let reasons = report.entries.iter().any(|entry| entry.reason.is_some());
    let values = inclusion + 1 + first(references);
    let after_values = values + count;
    if after_values + first(reasons) != results {
        return Origin::default();
    }
    let at = |index: usize| Element::of(RESULTS, [index]);
    let mut origin = Origin::default()
        .with("inclusion", Origin::at(at(inclusion)))
        .with("members", Origin::at(at(inclusion)));
    for (index, name) in names.iter().enumerate() {
        origin = origin.with(name, Origin::at(at(index)));
    }
    let mut all_fit = Origin::default();
    let mut entries = Vec::new();
    for (number, entry) in report.entries.iter().enumerate() {
        let element = at(values + number);
        let whole = Origin::at(element.clone());
        let node = nodes.get(number).copied().flatten();
        let (value, data) = match &entry.value {
            Ok(data) => {
                let way = node.and_then(main_way);
                let main = way.map(|way| way.iter().fold(element.clone(), |at, i| at.child(*i)));
                let value = main.map_or_else(|| whole.clone(), Origin::at);
                (value, of_data(data, node, element))
            }
            Err(_) => (whole.clone(), whole.clone()),
        };
        let fits = if entry.value.is_err() || misfits.get(number).copied().unwrap_or(false) {
            whole.clone()
        } else {
            Origin::default()
        };
        if all_fit.is_empty() {
            all_fit = fits.clone();
        }
        let mut known = Origin::default()
            .with("value", value)
            .with("data", data)
            .with("error", whole)
            .with("index", Origin::at(at(inclusion)))
            .with("fits", fits);
        if entry.reason.is_some() {
            known = known.with("reason", Origin::at(at(after_values + number)));
        }
        if entry.reference.is_some() {
            known = known.with("dataRef", Origin::at(at(inclusion + 1 + number)));
        }
        entries.push(known);
    }
    origin.with("allFit", all_fit).with("entries", {
        let listed = Origin::list(entries);
        Origin {
            element: None,
            ..listed
        }
    })
}

/// The keys of the reason of an entry.
#[must_use]
pub(crate) fn reason_of(entry: usize) -> [Key; 3] {
    [
        Key::Name("entries".to_owned()),
        Key::Index(entry),
        Key::Name("reason".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{bits, report};
    use iedassay_wire::mms::Data;

    #[test]
    fn knows_which_result_is_which_field() {
        let fields = vec![
            Data::VisibleString("id".into()),
            // seq-num, reason-code, conf-rev
            Data::BitString(bits("0101000010")),
            Data::Unsigned(4),
            Data::Unsigned(1),
            Data::BitString(bits("0110")),
            Data::Integer(7),
            Data::Boolean(true),
            Data::BitString(bits("0100000")),
            Data::BitString(bits("0010000")),
        ];
        let count = fields.len();
        let parsed = report(fields).unwrap();
        let origin = of_report(&parsed, &[None, None], &[false, true], count);
        let at = |keys: &[Key]| origin.find(keys).element;
        let name = |name: &str| Key::Name(name.to_owned());
        let element = |index| Some(Element::of(RESULTS, [index]));
        assert_eq!(at(&[name("sqNum")]), element(2));
        assert_eq!(at(&[name("confRev")]), element(3));
        assert_eq!(at(&[name("inclusion")]), element(4));
        let entry = |index, what: &str| at(&[name("entries"), Key::Index(index), name(what)]);
        assert_eq!(entry(1, "value"), element(6));
        assert_eq!(at(&reason_of(1)), element(8));
        assert_eq!(entry(0, "fits"), None);
        assert_eq!(entry(1, "fits"), element(6));
        assert_eq!(at(&[name("allFit")]), element(6));
        assert_eq!(at(&[name("entryId")]), None, "it is not there");
        let other = of_report(&parsed, &[], &[], count + 1);
        assert!(other.is_empty(), "what does not add up points at nothing");
    }
}
