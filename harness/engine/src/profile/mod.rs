//! The requirement profile of a buyer: what a device must be able to do, and which cases show that it does.
//!
//! A profile is a file of its own, because the same one is held against the devices of several vendors. It fills the
//! column "required" of the PICS gap, and maps the buyer's own requirement ids to cases.

mod demands;

use iedassay_model::capability;
use iedassay_reports::{Limit, Requirement, Statement};

pub use demands::{ClientDemand, Demands, NameRules, ReportTemplate};

use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Span, Spanned, sort};
use crate::glob;
use crate::suite::steps::{Step, visit};
use crate::suite::{Case, Library};
use crate::target::Claim;
use crate::yaml::decode::{Table, unknown_reference};
use crate::yaml::{Decoder, FromNode, read, yaml_struct};

yaml_struct! {
    /// What a buyer requires of a device.
    pub struct Profile {
        /// Name of the profile in reports.
        pub profile: Spanned<String>,
        /// A few words about it: whose it is, for which purchase, from when.
        pub description: Option<String>,
        /// Capabilities by id (`M7`, `S14`, `mms/read`, `association/max`): `true`, `false`, or the least number.
        #[schemars(default)]
        pub requires: Table<Claim>,
        /// Settings and numbers that cases hold the device against.
        pub demands: Option<Demands>,
        /// The buyer's own requirements, each with the cases and capabilities that show it.
        #[schemars(default)]
        pub requirements: Vec<RequirementEntry>,
    }
}

yaml_struct! {
    /// One requirement of the buyer.
    pub struct RequirementEntry {
        /// The buyer's id, for instance `PROC-4.2.1`.
        pub id: Spanned<String>,
        /// What is required, in the buyer's words.
        pub text: Option<String>,
        /// Cases that show it: ids with `*`, or ids of published procedures.
        #[schemars(default)]
        pub cases: Vec<Spanned<String>>,
        /// Capabilities that show it.
        #[schemars(default)]
        pub capabilities: Vec<Spanned<String>>,
        /// Limits of what cases measure.
        #[schemars(default)]
        pub limits: Vec<LimitEntry>,
    }
}

yaml_struct! {
    /// A limit of a number that cases measure (the step `measure`).
    pub struct LimitEntry {
        /// The name of the measurement: `association set-up`.
        pub measurement: Spanned<String>,
        /// The cases that measure it: ids with `*`.
        pub case: Spanned<String>,
        /// None may be less.
        pub at_least: Option<u32>,
        /// None may be more.
        pub at_most: Option<u32>,
    }
}

impl Profile {
    /// Whether nothing is held against the device on account of the profile.
    #[must_use]
    pub fn asks_nothing(&self) -> bool {
        self.requires.is_empty() && self.demands.is_none() && self.requirements.is_empty()
    }

    /// What the profile says of a capability.
    #[must_use]
    pub fn required(&self, id: &str) -> Option<Statement> {
        let asked = self.requires.get(id)?;
        Some(asked.statement(&format!("profile {}", self.profile.value)))
    }

    /// The requirements with the cases that show them, by id.
    #[must_use]
    pub fn requirements(&self, library: &Library) -> Vec<Requirement> {
        let requirements = self.requirements.iter();
        requirements
            .map(|entry| {
                let mut cases: Vec<String> = Vec::new();
                for pattern in &entry.cases {
                    for id in fitting(&pattern.value, library) {
                        if !cases.contains(&id) {
                            cases.push(id);
                        }
                    }
                }
                let capabilities = entry.capabilities.iter();
                let limits = entry.limits.iter();
                Requirement {
                    limits: limits
                        .map(|limit| Limit {
                            measurement: limit.measurement.value.clone(),
                            cases: fitting(&limit.case.value, library),
                            at_least: limit.at_least,
                            at_most: limit.at_most,
                        })
                        .collect(),
                    id: entry.id.value.clone(),
                    text: entry.text.clone(),
                    cases,
                    capabilities: capabilities.map(|id| id.value.clone()).collect(),
                }
            })
            .collect()
    }
}

/// Reads one of the texts in `sources` as a profile and checks it against the suites. Warnings come with the profile;
/// errors instead of it.
///
/// # Errors
///
/// Every mistake of the file.
pub fn load(
    sources: &Sources,
    file: FileId,
    library: &Library,
) -> Result<(Profile, Vec<Diagnostic>), Vec<Diagnostic>> {
    let node = read(sources, file).map_err(|diagnostic| vec![diagnostic])?;
    let mut cx = Decoder::new();
    let profile = Profile::from_node(&node, &mut cx);
    if let Some(profile) = &profile {
        check(profile, library, &mut cx);
    }
    let mut diagnostics = cx.diagnostics;
    sort(&mut diagnostics);
    match profile {
        Some(profile) if !diagnostics.iter().any(Diagnostic::is_error) => {
            Ok((profile, diagnostics))
        }
        _ => Err(diagnostics),
    }
}

/// What the profile in one of the texts asks for in settings and numbers, whatever its requirements say; nothing when it cannot be
/// read.
#[must_use]
pub fn demands(sources: &Sources, file: FileId) -> Option<Demands> {
    let node = read(sources, file).ok()?;
    let profile = Profile::from_node(&node, &mut Decoder::new())?;
    profile.demands
}

