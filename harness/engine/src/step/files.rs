//! `list-files`, `get-file`, `open-file` and what follows it, `set-file`, `delete-file`: what was changed comes back as it was.

use std::time::Duration;

use iedassay_client::{Client, ClientError};
use iedassay_wire::mms::{FileName, FileOpenRequest, Request, Response};
use tokio::time::Instant;

use super::permission::allowed;
use super::request::{Answer, finish};
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::outcome_of_error;
use crate::runner::exhibit::Exhibit;
use crate::safety::Change;
use crate::suite::steps::{CloseFile, DeleteFile, GetFile, ListFiles, OpenFile, ReadFile, SetFile};
use crate::suite::{Allowance, Common};
use crate::value::{list, map};
use crate::verdict::IncidentKind;

/// The largest file that is read.
const LIMIT: usize = 16_000_000;
/// Under which name the server asks for a file that is set.
const SOURCE: &str = "iedassay.tmp";
/// Requests that the transfer of one file may take.
const PATIENCE: u32 = 20;

/// Lists files.
pub(super) async fn list_files(cx: &mut CaseRun<'_>, step: &ListFiles) -> Result<(), Trouble> {
    let common = step.common();
    let path = cx.eval_opt(step.path.as_ref())?.map(FileName::new);
    let (_, client) = client(cx, &common)?;
    let started = Instant::now();
    let listed = client.file_directory(path).await;
    let fields = listed.as_ref().map(|entries| {
        let files = entries.iter().map(|entry| {
            let modified = entry.attributes.last_modified.as_deref();
            map([
                ("name", Value::from(entry.name.to_path())),
                ("size", Value::Int(i64::from(entry.attributes.size))),
                ("modified", modified.map_or(Value::Null, Value::from)),
            ])
        });
        let names = entries
            .iter()
            .map(|entry| Value::from(entry.name.to_path()));
        vec![("files", list(files)), ("names", list(names))]
    });
    let fields = fields.unwrap_or_default();
    finish(cx, &common, started, answer(&listed, fields))
}

/// Reads a file to its end.
pub(super) async fn get_file(cx: &mut CaseRun<'_>, step: &GetFile) -> Result<(), Trouble> {
    let common = step.common();
    let file = FileName::new(cx.eval(&step.file)?);
    let position = cx.eval_opt(step.position.as_ref())?.unwrap_or_default();
    let (_, client) = client(cx, &common)?;
    let started = Instant::now();
    let got = client.get_file_from(file, position, LIMIT).await;
    let fields = got.as_ref().map(|got| {
        let size = i64::try_from(got.contents.len()).unwrap_or(i64::MAX);
        let text = core::str::from_utf8(&got.contents).ok();
        vec![
            ("size", Value::Int(size)),
            ("told", Value::Int(i64::from(got.attributes.size))),
            ("pieces", Value::Int(i64::from(got.pieces))),
            ("text", text.map_or(Value::Null, Value::from)),
        ]
    });
    let fields = fields.unwrap_or_default();
    finish(cx, &common, started, answer(&got, fields))
}

/// Opens a file and leaves it open.
pub(super) async fn open_file(cx: &mut CaseRun<'_>, step: &OpenFile) -> Result<(), Trouble> {
    let common = step.common();
    let name = FileName::new(cx.eval(&step.file)?);
    let initial_position = cx.eval_opt(step.position.as_ref())?.unwrap_or_default();
    let started = Instant::now();
    let request = Request::FileOpen(FileOpenRequest {
        name,
        initial_position,
    });
    let reply = super::send(cx, &common, request, started).await?;
    let fields = match &reply.response {
        Some(Response::FileOpen(opened)) => vec![
            ("handle", Value::Int(i64::from(opened.frsm_id))),
            ("size", Value::Int(i64::from(opened.attributes.size))),
        ],
        _ => Vec::new(),
    };
    finish(cx, &common, started, Answer::single(&reply, fields))
}

/// Reads the next piece of an open file.
pub(super) async fn read_file(cx: &mut CaseRun<'_>, step: &ReadFile) -> Result<(), Trouble> {
    let common = step.common();
    let frsm_id = handle(cx.eval(&step.handle)?)?;
    let started = Instant::now();
    let reply = super::send(cx, &common, Request::FileRead { frsm_id }, started).await?;
    let fields = match &reply.response {
        Some(Response::FileRead(piece)) => vec![
            (
                "size",
                Value::Int(i64::try_from(piece.data.len()).unwrap_or(i64::MAX)),
            ),
            ("more", Value::Bool(piece.more_follows)),
        ],
        _ => Vec::new(),
    };
    finish(cx, &common, started, Answer::single(&reply, fields))
}

/// Closes an open file.
pub(super) async fn close_file(cx: &mut CaseRun<'_>, step: &CloseFile) -> Result<(), Trouble> {
    let common = step.common();
    let frsm_id = handle(cx.eval(&step.handle)?)?;
    let started = Instant::now();
    let reply = super::send(cx, &common, Request::FileClose { frsm_id }, started).await?;
    finish(cx, &common, started, Answer::single(&reply, Vec::new()))
}

