//! TLS as a user has it: files of certificates, the simulated IED in a process of its own, suites over TLS on real time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use iedassay_pki::Station;
use support::peer::finish;
use support::tools;

const LIMIT: Duration = Duration::from_secs(300);

/// A folder with the files of a station made just now.
fn station() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    Station::new(now).unwrap().write(folder.path()).unwrap();
    folder
}

/// The simulated IED behind TLS, in a process of its own.
struct Ied {
    process: Child,
    tls: SocketAddr,
    process_side: SocketAddr,
}

impl Ied {
    fn start(folder: &Path, certificate: &str, more: &[&str]) -> Self {
        let usual = ["--tls-ca", "ca.pem", "--tls-crl", "ca.crl"];
        Self::start_with(folder, certificate, &[&usual, more].concat())
    }

    fn start_with(folder: &Path, certificate: &str, more: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .current_dir(folder)
            .args([
                "sim",
                "--process",
                "127.0.0.1:0",
                "--tls-listen",
                "127.0.0.1:0",
            ])
            .args(["--tls-cert", &format!("{certificate}.pem")])
            .args(["--tls-key", &format!("{certificate}.key")])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.join("sim.log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        let mut address = |word: &str| -> SocketAddr {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            line.trim().strip_prefix(word).unwrap().parse().unwrap()
        };
        let tls = address("mms-tls ");
        let process_side = address("process ");
        Self {
            process,
            tls,
            process_side,
        }
    }
}

impl Drop for Ied {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The target file of the simulated IED with another address and what else it shall say.
fn target(folder: &Path, address: SocketAddr, process: SocketAddr, tls: &str) -> PathBuf {
    let text = fs::read_to_string(tools::repository().join("suites/targets/sim.yaml")).unwrap();
    let text = text
        .replace("127.0.0.1:10102", &address.to_string())
        .replace("127.0.0.1:10103", &process.to_string());
    let path = folder.join("target.yaml");
    fs::write(&path, format!("{text}\n{tls}")).unwrap();
    path
}

const USUAL: &str = "tls: {ca: ca.pem, certificate: client.pem, key: client.key, crl: ca.crl}\n";
const BAD: &str = "tls:
  ca: ca.pem
  certificate: client.pem
  key: client.key
  crl: ca.crl
  server-name: ied.station
  peer-certificate: server.pem
  bad-certificates:
    expired: {certificate: expired.pem, key: expired.key}
    not-yet-valid: {certificate: not-yet-valid.pem, key: not-yet-valid.key}
    untrusted: {certificate: untrusted.pem, key: untrusted.key}
    revoked: {certificate: revoked.pem, key: revoked.key}
";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    finish(
        Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .current_dir(folder)
            .args(["run", "--target", "target.yaml", "--out", "out"])
            .args(arguments),
        LIMIT,
    )
}

fn verdicts(folder: &Path) -> BTreeMap<String, String> {
    let record = fs::read_to_string(folder.join("out/record.json")).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let cases = record["cases"].as_array().unwrap();
    cases
        .iter()
        .map(|case| {
            let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
            (
                format!("{} {}", text("id"), text("instance")),
                text("verdict"),
            )
        })
        .collect()
}

