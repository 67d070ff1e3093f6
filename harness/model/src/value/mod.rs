//! Values of IEC 61850 over MMS data: quality, time stamps, coded enumerations, option sets, texts, and legality.

mod bits;
mod fit;
mod quality;
mod text;
mod time;

pub use bits::{Dbpos, ReasonCode, Tcmd};
pub use fit::{Misfit, MisfitKind, data_fits_type, value_fits};
pub use quality::{Quality, QualityDetail, Source, Validity};
pub use text::{ValueError, ValueErrorKind, format_value, initial_value, parse_value};
pub use time::{Timestamp, TimestampQuality, format_duration, parse_date_time, parse_duration};
