//! Making the machine look like the ledger: units started, routed to, drained and stopped.
//!
//! A pass reads what is there and does what is missing; it may end anywhere and be done again.
//! A unit that is not wanted any more leaves the routes first, then finishes what it has begun,
//! at most for the drain of its release; then its tunnels are closed, and only then is it told to
//! stop. Of a release that was given no more traffic before, the drain is over already.
//!
//! A unit that was given up stays as it is for a while, so that its end is seen. If its release
//! has traffic, it is then replaced by a new one: what made it fail may have been elsewhere.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pilotage_artifact::ReleaseId;
use pilotage_rollout::Share;
use tokio::net::TcpListener;

use crate::os;
use crate::router::{Router, Upstream};
use crate::runtime::{Runtime, RuntimeError, UnitName, UnitSpec, UnitState, UnitStatus};
use crate::wire::ReleaseSpec;

use super::host::{Book, Host, Leaving, Trouble};
use super::routes::{in_flight, is_routed};

/// Ports of units: below the range from which systems give ports to outgoing connections.
const FIRST_PORT: u16 = 20_000;
const PORTS: u16 = 10_000;
/// How long a release whose units cannot be started is left alone.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a unit that was given up stays as it is. Long enough for a candidate's to be seen.
const REST: Duration = Duration::from_secs(30);
/// How many stopped units are kept for their logs.
const KEPT_LOGS: usize = 8;
/// How much of the release's name is in the names of its units.
const NAME_BYTES: usize = 40;

impl Host {
    /// One pass.
    pub(super) async fn reconcile(self: &Arc<Self>) -> io::Result<()> {
        let mut book = self.book.lock().await;
        let units = self.runtime.list().await.map_err(io::Error::other)?;
        book.leaving.retain(|name, _| units.iter().any(|u| u.spec.name == *name && is_there(u)));
        self.let_go(&mut book, &units);
        give_up_on(&mut book, &units, os::now());
        self.start_missing(&mut book, &units).await?;
        self.route(&book).await?;
        self.stop_idle(&mut book, &units).await?;
        self.forget_old(&book, &units).await;
        Ok(())
    }

    /// Marks units that are too many as leaving: first those that are not well, then the youngest.
    fn let_go(&self, book: &mut Book, units: &[UnitStatus]) {
        let mut releases: Vec<&ReleaseId> = units.iter().map(|unit| &unit.spec.release).collect();
        releases.sort_unstable();
        releases.dedup();
        let surplus = releases.into_iter().flat_map(|release| self.surplus(book, units, release));
        for (name, leaving) in surplus.collect::<Vec<_>>() {
            book.leaving.insert(name, leaving);
        }
    }

    fn surplus(
        &self,
        book: &Book,
        units: &[UnitStatus],
        release: &ReleaseId,
    ) -> Vec<(UnitName, Leaving)> {
        let mut ours: Vec<&UnitStatus> = staying(book, units, release).collect();
        ours.sort_by_key(|unit| (!self.is_ready(unit), number(&unit.spec.name)));
        let berth = book.ledger.berths.get(release);
        // Whoever took the last traffic from a release has given what it carried its time.
        let drain = match berth {
            _ if book.ledger.slots.share(release) == Share::NONE => Duration::ZERO,
            Some(berth) => berth.spec.drain,
            None => ReleaseSpec::USUAL_DRAIN,
        };
        let deadline = os::now() + drain;
        let leaving = || Leaving { deadline, stopping: false };
        let too_many = ours.into_iter().skip(usize::from(book.ledger.desired(release)));
        too_many.map(|unit| (unit.spec.name.clone(), leaving())).collect()
    }

