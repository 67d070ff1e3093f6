//! The `Communication` section: where the access point is found, and multicast destinations of its control blocks.

use std::{collections::HashMap, net::IpAddr};

use roxmltree::Node;

use super::xml::{Context, attr, children, elements, shorten, text};
use crate::{
    hex::octets,
    tree::{MulticastAddress, ServerAddress},
};

const XML_SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The `ConnectedAP` elements of one access point. It may be connected to several subnetworks, such as a station bus and a
/// process bus.
pub(crate) struct Communication<'a, 'i> {
    /// The one that tells most about MMS.
    connected: Option<Node<'a, 'i>>,
    /// `GSE` and `SMV` elements by element, logical device and control block.
    published: HashMap<(&'a str, &'a str, &'a str), Node<'a, 'i>>,
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
        let all: Vec<_> = children(root, "Communication")
            .flat_map(|section| children(section, "SubNetwork"))
            .flat_map(|network| {
                let mms = attr(network, "type").is_some_and(|text| text.trim() == "8-MMS");
                children(network, "ConnectedAP").map(move |point| (mms, point))
            })
            .filter(|(_, point)| {
                attr(*point, "iedName") == Some(ied) && attr(*point, "apName") == access_point
            })
            .collect();
        let mut published = HashMap::new();
        for (_, point) in &all {
            for element in elements(*point) {
                let key = (
                    element.tag_name().name(),
                    attr(element, "ldInst").unwrap_or_default(),
                    attr(element, "cbName").unwrap_or_default(),
                );
                published.entry(key).or_insert(element);
            }
        }
        // Of equals the first: `max_by_key` answers the last.
        let connected = all.into_iter().rev().max_by_key(|(mms, point)| {
            let kinds: Vec<_> = parameters(*point).map(kind).collect();
            let has = |wanted: &str| kinds.iter().any(|kind| kind == wanted);
            (
                has("IP") || has("IPV6"),
                has("OSI-TSEL") || has("OSI-PSEL"),
                *mms,
            )
        });
        Self {
            connected: connected.map(|(_, point)| point),
            published,
        }
    }

    pub(crate) fn address(&self, context: &mut Context<'_, '_>) -> Option<ServerAddress> {
        let connected = self.connected?;
        let mut found = ServerAddress {
            access_point: attr(connected, "apName").unwrap_or_default().to_owned(),
            ..ServerAddress::default()
        };
        for parameter in parameters(connected) {
            let kind = kind(parameter);
            let value = text(parameter);
            let odd = match kind.as_str() {
                "IP" => {
                    found.ip = Some(value.clone());
                    value.parse::<IpAddr>().is_err() && !value.is_empty()
                }
                // Edition 2 has both families; the older one is what clients try first.
                "IPV6" => {
                    found.ip.get_or_insert_with(|| value.clone());
                    value.parse::<IpAddr>().is_err() && !value.is_empty()
                }
                "MMS-PORT" | "IP-PORT" | "TCP-PORT" => {
                    found.port = value.parse().ok();
                    found.port.is_none()
                }
                "OSI-TSEL" => store(&mut found.tsel, octets(&value)),
                "OSI-SSEL" => store(&mut found.ssel, octets(&value)),
                "OSI-PSEL" => store(&mut found.psel, octets(&value)),
                "OSI-AP-TITLE" => store(&mut found.ap_title, arcs(&value)),
                "OSI-AE-QUALIFIER" => store(&mut found.ae_qualifier, value.parse().ok()),
                _ => false,
            };
            if odd {
                context.warn(
                    parameter,
                    format!(
                        "`{}` is no value for {}, it is left out",
                        shorten(&value),
                        shorten(stated(parameter))
                    ),
                    remedy(&kind),
                );
            }
            found.parameters.push((stated(parameter).to_owned(), value));
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
        let Some(found) = self.published.get(&(element, ld_inst, block)).copied() else {
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
        for parameter in parameters(found) {
            let value = text(parameter);
            let hexadecimal = |text: &str| u16::from_str_radix(text, 16).ok();
            let understood = match kind(parameter).as_str() {
                "MAC-ADDRESS" => mac(&value).map(|mac| address.mac = mac),
                "APPID" => hexadecimal(&value).map(|number| address.app_id = number),
                "VLAN-ID" => hexadecimal(&value).map(|number| address.vlan = number),
                "VLAN-PRIORITY" => value.parse().ok().map(|number| address.priority = number),
                _ => continue,
            };
            any = true;
            if understood.is_none() {
                context.warn(
                    parameter,
                    format!(
                        "`{}` is no {}, it is left out",
                        shorten(&value),
                        shorten(stated(parameter))
                    ),
                    remedy(&kind(parameter)),
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

/// The `P` elements of the address in an element.
fn parameters<'a, 'i: 'a>(element: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    children(element, "Address").flat_map(|address| children(address, "P"))
}

/// What a `P` element gives: its `type`, or where there is none its XML Schema type.
fn stated<'a>(parameter: Node<'a, '_>) -> &'a str {
    attr(parameter, "type")
        .or_else(|| parameter.attribute((XML_SCHEMA_INSTANCE, "type")))
        .unwrap_or_default()
        .trim()
}

/// What a `P` element gives, in one spelling: `OSI-TSEL` is met as `tP_OSI-TSEL` and in other letter cases too.
fn kind(parameter: Node<'_, '_>) -> String {
    let stated = stated(parameter);
    let local = stated.rsplit(':').next().unwrap_or(stated);
    local
        .strip_prefix("tP_")
        .unwrap_or(local)
        .to_ascii_uppercase()
}

fn remedy(kind: &str) -> &'static str {
    match kind {
        "IP" | "IPV6" => "write an address such as 192.168.0.10",
        "OSI-TSEL" | "OSI-SSEL" | "OSI-PSEL" => "write hexadecimal digits, two for each octet",
        "OSI-AP-TITLE" => "write numbers with commas between, such as 1,1,9999,1",
        "MAC-ADDRESS" => "write six octets, such as 01-0C-CD-01-00-01",
        "APPID" | "VLAN-ID" => "write up to four hexadecimal digits",
        _ => "write a number",
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
