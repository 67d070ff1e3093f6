//! Data sets (IEC 61850-8-1: GetDataSetValues, SetDataSetValues, CreateDataSet, DeleteDataSet,
//! GetDataSetDirectory).

use iedassay_model::DataSetReference;
use iedassay_wire::mms::{
    AccessResult, Data, DefineNamedVariableListRequest, DeleteNamedVariableListRequest,
    DeleteNamedVariableListResponse, ListedVariable, NamedVariableListAttributes, ObjectName,
    Request, Response, VariableAccess, WriteResult,
};

use super::picks;
use crate::{Client, ClientError};

impl Client {
    /// The members of a data set and whether it can be deleted.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn data_set_directory(
        &self,
        data_set: &DataSetReference,
    ) -> Result<NamedVariableListAttributes, ClientError> {
        let request = Request::GetNamedVariableListAttributes(list_name(data_set));
        self.ask(request, picks!(GetNamedVariableListAttributes))
            .await
    }

    /// The values of all members.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn read_data_set(
        &self,
        data_set: &DataSetReference,
    ) -> Result<Vec<AccessResult>, ClientError> {
        self.read_access(VariableAccess::VariableListName(list_name(data_set)))
            .await
    }

    /// Writes all members.
    ///
    /// # Errors
    /// As [`Client::write_many`].
    pub async fn write_data_set(
        &self,
        data_set: &DataSetReference,
        values: Vec<Data>,
    ) -> Result<Vec<WriteResult>, ClientError> {
        self.write_access(
            VariableAccess::VariableListName(list_name(data_set)),
            values,
        )
        .await
    }

    /// Creates a data set.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn create_data_set(
        &self,
        data_set: &DataSetReference,
        variables: Vec<ListedVariable>,
    ) -> Result<(), ClientError> {
        let request = DefineNamedVariableListRequest {
            name: list_name(data_set),
            variables,
        };
        let pick = |response| matches!(response, Response::DefineNamedVariableList).then_some(());
        self.ask(Request::DefineNamedVariableList(request), pick)
            .await
    }

    /// Deletes a data set. Success says how many matched and how many are gone, which may be none.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn delete_data_set(
        &self,
        data_set: &DataSetReference,
    ) -> Result<DeleteNamedVariableListResponse, ClientError> {
        let request = DeleteNamedVariableListRequest::specific(vec![list_name(data_set)]);
        self.ask(
            Request::DeleteNamedVariableList(request),
            picks!(DeleteNamedVariableList),
        )
        .await
    }
}

fn list_name(data_set: &DataSetReference) -> ObjectName {
    match data_set.to_mms() {
        (Some(domain), item) => ObjectName::domain(domain, item),
        (None, item) => ObjectName::Aa(item),
    }
}
