//! File services.

use std::time::Duration;

use iedassay_wire::{
    association::Ending,
    mms::{
        ErrorCode, FileDirectoryRequest, FileName, FileOpenRequest, ObtainFileRequest, Request,
        Response,
    },
};

use crate::common::{Answer, Client, sim};

#[tokio::test(start_paused = true)]
async fn files_are_listed_read_and_deleted() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let request = FileDirectoryRequest {
        specification: None,
        continue_after: None,
    };
    let Answer::Response(Response::FileDirectory(directory)) =
        client.ask(Request::FileDirectory(request)).await
    else {
        panic!("no directory");
    };
    assert_eq!(directory.entries.len(), 3);
    let open = |path: &str| {
        Request::FileOpen(FileOpenRequest {
            name: FileName::new(path),
            initial_position: 0,
        })
    };
    let Answer::Response(Response::FileOpen(opened)) =
        client.ask(open("COMTRADE/fault1.dat")).await
    else {
        panic!("not open");
    };
    let mut size = 0;
    loop {
        let Answer::Response(Response::FileRead(piece)) = client
            .ask(Request::FileRead {
                frsm_id: opened.frsm_id,
            })
            .await
        else {
            panic!("no piece");
        };
        size += piece.data.len();
        if !piece.more_follows {
            break;
        }
    }
    assert_eq!(u32::try_from(size).unwrap(), opened.attributes.size);
    let busy = client
        .ask(Request::FileDelete(FileName::new("COMTRADE/fault1.dat")))
        .await;
    assert_eq!(busy, Answer::Error(ErrorCode::FILE_BUSY));
    assert_eq!(
        client
            .ask(Request::FileClose {
                frsm_id: opened.frsm_id
            })
            .await,
        Answer::Response(Response::FileClose)
    );
    assert_eq!(
        client.ask(open("nothing")).await,
        Answer::Error(ErrorCode::FILE_NON_EXISTENT)
    );
    assert_eq!(
        client.ask(open("../passwd")).await,
        Answer::Error(ErrorCode::FILE_ACCESS_DENIED)
    );
}

fn obtain(destination: &str) -> Request {
    Request::ObtainFile(ObtainFileRequest {
        source_server: None,
        source: FileName::new("own.bin"),
        destination: FileName::new(destination),
    })
}

fn open(path: &str, initial_position: u32) -> Request {
    let name = FileName::new(path);
    Request::FileOpen(FileOpenRequest {
        name,
        initial_position,
    })
}

#[tokio::test(start_paused = true)]
async fn a_file_is_set_by_fetching_it_from_the_client() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let contents: Vec<u8> = (0..=255).cycle().take(2500).collect();
    client.wait(Duration::from_secs(60)).await;
    client.offered = Some((contents.clone(), 0));
    let done = client.ask(obtain("CONFIG/new.bin")).await;
    assert_eq!(done, Answer::Response(Response::ObtainFile));
    assert_eq!(client.asked.len(), 5, "{:?}", client.asked);
    let request = FileDirectoryRequest {
        specification: Some(FileName::new("CONFIG")),
        continue_after: None,
    };
    let listed = client.ask(Request::FileDirectory(request)).await;
    let Answer::Response(Response::FileDirectory(listed)) = listed else {
        panic!("{listed:?}");
    };
    assert_eq!(listed.entries[0].attributes.size, 2500);
    let modified = listed.entries[0].attributes.last_modified.as_deref();
    assert_eq!(modified, Some("20231114221420Z"));
    client.ask(open("CONFIG/new.bin", 0)).await;
    let Answer::Response(Response::FileRead(piece)) =
        client.ask(Request::FileRead { frsm_id: 1 }).await
    else {
        panic!("not read");
    };
    assert_eq!(piece.data, contents);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_the_client_does_not_give_is_not_set() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    client.refuses = true;
    let refused = client.ask(obtain("new.bin")).await;
    assert_eq!(refused, Answer::Error(ErrorCode::FILE_NON_EXISTENT));
    client.refuses = false;
    // A client that says nothing is given up, and what it would have set is no longer busy.
    assert_eq!(client.ask(obtain("new.bin")).await, Answer::Nothing);
    let mut other = Client::connect(&sim).await;
    let busy = other.ask(open("new.bin", 0)).await;
    assert_eq!(busy, Answer::Error(ErrorCode::FILE_BUSY));
    client.wait(Duration::from_secs(6)).await;
    let missing = other.ask(open("new.bin", 0)).await;
    assert_eq!(missing, Answer::Error(ErrorCode::FILE_NON_EXISTENT));
    for (name, code) in [
        ("../new.bin", ErrorCode::FILE_ACCESS_DENIED),
        ("folder/", ErrorCode::FILENAME_SYNTAX_ERROR),
        ("", ErrorCode::FILENAME_SYNTAX_ERROR),
    ] {
        assert_eq!(other.ask(obtain(name)).await, Answer::Error(code), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn positions_and_handles_have_their_limits_and_end_with_the_association() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let mut other = Client::connect(&sim).await;
    let beyond = client.ask(open("readme.txt", 10_000)).await;
    assert_eq!(beyond, Answer::Error(ErrorCode::POSITION_INVALID));
    for _ in 0..5 {
        let opened = client.ask(open("readme.txt", 3)).await;
        assert!(matches!(opened, Answer::Response(Response::FileOpen(_))));
    }
    let surplus = client.ask(open("readme.txt", 0)).await;
    assert_eq!(surplus, Answer::Error(ErrorCode::FILE_BUSY));
    let delete = Request::FileDelete(FileName::new("readme.txt"));
    let busy = other.ask(delete.clone()).await;
    assert_eq!(busy, Answer::Error(ErrorCode::FILE_BUSY));
    let released = client.release().await;
    assert!(matches!(released, Some(Ending::Released(_))));
    assert_eq!(
        other.ask(delete).await,
        Answer::Response(Response::FileDelete)
    );
}
