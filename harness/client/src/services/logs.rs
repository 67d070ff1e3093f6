//! Logs (IEC 61850-7-2: QueryLogByTime, QueryLogAfter, GetLogStatusValues; IEC 61850-8-1, ReadJournal).

use iedassay_model::BlockReference;
use iedassay_wire::mms::{
    BinaryTime, Data, EntryForm, EntryPosition, JournalEntry, JournalVariable, ObjectName,
    RangeStart, RangeStop, ReadJournalRequest, Request,
};

use super::{Pages, blocks::Block, inconsistent, picks};
use crate::{Client, ClientError};

/// The variable of an entry that tells why the one before it was logged.
const REASON_CODE: &str = "ReasonCode";

/// A value in an entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogValue {
    /// The name of the variable as the server gives it, usually `LD/LN$FC$DO$DA`.
    pub reference: String,
    /// The value.
    pub value: Data,
    /// Why it was logged, where the entry tells it.
    pub reason: Option<Data>,
}

/// An entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its identifier, usually 8 octets.
    pub id: Vec<u8>,
    /// When it happened.
    pub time: BinaryTime,
    /// What it holds.
    pub values: Vec<LogValue>,
    /// The text of an annotation.
    pub annotation: Option<String>,
}

impl LogEntry {
    /// Where to go on after this entry.
    #[must_use]
    pub fn position(&self) -> EntryPosition {
        EntryPosition {
            time: self.time,
            entry: self.id.clone(),
        }
    }
}

impl From<JournalEntry> for LogEntry {
    fn from(entry: JournalEntry) -> Self {
        let (values, annotation) = match entry.form {
            EntryForm::Data { variables, .. } => (values(variables.unwrap_or_default()), None),
            EntryForm::Annotation(text) => (Vec::new(), Some(text)),
        };
        Self {
            id: entry.identifier,
            time: entry.occurrence_time,
            values,
            annotation,
        }
    }
}

/// Joins each value with the reason code that follows it.
fn values(variables: Vec<JournalVariable>) -> Vec<LogValue> {
    let mut values: Vec<LogValue> = Vec::new();
    for JournalVariable { tag, value } in variables {
        match values.last_mut() {
            // Some servers name the reason with the whole reference before it.
            Some(last) if tag.ends_with(REASON_CODE) && last.reason.is_none() => {
                last.reason = Some(value);
            }
            _ => values.push(LogValue {
                reference: tag,
                value,
                reason: None,
            }),
        }
    }
    values
}

/// A part of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPage {
    /// Entries in the order of the server.
    pub entries: Vec<LogEntry>,
    /// Whether the server has more that fit the query.
    pub more_follows: bool,
}

/// The entries that a log holds, as its control block tells (GetLogStatusValues).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogStatus {
    /// Time of the oldest entry.
    pub oldest_time: BinaryTime,
    /// Time of the newest entry.
    pub newest_time: BinaryTime,
    /// Identifier of the oldest entry.
    pub oldest: Vec<u8>,
    /// Identifier of the newest entry.
    pub newest: Vec<u8>,
}

impl LogStatus {
    fn of(block: &Block) -> Result<Self, ClientError> {
        // Both spellings of the names are met.
        let get = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| block.get(name));
            found.ok_or_else(|| inconsistent(format!("the log control block has no {}", names[0])))
        };
        let time = |names| match get(names)? {
            Data::BinaryTime(time) => Ok(*time),
            other => Err(odd(names, other)),
        };
        let id = |names| match get(names)? {
            Data::OctetString(octets) => Ok(octets.clone()),
            other => Err(odd(names, other)),
        };
        Ok(Self {
            oldest_time: time(["OldEntrTm", "OldEntTm"])?,
            newest_time: time(["NewEntrTm", "NewEntTm"])?,
            oldest: id(["OldEntr", "OldEnt"])?,
            newest: id(["NewEntr", "NewEnt"])?,
        })
    }
}

fn odd(names: [&str; 2], data: &Data) -> ClientError {
    inconsistent(format!("{} is a {}", names[0], data.kind()))
}

