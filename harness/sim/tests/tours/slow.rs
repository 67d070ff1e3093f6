//! A client that does not read what it is sent.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{Data, Pdu, ReadRequest, Request, VariableAccess},
};

use tokio::time::sleep;

use super::Notes;
use crate::common::{Client, name};

const BRCB: &str = "LD0/LLN0$BR$brcbStatus01";

/// How often something is asked for or changes: enough to fill the connection.
const OFTEN: u32 = 600;

/// What a client gets that reads late, and another meanwhile: of answers, or of reports.
pub async fn slow(config: SimConfig, reports: bool) -> Vec<String> {
    let mut notes = Notes::default();
    let sim = Sim::new(config);
    let mut slow = Client::connect(&sim).await;
    let mut other = Client::connect(&sim).await;
    if reports {
        let mut trg_ops = BitString::zeros(6);
        trg_ops.set(1, true);
        let mut opt_flds = BitString::zeros(10);
        (1..9).for_each(|at| opt_flds.set(at, true));
        for (attribute, value) in [
            ("OptFlds", Data::BitString(opt_flds)),
            ("TrgOps", Data::BitString(trg_ops)),
            ("RptEna", Data::Boolean(true)),
        ] {
            let item = format!("{BRCB}${attribute}");
            notes.note(attribute, slow.write(&item, value).await);
        }
        for turn in 0..OFTEN {
            let word = if turn % 2 == 0 { "true" } else { "false" };
            let line = format!("set ASSAYLD0/GGIO1.Ind1.stVal[ST] {word}");
            assert_eq!(sim.process().command(&line), "ok");
            // The session has its turn.
            sleep(Duration::from_millis(1)).await;
        }
    } else {
        for turn in 0..OFTEN / 3 {
            let access = VariableAccess::names([name("LD0/GGIO3")]);
            let request = Request::Read(ReadRequest::new(access));
            slow.send(&Pdu::request(1000 + turn, request).encode())
                .await;
        }
    }
    let access = VariableAccess::names([name("LD0/LLN0$ST$Mod$stVal")]);
    let answer = other.ask(Request::Read(ReadRequest::new(access))).await;
    notes.note("other", answer);
    slow.wait(Duration::from_secs(5)).await;
    notes.note("answers", slow.answers_waiting());
    notes.note("reports", slow.unsolicited.len());
    notes.note("ending", &slow.ending);
    notes.0
}
