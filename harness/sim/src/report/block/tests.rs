use super::*;
use crate::report::testing::{Integers, change, ms};
use iedassay_model::{
    services::{ReportSettings, Setting},
    tree::{ClientReservation, LogicalDevice, LogicalNode, OptFlds as ModelOptFlds},
};
use iedassay_wire::{
    ber::BitString,
    mms::{BinaryTime, Data, DataAccessError, Pdu, Unconfirmed},
};
use std::net::Ipv4Addr;

mod properties;

const UNAVAILABLE: Result<(), DataAccessError> = Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
const DENIED: Result<(), DataAccessError> = Err(DataAccessError::OBJECT_ACCESS_DENIED);
const INVALID: Result<(), DataAccessError> = Err(DataAccessError::OBJECT_VALUE_INVALID);

fn client(number: u64, host: u8) -> Client {
    Client {
        association: AssociationId(number),
        address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, host)),
    }
}

/// Two data sets of integers, `LD/LLN0$a` and `LD/LLN0$b`, and `@own` for anybody.
struct World(Integers);

impl Access for World {
    fn data_set(&self, text: &str, client: Option<&Client>) -> Option<Arc<MemberSet>> {
        match text {
            "LD/LLN0$a" | "LD/LLN0$b" => Some(Arc::default()),
            "@own" if client.is_some() => Some(Arc::default()),
            _ => None,
        }
    }

    fn values<'a>(&'a self, _: &'a MemberSet) -> Box<dyn Values + 'a> {
        struct Borrowed<'a>(&'a Integers);
        impl Values for Borrowed<'_> {
            fn count(&self) -> usize {
                self.0.count()
            }
            fn value(&self, member: usize) -> Data {
                self.0.value(member)
            }
            fn is_analogue(&self, member: usize) -> bool {
                self.0.is_analogue(member)
            }
        }
        Box::new(Borrowed(&self.0))
    }
}

struct Rig {
    block: Block,
    world: World,
    now: Time,
}

fn control(buffered: bool) -> ReportControl {
    ReportControl {
        name: "rcb01".into(),
        buffered,
        rpt_id: Some("id".into()),
        dat_set: Some("a".into()),
        conf_rev: 5,
        trg_ops: TrgOps {
            dchg: true,
            qchg: true,
            dupd: true,
            integrity: true,
            gi: true,
        },
        opt_flds: ModelOptFlds {
            seq_num: true,
            ..ModelOptFlds::default()
        },
        has_resv_tms: true,
        has_owner: true,
        ..ReportControl::default()
    }
}

impl Rig {
    fn new(
        control: &ReportControl,
        edition: Edition,
        rules: ReportSettings,
        fault: Option<Fault>,
    ) -> Self {
        let ln = LogicalNode {
            name: "LLN0".into(),
            ..LogicalNode::default()
        };
        let ld = LogicalDevice {
            name: "LD".into(),
            inst: "LD".into(),
            logical_nodes: Vec::new(),
        };
        let at = ReportControlAt {
            ld: &ld,
            ln: &ln,
            block: control,
        };
        let faults = Arc::new(fault.into_iter().collect::<FaultSet>());
        let world = World(Integers::new(2));
        let mut block = Block::new(
            &at,
            edition,
            rules,
            ReportConfig::default(),
            None,
            0,
            &faults,
        );
        let now = Time::from_secs(1_700_000_000);
        block.start(now, &world);
        Self { block, world, now }
    }

    fn urcb() -> Self {
        Self::new(
            &control(false),
            Edition::Ed2,
            ReportSettings::ALL_DYNAMIC,
            None,
        )
    }

    fn brcb() -> Self {
        Self::new(
            &control(true),
            Edition::Ed2,
            ReportSettings::ALL_DYNAMIC,
            None,
        )
    }

    fn write(
        &mut self,
        attribute: &str,
        value: Data,
        client: Client,
    ) -> Result<(), DataAccessError> {
        self.block
            .write(attribute, &value, &client, self.now, &self.world)
    }

    fn enable(&mut self, on: bool, client: Client) -> Result<(), DataAccessError> {
        self.write("RptEna", Data::Boolean(on), client)
    }

    fn read(&self, attribute: &str) -> String {
        self.block.read(attribute).unwrap().to_string()
    }

    fn lose(&mut self, client: Client) {
        self.block
            .association_ended(client.association, false, self.now, &self.world);
    }

