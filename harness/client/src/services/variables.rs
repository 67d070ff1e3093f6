//! Values (IEC 61850-8-1: GetDataValues, SetDataValues).

use iedassay_model::{NameError, ObjectReference, Selection};
use iedassay_wire::mms::{
    AccessResult, AlternateAccess, Data, ListedVariable, ObjectName, ReadRequest, Request,
    Selector, VariableAccess, WriteRequest, WriteResult,
};

use super::{inconsistent, picks};
use crate::{Client, ClientError};

impl Client {
    /// Reads one variable.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Access`] when the server refuses it.
    pub async fn read(&self, variable: impl Into<ListedVariable>) -> Result<Data, ClientError> {
        let mut results = self.read_many(vec![variable.into()]).await?;
        match results.pop() {
            Some(result) => result.map_err(ClientError::Access),
            None => Err(inconsistent("no result for the variable")),
        }
    }

    /// Reads several variables in one request; a result for each.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when there are not as many results as
    /// variables.
    pub async fn read_many(
        &self,
        variables: Vec<ListedVariable>,
    ) -> Result<Vec<AccessResult>, ClientError> {
        let expected = variables.len();
        let results = self
            .read_access(VariableAccess::ListOfVariable(variables))
            .await?;
        counted(expected, results)
    }

    /// Reads what `access` says, which may be a data set of unknown length.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn read_access(
        &self,
        access: VariableAccess,
    ) -> Result<Vec<AccessResult>, ClientError> {
        let response = self
            .ask(Request::Read(ReadRequest::new(access)), picks!(Read))
            .await?;
        Ok(response.results)
    }

    /// Writes one variable.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Access`] when the server refuses it.
    pub async fn write(
        &self,
        variable: impl Into<ListedVariable>,
        value: Data,
    ) -> Result<(), ClientError> {
        let mut results = self.write_many(vec![(variable.into(), value)]).await?;
        match results.pop() {
            Some(result) => result.map_err(ClientError::Access),
            None => Err(inconsistent("no result for the variable")),
        }
    }

    /// Writes several variables in one request; a result for each.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when there are not as many results as
    /// variables.
    pub async fn write_many(
        &self,
        values: Vec<(ListedVariable, Data)>,
    ) -> Result<Vec<WriteResult>, ClientError> {
        let (variables, data): (Vec<_>, Vec<_>) = values.into_iter().unzip();
        self.write_access(VariableAccess::ListOfVariable(variables), data)
            .await
    }

    /// Writes to what `access` says, which may be a data set; a result for each value.
    ///
    /// # Errors
    /// As [`Client::write_many`].
    pub async fn write_access(
        &self,
        access: VariableAccess,
        data: Vec<Data>,
    ) -> Result<Vec<WriteResult>, ClientError> {
        let expected = data.len();
        let response = self
            .ask(Request::Write(WriteRequest { access, data }), picks!(Write))
            .await?;
        counted(expected, response.results)
    }
}

/// The variable that a reference means: the named variable, and where it goes into an array,
/// alternate access.
///
/// # Errors
/// When the reference has no functional constraint and needs one.
pub fn variable_of(reference: &ObjectReference) -> Result<ListedVariable, NameError> {
    let name = reference.to_mms()?;
    let mut access: Option<AlternateAccess> = None;
    for step in name.selection.into_iter().rev() {
        let selector = match step {
            Selection::Index(index) => Selector::Index(index),
            Selection::Component(name) => Selector::Component(name),
        };
        access = Some(match access {
            Some(inner) => inner.of(selector),
            None => AlternateAccess::select(selector),
        });
    }
    Ok(ListedVariable::new(
        ObjectName::domain(name.domain, name.item),
        access,
    ))
}

fn counted<T>(expected: usize, results: Vec<T>) -> Result<Vec<T>, ClientError> {
    if results.len() == expected {
        return Ok(results);
    }
    Err(inconsistent(format!(
        "{} results for {expected} variables",
        results.len()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_into_arrays_become_alternate_access() {
        let reference: ObjectReference = "LD/MHAI1.HA.phsAHar(3).cVal[MX]".parse().unwrap();
        let variable = variable_of(&reference).unwrap();
        assert_eq!(
            variable.name(),
            Some(&ObjectName::domain("LD", "MHAI1$MX$HA$phsAHar"))
        );
        let inner = AlternateAccess::component("cVal").of(Selector::Index(3));
        assert_eq!(variable.alternate_access, Some(inner));
    }

    #[test]
    fn plain_references_need_no_alternate_access() {
        let reference: ObjectReference = "LD/GGIO1.Ind1.stVal[ST]".parse().unwrap();
        assert_eq!(
            variable_of(&reference).unwrap(),
            ObjectName::domain("LD", "GGIO1$ST$Ind1$stVal").into()
        );
    }
}
