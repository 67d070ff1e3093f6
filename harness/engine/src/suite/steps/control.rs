//! `select`, `operate`, `cancel`, `expect-termination`.

use super::step;
use crate::cel::{BadValue, Expr, Field, FieldValue, Fields, Hex, Millis, ObjectName};
use crate::suite::{AddCause, WriteValue};
use crate::yaml::{words, yaml_struct};

macro_rules! control_step {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $ty:ty ),* $(,)?
        }
    ) => {
        step! {
            $(#[$meta])*
            pub struct $name {
                /// The controllable data object.
                pub control: Field<ObjectName>,
                /// The value commanded. For `operate` the opposite of the present one if absent; for `select` and `cancel`
                /// that of the last command to the object, if any.
                pub value: Option<ControlValue>,
                /// Who commands; the target's usual originator if absent.
                pub origin: Option<Origin>,
                /// Control number; counted by the harness if absent. 255 is the largest that there is; a case of robustness may give up
                /// to 4294967295.
                pub ctl_num: Option<Field<u32>>,
                /// The Test flag; `false` if absent.
                pub test: Option<Field<bool>>,
                /// Time of activation: this long from now (only for objects with `operTm`).
                pub activate_after: Option<Field<Millis>>,
                /// Time of activation: this long ago, a time that has passed (only for objects with `operTm`).
                pub activate_before: Option<Field<Millis>>,
                /// The refusal must carry one of these additional causes. Where the control model makes
                /// LastApplError optional (normal security) its absence, or its coming after the response, leaves a finding, unless the PIXIT promises it.
                pub add_cause: Option<Fields<AddCause>>,
                $( $(#[$field_meta])* pub $field: $ty, )*
            }
        }

        impl $name {
            /// What it says of the command, whichever control step it is.
            #[allow(clippy::needless_update, reason = "only `cancel` has no keys of its own")]
            pub(crate) fn keys(&self) -> ControlKeys<'_> {
                ControlKeys {
                    value: self.value.as_ref(),
                    origin: self.origin.as_ref(),
                    ctl_num: self.ctl_num.as_ref(),
                    test: self.test.as_ref(),
                    activate_after: self.activate_after.as_ref(),
                    activate_before: self.activate_before.as_ref(),
                    add_cause: self.add_cause.as_ref(),
                    $( $field: self.$field.as_ref(), )*
                    ..ControlKeys::default()
                }
            }
        }
    };
}

/// What a control step says of its command; [`Cancel`] has no Check.
#[derive(Default)]
pub(crate) struct ControlKeys<'a> {
    pub(crate) value: Option<&'a ControlValue>,
    pub(crate) origin: Option<&'a Origin>,
    pub(crate) ctl_num: Option<&'a Field<u32>>,
    pub(crate) test: Option<&'a Field<bool>>,
    pub(crate) activate_after: Option<&'a Field<Millis>>,
    pub(crate) activate_before: Option<&'a Field<Millis>>,
    pub(crate) add_cause: Option<&'a Fields<AddCause>>,
    pub(crate) synchro_check: Option<&'a Field<bool>>,
    pub(crate) interlock_check: Option<&'a Field<bool>>,
    pub(crate) check_bits: Option<&'a Field<u32>>,
}

impl<'a> ControlKeys<'a> {
    /// The expressions inside.
    pub(crate) fn exprs(&self) -> Vec<&'a Expr> {
        let mut all: Vec<&Expr> = Vec::new();
        all.extend(self.value.into_iter().flat_map(ControlValue::exprs));
        all.extend(self.origin.into_iter().flat_map(Origin::exprs));
        all.extend(self.ctl_num.into_iter().flat_map(Field::exprs));
        all.extend(self.test.into_iter().flat_map(Field::exprs));
        all.extend(self.activate_after.into_iter().flat_map(Field::exprs));
        all.extend(self.activate_before.into_iter().flat_map(Field::exprs));
        all.extend(self.add_cause.into_iter().flat_map(|a| a.exprs()));
        all.extend(self.synchro_check.into_iter().flat_map(Field::exprs));
        all.extend(self.interlock_check.into_iter().flat_map(Field::exprs));
        all.extend(self.check_bits.into_iter().flat_map(Field::exprs));
        all
    }
}

