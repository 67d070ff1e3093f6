//! What is wrong with a file is told, with a remedy.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use std::time::Duration;

use iedassay_pki::Station;
use iedassay_tls::{
    MaterialError, Standing, authorities, certificates, identity, revocation_lists,
};

const NOW: Duration = Duration::from_secs(1_767_225_600);

#[test]
fn reads_what_the_files_say() {
    let station = Station::new(NOW).unwrap();
    let found = certificates(station.expired.certificate.as_bytes()).unwrap();
    let certificate = &found[0].1;
    assert_eq!(certificate.subject, "CN=expired client,O=iedassay tests");
    assert_eq!(certificate.issuer, "CN=Station CA,O=iedassay tests");
    assert_eq!(certificate.serial, "15");
    assert_eq!(certificate.standing(NOW), Standing::Expired);
    assert_eq!(
        certificate.standing(NOW - Duration::from_secs(7200)),
        Standing::Valid
    );
    let lists = revocation_lists(station.crl.as_bytes()).unwrap();
    assert_eq!(lists[0].issuer, "CN=Station CA,O=iedassay tests");
    assert_eq!(Vec::from_iter(&lists[0].revoked), ["0e", "17"]);
    assert!(!lists[0].revokes(certificate));
    let revoked = certificates(station.revoked.certificate.as_bytes()).unwrap();
    assert!(lists[0].revokes(&revoked[0].1));
    assert_eq!(
        lists[0].next_update,
        Some(NOW + Duration::from_secs(365 * 86_400))
    );
}

#[test]
fn der_is_read_like_pem() {
    let station = Station::new(NOW).unwrap();
    let pem = authorities(station.ca.as_bytes()).unwrap();
    let der = authorities(&pem[0].0).unwrap();
    assert_eq!(pem, der);
}

#[test]
fn says_what_is_missing_and_what_is_there_instead() {
    let station = Station::new(NOW).unwrap();
    let error = certificates(station.client.key.as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it holds no certificate, but PRIVATE KEY"
    );
    let error = certificates(b"not a certificate").unwrap_err();
    assert_eq!(
        error.to_string(),
        "it holds no certificate, nor anything else in PEM form"
    );
    let error = revocation_lists(station.ca.as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it holds no revocation list, but CERTIFICATE"
    );
    let pem = station.client.certificate.as_bytes();
    let error = identity(pem, pem).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it holds no private key, but CERTIFICATE"
    );
}

#[test]
fn a_key_of_another_certificate_is_told() {
    let station = Station::new(NOW).unwrap();
    let error = identity(
        station.client.certificate.as_bytes(),
        station.revoked.key.as_bytes(),
    )
    .unwrap_err();
    assert_eq!(error, MaterialError::OtherKey);
}

#[test]
fn an_encrypted_key_is_told() {
    let station = Station::new(NOW).unwrap();
    let key = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let error = identity(station.client.certificate.as_bytes(), key.as_bytes()).unwrap_err();
    assert_eq!(error, MaterialError::Encrypted);
}

#[test]
fn what_is_damaged_is_told_with_its_place() {
    let station = Station::new(NOW).unwrap();
    let two = format!(
        "{}-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        station.ca
    );
    let error = certificates(two.as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "certificate 2 in it does not decode: it is no X.509 certificate"
    );
    let cut = &station.ca[..station.ca.len() / 2];
    let error = certificates(cut.as_bytes()).unwrap_err();
    assert!(matches!(error, MaterialError::Pem(_)), "{error}");
}

#[test]
fn no_octets_make_it_panic() {
    let station = Station::new(NOW).unwrap();
    let der = authorities(station.ca.as_bytes()).unwrap()[0].0.to_vec();
    for at in 0..der.len() {
        let mut broken = der.clone();
        broken[at] ^= 0xff;
        let _ = certificates(&broken);
        let _ = authorities(&broken);
        let _ = revocation_lists(&broken);
        let _ = certificates(&der[..at]);
    }
}