    fn reports(&mut self) -> usize {
        core::iter::from_fn(|| self.block.poll(65_000))
            .map(|report| report.pdus.len())
            .sum()
    }
}

fn text(text: &str) -> Data {
    Data::VisibleString(text.into())
}

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

#[test]
fn everything_dynamic_is_written_and_read_back_while_disabled() {
    let mut rig = Rig::urcb();
    let a = client(1, 1);
    for (attribute, value, shown) in [
        ("RptID", text("mine"), "'mine'"),
        ("RptID", text(""), "''"),
        ("DatSet", text("LD/LLN0$b"), "'LD/LLN0$b'"),
        ("DatSet", text("@own"), "'@own'"),
        ("DatSet", text(""), "''"),
        ("OptFlds", bits(10, &[0, 1, 3, 6, 7, 9]), "0b0101000000"),
        ("TrgOps", bits(6, &[0, 1, 5]), "0b010001"),
        ("BufTm", Data::Unsigned(700), "700u"),
        ("IntgPd", Data::Unsigned(3000), "3000u"),
    ] {
        assert_eq!(rig.write(attribute, value, a), Ok(()), "{attribute}");
        assert_eq!(rig.read(attribute), shown);
    }
    assert_eq!(rig.read("ConfRev"), "8u");
}

#[test]
fn nothing_but_enable_and_interrogation_is_written_while_enabled() {
    for mut rig in [Rig::urcb(), Rig::brcb()] {
        let a = client(1, 1);
        rig.enable(true, a).unwrap();
        for (attribute, value) in [
            ("RptID", text("x")),
            ("DatSet", text("LD/LLN0$b")),
            ("OptFlds", bits(10, &[])),
            ("BufTm", Data::Unsigned(1)),
            ("TrgOps", bits(6, &[])),
            ("IntgPd", Data::Unsigned(0)),
            ("PurgeBuf", Data::Boolean(true)),
            ("EntryID", Data::OctetString(vec![0; 8])),
        ] {
            assert_eq!(rig.write(attribute, value, a), UNAVAILABLE, "{attribute}");
        }
        assert_eq!(rig.enable(true, a), UNAVAILABLE);
        assert_eq!(rig.write("GI", Data::Boolean(true), a), Ok(()));
        assert_eq!(rig.reports(), 1);
        assert_eq!(rig.read("GI"), "false");
        assert_eq!(rig.enable(false, a), Ok(()));
        assert_eq!(rig.enable(false, a), Ok(()));
    }
}

#[test]
fn some_attributes_are_never_written() {
    let mut rig = Rig::brcb();
    for (attribute, value) in [
        ("ConfRev", Data::Unsigned(9)),
        ("SqNum", Data::Unsigned(9)),
        ("Owner", Data::OctetString(vec![1])),
        (
            "TimeofEntry",
            Data::BinaryTime(BinaryTime::DateTime { millis: 1, days: 1 }),
        ),
    ] {
        assert_eq!(
            rig.write(attribute, value, client(1, 1)),
            DENIED,
            "{attribute}"
        );
    }
    assert_eq!(rig.read("ResvTms"), "0", "a refused write reserves nothing");
}

#[test]
fn what_is_configured_is_not_written() {
    let rules = ReportSettings {
        buf_time: Setting::Conf,
        ..ReportSettings::ALL_DYNAMIC
    };
    let mut rig = Rig::new(&control(false), Edition::Ed2, rules, None);
    assert_eq!(rig.write("BufTm", Data::Unsigned(1), client(1, 1)), DENIED);
    assert_eq!(
        rig.write("IntgPd", Data::Unsigned(1000), client(1, 1)),
        Ok(())
    );
}

#[test]
fn an_unbuffered_block_is_of_one_client() {
    let mut rig = Rig::urcb();
    let (a, b) = (client(1, 1), client(2, 1));
    rig.write("Resv", Data::Boolean(true), a).unwrap();
    assert_eq!(rig.read("Resv"), "true");
    assert_eq!(rig.read("Owner"), "0x0a000001");
    assert_eq!(rig.enable(true, b), UNAVAILABLE);
    assert_eq!(rig.write("Resv", Data::Boolean(false), b), UNAVAILABLE);
    rig.enable(true, a).unwrap();
    assert_eq!(rig.write("Resv", Data::Boolean(false), a), UNAVAILABLE);
    rig.enable(false, a).unwrap();
    assert_eq!(rig.read("Resv"), "true");
    rig.write("Resv", Data::Boolean(false), a).unwrap();
    assert_eq!(rig.read("Owner"), "0x");
    assert_eq!(rig.enable(true, b), Ok(()));
    assert_eq!(rig.read("Resv"), "true");
    rig.enable(false, b).unwrap();
    assert_eq!(rig.read("Resv"), "false");
}

