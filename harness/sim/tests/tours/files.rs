//! A tour through the files.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::mms::{
    FileDirectoryRequest, FileName, FileOpenRequest, FileRenameRequest, ObtainFileRequest, Pdu,
    Request, Response,
};

use super::{LOCAL, Notes};
use crate::common::{Answer, Client, proposal};

struct Tour {
    notes: Notes,
    client: Client,
}

impl Tour {
    async fn ask(&mut self, request: Request) -> Answer {
        let answer = self.client.ask(request).await;
        // Contents are long; how many octets came is enough.
        let told = match &answer {
            Answer::Response(Response::FileRead(piece)) => {
                let first = piece.data.first();
                format!(
                    "{} octets from {first:?}, {}",
                    piece.data.len(),
                    piece.more_follows
                )
            }
            other => format!("{other:?}"),
        };
        self.notes.note("answer", told);
        answer
    }

    async fn open(&mut self, path: &str, initial_position: u32) -> Option<i32> {
        let name = FileName::new(path);
        let request = FileOpenRequest {
            name,
            initial_position,
        };
        match self.ask(Request::FileOpen(request)).await {
            Answer::Response(Response::FileOpen(opened)) => Some(opened.frsm_id),
            _ => None,
        }
    }

    async fn read(&mut self, path: &str, position: u32) {
        let Some(frsm_id) = self.open(path, position).await else {
            return;
        };
        for _ in 0..10 {
            match self.ask(Request::FileRead { frsm_id }).await {
                Answer::Response(Response::FileRead(piece)) if piece.more_follows => {}
                _ => break,
            }
        }
        self.ask(Request::FileClose { frsm_id }).await;
        self.ask(Request::FileRead { frsm_id }).await;
    }

    async fn directory(&mut self, folder: Option<&str>, after: Option<&str>) {
        let request = FileDirectoryRequest {
            specification: folder.map(FileName::new),
            continue_after: after.map(FileName::new),
        };
        self.ask(Request::FileDirectory(request)).await;
    }

    async fn obtain(&mut self, destination: &str) {
        let request = ObtainFileRequest {
            source_server: None,
            source: FileName::new("own.bin"),
            destination: FileName::new(destination),
        };
        self.ask(Request::ObtainFile(request)).await;
        let asked = core::mem::take(&mut self.client.asked);
        self.notes.note("asked", asked);
    }

    async fn delete(&mut self, path: &str) {
        self.ask(Request::FileDelete(FileName::new(path))).await;
    }
}

pub async fn files(config: SimConfig) -> Vec<String> {
    let sim = Sim::new(config);
    let client = Client::connect_with(&sim, proposal(), LOCAL).await.unwrap();
    let notes = Notes::default();
    let mut tour = Tour { notes, client };
    tour.directory(None, None).await;
    tour.directory(None, Some("COMTRADE/fault1.dat")).await;
    tour.directory(Some("NOTHING"), None).await;
    for (path, position) in [
        ("COMTRADE/fault1.dat", 0),
        ("COMTRADE/fault1.dat", 99_990),
        ("COMTRADE/fault1.dat", 100_001),
        ("nothing", 0),
        ("../readme.txt", 0),
    ] {
        tour.read(path, position).await;
    }
    tour.client.wait(Duration::from_secs(5)).await;
    tour.client.offered = Some((vec![5; 2500], 0));
    tour.obtain("CONFIG/new.bin").await;
    tour.directory(Some("CONFIG"), None).await;
    tour.read("CONFIG/new.bin", 0).await;
    // A client without the file answers that it has none.
    tour.client.offered = None;
    let request = ObtainFileRequest {
        source_server: None,
        source: FileName::new("missing"),
        destination: FileName::new("CONFIG/missing.bin"),
    };
    tour.client.refuses = true;
    tour.ask(Request::ObtainFile(request)).await;
    tour.delete("CONFIG/new.bin").await;
    tour.delete("CONFIG/new.bin").await;
    tour.directory(None, None).await;
    let renamed = FileRenameRequest {
        current: FileName::new("readme.txt"),
        new: FileName::new("COMTRADE/fault1.cfg"),
    };
    tour.ask(Request::FileRename(renamed)).await;
    let mut other = Client::connect_with(&sim, proposal(), LOCAL).await.unwrap();
    for _ in 0..6 {
        tour.open("COMTRADE/fault1.dat", 0).await;
    }
    let delete = Request::FileDelete(FileName::new("COMTRADE/fault1.dat"));
    tour.notes.note("in use", other.ask(delete.clone()).await);
    let Tour { mut notes, client } = tour;
    client.abort().await;
    notes.note("free", other.ask(delete).await);
    // A client that asks for a file to be fetched, answers nothing, and is lost.
    let mut lost = Client::connect_with(&sim, proposal(), LOCAL).await.unwrap();
    let half = ObtainFileRequest {
        source_server: None,
        source: FileName::new("own.bin"),
        destination: FileName::new("CONFIG/half.bin"),
    };
    let asked = Pdu::request(7, Request::ObtainFile(half.clone()));
    lost.send(&asked.encode()).await;
    lost.wait(Duration::from_millis(100)).await;
    lost.abort().await;
    let mut tour = Tour {
        notes,
        client: other,
    };
    tour.directory(Some("CONFIG"), None).await;
    tour.client.offered = Some((vec![5; 10], 0));
    tour.ask(Request::ObtainFile(half)).await;
    tour.notes.0
}
