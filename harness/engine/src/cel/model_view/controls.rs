//! Controllable objects, as expressions see them.

use std::collections::BTreeMap;

use iedassay_model::Fc;
use iedassay_model::tree::{BType, Node, NodeKind};

use super::{View, int, text};
use crate::cel::Value;
use crate::value::{main_leaf, map};

impl<'a> View<'a> {
    /// Data objects with a control model.
    pub(super) fn controls(&self) -> Vec<Value> {
        let mut by_name: BTreeMap<String, (Option<Node<'a>>, Option<Node<'a>>)> = BTreeMap::new();
        let mut order = Vec::new();
        for node in self.model.variables() {
            if node.kind() != NodeKind::DataObject {
                continue;
            }
            let mut reference = node.reference();
            reference.fc = None;
            let name = reference.to_string();
            let slot = match node.fc() {
                Some(Fc::CO) if node.child("Oper").is_some() => (Some(node), None),
                Some(Fc::CF) if node.child("ctlModel").is_some() => (None, Some(node)),
                _ => continue,
            };
            let entry = by_name.entry(name.clone()).or_insert_with(|| {
                order.push(name);
                (None, None)
            });
            entry.0 = entry.0.or(slot.0);
            entry.1 = entry.1.or(slot.1);
        }
        order
            .iter()
            .filter_map(|name| {
                by_name
                    .get(name)
                    .map(|(co, cf)| self.control(name, *co, *cf))
            })
            .collect()
    }

    fn control(&self, name: &str, co: Option<Node<'a>>, cf: Option<Node<'a>>) -> Value {
        let any = co.or(cf);
        let object = any.and_then(Node::data_object);
        let model = cf.and_then(|n| n.child("ctlModel")).and_then(ctl_model);
        // Without a configured model the components tell it apart as far as they can.
        let model = model.unwrap_or_else(|| match co {
            None => 0,
            Some(co) if co.child("SBO").is_some() => 2,
            Some(co) if co.child("SBOw").is_some() => 4,
            Some(_) => 1,
        });
        let initial = |attribute: &str| {
            cf.and_then(|n| n.child(attribute))
                .and_then(Node::initial)
                .and_then(|t| t.parse::<i64>().ok())
                .map_or(Value::Null, int)
        };
        let status = any.and_then(|n| self.status_of(n));
        let has_status = |attribute: &str| {
            status
                .and_then(|s| s.sibling(attribute))
                .map_or(Value::Null, |s| text(&s.reference().to_string()))
        };
        let configured = |attribute: &str| {
            cf.and_then(|n| n.child(attribute))
                .map(main_leaf)
                .filter(|leaf| leaf.is_leaf())
                .map_or(Value::Null, |leaf| text(&leaf.reference().to_string()))
        };
        let pulses = cf.and_then(|n| n.child("pulseConfig"));
        let tested = co.and_then(|n| {
            let item = n.item().replacen("$CO$", "$OR$", 1);
            self.model.resolve(n.domain(), &format!("{item}$tOpOk"))
        });
        let oper = co.and_then(|n| n.child("Oper"));
        let has = |component: &str| Value::Bool(oper.is_some_and(|o| o.child(component).is_some()));
        let allowed = self.assume.allowed
            || self
                .target
                .allow
                .as_ref()
                .is_some_and(|a| a.may_operate(name));
        map([
            ("kind", text("control")),
            ("ref", text(name)),
            (
                "mms",
                text(&co.map_or_else(String::new, |n| format!("{}/{}", n.domain(), n.item()))),
            ),
            ("ld", text(any.map_or("", |n| n.domain()))),
            ("ln", text(any.map_or("", |n| n.logical_node_name()))),
            ("lnClass", text(any.map_or("", |n| self.class_of(n)))),
            ("name", text(any.map_or("", Node::name))),
            ("cdc", text(object.and_then(Node::cdc).unwrap_or(""))),
            ("ctlModel", int(model)),
            ("sboTimeout", initial("sboTimeout")),
            ("operTimeout", initial("operTimeout")),
            (
                "operateMany",
                Value::Bool(
                    cf.and_then(|n| n.child("sboClass"))
                        .and_then(Node::initial)
                        .is_some_and(|t| t == "operate-many" || t == "1"),
                ),
            ),
            ("hasOperTm", has("operTm")),
            ("hasCheck", has("Check")),
            (
                "type",
                text(
                    &oper
                        .and_then(|o| o.child("ctlVal"))
                        .and_then(Node::btype)
                        .map(BType::scl_name)
                        .unwrap_or_default(),
                ),
            ),
            (
                "status",
                status.map_or(Value::Null, |s| text(&s.reference().to_string())),
            ),
            ("stSeld", has_status("stSeld")),
            ("origin", has_status("origin")),
            ("ctlNum", has_status("ctlNum")),
            ("model", configured("ctlModel")),
            ("minVal", configured("minVal")),
            ("maxVal", configured("maxVal")),
            (
                "pulseConfig",
                pulses.map_or(Value::Null, |n| {
                    text(&format!("{}/{}", n.domain(), n.item()))
                }),
            ),
            (
                "tOpOk",
                tested.map_or(Value::Null, |n| text(&n.reference().to_string())),
            ),
            ("operable", Value::Bool(allowed)),
        ])
    }

    /// The status a control acts on: `stVal`, or the main value of the object.
    fn status_of(&self, node: Node<'a>) -> Option<Node<'a>> {
        let mut reference = node.reference();
        [Fc::ST, Fc::MX].into_iter().find_map(|fc| {
            reference.fc = Some(fc);
            let object = self.model.resolve_reference(&reference)?;
            let leaf = object.child("stVal").unwrap_or_else(|| main_leaf(object));
            leaf.is_leaf().then_some(leaf)
        })
    }
}

/// The configured control model as its number.
fn ctl_model(node: Node<'_>) -> Option<i64> {
    let initial = node.initial()?;
    if let Ok(number) = initial.parse() {
        return Some(number);
    }
    if let Some(BType::Enum(e)) = node.btype()
        && let Some(ord) = e.ord(initial)
    {
        return Some(i64::from(ord));
    }
    Some(match initial {
        "status-only" => 0,
        "direct-with-normal-security" => 1,
        "sbo-with-normal-security" => 2,
        "direct-with-enhanced-security" => 3,
        "sbo-with-enhanced-security" => 4,
        _ => return None,
    })
}
