//! Values between the wire and the suites: MMS Data as expressions see it, as suites write it, and as the harness
//! makes it up.
//!
//! How expressions see a value: whole numbers as `int`, floating point as `double`, texts as they are, octets as
//! hexadecimal text, entry times as milliseconds since 1970, time stamps as a map of `ms` (since 1970), `leapSecondsKnown`,
//! `clockFailure`, `clockNotSynchronized` and `accuracy` (significant bits of the fraction), double points and step commands as their word (`on`, `off`),
//! quality and option flags as lists of words (`['invalid', 'test']`), other bit strings as text (`0b0110`), arrays as
//! lists, structures as maps by component name where the model knows the names and as lists elsewhere.

mod choose;
mod show;
mod words;
mod write;

pub use choose::{different, next_for_stimulus, out_of_range, wrong_type};
pub(crate) use show::hex;
pub(crate) use show::main_leaf;
pub use show::{line_text, list, map, to_cel};
pub use words::{Words, flag_words};
pub(crate) use write::oid;
pub use write::{Shape, ValueProblem, from_literal, from_write_value};
