//! Names, types, and what the server says of itself (IEC 61850-8-1: GetServerDirectory,
//! GetLogicalDeviceDirectory, GetLogicalNodeDirectory, GetDataDefinition).

use std::collections::HashSet;
use std::pin::Pin;

use iedassay_wire::mms::{
    GetCapabilityListRequest, GetNameListRequest, GetVariableAccessAttributesRequest,
    IdentifyResponse, NameListResponse, ObjectClass, ObjectName, ObjectScope, Request,
    StatusResponse, VariableAccessAttributes,
};

use super::{Pages, inconsistent, picks};
use crate::{Client, ClientError};

impl Client {
    /// Identify.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn identify(&self) -> Result<IdentifyResponse, ClientError> {
        self.ask(Request::Identify, picks!(Identify)).await
    }

    /// Status.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn status(&self) -> Result<StatusResponse, ClientError> {
        self.ask(
            Request::Status {
                extended_derivation: false,
            },
            picks!(Status),
        )
        .await
    }

    /// GetCapabilityList, all pages.
    ///
    /// # Errors
    /// As [`Client::name_list`].
    pub async fn capabilities(&self) -> Result<Vec<String>, ClientError> {
        all_pages(|continue_after| {
            Box::pin(async move {
                self.ask_page(
                    Request::GetCapabilityList(GetCapabilityListRequest { continue_after }),
                    picks!(GetCapabilityList),
                )
                .await
            })
        })
        .await
    }

    /// One page of GetNameList, from the beginning or behind a name.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn name_list_page(
        &self,
        class: ObjectClass,
        scope: ObjectScope,
        continue_after: Option<String>,
    ) -> Result<NameListResponse, ClientError> {
        let (page, _) = self.name_page(class, scope, continue_after).await?;
        Ok(page)
    }

    /// The page, and how many octets it came in.
    async fn name_page(
        &self,
        class: ObjectClass,
        scope: ObjectScope,
        continue_after: Option<String>,
    ) -> Result<(NameListResponse, usize), ClientError> {
        let request = GetNameListRequest {
            continue_after,
            ..GetNameListRequest::new(class, scope)
        };
        self.ask_page(Request::GetNameList(request), picks!(GetNameList))
            .await
    }

    /// GetNameList, all pages.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when the pages do not end: more is
    /// promised but none comes, or names come again.
    pub async fn name_list(
        &self,
        class: ObjectClass,
        scope: ObjectScope,
    ) -> Result<Vec<String>, ClientError> {
        all_pages(|after| Box::pin(self.name_page(class, scope.clone(), after))).await
    }

    /// The logical devices.
    ///
    /// # Errors
    /// As [`Client::name_list`].
    pub async fn domains(&self) -> Result<Vec<String>, ClientError> {
        self.name_list(ObjectClass::DOMAIN, ObjectScope::Vmd).await
    }

    /// All named variables of a logical device: logical nodes and everything in them.
    ///
    /// # Errors
    /// As [`Client::name_list`].
    pub async fn variables(&self, domain: &str) -> Result<Vec<String>, ClientError> {
        self.name_list(
            ObjectClass::NAMED_VARIABLE,
            ObjectScope::Domain(domain.to_owned()),
        )
        .await
    }

    /// All data sets of a logical device, as `LN$name`.
    ///
    /// # Errors
    /// As [`Client::name_list`].
    pub async fn data_sets(&self, domain: &str) -> Result<Vec<String>, ClientError> {
        self.name_list(
            ObjectClass::NAMED_VARIABLE_LIST,
            ObjectScope::Domain(domain.to_owned()),
        )
        .await
    }

    /// All logs of a logical device, as `LN$name`.
    ///
    /// # Errors
    /// As [`Client::name_list`].
    pub async fn journals(&self, domain: &str) -> Result<Vec<String>, ClientError> {
        self.name_list(ObjectClass::JOURNAL, ObjectScope::Domain(domain.to_owned()))
            .await
    }

    /// GetVariableAccessAttributes.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn variable_type(
        &self,
        name: ObjectName,
    ) -> Result<VariableAccessAttributes, ClientError> {
        let request = GetVariableAccessAttributesRequest::Name(name);
        self.ask(
            Request::GetVariableAccessAttributes(request),
            picks!(GetVariableAccessAttributes),
        )
        .await
    }
}

/// A question for the next page. Boxed, because as a closure it would keep callers from being sent between threads.
type NextPage<'a> =
    Pin<Box<dyn Future<Output = Result<(NameListResponse, usize), ClientError>> + Send + 'a>>;

/// Asks for page after page, each behind the last name of the one before.
async fn all_pages<'a>(
    ask: impl Fn(Option<String>) -> NextPage<'a> + Send,
) -> Result<Vec<String>, ClientError> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    let mut pages = Pages::default();
    loop {
        let (page, octets) = ask(names.last().cloned()).await?;
        let empty = page.names.is_empty();
        for name in page.names {
            if !seen.insert(name.clone()) {
                return Err(inconsistent(format!(
                    "the list of names has `{name}` twice"
                )));
            }
            names.push(name);
        }
        if !page.more_follows {
            return Ok(names);
        }
        if empty {
            return Err(inconsistent("an empty page of names says that more follow"));
        }
        if !pages.add(octets) {
            return Err(inconsistent("the list of names does not end"));
        }
    }
}