#[test]
fn suites_find_over_tls_what_they_find_without() {
    let station = station();
    let folder = station.path();
    let ied = Ied::start(folder, "server", &[]);
    target(folder, ied.tls, ied.process_side, BAD);
    let output = run(
        folder,
        &["--filter", "group:association", "--filter", "group:server"],
    );
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let verdicts = verdicts(folder);
    let count = |verdict: &str| verdicts.values().filter(|v| *v == verdict).count();
    assert!(count("pass") >= 40, "{verdicts:#?}");
    assert_eq!(
        count("fail") + count("error") + count("inconclusive"),
        0,
        "{verdicts:#?}"
    );
    let tls: Vec<_> = verdicts
        .iter()
        .filter(|(id, _)| id.starts_with("association/tls"))
        .collect();
    assert_eq!(tls.len(), 7, "{tls:#?}");
    assert!(tls.iter().all(|(_, verdict)| *verdict == "pass"));
    // The capture holds MMS in plain, and the transcript says what was around it.
    let transcript = fs::read_dir(folder.join("out/transcripts"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.to_string_lossy().contains("associate-release"))
        .unwrap();
    let transcript = fs::read_to_string(transcript).unwrap();
    assert!(
        transcript.contains("TLS: TLS 1.3, TLS_AES_256_GCM_SHA384"),
        "{transcript}"
    );
    assert!(
        transcript.contains("peer: subject `CN=IED,O=iedassay tests`"),
        "{transcript}"
    );
    assert!(transcript.contains("initiate"), "{transcript}");
    let log = fs::read_to_string(folder.join("sim.log")).unwrap();
    for why in [
        "has expired",
        "is revoked",
        "is not trusted",
        "speaks no TLS",
    ] {
        assert!(log.contains(why), "the log does not say `{why}`:\n{log}");
    }
}

#[test]
fn every_reason_for_no_session_is_told_with_its_remedy() {
    let station = station();
    let folder = station.path();
    let told = |tls: &str, address: SocketAddr| {
        target(folder, address, address, tls);
        let output = run(folder, &["--filter", "association/associate-release"]);
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert_eq!(output.status.code(), Some(3), "{text}");
        // Long lines are broken where they are shown.
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (certificate, why, remedy) in [
        ("expired-server", "has expired", "needs a new certificate"),
        ("future-server", "is not yet valid", "date of this computer"),
        ("revoked-server", "is revoked", "needs a new certificate"),
        ("untrusted-server", "is not trusted", "under `tls.ca`"),
    ] {
        let ied = Ied::start(folder, certificate, &[]);
        let text = told(USUAL, ied.tls);
        assert!(text.contains(why) && text.contains(remedy), "{text}");
    }
    let ied = Ied::start(folder, "server", &["--tls-version", "1.3"]);
    let section = |certificate: &str, more: &str| {
        format!(
            "tls: {{ca: ca.pem, certificate: {certificate}.pem, key: {certificate}.key{more}}}\n"
        )
    };
    for (tls, why) in [
        (
            section("client", ", versions: \"1.2\""),
            "no TLS version in common",
        ),
        (
            section("client", ", server-name: other.station"),
            "is not for the name `other.station`",
        ),
        (
            section("client", ", peer-certificate: other-server.pem"),
            "is not the one that is pinned",
        ),
        (section("revoked", ""), "alert certificate_revoked (44)"),
        (section("untrusted", ""), "alert unknown_ca (48)"),
        (
            "tls: {ca: ca.pem}\n".to_owned(),
            "certificate_required (116)",
        ),
    ] {
        let text = told(&tls, ied.tls);
        assert!(text.contains(why), "{text}");
    }
    // A port that never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let text = told(USUAL, silent.local_addr().unwrap());
    assert!(
        text.contains("the TLS handshake did not come to an end within 5000 ms"),
        "{text}"
    );
}

#[test]
fn files_that_are_missing_garbled_or_out_of_date_are_told_by_check() {
    let station = station();
    let folder = station.path();
    fs::write(folder.join("garbled.pem"), "no certificate").unwrap();
    let nowhere: SocketAddr = "127.0.0.1:9".parse().unwrap();
    for (tls, why) in [
        ("tls: {ca: absent.pem}", "cannot read `absent.pem`"),
        (
            "tls: {ca: garbled.pem}",
            "`garbled.pem` cannot be used: it holds no certificate",
        ),
        (
            "tls: {ca: ca.pem, certificate: client.pem}",
            "`certificate` needs a `key`",
        ),
        (
            "tls: {ca: ca.pem, certificate: client.pem, key: server.key}",
            "the private key does not belong to the certificate",
        ),
        (
            "tls: {ca: ca.pem, certificate: expired.pem, key: expired.key}",
            "has expired",
        ),
        (
            "tls: {ca: ca.pem, crl: ca.pem}",
            "it holds no revocation list, but CERTIFICATE",
        ),
        (
            "tls: {ca: ca.pem, server-name: \"no name\"}",
            "neither a DNS name nor an IP address",
        ),
        (
            "tls: {ca: ca.pem, bad-certificates: {expired: {certificate: client.pem, key: client.key}}}",
            "under `expired` is valid",
        ),
    ] {
        target(folder, nowhere, nowhere, tls);
        let output = finish(
            Command::new(env!("CARGO_BIN_EXE_iedassay"))
                .current_dir(folder)
                .args(["check", "target.yaml"]),
            LIMIT,
        );
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{tls}: {text}");
        assert!(text.contains(why), "{tls}: {text}");
        assert!(text.contains("target.yaml:"), "{tls}: {text}");
    }
}

/// A run of one case against an address, as told by the target file; the exit code and what was said, in one line.
fn told(folder: &Path) -> (Option<i32>, String) {
    let output = run(folder, &["--filter", "association/associate-release"]);
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    let words: Vec<_> = text.split_whitespace().collect();
    (output.status.code(), words.join(" "))
}

/// Changes the target file.
fn replace(folder: &Path, from: &str, to: &str) {
    let path = folder.join("target.yaml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_password_is_asked_for_behind_tls_and_a_refusal_says_which_part_is_wrong() {
    let station = station();
    let folder = station.path();
    let ied = Ied::start(folder, "server", &["--password", "open sesame"]);
    target(folder, ied.tls, ied.process_side, USUAL);
    let (code, text) = told(folder);
    assert_eq!(code, Some(3), "{text}");
    for part in [
        "at the acse layer",
        "authentication required (user 14)",
        "none is sent",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let section = "association:\n";
    replace(folder, section, "association:\n  password: open barley\n");
    let (code, text) = told(folder);
    assert_eq!(code, Some(3), "{text}");
    for part in ["authentication failure (user 13)", "the password is wrong"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(
        !text.contains("open barley"),
        "the password is told: {text}"
    );
    replace(folder, "open barley", "open sesame");
    let (code, text) = told(folder);
    assert_eq!(code, Some(0), "{text}");
    replace(folder, "As4: false", "As4: true");
    let output = run(folder, &["--filter", "association/authentication-failure"]);
    assert_eq!(output.status.code(), Some(0));
    let found: Vec<String> = verdicts(folder).into_values().collect();
    assert_eq!(found, ["pass"]);
    replace(folder, "ap-title: 1.1.1.999.1", "ap-title: 1.1.1.998.1");
    let (code, text) = told(folder);
    assert_eq!(code, Some(3), "{text}");
    for part in [
        "called AP-title not recognized",
        "`association.called.ap-title`",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn tls_on_one_side_only_is_told_as_what_it_is() {
    let station = station();
    let folder = station.path();
    let plain = support::peer::Peer::simulated(&[]);
    target(folder, plain.mms, plain.process_side, USUAL);
    let (code, text) = told(folder);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("take `tls` out of the target file"), "{text}");
    let ied = Ied::start(folder, "server", &[]);
    target(folder, ied.tls, ied.process_side, "");
    let (code, text) = told(folder);
    assert_eq!(code, Some(3), "{text}");
    assert!(
        text.contains("speaks TLS") && text.contains("give `tls` in the target file"),
        "{text}"
    );
}

fn openssl(folder: &Path, arguments: &str) {
    let output = finish(
        Command::new("openssl")
            .current_dir(folder)
            .args(arguments.split(' ')),
        LIMIT,
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "openssl {arguments}: {said}");
}

/// An authority with RSA of 2048 bits, and holders of certificates with keys of these lengths.
fn rsa_station(folder: &Path, holders: &[(&str, u32)]) {
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=RSA-CA -days 2",
    );
    fs::write(
        folder.join("both.cnf"),
        "extendedKeyUsage=serverAuth,clientAuth\n",
    )
    .unwrap();
    for (name, bits) in holders {
        openssl(
            folder,
            &format!(
                "req -newkey rsa:{bits} -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
            ),
        );
        openssl(
            folder,
            &format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 1 -extfile both.cnf"
            ),
        );
    }
}

#[test]
fn keys_of_rsa_serve_and_weak_ones_are_told_on_either_side() {
    if tools::openssl().is_none() {
        return;
    }
    let station = tempfile::tempdir().unwrap();
    let folder = station.path();
    rsa_station(
        folder,
        &[("server", 2048), ("client", 2048), ("weak", 1024)],
    );
    let section = |holder: &str| {
        format!("tls: {{ca: ca.pem, certificate: {holder}.pem, key: {holder}.key}}\n")
    };
    let ied = Ied::start_with(folder, "server", &["--tls-ca", "ca.pem"]);
    target(folder, ied.tls, ied.process_side, &section("client"));
    let (code, text) = told(folder);
    assert_eq!(code, Some(0), "{text}");
    // One's own key is told before anything is connected, at both ends.
    target(folder, ied.tls, ied.process_side, &section("weak"));
    let (code, text) = told(folder);
    assert_eq!(code, Some(2), "{text}");
    let output = finish(
        Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .current_dir(folder)
            .args([
                "sim",
                "--tls-listen",
                "127.0.0.1:0",
                "--tls-cert",
                "weak.pem",
                "--tls-key",
                "weak.key",
                "--tls-ca",
                "ca.pem",
            ]),
        LIMIT,
    );
    assert_eq!(output.status.code(), Some(2));
    let served = String::from_utf8_lossy(&output.stderr).into_owned();
    for text in [text, served] {
        assert!(text.contains("of a kind that cannot be used"), "{text}");
        assert!(text.contains("RSA of 2048 to 8192 bits"), "{text}");
    }
    // A peer whose TLS has nothing against such keys.
    let [address, nowhere] = support::peer::free_ports();
    let mut weak = Command::new("openssl")
        .current_dir(folder)
        .args(["s_server", "-quiet", "-accept", &address.to_string()])
        .args(["-cert", "weak.pem", "-key", "weak.key", "-CAfile", "ca.pem"])
        .args(["-cipher", "DEFAULT@SECLEVEL=0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(address).is_err() {
        assert!(
            std::time::Instant::now() < deadline,
            "openssl does not serve"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    target(folder, address, nowhere, &section("client"));
    let (code, text) = told(folder);
    let _ = weak.kill();
    let _ = weak.wait();
    assert_eq!(code, Some(3), "{text}");
    for part in [
        "too weak a key: RSA of 1024 bits",
        "needs a certificate for a stronger key",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

/// The model file of libiec61850 for the built-in description.
fn model(folder: &Path) -> PathBuf {
    let path = folder.join("assay.cfg");
    let description = iedassay_model::scl::builtin().unwrap();
    fs::write(&path, iedassay_model::cfg::write(&description.model)).unwrap();
    path
}

#[test]
fn libiec61850_serves_us_over_tls_and_refuses_what_it_must() {
    let Some(python) = tools::python() else {
        return;
    };
    let station = station();
    let folder = station.path();
    let model = model(folder);
    for version in ["1.2", "1.3"] {
        let file = |name: &str| folder.join(name).display().to_string();
        let peer = support::peer::Peer::libiec61850(
            &python,
            &model,
            &[
                "--tls-cert",
                &file("server.pem"),
                "--tls-key",
                &file("server.key"),
                "--tls-ca",
                &file("ca.pem"),
                "--tls-crl",
                &file("ca.crl"),
                "--tls-version",
                version,
            ],
        );
        target(folder, peer.mms, peer.process_side, BAD);
        let output = run(
            folder,
            &[
                "--filter",
                "association/associate-release",
                "--filter",
                "association/tls-*",
                "--filter",
                "server/logical-devices",
            ],
        );
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let found = verdicts(folder);
        for (id, verdict) in &found {
            // It serves one version when it is told so: then the case of the other one fails as it must.
            let wanted = if version == "1.3" && id.starts_with("association/tls-version") {
                "fail"
            } else {
                "pass"
            };
            assert_eq!(verdict, wanted, "TLS {version}, {id}: {said}");
        }
        assert_eq!(found.len(), 9, "TLS {version}: {said}");
    }
}

#[test]
fn libiec61850_is_our_client_over_tls_only_with_a_certificate_in_order() {
    let Some(python) = tools::python() else {
        return;
    };
    let station = station();
    let folder = station.path();
    let ied = Ied::start(folder, "server", &[]);
    for version in ["1.2", "1.3"] {
        for (holder, good) in [
            ("client", true),
            ("expired", false),
            ("revoked", false),
            ("untrusted", false),
        ] {
            let output = finish(
                Command::new(&python)
                    .current_dir(folder)
                    .arg(tools::repository().join("ci/peers/libiec61850/client.py"))
                    .arg(ied.tls.to_string())
                    .args(["--tls-cert", &format!("{holder}.pem")])
                    .args(["--tls-key", &format!("{holder}.key")])
                    .args(["--tls-ca", "ca.pem", "--tls-version", version]),
                LIMIT,
            );
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(
                output.status.success(),
                good,
                "TLS {version}, {holder}: {said}"
            );
        }
    }
}
