//! Measurands: deadbands, ranges, and the quality of what is out of range.

use iedassay_sim::Sim;
use iedassay_wire::mms::{Data, Float};

use crate::common::{Client, sim};

fn set(sim: &Sim, line: &str) {
    assert_eq!(
        sim.process()
            .command(&format!("set ASSAYMEAS/MMXU1.{line}")),
        "ok"
    );
}

fn number(value: f32) -> Data {
    Data::FloatingPoint(Float::F32(value))
}

#[tokio::test(start_paused = true)]
async fn a_deadband_is_a_part_of_the_range_that_is_configured() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    // From -200 to 200, one percent; half a percent around zero.
    for (value, mag) in [
        ("23", "20.0"),
        ("25", "25.0"),
        ("21.5", "25.0"),
        ("1.5", "0.0"),
        ("3", "0.0"),
        ("4.5", "4.5"),
    ] {
        set(&sim, &format!("TotVAr.instMag.f[MX] {value}"));
        assert_eq!(
            client.show("MEAS/MMXU1$MX$TotVAr$mag$f").await,
            mag,
            "{value}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_range_and_the_quality_follow_the_limits() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let good = "0b0000000000000";
    let beyond = "0b1101000000000";
    for (value, range, quality) in [
        ("101", "1", good),
        ("99", "1", good),
        ("97", "0", good),
        ("151", "3", good),
        ("201", "3", beyond),
        ("-99", "0", good),
        ("-120", "2", good),
        ("-160", "4", good),
        ("-250", "4", beyond),
        ("0", "0", good),
    ] {
        set(&sim, &format!("TotVAr.instMag.f[MX] {value}"));
        assert_eq!(
            client.show("MEAS/MMXU1$MX$TotVAr$range").await,
            range,
            "{value}"
        );
        assert_eq!(
            client.show("MEAS/MMXU1$MX$TotVAr$q").await,
            quality,
            "{value}"
        );
    }
    // New limits act on the value that is there.
    let limit = "MEAS/MMXU1$CF$TotVAr$rangeC$lLim$f";
    client.write(limit, number(10.0)).await.unwrap();
    assert_eq!(client.show("MEAS/MMXU1$MX$TotVAr$range").await, "2");
}

#[tokio::test(start_paused = true)]
async fn a_substituted_value_has_a_range_and_no_quality_of_the_process() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    set(&sim, "TotVAr.instMag.f[MX] 300");
    let on = Data::Boolean(true);
    client
        .write("MEAS/MMXU1$SV$TotVAr$subMag$f", number(-120.0))
        .await
        .unwrap();
    client
        .write("MEAS/MMXU1$SV$TotVAr$subEna", on)
        .await
        .unwrap();
    assert_eq!(client.show("MEAS/MMXU1$MX$TotVAr$range").await, "2");
    assert_eq!(
        client.show("MEAS/MMXU1$MX$TotVAr$q").await,
        "0b0000000000100"
    );
    client
        .write("MEAS/MMXU1$SV$TotVAr$subEna", Data::Boolean(false))
        .await
        .unwrap();
    assert_eq!(client.show("MEAS/MMXU1$MX$TotVAr$range").await, "3");
    assert_eq!(
        client.show("MEAS/MMXU1$MX$TotVAr$q").await,
        "0b1101000000000"
    );
}

#[tokio::test(start_paused = true)]
async fn a_vector_follows_by_magnitude_and_by_angle() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    // One percent of 150, and of a full turn.
    for (part, value, shown) in [
        ("mag", "111", "110.0"),
        ("mag", "112", "112.0"),
        ("ang", "33", "30.0"),
        ("ang", "34", "34.0"),
    ] {
        set(&sim, &format!("PPV.phsAB.instCVal.{part}.f[MX] {value}"));
        let item = format!("MEAS/MMXU1$MX$PPV$phsAB$cVal${part}$f");
        assert_eq!(client.show(&item).await, shown, "{part} {value}");
    }
    set(&sim, "PPV.phsAB.instCVal.mag.f[MX] 95");
    assert_eq!(client.show("MEAS/MMXU1$MX$PPV$phsAB$range").await, "2");
}
