//! The model that is served: what the description and the standard say of it.

/// Hands the faults of this area on to the next list.
macro_rules! model {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Model {
                    /// A logical device is served that the description does not have.
                    ExtraDevice = "extra-device", "IEC 61850-6, LDevice";
                    /// A data object is served that the description does not have.
                    ExtraObject = "extra-object", "IEC 61850-6, LNodeType";
                    /// A status object has an attribute that the description does not have, so that every report of it is longer.
                    ExtraStatusAttribute = "extra-status-attribute", "IEC 61850-6, DOType";
                    /// The deadbands that the description has are not served.
                    DescribedAttributeMissing = "described-attribute-missing", "IEC 61850-6, DOType";
                    /// A status object has no time stamp.
                    MandatoryAttributeMissing = "mandatory-attribute-missing", "IEC 61850-7-3, SPS";
                    /// The physical device has no health.
                    MandatoryObjectMissing = "mandatory-object-missing", "IEC 61850-7-4, LPHD";
                    /// Quality stands before the value in a status object.
                    StatusAttributesSwapped = "status-attributes-swapped", "IEC 61850-6, order of DA in DOType";
                    /// The integers of status are of 64 bits.
                    IntegerWiderThanDescribed = "integer-wider-than-described", "IEC 61850-7-3, INS";
                    /// Descriptions are MMS strings.
                    DescriptionAsMmsString = "description-as-mms-string", "IEC 61850-8-1, VISIBLE STRING255";
                    /// The first two members of a data set have changed places.
                    MembersSwapped = "members-swapped", "IEC 61850-6, DataSet";
                    /// A data set has a member that does not exist.
                    MemberOfNothing = "member-of-nothing", "IEC 61850-6, FCDA";
                    /// The configured values of configuration and description are not loaded.
                    ConfiguredValuesIgnored = "configured-values-ignored", "IEC 61850-6, DAI";
                    /// The configuration revision of report control blocks is 0 and not that of the description.
                    ConfRevNotLoaded = "conf-rev-not-loaded", "IEC 61850-6, ReportControl, confRev";
                    /// A new configuration leaves configRev of the name plates as it was.
                    ConfigRevKept = "config-rev-kept", "IEC 61850-7-3, LPL, configRev";
                    /// The name plate of the physical device tells another hardware revision.
                    PlateOfOtherHardware = "plate-of-other-hardware", "IEC 61850-7-3, DPL, hwRev";
                    /// A data set of the configuration before is still served.
                    PreviousDataSetKept = "previous-data-set-kept", "IEC 61850-6, DataSet";
                    /// The destination address of GOOSE messages is not that of the description.
                    GooseAddressNotLoaded = "goose-address-not-loaded", "IEC 61850-6, GSE, Address";
                    /// The name space of logical devices is that of another edition.
                    NameSpaceOfOtherEdition = "name-space-of-other-edition", "IEC 61850-7-4, ldNs";
                    /// The name of a data object is longer than permitted.
                    ObjectNameTooLong = "object-name-too-long", "IEC 61850-7-2, 22.2";
                    /// Descriptions stand under the functional constraint of configuration.
                    DescriptionUnderConfiguration = "description-under-configuration", "IEC 61850-7-3, functional constraints";
                    /// A GOOSE control block stands in another logical node than LLN0.
                    GooseBlockOutsideLln0 = "goose-block-outside-lln0", "IEC 61850-7-2, GoCB";
                    /// A controllable object has no Oper.
                    OperMissing = "oper-missing", "IEC 61850-7-3, presence of Oper";
                    /// What can be substituted has no substituted quality.
                    SubstitutionIncomplete = "substitution-incomplete", "IEC 61850-7-3, PICS_SUBST";
                    /// A logical node that is no LLN0 has the name space of logical devices.
                    LdNsOutsideLln0 = "ld-ns-outside-lln0", "IEC 61850-7-3, LPL, ldNs";
                    /// A logical node has a class that is none of the standard, and no name space that says whose it is.
                    ExtensionWithoutNameSpace = "extension-without-name-space", "IEC 61850-7-1, name spaces";
                    /// The health of logical nodes has a value that is none.
                    HealthBeyondEnumeration = "health-beyond-enumeration", "IEC 61850-7-4, Health";
                    /// There is no logical node for the physical device.
                    PhysicalDeviceMissing = "physical-device-missing", "IEC 61850-7-1, LPHD";
                    /// The services of data sets and files work and are not announced.
                    OptionalServicesNotAnnounced = "optional-services-not-announced", "IEC 61850-8-1, servicesSupportedCalled";
                    /// Identify answers with the revision of another release.
                    RevisionOfOtherRelease = "revision-of-other-release", "IEC 61850-10, documentation";
                }
            }
            $($rest)*
        }
    };
}
