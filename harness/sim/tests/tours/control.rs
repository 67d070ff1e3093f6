//! A tour through control.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{Data, UtcTime},
};

use tokio::time::Instant;

use super::Notes;
use crate::common::{Client, EPOCH};

#[derive(Clone)]
struct Oper {
    value: bool,
    or_cat: i64,
    or_ident: usize,
    ctl_num: u64,
    /// Both bits of Check.
    checks: bool,
    test: bool,
    /// Seconds from the start.
    oper_tm: Option<u64>,
}

const PLAIN: Oper = Oper {
    value: true,
    or_cat: 2,
    or_ident: 3,
    ctl_num: 9,
    checks: false,
    test: false,
    oper_tm: None,
};

impl Oper {
    fn data(&self, cancel: bool) -> Data {
        let mut components = vec![Data::Boolean(self.value)];
        components.extend(self.oper_tm.map(|at| {
            Data::UtcTime(UtcTime::from_since_epoch(
                EPOCH + Duration::from_secs(at),
                Default::default(),
            ))
        }));
        components.extend([
            Data::Structure(vec![
                Data::Integer(self.or_cat),
                Data::OctetString(vec![7; self.or_ident]),
            ]),
            Data::Unsigned(self.ctl_num),
            Data::UtcTime(UtcTime::default()),
            Data::Boolean(self.test),
        ]);
        if !cancel {
            components.push(Data::BitString(BitString::from_bits([self.checks; 2])));
        }
        Data::Structure(components)
    }
}

struct Tour {
    notes: Notes,
    sim: Sim,
    client: Client,
    begun: Instant,
}

impl Tour {
    async fn begin(config: &SimConfig, notes: Notes) -> Self {
        let sim = Sim::new(config.clone());
        let client = Client::connect(&sim).await;
        Self {
            notes,
            sim,
            client,
            begun: Instant::now(),
        }
    }

    async fn select(&mut self, object: &str) {
        let seen = self
            .client
            .show(&format!("CTRL/GGIO1$CO${object}$SBO"))
            .await;
        self.notes.note("select", seen);
        self.status(object).await;
    }

    async fn select_with(&mut self, object: &str, oper: &Oper) {
        let seen = self
            .client
            .write(&format!("CTRL/GGIO1$CO${object}$SBOw"), oper.data(false))
            .await;
        self.notes.note("select", seen);
    }

    /// Waits, and notes what the server told meanwhile.
    async fn listen(&mut self, seconds: u64) {
        self.wait(seconds).await;
        let told = self.client.reports();
        self.notes.note("told", told);
    }

    async fn operate(&mut self, object: &str, oper: &Oper) {
        let seen = self
            .client
            .write(&format!("CTRL/GGIO1$CO${object}$Oper"), oper.data(false))
            .await;
        self.notes.note("operate", seen);
        let told = self.client.reports();
        self.notes.note("told", told);
        self.status(object).await;
    }

    async fn cancel(&mut self, object: &str, oper: &Oper) {
        let seen = self
            .client
            .write(&format!("CTRL/GGIO1$CO${object}$Cancel"), oper.data(true))
            .await;
        self.notes.note("cancel", seen);
        self.status(object).await;
    }

    async fn status(&mut self, object: &str) {
        let seen = self.client.show(&format!("CTRL/GGIO1$ST${object}")).await;
        self.notes.note(object, seen);
    }

    async fn wait(&mut self, seconds: u64) {
        self.client.wait(Duration::from_secs(seconds)).await;
    }

    fn process(&mut self, line: &str) {
        assert_eq!(self.sim.process().command(line), "ok");
    }
}

