//! The target file: everything about the device under test.
//!
//! One YAML file says where the device is, how to associate with it, what it claims (PICS, PIXIT, SCL), what its owner
//! allows, how to make things happen to it, and which deviations are known. Nothing in it is code.

mod address;
mod allow;
mod association;
mod check;
mod deviation;
mod firmware;
mod http;
mod jobs;
pub mod load;
pub mod pixit;
mod policy;
mod robustness;
mod statement;
mod stimuli;
mod time_server;
mod times;
mod tls;
mod tls_files;

pub use address::{HostPort, MMS_PORT};
pub use allow::{Allow, Controls, Permission, Substitutable, TimeClients, substituted_object};
pub use association::{Association, Initiate, Side};
pub use check::{check, check_deviations};
pub use deviation::{Day, KnownDeviation};
pub use firmware::FirmwareCondition;
pub use http::{HttpCall, HttpMethod};
pub use jobs::Jobs;
pub use policy::ForEachPolicy;
pub use robustness::Robustness;
pub use statement::{Claim, Pics, Pixit, PixitValue, SclSource};
pub use stimuli::{Action, Conditions, Line, Stimuli, Stimulus, WorldAction};
pub use time_server::TimeServer;
pub use times::{Timeouts, Tolerances};
pub use tls::{BadCertificates, Holder, Tls, TlsUse, TlsVersion};
pub use tls_files::load_tls;

use std::net::IpAddr;

use crate::cel::Value;
use crate::diagnostic::Spanned;
use crate::suite::EditionWord;
use crate::yaml::yaml_struct;

yaml_struct! {
    /// A device under test.
    pub struct Target {
        /// Name of the device in reports.
        pub target: Spanned<String>,
        /// A few words about it: vendor, type, firmware, bench.
        pub description: Option<String>,
        /// Where it is: `host`, `host:port`, `[v6]:port`. Port 102 if absent, 3782 with `tls`.
        pub address: Spanned<HostPort>,
        /// Addresses of this computer to connect from. The second lets the device see another client.
        #[schemars(default)]
        pub source_addresses: Vec<Spanned<IpAddr>>,
        /// Address of a process side that speaks the line protocol (the simulated IED, a launcher, a test set's driver).
        pub process_side: Option<Spanned<HostPort>>,
        /// Edition of the standard the device claims.
        pub edition: Option<Spanned<EditionWord>>,
        /// How to associate.
        pub association: Option<Association>,
        /// TLS below the association (IEC 62351-3). Without this section there is none.
        pub tls: Option<Tls>,
        /// The SCL file that describes the device. Without one the model is read from the device itself.
        pub scl: Option<SclSource>,
        /// PICS: what is claimed, by item: `true`, `false`, or the number of an association parameter. An item that is not named is neither claimed nor denied.
        pub pics: Option<Pics>,
        /// PIXIT: answers by question id. Durations with their unit.
        #[schemars(default)]
        pub pixit: Pixit,
        /// Requirement profile of the buyer: a file.
        pub profile: Option<Spanned<String>>,
        /// How long to wait for what.
        pub timeouts: Option<Timeouts>,
        /// How far from the nominal instant things may happen.
        pub tolerances: Option<Tolerances>,
        /// What the owner of the device allows. Without this: reading, and configuring report control blocks.
        pub allow: Option<Allow>,
        /// How to make things happen.
        pub stimuli: Option<Stimuli>,
        /// How to interrupt the supply.
        pub power: Option<WorldAction>,
        /// How to cut the network path without FIN or RST.
        pub network: Option<WorldAction>,
        /// How many cases may run at the same time where they cannot disturb each other, or `auto`; 1 if absent. Only what the
        /// model and the steps show is kept apart: leave it out where the process couples what the model does not.
        pub jobs: Option<Jobs>,
        /// Where the harness is the time server of the device.
        pub time_server: Option<TimeServer>,
        /// How hard robustness cases press, where `allow` permits them.
        pub robustness: Option<Robustness>,
        /// How many elements of the device a `for-each` runs over, for each way, coding or attribute that the case lists itself.
        pub for_each: Option<ForEachPolicy>,
        /// Deviations that are known and accepted for a time.
        #[schemars(default)]
        pub known_deviations: Vec<KnownDeviation>,
    }
}

impl Target {
    /// How to associate; the usual values if the file says nothing.
    #[must_use]
    pub fn association(&self) -> Association {
        self.association.clone().unwrap_or_default()
    }

    /// How long to wait for what.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts.clone().unwrap_or_default()
    }

    /// How far from the nominal instant things may happen.
    #[must_use]
    pub fn tolerances(&self) -> Tolerances {
        self.tolerances.clone().unwrap_or_default()
    }

    /// How hard robustness cases press.
    #[must_use]
    pub fn robustness(&self) -> Robustness {
        self.robustness.clone().unwrap_or_default()
    }

    /// What is allowed.
    #[must_use]
    pub fn allow(&self) -> Allow {
        self.allow.clone().unwrap_or_default()
    }

    /// The answer to a PIXIT question.
    #[must_use]
    pub fn pixit(&self, id: &str) -> Option<&Value> {
        self.pixit.get(id).map(|v| &v.value)
    }

    /// The edition; 2 if the file says nothing.
    #[must_use]
    pub fn edition(&self) -> EditionWord {
        self.edition.as_ref().map_or(EditionWord::Ed2, |e| e.value)
    }

    /// Whether somebody answers prompts: the file says so, and a person is there at this run.
    #[must_use]
    pub fn attended(&self, person: bool) -> bool {
        person
            && self
                .stimuli
                .as_ref()
                .is_some_and(|stimuli| stimuli.operator.unwrap_or(false))
    }

    /// Runs of a case with `for-each`.
    #[must_use]
    pub fn for_each(&self) -> ForEachPolicy {
        self.for_each.unwrap_or_default()
    }

    /// The source address of this place in the list, counted from 0.
    #[must_use]
    pub fn source(&self, index: usize) -> Option<IpAddr> {
        self.source_addresses.get(index).map(|a| a.value)
    }
}
