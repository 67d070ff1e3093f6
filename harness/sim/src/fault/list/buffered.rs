//! Buffered report control blocks: the buffer, EntryIDs, resynchronisation, reservation by time.

/// Hands the faults of this area on to the next list.
macro_rules! buffered {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Buffered {
                    /// A written EntryID is accepted, and after the enable the whole buffer comes all the same.
                    EntryIdIgnored = "entry-id-ignored", "IEC 61850-7-2, EntryID and resynchronization";
                    /// EntryID cannot be written, so that no client can resynchronise.
                    EntryIdReadOnly = "entry-id-read-only", "IEC 61850-7-2, SetBRCBValues, EntryID";
                    /// EntryID can be written while the block is enabled, and delivery jumps there.
                    EntryIdWhileEnabled = "entry-id-while-enabled", "IEC 61850-7-2, SetBRCBValues, EntryID";
                    /// An EntryID of a wrong size is answered with success.
                    EntryIdSizeUnchecked = "entry-id-size-unchecked", "IEC 61850-8-1, EntryID";
                    /// An EntryID that is not in the buffer is answered with success.
                    UnknownEntryIdAccepted = "unknown-entry-id-accepted", "IEC 61850-7-2, SetBRCBValues, EntryID";
                    /// An unknown EntryID is refused, and what waits is never delivered all the same.
                    UnknownEntryIdSkipsBuffer = "unknown-entry-id-skips-buffer", "IEC 61850-7-2, EntryID and resynchronization";
                    /// An EntryID of zeros, which asks for the whole buffer, is refused.
                    ZeroEntryIdRefused = "zero-entry-id-refused", "IEC 61850-7-2, EntryID and resynchronization";
                    /// An EntryID of zeros skips what waits.
                    ZeroEntryIdSkipsBuffer = "zero-entry-id-skips-buffer", "IEC 61850-7-2, EntryID and resynchronization";
                    /// After resynchronisation the named entry itself comes once more.
                    ResyncRepeatsEntry = "resync-repeats-entry", "IEC 61850-7-2, EntryID and resynchronization";
                    /// After resynchronisation the entry behind the named one is left out.
                    ResyncSkipsEntry = "resync-skips-entry", "IEC 61850-7-2, EntryID and resynchronization";
                    /// Two entries one after the other have the same EntryID.
                    EntryIdRepeated = "entry-id-repeated", "IEC 61850-7-2, EntryID";
                    /// EntryIDs begin anew after a purge, so that an old one names another entry.
                    EntryIdsAnewAfterPurge = "entry-ids-anew-after-purge", "IEC 61850-7-2, EntryID";
                    /// EntryIDs begin anew after a restart, so that an old one names another entry.
                    EntryIdsAnewAfterRestart = "entry-ids-anew-after-restart", "IEC 61850-7-2, EntryID";
                    /// While the block is disabled EntryID reads as the last entry sent, not the last one put in.
                    EntryIdOfLastSent = "entry-id-of-last-sent", "IEC 61850-7-2, EntryID";
                    /// Reports carry an EntryID of zeros.
                    ReportedEntryIdZero = "reported-entry-id-zero", "IEC 61850-7-2, EntryID";
                    /// EntryID in reports has four octets.
                    ReportedEntryIdShort = "reported-entry-id-short", "IEC 61850-8-1, EntryID";
                    /// Reports of a buffered block do not carry the EntryID that OptFlds asks for.
                    EntryIdOmitted = "entry-id-omitted", "IEC 61850-8-1, OptFlds and report format";
                    /// TimeofEntry reads as zero although there are entries.
                    TimeOfEntryZero = "time-of-entry-zero", "IEC 61850-7-2, TimeOfEntry";
                    /// A write of TimeofEntry is answered with success.
                    TimeOfEntryWritable = "time-of-entry-writable", "IEC 61850-7-2, SetBRCBValues";
                    /// Events are buffered only while the block is enabled.
                    NothingBufferedWhileDisabled = "nothing-buffered-while-disabled", "IEC 61850-7-2, BRCB state machine";
                    /// A configured block begins to buffer with its first enable.
                    BuffersAfterFirstEnable = "buffers-after-first-enable", "IEC 61850-7-2, BRCB state machine";
                    /// While the block is disabled data and quality changes are buffered whatever TrgOps says.
                    BuffersWhateverTrgOps = "buffers-whatever-trg-ops", "IEC 61850-7-2, TrgOps";
                    /// While the block is disabled every change is an entry of its own, whatever BufTm says.
                    BufTmIgnoredWhileDisabled = "buf-tm-ignored-while-disabled", "IEC 61850-7-2, BufTm";
                    /// No integrity entries are buffered while the block is disabled.
                    IntegrityNotBuffered = "integrity-not-buffered", "IEC 61850-7-2, IntgPd";
                    /// RptEna FALSE empties the buffer.
                    BufferLostOnDisable = "buffer-lost-on-disable", "IEC 61850-7-2, BRCB state machine";
                    /// The buffer is emptied when the association of the client ends.
                    BufferLostOnAssociationEnd = "buffer-lost-on-association-end", "IEC 61850-7-2, BRCB and loss of association";
                    /// The buffer is emptied when ResvTms runs out after a loss.
                    BufferLostWithReservation = "buffer-lost-with-reservation", "IEC 61850-7-2, ResvTms";
                    /// The buffer does not survive a restart although the device keeps everything else about the block.
                    BufferLostOnRestart = "buffer-lost-on-restart", "IEC 61850-10, PIXIT, buffer over restart";
                    /// A full buffer keeps the oldest entries and drops what comes.
                    OverflowDropsNewest = "overflow-drops-newest", "IEC 61850-7-2, BufOvfl";
                    /// A full buffer is emptied to make room.
                    OverflowEmptiesBuffer = "overflow-empties-buffer", "IEC 61850-7-2, BufOvfl";
                    /// BufOvfl stays FALSE although entries were lost.
                    BufOvflNeverSet = "buf-ovfl-never-set", "IEC 61850-7-2, BufOvfl";
                    /// Once BufOvfl was TRUE it is so in all reports that follow, purge or not.
                    BufOvflNeverCleared = "buf-ovfl-never-cleared", "IEC 61850-7-2, BufOvfl";
                    /// BufOvfl is TRUE although nothing was lost.
                    BufOvflAlwaysSet = "buf-ovfl-always-set", "IEC 61850-7-2, BufOvfl";
                    /// Reports of a buffered block do not carry the BufOvfl that OptFlds asks for.
                    BufOvflOmitted = "buf-ovfl-omitted", "IEC 61850-8-1, OptFlds and report format";
                    /// A reserved buffered block sends reports while it is disabled.
                    BrcbReportsWhileDisabled = "brcb-reports-while-disabled", "IEC 61850-7-2, RptEna";
                    /// Enabled without an EntryID, the block sends only what happens from then on.
                    NothingReplayedUnasked = "nothing-replayed-unasked", "IEC 61850-7-2, BRCB state machine";
                    /// Events that wait for BufTm are lost when the block is enabled.
                    EnableDropsPending = "enable-drops-pending", "IEC 61850-7-2, BRCB state machine and BufTm";
                    /// Events that wait for BufTm are lost when the block is disabled.
                    DisableDropsPending = "disable-drops-pending", "IEC 61850-7-2, BRCB state machine and BufTm";
                    /// Events that wait for BufTm are lost with the association of the client.
                    LossDropsPending = "loss-drops-pending", "IEC 61850-7-2, BRCB and loss of association";
                    /// Of several integrity reports that wait only the last is kept.
                    OnlyLastIntegrityKept = "only-last-integrity-kept", "IEC 61850-7-2, IntgPd of BRCB";
                    /// Of the entries that wait only the newest is delivered.
                    OnlyNewestReplayed = "only-newest-replayed", "IEC 61850-7-2, BRCB state machine";
                    /// Entries that wait are delivered newest first.
                    ReplayNewestFirst = "replay-newest-first", "IEC 61850-7-2, BRCB, order of entries";
                    /// In a delivery of more than 40 entries one is left out.
                    LongDeliverySkips = "long-delivery-skips", "IEC 61850-7-2, BRCB, EntryID and resynchronisation";
                    /// Each entry is sent twice.
                    EntriesSentTwice = "entries-sent-twice", "IEC 61850-7-2, BRCB, order of entries";
                    /// Entries that waited carry present values, not those of the event.
                    ReplayWithPresentValues = "replay-with-present-values", "IEC 61850-7-2, report entry data";
                    /// Entries that waited carry the time at which they are sent.
                    ReplayWithTimeOfSending = "replay-with-time-of-sending", "IEC 61850-7-2, TimeOfEntry";
                    /// Entries that waited are reported with reason general interrogation.
                    ReplayWithReasonGi = "replay-with-reason-gi", "IEC 61850-8-1, ReasonCode";
                    /// Of several general interrogations that wait all are delivered, not only the last.
                    UnsentGiKept = "unsent-gi-kept", "IEC 61850-7-2, GI of BRCB";
                    /// Reports for which there is no room in the connection of a client that reads slowly are lost, and nothing tells so.
                    ReportsLostToSlowReader = "reports-lost-to-slow-reader", "IEC 61850-7-2, BRCB, flow control of the transport";
                    /// A general interrogation is delivered before entries that wait.
                    GiOvertakesBuffer = "gi-overtakes-buffer", "IEC 61850-7-2, GI of BRCB";
                    /// SqNum does not count while entries that waited are delivered.
                    SqNumStandsInReplay = "sq-num-stands-in-replay", "IEC 61850-7-2, SqNum of BRCB";
                    /// SqNum begins with the number of entries that wait.
                    SqNumFromWaiting = "sq-num-from-waiting", "IEC 61850-7-2, SqNum of BRCB";
                    /// SqNum of a buffered block has 8 bits and wraps after 255.
                    BrcbSqNumWrapsAt255 = "brcb-sq-num-wraps-at-255", "IEC 61850-7-2, SqNum of BRCB";
                    /// SubSqNum begins with 1.
                    SubSqNumFromOne = "sub-sq-num-from-one", "IEC 61850-7-2, SubSqNum";
                    /// Each segment of a report has an EntryID of its own.
                    SegmentsCountEntryId = "segments-count-entry-id", "IEC 61850-7-2, SubSqNum";
                    /// PurgeBuf TRUE is answered with success and the buffer stays.
                    PurgeBufIgnored = "purge-buf-ignored", "IEC 61850-7-2, PurgeBuf";
                    /// PurgeBuf stays TRUE after the purge.
                    PurgeBufNotReset = "purge-buf-not-reset", "IEC 61850-7-2, PurgeBuf";
                    /// PurgeBuf cannot be written.
                    PurgeBufRefused = "purge-buf-refused", "IEC 61850-7-2, SetBRCBValues, PurgeBuf";
                    /// PurgeBuf TRUE is accepted while the block is enabled.
                    PurgedWhileEnabled = "purged-while-enabled", "IEC 61850-7-2, PurgeBuf";
                    /// Events that wait for BufTm survive a purge.
                    PurgeKeepsPending = "purge-keeps-pending", "IEC 61850-7-2, PurgeBuf";
                    /// A changed RptID does not empty the buffer.
                    RptIdChangeKeepsBuffer = "rpt-id-change-keeps-buffer", "IEC 61850-7-2, SetBRCBValues, RptID";
                    /// A changed DatSet does not empty the buffer.
                    DatSetChangeKeepsBuffer = "dat-set-change-keeps-buffer", "IEC 61850-7-2, SetBRCBValues, DatSet";
                    /// A changed BufTm does not empty the buffer.
                    BufTmChangeKeepsBuffer = "buf-tm-change-keeps-buffer", "IEC 61850-7-2, SetBRCBValues, BufTm";
                    /// Changed TrgOps do not empty the buffer.
                    TrgOpsChangeKeepsBuffer = "trg-ops-change-keeps-buffer", "IEC 61850-7-2, SetBRCBValues, TrgOps";
                    /// A changed IntgPd does not empty the buffer.
                    IntgPdChangeKeepsBuffer = "intg-pd-change-keeps-buffer", "IEC 61850-7-2, SetBRCBValues, IntgPd";
                    /// Changed OptFlds empty the buffer.
                    OptFldsChangePurges = "opt-flds-change-purges", "IEC 61850-7-2, SetBRCBValues, OptFlds";
                    /// A write that changes nothing empties the buffer.
                    RewritePurges = "rewrite-purges", "IEC 61850-7-2, SetBRCBValues";
                    /// A write of ResvTms empties the buffer.
                    ResvTmsPurges = "resv-tms-purges", "IEC 61850-7-2, SetBRCBValues, ResvTms";
                    /// A client may write and enable a buffered block that another holds.
                    BrcbStolen = "brcb-stolen", "IEC 61850-7-2, ResvTms";
                    /// A block that has to be reserved first is written and enabled without.
                    UnreservedWritesAccepted = "unreserved-writes-accepted", "IEC 61850-7-2, edition 2.1, ResvTms";
                    /// While ResvTms runs after a loss any client may take the block.
                    HeldForAnybody = "held-for-anybody", "IEC 61850-7-2, ResvTms";
                    /// While ResvTms runs after a loss not even its client may come back to the block.
                    HeldAgainstOwner = "held-against-owner", "IEC 61850-7-2, ResvTms";
                    /// A block is free as soon as the association of its client ends, whatever ResvTms says.
                    ResvTmsNotHeld = "resv-tms-not-held", "IEC 61850-7-2, ResvTms";
                    /// A block stays reserved after its client is lost and ResvTms has run out.
                    ReservationNeverEnds = "reservation-never-ends", "IEC 61850-7-2, ResvTms";
                    /// ResvTms is counted from its write, not from the loss of the client.
                    ResvTmsFromWrite = "resv-tms-from-write", "IEC 61850-7-2, ResvTms";
                    /// ResvTms runs on after the client has come back, and then takes the block from it.
                    HeldTimerRunsOn = "held-timer-runs-on", "IEC 61850-7-2, ResvTms";
                    /// ResvTms reads as 0 while the block is reserved.
                    ResvTmsReadsZero = "resv-tms-reads-zero", "IEC 61850-7-2, ResvTms";
                    /// ResvTms 0 is answered with success and the block stays reserved.
                    ResvTmsZeroKeeps = "resv-tms-zero-keeps", "IEC 61850-7-2, ResvTms";
                    /// A negative ResvTms is answered with success.
                    NegativeResvTmsAccepted = "negative-resv-tms-accepted", "IEC 61850-7-2, ResvTms";
                    /// A block that is reserved without a write of ResvTms is not held after a loss.
                    ImplicitResvTmsZero = "implicit-resv-tms-zero", "IEC 61850-10, PIXIT Rp14";
                    /// Owner is empty while the block is held for a lost client.
                    OwnerEmptyWhileHeld = "owner-empty-while-held", "IEC 61850-7-2, Owner";
                    /// Owner goes on naming the first client when another holds the block.
                    OwnerOfFirstClient = "owner-of-first-client", "IEC 61850-7-2, Owner";
                    /// A client may write ResvTms of a block that the configuration has assigned.
                    AssignedResvTmsWritable = "assigned-resv-tms-writable", "IEC 61850-7-2, ResvTms; IEC 61850-6, ClientLN";
                    /// The assignment of a block by configuration ends when the first client lets it go.
                    AssignmentEndsWithUse = "assignment-ends-with-use", "IEC 61850-7-2, ResvTms; IEC 61850-6, ClientLN";
                }
            }
            $($rest)*
        }
    };
}
