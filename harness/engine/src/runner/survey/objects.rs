//! What the names of a server and reading it show: models, and the services on their control blocks.

use iedassay_wire::mms::{
    Data, ExtendedObjectClass, FileDirectoryRequest, GetNameListRequest,
    GetVariableAccessAttributesRequest, ObjectClass, ObjectName, ObjectScope, Request, Response,
    VariableAccess,
};

use super::services::judge;
use super::{Asker, Controls, Findings, Found, same_refusal};
use crate::outcome::Outcome;

/// Bounds for a server that does not come to an end.
const MAX_DOMAINS: usize = 256;
const MAX_PAGES: usize = 1_000;
const MAX_NAMES: usize = 200_000;
/// Time stamps that are read for the time model.
const MAX_STAMPS: usize = 24;

/// The names of a server.
#[derive(Debug, Default)]
pub(super) struct Names {
    domains: Vec<String>,
    variables: Vec<(usize, String)>,
    lists: Vec<(usize, String)>,
    journals: Vec<(usize, String)>,
    /// Why the names cannot be relied on to be all.
    flaw: Option<String>,
}

/// GetNameList of the logical devices.
pub(super) fn domain_list() -> Request {
    Request::GetNameList(GetNameListRequest {
        class: ExtendedObjectClass::Object(ObjectClass::DOMAIN),
        scope: ObjectScope::Vmd,
        continue_after: None,
    })
}

impl Names {
    /// Lists everything; what cannot be listed becomes the flaw.
    pub(super) async fn read(asker: &mut Asker<'_>, controls: &Controls) -> Self {
        let mut names = Self::default();
        match all_of(asker, ObjectClass::DOMAIN, None).await {
            Ok(domains) => names.domains = domains,
            Err(why) => names.flaw = Some(why),
        }
        if names.domains.len() > MAX_DOMAINS {
            names.flaw = Some(format!("more than {MAX_DOMAINS} logical devices"));
            names.domains.truncate(MAX_DOMAINS);
        }
        // A server that lists what cannot exist says nothing with a list that is empty.
        if controls.domain == Outcome::Success {
            names.flaw =
                Some("the device also lists a logical device that cannot exist".to_owned());
        }
        for (index, domain) in names.domains.clone().into_iter().enumerate() {
            for class in [
                ObjectClass::NAMED_VARIABLE,
                ObjectClass::NAMED_VARIABLE_LIST,
                ObjectClass::JOURNAL,
            ] {
                match all_of(asker, class, Some(&domain)).await {
                    Ok(found) => {
                        let found = found.into_iter().map(|name| (index, name));
                        match class {
                            ObjectClass::NAMED_VARIABLE => names.variables.extend(found),
                            ObjectClass::NAMED_VARIABLE_LIST => names.lists.extend(found),
                            _ => names.journals.extend(found),
                        }
                    }
                    // Journals are a class of their own that servers without logs need not know.
                    Err(_) if class == ObjectClass::JOURNAL => {}
                    Err(why) => names.flaw = Some(why),
                }
                if names.variables.len() > MAX_NAMES {
                    names.flaw = Some(format!("more than {MAX_NAMES} names"));
                    return names;
                }
            }
        }
        names
    }

    /// A variable that exists, if there is one.
    pub(super) fn any_variable(&self) -> Option<ObjectName> {
        let data = self.first(|parts| matches!(parts, [_, "ST" | "MX", _]));
        data.or_else(|| self.first(|_| true))
    }

    fn at(&self, (domain, item): &(usize, String)) -> Option<ObjectName> {
        self.domains
            .get(*domain)
            .map(|domain| ObjectName::domain(domain, item))
    }

    fn first(&self, fits: impl Fn(&[&str]) -> bool) -> Option<ObjectName> {
        let found = self.variables.iter().find(|(_, name)| {
            let parts: Vec<&str> = name.split('$').collect();
            fits(&parts)
        })?;
        self.at(found)
    }

    /// The first object `LN$FC$name` of a functional constraint.
    fn of_constraint(&self, fc: &str) -> Option<ObjectName> {
        self.first(|parts| matches!(parts, [_, found, _] if *found == fc))
    }

    /// The first component of this name in an object of FC CO.
    fn of_control(&self, part: &str) -> Option<ObjectName> {
        self.first(|parts| matches!(parts, [_, "CO", _, .., last] if *last == part))
    }

