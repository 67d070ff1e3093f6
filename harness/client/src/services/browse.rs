//! Everything a server tells of itself, as [`iedassay_model::browse`] wants it.

use std::collections::HashMap;
use std::time::Duration;

use iedassay_model::browse::{Browsed, BrowsedDataSet, BrowsedDomain};
use iedassay_model::{BlockReference, DataSetReference, Fc};
use iedassay_wire::mms::{
    AccessSelection, AlternateAccess, Data, ListedVariable, ObjectName, Selector, TypeSpecification,
};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::inconsistent;
use crate::{Client, ClientError};

/// After so many requests in a row without an answer the server counts as gone.
const MAX_SILENCE: usize = 3;
/// After so many octets of responses what the server tells of itself counts as endless.
const MAX_TOLD: u64 = 64 << 20;
/// Whoever tells of itself for longer is not waited for, however often it answers just in time.
const MAX_TIME: Duration = Duration::from_secs(600);
/// Octets that the problems keep of responses that could not be decoded; of further ones only what is wrong is kept.
const MAX_KEPT: usize = 1 << 20;

/// What was browsed, and what the server refused on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Browse {
    /// For [`iedassay_model::browse::build`].
    pub browsed: Browsed,
    /// What could not be had: what was asked, and why not.
    pub problems: Vec<(String, ClientError)>,
}

impl Client {
    /// Asks for everything: domains, variables, types, data sets, logs, control blocks, and the
    /// values that tell what types cannot (`ctlModel`, name spaces).
    ///
    /// What a server refuses is a problem and not an error, as long as it answers.
    ///
    /// # Errors
    /// When the list of domains cannot be had, the association ends, the server falls silent, or it tells more than any server
    /// is made of or for longer than ten minutes ([`ClientError::Inconsistent`]).
    pub async fn browse(&self) -> Result<Browse, ClientError> {
        match timeout(MAX_TIME, self.browse_all()).await {
            Ok(browse) => browse,
            Err(_) => Err(inconsistent(
                "what the server tells of itself is not told within ten minutes",
            )),
        }
    }

    async fn browse_all(&self) -> Result<Browse, ClientError> {
        let mut browser = Browser {
            client: self,
            browse: Browse::default(),
            silence: 0,
            before: self.answered_octets(),
            kept: 0,
        };
        for name in self.domains().await? {
            let domain = browser.domain(name).await?;
            browser.browse.browsed.domains.push(domain);
        }
        Ok(browser.browse)
    }
}

struct Browser<'a> {
    client: &'a Client,
    browse: Browse,
    /// Requests in a row without an answer.
    silence: usize,
    /// Octets of responses before it began.
    before: u64,
    /// Octets of undecodable responses in the problems.
    kept: usize,
}

