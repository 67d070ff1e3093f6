//! Where the harness is the time server of the device.

use core::time::Duration;

use iedassay_wire::sntp::PORT;

use super::address::HostPort;
use crate::cel::Millis;
use crate::connector::TimePlace;
use crate::diagnostic::Spanned;
use crate::yaml::yaml_struct;

yaml_struct! {
    /// Where the harness is the time server of the device (SNTP): the device must be configured to ask there, and nobody else.
    pub struct TimeServer {
        /// Local address of the time server: `host`, `host:port`. Port 123 if absent.
        pub address: Spanned<HostPort>,
        /// Local address of a second one, which the device asks when the first does not answer.
        pub second: Option<Spanned<HostPort>>,
        /// Time between two requests of the device; 16 s if absent. Cases wait for several of them: configure the device to ask often.
        pub poll: Option<Millis>,
        /// Time after an answer in which the clock of the device has followed; 1 s if absent.
        pub settle: Option<Millis>,
    }
}

impl TimeServer {
    /// Its addresses, in order.
    pub(crate) fn places(&self) -> impl Iterator<Item = TimePlace> {
        let all = core::iter::once(&self.address).chain(&self.second);
        all.enumerate().map(|(number, address)| {
            let address = &address.value;
            TimePlace {
                number,
                address: HostPort {
                    host: address.host.clone(),
                    port: Some(address.port_or(PORT)),
                }
                .to_string(),
            }
        })
    }

    /// Time between two requests.
    #[must_use]
    pub fn poll(&self) -> Duration {
        self.poll.map_or(Duration::from_secs(16), Millis::duration)
    }

    /// Time after an answer in which the clock has followed.
    #[must_use]
    pub fn settle(&self) -> Duration {
        self.settle.map_or(Duration::from_secs(1), Millis::duration)
    }
}
