//! Eight processes, one lease, and everything that can be done to them.
//!
//! They stop themselves at labelled points; they are stopped and killed at random; the network to
//! the store stands still or breaks. Each of them reads a register, changes it and writes it back.
//! No change that was acknowledged may be missing in the end. Three protocols that are broken on
//! purpose go through the same until they are seen to lose a change, which they must.

mod crew;
mod network;
mod register;

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use pilotage_clock::{Clock as _, SystemClock};
use pilotage_lease::{OwnerId, Span};
use pilotage_xtask::bench::{Bar, Line, Measure, Peer};
use pilotage_xtask::command::Cmd;
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::system::{Lab, Ledger, System};
use pilotage_xtask::{Error, files, interrupt, terminal};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::LocalSet;

use self::crew::Crew;
use self::network::Weather;
use self::register::Register;
use super::stores::{DATABASES, runtime, unusable};
use super::worker::Protocol;
use xtask::here::Here;
use xtask::{env, systems};

const TERM: Span = Span::from_millis(300);
const PROTOCOLS: [Protocol; 4] =
    [Protocol::NoFence, Protocol::CheckThenWrite, Protocol::FenceOnWriteOnly, Protocol::Ours];
/// How long a broken protocol is given at most to show that it is broken; on a machine that is busy
/// the rarest of the three takes minutes.
const CONTROL: u32 = 600;

/// Where the lease is kept.
enum Place {
    Folder(String),
    Database { url: String, port: u16 },
}

/// Tortures the real protocol and the weakest of the broken ones, on files.
pub(super) fn briefly(here: &Here, seconds: u32) -> Result<Vec<Line>, Error> {
    let folder = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
    let place = Place::Folder(folder.path().join("leases").display().to_string());
    let mut lines = torture(&place, folder.path(), Protocol::NoFence, seconds)?;
    lines.extend(torture(&place, folder.path(), Protocol::Ours, seconds)?);
    Ok(lines)
}

/// Tortures each protocol.
pub(super) fn run(here: &Here, seconds: u32) -> Result<Vec<Line>, Error> {
    let wanted: Vec<&dyn System> =
        systems::ALL.iter().copied().filter(|system| system.name() == "postgres").collect();
    let mut ledger = Ledger::open(&env::ledger(&Workspace::load(&here.root)?))?;
    let lab = Lab::up(&wanted, &here.host, &mut ledger)?;
    lab.statuses().iter().for_each(|status| terminal::note(status.to_string()));
    let folder = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
    let (_, variable) = DATABASES[0];
    let place = match lab.variables().get(variable) {
        Some(file) => database(&files::read(Path::new(file))?)?,
        None => Place::Folder(folder.path().join("leases").display().to_string()),
    };
    let mut lines = Vec::new();
    for protocol in PROTOCOLS {
        lines.extend(torture(&place, folder.path(), protocol, seconds)?);
    }
    lab.down()?;
    Ok(lines)
}

fn database(url: &str) -> Result<Place, Error> {
    let rest = url.trim().rsplit_once("127.0.0.1:").map(|(_, rest)| rest);
    let port = rest.and_then(|rest| rest.split('/').next()?.parse().ok());
    let port = port.ok_or_else(|| unusable(&"its address has no port"))?;
    Ok(Place::Database { url: url.trim().to_owned(), port })
}

