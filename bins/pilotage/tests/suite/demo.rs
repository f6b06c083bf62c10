//! The demonstration, once from beginning to end, and stopped in the middle.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::place::{command, left};

/// Far longer than an ended daemon takes to leave; reached only by a failing test.
const DEADLINE: Duration = Duration::from_mins(1);

/// Asserts that no process is left that knows this directory.
#[tokio::main(flavor = "current_thread")]
async fn assert_nothing_runs_in(directory: &Path) {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let gone = async {
        while !processes_of(directory).is_empty() {
            looks.tick().await;
        }
    };
    let gone = tokio::time::timeout(DEADLINE, gone).await;
    assert!(gone.is_ok(), "left behind: {:?}", processes_of(directory));
}

/// The processes whose arguments name this directory.
fn processes_of(directory: &Path) -> Vec<String> {
    let wanted = directory.display().to_string();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let arguments = entries.filter_map(|entry| read(&entry.path().join("cmdline")));
    arguments.filter(|arguments| arguments.contains(&wanted)).collect()
}

#[expect(clippy::disallowed_methods, reason = "tests look at what the system lists")]
fn read(path: &Path) -> Option<String> {
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[test]
fn everything_is_shown_and_nothing_is_lost_or_left() {
    let home = tempfile::tempdir().expect("a directory");
    let keep = home.path().join("kept");
    let output = command().args(["demo", "--json", "--keep"]).arg(&keep).output();
    let left = left(output.expect("it runs"));
    assert_eq!(left.code, Some(0), "{left:?}");
    let last = left.out.lines().last().expect("a line");
    let sums: Value = serde_json::from_str(last).expect("an object");
    assert_eq!(sums["deploys"], 5, "{sums}");
    assert_eq!(sums["failed_requests"], 0, "{sums}");
    assert_eq!(sums["judge_aborted"], true, "{sums}");
    assert_eq!(sums["resumed_after_kill"], true, "{sums}");
    assert!(sums["requests"].as_u64() > Some(500), "{sums}");
    assert!(sums["canary_errors"].as_u64() > Some(0), "{sums}");
    for release in ["v1", "v2", "v3", "v4", "v5"] {
        assert!(sums["answered_by"][release].as_u64() > Some(0), "{release}: {sums}");
        let report = read(&keep.join(format!("report-{release}.html"))).expect("a report");
        assert!(report.starts_with("<!doctype html>") && report.contains(release));
    }
    assert_nothing_runs_in(&keep);
}

#[test]
fn a_signal_ends_it_and_all_that_it_started() {
    let home = tempfile::tempdir().expect("a directory");
    let keep = home.path().join("kept");
    let mut demo = command();
    demo.args(["demo", "--keep"]).arg(&keep).stdin(Stdio::null());
    let mut demo = demo.stderr(Stdio::piped()).spawn().expect("it starts");
    let stderr = std::io::BufReader::new(demo.stderr.take().expect("it is piped"));
    let mut lines = std::io::BufRead::lines(stderr).map_while(Result::ok);
    assert!(lines.any(|line| line.contains("judge for up to 20s, at most")), "it is under way");
    let pid = i32::try_from(demo.id()).ok().and_then(rustix::process::Pid::from_raw);
    rustix::process::kill_process(pid.expect("a pid"), rustix::process::Signal::INT).expect("sent");
    let rest: Vec<String> = lines.collect();
    let status = demo.wait().expect("it ends");
    assert_eq!(status.code(), Some(130), "{rest:?}");
    assert_nothing_runs_in(&keep);
}

#[test]
fn it_works_in_nobody_elses_directory() {
    let home = tempfile::tempdir().expect("a directory");
    let inside = home.path().join("somebodys");
    std::fs::create_dir(&inside).expect("made");
    let output = command().args(["demo", "--keep"]).arg(home.path()).output();
    let left = left(output.expect("it runs"));
    assert_eq!(left.code, Some(2), "{left:?}");
    assert!(left.err.contains("is not empty") && inside.exists(), "{left:?}");
}