    /// Starts units of releases that have too few.
    async fn start_missing(&self, book: &mut Book, units: &[UnitStatus]) -> io::Result<()> {
        let wanted: Vec<(ReleaseSpec, usize)> = book
            .ledger
            .berths
            .values()
            .filter_map(|berth| {
                let there = staying(book, units, &berth.spec.release.id).count();
                let missing = usize::from(berth.desired).saturating_sub(there);
                (missing > 0).then(|| (berth.spec.clone(), missing))
            })
            .collect();
        for (spec, missing) in wanted {
            let id = &spec.release.id;
            if book.troubles.get(id).is_some_and(|trouble| os::now() < trouble.again) {
                continue;
            }
            for _ in 0..missing {
                match self.start_one(book, &spec, units).await? {
                    Ok(_) => drop(book.troubles.remove(id)),
                    Err(error) => {
                        os::say(&format!("release {id}: {}", chain(&error)));
                        book.troubles.insert(id.clone(), trouble(&error));
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Starts one unit under a name and on a port that are nobody else's.
    async fn start_one(
        &self,
        book: &mut Book,
        spec: &ReleaseSpec,
        units: &[UnitStatus],
    ) -> io::Result<Result<UnitStatus, RuntimeError>> {
        let number = book.ledger.next_unit;
        let mut next = book.ledger.clone();
        next.next_unit = number.saturating_add(1);
        self.save(&next).await?;
        book.ledger = next;
        let name = unit_name(&spec.release.id, number).map_err(io::Error::other)?;
        let release = spec.release.id.clone();
        let port = free_port(book.ledger.incarnation.wrapping_add(number), units).await?;
        let unit = UnitSpec { name, release, artifact: spec.artifact.clone(), port };
        os::say(&format!("unit {}: start on port {port}", unit.name));
        Ok(self.runtime.start(&unit).await)
    }

    /// Stops units that have left the routes and are done, and replaces those that can never
    /// listen because a stranger has taken their port.
    async fn stop_idle(self: &Arc<Self>, book: &mut Book, units: &[UnitStatus]) -> io::Result<()> {
        let routes = self.routes().await?;
        for unit in units.iter().filter(|unit| is_there(unit)) {
            let upstream = book.upstream(unit);
            let lost_port = is_failed(unit) && !is_free(unit.spec.port).await;
            let name = &unit.spec.name;
            if lost_port && !book.leaving.contains_key(name) {
                let leaving = Leaving { deadline: os::now(), stopping: false };
                book.leaving.insert(name.clone(), leaving);
            }
            let Some(leaving) = book.leaving.get_mut(name).filter(|l| !l.stopping) else {
                continue;
            };
            // Whatever else is true: what runs and is routed to is not stopped.
            let serves = matches!(unit.state, UnitState::Running { .. })
                && is_routed(&routes.table, upstream);
            let done = in_flight(&routes, upstream) == 0 || os::now() >= leaving.deadline;
            if done && !serves {
                leaving.stopping = true;
                tokio::spawn(self.clone().stop(name.clone(), upstream));
            }
        }
        Ok(())
    }

    async fn stop(self: Arc<Self>, name: UnitName, upstream: Upstream) {
        os::say(&format!("unit {name}: stop"));
        // Whoever still has a tunnel is told, so that it comes back to another unit.
        if let Err(error) = self.proxy.close_tunnels(upstream).await {
            os::say(&format!("unit {name}: {}", chain(&error)));
        }
        if let Err(error) = self.runtime.stop(&name).await {
            os::say(&format!("unit {name}: {}", chain(&error)));
        }
        // One that is still there is then found to be too many again.
        self.book.lock().await.leaving.remove(&name);
        self.wake.notify_one();
    }

    /// Removes stopped units that nobody will ask about.
    async fn forget_old(&self, book: &Book, units: &[UnitStatus]) {
        let mut stopped: Vec<&UnitStatus> = units.iter().filter(|unit| !is_there(unit)).collect();
        stopped.sort_by_key(|unit| std::cmp::Reverse(number(&unit.spec.name)));
        let known = |unit: &UnitStatus| book.ledger.berths.contains_key(&unit.spec.release);
        let (kept, pruned): (Vec<&UnitStatus>, Vec<_>) =
            stopped.into_iter().partition(|u| known(u));
        for unit in kept.into_iter().skip(KEPT_LOGS).chain(pruned) {
            if let Err(error) = self.runtime.remove(&unit.spec.name).await {
                os::say(&format!("unit {}: {}", unit.spec.name, chain(&error)));
            }
        }
    }
}

/// Marks units that were given up long enough ago as leaving, so that new ones take their places.
fn give_up_on(book: &mut Book, units: &[UnitStatus], now: Instant) {
    let has_failed = |name: &UnitName| units.iter().any(|u| u.spec.name == *name && is_failed(u));
    book.given_up.retain(|name, _| has_failed(name));
    for unit in units.iter().filter(|unit| is_failed(unit)) {
        let name = &unit.spec.name;
        let since = *book.given_up.entry(name.clone()).or_insert(now);
        let serves = book.ledger.slots.share(&unit.spec.release) > Share::NONE;
        if serves && now >= since + REST && !book.leaving.contains_key(name) {
            os::say(&format!("unit {name}: is replaced, it was given up"));
            let leaving = Leaving { deadline: now, stopping: false };
            book.leaving.insert(name.clone(), leaving);
        }
    }
}

/// Whether the unit has a process, will have one, or has failed in a way that is to be seen.
pub(super) fn is_there(unit: &UnitStatus) -> bool {
    !matches!(unit.state, UnitState::Stopped { .. })
}

fn is_failed(unit: &UnitStatus) -> bool {
    matches!(unit.state, UnitState::Failed { .. })
}

/// The units of a release that are there and not leaving.
pub(super) fn staying<'a>(
    book: &'a Book,
    units: &'a [UnitStatus],
    release: &'a ReleaseId,
) -> impl Iterator<Item = &'a UnitStatus> {
    units.iter().filter(move |unit| {
        unit.spec.release == *release
            && is_there(unit)
            && !book.leaving.contains_key(&unit.spec.name)
    })
}

/// Units are named after their release and numbered in the order of their starts.
fn unit_name(release: &ReleaseId, number: u64) -> Result<UnitName, crate::runtime::InvalidSpec> {
    let text = release.as_str();
    let short = text.get(..NAME_BYTES).unwrap_or(text);
    format!("{short}-{number}").parse()
}

fn number(name: &UnitName) -> u64 {
    let digits = name.as_str().rsplit('-').next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// A port that nobody listens on; the search begins where `seed` says, so that services do not
/// walk in step.
async fn free_port(seed: u64, units: &[UnitStatus]) -> io::Result<u16> {
    let begin = u16::try_from(seed % u64::from(PORTS)).unwrap_or(0);
    for step in 0..PORTS {
        let port = FIRST_PORT + (begin + step) % PORTS;
        let taken = units.iter().any(|unit| is_there(unit) && unit.spec.port == port);
        if !taken && is_free(port).await {
            return Ok(port);
        }
    }
    Err(io::Error::new(io::ErrorKind::AddrInUse, "every port for units is taken"))
}

async fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.is_ok()
}

fn trouble(error: &RuntimeError) -> Trouble {
    let gone = |source: &io::Error| {
        matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied)
    };
    let hopeless = match error {
        RuntimeError::WrongDigest { .. } => true,
        RuntimeError::Start { source, .. } => gone(source),
        _ => false,
    };
    Trouble { reason: chain(error), hopeless, again: os::now() + PAUSE }
}

/// An error with all that caused it, on one line.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostd::ledger::Ledger;
    use crate::hostd::ledger::tests::serving;
    use crate::runtime::Exit;

    /// A unit of this release that was given up.
    fn failed(ledger: &Ledger, release: &str) -> UnitStatus {
        let release: ReleaseId = release.parse().expect("a release");
        let artifact = ledger.berths.get(&release).expect("it is known").spec.artifact.clone();
        let name = unit_name(&release, 7).expect("a name");
        let spec = UnitSpec { name, release, artifact, port: FIRST_PORT };
        UnitStatus { spec, state: UnitState::Failed { exit: Exit::Code(1) }, restarts: 5 }
    }

    #[test]
    fn a_unit_that_was_given_up_is_replaced_after_a_rest_if_its_release_has_traffic() {
        let ledger = serving();
        let units = ["v1", "v2"].map(|release| failed(&ledger, release));
        let mut book = Book::of(ledger);
        let begin = os::now();
        for early in [begin, begin + REST / 2] {
            give_up_on(&mut book, &units, early);
            assert!(book.leaving.is_empty(), "its end is to be seen");
        }
        give_up_on(&mut book, &units, begin + REST);
        let leaving: Vec<_> = book.leaving.keys().map(UnitName::as_str).collect();
        assert_eq!(leaving, ["v1-7"], "nobody waits for the other");
    }

    #[test]
    fn units_of_every_release_have_a_valid_name_that_tells_their_number() {
        let long = "a".repeat(39) + &".".repeat(20) + "z";
        for release in ["v1", "1-2", &long] {
            let release = release.parse().expect("a release");
            let name = unit_name(&release, u64::MAX).expect("a name");
            assert_eq!(number(&name), u64::MAX);
        }
    }
}
