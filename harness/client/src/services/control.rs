//! Controls (IEC 61850-7-2, control class model; IEC 61850-8-1, its mapping).

use std::time::Duration;

use iedassay_model::{Fc, NameError, ObjectReference};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, ObjectName, UtcTime};
use tokio::time::Instant;

use super::notification::{LastApplError, Notification, Termination};
use crate::inbound::Subscription;
use crate::{Client, ClientError};

/// Who commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// orCat: 1 bay, 2 station, 3 remote, 4 to 6 automatic, 7 maintenance, 8 process.
    pub or_cat: i64,
    /// orIdent: at most 64 octets.
    pub or_ident: Vec<u8>,
}

impl Origin {
    /// As the mapping has it: `{orCat, orIdent}`.
    #[must_use]
    pub fn to_data(&self) -> Data {
        Data::Structure(vec![
            Data::Integer(self.or_cat),
            Data::OctetString(self.or_ident.clone()),
        ])
    }

    /// From `{orCat, orIdent}`; `None` when it is anything else.
    #[must_use]
    pub fn from_data(data: &Data) -> Option<Self> {
        let Data::Structure(fields) = data else {
            return None;
        };
        let [or_cat, or_ident] = fields.as_slice() else {
            return None;
        };
        Some(Self {
            or_cat: or_cat.as_i64()?,
            or_ident: or_ident.as_octets()?.to_vec(),
        })
    }
}

/// What a command consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandParameters {
    /// ctlVal.
    pub ctl_val: Data,
    /// operTm of a time-activated object; `None` where the object has none.
    pub oper_tm: Option<UtcTime>,
    /// origin.
    pub origin: Origin,
    /// ctlNum.
    pub ctl_num: u8,
    /// T: utc-time, or binary-time where an Edition 1 object has it so.
    pub t: Data,
    /// Test.
    pub test: bool,
    /// Check: synchrocheck.
    pub synchro_check: bool,
    /// Check: interlock-check.
    pub interlock_check: bool,
}

impl CommandParameters {
    /// A command by a station-level client, without checks and test.
    #[must_use]
    pub fn new(ctl_val: Data, ctl_num: u8, t: UtcTime) -> Self {
        Self {
            ctl_val,
            oper_tm: None,
            origin: Origin {
                or_cat: 2,
                or_ident: b"iedassay".to_vec(),
            },
            ctl_num,
            t: Data::UtcTime(t),
            test: false,
            synchro_check: false,
            interlock_check: false,
        }
    }

    /// The structure of Oper and SBOw.
    #[must_use]
    pub fn to_oper(&self) -> Data {
        let mut fields = self.common();
        fields.push(Data::BitString(BitString::from_bits([
            self.synchro_check,
            self.interlock_check,
        ])));
        Data::Structure(fields)
    }

    /// The structure of Cancel: the same without Check.
    #[must_use]
    pub fn to_cancel(&self) -> Data {
        Data::Structure(self.common())
    }

    fn common(&self) -> Vec<Data> {
        let mut fields = vec![self.ctl_val.clone()];
        fields.extend(self.oper_tm.map(Data::UtcTime));
        fields.push(self.origin.to_data());
        fields.push(Data::Unsigned(u64::from(self.ctl_num)));
        fields.push(self.t.clone());
        fields.push(Data::Boolean(self.test));
        fields
    }
}

/// What a control service gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlOutcome {
    /// Accepted, or how it failed; a refusal is [`ClientError::Access`].
    pub result: Result<(), ClientError>,
    /// LastApplErrors that came before the response, the last one last. One may be about another
    /// object.
    pub causes: Vec<LastApplError>,
}

impl ControlOutcome {
    /// AddCause of the last LastApplError, if one came.
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
    pub async fn select_with_value(&mut self, command: &CommandParameters) -> ControlOutcome {
        self.write("SBOw", command.to_oper()).await
    }

    /// Operate: writes Oper.
    pub async fn operate(&mut self, command: &CommandParameters) -> ControlOutcome {
        self.write("Oper", command.to_oper()).await
    }

    /// Cancel: writes Cancel.
    pub async fn cancel(&mut self, command: &CommandParameters) -> ControlOutcome {
        self.write("Cancel", command.to_cancel()).await
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

    async fn write(&mut self, part: &str, value: Data) -> ControlOutcome {
        self.drain();
        let result = self.client.write(self.variable(part), value).await;
        // What caused a refusal comes before it on the wire, so it is here already.
        let causes = self.drain();
        ControlOutcome { result, causes }
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
