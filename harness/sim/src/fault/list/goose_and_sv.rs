//! Control blocks of GOOSE and of sampled values over MMS.

/// Hands the faults of this area on to the next list.
macro_rules! goose_and_sv {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                GooseAndSv {
                    /// A write of GoEna is confirmed and changes nothing.
                    GoEnaStuck = "goena-stuck", "IEC 61850-7-2, GoCB, GoEna";
                    /// GoID and DatSet of a GOOSE control block can be written while it is enabled.
                    GooseWrittenWhileEnabled = "goose-written-while-enabled", "IEC 61850-7-2, SetGoCBValues";
                    /// A write that an enabled GOOSE control block refuses disables it.
                    GooseRefusedWriteDisables = "goose-refused-write-disables", "IEC 61850-7-2, SetGoCBValues, response-";
                    /// ConfRev and other read-only attributes of a GOOSE control block take a write.
                    GooseAttributesWritable = "goose-attributes-writable", "IEC 61850-8-1, GoCB, access of the attributes";
                    /// The destination address of a GOOSE control block takes a write.
                    GooseAddressWritable = "goose-address-writable", "IEC 61850-8-1, GoCB, access of DstAddress";
                    /// A new data set of a GOOSE control block does not count ConfRev.
                    GooseConfRevNotCounted = "goose-conf-rev-not-counted", "IEC 61850-7-2, GoCB, ConfRev";
                    /// Enabling a GOOSE control block counts ConfRev.
                    GooseSwitchCountsConfRev = "goose-switch-counts-conf-rev", "IEC 61850-7-2, GoCB, ConfRev";
                    /// A written GoID is confirmed and not stored.
                    GooseIdNotStored = "goose-id-not-stored", "IEC 61850-7-2, SetGoCBValues, GoID";
                    /// A GOOSE control block takes a data set that does not exist for one that does.
                    UnknownGooseDataSetAccepted = "unknown-goose-data-set-accepted", "IEC 61850-7-2, GoCB, DatSet, NdsCom";
                    /// A GOOSE control block that needs commissioning can be enabled.
                    GooseNeedsCommissioningIgnored = "goose-needs-commissioning-ignored", "IEC 61850-7-2, GoCB, GoEna, NdsCom";
                    /// NdsCom is never TRUE.
                    NdsComStuck = "nds-com-stuck", "IEC 61850-7-2, GoCB, NdsCom";
                    /// A data set that no GOOSE message can hold does not need commissioning.
                    GooseSizeUnchecked = "goose-size-unchecked", "IEC 61850-8-1, GoCB, NdsCom";
                    /// A data set can be deleted while a GOOSE control block uses it.
                    GooseDataSetDeleted = "goose-data-set-deleted", "IEC 61850-7-2, DeleteDataSet, response-";
                    /// GOOSE stops when the association ends that has enabled it.
                    GooseStopsWithAssociation = "goose-stops-with-association", "IEC 61850-7-2, GoCB, GoEna";
                    /// A read of a whole GOOSE control block lacks its last attribute.
                    GooseBlockLacksAttribute = "goose-block-lacks-attribute", "IEC 61850-7-2, GetGoCBValues";
                    /// The supervision of a GOOSE subscription is active and names no control block.
                    SupervisionOfNothing = "supervision-of-nothing", "IEC 61850-7-4, LGOS, St, GoCBRef";
                    /// A write of SvEna is confirmed and changes nothing.
                    SvEnaStuck = "svena-stuck", "IEC 61850-7-2, MSVCB and USVCB, SvEna";
                    /// Attributes of a sampled value control block can be written while it is enabled.
                    SvWrittenWhileEnabled = "sv-written-while-enabled", "IEC 61850-7-2, SetMSVCBValues and SetUSVCBValues";
                    /// A write that an enabled sampled value control block refuses disables it.
                    SvRefusedWriteDisables = "sv-refused-write-disables", "IEC 61850-7-2, SetMSVCBValues and SetUSVCBValues, response-";
                    /// ConfRev and other read-only attributes of a sampled value control block take a write.
                    SvAttributesWritable = "sv-attributes-writable", "IEC 61850-9-2, MSVCB and USVCB, access of the attributes";
                    /// The destination address of a sampled value control block takes a write.
                    SvAddressWritable = "sv-address-writable", "IEC 61850-9-2, MSVCB and USVCB, access of DstAddress";
                    /// A new data set of a sampled value control block does not count ConfRev.
                    SvConfRevNotCounted = "sv-conf-rev-not-counted", "IEC 61850-7-2, MSVCB and USVCB, ConfRev";
                    /// Enabling a sampled value control block counts ConfRev.
                    SvSwitchCountsConfRev = "sv-switch-counts-conf-rev", "IEC 61850-7-2, MSVCB and USVCB, ConfRev";
                    /// A written MsvID or UsvID is confirmed and not stored.
                    SvIdNotStored = "sv-id-not-stored", "IEC 61850-7-2, SetMSVCBValues and SetUSVCBValues";
                    /// A written SmpRate is confirmed and not stored.
                    SvRateNotStored = "sv-rate-not-stored", "IEC 61850-7-2, MSVCB and USVCB, SmpRate";
                    /// A sampled value control block takes a data set that does not exist for one that does.
                    UnknownSvDataSetAccepted = "unknown-sv-data-set-accepted", "IEC 61850-7-2, MSVCB and USVCB, DatSet";
                    /// A sampled value control block without a data set can be enabled.
                    SvEnabledWithoutDataSet = "sv-enabled-without-data-set", "IEC 61850-7-2, MSVCB and USVCB, SvEna";
                    /// A data set can be deleted while a sampled value control block uses it.
                    SvDataSetDeleted = "sv-data-set-deleted", "IEC 61850-7-2, DeleteDataSet, response-";
                    /// Multicast sampled values stop when the association ends that has enabled them.
                    SvStopsWithAssociation = "sv-stops-with-association", "IEC 61850-7-2, MSVCB, SvEna";
                    /// A read of a whole sampled value control block lacks its last attribute.
                    SvBlockLacksAttribute = "sv-block-lacks-attribute", "IEC 61850-7-2, GetMSVCBValues and GetUSVCBValues";
                    /// A unicast sampled value control block takes writes of any client whoever has reserved it.
                    UsvcbReservationIgnored = "usvcb-reservation-ignored", "IEC 61850-7-2, USVCB, Resv";
                    /// A unicast sampled value control block stays reserved when the association of its client ends.
                    UsvcbReservationKept = "usvcb-reservation-kept", "IEC 61850-7-2, USVCB, Resv";
                    /// A unicast sampled value control block stays enabled when the association of its client ends.
                    UsvcbGoesOnWithoutClient = "usvcb-goes-on-without-client", "IEC 61850-7-2, USVCB, SvEna";
                }
            }
            $($rest)*
        }
    };
}
