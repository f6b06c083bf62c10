//! The daemon's side of the socket: who may speak, how much, and for how long.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::BufReader;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::directory::{ServiceDirectory, user};
use crate::os;
use crate::wire::line;
use crate::wire::{Fault, Greeting, Hello, PROTOCOL, Reply, Request, Welcome};

use super::error::HostdError;
use super::host::Host;

/// How many clients are served at once; more wait.
const MOST_CLIENTS: usize = 64;
/// How long a client may be silent, and how long it may take to take an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// Makes the socket in place of one that a daemon before has left behind.
pub(super) fn listen(directory: &ServiceDirectory) -> Result<UnixListener, HostdError> {
    let path = directory.socket();
    let failed = |action| {
        let path = path.display().to_string();
        move |source| HostdError::File { action, path, source }
    };
    if directory.has_own_socket().map_err(|source| HostdError::Directory { source })? {
        os::remove_file(&path).map_err(failed("remove"))?;
    }
    let listener = UnixListener::bind(&path).map_err(failed("make"))?;
    os::make_private(&path).map_err(failed("protect"))?;
    Ok(listener)
}

/// Serves clients until the future is dropped.
pub(super) async fn serve(host: Arc<Host>, listener: UnixListener) {
    let seats = Arc::new(Semaphore::new(MOST_CLIENTS));
    while let Ok(seat) = seats.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(attend(host.clone(), stream, seat))),
            // Too many open files, for example: others must finish first.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn attend(host: Arc<Host>, stream: UnixStream, _seat: OwnedSemaphorePermit) {
    let owner = stream.peer_cred().map(|peer| peer.uid());
    // The directory keeps others out; this holds even if somebody opens it.
    if !matches!(owner, Ok(uid) if uid == user() || uid == 0) {
        return;
    }
    if let Err(error) = converse(&host, BufReader::new(stream)).await {
        let ended = matches!(
            error.kind(),
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::ConnectionReset
        );
        if !ended {
            os::say(&format!("a client was cut off: {error}"));
        }
    }
}

async fn converse(host: &Arc<Host>, mut stream: BufReader<UnixStream>) -> io::Result<()> {
    let Some(hello) = next(&mut stream).await? else { return Ok(()) };
    let welcome = greet(host, &hello).await;
    say(&mut stream, &welcome).await?;
    if matches!(welcome, Welcome::Failed(_)) {
        return Ok(());
    }
    while let Some(request) = next(&mut stream).await? {
        let reply = match serde_json::from_slice::<Request>(&request) {
            Ok(request) => host.answer(request).await,
            Err(error) => Reply::Failed(Fault::Malformed { reason: error.to_string() }),
        };
        say(&mut stream, &reply).await?;
    }
    Ok(())
}

async fn greet(host: &Arc<Host>, hello: &[u8]) -> Welcome {
    let ours = Hello::ours();
    match serde_json::from_slice::<Hello>(hello) {
        Ok(theirs) if theirs.protocol == PROTOCOL => Welcome::Hello(Greeting {
            protocol: PROTOCOL,
            version: ours.version,
            address: Some(host.book.lock().await.ledger.address),
            pid: Some(std::process::id()),
        }),
        Ok(theirs) => Welcome::Failed(Fault::OtherProtocol {
            speaks: PROTOCOL,
            asked: theirs.protocol,
            version: ours.version,
        }),
        Err(error) => Welcome::Failed(Fault::Malformed { reason: error.to_string() }),
    }
}

async fn next(stream: &mut BufReader<UnixStream>) -> io::Result<Option<Vec<u8>>> {
    timeout(SILENCE, line::read(stream)).await?
}

async fn say(stream: &mut BufReader<UnixStream>, value: &impl serde::Serialize) -> io::Result<()> {
    timeout(SILENCE, line::write(stream, value)).await?
}
