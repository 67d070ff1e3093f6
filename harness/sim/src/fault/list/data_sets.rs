//! Data sets.

/// Hands the faults of this area on to the next list.
macro_rules! data_sets {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
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
            }
            $($rest)*
        }
    };
}
