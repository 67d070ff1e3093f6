//! Large and hostile SCL files. How long they take is measured by the example `scl_load`, not judged here.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod generated;

use iedassay_model::scl::{self, MissingTypes, Options, SclErrorKind};

#[test]
fn a_file_of_two_megabytes_loads_with_all_that_is_in_it() {
    let text = generated::station();
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

#[test]
fn hostile_files_end_at_a_bound_or_with_a_bounded_number_of_messages() {
    for (what, text) in generated::hostile(200_000) {
        for missing_types in [MissingTypes::Error, MissingTypes::LeaveOut] {
            let options = Options {
                missing_types,
                ..Options::default()
            };
            match scl::read(&text, &options) {
                Ok(description) => {
                    assert!(description.warnings.len() <= 1_000, "{what}");
                    assert!(
                        description.model.report_controls().count() <= 30_000,
                        "{what}"
                    );
                }
                Err(errors) => assert!(errors.0.len() <= 101, "{what}"),
            }
        }
    }
}

#[test]
fn one_line_cannot_describe_blocks_or_values_without_end() {
    let text = generated::hostile(100_000);
    for wanted in ["blocks of 99 instances", "arrays"] {
        let (_, text) = text.iter().find(|(what, _)| *what == wanted).unwrap();
        let errors = scl::parse(text, None).unwrap_err();
        assert_eq!(
            errors.0.last().unwrap().kind,
            SclErrorKind::ModelTooLarge,
            "{wanted}"
        );
    }
}
