//! The page stays small whatever a run comes to, and says what it leaves out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod large;

use iedassay_reports::html;
use large::large;

/// What a page may take, without captures.
const LIMIT: usize = 5_000_000;

#[test]
fn a_page_of_a_run_in_which_half_fails_stays_small_and_says_what_it_leaves_out() {
    let page = html::render(&large(320, 160)).unwrap();
    assert!(page.len() < LIMIT, "{} octets", page.len());
    assert!(page.contains("To keep this page small"));
    // The reason of every failure is there all the same.
    assert_eq!(page.matches("observed 3 instead of 0").count() / 160, 2);
    assert_eq!(page.matches("<article class=\"card fail\"").count(), 160);
}

#[test]
fn a_page_of_a_run_in_which_a_few_fail_leaves_nothing_out() {
    let page = html::render(&large(320, 12)).unwrap();
    assert!(page.len() < LIMIT, "{} octets", page.len());
    assert_eq!(page.matches("<pre class=\"octets\"").count(), 12);
    assert_eq!(
        page.matches("its PDU, messages and steps are left out")
            .count(),
        0
    );
}
