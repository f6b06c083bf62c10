//! Two runs want the same version at the same instant: one gets it, the other gets the next.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use pilotage_artifact::TagPrefix;
use pilotage_git::{Claim, Git, GitError, Remote, RemoteName, Seen};
use pilotage_release::{Applied, Wanted};
use pilotage_testkit::real;

use crate::world::{Clone, SETTINGS, World, released};

/// Enough to see both ways in which a race ends, in seconds; `cargo xtask bench release` asks for
/// a hundred.
const ROUNDS: usize = 12;

/// How many rounds, where somebody asks for another number than the usual one.
const ROUNDS_ASKED: &str = "PILOTAGE_RACE_ROUNDS";

/// How long one run waits for the other.
const PATIENCE: Duration = Duration::from_mins(1);

/// One side of a place where two runs wait for each other.
struct Meeting {
    tell: Sender<()>,
    hear: Mutex<Receiver<()>>,
}

impl Meeting {
    fn new() -> [Self; 2] {
        let (here, there) = (mpsc::channel(), mpsc::channel());
        let side = |tell, hear| Self { tell, hear: Mutex::new(hear) };
        [side(here.0, there.1), side(there.0, here.1)]
    }

    fn wait(&self) {
        self.tell.send(()).expect("the other run is there");
        let hear = self.hear.lock().expect("not poisoned");
        hear.recv_timeout(PATIENCE).expect("the other run comes as well");
    }
}

/// A remote at which both runs push for the first time together, and where new work lands between
/// the winner's push and the loser's answer.
struct Contended<'a> {
    inner: &'a dyn Remote,
    meeting: &'a Meeting,
    world: &'a World,
    raced: Mutex<bool>,
}

impl std::fmt::Debug for Contended<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Contended").field(&self.inner).finish()
    }
}

impl Remote for Contended<'_> {
    fn read(&self, branch: &str, prefix: &TagPrefix) -> Result<Seen, GitError> {
        self.inner.read(branch, prefix)
    }

    fn push(&self, claim: &Claim) -> Result<(), GitError> {
        if std::mem::replace(&mut *self.raced.lock().expect("not poisoned"), true) {
            return self.inner.push(claim);
        }
        self.meeting.wait();
        let pushed = self.inner.push(claim);
        if pushed.is_ok() {
            self.world.merge_there("fix: meanwhile");
        }
        self.meeting.wait();
        pushed
    }

    fn fetch(&self, branch: &str, prefix: &TagPrefix) -> Result<(), GitError> {
        self.inner.fetch(branch, prefix)
    }
}

/// A remote at which somebody else releases between a look at it and the fetch that follows.
struct Overtaken<'a> {
    inner: &'a dyn Remote,
    faster: &'a Clone,
}

impl std::fmt::Debug for Overtaken<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Overtaken").field(&self.inner).finish()
    }
}

impl Remote for Overtaken<'_> {
    fn read(&self, branch: &str, prefix: &TagPrefix) -> Result<Seen, GitError> {
        self.inner.read(branch, prefix)
    }

    fn push(&self, claim: &Claim) -> Result<(), GitError> {
        self.inner.push(claim)
    }

    fn fetch(&self, branch: &str, prefix: &TagPrefix) -> Result<(), GitError> {
        self.faster.apply(None).expect("nobody is in the way");
        self.inner.fetch(branch, prefix)
    }
}

#[expect(clippy::disallowed_methods, reason = "the bench asks for more through the environment")]
fn rounds() -> usize {
    let asked = std::env::var(ROUNDS_ASKED).ok();
    asked.map_or(ROUNDS, |asked| asked.parse().expect("a number of rounds"))
}

fn race(clone: &Clone, meeting: &Meeting, world: &World) -> Applied {
    let (git, origin) = (Git::new(&clone.path), "origin".parse::<RemoteName>().expect("a name"));
    let inner = git.remote(&origin);
    let remote = Contended { inner: &inner, meeting, world, raced: Mutex::new(false) };
    let wanted = Wanted { plan: None, label: None, attempts: 5 };
    clone.desk().apply_at(&remote, &wanted).expect("an outcome")
}

