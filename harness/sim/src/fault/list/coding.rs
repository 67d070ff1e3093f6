//! How values are coded, how requests are matched with their answers, and what is done with requests that are no good.

/// Hands the faults of this area on to the next list.
macro_rules! coding {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Data {
                    /// A quality is read with its bits in reverse order.
                    QualityMirrored = "quality-mirrored", "IEC 61850-8-1, mapping of Quality";
                    /// A double point position is read with its bits in reverse order: on as off.
                    DbposMirrored = "dbpos-mirrored", "IEC 61850-8-1, mapping of CODED ENUM; IEC 61850-7-3, DPC and DPS";
                    /// A FLOAT32 is read as a floating point number of 64 bits.
                    FloatAsDouble = "float-as-double", "IEC 61850-8-1, mapping of FLOAT32";
                    /// The fraction of a time stamp counts milliseconds.
                    FractionInMilliseconds = "fraction-in-milliseconds", "IEC 61850-8-1, mapping of TimeStamp, FractionOfSecond";
                    /// The time quality states an accuracy that is not defined.
                    TimeAccuracyUndefined = "time-accuracy-undefined", "IEC 61850-7-2, TimeQuality, TimeAccuracy";
                    /// A text that is too long is cut to size and stored.
                    TextCut = "text-cut", "IEC 61850-8-1, SetDataValues, response-";
                    /// A text that is too long is stored as it is.
                    TextLengthUnchecked = "text-length-unchecked", "IEC 61850-8-1, SetDataValues, response-";
                    /// A setting outside of its minVal and maxVal is accepted.
                    SettingRangeUnchecked = "setting-range-unchecked", "IEC 61850-7-3, minVal and maxVal; IEC 61850-7-2, SetDataValues";
                    /// Invoke identifiers are cut to sixteen bits in responses.
                    InvokeIdCut = "invoke-id-cut", "ISO 9506-2, invokeID";
                    /// A service that the server does not know gets no answer.
                    UnknownServiceSilent = "unknown-service-silent", "ISO 9506-2, Reject, unrecognized-service";
                    /// A service that the server does not know aborts the association.
                    UnknownServiceAborts = "unknown-service-aborts", "ISO 9506-2, Reject, unrecognized-service";
                    /// A request whose argument cannot be decoded gets no answer.
                    BadArgumentSilent = "bad-argument-silent", "ISO 9506-2, Reject, invalid-argument";
                    /// A request in which TRUE is another octet than 255 is rejected.
                    TrueOnlyFf = "true-only-ff", "ISO 8825-1 (X.690), 8.2.2, BOOLEAN";
                    /// A request whose lengths take more octets than needed is rejected.
                    LongLengthsRejected = "long-lengths-rejected", "ISO 8825-1 (X.690), 8.1.3.5, long form of length";
                    /// A Reject does not say which request it is about.
                    RejectWithoutInvokeId = "reject-without-invoke-id", "ISO 9506-2, Reject, originalInvokeID";
                }
            }
            $($rest)*
        }
    };
}