control_step! {
    /// Selects a control object: reads SBO, or writes SBOw with enhanced security.
    ///
    /// Result: `reference` (what reading SBO gave; empty if refused), `addCause` (word, or empty), `error` (word, or empty).
    /// A selection is cancelled when the case ends.
    pub struct Select {
        /// Check: synchrocheck (SBOw only).
        pub synchro_check: Option<Field<bool>>,
        /// Check: interlocking (SBOw only).
        pub interlock_check: Option<Field<bool>>,
        /// How many bits Check has; the two that there are if absent, another number is for cases of robustness (SBOw only).
        pub check_bits: Option<Field<u32>>,
    }
}

control_step! {
    /// Operates a control object.
    ///
    /// Result: `value`, `ctlNum`, `origin` (`category`, `identification` in hexadecimal), `test` (as sent), `error` (word, or
    /// empty), `addCause` (word, or empty), `before` (the status before the command).
    pub struct Operate {
        /// Check: synchrocheck.
        pub synchro_check: Option<Field<bool>>,
        /// Check: interlocking.
        pub interlock_check: Option<Field<bool>>,
        /// How many bits Check has; the two that there are if absent, another number is for cases of robustness.
        pub check_bits: Option<Field<u32>>,
    }
}

control_step! {
    /// Cancels a selection or a time-activated command.
    ///
    /// Result: `error` (word, or empty), `addCause` (word, or empty).
    pub struct Cancel {}
}

step! {
    /// Waits for the CommandTermination of a command with enhanced security (IEC 61850-7-2): a positive one, unless the step says
    /// otherwise. Each is handed out once; one that came before this step is the first.
    ///
    /// Result: `positive`, `value`, `ctlNum` and `origin` (of the Oper that it repeats, as `operate` has them), `addCause` (word, or
    /// empty), `order` (`after` the response to the command, or `before` it).
    pub struct ExpectTermination {
        /// The control object.
        pub control: Field<ObjectName>,
        /// It must be negative and carry one of these additional causes.
        pub add_cause: Option<Fields<AddCause>>,
        /// `true`: none may come within the time.
        pub absent: Option<Field<bool>>,
    }
}

/// The value of a command.
#[derive(Debug, Clone, PartialEq)]
pub enum ControlValue {
    /// The opposite of the present status, or another legal value (`other`).
    Other,
    /// The present status (`present`).
    Present,
    /// This value.
    Value(WriteValue),
}

impl crate::yaml::FromNode for ControlValue {
    fn from_node(node: &crate::yaml::Node, cx: &mut crate::yaml::Decoder) -> Option<Self> {
        match node.text() {
            Some("other") => Some(Self::Other),
            Some("present") => Some(Self::Present),
            _ => WriteValue::from_node(node, cx).map(Self::Value),
        }
    }
}

impl ControlValue {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        match self {
            Self::Value(value) => value.exprs(),
            Self::Other | Self::Present => Vec::new(),
        }
    }
}

impl schemars::JsonSchema for ControlValue {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ControlValue".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<WriteValue>();
        schemars::json_schema!({"anyOf": [{"enum": ["other", "present"]}, value]})
    }
}

yaml_struct! {
    /// Originator of a command (IEC 61850-7-2).
    pub struct Origin {
        /// orCat, also a number that is no category.
        pub category: Option<Field<OrCat>>,
        /// orIdent in hexadecimal.
        pub identification: Option<Field<Hex>>,
    }
}

impl Origin {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = self.category.iter().flat_map(Field::exprs).collect();
        all.extend(self.identification.iter().flat_map(Field::exprs));
        all
    }
}

words! {
    /// Originator categories that have a name.
    enum OrCatWord ("originator category") {
        /// 0.
        NotSupported = "not-supported",
        /// 1.
        BayControl = "bay-control",
        /// 2.
        StationControl = "station-control",
        /// 3.
        RemoteControl = "remote-control",
        /// 4.
        AutomaticBay = "automatic-bay",
        /// 5.
        AutomaticStation = "automatic-station",
        /// 6.
        AutomaticRemote = "automatic-remote",
        /// 7.
        Maintenance = "maintenance",
        /// 8.
        Process = "process",
    }
}

/// An originator category by word or by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrCat(pub i64);

impl FieldValue for OrCat {
    const WHAT: &'static str =
        "originator category (a word such as `station-control`, or a number)";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        if let Ok(number) = text.parse() {
            return Ok(Self(number));
        }
        OrCatWord::words()
            .position(|w| w == text)
            .and_then(|i| i64::try_from(i).ok())
            .map(Self)
            .ok_or_else(|| BadValue::word(OrCatWord::WHAT, text, OrCatWord::words()))
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = OrCatWord::words().collect();
        schemars::json_schema!({"anyOf": [{"type": "integer"}, {"enum": words}]})
    }
}