    /// Whether there is a logical node of a class.
    fn class(&self, class: &str) -> bool {
        self.variables
            .iter()
            .any(|(_, name)| !name.contains('$') && name.contains(class))
    }

    /// What follows from something not being among the names.
    fn absent(&self, what: &str) -> Found {
        match &self.flaw {
            Some(flaw) => Found::Open(format!("{what} is not among the names, but {flaw}")),
            None => Found::Unsupported(format!("{what} is not among the names of the device")),
        }
    }
}

async fn all_of(
    asker: &mut Asker<'_>,
    class: ObjectClass,
    domain: Option<&str>,
) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    let mut after = None;
    for _ in 0..MAX_PAGES {
        let (outcome, page, more) = asker.names_after(class, domain, after.clone()).await;
        if outcome != Outcome::Success {
            let of = domain
                .map(|domain| format!(" of {domain}"))
                .unwrap_or_default();
            return Err(format!("its names{of} cannot be listed: {outcome}"));
        }
        let last = page.last().cloned();
        names.extend(page);
        if !more {
            return Ok(names);
        }
        if last.is_none() || last == after || names.len() > MAX_NAMES {
            break;
        }
        after = last;
    }
    Err("its list of names does not end".to_owned())
}

const ONLY_A_COMMAND: &str = "the object is there; only a command shows that it works, and cases give it where the target allows it";
const ONLY_A_WRITE: &str = "the control block is there; only writing it shows, and cases do that where the target allows it";
const ONLY_THE_NETWORK: &str =
    "the control block is there; whether messages go out shows only on the network";
const ONLY_REPORTS: &str =
    "the control block is there; only a report shows it, and cases ask for that";

/// Tells of models and their services.
pub(super) async fn tell(
    asker: &mut Asker<'_>,
    controls: &Controls,
    names: &Names,
    findings: &mut Findings,
) {
    directories(names, findings);
    data(asker, controls, names, findings).await;
    data_sets(asker, controls, names, findings).await;
    blocks(asker, controls, names, findings).await;
    control(names, findings);
    time(asker, names, findings).await;
    let (outcome, _) = asker
        .ask(Request::FileDirectory(FileDirectoryRequest {
            specification: None,
            continue_after: None,
        }))
        .await;
    findings.put_all(&["M17", "S60", "S61"], &judge(&outcome, controls));
    findings.put_all(
        &["S57", "S58", "S59"],
        &Found::Open("cases get, set and delete files where the target allows it".to_owned()),
    );
}

fn directories(names: &Names, findings: &mut Findings) {
    let found = match names.domains.first() {
        Some(first) => Found::Working(format!(
            "{} logical devices, the first is {first}",
            names.domains.len()
        )),
        None => names.absent("a logical device"),
    };
    findings.put_all(&["M1", "S1"], &found);
    let found = match names.variables.iter().any(|(_, name)| name == "LLN0") {
        true => Found::Working(format!("{} names, LLN0 among them", names.variables.len())),
        false => names.absent("LLN0"),
    };
    findings.put_all(&["M2", "S5", "S6"], &found);
    let has = |class: &str, what: &str| match names.class(class) {
        true => Found::Working(format!("{what} is among the names")),
        false => names.absent(what),
    };
    findings.put("M18", has("LTRK", "a logical node LTRK"));
    // A subscriber need not have the nodes that watch its subscriptions.
    for (id, class) in [("B32", "LGOS"), ("B42", "LSVS")] {
        findings.put(
            id,
            match names.class(class) {
                true => Found::Working(format!("a logical node {class} is among the names")),
                false => Found::Open(format!(
                    "there is no logical node {class}, which a subscriber need not have"
                )),
            },
        );
    }
}

