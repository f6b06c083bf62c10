//! A process that changes a register again and again, each time under the lease.
//!
//! It stops itself at labelled points now and then; whoever started it lets it go on.

use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use pilotage_clock::{Clock as _, SystemClock};
use pilotage_driver::file::FileLeaseStore;
use pilotage_lease::client::{Acquisition, Held, LeaseClient, LeaseError, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, OwnerId, Span, Term};
use pilotage_sql::Database;
use pilotage_xtask::Error;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::stores::{runtime, unusable};
use crate::failure::Failure;

/// What the worker is to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The address of a database that keeps the lease
    #[arg(long, conflicts_with = "folder")]
    database: Option<String>,
    /// The folder that keeps the lease
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The port of the register
    #[arg(long)]
    register: u16,
    /// The name of the lease
    #[arg(long)]
    name: String,
    /// How the register is protected
    #[arg(long)]
    protocol: Protocol,
    /// The term of the lease in milliseconds
    #[arg(long)]
    term: u64,
}

/// How a register is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    /// The fence is claimed before the first read, and compared at each write.
    Ours,
    /// By the lease alone.
    NoFence,
    /// The lease is looked at right before each write.
    CheckThenWrite,
    /// The fence is compared at each write, and not claimed before.
    FenceOnWriteOnly,
}

impl Protocol {
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Works until it is killed, or the register is gone.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    runtime()?.block_on(work(args)).map_err(Failure::from)
}

async fn work(args: &Args) -> Result<(), Error> {
    let clock = Arc::new(SystemClock::new());
    let name = args.name.parse().map_err(|error| unusable(&error))?;
    let term = Term::new(Span::from_millis(args.term)).map_err(|error| unusable(&error))?;
    let client = match (&args.folder, &args.database) {
        (Some(folder), _) => {
            LeaseClient::new(name, Arc::new(FileLeaseStore::new(folder)), clock.clone())
        }
        (None, Some(address)) => {
            let database: Database = address.parse().map_err(|error| unusable(&error))?;
            LeaseClient::new(name, database.lease_store(), clock.clone())
        }
        (None, None) => return Err(unusable(&"it has no place")),
    };
    let client = client.with_limit(term.third());
    let mut register = Register::connect(args.register).await?;
    loop {
        match once(&client, args.protocol, term, &mut register).await {
            Ok(()) => {}
            // A store that is cut off comes back; the register belongs to whoever started this.
            Err(Trouble::Lease) => clock.sleep(term.third()).await,
            Err(Trouble::Register(error)) => return Err(error),
        }
    }
}

enum Trouble {
    Lease,
    Register(Error),
}

impl From<LeaseError> for Trouble {
    fn from(_: LeaseError) -> Self {
        Self::Lease
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Register(error)
    }
}

async fn once(
    client: &LeaseClient,
    protocol: Protocol,
    term: Term,
    register: &mut Register,
) -> Result<(), Trouble> {
    let owner = OwnerId::random().map_err(|error| Trouble::Register(unusable(&error)))?;
    let claim = Claim { term, ..Claim::new(owner, Card::of("a worker")) };
    let waiting = Waiting { poll: term.third(), ..Waiting::up_to(term.span() * 4) };
    let Acquisition::Held(mut held) = client.acquire(claim, waiting, &mut |_| ()).await? else {
        return Ok(());
    };
    register.say("owned").await?;
    fail_point(owner, 0);
    change(client, protocol, &held, owner, register).await?;
    held.release("").await?;
    Ok(())
}

/// Reads the register and writes it back with one change.
async fn change(
    client: &LeaseClient,
    protocol: Protocol,
    held: &Held,
    owner: OwnerId,
    register: &mut Register,
) -> Result<(), Trouble> {
    let fence = held.fence().0;
    if protocol == Protocol::Ours && register.ask(&format!("claim {fence}")).await? != "ok" {
        return Ok(());
    }
    fail_point(owner, 1);
    let parent = register.ask("read").await?;
    fail_point(owner, 2);
    if held.left() == Span::ZERO {
        return Ok(());
    }
    if protocol == Protocol::CheckThenWrite {
        let record = client.show().await?;
        if record.and_then(|record| record.ticket()) != Some(held.ticket()) {
            return Ok(());
        }
    }
    fail_point(owner, 3);
    if register.ask(&format!("write {fence} {owner} {parent}")).await? == "ok" {
        register.say(&format!("acknowledged {owner}")).await?;
    }
    fail_point(owner, 4);
    Ok(())
}

/// One passing of each labelled point in this many ends in a halt. Between the last check and the write
/// it is more often: that is where a protocol is weakest, and two have to stand there at once for the
/// rarest of losses.
const HALTS: [u128; 5] = [24, 24, 24, 6, 24];

/// Stops this very process here, now and then.
fn fail_point(owner: OwnerId, label: u8) {
    let halts = HALTS.get(usize::from(label)).copied().unwrap_or(u128::MAX);
    if owner.bits().rotate_right(u32::from(label) * 17).is_multiple_of(halts) {
        // Whether it was stopped is seen from outside; where it cannot be, nothing is lost.
        let _stopped =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
    }
}

/// The thing that the lease is on, at the other end of a line.
struct Register {
    lines: BufReader<TcpStream>,
}

impl Register {
    async fn connect(port: u16) -> Result<Self, Error> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(Error::Output)?;
        stream.set_nodelay(true).map_err(Error::Output)?;
        Ok(Self { lines: BufReader::new(stream) })
    }

    async fn say(&mut self, line: &str) -> Result<(), Error> {
        self.ask(line).await.map(drop)
    }

    async fn ask(&mut self, line: &str) -> Result<String, Error> {
        let line = format!("{line}\n");
        self.lines.get_mut().write_all(line.as_bytes()).await.map_err(Error::Output)?;
        let mut answer = String::new();
        match self.lines.read_line(&mut answer).await.map_err(Error::Output)? {
            0 => Err(unusable(&"the register is gone")),
            _ => Ok(answer.trim().to_owned()),
        }
    }
}
