//! An interrupt ends the program that is waited for, and then the task, not the task runner.
//!
//! Signals belong to the whole process, so this is a test binary of its own with a single test.

use pilotage_xtask::command::Cmd;
use pilotage_xtask::{Error, interrupt};
use rustix::process::{Signal, getpid, kill_process};

#[test]
fn a_signal_ends_the_program_and_the_task_can_still_clean_up() {
    interrupt::watch().expect("signals can be watched");
    // The grandchild holds the output open: were the group not signalled, reading would not end.
    let endless = Cmd::new("sh").args(["-c", "sleep 600 & echo started; wait"]);
    let ended = endless.each_line(|line| {
        assert_eq!(line, "started");
        kill_process(getpid(), Signal::INT).map_err(|error| Error::Output(error.into()))
    });
    assert!(matches!(ended, Err(Error::Interrupted { .. })), "{ended:?}");
    assert!(interrupt::raised());
    let cleaned = Cmd::new("echo").args(["cleaned"]).for_cleanup().output();
    assert_eq!(cleaned.expect("clean-up still runs"), "cleaned\n");
    let next = Cmd::new("sleep").args(["600"]).run();
    assert!(matches!(next, Err(Error::Interrupted { .. })), "nothing new is waited for: {next:?}");
}
