//! File services.

use iedassay_wire::mms::{ErrorCode, Request, Response};

use crate::common::{Answer, Client, sim};

#[tokio::test(start_paused = true)]
async fn files_are_listed_read_and_deleted() {
    use iedassay_wire::mms::{FileDirectoryRequest, FileName, FileOpenRequest};
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
