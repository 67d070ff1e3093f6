//! The list of the faults, by area.

use super::FaultArea;

/// Defines [`Fault`] with the name, the clause and the sentence of each variant in one place.
macro_rules! faults {
    ($(
        $area:ident {
            $(#[doc = $doc:literal] $variant:ident = $name:literal, $clause:literal;)*
        }
    )*) => {
        /// A named deviation of the simulated IED.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Fault {
            $($(#[doc = $doc] $variant,)*)*
        }

        impl Fault {
            /// Every fault, by area, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)*)*];

            /// The name, in kebab case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)*)* }
            }

            /// One sentence that says what is wrong with an IED that has it.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $($(Self::$variant => $doc.trim_ascii(),)*)* }
            }

            /// The clause that it breaks.
            #[must_use]
            pub const fn clause(self) -> &'static str {
                match self { $($(Self::$variant => $clause,)*)* }
            }

            /// The part of the server that has it.
            #[must_use]
            pub const fn area(self) -> FaultArea {
                match self { $($(Self::$variant => FaultArea::$area,)*)* }
            }
        }
    };
}

faults! {
    Association {
        /// A Conclude request gets no answer.
        ConcludeUnanswered = "conclude-unanswered", "ISO 9506-2, Conclude";
        /// A Conclude request is refused with a conclude-ErrorPDU although nothing is outstanding.
        ConcludeRefused = "conclude-refused", "ISO 9506-2, Conclude";
        /// An orderly released association keeps its slot.
        ReleaseLeaksSlot = "release-leaks-slot", "IEC 61850-7-2, Release; IEC 61850-8-1, association limit";
        /// An aborted association keeps its slot.
        AbortLeaksSlot = "abort-leaks-slot", "IEC 61850-7-2, Abort";
        /// The slot of an aborted association is free only ten seconds later.
        AbortFreesSlotLate = "abort-frees-slot-late", "IEC 61850-7-2, Abort";
        /// An abort by one client ends the associations of all others too.
        AbortDropsOthers = "abort-drops-others", "IEC 61850-7-2, Abort; two-party application association";
        /// One association less than stated is accepted.
        LastAssociationRefused = "last-association-refused", "IEC 61850-10, PIXIT As1";
        /// Only the newest association is served, requests on the others get no answer.
        OnlyNewestServed = "only-newest-served", "IEC 61850-7-2, two-party application association";
        /// One association more than stated is accepted.
        ExtraAssociationAccepted = "extra-association-accepted", "IEC 61850-10, PIXIT As1";
        /// Over the limit the connection is taken and nothing is answered nor closed.
        ExtraAssociationHangs = "extra-association-hangs", "IEC 61850-10, PIXIT As1; ISO 8073, connection refusal";
        /// Over the limit the oldest association is thrown out to make room.
        ExtraAssociationEvictsOldest = "extra-association-evicts-oldest", "IEC 61850-10, PIXIT As1";
        /// After one attempt over the limit no further association is accepted.
        ExtraAssociationLocksOut = "extra-association-locks-out", "IEC 61850-10, PIXIT As1";
        /// The Initiate response announces all own parameter CBBs, not those that both sides have.
        CbbNotIntersected = "cbb-not-intersected", "ISO 9506-2, Initiate, negotiatedParameterCBB";
        /// The Initiate response announces a PDU size above the one proposed.
        PduSizeAboveProposal = "pdu-size-above-proposal", "ISO 9506-2, Initiate, localDetailCalled";
        /// The Initiate response announces more outstanding requests than proposed.
        OutstandingAboveProposal = "outstanding-above-proposal", "ISO 9506-2, Initiate, negotiatedMaxServOutstanding";
        /// The Initiate response announces a deeper nesting than proposed.
        NestingAboveProposal = "nesting-above-proposal", "ISO 9506-2, Initiate, negotiatedDataStructureNestingLevel";
        /// The Initiate response does not announce read and getNameList among the services supported.
        ServicesNotAnnounced = "services-not-announced", "IEC 61850-8-1, mandatory MMS services";
        /// A PDU size above the own maximum is agreed to.
        HugePduSizeAgreed = "huge-pdu-size-agreed", "IEC 61850-10, PIXIT As7";
        /// Responses grow above the negotiated PDU size.
        PduSizeExceeded = "pdu-size-exceeded", "ISO 9506-2, Initiate, localDetail";
        /// With authentication configured, any password is good.
        AnyPasswordAccepted = "any-password-accepted", "ISO 8650-1, authentication";
        /// With authentication configured, a client without a password is let in.
        MissingPasswordAccepted = "missing-password-accepted", "ISO 8650-1, authentication";
        /// With authentication off, a client that sends a password is refused.
        UnneededPasswordRefused = "unneeded-password-refused", "ISO 8650-1, authentication";
        /// A wrong transport selector is accepted although it is stated as checked.
        WrongTselAccepted = "wrong-tsel-accepted", "IEC 61850-10, PIXIT As5; ISO 8073, called TSAP-ID";
        /// A wrong session selector is accepted although it is stated as checked.
        WrongSselAccepted = "wrong-ssel-accepted", "IEC 61850-10, PIXIT As5; ISO 8327-1, called session selector";
        /// A wrong presentation selector is accepted although it is stated as checked.
        WrongPselAccepted = "wrong-psel-accepted", "IEC 61850-10, PIXIT As5; ISO 8823-1, called presentation selector";
        /// A wrong AP title or AE qualifier is accepted although they are stated as checked.
        WrongApTitleAccepted = "wrong-ap-title-accepted", "IEC 61850-10, PIXIT As5; ISO 8650-1, called AP title";
        /// A refused association keeps its slot.
        RefusalLeaksSlot = "refusal-leaks-slot", "IEC 61850-10, PIXIT As1";
        /// A client that vanished from the network is never noticed.
        LostLinkUndetected = "lost-link-undetected", "IEC 61850-10, PIXIT As2 and As3";
        /// After a power cycle associations are refused for two minutes more.
        RestartTakesLong = "restart-takes-long", "IEC 61850-10, PIXIT As8";
        /// A power cycle loses the settings and configuration that clients have written.
        RestartLosesSettings = "restart-loses-settings", "IEC 61850-10, PIXIT As8; IEC 61850-7-1, persistence of settings";
    }
    Data {
        /// The last logical device is missing from the list of domains.
        DomainHidden = "domain-hidden", "IEC 61850-8-1, GetServerDirectory";
        /// A list of names claims for ever that more follows.
        NameListNeverEnds = "name-list-never-ends", "ISO 9506-2, GetNameList, moreFollows";
        /// The names of the last logical node of a device are missing from the list of names.
        LogicalNodeHidden = "logical-node-hidden", "IEC 61850-8-1, GetLogicalDeviceDirectory";
        /// The next page of a list of names begins with the name it should continue after.
        NameListPagesOverlap = "name-list-pages-overlap", "ISO 9506-2, GetNameList, continueAfter";
        /// The next page of a list of names leaves out one name.
        NameListPagesSkip = "name-list-pages-skip", "ISO 9506-2, GetNameList, continueAfter";
        /// The type of a logical node lacks the last data object of each functional constraint.
        TypeLacksObject = "type-lacks-object", "IEC 61850-8-1, GetDataDirectory";
        /// The type of a BOOLEAN is described as an integer.
        TypeBooleanAsInteger = "type-boolean-as-integer", "IEC 61850-8-1, mapping of basic types";
        /// A quality is read as a bit string of 16 bits.
        QualityOfSixteenBits = "quality-of-sixteen-bits", "IEC 61850-8-1, mapping of Quality";
        /// The results of a read of several variables come in reverse order.
        MultiReadReversed = "multi-read-reversed", "ISO 9506-2, Read, listOfAccessResult";
        /// A read of several variables answers the first four only.
        MultiReadTruncated = "multi-read-truncated", "ISO 9506-2, Read, listOfAccessResult";
        /// A write is answered with success and not stored.
        WriteNotStored = "write-not-stored", "IEC 61850-7-2, SetDataValues";
        /// Of a write of several variables only the first is stored, though all are answered with success.
        MultiWriteFirstOnly = "multi-write-first-only", "ISO 9506-2, Write";
        /// A write of several variables is answered with a single result.
        MultiWriteSingleResult = "multi-write-single-result", "ISO 9506-2, Write, Write-Response";
        /// A read of a functional constraint of a logical node lacks its last data object.
        ConstraintReadLacksObject = "constraint-read-lacks-object", "IEC 61850-8-1, GetAllDataValues";
        /// The time stamp of data is the time at which it is read.
        TimestampOfReading = "timestamp-of-reading", "IEC 61850-7-3, t";
        /// The time stamp does not follow a change of the value.
        TimestampFrozen = "timestamp-frozen", "IEC 61850-7-3, t";
        /// A change of the quality by the process is not shown.
        QualityNotUpdated = "quality-not-updated", "IEC 61850-7-3, q";
        /// A change of a measured value by the process is not shown.
        MeasurandStuck = "measurand-stuck", "IEC 61850-7-3, instMag and mag";
        /// The magnitude follows the instantaneous value whatever the deadband.
        DeadbandIgnored = "deadband-ignored", "IEC 61850-7-3, db and mag";
        /// A mode of LLN0 does not reach the behaviour of the other logical nodes.
        BehNotPropagated = "beh-not-propagated", "IEC 61850-7-4, annex A, mode and behaviour";
        /// In mode test the quality of the data does not say test.
        TestQualityMissing = "test-quality-missing", "IEC 61850-7-4, annex A, mode and behaviour";
        /// The name list of an unknown logical device is empty instead of refused.
        UnknownDomainEmpty = "unknown-domain-empty", "IEC 61850-8-1, GetLogicalDeviceDirectory, response-";
        /// A continueAfter that names nothing starts the list from the beginning.
        ContinueAfterRestarts = "continue-after-restarts", "ISO 9506-2, GetNameList, continueAfter";
        /// Names are compared without regard to case.
        NamesIgnoreCase = "names-ignore-case", "IEC 61850-7-2, ObjectName";
        /// A functional constraint that a logical node does not have is read as an empty structure.
        UnknownConstraintEmpty = "unknown-constraint-empty", "IEC 61850-8-1, GetAllDataValues, response-";
        /// A read of an unknown variable aborts the association.
        UnknownReadAborts = "unknown-read-aborts", "IEC 61850-8-1, GetDataValues, response-";
        /// A read of an unknown variable gets no answer.
        UnknownReadSilent = "unknown-read-silent", "IEC 61850-8-1, GetDataValues, response-";
        /// A read of an unknown variable is said to be a temporary trouble.
        UnknownReadTemporary = "unknown-read-temporary", "IEC 61850-8-1, mapping of service errors";
        /// A write of an unknown variable is answered with success.
        UnknownWriteSucceeds = "unknown-write-succeeds", "IEC 61850-8-1, SetDataValues, response-";
        /// A request for the type of an unknown variable gets no answer.
        UnknownTypeSilent = "unknown-type-silent", "IEC 61850-8-1, GetDataDefinition, response-";
        /// A request for the type of an unknown variable is rejected as if the PDU were invalid.
        UnknownTypeRejected = "unknown-type-rejected", "ISO 9506-2, Reject";
        /// Numbers outside an enumeration are accepted.
        EnumRangeUnchecked = "enum-range-unchecked", "IEC 61850-7-2, SetDataValues; IEC 61850-7-3, enumerations";
        /// A value of the wrong type is answered with success.
        WrongTypeAccepted = "wrong-type-accepted", "IEC 61850-8-1, SetDataValues, response-";
        /// An integer that is too wide is cut to size and stored.
        WideIntegerCut = "wide-integer-cut", "IEC 61850-8-1, SetDataValues, response-";
        /// Status and measurands can be written.
        StatusWritable = "status-writable", "IEC 61850-7-2, functional constraints ST and MX";
        /// A write of a read-only attribute is answered with object-non-existent.
        ReadOnlySaidUnknown = "read-only-said-unknown", "IEC 61850-8-1, mapping of service errors";
    }
    DataSets {
        /// The last data set of each logical device is missing from the list of names.
        DataSetHidden = "data-set-hidden", "IEC 61850-8-1, GetLogicalNodeDirectory(DATA-SET)";
        /// The directory of a data set is sorted by name.
        DataSetDirectorySorted = "data-set-directory-sorted", "IEC 61850-7-2, GetDataSetDirectory";
        /// A configured data set is said to be deletable.
        ConfiguredDataSetDeletable = "configured-data-set-deletable", "IEC 61850-8-1, GetDataSetDirectory, mmsDeletable";
        /// A read of a data set lacks the value of its last member.
        DataSetReadLacksMember = "data-set-read-lacks-member", "IEC 61850-7-2, GetDataSetValues";
        /// A read of a data set answers the values that held when the server started.
        DataSetValuesStale = "data-set-values-stale", "IEC 61850-7-2, GetDataSetValues";
        /// Directory and values of a data set end after its sixth member.
        LargeDataSetTruncated = "large-data-set-truncated", "IEC 61850-10, PIXIT Ds1";
        /// A read of an unknown data set is answered with an empty list.
        UnknownDataSetReadEmpty = "unknown-data-set-read-empty", "IEC 61850-8-1, GetDataSetValues, response-";
        /// The directory of an unknown data set is empty instead of refused.
        UnknownDataSetDirectoryEmpty = "unknown-data-set-directory-empty", "IEC 61850-8-1, GetDataSetDirectory, response-";
    }
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
        /// Reserved bits of TrgOps and OptFlds are kept, and the segmentation bit is honoured in reports of one piece.
        ReservedBitsHonoured = "reserved-bits-honoured", "IEC 61850-7-2, OptFlds; IEC 61850-10, PIXIT Rp2";
        /// An unknown data set is accepted as DatSet.
        UnknownDatSetAccepted = "unknown-dat-set-accepted", "IEC 61850-7-2, SetURCBValues, DatSet";
        /// A block without a data set can be enabled.
        EnabledWithoutDataSet = "enabled-without-data-set", "IEC 61850-7-2, RptEna";
    }
    Control {
        /// A select is answered with the reference but nothing is selected.
        SelectWithoutEffect = "select-without-effect", "IEC 61850-7-2, Select";
        /// stSeld does not follow the selection.
        StSeldStuck = "st-seld-stuck", "IEC 61850-7-3, stSeld";
        /// Operate-once leaves the object selected after Operate.
        SelectionAfterOperate = "selection-after-operate", "IEC 61850-7-2, sboClass operate-once";
        /// Operate is answered with success and nothing moves.
        OperateWithoutEffect = "operate-without-effect", "IEC 61850-7-2, Operate";
        /// An object that the process blocks can be selected.
        SelectIgnoresBlock = "select-ignores-block", "IEC 61850-7-2, Select, test-not-ok";
        /// A refused select is answered with the reference, not with an empty string.
        RefusedSelectNotEmpty = "refused-select-not-empty", "IEC 61850-8-1, Select";
        /// A selection never times out.
        SboTimeoutIgnored = "sbo-timeout-ignored", "IEC 61850-7-2, sboTimeout";
        /// A selection ends after half of sboTimeout.
        SboTimeoutHalved = "sbo-timeout-halved", "IEC 61850-7-2, sboTimeout";
        /// An object that the process blocks can be operated.
        OperateIgnoresBlock = "operate-ignores-block", "IEC 61850-7-2, Operate, test-not-ok";
        /// A refused Operate leaves the object selected.
        RefusedOperateKeepsSelection = "refused-operate-keeps-selection", "IEC 61850-7-2, SBO state machine";
        /// Operate-many ends the selection after the first Operate.
        OperateManyOnce = "operate-many-once", "IEC 61850-7-2, sboClass operate-many";
        /// Cancel is answered with success and the object stays selected.
        CancelWithoutEffect = "cancel-without-effect", "IEC 61850-7-2, Cancel";
        /// Cancel by the selecting client is refused.
        CancelRefused = "cancel-refused", "IEC 61850-7-2, Cancel";
        /// An Operate for a later time is executed at once.
        OperTmIgnored = "oper-tm-ignored", "IEC 61850-7-2, TimeActivatedOperate";
        /// Cancel does not stop an Operate that waits for its time.
        WaitingOperateNotCancelled = "waiting-operate-not-cancelled", "IEC 61850-7-2, TimeActivatedOperate";
        /// Operate with Test set moves the process although the behaviour is on.
        TestFlagIgnored = "test-flag-ignored", "IEC 61850-7-4, annex A; IEC 61850-7-2, Test";
        /// In behaviour test an Operate without Test is executed.
        PlainOperateInTest = "plain-operate-in-test", "IEC 61850-7-4, annex A; IEC 61850-7-2, Test";
        /// In behaviour on-blocked the process moves.
        BlockedModeMoves = "blocked-mode-moves", "IEC 61850-7-4, annex A, on-blocked";
        /// Selecting a second object ends the selection of the first.
        SingleSelection = "single-selection", "IEC 61850-10, PIXIT Ct23";
        /// Of several objects that a client selected only one is unselected when its association ends.
        LossUnselectsOne = "loss-unselects-one", "IEC 61850-7-2, SBO state machine";
        /// Operate without select is executed.
        OperateWithoutSelect = "operate-without-select", "IEC 61850-7-2, SBO state machine";
        /// A refused control is not explained by LastApplError.
        LastApplErrorMissing = "last-appl-error-missing", "IEC 61850-8-1, LastApplError";
        /// Every refused control has AddCause unknown.
        AddCauseUnknown = "add-cause-unknown", "IEC 61850-7-2, AddCause";
        /// A second select by the same client is accepted.
        SecondSelectAccepted = "second-select-accepted", "IEC 61850-7-2, SBO state machine";
        /// A select by another client takes the selection over.
        SelectionStolen = "selection-stolen", "IEC 61850-7-2, SBO state machine";
        /// A refused second select ends the selection of the first.
        RefusedSelectEndsSelection = "refused-select-ends-selection", "IEC 61850-7-2, SBO state machine";
        /// An Operate to the position that is reached already is accepted although stated as refused.
        PositionReachedAccepted = "position-reached-accepted", "IEC 61850-10, PIXIT Ct15";
        /// Operate by a client that did not select is executed.
        OtherClientOperates = "other-client-operates", "IEC 61850-7-2, SBO state machine";
        /// A refused Operate by another client ends the selection.
        OtherClientEndsSelection = "other-client-ends-selection", "IEC 61850-7-2, SBO state machine";
        /// A selection outlives the association of its client.
        SelectionOutlivesAssociation = "selection-outlives-association", "IEC 61850-7-2, SBO state machine";
        /// origin in the status does not follow the command.
        OriginNotMirrored = "origin-not-mirrored", "IEC 61850-7-3, origin";
        /// ctlNum in the status does not follow the command.
        CtlNumNotMirrored = "ctl-num-not-mirrored", "IEC 61850-7-3, ctlNum";
        /// Any originator category is accepted.
        OrCatUnchecked = "or-cat-unchecked", "IEC 61850-7-2, originator category";
        /// An originator identification of any length is accepted.
        OrIdentUnchecked = "or-ident-unchecked", "IEC 61850-7-2, originator identification";
        /// The end of a command with enhanced security is not told.
        TerminationMissing = "termination-missing", "IEC 61850-7-2, CommandTermination";
        /// Every CommandTermination is positive, also when the process has not followed.
        TerminationAlwaysPositive = "termination-always-positive", "IEC 61850-7-2, CommandTermination; IEC 61850-8-1, LastApplError";
        /// Every client is told of the end of a command, not only the one that has commanded.
        TerminationToEveryone = "termination-to-everyone", "IEC 61850-8-1, CommandTermination";
        /// CommandTermination is sent twice.
        TerminationTwice = "termination-twice", "IEC 61850-7-2, CommandTermination";
        /// A command that the process does not follow never ends.
        OperTimeoutIgnored = "oper-timeout-ignored", "IEC 61850-7-2, operTimeout";
        /// A command while another one is executing is accepted and takes its place.
        OperateWhileExecutingAccepted = "operate-while-executing-accepted", "IEC 61850-7-2, control state machine, WaitForChange";
        /// Cancel while a command is executing is accepted and ends it without a word.
        CancelWhileExecutingAccepted = "cancel-while-executing-accepted", "IEC 61850-7-2, control state machine, WaitForChange";
        /// A command that differs from its selection with value is executed.
        OperateNeedNotRepeatSelect = "operate-need-not-repeat-select", "IEC 61850-7-2, SBO control with enhanced security";
    }
    SettingGroups {
        /// NumOfSG tells one group more than there are.
        NumOfSgTooLarge = "num-of-sg-too-large", "IEC 61850-7-2, SGCB, NumOfSG";
        /// A write of ActSG above NumOfSG is answered with success.
        ActSgOutOfRangeAccepted = "act-sg-out-of-range-accepted", "IEC 61850-7-2, SelectActiveSG, response-";
        /// ActSG follows a selection and the active values stay those of the group before.
        ActSgWithoutEffect = "act-sg-without-effect", "IEC 61850-7-2, SelectActiveSG";
        /// LActTm stays at the time of the start.
        LActTmFrozen = "l-act-tm-frozen", "IEC 61850-7-2, SGCB, LActTm";
        /// A write of EditSG above NumOfSG is answered with success.
        EditSgOutOfRangeAccepted = "edit-sg-out-of-range-accepted", "IEC 61850-7-2, SelectEditSG, response-";
        /// The edit buffer is filled with the values of the active group, not of the selected one.
        EditBufferOfActive = "edit-buffer-of-active", "IEC 61850-7-2, SelectEditSG";
        /// The edit buffer can be read although no group is selected for editing.
        EditReadableInIdle = "edit-readable-in-idle", "IEC 61850-7-2, GetEditSGValue, response-";
        /// The edit buffer can be written although no group is selected for editing.
        EditWritableInIdle = "edit-writable-in-idle", "IEC 61850-7-2, SetEditSGValue, response-";
        /// A second client may select a group for editing while the first edits.
        SecondEditorAccepted = "second-editor-accepted", "IEC 61850-7-2, SelectEditSG, response-";
        /// A client that did not select the group may write the edit buffer.
        OtherClientEdits = "other-client-edits", "IEC 61850-7-2, SetEditSGValue, response-";
        /// A client that did not select the group may confirm the edit.
        OtherClientConfirms = "other-client-confirms", "IEC 61850-7-2, ConfirmEditSGValues, response-";
        /// A confirmation is answered with success and the group keeps its values.
        ConfirmWithoutEffect = "confirm-without-effect", "IEC 61850-7-2, ConfirmEditSGValues";
        /// A confirmed edit of the active group acts only when the group is selected anew.
        ConfirmedNotActing = "confirmed-not-acting", "IEC 61850-7-2, ConfirmEditSGValues";
        /// A confirmation is answered with success although nothing is edited.
        ConfirmInIdleAccepted = "confirm-in-idle-accepted", "IEC 61850-7-2, ConfirmEditSGValues, response-";
        /// CnfEdit stays TRUE after a confirmation.
        CnfEditNotReset = "cnf-edit-not-reset", "IEC 61850-7-2, SGCB, CnfEdit";
        /// What is written to the edit buffer acts before it is confirmed.
        EditActsUnconfirmed = "edit-acts-unconfirmed", "IEC 61850-7-2, SetEditSGValue";
        /// EditSG 0 stores the edited values instead of dropping them.
        AbandonedEditStored = "abandoned-edit-stored", "IEC 61850-7-2, SelectEditSG";
        /// An edit outlives the association of its client.
        EditOutlivesAssociation = "edit-outlives-association", "IEC 61850-7-2, SGCB state machine";
        /// An idle edit never ends, whatever ResvTms says.
        ResvTmsIgnored = "sgcb-resv-tms-ignored", "IEC 61850-7-2, SGCB, ResvTms";
        /// The values of the active group can be written.
        ActiveSettingsWritable = "active-settings-writable", "IEC 61850-7-2, functional constraint SG";
    }
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
        /// A log control block can be enabled without a data set.
        LogEnabledWithoutDataSet = "log-enabled-without-data-set", "IEC 61850-7-2, LCB, LogEna";
        /// A LogRef that names no log is accepted.
        UnknownLogRefAccepted = "unknown-log-ref-accepted", "IEC 61850-7-2, SetLCBValues, response-";
        /// A full log takes no further entries.
        FullLogStops = "full-log-stops", "IEC 61850-7-2, log as a ring";
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
    Files {
        /// The last file is missing from the directory.
        FileHidden = "file-hidden", "IEC 61850-8-1, file directory";
        /// Every file is said to have no octets.
        FileSizeZero = "file-size-zero", "IEC 61850-7-2, GetFileAttributeValues";
        /// A file that was set shows the time at which the server started.
        FileTimeFrozen = "file-time-frozen", "IEC 61850-7-2, GetFileAttributeValues";
        /// The directory gives names without their folders.
        FileNamesBare = "file-names-bare", "IEC 61850-8-1, file directory, complete path";
        /// The directory starts from the beginning whatever it should continue after.
        FileContinueIgnored = "file-continue-ignored", "ISO 9506-2, FileDirectory, continueAfter";
        /// The directory of an unknown folder is empty instead of refused.
        UnknownFolderEmpty = "unknown-folder-empty", "IEC 61850-8-1, file directory, response-";
        /// A file that does not exist is opened, and is empty.
        UnknownFileEmpty = "unknown-file-empty", "IEC 61850-7-2, GetFile, response-";
        /// A file is read from its beginning whatever the initial position.
        FilePositionIgnored = "file-position-ignored", "ISO 9506-2, FileOpen, initialPosition";
        /// A position behind the end of the file is accepted.
        FilePositionUnchecked = "file-position-unchecked", "ISO 9506-2, FileOpen, position-invalid";
        /// More files can be open than stated.
        OpenFilesUnlimited = "open-files-unlimited", "IEC 61850-10, PIXIT Ft";
        /// The end of a file is never told.
        FileNeverEnds = "file-never-ends", "ISO 9506-2, FileRead, moreFollows";
        /// A file is said to end after its first piece.
        FileEndsEarly = "file-ends-early", "ISO 9506-2, FileRead, moreFollows";
        /// A file can be read on after it was closed.
        HandleSurvivesClose = "handle-survives-close", "ISO 9506-2, FileClose";
        /// A file stays in use when the association that had it open has ended.
        OpenFilesLeak = "open-files-leak", "IEC 61850-8-1, file transfer and loss of association";
        /// Names that lead out of the file store are served.
        PathTraversalAccepted = "path-traversal-accepted", "IEC 61850-8-1, file names";
        /// A file is deleted while somebody reads it.
        OpenFileDeleted = "open-file-deleted", "ISO 9506-2, FileDelete, file-busy";
        /// A deletion is answered with success and the file stays.
        FileDeleteWithoutEffect = "file-delete-without-effect", "IEC 61850-7-2, DeleteFile";
        /// The deletion of a file that does not exist is answered with success.
        UnknownFileDeleted = "unknown-file-deleted", "IEC 61850-7-2, DeleteFile, response-";
        /// Renaming replaces another file.
        RenameOverwrites = "rename-overwrites", "ISO 9506-2, FileRename, duplicate-filename";
        /// ObtainFile is announced and rejected.
        ObtainFileRejected = "obtain-file-rejected", "IEC 61850-8-1, SetFile";
        /// ObtainFile is answered with success and nothing is stored.
        ObtainedFileNotStored = "obtained-file-not-stored", "IEC 61850-7-2, SetFile";
        /// Of a file that a client gives only the first piece is fetched.
        ObtainedFirstPieceOnly = "obtained-first-piece-only", "IEC 61850-7-2, SetFile";
        /// The file is not closed at the client after it was fetched.
        SourceLeftOpen = "source-left-open", "IEC 61850-8-1, SetFile, FileClose at the client";
        /// A source that the client does not have is stored as an empty file.
        MissingSourceAccepted = "missing-source-accepted", "IEC 61850-7-2, SetFile, response-";
    }
    Security {
        /// A client that presents no certificate is let in.
        ClientCertificateNotDemanded = "client-certificate-not-demanded", "IEC 62351-3, mutual authentication of the peers";
        /// A client certificate that has expired is let in.
        ExpiredClientAccepted = "expired-client-accepted", "IEC 62351-3, expired certificates; RFC 5280, validity";
        /// A client certificate that is not yet valid is let in.
        FutureClientAccepted = "future-client-accepted", "IEC 62351-3, certificate validation; RFC 5280, validity";
        /// A client certificate that the revocation list names is let in.
        RevokedClientAccepted = "revoked-client-accepted", "IEC 62351-3, certificate revocation";
        /// A client certificate of any authority is let in.
        UntrustedClientAccepted = "untrusted-client-accepted", "IEC 62351-3, multiple certification authorities; RFC 5280, path validation";
        /// MMS without TLS is served on the port of TLS too.
        PlainOnTlsPort = "plain-on-tls-port", "IEC 62351-4, secure and non-secure profiles on ports of their own";
        /// TLS 1.2 is not served.
        Tls12NotServed = "tls12-not-served", "IEC 62351-3, TLS versions";
    }
}