impl Client {
    /// QueryLogByTime: the entries between two times, both included; without a bound from the oldest or to the newest.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn query_log_by_time(
        &self,
        log: ObjectName,
        start: Option<BinaryTime>,
        stop: Option<BinaryTime>,
    ) -> Result<LogPage, ClientError> {
        let mut request = ReadJournalRequest::new(log);
        request.start = start.map(RangeStart::Time);
        request.stop = stop.map(RangeStop::Time);
        self.read_journal(request).await
    }

    /// QueryLogAfter: the entries after one that is known.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn query_log_after(
        &self,
        log: ObjectName,
        after: EntryPosition,
    ) -> Result<LogPage, ClientError> {
        let mut request = ReadJournalRequest::new(log);
        request.start_after = Some(after);
        self.read_journal(request).await
    }

    /// ReadJournal as it is.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn read_journal(&self, request: ReadJournalRequest) -> Result<LogPage, ClientError> {
        let (page, _) = self.log_page(request).await?;
        Ok(page)
    }

    /// The page, and how many octets it came in.
    async fn log_page(&self, request: ReadJournalRequest) -> Result<(LogPage, usize), ClientError> {
        let (page, octets) = self
            .ask_page(Request::ReadJournal(request), picks!(ReadJournal))
            .await?;
        let page = LogPage {
            entries: page.entries.into_iter().map(LogEntry::from).collect(),
            more_follows: page.more_follows,
        };
        Ok((page, octets))
    }

    /// All entries between two times: QueryLogByTime, then QueryLogAfter as long as more follow.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when the pages do not end.
    pub async fn read_log(
        &self,
        log: ObjectName,
        start: Option<BinaryTime>,
        stop: Option<BinaryTime>,
    ) -> Result<Vec<LogEntry>, ClientError> {
        let mut request = ReadJournalRequest::new(log.clone());
        request.start = start.map(RangeStart::Time);
        request.stop = stop.map(RangeStop::Time);
        let mut entries: Vec<LogEntry> = Vec::new();
        let mut pages = Pages::default();
        loop {
            let (mut page, octets) = self.log_page(request).await?;
            let empty = page.entries.is_empty();
            entries.append(&mut page.entries);
            let Some(last) = entries.last().filter(|_| page.more_follows) else {
                return Ok(entries);
            };
            if empty {
                return Err(inconsistent(
                    "an empty page of the log says that more follow",
                ));
            }
            if !pages.add(octets) {
                return Err(inconsistent("the log does not end"));
            }
            request = ReadJournalRequest::new(log.clone());
            request.stop = stop.map(RangeStop::Time);
            request.start_after = Some(last.position());
        }
    }

    /// GetLogStatusValues.
    ///
    /// # Errors
    /// As [`Client::get_block`]; [`ClientError::Inconsistent`] when an attribute is missing or of another type.
    pub async fn log_status(&self, block: &BlockReference) -> Result<LogStatus, ClientError> {
        LogStatus::of(&self.get_block(block).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(tag: &str, value: Data) -> JournalVariable {
        JournalVariable {
            tag: tag.to_owned(),
            value,
        }
    }

    #[test]
    fn reasons_belong_to_the_value_before_them() {
        let joined = values(vec![
            variable("LD/A$ST$X", Data::Integer(1)),
            variable("ReasonCode", Data::Integer(2)),
            variable("LD/A$ST$Y", Data::Integer(3)),
            variable("LD/A$ST$Z", Data::Integer(4)),
            variable("LD/A$ST$Z$ReasonCode", Data::Integer(5)),
        ]);
        let seen: Vec<_> = joined
            .iter()
            .map(|value| (value.reference.as_str(), value.reason.clone()))
            .collect();
        assert_eq!(
            seen,
            [
                ("LD/A$ST$X", Some(Data::Integer(2))),
                ("LD/A$ST$Y", None),
                ("LD/A$ST$Z", Some(Data::Integer(5))),
            ]
        );
    }
}