#[test]
fn loss_of_the_association_frees_an_unbuffered_block() {
    let mut rig = Rig::urcb();
    let (a, b) = (client(1, 1), client(2, 2));
    rig.write("DatSet", text("@own"), a).unwrap();
    rig.enable(true, a).unwrap();
    rig.lose(b);
    assert_eq!(rig.read("RptEna"), "true");
    rig.lose(a);
    for (attribute, shown) in [
        ("RptEna", "false"),
        ("Resv", "false"),
        ("Owner", "0x"),
        ("DatSet", "''"),
    ] {
        assert_eq!(rig.read(attribute), shown, "{attribute}");
    }
    assert_eq!(
        rig.enable(true, b),
        UNAVAILABLE,
        "there is no data set any more"
    );
}

#[test]
fn a_buffered_block_is_held_for_its_client() {
    let mut rig = Rig::brcb();
    let (a, again, b) = (client(1, 1), client(2, 1), client(3, 2));
    rig.write("ResvTms", Data::Integer(5), a).unwrap();
    rig.enable(true, a).unwrap();
    rig.lose(a);
    assert_eq!(rig.read("RptEna"), "false");
    assert_eq!(rig.read("ResvTms"), "5");
    assert_eq!(rig.enable(true, b), UNAVAILABLE);
    assert_eq!(rig.enable(true, again), Ok(()));
    rig.lose(again);
    rig.now += ms(5000);
    assert_eq!(rig.block.deadline(), Some(rig.now));
    rig.block.advance(rig.now, &rig.world);
    assert_eq!(rig.read("ResvTms"), "0");
    assert_eq!(rig.enable(true, b), Ok(()));
    assert_eq!(rig.read("ResvTms"), "10");
}

#[test]
fn edition_2_1_wants_a_reservation_first() {
    let mut rig = Rig::new(
        &control(false),
        Edition::Ed2_1,
        ReportSettings::ALL_DYNAMIC,
        None,
    );
    let a = client(1, 1);
    assert_eq!(rig.write("BufTm", Data::Unsigned(5), a), DENIED);
    assert_eq!(rig.enable(true, a), DENIED);
    rig.write("Resv", Data::Boolean(true), a).unwrap();
    assert_eq!(rig.enable(true, a), Ok(()));
}

#[test]
fn a_pre_assigned_block_is_reserved_from_the_start() {
    let mut control = control(true);
    control.client = Some(ClientReservation::default());
    let mut rig = Rig::new(&control, Edition::Ed2, ReportSettings::ALL_DYNAMIC, None);
    rig.block.place.assigned_to = Some(client(1, 1).address);
    assert_eq!(rig.read("ResvTms"), "-1");
    assert_eq!(rig.write("ResvTms", Data::Integer(5), client(1, 1)), DENIED);
    assert_eq!(rig.enable(true, client(2, 2)), UNAVAILABLE);
    assert_eq!(rig.enable(true, client(1, 1)), Ok(()));
    rig.lose(client(1, 1));
    assert_eq!(rig.read("ResvTms"), "-1");
}

#[test]
fn no_enable_without_a_usable_data_set() {
    let mut rig = Rig::urcb();
    let a = client(1, 1);
    assert_eq!(rig.write("DatSet", text("LD/LLN0$nothing"), a), INVALID);
    assert_eq!(rig.read("DatSet"), "'LD/LLN0$a'");
    rig.write("DatSet", text(""), a).unwrap();
    assert_eq!(rig.enable(true, a), UNAVAILABLE);
    let mut rig = Rig::brcb();
    assert_eq!(rig.write("DatSet", text("@own"), a), INVALID);
}

#[test]
fn interrogation_needs_enable_and_its_trigger() {
    let mut rig = Rig::urcb();
    let a = client(1, 1);
    assert_eq!(rig.write("GI", Data::Boolean(true), a), UNAVAILABLE);
    rig.write("TrgOps", bits(6, &[1]), a).unwrap();
    rig.enable(true, a).unwrap();
    assert_eq!(rig.write("GI", Data::Boolean(true), a), Ok(()));
    assert_eq!(rig.reports(), 0);
}

