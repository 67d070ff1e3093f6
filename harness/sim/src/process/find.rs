//! What the model has for the process side, by parts of its references.

use iedassay_model::{
    Fc,
    tree::{Node, NodeKind, ServerModel},
};

/// Most lines of an answer.
const MAX_LINES: usize = 500;

/// Something that the process side can treat.
pub(crate) struct Listed<'a> {
    /// Its reference as text.
    pub(crate) reference: String,
    /// The value, or the controllable object.
    pub(crate) node: Node<'a>,
}

/// What can be set (and with `controls` what can be controlled) whose reference has the pattern: at most as many as an answer has
/// lines, and how many there are.
pub(crate) fn list<'a>(
    model: &'a ServerModel,
    pattern: &str,
    controls: bool,
) -> (Vec<Listed<'a>>, usize) {
    let mut found = Vec::new();
    let mut of = 0;
    for node in model.variables() {
        // What stands under `CO` belongs to clients.
        let value = node.kind() == NodeKind::Attribute
            && node.is_leaf()
            && !node.in_array()
            && node.fc() != Some(Fc::CO);
        let control = controls && node.kind() == NodeKind::DataObject && node.fc() == Some(Fc::CO);
        if !control && !value {
            continue;
        }
        let reference = node.reference().to_string();
        if !matches(&reference, pattern) {
            continue;
        }
        of += 1;
        if found.len() < MAX_LINES {
            found.push(Listed { reference, node });
        }
    }
    (found, of)
}

/// Whether the parts of a pattern, divided by `*`, stand in a text one after the other.
fn matches(text: &str, pattern: &str) -> bool {
    let mut rest = text;
    pattern.split('*').all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_pattern_stand_one_after_the_other() {
        for (pattern, fits) in [
            ("", true),
            ("*", true),
            ("GGIO1", true),
            ("GGIO1*stVal", true),
            ("stVal*GGIO1", false),
            ("Ind1*Ind1", false),
            ("ggio1", false),
            ("[ST]", true),
        ] {
            assert_eq!(
                matches("ASSAYLD0/GGIO1.Ind1.stVal[ST]", pattern),
                fits,
                "{pattern}"
            );
        }
    }

    #[test]
    fn controls_are_listed_as_objects_and_not_by_their_parts() {
        let model = iedassay_model::scl::builtin().unwrap().model;
        let (found, of) = list(&model, "[CO]", true);
        assert!(of > 0 && of == found.len());
        assert!(
            found
                .iter()
                .all(|listed| listed.node.kind() == NodeKind::DataObject)
        );
        let (values, _) = list(&model, "GGIO1.Ind1.", false);
        assert!(
            values
                .iter()
                .any(|listed| listed.reference == "ASSAYLD0/GGIO1.Ind1.stVal[ST]")
        );
        let (first, all) = list(&model, "", true);
        assert_eq!(first.len(), all.min(MAX_LINES));
    }
}
