//! Small helpers over the XML document, and the collector of warnings and errors.

use roxmltree::Node;

use super::{
    MissingTypes,
    error::{Position, SclError, SclErrorKind, SclErrors, Warning},
};

/// More warnings than this nobody reads.
const MAX_WARNINGS: usize = 1_000;
const MAX_ERRORS: usize = 100;
/// Names compared with all others, for `did you mean`.
const MAX_SUGGESTIONS: usize = 20;

/// The text being read, and what is found to be wrong with it.
pub(crate) struct Context<'a, 'i> {
    pub(crate) root: Node<'a, 'i>,
    lines: position::Lines<'i>,
    missing_types: MissingTypes,
    warnings: Vec<Warning>,
    errors: Vec<SclError>,
    /// What would be errors if missing types were not left out.
    flaws: Vec<SclError>,
    suggestions: usize,
}

impl<'a, 'i> Context<'a, 'i> {
    pub(crate) fn new(text: &'i str, root: Node<'a, 'i>, missing_types: MissingTypes) -> Self {
        Self {
            root,
            lines: position::Lines::new(text),
            missing_types,
            warnings: Vec::new(),
            errors: Vec::new(),
            flaws: Vec::new(),
            suggestions: 0,
        }
    }

    pub(crate) fn position(&self, node: Node<'_, '_>) -> Position {
        self.lines.at(node.range().start)
    }

    /// Something odd: what and what is made of it, and what to do about it.
    pub(crate) fn warn(
        &mut self,
        node: Node<'_, '_>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(Warning {
                position: self.position(node),
                message: message.into(),
                remedy: remedy.into(),
            });
        }
    }

    /// A type that cannot be had: an error, or a warning that its user is left out.
    pub(crate) fn flaw(&mut self, user: Node<'_, '_>, kind: SclErrorKind) {
        if self.missing_types == MissingTypes::Error {
            return self.error(user, kind);
        }
        if self.warnings.len() >= MAX_WARNINGS && self.flaws.len() >= MAX_ERRORS {
            return;
        }
        let flaw = SclError {
            position: self.position(user),
            kind,
        };
        let name = attr(user, "name").map_or_else(
            || {
                ["prefix", "lnClass", "inst"]
                    .map(|part| attr(user, part).unwrap_or_default())
                    .concat()
            },
            str::to_owned,
        );
        self.warn(
            user,
            format!(
                "{flaw}, {} `{}` is left out",
                user.tag_name().name(),
                shorten(&name)
            ),
            flaw.remedy(),
        );
        if self.flaws.len() < MAX_ERRORS {
            self.flaws.push(flaw);
        }
    }

    /// The name that was meant. Looking for it takes time, so it is done for the first mistakes only.
    pub(crate) fn nearest<'n>(
        &mut self,
        wanted: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Option<&'n str> {
        self.suggestions = self.suggestions.saturating_add(1);
        (self.suggestions <= MAX_SUGGESTIONS)
            .then(|| crate::nearest::nearest(wanted, known))
            .flatten()
    }

    /// `did you mean ...?`, or what else to do.
    pub(crate) fn did_you_mean<'n>(
        &mut self,
        wanted: &str,
        known: impl Iterator<Item = &'n str>,
        otherwise: &str,
    ) -> String {
        self.nearest(wanted, known).map_or_else(
            || otherwise.to_owned(),
            |name| format!("did you mean `{}`?", shorten(name)),
        )
    }

    /// What was left out turns out to be everything.
    pub(crate) fn nothing_left(&mut self) {
        let flaws = core::mem::take(&mut self.flaws);
        self.errors.extend(flaws);
    }

    pub(crate) fn error(&mut self, node: Node<'_, '_>, kind: SclErrorKind) {
        // Telling the column takes time in a file of one long line.
        if self.failed() {
            return;
        }
        let error = SclError {
            position: self.position(node),
            kind,
        };
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// The error that ends the reading, together with those found before.
    pub(crate) fn fail(&self, node: Node<'_, '_>, kind: SclErrorKind) -> SclErrors {
        let mut errors = self.errors.clone();
        errors.push(SclError {
            position: self.position(node),
            kind,
        });
        SclErrors(errors)
    }

    pub(crate) fn failed(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    /// The warnings so far, or the errors if there are any.
    pub(crate) fn finish(&mut self) -> Result<Vec<Warning>, SclErrors> {
        if self.errors.is_empty() {
            Ok(self.warnings.clone())
        } else {
            self.errors.sort_by_key(|error| error.position);
            Err(SclErrors(core::mem::take(&mut self.errors)))
        }
    }

    /// A number attribute; one that is no number is warned about and taken as absent.
    pub(crate) fn number(&mut self, node: Node<'_, '_>, name: &str) -> Option<u32> {
        let text = attr(node, name)?.trim();
        let number = text.parse().ok();
        if number.is_none() {
            self.warn(
                node,
                format!(
                    "`{name}=\"{}\"` is not a number, it is taken as absent",
                    shorten(text)
                ),
                "write a whole number from 0",
            );
        }
        number
    }

    /// A boolean attribute with its default.
    pub(crate) fn flag(&mut self, node: Node<'_, '_>, name: &str, default: bool) -> bool {
        match attr(node, name).map(str::trim) {
            None => default,
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(text) => {
                self.warn(
                    node,
                    format!(
                        "`{name}=\"{}\"` is neither true nor false, taken as {default}",
                        shorten(text)
                    ),
                    "write `true` or `false`",
                );
                default
            }
        }
    }
}

/// Children that are elements of this name and of the namespace of their parent (private elements have others).
pub(crate) fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| is(*child, node, name))
}

