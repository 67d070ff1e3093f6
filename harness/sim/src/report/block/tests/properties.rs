//! Who holds a buffered block, beside a plain model of the rules, whatever two clients do.

use super::*;
use proptest::prelude::*;

/// ResvTms of a client that writes none.
const DEFAULT: u64 = 10;

/// What one of the two clients does, or time.
#[derive(Clone, Copy, Debug)]
enum Act {
    Enable(usize),
    Disable(usize),
    Reserve(usize, u64),
    Configure(usize),
    /// The association ends, in order or not, and another takes its place.
    End(usize, bool),
    Wait(u64),
}

/// For whom the block is, as the model has it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Holder {
    Nobody,
    Present(usize),
    Gone { client: usize, until: Time },
}

struct Model {
    holder: Holder,
    seconds: u64,
    enabled: bool,
}

impl Model {
    /// A client writes: false when the block is somebody else's.
    fn comes(&mut self, client: usize) -> bool {
        match self.holder {
            Holder::Nobody => true,
            Holder::Present(holder) => holder == client,
            Holder::Gone { client: holder, .. } if holder == client => {
                self.holder = Holder::Present(client);
                true
            }
            Holder::Gone { .. } => false,
        }
    }

    fn take(&mut self, client: usize) {
        if self.holder == Holder::Nobody {
            self.holder = Holder::Present(client);
            self.seconds = DEFAULT;
        }
    }

    /// Whether it is granted.
    fn act(&mut self, act: Act, now: Time) -> bool {
        match act {
            Act::Enable(client) => {
                let granted = self.comes(client) && !self.enabled;
                if granted {
                    self.take(client);
                    self.enabled = true;
                }
                granted
            }
            Act::Disable(client) => {
                let granted = self.comes(client);
                self.enabled &= !granted;
                granted
            }
            Act::Reserve(client, 0) => {
                let granted = self.comes(client) && !self.enabled;
                if granted {
                    self.holder = Holder::Nobody;
                }
                granted
            }
            Act::Reserve(client, seconds) => {
                let granted = self.comes(client);
                if granted {
                    self.holder = Holder::Present(client);
                    self.seconds = seconds;
                }
                granted
            }
            Act::Configure(client) => {
                let granted = self.comes(client) && !self.enabled;
                if granted {
                    self.take(client);
                }
                granted
            }
            Act::End(client, _) => {
                if self.holder == Holder::Present(client) {
                    let until = now + Time::from_secs(self.seconds);
                    self.holder = Holder::Gone { client, until };
                    self.enabled = false;
                }
                true
            }
            Act::Wait(_) => {
                if matches!(self.holder, Holder::Gone { until, .. } if until <= now) {
                    self.holder = Holder::Nobody;
                }
                true
            }
        }
    }

    /// RptEna, ResvTms and the last octet of Owner.
    fn shown(&self) -> (bool, i64, Option<u8>) {
        let seconds = i64::try_from(self.seconds).unwrap();
        match self.holder {
            Holder::Nobody => (false, 0, None),
            Holder::Present(client) => (self.enabled, seconds, Some(host(client))),
            Holder::Gone { client, .. } => (false, seconds, Some(host(client))),
        }
    }
}

fn host(client: usize) -> u8 {
    if client == 0 { 1 } else { 2 }
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (0usize..2).prop_map(Act::Enable),
        2 => (0usize..2).prop_map(Act::Disable),
        3 => (0usize..2, 0u64..20).prop_map(|(client, seconds)| Act::Reserve(client, seconds)),
        1 => (0usize..2).prop_map(Act::Configure),
        3 => (0usize..2, any::<bool>()).prop_map(|(client, orderly)| Act::End(client, orderly)),
        3 => (1u64..15).prop_map(Act::Wait),
    ];
    prop::collection::vec(act, 1..60)
}

fn shown(block: &Block) -> (bool, i64, Option<u8>) {
    let number = |name| block.read(name).and_then(|data| data.as_i64());
    let enabled = block.read("RptEna").and_then(|data| data.as_bool());
    let owner = match block.read("Owner") {
        Some(Data::OctetString(octets)) => octets.last().copied(),
        other => panic!("{other:?}"),
    };
    (enabled.unwrap(), number("ResvTms").unwrap(), owner)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// Every write is granted exactly when the rules say so, and RptEna, ResvTms and Owner show what is.
    #[test]
    fn a_block_is_for_whom_the_rules_say(acts in acts()) {
        let mut rig = Rig::brcb();
        let mut model = Model { holder: Holder::Nobody, seconds: 0, enabled: false };
        let mut associations = [1u64, 2];
        let mut next = 3;
        for act in acts {
            let of = |client: usize| client_of(associations[client], client);
            let granted = match act {
                Act::Enable(client) => rig.write("RptEna", Data::Boolean(true), of(client)).is_ok(),
                Act::Disable(client) => rig.write("RptEna", Data::Boolean(false), of(client)).is_ok(),
                Act::Reserve(client, seconds) => {
                    let seconds = i64::try_from(seconds).unwrap();
                    rig.write("ResvTms", Data::Integer(seconds), of(client)).is_ok()
                }
                Act::Configure(client) => rig.write("IntgPd", Data::Unsigned(5000), of(client)).is_ok(),
                Act::End(client, orderly) => {
                    let ended = AssociationId(associations[client]);
                    rig.block.association_ended(ended, orderly, rig.now, &rig.world);
                    associations[client] = next;
                    next += 1;
                    true
                }
                Act::Wait(seconds) => {
                    let end = rig.now + Time::from_secs(seconds);
                    while let Some(due) = rig.block.deadline().filter(|due| *due <= end) {
                        rig.block.advance(due, &rig.world);
                    }
                    rig.now = end;
                    true
                }
            };
            prop_assert_eq!(granted, model.act(act, rig.now), "{:?}", act);
            prop_assert_eq!(shown(&rig.block), model.shown(), "after {:?}", act);
        }
    }
}

fn client_of(association: u64, client: usize) -> Client {
    super::client(association, host(client))
}
