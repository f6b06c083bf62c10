//! A database that is migrated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_migration::saga::database::{Database, Found, Leapt, Lock, Session, Trouble};
use pilotage_migration::saga::ledger::Entry;
use pilotage_migration::saga::script::Sql;
use pilotage_rollout::Fence;

use super::{Death, lock};

/// A database with a ledger, a fence and a session lock. It is stricter than a real one: it panics
/// where a session without the lock, or with an older fence, changes anything, and where anything
/// is applied twice.
#[derive(Debug, Default)]
pub struct FakeDatabase {
    world: Arc<Mutex<World>>,
    death: Arc<Death>,
}

/// What is in it, and what it is about to do.
#[derive(Debug, Default)]
pub struct World {
    /// All statements that are applied, in this order.
    pub applied: Vec<String>,
    /// How far each migration is applied.
    pub ledger: BTreeMap<String, Entry>,
    /// The highest fence that was claimed.
    pub fence: Fence,
    /// Statements that are refused.
    pub refused: BTreeSet<String>,
    /// How often locks are kept by others for too long.
    pub locked: u32,
    /// Whether it cannot tell what became of a statement.
    pub is_blind: bool,
    /// What was stopped.
    pub cancelled: Vec<Fence>,
    owner: Option<u64>,
    sessions: u64,
    claimed: BTreeMap<u64, Fence>,
    ended: BTreeSet<u64>,
}

/// Why a session writes nothing.
enum Barred {
    Fenced(Fence),
    Ended,
}

impl FakeDatabase {
    /// A database whose users die as this says.
    pub fn mortal(death: Arc<Death>) -> Self {
        Self { death, ..Self::default() }
    }

    /// Looks into it, or changes it behind everybody's back.
    pub fn world<T>(&self, with: impl FnOnce(&mut World) -> T) -> T {
        with(&mut lock(&self.world))
    }

    /// Has another session hold the lock, until that is dropped.
    pub fn occupied(&self) -> impl Drop + use<> {
        let session = self.session(Fence::default());
        lock(&self.world).owner = Some(session.number);
        session
    }

    fn session(&self, fence: Fence) -> FakeSession {
        let mut world = lock(&self.world);
        world.sessions += 1;
        let (shared, death) = (Arc::clone(&self.world), Arc::clone(&self.death));
        FakeSession { number: world.sessions, fence, world: shared, death }
    }
}

#[async_trait]
impl Database for FakeDatabase {
    fn place(&self) -> String {
        "the fake database".into()
    }

    async fn open(&self, fence: Fence) -> Result<Box<dyn Session>, Trouble> {
        self.death.point().await;
        Ok(Box::new(self.session(fence)))
    }

    async fn cancel(&self, fence: Fence) -> Result<(), Trouble> {
        lock(&self.world).cancel(fence);
        Ok(())
    }
}

#[derive(Debug)]
struct FakeSession {
    number: u64,
    fence: Fence,
    world: Arc<Mutex<World>>,
    death: Arc<Death>,
}

impl Drop for FakeSession {
    fn drop(&mut self) {
        let mut world = lock(&self.world);
        if world.owner == Some(self.number) {
            world.owner = None;
        }
    }
}

impl World {
    fn apply(&mut self, statements: &[Sql]) {
        for sql in statements {
            assert!(!self.applied.contains(&sql.text), "`{}` is applied twice", sql.text);
            self.applied.push(sql.text.clone());
        }
    }

    fn cancel(&mut self, fence: Fence) {
        self.cancelled.push(fence);
        for (session, claimed) in &self.claimed {
            if *claimed <= fence {
                self.ended.insert(*session);
                self.owner = self.owner.filter(|owner| owner != session);
            }
        }
    }

    /// Why nothing is done just now.
    fn hindrance(&mut self, statements: &[Sql]) -> Option<Leapt> {
        if self.locked > 0 {
            self.locked -= 1;
            return Some(Leapt::Locked { reason: "lock timeout".into() });
        }
        let refused = statements.iter().find(|sql| self.refused.contains(&sql.text))?;
        Some(Leapt::Refused { reason: format!("syntax error in `{}`", refused.text) })
    }

