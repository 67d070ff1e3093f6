//! `time-server`, `expect-time-request`.

use super::Common;
use crate::cel::{ExprList, Field, Millis, Name};
use crate::diagnostic::Spanned;
use crate::suite::Window;
use crate::yaml::{words, yaml_struct};

yaml_struct! {
    /// Says how the harness answers from now on as the time server of the device (SNTP). What is not given is right. When the case ends
    /// it tells the right time again, and waits until the device has it. Needs `allow: time-server`.
    ///
    /// Result: `ahead` (milliseconds that its clock is ahead).
    pub struct TimeServer {
        /// Which of the servers that the target names; `both` if absent.
        pub server: Option<Field<TimeServers>>,
        /// Its clock is ahead by this.
        pub ahead: Option<Field<Millis>>,
        /// Its clock is behind by this.
        pub behind: Option<Field<Millis>>,
        /// What its clock shows now, in UTC: `2036-02-07T06:28:00Z`.
        pub shows: Option<Field<String>>,
        /// Leap indicator; `none` if absent.
        pub leap: Option<Field<LeapWord>>,
        /// Stratum; 1 if absent. 0 is a kiss-o'-death.
        pub stratum: Option<Field<u32>>,
        /// Version; that of the request if absent.
        pub version: Option<Field<u32>>,
        /// Mode; 4, of a server, if absent.
        pub mode: Option<Field<u32>>,
        /// What it repeats of the request; `right` if absent.
        pub originate: Option<Field<OriginateWord>>,
        /// `false`: without a transmit timestamp.
        pub transmit: Option<Field<bool>>,
        /// `true`: it does not answer.
        pub silent: Option<Field<bool>>,
        /// A name for the result and for the instant.
        pub r#as: Option<Spanned<Name>>,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

words! {
    /// A time server of the harness.
    pub enum TimeServers ("time server") {
        /// The first.
        First = "first",
        /// The second.
        Second = "second",
        /// All that the target names.
        Both = "both",
    }
}

words! {
    /// Leap indicator.
    pub enum LeapWord ("leap indicator") {
        /// No leap second is near.
        None = "none",
        /// The last minute of the day has 61 seconds.
        Insert = "insert",
        /// The last minute of the day has 59 seconds.
        Delete = "delete",
        /// The server is not synchronised.
        Unsynchronized = "unsynchronized",
    }
}

words! {
    /// What an answer repeats of the request.
    pub enum OriginateWord ("originate timestamp") {
        /// Its transmit timestamp.
        Right = "right",
        /// That of another request.
        Wrong = "wrong",
        /// Nothing.
        Nothing = "nothing",
    }
}

yaml_struct! {
    /// Waits for a request of the device to the time server of the harness; each is handed out once. `time-server` forgets those that
    /// came before it.
    ///
    /// Result: `server` (`first` or `second`), `version`, `mode`, `leap` (word), `stratum`, `poll` of the request, `size` of the datagram
    /// in octets, `transmit` (its time in milliseconds since 1970, or null), `answered`, `from` (address).
    pub struct ExpectTimeRequest {
        /// To which of the servers; `both`, that is any, if absent.
        pub server: Option<Field<TimeServers>>,
        /// The how manyth request from now on; 1 if absent.
        pub count: Option<Field<u32>>,
        /// `true`: none may come within the time.
        pub absent: Option<Field<bool>>,
        /// When it must be there: `2s` or `{after: first, min: 900ms, max: 1200ms}`.
        pub within: Window,
        /// A name for the result and for the instant.
        pub r#as: Option<Spanned<Name>>,
        /// Expressions that must be true afterwards.
        #[schemars(default)]
        pub check: ExprList,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

impl TimeServer {
    /// The keys it shares with other steps.
    #[must_use]
    pub fn common(&self) -> Common<'_> {
        Common {
            bind: self.r#as.as_ref(),
            why: self.why.as_ref(),
            ..Common::default()
        }
    }
}

impl ExpectTimeRequest {
    /// The keys it shares with other steps.
    #[must_use]
    pub fn common(&self) -> Common<'_> {
        Common {
            bind: self.r#as.as_ref(),
            within: Some(&self.within),
            check: super::checks(&self.check),
            why: self.why.as_ref(),
            ..Common::default()
        }
    }
}
