//! Body of the fuzz target of SCL: what must hold for any text at all.

use crate::scl::{self, MissingTypes, Options, SclErrors};

/// An SCL file in any encoding: errors say something and lie in the text, and what is read can be read again.
pub fn scl(file: &[u8]) {
    let Ok(text) = scl::decode(file) else {
        return;
    };
    let lines = text.lines().count();
    let errors = |errors: SclErrors| {
        assert!(!errors.to_string().is_empty());
        for error in &errors.0 {
            let line = usize::try_from(error.position.line).unwrap_or(usize::MAX);
            assert!(line <= lines.saturating_add(1), "{error} of {lines} lines");
        }
    };
    let _ = scl::ieds(&text).map_err(errors);
    for missing_types in [MissingTypes::Error, MissingTypes::LeaveOut] {
        let options = Options {
            missing_types,
            ..Options::default()
        };
        match scl::read(&text, &options) {
            Err(found) => errors(found),
            Ok(read) => {
                let again = scl::read(&text, &options).map(|again| again.warnings.len());
                assert_eq!(again.ok(), Some(read.warnings.len()));
            }
        }
    }
}
