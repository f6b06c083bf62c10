//! Where a command's words go.
//!
//! Every stream has a veil: what is known to be secret is masked in whatever is written, by whomever.

use core::fmt::{self, Debug, Formatter};
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};

use pilotage_redact::Veil;
use pilotage_redact::runner::Runner;
use rustix::fs::{FileType, fstat};

use crate::panic;

/// A stream that words go to; clones are the same stream.
#[derive(Clone)]
pub struct Out {
    state: Arc<Mutex<State>>,
    terminal: bool,
    kept: bool,
    veil: Veil,
}

struct State {
    writer: Box<dyn Write + Send>,
    closed: bool,
}

/// The streams of a process and what its user wants of them.
#[derive(Debug, Clone)]
pub struct Io {
    /// For data, and for nothing else.
    pub out: Out,
    /// For everything else.
    pub err: Out,
    /// Whether the user wants no colours anywhere (`NO_COLOR`).
    pub no_color: bool,
}

impl Io {
    /// The streams and the environment of this process. What looks like a secret there is masked,
    /// also in the words of a panic.
    #[expect(clippy::disallowed_methods, reason = "this is the composition of a real process")]
    pub fn of_this_process() -> Self {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let all: Vec<(String, String)> = std::env::vars_os().filter_map(text).collect();
        let veil = Veil::over(all.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let io = Self {
            out: Out::new(io::stdout(), io::stdout().is_terminal()).kept(&io::stdout()),
            err: Out::new(io::stderr(), io::stderr().is_terminal()).kept(&io::stderr()),
            no_color,
        };
        let io = io.veiled(&veil);
        panic::tell(io.err.clone());
        io
    }

    /// The same streams under this veil.
    pub fn veiled(self, veil: &Veil) -> Self {
        let Self { out, err, no_color } = self;
        Self { out: out.veiled(veil), err: err.veiled(veil), no_color }
    }

    /// Tells the runner of this job of every secret that becomes known from now on, so that it masks
    /// them in what others write as well.
    ///
    /// The runner reads stderr as it reads stdout, and stdout is for data. Where stderr is a terminal
    /// or a file, it does not lead to the runner, and nothing is told.
    pub fn tell_runner(&self, runner: Runner) {
        if self.err.terminal || self.err.kept {
            return;
        }
        // The one line that must not be masked is the one that says what to mask.
        let err = self.err.unveiled();
        self.veil().tell(runner, move |line| err.mention(line.expose()));
    }

    /// What is masked in both streams. Whoever learns a secret adds it here, before it can be told.
    pub const fn veil(&self) -> &Veil {
        &self.err.veil
    }
}

impl Out {
    /// Words go to this writer, which is a terminal or is not.
    pub fn new(writer: impl Write + Send + 'static, terminal: bool) -> Self {
        let state = State { writer: Box::new(writer), closed: false };
        Self { state: Arc::new(Mutex::new(state)), terminal, kept: false, veil: Veil::default() }
    }

    /// The same stream, knowing whether it ends in a file of this machine.
    fn kept(self, stream: &impl AsFd) -> Self {
        let kind = fstat(stream).map(|stat| FileType::from_raw_mode(stat.st_mode));
        Self { kept: kind.is_ok_and(FileType::is_file), ..self }
    }

    /// The same stream under this veil.
    pub fn veiled(self, veil: &Veil) -> Self {
        Self { veil: veil.clone(), ..self }
    }

    /// The same stream, for what is a secret on purpose or was masked before it came here.
    pub fn unveiled(&self) -> Self {
        Self { veil: Veil::default(), ..self.clone() }
    }

    /// What is masked in it.
    pub const fn veil(&self) -> &Veil {
        &self.veil
    }

    /// Whether a person reads along.
    pub const fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes text. A reader who hangs up is a normal end: the text is dropped from then on.
    pub fn write(&self, text: &str) -> io::Result<()> {
        self.write_bytes(text.as_bytes())
    }

    /// Whether the reader has hung up.
    pub fn is_closed(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed
    }

    /// Writes what may be no text: the output of another program. It is taken for whole: what comes
    /// in pieces is masked by whoever has the pieces.
    pub fn write_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let redactor = self.veil.redactor();
        if redactor.is_empty() { self.pass(bytes) } else { self.pass(&redactor.bytes(bytes)) }
    }

    fn pass(&self, bytes: &[u8]) -> io::Result<()> {
        // A panic of another writer leaves half a text at worst.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Ok(());
        }
        let written = state.writer.write_all(bytes).and_then(|()| state.writer.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                state.closed = true;
                Ok(())
            }
            written => written,
        }
    }

    /// Writes a line.
    pub fn line(&self, text: &str) -> io::Result<()> {
        self.write(&format!("{text}\n"))
    }

    /// Says something that matters less than the command itself, so that a stream that cannot
    /// take it is no reason to fail.
    pub fn mention(&self, text: &str) {
        let _unheard = self.line(text);
    }
}

impl Debug for Out {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Out").field("terminal", &self.terminal).finish_non_exhaustive()
    }
}
