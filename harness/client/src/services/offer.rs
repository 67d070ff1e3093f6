//! SetFile (IEC 61850-8-1, ObtainFile): the server opens, reads and closes a file here, so this side serves meanwhile.

use std::collections::BTreeMap;
use std::time::Duration;

use iedassay_wire::mms::{
    ConfirmedRequest, ErrorCode, FileAttributes, FileName, FileOpenResponse, FileReadResponse,
    ObtainFileRequest, Pdu, Reject, RejectReason, Request, Response,
};

use super::inconsistent;
use crate::{Client, ClientError, Inbound};

/// Files that a server may have open here.
const MAX_OPEN: usize = 16;
/// Octets of a PDU that are not contents of the file.
const OVERHEAD: usize = 64;

/// A file that a server may fetch.
#[derive(Clone, Debug)]
pub struct Offer {
    name: FileName,
    contents: Vec<u8>,
    /// Octets that go into one answer.
    piece: usize,
    open: BTreeMap<i32, usize>,
    last: i32,
}

impl Offer {
    /// A file under the name by which the server will ask for it. `piece` is the largest part of it in one answer.
    #[must_use]
    pub fn new(name: FileName, contents: Vec<u8>, piece: usize) -> Self {
        Self {
            name,
            contents,
            piece: piece.max(1),
            open: BTreeMap::new(),
            last: 0,
        }
    }

    /// Answers a request of the server.
    pub fn answer(&mut self, request: ConfirmedRequest) -> Pdu {
        let invoke_id = request.invoke_id;
        let answer = match request.service {
            Request::FileOpen(open) => self.file_open(&open.name, open.initial_position),
            Request::FileRead { frsm_id } => self.file_read(frsm_id),
            Request::FileClose { frsm_id } => match self.open.remove(&frsm_id) {
                Some(_) => Ok(Response::FileClose),
                None => Err(ErrorCode::POSITION_INVALID),
            },
            _ => {
                return Pdu::Reject(Reject {
                    original_invoke_id: Some(invoke_id),
                    reason: RejectReason::REQUEST_UNRECOGNIZED_SERVICE,
                });
            }
        };
        match answer {
            Ok(response) => Pdu::response(invoke_id, response),
            Err(code) => Pdu::error(invoke_id, code),
        }
    }

    /// Whether the server has left the file open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn file_open(&mut self, name: &FileName, position: u32) -> Result<Response, ErrorCode> {
        if plain(name) != plain(&self.name) {
            return Err(ErrorCode::FILE_NON_EXISTENT);
        }
        if self.open.len() >= MAX_OPEN {
            return Err(ErrorCode::FILE_BUSY);
        }
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        if position > self.contents.len() {
            return Err(ErrorCode::POSITION_INVALID);
        }
        self.last = self.last.checked_add(1).unwrap_or(1);
        self.open.insert(self.last, position);
        Ok(Response::FileOpen(FileOpenResponse {
            frsm_id: self.last,
            attributes: FileAttributes {
                size: u32::try_from(self.contents.len()).unwrap_or(u32::MAX),
                last_modified: None,
            },
        }))
    }

    fn file_read(&mut self, frsm_id: i32) -> Result<Response, ErrorCode> {
        let position = self.open.get_mut(&frsm_id);
        let position = position.ok_or(ErrorCode::POSITION_INVALID)?;
        let end = position.saturating_add(self.piece).min(self.contents.len());
        let data = self.contents.get(*position..end).unwrap_or(&[]).to_vec();
        *position = end;
        Ok(Response::FileRead(FileReadResponse {
            data,
            more_follows: end < self.contents.len(),
        }))
    }
}

/// Servers write separators and a leading one in their own way.
fn plain(name: &FileName) -> String {
    let path = name.to_path().replace('\\', "/");
    path.trim_start_matches('/').to_owned()
}

/// What a server that has obtained a file did on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obtained {
    /// Whether it has closed the file here, as ISO 9506-2 has it do before it answers.
    pub closed: bool,
}

