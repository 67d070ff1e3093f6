//! Names, types, reading, writing, process values, mode.

/// Hands the faults of this area on to the next list.
macro_rules! data {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
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
                    /// The deadband is a part of the present value, though min and max are configured.
                    DeadbandOfPresentValue = "deadband-of-present-value", "IEC 61850-7-3, db";
                    /// A value within the deadband around zero is shown as it is.
                    ZeroDeadbandIgnored = "zero-deadband-ignored", "IEC 61850-7-3, zeroDb";
                    /// The range of a measured value is normal whatever its limits.
                    RangeNotComputed = "range-not-computed", "IEC 61850-7-3, range and rangeC";
                    /// The lower limits of a measured value do not show in its range.
                    LowLimitsIgnored = "low-limits-ignored", "IEC 61850-7-3, range, lLim and llLim";
                    /// A measured value that enters another range is not reported.
                    RangeUnreported = "range-unreported", "IEC 61850-7-3, range, trigger option dchg";
                    /// The quality of a value beyond min or max does not say so.
                    OutOfRangeQualityMissing = "out-of-range-quality-missing", "IEC 61850-7-3, Quality, outOfRange";
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
            }
            $($rest)*
        }
    };
}
