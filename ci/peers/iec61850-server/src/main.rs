//! Serves an SCL file with `iec61850-server` and lets a test drive its process side.
//!
//!     iedassay-peer-iec61850-server FILE.cid --ied ASSAY --mms 127.0.0.1:10102 --process 127.0.0.1:10103
//!
//! Prints one line `ready` on standard output when both ports listen. The process side speaks one command a line and answers
//! `ok [payload]` or `err reason`; [`process`] has the commands. It ends when its standard input closes, so a test that dies
//! never leaves it behind.

mod control;
mod device;
mod process;

use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use device::Device;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (mut file, mut ied, mut mms, mut process_side) = (None, None, None, None);
    while let Some(argument) = arguments.next() {
        let slot = match argument.as_str() {
            "--ied" => &mut ied,
            "--mms" => &mut mms,
            "--process" => &mut process_side,
            _ => {
                file = Some(argument);
                continue;
            }
        };
        *slot = arguments.next();
    }
    let (Some(file), Some(ied), Some(mms), Some(process_side)) = (file, ied, mms, process_side)
    else {
        return Err("usage: FILE.cid --ied NAME --mms ADDRESS --process ADDRESS".into());
    };
    let scl = std::fs::read_to_string(file)?;
    let mms: SocketAddr = mms.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let device = Arc::new(Device::start(runtime.handle().clone(), scl, ied, mms)?);
    let listener = TcpListener::bind(process_side)?;
    std::thread::spawn(move || process::serve(&listener, &device));
    println!("ready");
    // Whatever arrives there is of no account; its end is ours.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
