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
                    /// A write of a data set stores its first member only, and confirms all.
                    DataSetWriteFirstOnly = "data-set-write-first-only", "IEC 61850-7-2, SetDataSetValues";
                    /// A write of an unknown data set is confirmed.
                    UnknownDataSetWriteConfirmed = "unknown-data-set-write-confirmed", "IEC 61850-8-1, SetDataSetValues, response-";
                    /// A data set is created under a name that exists, in place of the other.
                    DuplicateDataSetAccepted = "duplicate-data-set-accepted", "IEC 61850-7-2, CreateDataSet, response-";
                    /// Unknown members are left out of a data set that is created, without a word.
                    UnknownMemberLeftOut = "unknown-member-left-out", "IEC 61850-7-2, CreateDataSet, response-";
                    /// A data set is created in a logical node that does not exist.
                    DataSetOfUnknownNodeAccepted = "data-set-of-unknown-node-accepted", "IEC 61850-7-2, CreateDataSet, response-";
                    /// The members of a data set that a client creates are put in reverse order.
                    CreatedMembersReversed = "created-members-reversed", "IEC 61850-7-2, CreateDataSet";
                    /// More members are accepted than `DynDataSet` announces.
                    DataSetMembersUnlimited = "data-set-members-unlimited", "IEC 61850-6, DynDataSet, maxAttributes";
                    /// The largest number of members that `DynDataSet` announces is refused.
                    DataSetMembersTooFew = "data-set-members-too-few", "IEC 61850-6, DynDataSet, maxAttributes";
                    /// More persistent data sets are accepted than `DynDataSet` announces.
                    DataSetsUnlimited = "data-sets-unlimited", "IEC 61850-6, DynDataSet, max";
                    /// The last persistent data set that `DynDataSet` announces is refused.
                    DataSetsTooFew = "data-sets-too-few", "IEC 61850-6, DynDataSet, max";
                    /// Data sets that clients have deleted still take part of the room.
                    DeletedDataSetsCounted = "deleted-data-sets-counted", "IEC 61850-7-2, DeleteDataSet";
                    /// More data sets of an association are accepted than the device has room for.
                    AssociationDataSetsUnlimited = "association-data-sets-unlimited", "IEC 61850-10, PIXIT Ds3";
                    /// The last data set of an association that the device has room for is refused.
                    AssociationDataSetsTooFew = "association-data-sets-too-few", "IEC 61850-10, PIXIT Ds3";
                    /// A member with a functional constraint that its data does not have is taken for the one that it has.
                    WrongFcMemberAccepted = "wrong-fc-member-accepted", "IEC 61850-7-2, CreateDataSet, response-";
                    /// A data set that a client created is not in the list of names.
                    CreatedDataSetHidden = "created-data-set-hidden", "IEC 61850-8-1, GetLogicalNodeDirectory(DATA-SET)";
                    /// A data set that a client created is said not to be deletable.
                    CreatedDataSetNotDeletable = "created-data-set-not-deletable", "IEC 61850-8-1, GetDataSetDirectory, mmsDeletable";
                    /// Every association uses the data sets of the others.
                    AssociationDataSetsShared = "association-data-sets-shared", "IEC 61850-7-2, data set, non-persistent";
                    /// The data sets of an association stay for the next one.
                    AssociationDataSetsLeft = "association-data-sets-left", "IEC 61850-7-2, data set, non-persistent";
                    /// A persistent data set is gone after a restart.
                    DataSetLostOnRestart = "data-set-lost-on-restart", "IEC 61850-7-2, data set, persistent";
                    /// A persistent data set is gone when an association ends.
                    DataSetEndsWithAssociation = "data-set-ends-with-association", "IEC 61850-7-2, data set, persistent";
                    /// A data set that a control block uses is deleted.
                    DataSetInUseDeleted = "data-set-in-use-deleted", "IEC 61850-7-2, DeleteDataSet, response-";
                    /// A configured data set is deleted.
                    ConfiguredDataSetDeleted = "configured-data-set-deleted", "IEC 61850-7-2, DeleteDataSet, response-";
                    /// A deletion is answered with success and deletes nothing.
                    DataSetDeletionWithoutEffect = "data-set-deletion-without-effect", "IEC 61850-7-2, DeleteDataSet";
                    /// A deletion that deletes tells that it deleted none.
                    DataSetDeletionNotTold = "data-set-deletion-not-told", "IEC 61850-8-1, DeleteDataSet, numberDeleted";
                    /// The deletion of an unknown data set is answered as one that was done.
                    UnknownDataSetDeletionConfirmed = "unknown-data-set-deletion-confirmed", "IEC 61850-8-1, DeleteDataSet, response-";
                }
            }
            $($rest)*
        }
    };
}