    fn note(&mut self, entry: &Entry) {
        let before = self.ledger.insert(entry.script.0.clone(), entry.clone());
        let back = before.is_some_and(|before| before.done > entry.done);
        assert!(!back, "the ledger of `{}` goes backwards", entry.script);
    }
}

impl FakeSession {
    /// Does something to the database between two points of death.
    async fn act<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.death.point().await;
        let done = act(&mut lock(&self.world));
        self.death.point().await;
        done
    }

    /// As [`act`](Self::act), for what changes something.
    async fn write<T>(&self, act: impl FnOnce(&mut World) -> T) -> Result<T, Barred> {
        let (number, fence) = (self.number, self.fence);
        let write = move |world: &mut World| {
            if world.ended.contains(&number) {
                return Err(Barred::Ended);
            }
            assert_eq!(world.owner, Some(number), "a session writes that has not the lock");
            if world.fence > fence {
                return Err(Barred::Fenced(world.fence));
            }
            assert_eq!(world.fence, fence, "a session writes before it has claimed its fence");
            Ok(act(world))
        };
        self.act(write).await
    }

    fn fenced(newer: Fence) -> Trouble {
        Trouble::Fenced { place: "the fake database".into(), newer }
    }
}

impl From<Barred> for Trouble {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::Fenced(newer) => FakeSession::fenced(newer),
            Barred::Ended => {
                Self::Away { place: "the fake database".into(), reason: "it was ended".into() }
            }
        }
    }
}

impl From<Barred> for Leapt {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::Fenced(newer) => Self::Fenced { newer },
            Barred::Ended => Self::Unknown { reason: "the session was ended".into() },
        }
    }
}

#[async_trait]
impl Session for FakeSession {
    async fn try_lock(&mut self) -> Result<Lock, Trouble> {
        let number = self.number;
        let taken = |world: &mut World| *world.owner.get_or_insert(number);
        let owner = self.act(taken).await;
        if owner == number {
            return Ok(Lock::Ours);
        }
        Ok(Lock::Others { who: format!("session {owner}") })
    }

    async fn claim(&mut self) -> Result<(), Trouble> {
        let (number, fence) = (self.number, self.fence);
        let claim = move |world: &mut World| {
            world.fence = world.fence.max(fence);
            world.claimed.insert(number, fence);
            world.fence
        };
        let known = self.act(claim).await;
        if known > fence { Err(Self::fenced(known)) } else { Ok(()) }
    }

    async fn ledger(&mut self) -> Result<Vec<Entry>, Trouble> {
        Ok(self.act(|world| world.ledger.values().cloned().collect()).await)
    }

    async fn note(&mut self, entry: &Entry) -> Result<(), Trouble> {
        self.write(|world| world.note(entry)).await.map_err(Trouble::from)
    }

    async fn together(&mut self, statements: &[Sql], entry: &Entry) -> Leapt {
        let leap = |world: &mut World| {
            if let Some(hindrance) = world.hindrance(statements) {
                return hindrance;
            }
            world.apply(statements);
            world.note(entry);
            Leapt::Applied
        };
        self.write(leap).await.unwrap_or_else(Leapt::from)
    }

    async fn alone(&mut self, statement: &Sql) -> Leapt {
        let statements = core::slice::from_ref(statement);
        let leap = |world: &mut World| {
            let hindrance = world.hindrance(statements);
            hindrance.unwrap_or_else(|| {
                world.apply(statements);
                Leapt::Applied
            })
        };
        self.write(leap).await.unwrap_or_else(Leapt::from)
    }

    async fn find_out(&mut self, statement: &Sql) -> Result<Found, Trouble> {
        let look = |world: &mut World| {
            if world.is_blind {
                return Found::Unclear { reason: "it looks the same either way".into() };
            }
            let is_applied = world.applied.contains(&statement.text);
            if is_applied { Found::Applied } else { Found::Absent }
        };
        Ok(self.act(look).await)
    }

    async fn clear_away(&mut self, statement: &Sql) -> Result<Found, Trouble> {
        self.find_out(statement).await
    }

    async fn close(self: Box<Self>) -> Result<(), Trouble> {
        let number = self.number;
        self.act(move |world| assert_eq!(world.owner, Some(number), "the lock was lost")).await;
        Ok(())
    }
}
