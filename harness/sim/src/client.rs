//! Who is asking.

use std::net::IpAddr;

/// Number of an association, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AssociationId(pub(crate) u64);

/// A client on its association. Reservations that outlive an association go by the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) association: AssociationId,
    pub(crate) address: IpAddr,
}

impl Client {
    /// The address as `Owner` shows it: 4 octets for IPv4, 16 for IPv6.
    pub(crate) fn octets(&self) -> Vec<u8> {
        match self.address.to_canonical() {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        }
    }
}