async fn data(asker: &mut Asker<'_>, controls: &Controls, names: &Names, findings: &mut Findings) {
    let object = names.first(|parts| matches!(parts, [_, "ST" | "MX" | "SP" | "CF" | "DC", _]));
    let whole = names.first(|parts| matches!(parts, [_, "ST" | "MX" | "SP" | "CF" | "DC"]));
    let read = read_one(asker, controls, names, object.as_ref(), "a data object").await;
    let structured = matches!(read.1.first(), Some(Data::Structure(_)));
    findings.put_all(&["M3", "S8"], &read.0);
    if matches!(read.0, Found::Working(_)) {
        findings.put(
            "cbb/vnam",
            Found::Working("a named variable was read".to_owned()),
        );
        if structured {
            findings.put(
                "cbb/str2",
                Found::Working("a structure was read".to_owned()),
            );
        }
    }
    let all = read_one(
        asker,
        controls,
        names,
        whole.as_ref(),
        "data of a functional constraint",
    )
    .await
    .0;
    findings.put("S7", all);
    let definition = match object {
        None => names.absent("a data object"),
        Some(name) => {
            let request = Request::GetVariableAccessAttributes(
                GetVariableAccessAttributesRequest::Name(name),
            );
            match asker.ask(request).await.0 {
                Outcome::Success => {
                    Found::Working("the device tells the type of a data object".to_owned())
                }
                other => judge(&other, controls),
            }
        }
    };
    findings.put_all(&["S10", "S11"], &definition);
    let writable = ["SP", "CF", "DC"]
        .into_iter()
        .find_map(|fc| names.of_constraint(fc));
    findings.put(
        "S9",
        match writable {
            Some(name) => Found::Open(format!(
                "{name} could be set; cases do that where the target allows it"
            )),
            None => names.absent("data that could be set"),
        },
    );
    findings.put_all(
        &["cbb/str1", "cbb/valt"],
        &Found::Open(
            "only a model with arrays uses it; what is announced is all that a probe can tell"
                .to_owned(),
        ),
    );
    findings.put_all(
        &[
            "cbb/vadr", "cbb/vsca", "cbb/tpy", "cbb/real", "cbb/akec", "cbb/cei",
        ],
        &Found::Open(
            "no request of IEC 61850-8-1 needs it; what is announced is all there is to tell"
                .to_owned(),
        ),
    );
}

async fn data_sets(
    asker: &mut Asker<'_>,
    controls: &Controls,
    names: &Names,
    findings: &mut Findings,
) {
    let ids = ["M4", "S12", "S16"];
    let Some(list) = names.lists.first().and_then(|list| names.at(list)) else {
        findings.put_all(&ids, &names.absent("a data set"));
        findings.put(
            "cbb/vlis",
            Found::Open("there is no data set to ask for".to_owned()),
        );
        data_sets_of_clients(findings);
        return;
    };
    findings.put(
        "M4",
        Found::Working(format!("the data set {list} is among the names")),
    );
    let (outcome, _) = asker
        .read_access(VariableAccess::VariableListName(list.clone()))
        .await;
    let values = judge_object(&outcome, controls, "the values of a data set");
    findings.put("S12", values.clone());
    let (outcome, response) = asker
        .ask(Request::GetNamedVariableListAttributes(list.clone()))
        .await;
    let directory = match response {
        Some(Response::GetNamedVariableListAttributes(found)) => {
            Found::Working(format!("{list} has {} members", found.variables.len()))
        }
        _ => judge(&outcome, controls),
    };
    findings.put("S16", directory);
    findings.put("cbb/vlis", values);
    data_sets_of_clients(findings);
}

fn data_sets_of_clients(findings: &mut Findings) {
    findings.put_all(
        &["S13", "S14", "S15"],
        &Found::Open(
            "cases create, write and delete data sets where the target allows it".to_owned(),
        ),
    );
}

