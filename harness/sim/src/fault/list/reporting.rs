//! Report control blocks and reports.

/// Hands the faults of this area on to the next list.
macro_rules! reporting {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Reporting {
                    /// Only the first instance of an indexed report control block exists.
                    RcbInstanceMissing = "rcb-instance-missing", "IEC 61850-6, RptEnabled max";
                    /// BufTm and SqNum stand in each other's place.
                    RcbAttributesSwapped = "rcb-attributes-swapped", "IEC 61850-8-1, URCB and BRCB structure";
                    /// ConfRev is read as 0 whatever is configured.
                    ConfRevZero = "conf-rev-zero", "IEC 61850-7-2, ConfRev";
                    /// Report control blocks are enabled when the server starts, for nobody.
                    RcbEnabledAtStart = "rcb-enabled-at-start", "IEC 61850-7-2, RptEna";
                    /// Reports carry SqNum although OptFlds does not ask for it.
                    SeqNumUnasked = "seq-num-unasked", "IEC 61850-8-1, OptFlds and report format";
                    /// Reports do not carry the reason codes that OptFlds asks for.
                    ReasonCodeOmitted = "reason-code-omitted", "IEC 61850-8-1, OptFlds and report format";
                    /// Reports carry ConfRev before EntryID and DatSet, out of order.
                    ReportFieldsOutOfOrder = "report-fields-out-of-order", "IEC 61850-8-1, report format";
                    /// Reports of an unbuffered block carry BufOvfl.
                    UrcbBufOvfl = "urcb-buf-ovfl", "IEC 61850-7-2, OptFlds of URCB";
                    /// Reports of an unbuffered block carry EntryID.
                    UrcbEntryId = "urcb-entry-id", "IEC 61850-7-2, OptFlds of URCB";
                    /// Data references in reports are written with dots and a bracketed constraint.
                    DataRefDotted = "data-ref-dotted", "IEC 61850-8-1, data reference in reports";
                    /// DatSet in reports is the bare name of the data set.
                    ReportDataSetBare = "report-data-set-bare", "IEC 61850-8-1, report format, DatSet";
                    /// TimeOfEntry counts its days from 1970.
                    EntryTimeFrom1970 = "entry-time-from-1970", "IEC 61850-8-1, EntryTime";
                    /// The inclusion bit string has its first member last.
                    InclusionReversed = "inclusion-reversed", "IEC 61850-8-1, inclusion bit string";
                    /// A data change is reported when only data update is enabled.
                    DchgWhenOnlyDupd = "dchg-when-only-dupd", "IEC 61850-7-2, TrgOps";
                    /// A data change is reported although its trigger is off.
                    DchgTriggerIgnored = "dchg-trigger-ignored", "IEC 61850-7-2, TrgOps";
                    /// A data change is never reported, though its trigger is accepted.
                    DchgUnreported = "dchg-unreported", "IEC 61850-7-2, TrgOps";
                    /// A quality change is never reported, though its trigger is accepted.
                    QchgUnreported = "qchg-unreported", "IEC 61850-7-2, TrgOps";
                    /// A data update is never reported, though its trigger is accepted.
                    DupdUnreported = "dupd-unreported", "IEC 61850-7-2, TrgOps";
                    /// Every reason is said to be data change.
                    ReasonAlwaysDchg = "reason-always-dchg", "IEC 61850-8-1, ReasonCode";
                    /// A report of one change includes all members.
                    AllMembersIncluded = "all-members-included", "IEC 61850-7-2, report entry data";
                    /// A report carries the value from before the change.
                    ReportValueStale = "report-value-stale", "IEC 61850-7-2, report entry data";
                    /// An empty RptID goes out empty, not as the reference of the block.
                    EmptyRptIdReported = "empty-rpt-id-reported", "IEC 61850-7-2, RptID";
                    /// A written RptID is shown when read but reports carry the configured one.
                    RptIdWriteIgnored = "rpt-id-write-ignored", "IEC 61850-7-2, RptID";
                    /// A general interrogation reports the first member only.
                    GiFirstMemberOnly = "gi-first-member-only", "IEC 61850-7-2, GI";
                    /// A general interrogation is reported with reason integrity.
                    GiReasonIntegrity = "gi-reason-integrity", "IEC 61850-8-1, ReasonCode";
                    /// GI stays TRUE after the interrogation.
                    GiNotReset = "gi-not-reset", "IEC 61850-7-2, GI";
                    /// A general interrogation overtakes events that wait for BufTm.
                    GiOvertakesPending = "gi-overtakes-pending", "IEC 61850-7-2, GI and BufTm";
                    /// A general interrogation is reported although its trigger is off.
                    GiTriggerIgnored = "gi-trigger-ignored", "IEC 61850-7-2, TrgOps, gi";
                    /// A general interrogation is accepted and reported while the block is disabled.
                    GiWhileDisabled = "gi-while-disabled", "IEC 61850-7-2, GI";
                    /// A report above the negotiated PDU size is sent in one piece.
                    ReportNotSegmented = "report-not-segmented", "IEC 61850-8-1, segmentation of reports";
                    /// Each segment of a report has a SqNum of its own.
                    SegmentsCountSqNum = "segments-count-sq-num", "IEC 61850-7-2, SubSqNum";
                    /// The last segment of a report says that more follow.
                    LastSegmentSaysMore = "last-segment-says-more", "IEC 61850-7-2, MoreSegmentsFollow";
                    /// The inclusion bit string of a segment is only as long as the segment has members.
                    SegmentInclusionShort = "segment-inclusion-short", "IEC 61850-8-1, inclusion bit string";
                    /// When not even one member fits a PDU, an empty segment is sent over and over.
                    TinyPduReportLoop = "tiny-pdu-report-loop", "IEC 61850-8-1, segmentation of reports";
                    /// ConfRev stays as it is when the data set of the block is changed.
                    ConfRevFrozen = "conf-rev-frozen", "IEC 61850-7-2, ConfRev";
                    /// ConfRev and SqNum can be written.
                    ReadOnlyRcbAttributes = "read-only-rcb-attributes-writable", "IEC 61850-7-2, SetURCBValues";
                    /// Attributes that only the configuration sets take a write.
                    FixedAttributeAccepted = "fixed-attribute-accepted", "IEC 61850-6, ReportSettings, Fix and Conf";
                    /// BufTm and IntgPd are refused although they are stated as settable by the client.
                    DynamicAttributeRefused = "dynamic-attribute-refused", "IEC 61850-6, ReportSettings";
                    /// A write of TrgOps is answered with success and not stored.
                    TrgOpsNotStored = "trg-ops-not-stored", "IEC 61850-7-2, SetURCBValues";
                    /// A second change of the same member within BufTm overwrites the first.
                    SecondChangeOverwrites = "second-change-overwrites", "IEC 61850-7-2, BufTm";
                    /// BufTm is ignored, every change is reported at once.
                    BufTmIgnored = "buf-tm-ignored", "IEC 61850-7-2, BufTm";
                    /// BufTm 0 means half a second.
                    BufTmZeroMeansDefault = "buf-tm-zero-means-default", "IEC 61850-7-2, BufTm";
                    /// Every further change starts BufTm anew.
                    BufTmRestarts = "buf-tm-restarts", "IEC 61850-7-2, BufTm";
                    /// Within BufTm only the first change is kept, those of other members are lost.
                    BufTmDropsOthers = "buf-tm-drops-others", "IEC 61850-7-2, BufTm";
                    /// A data object as a member is reported by its changed attribute alone.
                    ObjectMemberPartial = "object-member-partial", "IEC 61850-7-2, FCD members";
                    /// A data attribute as a member is reported as its whole data object.
                    AttributeMemberExpanded = "attribute-member-expanded", "IEC 61850-7-2, FCDA members";
                    /// A quality change triggers a member that has no quality.
                    QchgOfValueMember = "qchg-of-value-member", "IEC 61850-7-2, FCDA members";
                    /// A block that is reserved for a client by configuration reads as free.
                    PreAssignedFree = "pre-assigned-free", "IEC 61850-7-2, Resv; IEC 61850-6, ClientLN";
                    /// A change of mode is not reported, neither behaviour nor test quality.
                    ModeChangeUnreported = "mode-change-unreported", "IEC 61850-10, PIXIT Rp15";
                    /// A first integrity report is sent at once when the block is enabled.
                    IntegrityAtEnable = "integrity-at-enable", "IEC 61850-7-2, IntgPd";
                    /// Integrity reports come at twice the period.
                    IntegrityPeriodDoubled = "integrity-period-doubled", "IEC 61850-7-2, IntgPd";
                    /// Integrity reports include only the members that changed since the last.
                    IntegrityChangedOnly = "integrity-changed-only", "IEC 61850-7-2, IntgPd";
                    /// A changed IntgPd is stored but the block goes on with the one of its first enable.
                    IntgPdChangeIgnored = "intg-pd-change-ignored", "IEC 61850-7-2, IntgPd";
                    /// IntgPd 0 means one second.
                    IntgPdZeroMeansDefault = "intg-pd-zero-means-default", "IEC 61850-7-2, IntgPd";
                    /// An IntgPd above one minute is answered with success and stored as one minute.
                    IntgPdClamped = "intg-pd-clamped", "IEC 61850-7-2, SetURCBValues, IntgPd";
                    /// A report holds the first 24 of its members, and the others are left out without a word.
                    LargeReportTruncated = "large-report-truncated", "IEC 61850-7-2, Report; IEC 61850-6, DynDataSet, maxAttributes";
                    /// Owner stays empty while the block is in use.
                    OwnerEmpty = "owner-empty", "IEC 61850-7-2, Owner";
                    /// Owner is kept when the block is let go.
                    OwnerKept = "owner-kept", "IEC 61850-7-2, Owner";
                    /// SqNum goes on counting when the block is enabled again.
                    SqNumContinues = "sq-num-continues", "IEC 61850-7-2, SqNum";
                    /// SqNum begins with 1.
                    SqNumFromOne = "sq-num-from-one", "IEC 61850-7-2, SqNum";
                    /// SqNum leaves out 0 when it wraps.
                    SqNumWrapsToOne = "sq-num-wraps-to-one", "IEC 61850-7-2, SqNum";
                    /// A report that waits for BufTm is sent although the block has been disabled.
                    ReportAfterDisable = "report-after-disable", "IEC 61850-7-2, RptEna";
                    /// Resv FALSE is answered with success and the block stays reserved.
                    ResvNotReleased = "resv-not-released", "IEC 61850-7-2, Resv";
                    /// A write to an unknown report control block is answered with success.
                    UnknownRcbWriteSucceeds = "unknown-rcb-write-succeeds", "IEC 61850-8-1, SetURCBValues, response-";
                    /// Changes are reported to the client that reserved the block while it is disabled.
                    ReportsWhileDisabled = "reports-while-disabled", "IEC 61850-7-2, RptEna";
                    /// The configuration can be changed while the block is enabled.
                    ConfiguredWhileEnabled = "configured-while-enabled", "IEC 61850-7-2, SetURCBValues";
                    /// A refused write while the block is enabled disables it.
                    RefusedWriteDisables = "refused-write-disables", "IEC 61850-7-2, SetURCBValues";
                    /// A client may write and enable an unbuffered block that another has reserved.
                    UrcbStolen = "urcb-stolen", "IEC 61850-7-2, Resv";
                    /// A block stays enabled and reserved when the connection of its client is lost without release.
                    RcbKeptOnLoss = "rcb-kept-on-loss", "IEC 61850-7-2, URCB and loss of association";
                    /// Reserved bits of TrgOps and OptFlds are kept, and with the segmentation bit a report of one piece promises a further segment.
                    ReservedBitsHonoured = "reserved-bits-honoured", "IEC 61850-7-2, OptFlds; IEC 61850-10, PIXIT Rp2";
                    /// An unknown data set is accepted as DatSet.
                    UnknownDatSetAccepted = "unknown-dat-set-accepted", "IEC 61850-7-2, SetURCBValues, DatSet";
                    /// A block without a data set can be enabled.
                    EnabledWithoutDataSet = "enabled-without-data-set", "IEC 61850-7-2, RptEna";
                }
            }
            $($rest)*
        }
    };
}