pub async fn control(config: SimConfig) -> Vec<String> {
    let notes = Notes::default();
    let mut tour = Tour::begin(&config, notes).await;
    let object = "SPCSO2";
    tour.operate(object, &PLAIN).await;
    tour.select(object).await;
    tour.select(object).await;
    tour.operate(object, &PLAIN).await;
    tour.select(object).await;
    tour.operate(object, &PLAIN).await;
    tour.select(object).await;
    tour.cancel(object, &PLAIN).await;
    tour.operate(
        object,
        &Oper {
            value: false,
            ..PLAIN
        },
    )
    .await;
    tour.select(object).await;
    for seconds in [4, 3, 4] {
        tour.wait(seconds).await;
        tour.status(object).await;
    }
    tour.cancel(object, &PLAIN).await;

    tour.process("block ASSAYCTRL/GGIO1.SPCSO2 on");
    tour.select(object).await;
    tour.process("block ASSAYCTRL/GGIO1.SPCSO2 off");
    for oper in [
        Oper {
            or_cat: 77,
            ..PLAIN
        },
        Oper {
            or_ident: 65,
            ..PLAIN
        },
        Oper {
            test: true,
            ..PLAIN
        },
    ] {
        tour.select(object).await;
        tour.operate(
            object,
            &Oper {
                value: false,
                ..oper
            },
        )
        .await;
        tour.cancel(object, &PLAIN).await;
    }
    tour.select("DPCSO2").await;
    tour.process("block ASSAYCTRL/GGIO1.DPCSO2 on");
    tour.operate("DPCSO2", &PLAIN).await;
    tour.process("block ASSAYCTRL/GGIO1.DPCSO2 off");
    tour.cancel("DPCSO2", &PLAIN).await;

    tour.select("SPCSO6").await;
    for value in [true, false] {
        tour.operate("SPCSO6", &Oper { value, ..PLAIN }).await;
    }
    tour.cancel("SPCSO6", &PLAIN).await;

    let now = EPOCH.as_secs();
    let later = Oper {
        oper_tm: Some(60),
        ..PLAIN
    };
    assert!(now > 0);
    tour.select("SPCSO9").await;
    tour.operate("SPCSO9", &later).await;
    tour.cancel("SPCSO9", &later).await;
    tour.wait(70).await;
    tour.status("SPCSO9").await;

    for mode in ["test", "blocked", "on"] {
        tour.process(&format!("set ASSAYCTRL/GGIO1.Mod.stVal[ST] {mode}"));
        for test in [false, true] {
            tour.operate("SPCSO1", &Oper { test, ..PLAIN }).await;
            tour.operate(
                "SPCSO1",
                &Oper {
                    test,
                    value: false,
                    ..PLAIN
                },
            )
            .await;
        }
    }

    enhanced(&mut tour).await;
    held(&mut tour).await;
    broken(&mut tour).await;
    particular(&mut tour).await;

    // Two clients, several objects.
    for object in ["SPCSO2", "DPCSO2", "SPCSO6"] {
        tour.select(object).await;
    }
    for object in ["SPCSO2", "DPCSO2", "SPCSO6"] {
        tour.status(object).await;
    }
    let first = core::mem::replace(&mut tour.client, Client::connect(&tour.sim).await);
    tour.operate("SPCSO2", &PLAIN).await;
    tour.operate(
        "SPCSO2",
        &Oper {
            value: false,
            ..PLAIN
        },
    )
    .await;
    tour.select("DPCSO2").await;
    first.abort().await;
    for object in ["SPCSO2", "DPCSO2", "SPCSO6"] {
        tour.status(object).await;
        tour.select(object).await;
    }
    tour.notes.0
}

/// With enhanced security: commands that end well, badly, and are disturbed.
async fn enhanced(tour: &mut Tour) {
    let off = Oper {
        value: false,
        ..PLAIN
    };
    let commander = core::mem::replace(&mut tour.client, Client::connect(&tour.sim).await);
    let onlooker = core::mem::replace(&mut tour.client, commander);
    tour.operate("SPCSO3", &PLAIN).await;
    tour.listen(1).await;
    let commander = core::mem::replace(&mut tour.client, onlooker);
    tour.listen(1).await;
    core::mem::replace(&mut tour.client, commander)
        .abort()
        .await;

    tour.process("stick ASSAYCTRL/GGIO1.SPCSO3 on");
    tour.operate("SPCSO3", &off).await;
    tour.operate("SPCSO3", &off).await;
    tour.listen(5).await;
    tour.process("stick ASSAYCTRL/GGIO1.SPCSO3 off");

    tour.select_with("SPCSO4", &PLAIN).await;
    tour.operate("SPCSO4", &off).await;
    tour.listen(1).await;
    tour.select_with("SPCSO4", &PLAIN).await;
    tour.process("stick ASSAYCTRL/GGIO1.SPCSO4 on");
    tour.operate("SPCSO4", &PLAIN).await;
    tour.cancel("SPCSO4", &PLAIN).await;
    tour.listen(5).await;
    tour.process("stick ASSAYCTRL/GGIO1.SPCSO4 off");
}

