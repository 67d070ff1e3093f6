//! Logs and their control blocks.

/// Hands the faults of this area on to the next list.
macro_rules! logs {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Logs {
                    /// Changes are not logged although the log is enabled.
                    ChangesNotLogged = "changes-not-logged", "IEC 61850-7-2, LCB, LogEna";
                    /// Changes are logged while the log is disabled.
                    LogWhileDisabled = "log-while-disabled", "IEC 61850-7-2, LCB, LogEna";
                    /// Changes are logged whatever TrgOps enables.
                    LogTriggersIgnored = "log-triggers-ignored", "IEC 61850-7-2, LCB, TrgOps";
                    /// An entry holds all members of the data set, not those that changed.
                    LogAllMembers = "log-all-members", "IEC 61850-7-2, log entry data";
                    /// Entries carry no reason code.
                    LogReasonMissing = "log-reason-missing", "IEC 61850-8-1, journal variables, ReasonCode";
                    /// Nothing is logged for integrity although period and trigger are set.
                    LogIntegrityMissing = "log-integrity-missing", "IEC 61850-7-2, LCB, IntgPd";
                    /// NewEntr and NewEntrTm tell the oldest entry.
                    LogStatusStale = "log-status-stale", "IEC 61850-7-2, GetLogStatusValues";
                    /// A write of the entry range of a log is answered with success.
                    LogStatusWritable = "log-status-writable", "IEC 61850-7-2, SetLCBValues";
                    /// The configuration of a log control block can be changed while it is enabled.
                    LogConfiguredWhileEnabled = "log-configured-while-enabled", "IEC 61850-7-2, SetLCBValues";
                    /// LogRef can be written while the log control block is enabled.
                    LogRefWrittenWhileEnabled = "log-ref-written-while-enabled", "IEC 61850-7-2, SetLCBValues, LogRef";
                    /// A data set can be deleted while a log control block uses it.
                    LogDataSetDeleted = "log-data-set-deleted", "IEC 61850-7-2, DeleteDataSet, response-";
                    /// OldEntrTm and NewEntrTm have changed places.
                    LogStatusTimesSwapped = "log-status-times-swapped", "IEC 61850-7-2, GetLogStatusValues";
                    /// A log control block can be enabled without a data set.
                    LogEnabledWithoutDataSet = "log-enabled-without-data-set", "IEC 61850-7-2, LCB, LogEna";
                    /// A LogRef that names no log is accepted.
                    UnknownLogRefAccepted = "unknown-log-ref-accepted", "IEC 61850-7-2, SetLCBValues, response-";
                    /// Attributes of a log control block that only the configuration sets take a write.
                    FixedLogAttributeAccepted = "fixed-log-attribute-accepted", "IEC 61850-6, LogSettings, Fix and Conf";
                    /// Of the control blocks of a log only the first makes entries.
                    LogOfOneBlock = "log-of-one-block", "IEC 61850-7-2, LOG, log control blocks of a log";
                    /// Disabling a log control block disables every other one of the same log.
                    LogDisabledForAll = "log-disabled-for-all", "IEC 61850-7-2, LCB, LogEna";
                    /// A full log takes no further entries.
                    FullLogStops = "full-log-stops", "IEC 61850-7-2, log as a ring";
                    /// A log is empty after an interruption of the supply.
                    LogLostOnRestart = "log-lost-on-restart", "IEC 61850-10, PIXIT Lg2";
                    /// Every entry has the identifier of the first.
                    LogEntryIdRepeated = "log-entry-id-repeated", "IEC 61850-7-2, EntryID";
                    /// QueryLogByTime begins with the oldest entry whatever the start of the range.
                    QueryStartIgnored = "query-start-ignored", "IEC 61850-7-2, QueryLogByTime, RangeStartTime";
                    /// QueryLogByTime ends with the newest entry whatever the end of the range.
                    QueryStopIgnored = "query-stop-ignored", "IEC 61850-7-2, QueryLogByTime, RangeStopTime";
                    /// QueryLogAfter answers the given entry too.
                    QueryAfterInclusive = "query-after-inclusive", "IEC 61850-7-2, QueryLogAfter";
                    /// QueryLogAfter of an unknown entry answers the whole log.
                    UnknownEntryRestarts = "unknown-entry-restarts", "IEC 61850-7-2, QueryLogAfter, response-";
                    /// A part of the entries is answered as if it were all.
                    LogMoreFollowsMissing = "log-more-follows-missing", "ISO 9506-2, ReadJournal, moreFollows";
                    /// A query of an unknown log is answered with no entries.
                    UnknownLogEmpty = "unknown-log-empty", "IEC 61850-8-1, QueryLogByTime, response-";
                    /// Entries come newest first.
                    LogEntriesReversed = "log-entries-reversed", "IEC 61850-7-2, QueryLogByTime";
                    /// Entries carry the time of the query.
                    LogTimeOfQuery = "log-time-of-query", "IEC 61850-7-2, TimeOfEntry";
                }
            }
            $($rest)*
        }
    };
}
