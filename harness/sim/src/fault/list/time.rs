//! The clock, and following time servers.

/// Hands the faults of this area on to the next list.
macro_rules! time {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Time {
                    /// Time servers are asked and their answers have no effect.
                    TimeServerIgnored = "time-server-ignored", "IEC 61850-8-1, time synchronisation; RFC 4330, 5";
                    /// Requests to time servers are those of another server (symmetric active), not of a client.
                    TimeRequestOfServer = "time-request-of-server", "IEC 61850-8-1, time synchronisation; RFC 4330, 5, mode of the request";
                    /// The time of a server that says it is not synchronised is taken.
                    UnsynchronizedServerBelieved = "unsynchronized-server-believed", "IEC 61850-8-1, time synchronisation; RFC 4330, 5, leap indicator";
                    /// An answer of a time server that repeats another request is taken.
                    WrongOriginateAccepted = "wrong-originate-accepted", "IEC 61850-8-1, time synchronisation; RFC 4330, 5, originate timestamp";
                    /// An answer of a time server with the mode of a client is taken.
                    WrongTimeModeAccepted = "wrong-time-mode-accepted", "IEC 61850-8-1, time synchronisation; RFC 4330, 5, mode of the answer";
                    /// An answer of a time server with another version than the request is taken.
                    WrongTimeVersionAccepted = "wrong-time-version-accepted", "IEC 61850-8-1, time synchronisation; RFC 4330, 5, version number";
                    /// The time in a kiss-o'-death, stratum 0, is taken.
                    KissOfDeathBelieved = "kiss-of-death-believed", "IEC 61850-8-1, time synchronisation; RFC 4330, 8, kiss-o'-death";
                    /// An answer of a time server without a transmit timestamp is taken: for 1970.
                    ZeroTransmitAccepted = "zero-transmit-accepted", "IEC 61850-8-1, time synchronisation; RFC 4330, 5, transmit timestamp";
                    /// ClockNotSynchronized stays FALSE when no time server answers any more.
                    LostSyncNotFlagged = "lost-sync-not-flagged", "IEC 61850-7-2, TimeQuality, ClockNotSynchronized";
                    /// ClockNotSynchronized becomes TRUE twenty times later than stated.
                    LostSyncFlaggedLate = "lost-sync-flagged-late", "IEC 61850-7-2, TimeQuality, ClockNotSynchronized; PIXIT Tm4";
                    /// Once ClockNotSynchronized has become TRUE it stays TRUE.
                    LostSyncNeverCleared = "lost-sync-never-cleared", "IEC 61850-7-2, TimeQuality, ClockNotSynchronized";
                    /// The loss of time servers is told as a failure of the clock.
                    LostSyncIsClockFailure = "lost-sync-is-clock-failure", "IEC 61850-7-2, TimeQuality, ClockFailure";
                    /// Leap seconds are never known, although the clock follows UTC.
                    LeapSecondsNotKnown = "leap-seconds-not-known", "IEC 61850-7-2, TimeQuality, LeapSecondsKnown";
                    /// Time stamps are of a time zone one hour east.
                    TimeStampsLocal = "time-stamps-local", "IEC 61850-7-2, TimeStamp, UTC";
                    /// Time stamps claim 20 significant bits of the fraction, a microsecond.
                    AccuracyOverstated = "accuracy-overstated", "IEC 61850-7-2, TimeQuality, TimeAccuracy; PICS T2";
                    /// The second time server is never asked.
                    SecondTimeServerUnused = "second-time-server-unused", "IEC 61850-8-1, time synchronisation, more than one server";
                    /// A server that announces a leap second is taken for one that is not synchronised.
                    LeapAnnouncementRefused = "leap-announcement-refused", "IEC 61850-8-1, time synchronisation; RFC 4330, 4, leap indicator";
                    /// A leap second is inserted when it is announced, not when it comes.
                    LeapTakenAtOnce = "leap-taken-at-once", "IEC 61850-8-1, time synchronisation; RFC 4330, 4, leap indicator";
                    /// Times after the era of NTP that ends in 2036 are taken for 1970.
                    EraOf2036Unknown = "era-of-2036-unknown", "IEC 61850-8-1, time synchronisation; RFC 4330, 3, era of the timestamp";
                    /// A time server that is more than a minute off is ignored, and the clock is said to be synchronised.
                    LargeStepIgnored = "large-step-ignored", "IEC 61850-7-2, TimeQuality, ClockNotSynchronized";
                    /// Entries of reports show a clock that no time server sets.
                    EntryTimeNotSynchronized = "entry-time-not-synchronized", "IEC 61850-7-2, TimeOfEntry";
                    /// Entries of logs show a clock that no time server sets.
                    LogTimeNotSynchronized = "log-time-not-synchronized", "IEC 61850-7-2, log, TimeOfEntry";
                }
            }
            $($rest)*
        }
    };
}