/// What the process holds against commands, and commands that differ from their selection.
async fn held(tour: &mut Tour) {
    let asking = Oper {
        checks: true,
        ..PLAIN
    };
    for cause in [
        "blocked-by-interlocking",
        "blocked-by-synchrocheck",
        "blocked-by-command",
    ] {
        tour.process(&format!("hold ASSAYCTRL/GGIO1.SPCSO1 {cause} on"));
        tour.operate("SPCSO1", &asking).await;
        tour.process(&format!("hold ASSAYCTRL/GGIO1.SPCSO1 {cause} off"));
    }
    for object in ["SPCSO2", "SPCSO6"] {
        tour.process(&format!("hold ASSAYCTRL/GGIO1.{object} 1-of-n-control on"));
        tour.select(object).await;
    }
    for object in ["SPCSO2", "SPCSO6"] {
        tour.process(&format!("hold ASSAYCTRL/GGIO1.{object} 1-of-n-control off"));
        tour.cancel(object, &PLAIN).await;
    }

    tour.process("set ASSAYCTRL/CSWI1.Loc.stVal[ST] true");
    for verb in ["SBOw", "Oper"] {
        let item = format!("CTRL/CSWI1$CO$Pos${verb}");
        let seen = tour.client.write(&item, PLAIN.data(false)).await;
        tour.notes.note("local", seen);
    }
    tour.process("set ASSAYCTRL/CSWI1.Loc.stVal[ST] false");
    tour.listen(5).await;

    tour.select("SPCSO9").await;
    let past = Oper {
        oper_tm: Some(0),
        ..PLAIN
    };
    tour.operate("SPCSO9", &past).await;

    tour.operate("SPCSO3", &PLAIN).await;
    tour.listen(5).await;
    let off = Oper {
        value: false,
        ..PLAIN
    };
    tour.operate("SPCSO3", &off).await;
    tour.process("set ASSAYCTRL/GGIO1.Mod.stVal[ST] off");
    tour.listen(5).await;
    tour.process("set ASSAYCTRL/GGIO1.Mod.stVal[ST] on");

    let other = Oper {
        value: false,
        ..PLAIN
    };
    let number = Oper {
        ctl_num: 10,
        ..PLAIN
    };
    let origin = Oper { or_cat: 3, ..PLAIN };
    for different in [other, number, origin, asking, PLAIN] {
        tour.process("set ASSAYCTRL/GGIO1.SPCSO4.stVal[ST] false");
        tour.select_with("SPCSO4", &PLAIN).await;
        tour.operate("SPCSO4", &different).await;
        tour.listen(5).await;
        tour.status("SPCSO4").await;
    }
}

/// What is no command, and commands with one component out of its range; those have Test set.
async fn broken(tour: &mut Tour) {
    let test = Oper {
        test: true,
        ..PLAIN
    };
    let wide = Oper {
        ctl_num: 256,
        ..test.clone()
    };
    let long = Oper {
        or_ident: 65,
        ..test.clone()
    };
    let mut unchecked = test.data(false);
    if let Data::Structure(components) = &mut unchecked {
        components[5] = Data::BitString(BitString::from_bits([]));
    }
    let nothing = Data::Structure(Vec::new());
    for data in [nothing, wide.data(false), long.data(false), unchecked] {
        let seen = tour.client.write("CTRL/GGIO1$CO$SPCSO1$Oper", data).await;
        tour.notes.note("broken", seen);
        tour.status("SPCSO1").await;
    }
}

/// Limits, pulses, a time of activation with enhanced security, the signals of control testing, another control model.
async fn particular(tour: &mut Tour) {
    let mut far = PLAIN.data(false);
    if let Data::Structure(components) = &mut far {
        components[0] = Data::Integer(1000);
    }
    let seen = tour.client.write("CTRL/GGIO1$CO$ISCSO1$Oper", far).await;
    tour.notes.note("far", seen);

    let pulse = "CTRL/GGIO1$CF$SPCSO11$pulseConfig";
    for (part, data) in [
        ("onDur", Data::Unsigned(4_000)),
        ("cmdQual", Data::Integer(0)),
    ] {
        let seen = tour.client.write(&format!("{pulse}${part}"), data).await;
        tour.notes.note(part, seen);
    }
    tour.operate("SPCSO11", &PLAIN).await;
    for _ in 0..2 {
        tour.wait(3).await;
        tour.status("SPCSO11").await;
    }

    let soon = tour.begun.elapsed().as_secs() + 5;
    let timed = Oper {
        oper_tm: Some(soon),
        ..PLAIN
    };
    tour.operate("SPCSO10", &timed).await;
    tour.listen(3).await;
    tour.listen(5).await;

    for or_cat in [2, 77] {
        let mut at_once = Oper {
            or_cat,
            oper_tm: Some(0),
            ..PLAIN
        }
        .data(false);
        if let Data::Structure(components) = &mut at_once {
            components[1] = Data::UtcTime(UtcTime::default());
        }
        let seen = tour
            .client
            .write("CTRL/GGIO1$CO$SPCSO7$Oper", at_once)
            .await;
        tour.notes.note("signals", seen);
        let seen = tour.client.show("CTRL/GGIO1$OR$SPCSO7").await;
        tour.notes.note("signals", seen);
        tour.wait(1).await;
    }

    let model = "CTRL/GGIO1$CF$SPCSO1$ctlModel";
    let seen = tour.client.write(model, Data::Integer(0)).await;
    tour.notes.note("model", seen);
    tour.operate("SPCSO1", &PLAIN).await;
    let seen = tour.client.write(model, Data::Integer(4)).await;
    tour.notes.note("model", seen);
    let seen = tour.client.write(model, Data::Integer(1)).await;
    tour.notes.note("model", seen);
}
