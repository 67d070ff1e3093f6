//! Controls (IEC 61850-7-2, control class model; IEC 61850-8-1, its mapping).

use std::time::Duration;

use iedassay_model::{Fc, NameError, ObjectReference};
use iedassay_wire::mms::ObjectName;
use tokio::time::Instant;

use super::command::{Command, Part};
use super::notification::{LastApplError, Notification, Termination};
use crate::inbound::Subscription;
use crate::{Client, ClientError};

/// What a control service gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlOutcome {
    /// Accepted, or how it failed; a refusal is [`ClientError::Access`].
    pub result: Result<(), ClientError>,
    /// LastApplErrors about this command that came before the response, the last one last.
    pub causes: Vec<LastApplError>,
    /// Those that came too and are about another object or carry another ctlNum, so that they explain nothing here.
    pub others: Vec<LastApplError>,
}

impl ControlOutcome {
    /// AddCause of the last LastApplError about this command, if one came.
    #[must_use]
    pub fn add_cause(&self) -> Option<i64> {
        self.causes.last().map(|cause| cause.add_cause)
    }
}

/// A controllable data object on one association, and what the server tells about it.
///
/// It listens from the moment it is made, so that nothing the server sends between a request and the
/// next call is lost.
#[derive(Debug)]
pub struct Controller {
    client: Client,
    domain: String,
    /// `LN$CO$DO`.
    item: String,
    subscription: Subscription,
    /// Terminations that came while something else was waited for.
    terminations: Vec<(Instant, Termination)>,
}

impl Controller {
    /// A controller of `object`, a data object such as `LD/CSWI1.Pos`.
    ///
    /// # Errors
    /// When the reference has no logical node or goes into an array.
    pub fn new(client: &Client, object: &ObjectReference) -> Result<Self, NameError> {
        let name = object.clone().with_fc(Fc::CO).to_mms()?;
        Ok(Self {
            client: client.clone(),
            domain: name.domain,
            item: name.item,
            subscription: client.subscribe(),
            terminations: Vec::new(),
        })
    }

    /// Select: reads SBO. The server answers with a reference, or an empty text when it refuses.
    ///
    /// # Errors
    /// As [`Client::read`]; [`ClientError::Inconsistent`] when the answer is no text.
    pub async fn select(&mut self) -> Result<String, ClientError> {
        let value = self.client.read(self.variable("SBO")).await?;
        match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(ClientError::Inconsistent(format!(
                "SBO reads as {}",
                value.kind()
            ))),
        }
    }

    /// SelectWithValue: writes SBOw.
    pub async fn select_with_value(&mut self, command: &Command) -> ControlOutcome {
        self.write(Part::SboWith, command).await
    }

    /// Operate: writes Oper.
    pub async fn operate(&mut self, command: &Command) -> ControlOutcome {
        self.write(Part::Oper, command).await
    }

    /// Cancel: writes Cancel.
    pub async fn cancel(&mut self, command: &Command) -> ControlOutcome {
        self.write(Part::Cancel, command).await
    }

    /// The next CommandTermination of this object, with its time of arrival; `None` when none comes
    /// in time.
    pub async fn termination(&mut self, within: Duration) -> Option<(Instant, Termination)> {
        if !self.terminations.is_empty() {
            return Some(self.terminations.remove(0));
        }
        let deadline = Instant::now() + within;
        while let Some(inbound) = self.subscription.next_before(deadline).await {
            if let Ok(Notification::Termination(termination)) = inbound.notification()
                && self.is_mine(&termination)
            {
                return Some((inbound.at, termination));
            }
        }
        None
    }

    async fn write(&mut self, part: Part, command: &Command) -> ControlOutcome {
        self.drain();
        let value = command.to_data(part, None);
        let result = self.client.write(self.variable(part.as_str()), value).await;
        // What caused a refusal comes before it on the wire, so it is here already.
        let ctl_num = Some(i64::from(command.ctl_num));
        let (causes, others) = self.drain().into_iter().partition(|cause| {
            cause.ctl_num == ctl_num && cause.is_about(&self.domain, &self.item)
        });
        ControlOutcome {
            result,
            causes,
            others,
        }
    }

    /// Takes what has come: keeps terminations of this object, gives causes, drops the rest.
    fn drain(&mut self) -> Vec<LastApplError> {
        let mut causes = Vec::new();
        while let Some(inbound) = self.subscription.try_next() {
            match inbound.notification() {
                Ok(Notification::LastApplError(cause)) => causes.push(cause),
                Ok(Notification::Termination(termination)) if self.is_mine(&termination) => {
                    self.terminations.push((inbound.at, termination));
                }
                _ => {}
            }
        }
        causes
    }

    fn is_mine(&self, termination: &Termination) -> bool {
        let object = termination
            .item
            .rsplit_once('$')
            .map_or("", |(object, _)| object);
        termination.domain == self.domain && object == self.item
    }

    fn variable(&self, part: &str) -> ObjectName {
        ObjectName::domain(self.domain.clone(), format!("{}${part}", self.item))
    }
}