/// Children that are elements of the namespace of their parent: what vendors add in their own namespaces is not for us.
pub(crate) fn elements<'a, 'i: 'a>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| {
        child.is_element() && child.tag_name().namespace() == node.tag_name().namespace()
    })
}

fn is(child: Node<'_, '_>, parent: Node<'_, '_>, name: &str) -> bool {
    child.is_element()
        && child.tag_name().name() == name
        && child.tag_name().namespace() == parent.tag_name().namespace()
}

/// An attribute without namespace.
pub(crate) fn attr<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes()
        .find(|attribute| attribute.name() == name && attribute.namespace().is_none())
        .map(|a| a.value())
}

/// The text in an element, trimmed.
pub(crate) fn text(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for child in node.children().filter(|child| child.is_text()) {
        text.push_str(child.text().unwrap_or_default());
    }
    text.trim().to_owned()
}

/// Whether MMS can carry a name as a part of an identifier. Names in the field have characters that the standard does not allow.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"$/.()".contains(&byte))
}

/// The beginning of a text, for messages.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

pub(crate) mod position {
    //! Byte offsets to lines and columns, by one table of line starts.

    use super::Position;

    pub(crate) struct Lines<'i> {
        text: &'i str,
        starts: Vec<usize>,
    }

    impl<'i> Lines<'i> {
        pub(crate) fn new(text: &'i str) -> Self {
            let after = text
                .bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at.saturating_add(1));
            Self {
                text,
                starts: core::iter::once(0).chain(after).collect(),
            }
        }

        pub(crate) fn at(&self, offset: usize) -> Position {
            let line = self.starts.partition_point(|start| *start <= offset);
            let start = line
                .checked_sub(1)
                .and_then(|index| self.starts.get(index))
                .copied()
                .unwrap_or(0);
            let column = self
                .text
                .get(start..offset)
                .map_or(0, |before| before.chars().count())
                .saturating_add(1);
            Position {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: u32::try_from(column).unwrap_or(u32::MAX),
                offset,
            }
        }
    }

    /// Offset of a line and column, as near as it can be told.
    pub(crate) fn offset_of(text: &str, line: u32, column: u32) -> usize {
        let skip = usize::try_from(line)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let start: usize = text.split_inclusive('\n').take(skip).map(str::len).sum();
        let column = usize::try_from(column)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let within: usize = text
            .get(start..)
            .unwrap_or_default()
            .chars()
            .take(column)
            .map(char::len_utf8)
            .sum();
        start.saturating_add(within).min(text.len())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn lines_and_columns_count_from_one_in_characters() {
            let lines = Lines::new("ab\ncödx\n");
            assert_eq!(
                lines.at(0),
                Position {
                    line: 1,
                    column: 1,
                    offset: 0
                }
            );
            assert_eq!(
                lines.at(3),
                Position {
                    line: 2,
                    column: 1,
                    offset: 3
                }
            );
            assert_eq!(
                lines.at(6),
                Position {
                    line: 2,
                    column: 3,
                    offset: 6
                }
            );
            assert_eq!(offset_of("ab\ncödx\n", 2, 3), 6);
            assert_eq!(offset_of("ab", 9, 9), 2);
        }
    }
}