#[test]
fn a_changed_setting_purges_and_a_rewritten_one_does_not() {
    let a = client(1, 1);
    for (attribute, same, other) in [
        ("RptID", text("id"), text("other")),
        ("DatSet", text("LD/LLN0$a"), text("LD/LLN0$b")),
        ("BufTm", Data::Unsigned(0), Data::Unsigned(1)),
        ("TrgOps", bits(6, &[1, 2, 3, 4, 5]), bits(6, &[1])),
        ("IntgPd", Data::Unsigned(0), Data::Unsigned(60_000)),
    ] {
        let mut rig = Rig::brcb();
        rig.block
            .changed(rig.now, &[change(0, Triggers::DCHG)], &rig.world);
        assert_ne!(rig.read("EntryID"), "0x0000000000000000");
        rig.write(attribute, same, a).unwrap();
        rig.write("OptFlds", bits(10, &[1, 2]), a).unwrap();
        assert_ne!(rig.read("EntryID"), "0x0000000000000000", "{attribute}");
        rig.write(attribute, other, a).unwrap();
        assert_eq!(rig.read("EntryID"), "0x0000000000000000", "{attribute}");
        rig.enable(true, a).unwrap();
        assert_eq!(rig.reports(), 0);
    }
    let mut rig = Rig::brcb();
    rig.block
        .changed(rig.now, &[change(0, Triggers::DCHG)], &rig.world);
    rig.write("PurgeBuf", Data::Boolean(true), a).unwrap();
    assert_eq!(rig.read("PurgeBuf"), "false");
    assert_eq!(rig.read("EntryID"), "0x0000000000000000");
}

#[test]
fn an_unknown_entry_identifier_is_an_invalid_value() {
    let mut rig = Rig::brcb();
    let a = client(1, 1);
    rig.block
        .changed(rig.now, &[change(0, Triggers::DCHG)], &rig.world);
    assert_eq!(
        rig.write("EntryID", Data::OctetString(vec![9; 8]), a),
        INVALID
    );
    assert_eq!(rig.write("EntryID", Data::OctetString(vec![1]), a), INVALID);
    let entry = rig.block.read("EntryID").unwrap();
    assert_eq!(rig.write("EntryID", entry, a), Ok(()));
    rig.enable(true, a).unwrap();
    assert_eq!(rig.reports(), 0);
}

