//! A small part of the soak (`examples/soak`): associations that end in every way, and nothing is lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

#[path = "../examples/soak/soak.rs"]
mod soak;

#[test]
fn nothing_is_lost_over_associations_that_end_in_every_way() {
    let plan = soak::Plan {
        associations: 12,
        requests: 300,
        connected: 60,
        disconnected: 30,
    };
    let told = soak::run(plan);
    assert_eq!(told.associations, plan.associations);
    assert_eq!(told.requests, plan.associations * plan.requests);
    assert_eq!(told.buffered, told.changes);
    assert_eq!(told.unbuffered, plan.associations * plan.connected);
    assert!(told.again > 0, "no report was under way at an end: {told}");
    assert!(told.resident.iter().all(|kilobytes| *kilobytes > 0) || !cfg!(target_os = "linux"));
}
