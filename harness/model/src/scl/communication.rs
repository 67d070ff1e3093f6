//! The `Communication` section: where the access point is found, and multicast destinations of its control blocks.

use roxmltree::Node;

use super::xml::{Context, attr, children, shorten, text};
use crate::{
    hex::octets,
    tree::{MulticastAddress, ServerAddress},
};

/// The `ConnectedAP` of one access point.
pub(crate) struct Communication<'a, 'i> {
    connected: Option<Node<'a, 'i>>,
}

/// Destination and times of a published control block.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Publication {
    pub(crate) address: Option<MulticastAddress>,
    pub(crate) min_time: Option<u32>,
    pub(crate) max_time: Option<u32>,
}

impl<'a, 'i: 'a> Communication<'a, 'i> {
    pub(crate) fn new(root: Node<'a, 'i>, ied: &str, access_point: Option<&str>) -> Self {
        let connected = children(root, "Communication")
            .flat_map(|section| children(section, "SubNetwork"))
            .flat_map(|network| children(network, "ConnectedAP"))
            .find(|point| {
                attr(*point, "iedName") == Some(ied) && attr(*point, "apName") == access_point
            });
        Self { connected }
    }

    pub(crate) fn address(&self, context: &mut Context<'_, '_>) -> Option<ServerAddress> {
        let connected = self.connected?;
        let mut found = ServerAddress {
            access_point: attr(connected, "apName").unwrap_or_default().to_owned(),
            ..ServerAddress::default()
        };
        for parameter in children(connected, "Address").flat_map(|address| children(address, "P")) {
            let kind = attr(parameter, "type").unwrap_or_default();
            let value = text(parameter);
            let odd = match kind {
                "IP" => {
                    found.ip = Some(value.clone());
                    false
                }
                "MMS-Port" | "IP-Port" | "TCP-Port" => {
                    found.port = value.parse().ok();
                    found.port.is_none()
                }
                "OSI-TSEL" => store(&mut found.tsel, octets(&value)),
                "OSI-SSEL" => store(&mut found.ssel, octets(&value)),
                "OSI-PSEL" => store(&mut found.psel, octets(&value)),
                "OSI-AP-Title" => store(&mut found.ap_title, arcs(&value)),
                "OSI-AE-Qualifier" => store(&mut found.ae_qualifier, value.parse().ok()),
                _ => false,
            };
            if odd {
                context.warn(
                    parameter,
                    format!(
                        "`{}` is no value for {kind}, it is left out",
                        shorten(&value)
                    ),
                );
            }
            found.parameters.push((kind.to_owned(), value));
        }
        Some(found)
    }

    /// The `GSE` or `SMV` element of a control block.
    pub(crate) fn publication(
        &self,
        context: &mut Context<'_, '_>,
        element: &'static str,
        ld_inst: &str,
        block: &str,
    ) -> Publication {
        let Some(found) = self.connected.and_then(|connected| {
            children(connected, element).find(|node| {
                attr(*node, "ldInst") == Some(ld_inst) && attr(*node, "cbName") == Some(block)
            })
        }) else {
            return Publication::default();
        };
        let time = |name: &'static str| {
            children(found, name)
                .next()
                .and_then(|node| text(node).parse().ok())
        };
        let (min_time, max_time) = (time("MinTime"), time("MaxTime"));
        let mut address = MulticastAddress::default();
        let mut any = false;
        for parameter in children(found, "Address").flat_map(|node| children(node, "P")) {
            let value = text(parameter);
            let hexadecimal = |text: &str| u16::from_str_radix(text, 16).ok();
            let understood = match attr(parameter, "type") {
                Some("MAC-Address") => mac(&value).map(|mac| address.mac = mac),
                Some("APPID") => hexadecimal(&value).map(|number| address.app_id = number),
                Some("VLAN-ID") => hexadecimal(&value).map(|number| address.vlan = number),
                Some("VLAN-PRIORITY") => value.parse().ok().map(|number| address.priority = number),
                _ => continue,
            };
            any = true;
            if understood.is_none() {
                context.warn(
                    parameter,
                    format!(
                        "`{}` is no such address part, it is left out",
                        shorten(&value)
                    ),
                );
            }
        }
        Publication {
            address: any.then_some(address),
            min_time,
            max_time,
        }
    }
}

/// Keeps what was understood; whether the text was odd.
fn store<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    *slot = value;
    slot.is_none()
}

/// Object identifier arcs as in `OSI-AP-Title`: `1,3,9999,23`, also with dots or spaces.
fn arcs(text: &str) -> Option<Vec<u32>> {
    text.split([',', '.', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect()
}

fn mac(text: &str) -> Option<[u8; 6]> {
    octets(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_arcs() {
        assert_eq!(arcs("1,3,9999,23"), Some(vec![1, 3, 9999, 23]));
        assert_eq!(arcs("1.1.999.1"), Some(vec![1, 1, 999, 1]));
        assert_eq!(arcs("a"), None);
    }
}
