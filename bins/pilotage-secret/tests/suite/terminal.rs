//! `exec` on a terminal: what is typed, what is stopped, what is killed.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use pilotage_testkit::wait::until;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::place::Place;

const BINARY: &str = env!("CARGO_BIN_EXE_pilotage-secret");
const CTRL_C: &[u8] = b"\x03";
const CTRL_Z: &[u8] = b"\x1a";

/// A program that counts interrupts until it reads `q`.
const COUNTING: &str = "trap 'n=$((n+1)); echo \"interrupt $n\"' INT; n=0; echo ready
until read -r line && [ \"$line\" = q ]; do :; done
echo \"after $n: $PASSWORD\"
exit 3
";

/// A terminal with something in its foreground.
struct Terminal {
    keyboard: File,
    shown: Arc<Mutex<Vec<u8>>>,
    leader: Child,
}

impl Terminal {
    /// Starts a command as the leader of a session that this terminal controls.
    #[expect(clippy::disallowed_methods, reason = "a test plays the terminal of a person")]
    fn start(place: &Place, command: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("granted");
        unlockpt(&master).expect("unlocked");
        let name = ptsname(&master, Vec::new()).expect("a name");
        let name = name.to_str().expect("text");
        let end = OpenOptions::new().read(true).write(true).open(name).expect("its other end");
        let mut leader = Command::new("setsid");
        leader.arg("--ctty").args(command).env_clear().envs(&place.environment);
        leader.env("PS1", "$ ").env("TERM", "dumb").current_dir(place.path());
        let stdio = || Stdio::from(end.try_clone().expect("a copy"));
        let leader = leader.stdin(stdio()).stdout(stdio()).stderr(stdio()).spawn();
        let keyboard = File::from(master);
        let shown = Arc::<Mutex<Vec<u8>>>::default();
        watch(keyboard.try_clone().expect("a copy"), shown.clone());
        Self { keyboard, shown, leader: leader.expect("it starts") }
    }

    fn type_in(&mut self, keys: &[u8]) {
        self.keyboard.write_all(keys).expect("typed");
    }

    fn shown(&self) -> String {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&shown).into_owned()
    }

    fn wait_for(&self, text: &str) {
        until(text, || self.shown().contains(text), || self.shown());
    }

    fn leader(&self) -> Pid {
        i32::try_from(self.leader.id()).ok().and_then(Pid::from_raw).expect("an id")
    }

    fn code(mut self) -> Option<i32> {
        self.leader.wait().expect("it ends").code()
    }
}

/// Keeps what is shown, until nobody is left who could show something.
fn watch(mut screen: File, shown: Arc<Mutex<Vec<u8>>>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = screen.read(&mut buffer) {
            let text = &buffer[..count];
            shown.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(text);
        }
    });
}

fn place(program: &str) -> Place {
    let mut place = Place::new("[env.prod.secrets.web]\nPASSWORD = 'env:SOURCE'\n");
    place.environment.insert("SOURCE".into(), "correct-horse-battery".into());
    place.write("program", program.as_bytes());
    place
}

const EXEC: [&str; 5] = [BINARY, "exec", "--", "sh", "program"];

#[test]
fn what_is_typed_reaches_the_program_once_and_so_does_what_is_sent() {
    let place = place(COUNTING);
    let mut terminal = Terminal::start(&place, &EXEC);
    terminal.wait_for("ready");
    terminal.type_in(CTRL_C);
    terminal.wait_for("interrupt 1");
    kill_process(terminal.leader(), Signal::INT).expect("sent to the supervisor alone");
    terminal.wait_for("interrupt 2");
    terminal.type_in(b"q\n");
    terminal.wait_for("after 2: [secret:PASSWORD]");
    assert_eq!(terminal.code(), Some(3));
}

#[test]
fn a_job_of_a_shell_is_stopped_and_goes_on() {
    let place = place(COUNTING);
    let mut terminal = Terminal::start(&place, &["sh", "-i"]);
    terminal.wait_for("$ ");
    terminal.type_in(format!("{}\n", EXEC.join(" ")).as_bytes());
    terminal.wait_for("ready");
    terminal.type_in(CTRL_C);
    terminal.wait_for("interrupt 1");
    terminal.type_in(CTRL_Z);
    terminal.wait_for("Stopped");
    terminal.type_in(b"echo \"shell $((20 + 22))\"\n");
    terminal.wait_for("shell 42");
    // The shell reads line by line, so that the second is left for the program.
    terminal.type_in(b"fg\nq\n");
    terminal.wait_for("after 1: [secret:PASSWORD]");
    terminal.type_in(b"exit $?\n");
    assert_eq!(terminal.code(), Some(3));
}

#[test]
fn a_program_whose_input_comes_from_elsewhere_still_has_the_terminal() {
    let place = place("echo ready; read -r line </dev/tty; echo \"said: $line\"");
    let script = "\"$0\" exec -- sh program </dev/null";
    let mut terminal = Terminal::start(&place, &["sh", "-c", script, BINARY]);
    terminal.wait_for("ready");
    terminal.type_in(b"$((1))\n");
    terminal.wait_for("said: $((1))");
    assert_eq!(terminal.code(), Some(0));
}

#[test]
fn a_program_on_a_terminal_does_not_outlive_who_supervises_it() {
    let place = place("trap '' HUP INT TERM; echo \"number $$.\"; while :; do sleep 1; done");
    let terminal = Terminal::start(&place, &EXEC);
    terminal.wait_for(".");
    let shown = terminal.shown();
    let number = shown.split_once("number ").and_then(|(_, rest)| rest.split_once('.'));
    let program = number.and_then(|(number, _)| number.parse().ok()).and_then(Pid::from_raw);
    let program = program.expect("a number");
    kill_process(terminal.leader(), Signal::KILL).expect("it is there");
    // A number may be somebody else's by now, but not at once.
    until("the program to end", || test_kill_process(program).is_err(), || shown.clone());
    assert_eq!(terminal.code(), None);
}

#[test]
fn nobody_at_a_terminal_is_told_what_to_mask() {
    let mut place = place(COUNTING);
    place.environment.insert("GITHUB_ACTIONS".into(), "true".into());
    let mut terminal = Terminal::start(&place, &EXEC);
    terminal.wait_for("ready");
    terminal.type_in(b"q\n");
    terminal.wait_for("after 0: [secret:PASSWORD]");
    let shown = terminal.shown();
    assert!(!shown.contains("add-mask") && !shown.contains("correct-horse"), "{shown}");
}