impl Client {
    /// SetFile: offers a file under `source` and has the server obtain it as `destination`. The whole transfer has to end
    /// `within` a time.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when the server says that it has the file and never asked
    /// for it.
    pub async fn set_file(
        &self,
        source: FileName,
        contents: Vec<u8>,
        destination: FileName,
        within: Duration,
    ) -> Result<Obtained, ClientError> {
        let largest = self.established().answer.local_detail.unwrap_or(1000);
        let piece = usize::try_from(largest)
            .unwrap_or(0)
            .saturating_sub(OVERHEAD);
        let mut offer = Offer::new(source.clone(), contents, piece);
        self.have_obtained(&mut offer, source, destination, within)
            .await?;
        if offer.last == 0 {
            return Err(inconsistent(
                "the server never opened the file that it obtained",
            ));
        }
        Ok(Obtained {
            closed: !offer.is_open(),
        })
    }

    /// Has the server obtain a file that this side does not have: every FileOpen is refused.
    ///
    /// # Errors
    /// As [`Client::request`]; a refusal is what has to come.
    pub async fn set_missing_file(
        &self,
        source: FileName,
        destination: FileName,
        within: Duration,
    ) -> Result<(), ClientError> {
        let mut none = Offer::new(FileName::new(""), Vec::new(), 1);
        self.have_obtained(&mut none, source, destination, within)
            .await
    }

    async fn have_obtained(
        &self,
        offer: &mut Offer,
        source: FileName,
        destination: FileName,
        within: Duration,
    ) -> Result<(), ClientError> {
        let mut asked = self.subscribe();
        let request = Request::ObtainFile(ObtainFileRequest {
            source_server: None,
            source,
            destination,
        });
        let mut obtained = std::pin::pin!(self.request_within(request, within));
        let response = loop {
            tokio::select! {
                biased;
                response = &mut obtained => break response,
                Some(inbound) = asked.next() => self.give(offer, &inbound)?,
            }
        };
        // Some servers do not wait for the answer to their FileClose.
        while let Some(inbound) = asked.try_next() {
            self.give(offer, &inbound)?;
        }
        response.map(|_| ())
    }

    fn give(&self, offer: &mut Offer, inbound: &Inbound) -> Result<(), ClientError> {
        match inbound.pdu() {
            Ok(Pdu::ConfirmedRequest(request)) => self.send_mms(offer.answer(request).encode()),
            // Reports and the like are for others.
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::mms::FileOpenRequest;

    fn ask(offer: &mut Offer, request: Request) -> Pdu {
        match Pdu::request(5, request) {
            Pdu::ConfirmedRequest(request) => offer.answer(request),
            other => panic!("{other:?}"),
        }
    }

    fn open(path: &str, initial_position: u32) -> Request {
        let name = FileName::new(path);
        Request::FileOpen(FileOpenRequest {
            name,
            initial_position,
        })
    }

    #[test]
    fn gives_the_file_in_pieces_to_whoever_opened_it() {
        let mut offer = Offer::new("own.bin".into(), vec![1, 2, 3, 4, 5], 2);
        ask(&mut offer, open("\\own.bin", 1));
        let mut pieces = Vec::new();
        for _ in 0..2 {
            match ask(&mut offer, Request::FileRead { frsm_id: 1 }) {
                Pdu::ConfirmedResponse(response) => match response.service {
                    Response::FileRead(piece) => pieces.push((piece.data, piece.more_follows)),
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(pieces, [(vec![2, 3], true), (vec![4, 5], false)]);
        assert!(offer.is_open());
        let closed = ask(&mut offer, Request::FileClose { frsm_id: 1 });
        assert_eq!(closed, Pdu::response(5, Response::FileClose));
        assert!(!offer.is_open());
    }

    #[test]
    fn refuses_other_files_positions_handles_and_services() {
        let mut offer = Offer::new("own.bin".into(), vec![1], 2);
        for (request, code) in [
            (open("other.bin", 0), ErrorCode::FILE_NON_EXISTENT),
            (open("own.bin", 2), ErrorCode::POSITION_INVALID),
            (
                Request::FileRead { frsm_id: 1 },
                ErrorCode::POSITION_INVALID,
            ),
            (
                Request::FileClose { frsm_id: 1 },
                ErrorCode::POSITION_INVALID,
            ),
        ] {
            assert_eq!(ask(&mut offer, request), Pdu::error(5, code));
        }
        assert!(matches!(ask(&mut offer, Request::Identify), Pdu::Reject(_)));
        for _ in 0..20 {
            ask(&mut offer, open("own.bin", 0));
        }
        let surplus = ask(&mut offer, open("own.bin", 0));
        assert_eq!(surplus, Pdu::error(5, ErrorCode::FILE_BUSY));
    }
}