async fn blocks(
    asker: &mut Asker<'_>,
    controls: &Controls,
    names: &Names,
    findings: &mut Findings,
) {
    // Constraint, its word, models that the names show, services that reading shows, and what needs more than that.
    type Row = (
        &'static str,
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
        &'static [&'static str],
        &'static str,
    );
    let rows: [Row; 6] = [
        (
            "BR",
            "a buffered report control block",
            &["M7"],
            &["S25"],
            &[
                "S24", "S24-1", "S24-2", "S24-3", "S26", "M7-1", "M7-2", "M7-3", "M7-4", "M7-5",
                "M7-6", "M7-7", "M7-8", "M7-9", "M7-10", "M7-11",
            ],
            ONLY_REPORTS,
        ),
        (
            "RP",
            "an unbuffered report control block",
            &["M8"],
            &["S28"],
            &[
                "S27", "S27-1", "S27-2", "S27-3", "S29", "M8-1", "M8-2", "M8-3", "M8-4", "M8-5",
                "M8-6", "M8-7", "M8-8", "M8-9",
            ],
            ONLY_REPORTS,
        ),
        (
            "LG",
            "a log control block",
            &["M9"],
            &["S30", "S34"],
            &["S31", "M9-1"],
            ONLY_A_WRITE,
        ),
        (
            "GO",
            "a GOOSE control block",
            &["M19"],
            &["S38"],
            &["M12", "B31", "S35"],
            ONLY_THE_NETWORK,
        ),
        (
            "MS",
            "a multicast sampled value control block",
            &["M20"],
            &["S46"],
            &["M14", "B23", "B41", "S45"],
            ONLY_THE_NETWORK,
        ),
        (
            "US",
            "a unicast sampled value control block",
            &[],
            &["S49"],
            &["M15", "S48"],
            ONLY_THE_NETWORK,
        ),
    ];
    for (fc, what, models, services, others, why) in rows {
        let block = names.of_constraint(fc);
        let Some(name) = &block else {
            let absent = names.absent(what);
            for ids in [models, services, others] {
                findings.put_all(ids, &absent);
            }
            continue;
        };
        findings.put_all(
            models,
            &Found::Working(format!("{name} is among the names")),
        );
        let read = read_one(asker, controls, names, block.as_ref(), what)
            .await
            .0;
        findings.put_all(services, &read);
        findings.put_all(others, &Found::Open(why.to_owned()));
    }
    for (fc, what, service) in [
        ("GO", "a GOOSE control block", "S39"),
        ("MS", "a multicast sampled value control block", "S47"),
        ("US", "a unicast sampled value control block", "S50"),
    ] {
        let found = match names.of_constraint(fc) {
            Some(_) => Found::Open(ONLY_A_WRITE.to_owned()),
            None => names.absent(what),
        };
        findings.put(service, found);
    }
    // Either kind of sampled values makes a publisher.
    if let (None, Some(unicast)) = (names.of_constraint("MS"), names.of_constraint("US")) {
        findings.put(
            "M20",
            Found::Working(format!("{unicast} is among the names")),
        );
        findings.put_all(&["B23", "B41"], &Found::Open(ONLY_THE_NETWORK.to_owned()));
    }
    let journal = names.journals.first().and_then(|journal| names.at(journal));
    match journal {
        Some(name) => {
            findings.put(
                "M10",
                Found::Working(format!("the log {name} is among the names")),
            );
            findings.put_all(
                &["S32", "S33"],
                &Found::Open("cases query logs where the target allows setting one up".to_owned()),
            );
        }
        None => findings.put_all(&["M10", "S32", "S33"], &names.absent("a log")),
    }
    let groups = names.first(|parts| matches!(parts, ["LLN0", "SP", "SGCB"]));
    match &groups {
        Some(name) => {
            findings.put("M6", Found::Working(format!("{name} is among the names")));
            let read = read_one(
                asker,
                controls,
                names,
                groups.as_ref(),
                "the setting group control block",
            )
            .await
            .0;
            findings.put("S23", read);
            findings.put_all(
                &["S18", "S19", "S20", "S21"],
                &Found::Open(ONLY_A_WRITE.to_owned()),
            );
        }
        None => findings.put_all(
            &["M6", "S18", "S19", "S20", "S21", "S23"],
            &names.absent("a setting group control block"),
        ),
    }
    let setting = names.of_constraint("SG");
    let read = read_one(
        asker,
        controls,
        names,
        setting.as_ref(),
        "a setting of the active group",
    )
    .await
    .0;
    findings.put("S22", read);
    let substitution = names.of_constraint("SV");
    let read = read_one(
        asker,
        controls,
        names,
        substitution.as_ref(),
        "a value to be substituted",
    )
    .await
    .0;
    let writing = match &read {
        Found::Unsupported(_) => read.clone(),
        _ => Found::Open(
            "only substituting a value shows it, and a probe changes nothing".to_owned(),
        ),
    };
    findings.put("M5", read);
    findings.put("S17", writing);
}

fn control(names: &Names, findings: &mut Findings) {
    let there = |part: &str| match names.of_control(part) {
        Some(_) => Found::Open(ONLY_A_COMMAND.to_owned()),
        None => names.absent(&format!("`{part}` of a controllable object")),
    };
    findings.put(
        "M11",
        match names.of_constraint("CO") {
            Some(name) => Found::Working(format!("{name} is among the names")),
            None => names.absent("a controllable object"),
        },
    );
    findings.put("S51", there("SBO"));
    findings.put("S52", there("SBOw"));
    findings.put("S53", there("Cancel"));
    findings.put_all(&["S54", "S55"], &there("Oper"));
    findings.put(
        "S56",
        match names.first(|parts| matches!(parts, [_, "CO", _, .., "Oper", "operTm"])) {
            Some(_) => Found::Open(ONLY_A_COMMAND.to_owned()),
            None => names.absent("`operTm` of a controllable object"),
        },
    );
}