fn check(profile: &Profile, library: &Library, cx: &mut Decoder) {
    if let Some(demands) = &profile.demands {
        demands.check(cx);
    }
    for (id, _) in profile.requires.iter() {
        known_capability(&id.value, id.span, cx);
    }
    for (index, entry) in profile.requirements.iter().enumerate() {
        let earlier = profile.requirements.iter().take(index);
        if earlier
            .map(|other| &other.id.value)
            .any(|id| *id == entry.id.value)
        {
            let message = format!("requirement `{}` stands here twice", entry.id.value);
            cx.error(Code::Invalid, entry.id.span, message);
        }
        let shown = !entry.cases.is_empty() || !entry.capabilities.is_empty();
        if !shown && entry.limits.is_empty() {
            let message = format!("nothing shows requirement `{}`", entry.id.value);
            cx.push(
                Diagnostic::error(Code::Invalid, entry.id.span, message)
                    .help("name `cases`, `capabilities` or `limits` that show it"),
            );
        }
        for id in &entry.capabilities {
            known_capability(&id.value, id.span, cx);
        }
        for pattern in &entry.cases {
            if fitting(&pattern.value, library).is_empty() {
                let ids = library.cases().map(|(_, case)| case.id.value.as_str());
                cx.push(unknown_reference(pattern.span, "case", &pattern.value, ids));
            }
        }
        for limit in &entry.limits {
            check_limit(limit, library, cx);
        }
    }
}

fn check_limit(limit: &LimitEntry, library: &Library, cx: &mut Decoder) {
    if limit.at_least.is_none() && limit.at_most.is_none() {
        cx.push(
            Diagnostic::error(
                Code::Invalid,
                limit.measurement.span,
                "a limit without a number",
            )
            .help("`at-least` or `at-most`"),
        );
    }
    let ids = fitting(&limit.case.value, library);
    if ids.is_empty() {
        let ids = library.cases().map(|(_, case)| case.id.value.as_str());
        let found = unknown_reference(limit.case.span, "case", &limit.case.value, ids);
        return cx.push(found);
    }
    let cases = library
        .cases()
        .filter(|(_, case)| ids.contains(&case.id.value));
    let names: Vec<String> = cases.flat_map(|(_, case)| measured(case)).collect();
    let name = &limit.measurement.value;
    if !names.contains(name) {
        let names = names.iter().map(String::as_str);
        cx.push(unknown_reference(
            limit.measurement.span,
            "measurement",
            name,
            names,
        ));
    }
}

/// Names of what a case measures.
fn measured(case: &Case) -> Vec<String> {
    let mut names = Vec::new();
    visit(
        case.setup.iter().chain(&case.steps).chain(&case.cleanup),
        &mut |entry| {
            if let Step::Measure(measure) = &entry.step
                && let Some(name) = measure.name.as_literal()
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        },
    );
    names
}

fn known_capability(id: &str, span: Span, cx: &mut Decoder) {
    if capability::find(id).is_none() {
        let known = capability::all().iter().map(|capability| capability.id);
        cx.push(unknown_reference(span, "capability", id, known));
    }
}

/// Ids of the cases that a pattern fits, by their own id or by one of a published procedure.
fn fitting(pattern: &str, library: &Library) -> Vec<String> {
    let cases = library.cases();
    cases
        .filter(|(_, case)| {
            glob::matches(pattern, &case.id.value)
                || case.uca.iter().any(|(id, _)| id.value == pattern)
        })
        .map(|(_, case)| case.id.value.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::load::load_embedded;

    fn read_profile(text: &str) -> Result<Profile, Vec<String>> {
        let mut sources = Sources::new();
        let file = sources.add("profile.yaml", text.to_owned());
        let library = load_embedded().library;
        load(&sources, file, &library)
            .map(|(profile, _)| profile)
            .map_err(|found| found.iter().map(|d| d.plain(&sources)).collect())
    }

    #[test]
    fn fills_what_is_required_and_finds_the_cases() {
        let profile = read_profile(
            "profile: sample\nrequires: {M7: true, B41: false, association/max: 6}\nrequirements:\n  - {id: R1, cases: ['urcb/trigger-*', sRp5], capabilities: [M8]}\n",
        )
        .unwrap();
        assert!(profile.required("M7").unwrap().supported);
        assert!(!profile.required("B41").unwrap().supported);
        let most = profile.required("association/max").unwrap();
        assert_eq!(most.value.as_deref(), Some("6"));
        assert_eq!(profile.required("M8"), None);
        let requirements = profile.requirements(&load_embedded().library);
        let cases = &requirements[0].cases;
        assert!(cases.iter().any(|id| id == "urcb/trigger-data-change"));
        assert!(cases.iter().any(|id| id == "urcb/general-interrogation"));
    }

    #[test]
    fn tells_every_mistake_at_once() {
        let found = read_profile(
            "profile: sample\nrequires: {M77: true, M8: maybe}\nrequirements:\n  - {id: R1, cases: [urcb/general-interogation]}\n  - {id: R1, capabilities: [M8]}\n  - {id: R2}\n",
        )
        .unwrap_err();
        let text = found.join("\n");
        for part in [
            "`M77`",
            "a number",
            "urcb/general-interrogation",
            "twice",
            "nothing shows requirement `R2`",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert_eq!(found.len(), 5, "{text}");
    }
}