impl Browser<'_> {
    async fn domain(&mut self, name: String) -> Result<BrowsedDomain, ClientError> {
        let mut domain = BrowsedDomain {
            name: name.clone(),
            ..BrowsedDomain::default()
        };
        let variables = self.client.variables(&name).await;
        domain.variables = self
            .heard(&format!("variables of {name}"), variables)?
            .unwrap_or_default();
        let journals = self.client.journals(&name).await;
        domain.journals = self
            .heard(&format!("logs of {name}"), journals)?
            .unwrap_or_default();
        let lists = self.client.data_sets(&name).await;
        let lists = self
            .heard(&format!("data sets of {name}"), lists)?
            .unwrap_or_default();
        domain.data_sets = self.data_sets(&name, lists).await?;
        domain.types = self.types(&name, &domain.variables).await?;
        domain.values = self.values(&name, &domain.variables).await?;
        Ok(domain)
    }

    async fn data_sets(
        &mut self,
        domain: &str,
        lists: Vec<String>,
    ) -> Result<Vec<BrowsedDataSet>, ClientError> {
        let client = self.client.clone();
        let ld = domain.to_owned();
        let directories = self
            .each(domain, lists, move |item| {
                let (client, reference) = (client.clone(), DataSetReference::from_mms(&ld, &item));
                async move {
                    match reference {
                        Ok(reference) => client.data_set_directory(&reference).await,
                        Err(error) => Err(ClientError::Inconsistent(error.to_string())),
                    }
                }
            })
            .await?;
        Ok(directories
            .into_iter()
            .map(|(item, attributes)| BrowsedDataSet {
                item,
                deletable: attributes.mms_deletable,
                members: attributes
                    .variables
                    .iter()
                    .map(|variable| member(domain, variable))
                    .collect(),
            })
            .collect())
    }

    /// Types of whole logical nodes; where one is refused, of its functional constraints, and where
    /// one of those is, of what is in it.
    async fn types(
        &mut self,
        domain: &str,
        variables: &[String],
    ) -> Result<Vec<(String, TypeSpecification)>, ClientError> {
        let mut types = Vec::new();
        let mut wanted: Vec<String> = variables
            .iter()
            .filter(|item| !item.contains('$'))
            .cloned()
            .collect();
        for _ in 0..3 {
            let found = self.types_of(domain, wanted.clone()).await?;
            let known: HashMap<&str, ()> =
                found.iter().map(|(item, _)| (item.as_str(), ())).collect();
            let refused: Vec<String> = wanted
                .iter()
                .filter(|item| !known.contains_key(item.as_str()))
                .cloned()
                .collect();
            wanted = variables
                .iter()
                .filter(|item| {
                    let parent = item.rsplit_once('$').map(|(parent, _)| parent);
                    parent.is_some_and(|parent| refused.iter().any(|refused| refused == parent))
                })
                .cloned()
                .collect();
            types.extend(found);
            if wanted.is_empty() {
                break;
            }
        }
        Ok(types)
    }

    async fn types_of(
        &mut self,
        domain: &str,
        items: Vec<String>,
    ) -> Result<Vec<(String, TypeSpecification)>, ClientError> {
        let client = self.client.clone();
        let ld = domain.to_owned();
        let types = self
            .each(domain, items, move |item| {
                let (client, name) = (client.clone(), ObjectName::domain(ld.clone(), item));
                async move { client.variable_type(name).await }
            })
            .await?;
        Ok(types
            .into_iter()
            .map(|(item, attributes)| (item, attributes.type_spec))
            .collect())
    }

    async fn values(
        &mut self,
        domain: &str,
        variables: &[String],
    ) -> Result<Vec<(String, Data)>, ClientError> {
        let wanted = variables
            .iter()
            .filter(|item| is_telling(domain, item))
            .cloned()
            .collect();
        let client = self.client.clone();
        let ld = domain.to_owned();
        self.each(domain, wanted, move |item| {
            let (client, name) = (client.clone(), ObjectName::domain(ld.clone(), item));
            async move { client.read(name).await }
        })
        .await
    }

    /// Asks the same of each item, several at once, and gives what was answered, in order.
    async fn each<T, F>(
        &mut self,
        domain: &str,
        items: Vec<String>,
        ask: impl Fn(String) -> F,
    ) -> Result<Vec<(String, T)>, ClientError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, ClientError>> + Send + 'static,
    {
        let width = self.client.outstanding_limit();
        let mut answers = Vec::new();
        for group in items.chunks(width.max(1)) {
            let mut tasks = JoinSet::new();
            for (index, item) in group.iter().enumerate() {
                let answer = ask(item.clone());
                tasks.spawn(async move { (index, answer.await) });
            }
            let mut answered: Vec<_> = tasks.join_all().await;
            answered.sort_by_key(|(index, _)| *index);
            for (item, (_, answer)) in group.iter().zip(answered) {
                if let Some(value) = self.heard(&format!("{domain}/{item}"), answer)? {
                    answers.push((item.clone(), value));
                }
            }
        }
        Ok(answers)
    }

    /// Turns a refusal into a problem, and the end of all things into an error.
    fn heard<T>(
        &mut self,
        what: &str,
        answer: Result<T, ClientError>,
    ) -> Result<Option<T>, ClientError> {
        if self.client.answered_octets().saturating_sub(self.before) > MAX_TOLD {
            return Err(inconsistent("what the server tells of itself does not end"));
        }
        let mut error = match answer {
            Ok(value) => {
                self.silence = 0;
                return Ok(Some(value));
            }
            Err(error) => error,
        };
        if matches!(error, ClientError::Timeout { .. }) {
            self.silence += 1;
        } else {
            self.silence = 0;
        }
        if error.is_over() || self.silence >= MAX_SILENCE {
            return Err(error);
        }
        if let ClientError::Wire { octets, .. } = &mut error {
            self.kept = self.kept.saturating_add(octets.len());
            if self.kept > MAX_KEPT {
                octets.clear();
            }
        }
        self.browse.problems.push((what.to_owned(), error));
        Ok(None)
    }
}