async fn time(asker: &mut Asker<'_>, names: &Names, findings: &mut Findings) {
    let ids = ["M16", "T1", "T2", "T3"];
    let stamps: Vec<ObjectName> = names
        .variables
        .iter()
        .filter(|(_, name)| {
            let parts: Vec<&str> = name.split('$').collect();
            matches!(parts.as_slice(), [_, "ST" | "MX", _, .., "t"])
        })
        .take(MAX_STAMPS)
        .filter_map(|name| names.at(name))
        .collect();
    if stamps.is_empty() {
        findings.put_all(&ids, &names.absent("a time stamp"));
        return;
    }
    let mut accuracies: Vec<u8> = Vec::new();
    let mut fraction_bits = 0;
    let mut seen = 0;
    for stamp in stamps {
        let (_, values) = asker.read_access(VariableAccess::names([stamp])).await;
        let Some(Data::UtcTime(time)) = values.first() else {
            continue;
        };
        seen += 1;
        accuracies.push(time.quality.0 & 0x1f);
        if time.fraction != 0 {
            fraction_bits = fraction_bits.max(24 - time.fraction.trailing_zeros().min(24));
        }
    }
    if seen == 0 {
        findings.put_all(&ids, &Found::Open("no time stamp could be read".to_owned()));
        return;
    }
    findings.put(
        "M16",
        Found::Working(format!("{seen} time stamps were read")),
    );
    let resolution = match fraction_bits {
        0 => Found::Open(format!("no fraction of a second in {seen} time stamps")),
        bits => Found::Working(format!(
            "at least {bits} bits of a second in {seen} time stamps"
        )),
    };
    findings.put_all(&["T1", "T3"], &resolution);
    findings.put("T2", accuracy(&accuracies));
}

/// What the accuracies of time stamps tell, as they stand in their quality: bits of the fraction, 31 for unspecified (IEC
/// 61850-7-2, TimeAccuracy). No bit at all is what a clock says that was never set; more than the fraction has is none.
fn accuracy(said: &[u8]) -> Found {
    let bits = said.iter().filter(|bits| (1..=24).contains(*bits)).max();
    if let Some(bits) = bits {
        return Found::Working(format!("the time stamps say {bits} bits"));
    }
    Found::Open(match said.iter().find(|bits| **bits != 31) {
        None => "the time stamps leave their accuracy unspecified".to_owned(),
        Some(0) => "the time stamps say 0 bits, which is no accuracy".to_owned(),
        Some(bits) => format!("the time stamps say {bits} bits, which none can have"),
    })
}

/// What reading an object says, and what was read.
async fn read_one(
    asker: &mut Asker<'_>,
    controls: &Controls,
    names: &Names,
    name: Option<&ObjectName>,
    what: &str,
) -> (Found, Vec<Data>) {
    let Some(name) = name else {
        return (names.absent(what), Vec::new());
    };
    let (outcome, values) = asker
        .read_access(VariableAccess::names([name.clone()]))
        .await;
    (judge_object(&outcome, controls, &name.to_string()), values)
}

fn judge_object(outcome: &Outcome, controls: &Controls, what: &str) -> Found {
    match outcome {
        Outcome::Success => Found::Working(format!("{what} was read")),
        refusal if same_refusal(refusal, &controls.object) => Found::Unsupported(format!(
            "{what} is refused like what cannot exist: {refusal}"
        )),
        refusal if same_refusal(refusal, &controls.service) => Found::Unsupported(format!(
            "{what}: refused like a service that cannot exist: {refusal}"
        )),
        other => Found::Open(format!("{what}: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bit_at_all_is_no_accuracy() {
        let works = |said: &[u8]| matches!(accuracy(said), Found::Working(_));
        assert!(works(&[10]));
        assert!(
            works(&[0, 31, 10, 31]),
            "one that is never set hides nothing"
        );
        for none in [&[][..], &[31], &[0], &[0, 31], &[25]] {
            assert!(!works(none), "{none:?}");
        }
        let Found::Open(why) = accuracy(&[31, 0]) else {
            unreachable!()
        };
        assert!(why.contains("0 bits"), "{why}");
    }
}
