//! Starts the child, passes signals on to it, and ends as it ends.
//!
//! Between the two stands a warden, which is this very program: whatever becomes of this process, the
//! child does not go on with its secrets while nobody masks what it writes.

use core::ops::ControlFlow;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use pilotage_child::pump;
use pilotage_cli::Out;
use pilotage_redact::Redactor;
use pilotage_rollout::Span;
use tokio::process::Child;

use super::environment::ChildEnvironment;
use super::signals::{Group, Signals};
use crate::failure::{Done, Failure, failed, wrong};
use crate::warden;
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
    let group = group();
    let mut signals = Signals::listen(group).map_err(cannot)?;
    let mut child = start(&world.warden, group, command, &environment)?;
    // The child has its own; ours would only keep the memory alive.
    drop(environment.descriptors);
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(wrong("the output of the command cannot be read"));
    };
    let clock = &*world.clock;
    let both = async {
        tokio::join!(
            pump(out, redactor, clock, teller(&world.io.out)),
            pump(err, redactor, clock, teller(&world.io.err))
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

/// What is masked already goes out as it is.
fn teller(to: &Out) -> impl FnMut(&[u8]) -> ControlFlow<()> {
    let to = to.unveiled();
    move |bytes| {
        // Who cannot be written to is looked at after it.
        let _ = to.write_bytes(bytes);
        if to.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// A program that a person uses stays in the foreground with this one: in the background of a
/// terminal it could neither read from it nor be interrupted there.
fn group() -> Group {
    let is_used = io::stdin().is_terminal() || io::stdout().is_terminal();
    if is_used { Group::Shared } else { Group::Apart }
}

#[expect(clippy::disallowed_methods, reason = "this is what the verb is for")]
fn start(
    warden: &Path,
    group: Group,
    command: &[OsString],
    environment: &ChildEnvironment,
) -> Done<Child> {
    let Some(program) = command.first() else {
        return Err(wrong("there is no command"));
    };
    findable(program, environment)?;
    let alone = group == Group::Apart;
    let mut guarded = tokio::process::Command::new(warden);
    guarded.args(warden::words(alone)).args(command);
    if alone {
        guarded.process_group(0);
    }
    let spawned = guarded
        .env_clear()
        .envs(environment.variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    spawned.map_err(|error| cannot_start(program, error))
}

/// The warden can only say with a code that there is no such program.
fn findable(program: &OsStr, environment: &ChildEnvironment) -> Done<()> {
    let is_path = Path::new(program).components().count() > 1;
    let path = environment.variables.iter().find(|(name, _)| name == "PATH");
    let mut folders = path.iter().flat_map(|(_, path)| std::env::split_paths(path));
    let found = if is_path {
        Path::new(program).exists()
    } else {
        path.is_none() || folders.any(|folder| folder.join(program).exists())
    };
    if found { Ok(()) } else { Err(cannot_start(program, io::ErrorKind::NotFound.into())) }
}

fn cannot_start(program: &OsStr, error: io::Error) -> Failure {
    let program = program.to_string_lossy();
    let help = match error.kind() {
        io::ErrorKind::ArgumentListTooLong => "inject long values `as = \"fd\"`",
        _ => "check its name and the path",
    };
    failed(format!("`{program}` cannot be started"), error).help(help)
}

fn code(status: ExitStatus) -> u8 {
    let signal = || status.signal().map(|signal| signal.saturating_add(128));
    status.code().or_else(signal).and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}
