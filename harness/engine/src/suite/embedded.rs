//! The suites, targets and profiles inside the binary: every `.yaml` below `suites/`, put there by the build script.

include!(concat!(env!("OUT_DIR"), "/embedded_suites.rs"));

/// The text of an embedded file by its name below `suites/`, for instance `reporting/bundling.yaml`.
#[must_use]
pub fn get(name: &str) -> Option<&'static str> {
    SUITES
        .iter()
        .chain(TARGETS)
        .chain(PROFILES)
        .find(|(n, _)| *n == name)
        .map(|(_, text)| *text)
}
