//! Two macros that write what a derive would: one definition gives the Rust type, its reader and its JSON Schema.

/// A struct read from a YAML map: `snake_case` fields are `kebab-case` keys, unknown keys are errors,
/// `Option`, `Vec` and `Table` may be absent.
macro_rules! yaml_struct {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $( $(#[$field_meta:meta])* $field_vis:vis $field:ident : $ty:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, schemars::JsonSchema)]
        #[schemars(rename_all = "kebab-case", deny_unknown_fields)]
        $vis struct $name {
            $( $(#[$field_meta])* $field_vis $field: $ty, )*
        }

        impl $crate::yaml::FromNode for $name {
            fn from_node(
                node: &$crate::yaml::Node,
                cx: &mut $crate::yaml::Decoder,
            ) -> Option<Self> {
                let mut map = cx.map(node, "a map")?;
                $( let $field = map.field::<$ty>(stringify!($field), cx); )*
                map.finish(cx);
                Some(Self { $( $field: $field? ),* })
            }
        }
    };
}
pub(crate) use yaml_struct;

/// An enum whose variants are words in YAML.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident ($what:literal) {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, schemars::JsonSchema)]
        $vis enum $name {
            $( $(#[$variant_meta])* #[schemars(rename = $word)] $variant, )*
        }

        impl $name {
            /// Every value, in the order of the standard.
            $vis const ALL: &'static [Self] = &[$( Self::$variant ),*];
            /// What a value is called in messages.
            $vis const WHAT: &'static str = $what;

            /// The word in YAML.
            #[must_use]
            $vis const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }

            /// The value of a word.
            #[must_use]
            $vis fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }

            /// All words.
            $vis fn words() -> impl Iterator<Item = &'static str> + Clone {
                Self::ALL.iter().map(|w| w.as_str())
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::yaml::FromNode for $name {
            fn from_node(
                node: &$crate::yaml::Node,
                cx: &mut $crate::yaml::Decoder,
            ) -> Option<Self> {
                let Some(text) = node.text() else {
                    cx.wrong_type(node, concat!("a ", $what));
                    return None;
                };
                let value = Self::from_word(text);
                if value.is_none() {
                    cx.unknown_word(node.span, $what, text, Self::words());
                }
                value
            }
        }

        impl $crate::cel::FieldValue for $name {
            const WHAT: &'static str = $what;

            fn from_text(text: &str) -> Result<Self, $crate::cel::BadValue> {
                Self::from_word(text)
                    .ok_or_else(|| $crate::cel::BadValue::word($what, text, Self::words()))
            }
        }
    };
}
pub(crate) use words;