#[test]
fn reports_are_information_reports_of_rpt() {
    let mut rig = Rig::urcb();
    rig.enable(true, client(1, 1)).unwrap();
    rig.world.0.set(1, 42);
    rig.block
        .changed(rig.now, &[change(1, Triggers::DCHG)], &rig.world);
    assert_eq!(rig.block.recipient(), Some(AssociationId(1)));
    let pdus = rig.block.poll(65_000).unwrap().pdus;
    let Ok(Pdu::Unconfirmed(Unconfirmed::InformationReport(report))) = Pdu::decode(&pdus[0]) else {
        panic!("not a report");
    };
    assert_eq!(report.access.to_string(), "list RPT");
    let shown: Vec<String> = report
        .results
        .iter()
        .map(|result| result.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(shown, ["'id'", "0b0100000000", "0u", "0b01", "42"]);
}

#[test]
fn every_attribute_follows_its_report_setting() {
    let a = client(1, 1);
    let fixed = ReportSettings {
        dat_set: Setting::Fix,
        rpt_id: Setting::Fix,
        opt_fields: Setting::Conf,
        buf_time: Setting::Fix,
        trg_ops: Setting::Conf,
        intg_pd: Setting::Fix,
        ..ReportSettings::ALL_DYNAMIC
    };
    for (attribute, value) in [
        ("DatSet", text("LD/LLN0$b")),
        ("RptID", text("x")),
        ("OptFlds", bits(10, &[1])),
        ("BufTm", Data::Unsigned(7)),
        ("TrgOps", bits(6, &[1])),
        ("IntgPd", Data::Unsigned(1000)),
    ] {
        let mut rig = Rig::new(&control(true), Edition::Ed2, fixed, None);
        let before = rig.read(attribute);
        assert_eq!(
            rig.write(attribute, value.clone(), a),
            DENIED,
            "{attribute}"
        );
        assert_eq!(rig.read(attribute), before);
        assert_eq!(
            Rig::brcb().write(attribute, value, a),
            Ok(()),
            "{attribute}"
        );
        // What every client may do stays possible.
        assert_eq!(rig.write("PurgeBuf", Data::Boolean(true), a), Ok(()));
        assert_eq!(rig.enable(true, a), Ok(()));
    }
}

#[test]
fn reservation_time_runs_after_the_loss_and_zero_releases() {
    let mut rig = Rig::brcb();
    let (a, b) = (client(1, 1), client(2, 2));
    for seconds in [-1, -5, 0x8000] {
        assert_eq!(rig.write("ResvTms", Data::Integer(seconds), a), INVALID);
    }
    rig.write("ResvTms", Data::Integer(3), a).unwrap();
    rig.now += ms(60_000);
    rig.block.advance(rig.now, &rig.world);
    assert_eq!(
        rig.enable(true, b),
        UNAVAILABLE,
        "nothing runs while the client is there"
    );
    rig.lose(a);
    assert_eq!(rig.read("Owner"), "0x0a000001");
    rig.now += ms(2999);
    rig.block.advance(rig.now, &rig.world);
    assert_eq!(rig.enable(true, b), UNAVAILABLE);
    rig.now += ms(1);
    rig.block.advance(rig.now, &rig.world);
    assert_eq!(
        (rig.read("ResvTms"), rig.read("Owner")),
        ("0".into(), "0x".into())
    );
    rig.write("ResvTms", Data::Integer(9), b).unwrap();
    assert_eq!(rig.write("ResvTms", Data::Integer(0), a), UNAVAILABLE);
    rig.write("ResvTms", Data::Integer(0), b).unwrap();
    assert_eq!(rig.enable(true, a), Ok(()));
    assert_eq!(
        rig.write("ResvTms", Data::Integer(0), a),
        UNAVAILABLE,
        "not while enabled"
    );
}

#[test]
fn a_released_association_leaves_the_reservation_as_a_lost_one_does() {
    let mut rig = Rig::brcb();
    let (a, b) = (client(1, 1), client(2, 2));
    rig.write("ResvTms", Data::Integer(3), a).unwrap();
    rig.block
        .association_ended(a.association, true, rig.now, &rig.world);
    assert_eq!(rig.enable(true, b), UNAVAILABLE);
}

#[test]
fn without_reservation_time_a_buffered_block_is_free_after_the_loss() {
    let mut control = control(true);
    control.has_resv_tms = false;
    let mut rig = Rig::new(&control, Edition::Ed1, ReportSettings::ALL_DYNAMIC, None);
    let (a, b) = (client(1, 1), client(2, 2));
    rig.enable(true, a).unwrap();
    assert_eq!(rig.enable(true, b), UNAVAILABLE);
    rig.lose(a);
    assert_eq!(rig.enable(true, b), Ok(()));
}

#[test]
fn edition_2_1_wants_a_reservation_of_a_buffered_block_too() {
    let mut rig = Rig::new(
        &control(true),
        Edition::Ed2_1,
        ReportSettings::ALL_DYNAMIC,
        None,
    );
    let a = client(1, 1);
    for (attribute, value) in [
        ("EntryID", Data::OctetString(vec![0; 8])),
        ("PurgeBuf", Data::Boolean(true)),
        ("RptEna", Data::Boolean(true)),
    ] {
        assert_eq!(rig.write(attribute, value, a), DENIED, "{attribute}");
    }
    assert_eq!(rig.enable(false, a), Ok(()));
    rig.write("ResvTms", Data::Integer(5), a).unwrap();
    assert_eq!(rig.enable(true, a), Ok(()));
}

#[test]
fn configuration_revision_counts_changes_of_the_data_set_and_skips_zero() {
    let mut rig = Rig::brcb();
    let a = client(1, 1);
    rig.write("DatSet", text("LD/LLN0$a"), a).unwrap();
    assert_eq!(rig.read("ConfRev"), "5u");
    rig.write("DatSet", text("LD/LLN0$b"), a).unwrap();
    assert_eq!(rig.read("ConfRev"), "6u");
    rig.block.settings.conf_rev = u32::MAX;
    rig.write("DatSet", text("LD/LLN0$a"), a).unwrap();
    assert_eq!(rig.read("ConfRev"), "1u");
}

#[test]
fn entry_and_its_time_are_read_of_the_last_buffered_or_the_last_sent() {
    let mut rig = Rig::brcb();
    let a = client(1, 1);
    let none = "0x0000000000000000";
    assert_eq!(rig.read("EntryID"), none);
    assert_eq!(rig.read("TimeofEntry"), "1984-01-01T00:00:00.000");
    for _ in 0..2 {
        rig.now += ms(1000);
        rig.block
            .changed(rig.now, &[change(0, Triggers::DCHG)], &rig.world);
    }
    assert_eq!(rig.read("EntryID"), "0x0000000000000002");
    assert_eq!(rig.read("TimeofEntry"), "2023-11-14T22:13:22.000");
    rig.enable(true, a).unwrap();
    assert_eq!(rig.read("EntryID"), none, "nothing has been sent");
    assert!(rig.block.poll(65_000).is_some());
    assert_eq!(rig.read("EntryID"), "0x0000000000000001");
    assert_eq!(rig.read("TimeofEntry"), "2023-11-14T22:13:21.000");
    assert_eq!(
        rig.write("EntryID", Data::OctetString(vec![0; 8]), a),
        UNAVAILABLE
    );
}

#[test]
fn a_refused_entry_identifier_reserves_and_purges_nothing() {
    let mut rig = Rig::brcb();
    let a = client(1, 1);
    rig.block
        .changed(rig.now, &[change(0, Triggers::DCHG)], &rig.world);
    for octets in [vec![9; 8], vec![1]] {
        let id = Data::OctetString(octets);
        assert_eq!(rig.write("EntryID", id, a), INVALID);
        assert_eq!(rig.read("ResvTms"), "0");
        assert_eq!(rig.read("Owner"), "0x");
    }
    let zero = Data::OctetString(vec![0; 8]);
    assert_eq!(rig.write("EntryID", zero, a), Ok(()));
    assert_eq!(rig.read("ResvTms"), "10");
    assert_eq!(rig.write("ResvTms", Data::Integer(3), a), Ok(()));
    rig.enable(true, a).unwrap();
    assert_eq!(rig.reports(), 1);
}

#[test]
fn what_another_client_may_not_write_changes_nothing() {
    let mut rig = Rig::brcb();
    let (a, b) = (client(1, 1), client(2, 2));
    rig.write("ResvTms", Data::Integer(3), a).unwrap();
    for _ in 0..2 {
        rig.block
            .changed(rig.now, &[change(0, Triggers::DCHG)], &rig.world);
    }
    let last = rig.block.read("EntryID").unwrap();
    let zero = Data::OctetString(vec![0; 8]);
    rig.write("EntryID", last, a).unwrap();
    for (attribute, value) in [
        ("EntryID", zero),
        ("PurgeBuf", Data::Boolean(true)),
        ("RptID", text("other")),
        ("ResvTms", Data::Integer(0)),
        ("RptEna", Data::Boolean(true)),
    ] {
        assert_eq!(rig.write(attribute, value, b), UNAVAILABLE, "{attribute}");
    }
    assert_ne!(rig.read("EntryID"), "0x0000000000000000");
    rig.enable(true, a).unwrap();
    assert_eq!(rig.reports(), 0, "delivery goes on where its client said");
}

#[test]
fn a_place_in_the_buffer_that_moved_on_before_the_enable_is_told_as_overflow() {
    let mut rig = Rig::brcb();
    let a = client(1, 1);
    let event = |rig: &mut Rig| {
        rig.block
            .changed(rig.now, &[change(0, Triggers::DCHG)], &rig.world);
    };
    event(&mut rig);
    let first = rig.block.read("EntryID").unwrap();
    event(&mut rig);
    rig.enable(true, a).unwrap();
    assert_eq!(rig.reports(), 2);
    rig.enable(false, a).unwrap();
    rig.write("EntryID", first, a).unwrap();
    let kept = ReportConfig::default().buffer_entries;
    (0..kept).for_each(|_| event(&mut rig));
    rig.enable(true, a).unwrap();
    let told: Vec<bool> = core::iter::from_fn(|| rig.block.poll(65_000))
        .map(|report| report.slip.buf_ovfl)
        .collect();
    assert_eq!(told.len(), kept);
    assert!(told[0] && !told[1..].contains(&true));
}
