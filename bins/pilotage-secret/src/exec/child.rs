//! Starts the child, passes signals on to it, and ends as it ends.

use core::future::poll_fn;
use core::task::Poll;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};

use pilotage_redact::Redactor;
use pilotage_rollout::Span;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::signal::unix::{self, SignalKind, signal};

use super::environment::ChildEnvironment;
use super::pump::pump;
use crate::failure::{Done, Failure, failed, wrong};
use crate::world::World;

/// How long descendants that outlive the child may go on writing.
const AFTERMATH: Span = Span::from_secs(2);

/// Runs a command to its end, and says with which code to end.
pub(crate) async fn run(
    world: &World,
    command: &[OsString],
    environment: ChildEnvironment,
    redactor: &Redactor,
) -> Done<u8> {
    let cannot = |error| failed("signals cannot be listened for", error);
    let mut signals = Signals::listen().map_err(cannot)?;
    let mut child = start(command, &environment)?;
    // The child has its own; ours would only keep the memory alive.
    drop(environment.descriptors);
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(wrong("the output of the command cannot be read"));
    };
    let clock = &*world.clock;
    let both = async {
        tokio::join!(
            pump(out, &world.io.out, redactor, clock),
            pump(err, &world.io.err, redactor, clock)
        )
    };
    tokio::pin!(both);
    let ended = signals.until_ended(&mut child);
    tokio::pin!(ended);
    let status = tokio::select! {
        // Whoever closes both streams may still run.
        _ = &mut both => ended.await,
        status = &mut ended => {
            tokio::select! { _ = &mut both => {}, () = clock.sleep(AFTERMATH) => {} }
            status
        }
    };
    status.map(code).map_err(|error| failed("the end of the command cannot be seen", error))
}

#[expect(clippy::disallowed_methods, reason = "this is what the verb is for")]
fn start(command: &[OsString], environment: &ChildEnvironment) -> Done<Child> {
    let Some((program, args)) = command.split_first() else {
        return Err(wrong("there is no command"));
    };
    // Looked for in the path of the child, which is ours.
    let spawned = tokio::process::Command::new(program)
        .args(args)
        .env_clear()
        .envs(environment.variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    spawned.map_err(|error| cannot_start(&program.to_string_lossy(), error))
}

fn cannot_start(program: &str, error: io::Error) -> Failure {
    failed(format!("`{program}` cannot be started"), error).help("check its name and the path")
}

fn code(status: ExitStatus) -> u8 {
    let signal = || status.signal().map(|signal| signal.saturating_add(128));
    status.code().or_else(signal).and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

/// The signals that are passed on.
#[derive(Debug)]
struct Signals([(unix::Signal, Signal); 6]);

impl Signals {
    /// Listens from now on, so that none ends this process before the child has ended.
    fn listen() -> io::Result<Self> {
        let pair = |signal_kind, number| Ok::<_, io::Error>((signal(signal_kind)?, number));
        Ok(Self([
            pair(SignalKind::interrupt(), Signal::INT)?,
            pair(SignalKind::terminate(), Signal::TERM)?,
            pair(SignalKind::hangup(), Signal::HUP)?,
            pair(SignalKind::quit(), Signal::QUIT)?,
            pair(SignalKind::user_defined1(), Signal::USR1)?,
            pair(SignalKind::user_defined2(), Signal::USR2)?,
        ]))
    }

    /// Passes on what comes until the child has ended.
    async fn until_ended(&mut self, child: &mut Child) -> io::Result<ExitStatus> {
        // Not reaped before this function returns, so that the number means nobody else.
        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        loop {
            let number = tokio::select! {
                status = child.wait() => return status,
                number = self.next() => number,
            };
            if let Some(id) = id {
                // A child that has just ended has nobody left to hear it.
                let _ = kill_process(id, number);
            }
        }
    }

    async fn next(&mut self) -> Signal {
        poll_fn(|context| {
            let come = |(listener, number): &mut (unix::Signal, Signal)| {
                listener.poll_recv(context).is_ready().then_some(*number)
            };
            self.0.iter_mut().find_map(come).map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}
