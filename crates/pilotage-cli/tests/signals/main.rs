//! Being told to stop. In a process of its own, for signals reach all of a process; in one test,
//! for the same reason.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test that cannot go on fails the test"
)]

#[expect(dead_code, reason = "the world is shared with the other tests")]
#[path = "../cli/world.rs"]
mod world;

use pilotage_driver::role::Clock;
use pilotage_rollout::{ExitCode, Span};
use pilotage_testkit::fake::ApplyFault;
use rustix::process::{Signal, getpid, kill_process};

use world::{Process, World};

#[tokio::test(start_paused = true)]
async fn the_first_signal_holds_a_run_and_the_second_ends_the_process() {
    let world = World::new();
    let process = world.process();
    let signal = async {
        world.clock.sleep(Span::from_secs(50)).await;
        send(Signal::TERM, &process, "SIGTERM: making the run safe; once more ends at once").await;
    };
    let (left, ()) = tokio::join!(process.run("deploy --release v2"), signal);
    assert_eq!(left.code, ExitCode::Interrupted, "{}", left.err);
    assert!(
        left.err.contains(
            "interrupted, held in a safe state\n  next: pilotage resume --env prod --run 2026"
        ),
        "{}",
        left.err
    );
    assert_eq!(world.lease.owner(), None, "the next process can go on at once");
    assert_eq!(world.run("resume").await.code, ExitCode::Success);

    // An order that takes long, so that there is something to leave.
    world.target.fault_after(1, ApplyFault::Slow(Span::from_secs(20)));
    let process = world.process();
    let signals = async {
        world.clock.sleep(Span::from_secs(1)).await;
        send(Signal::INT, &process, "SIGINT: making the run safe; once more ends at once").await;
        world.clock.sleep(Span::from_secs(1)).await;
        send(Signal::INT, &process, "SIGINT: leaving the run as it is").await;
    };
    let (left, ()) = tokio::join!(process.run("deploy --release v3"), signals);
    assert_eq!(left.code, ExitCode::Interrupted, "{}", left.err);
    assert!(
        left.err.ends_with("left as it is\n  next: pilotage resume --env prod\n"),
        "{}",
        left.err
    );
    world.lease.expire();
    let left = world.run("resume").await;
    assert_eq!(left.code, ExitCode::Success, "{}", left.err);
}

/// Sends a signal and waits until it was heard. The kernel may hand it to any thread, so there is
/// no moment at which it must have arrived; paused time stands still meanwhile.
async fn send(signal: Signal, process: &Process, heard: &str) {
    kill_process(getpid(), signal).expect("it is this process");
    for _ in 0..5_000_000 {
        if process.err().contains(heard) {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("`{heard}` was not heard: {}", process.err());
}