fn torture(
    place: &Place,
    folder: &Path,
    protocol: Protocol,
    seconds: u32,
) -> Result<Vec<Line>, Error> {
    let seconds = if protocol == Protocol::Ours { seconds } else { CONTROL };
    let register = Rc::new(RefCell::new(Register::default()));
    let deeds = runtime()?.block_on(LocalSet::new().run_until(go(
        place,
        folder,
        protocol,
        seconds,
        register.clone(),
    )))?;
    let register = register.borrow();
    terminal::note(format!(
        "{}: {} s, {} ownerships, {} changes acknowledged, {} stale ones refused; {} halts, {} \
         kills, {} cuts of the network; lost {}, fences backwards {}",
        protocol.name(),
        deeds.seconds,
        register.owned,
        register.acknowledged(),
        register.refused,
        deeds.halts,
        deeds.kills,
        deeds.cuts,
        register.lost(),
        register.went_back,
    ));
    Ok(verdict(protocol, &register))
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn verdict(protocol: Protocol, register: &Register) -> Vec<Line> {
    let line = |unit, ours: u64, bar| {
        let measure = Measure { unit, ours: ours as f64 };
        Line::new("lease", &format!("chaos, {}", protocol.name()), measure, Peer::None, bar)
    };
    let lost = register.lost();
    if protocol != Protocol::Ours {
        return vec![line("changes lost", lost, Bar::OursAtLeast(1.0))];
    }
    vec![
        line("changes acknowledged", register.acknowledged(), Bar::OursAtLeast(1.0)),
        line("changes lost", lost, Bar::OursAtMost(0.0)),
        line("fences backwards", register.went_back, Bar::OursAtMost(0.0)),
    ]
}

/// What was done to the workers.
#[derive(Debug, Default)]
struct Deeds {
    seconds: u64,
    halts: u64,
    kills: u64,
    cuts: u64,
}

async fn go(
    place: &Place,
    folder: &Path,
    protocol: Protocol,
    seconds: u32,
    register: Rc<RefCell<Register>>,
) -> Result<Deeds, Error> {
    let fenced = matches!(protocol, Protocol::Ours | Protocol::FenceOnWriteOnly);
    let listener = listen().await?;
    let port = listener.local_addr().map_err(Error::Output)?.port();
    tokio::task::spawn_local(register::serve(listener, register.clone(), fenced));
    let (sky, weather) = watch::channel(Weather::Fair);
    let store = store(place, weather).await?;
    let program = std::env::current_exe().map_err(Error::Output)?.display().to_string();
    let name = OwnerId::random().map_err(|error| unusable(&error))?.to_string();
    let command = Cmd::new(program)
        .args(["lease-worker", "--protocol", &protocol.name(), "--name", &name])
        .args(["--register", &port.to_string(), "--term", &TERM.as_millis().to_string()])
        .args(store);
    let log = folder.join("workers.log");
    let crew = Crew::muster(&command, &log)?;
    // One lost change says all that a broken protocol is run for.
    let has_shown = || protocol != Protocol::Ours && register.borrow().lost() > 0;
    torment(crew, &sky, seconds, has_shown).await
}

async fn listen() -> Result<TcpListener, Error> {
    TcpListener::bind(("127.0.0.1", 0)).await.map_err(Error::Output)
}

/// How the workers find the store: through the network that can break, if there is one.
async fn store(place: &Place, weather: watch::Receiver<Weather>) -> Result<[String; 2], Error> {
    match place {
        Place::Folder(folder) => Ok(["--folder".into(), folder.clone()]),
        Place::Database { url, port } => {
            let listener = listen().await?;
            let own = listener.local_addr().map_err(Error::Output)?.port();
            tokio::task::spawn_local(network::pass(listener, *port, weather));
            let through = url.replace(&format!(":{port}/"), &format!(":{own}/"));
            Ok(["--database".into(), through])
        }
    }
}

/// Does something bad every few moments, and lets those go on who stood still long enough, until it
/// is time or enough was seen. In the end it ends all.
async fn torment(
    mut crew: Crew<'_>,
    sky: &watch::Sender<Weather>,
    seconds: u32,
    is_enough: impl Fn() -> bool,
) -> Result<Deeds, Error> {
    let clock = SystemClock::new();
    let mut dice = Dice::new()?;
    let mut deeds = Deeds::default();
    let (end, mut next) = (Span::from_secs(seconds.into()), Span::ZERO);
    let mut clears = Span::ZERO;
    while clock.elapsed() < end && !interrupt::raised() {
        clock.sleep(Span::from_millis(10)).await;
        let now = clock.elapsed();
        // From nine tenths of the term, when nobody has taken it yet, to half as much again.
        crew.wake(now, || Span::from_millis(TERM.as_millis() * (90 + dice.roll(60)) / 100));
        if now >= clears {
            sky.send_replace(Weather::Fair);
        }
        if now < next {
            continue;
        }
        if is_enough() {
            break;
        }
        next = now + Span::from_millis(100 + dice.roll(400));
        match dice.roll(8) {
            0 | 1 => {
                crew.kill(dice.roll(1 << 16))?;
                deeds.kills += 1;
            }
            2 | 3 => {
                let weather = if dice.roll(2) == 0 { Weather::Calm } else { Weather::Storm };
                sky.send_replace(weather);
                clears = now + Span::from_millis(dice.roll(TERM.as_millis() * 2));
                deeds.cuts += 1;
            }
            _ => crew.stop(dice.roll(1 << 16)),
        }
    }
    deeds.halts = crew.halts;
    deeds.seconds = clock.elapsed().as_millis() / 1_000;
    Ok(deeds)
}

/// What happens when.
struct Dice(u64);

impl Dice {
    fn new() -> Result<Self, Error> {
        let bits = OwnerId::random().map_err(|error| unusable(&error))?.bits();
        Ok(Self(u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(1)))
    }

    /// A number below this.
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below.max(1)
    }
}