fn handle(number: i64) -> Result<i32, Trouble> {
    i32::try_from(number).map_err(|_| Trouble::suite(format!("{number} is no handle of a file")))
}

/// Sets a file.
pub(super) async fn set_file(cx: &mut CaseRun<'_>, step: &SetFile) -> Result<(), Trouble> {
    let common = step.common();
    let path = cx.eval(&step.file)?;
    let text = cx.eval_opt(step.text.as_ref())?;
    let size = cx.eval_opt(step.size.as_ref())?;
    let contents = match (text, size, step.missing.unwrap_or(false)) {
        (Some(text), None, false) => Some(text.into_bytes()),
        (None, Some(size), false) => {
            let size = usize::try_from(size).unwrap_or(LIMIT).min(LIMIT);
            Some((0..=255).cycle().take(size).collect())
        }
        (None, None, true) => None,
        _ => {
            return Err(Trouble::suite(
                "`set-file` needs `text`, `size` or `missing`, and one of them",
            ));
        }
    };
    note(cx, &common, &path).await?;
    let (name, client) = client(cx, &common)?;
    let started = Instant::now();
    let within = super::request::patience(cx, &common, started)?.saturating_mul(PATIENCE);
    let destination = FileName::new(path);
    let mut fields = Vec::new();
    let set = match contents {
        Some(contents) => {
            let size = i64::try_from(contents.len()).unwrap_or(i64::MAX);
            fields.push(("size", Value::Int(size)));
            let set = client
                .set_file(SOURCE.into(), contents, destination, within)
                .await;
            if let Ok(obtained) = &set {
                fields.push(("closed", Value::Bool(obtained.closed)));
            }
            set.map(|_| ())
        }
        None => {
            client
                .set_missing_file(SOURCE.into(), destination, within)
                .await
        }
    };
    cx.clients.need(&name)?.forget_fetching();
    finish(cx, &common, started, answer(&set, fields))
}

/// Deletes a file.
pub(super) async fn delete_file(cx: &mut CaseRun<'_>, step: &DeleteFile) -> Result<(), Trouble> {
    let common = step.common();
    let path = cx.eval(&step.file)?;
    note(cx, &common, &path).await?;
    let started = Instant::now();
    let request = Request::FileDelete(FileName::new(path));
    let reply = super::send(cx, &common, request, started).await?;
    finish(cx, &common, started, Answer::single(&reply, Vec::new()))
}

fn client(cx: &mut CaseRun<'_>, common: &Common<'_>) -> Result<(String, Client), Trouble> {
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    Ok((name, client))
}

fn answer<T>(done: &Result<T, ClientError>, fields: Vec<(&'static str, Value)>) -> Answer {
    let outcome = done
        .as_ref()
        .err()
        .map_or(Outcome::Success, outcome_of_error);
    Answer {
        outcomes: vec![(String::new(), outcome)],
        at: Instant::now(),
        fields,
        exhibit: Exhibit::default(),
        each: Vec::new(),
    }
}

/// Remembers a file before the case changes it.
async fn note(cx: &mut CaseRun<'_>, common: &Common<'_>, path: &str) -> Result<(), Trouble> {
    allowed(cx, Allowance::Files)?;
    let (name, client) = client(cx, common)?;
    if !cx.ledger.knows_file(path) {
        let before = contents(&client, path).await.map_err(|error| {
            let what = format!("`{path}` could not be put back, it cannot be read: {error}");
            Trouble::new(IncidentKind::Precondition, what)
        })?;
        let path = path.to_owned();
        cx.ledger.note(&name, Change::File { path, before });
    }
    Ok(())
}

/// What is in a file; none when the server refuses to open it and does not list it. A file that is only not to be read must not be
/// taken for absent: what was absent is deleted at the end.
async fn contents(client: &Client, path: &str) -> Result<Option<Vec<u8>>, ClientError> {
    let refused =
        |error: &ClientError| matches!(error, ClientError::Service(_) | ClientError::Rejected(_));
    let error = match client.get_file(FileName::new(path), LIMIT).await {
        Ok(contents) => return Ok(Some(contents)),
        Err(error) if refused(&error) => error,
        Err(error) => return Err(error),
    };
    match client.file_directory(Some(FileName::new(path))).await {
        Ok(listed) if listed.is_empty() => Ok(None),
        Ok(_) => Err(error),
        Err(none) if refused(&none) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Puts a file back as it was, or away when it was not there.
pub(crate) async fn put_back(
    client: &Client,
    path: &str,
    before: Option<Vec<u8>>,
    within: Duration,
) -> Result<(), String> {
    let now = contents(client, path)
        .await
        .map_err(|error| error.to_string())?;
    if now == before {
        return Ok(());
    }
    let done = match before {
        Some(before) => {
            let within = within.saturating_mul(PATIENCE);
            client
                .set_file(SOURCE.into(), before, FileName::new(path), within)
                .await
                .map(|_| ())
        }
        None => client.file_delete(FileName::new(path)).await,
    };
    done.map_err(|error| error.to_string())
}
