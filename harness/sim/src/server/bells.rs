//! Who is to look again: every session sleeps until its own deadline or until its bell rings.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use tokio::sync::Notify;

use crate::{client::AssociationId, report::Time};

/// Number of a session, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SessionId(u64);

/// The bells of all sessions. The one that has been there longest keeps watch: it alone wakes at the deadlines of the IED.
#[derive(Debug, Default)]
pub(super) struct Bells {
    next: u64,
    bells: BTreeMap<SessionId, Arc<Notify>>,
    of: HashMap<AssociationId, SessionId>,
    /// Until when the watch sleeps; none while it sleeps as long as it likes.
    watch: Option<Time>,
}

impl Bells {
    /// A new session, with its bell.
    pub(super) fn hang(&mut self) -> (SessionId, Arc<Notify>) {
        self.next += 1;
        let id = SessionId(self.next);
        let bell = Arc::new(Notify::new());
        self.bells.insert(id, Arc::clone(&bell));
        (id, bell)
    }

    /// A session is gone; the watch goes over to the next.
    pub(super) fn take_down(&mut self, id: SessionId, association: Option<AssociationId>) {
        let watched = self.is_watch(id);
        self.bells.remove(&id);
        if let Some(association) = association {
            self.dissociate(association);
        }
        if watched {
            self.watch = None;
            self.ring_watch();
        }
    }

    /// A session has become an association.
    pub(super) fn associate(&mut self, association: AssociationId, id: SessionId) {
        self.of.insert(association, id);
    }

    /// An association has ended, its session perhaps not yet.
    pub(super) fn dissociate(&mut self, association: AssociationId) {
        self.of.remove(&association);
    }

    /// There is output for an association.
    pub(super) fn ring(&self, association: AssociationId) {
        if let Some(bell) = self.of.get(&association).and_then(|id| self.bells.get(id)) {
            bell.notify_one();
        }
    }

    /// Everybody is concerned.
    pub(super) fn ring_all(&self) {
        self.bells.values().for_each(|bell| bell.notify_one());
    }

    /// Wakes the watch in time for a deadline of the IED. The answer is that deadline when `own` is the watch itself, which then sleeps
    /// until it.
    pub(super) fn watch_for(
        &mut self,
        deadline: Option<Time>,
        own: Option<SessionId>,
    ) -> Option<Time> {
        if own.is_some_and(|own| self.is_watch(own)) {
            self.watch = deadline;
            return deadline;
        }
        if deadline.is_some_and(|due| self.watch.is_none_or(|watch| due < watch)) {
            self.watch = deadline;
            self.ring_watch();
        }
        None
    }

    fn is_watch(&self, id: SessionId) -> bool {
        self.bells
            .first_key_value()
            .is_some_and(|(first, _)| *first == id)
    }

    fn ring_watch(&self) {
        if let Some((_, bell)) = self.bells.first_key_value() {
            bell.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the bell has rung since this was last asked.
    async fn rang(bell: &Notify) -> bool {
        tokio::select! {
            biased;
            () = bell.notified() => true,
            () = core::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn only_the_oldest_session_wakes_for_the_ied() {
        let mut bells = Bells::default();
        let (first, one) = bells.hang();
        let (second, two) = bells.hang();
        let due = Some(Time::from_secs(5));
        assert_eq!(bells.watch_for(due, Some(second)), None);
        assert!(rang(&one).await && !rang(&two).await);
        assert_eq!(bells.watch_for(due, Some(first)), due);
        assert_eq!(bells.watch_for(due, Some(second)), None);
        assert!(!rang(&one).await, "it wakes at that time by itself");
        bells.watch_for(Some(Time::from_secs(4)), None);
        assert!(rang(&one).await, "an earlier deadline has to be told");
    }

    #[tokio::test]
    async fn watch_goes_over_when_its_session_ends() {
        let mut bells = Bells::default();
        let (first, _) = bells.hang();
        let (second, two) = bells.hang();
        let due = Some(Time::from_secs(5));
        bells.watch_for(due, Some(first));
        bells.take_down(first, None);
        assert!(rang(&two).await);
        assert_eq!(bells.watch_for(due, Some(second)), due);
    }

    #[tokio::test]
    async fn output_rings_one_bell() {
        let mut bells = Bells::default();
        let (_, one) = bells.hang();
        let (second, two) = bells.hang();
        bells.associate(AssociationId(7), second);
        bells.ring(AssociationId(7));
        assert!(!rang(&one).await && rang(&two).await);
        bells.dissociate(AssociationId(7));
        bells.ring(AssociationId(7));
        assert!(!rang(&two).await);
    }
}
