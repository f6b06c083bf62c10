//! The example, as its page says it, word for word.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use crate::place::{Left, PILOTAGE, left};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/local");

/// How often it is looked whether what was stopped is back; each look takes a while itself.
const LOOKS: usize = 200;

/// The lines of the page that a person types.
fn commands(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.strip_prefix("$ ")).collect()
}

#[expect(clippy::disallowed_methods, reason = "a test copies the example to a place of its own")]
fn copied(to: &Path) -> String {
    let port =
        TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    for name in ["pilotage.toml", "README.md"] {
        let text = std::fs::read_to_string(Path::new(EXAMPLE).join(name)).expect("it is there");
        std::fs::write(to.join(name), text.replace(":8090", &format!(":{port}"))).expect("written");
    }
    for name in ["shop.py", "greets.sh"] {
        std::fs::copy(Path::new(EXAMPLE).join(name), to.join(name)).expect("copied");
    }
    std::os::unix::fs::symlink(PILOTAGE, to.join("pilotage")).expect("linked");
    std::fs::read_to_string(to.join("README.md")).expect("it was copied")
}

#[expect(clippy::disallowed_methods, reason = "the shell of a person")]
fn typed(line: &str, there: &Path) -> Left {
    let mut shell = Command::new("/bin/sh");
    let path = std::env::var("PATH").unwrap_or_default();
    shell.env("PATH", format!("{}:{path}", there.display())).current_dir(there);
    for name in ["GITHUB_ACTIONS", "TF_BUILD", "CI"] {
        shell.env_remove(name);
    }
    left(shell.args(["-c", line]).output().expect("it runs"))
}

/// Ends what a test that failed has left.
struct Ended<'a>(&'a Path);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        typed("pilotage stop", self.0);
    }
}

#[test]
fn everything_that_the_page_says_works() {
    let home = tempfile::tempdir().expect("a directory");
    if typed("python3 --version && curl --version", home.path()).code != Some(0) {
        eprintln!("not run: everything_that_the_page_says_works: needs python3 and curl");
        return;
    }
    let page = copied(home.path());
    let _ended = Ended(home.path());
    let commands = commands(&page);
    assert_eq!(commands.len(), 10, "{commands:?}");
    for line in commands {
        let left = typed(line, home.path());
        assert_eq!(left.code, Some(0), "`{line}`: {left:?}");
        match line {
            line if line.starts_with("curl") => assert_eq!(left.out, "hello from v1\n"),
            "pilotage verify" => assert!(left.out.contains("exactly `v1`"), "{left:?}"),
            "pilotage history" => assert_eq!(left.out.lines().count(), 3, "{left:?}"),
            "pilotage stop" => assert!(left.err.contains("stopped"), "{left:?}"),
            _ => {}
        }
    }
    assert!(home.path().join("report.html").is_file());
    let again = typed("pilotage stop", home.path());
    assert!(again.err.contains("nothing runs"), "{again:?}");
    let is_back = || typed("pilotage verify", home.path()).out.contains("exactly `v1`");
    assert!((0..LOOKS).any(|_| is_back()), "what ran is brought back");
}