#[test]
fn in_many_rounds_each_version_is_claimed_exactly_once() {
    let world = World::new(SETTINGS);
    let (ada, bob) = (world.ada(), world.clone_for("bob"));
    each_version_is_claimed_once(&world, &ada, &bob, rounds());
}

#[test]
fn over_ssh_each_version_is_claimed_exactly_once() {
    let Some(server) = real::require("sshd", "PILOTAGE_TEST_SSHD") else { return };
    let world = World::new(SETTINGS);
    let (ada, bob) = (world.ada(), world.clone_for("bob"));
    world.over_ssh(&ada, &server);
    world.over_ssh(&bob, &server);
    each_version_is_claimed_once(&world, &ada, &bob, 2);
}

fn each_version_is_claimed_once(world: &World, ada: &Clone, bob: &Clone, rounds: usize) {
    for round in 0..rounds {
        world.merge_there("fix: work");
        ada.catch_up();
        bob.catch_up();
        let [here, there] = Meeting::new();
        let (one, two) = thread::scope(|scope| {
            let other = scope.spawn(|| race(bob, &there, world));
            (race(ada, &here, world), other.join().expect("no panic"))
        });
        let mut tags = [released(&one).to_owned(), released(&two).to_owned()];
        tags.sort_by_key(String::len);
        if tags[0].len() == tags[1].len() {
            tags.sort();
        }
        let expected = [2 * round + 1, 2 * round + 2].map(|patch| format!("v1.0.{patch}"));
        assert_eq!(tags, expected, "round {round}");
    }
    let carol = world.clone_for("carol");
    assert_eq!(carol.remote_tags().len(), 1 + 2 * rounds);
    let merged = carol.git(&["tag", "--merged", "origin/main"]);
    assert_eq!(merged.lines().count(), 1 + 2 * rounds, "every release is on the branch");
    assert_eq!(carol.git(&["rev-list", "--count", "--min-parents=2", "origin/main"]), "0");
}

#[test]
fn who_wanted_the_very_same_release_finds_it() {
    let world = World::new(SETTINGS);
    let (ada, bob) = (world.ada(), world.clone_for("bob"));
    ada.land("fix: work");
    bob.catch_up();
    // The same name on both, so that both make the same commit; the tags differ.
    for setting in [["user.name", "release"], ["user.email", "release@example.com"]] {
        ada.git(&["config", setting[0], setting[1]]);
        bob.git(&["config", setting[0], setting[1]]);
    }
    let [here, there] = Meeting::new();
    let outcomes = thread::scope(|scope| {
        let other = scope.spawn(|| race(&bob, &there, &world));
        [race(&ada, &here, &world), other.join().expect("no panic")]
    });
    let made = outcomes.iter().filter(|o| matches!(o, Applied::Released { .. })).count();
    let found = outcomes.iter().filter(|o| matches!(o, Applied::Already { .. })).count();
    assert_eq!((made, found), (1, 1), "{outcomes:?}");
}

#[test]
fn who_is_overtaken_between_a_look_and_a_fetch_finds_the_release() {
    let world = World::new(SETTINGS);
    let (ada, bob) = (world.ada(), world.clone_for("bob"));
    world.merge_there("fix: work");
    bob.catch_up();
    let (git, origin) = (Git::new(&ada.path), "origin".parse::<RemoteName>().expect("a name"));
    let inner = git.remote(&origin);
    let remote = Overtaken { inner: &inner, faster: &bob };
    let wanted = Wanted { plan: None, label: None, attempts: 1 };
    let found = ada.desk().apply_at(&remote, &wanted).expect("an outcome");
    assert!(matches!(&found, Applied::Already { tag, .. } if tag == "v1.0.1"), "{found:?}");
}