/// Control blocks, and the values that say what a type cannot: how objects are controlled, name spaces.
fn is_telling(domain: &str, item: &str) -> bool {
    if BlockReference::from_mms(domain, item).is_ok() {
        return true;
    }
    let parts: Vec<&str> = item.split('$').collect();
    match parts.as_slice() {
        [
            _,
            fc,
            ..,
            "ctlModel" | "sboClass" | "sboTimeout" | "operTimeout",
        ] => *fc == Fc::CF.as_str(),
        [_, fc, "NamPlt", "ldNs" | "lnNs"] => *fc == Fc::EX.as_str(),
        _ => false,
    }
}

/// Domain and item of a data-set member, an array index written as `(n)`.
fn member(domain: &str, variable: &ListedVariable) -> (String, String) {
    let (ld, mut item) = match variable.name() {
        Some(ObjectName::Domain { domain, item }) => (domain.clone(), item.clone()),
        Some(name) => (domain.to_owned(), name.to_string()),
        None => (domain.to_owned(), variable.to_string()),
    };
    let mut access = variable.alternate_access.as_ref();
    while let Some([first, ..]) = access.map(|access| access.items.as_slice()) {
        let (selector, inner): (&Selector, Option<&AlternateAccess>) = match &first.selection {
            AccessSelection::Select(selector) => (selector, None),
            AccessSelection::Nested(selector, inner) => (selector, Some(inner)),
        };
        match selector {
            Selector::Component(name) => {
                item.push('$');
                item.push_str(name);
            }
            Selector::Index(index) => item.push_str(&format!("({index})")),
            Selector::IndexRange { low, .. } => item.push_str(&format!("({low})")),
            Selector::AllElements => {}
        }
        access = inner;
    }
    (ld, item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_blocks_and_control_models_only() {
        for (item, telling) in [
            ("LLN0$BR$brcb01", true),
            ("LLN0$RP$urcb01", true),
            ("LLN0$RP$urcb01$RptID", false),
            ("LLN0$SP$SGCB", true),
            ("LLN0$GO$gcb", true),
            ("CSWI1$CF$Pos$ctlModel", true),
            ("CSWI1$CF$Pos$sboClass", true),
            ("CSWI1$CF$Pos$sboTimeout", true),
            ("CSWI1$CF$Pos$operTimeout", true),
            ("CSWI1$CF$Pos$d", false),
            ("LLN0$EX$NamPlt$ldNs", true),
            ("LLN0$ST$Mod$stVal", false),
            ("LLN0", false),
        ] {
            assert_eq!(is_telling("LD", item), telling, "{item}");
        }
    }

    #[test]
    fn members_tell_indices_and_components() {
        let access = AlternateAccess::component("cVal").of(Selector::Index(3));
        let variable = ListedVariable::new(
            ObjectName::domain("LD", "MHAI1$MX$HA$phsAHar"),
            Some(access),
        );
        assert_eq!(
            member("X", &variable),
            ("LD".into(), "MHAI1$MX$HA$phsAHar(3)$cVal".into())
        );
    }
}
