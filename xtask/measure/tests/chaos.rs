//! The torture of the lease, for some seconds: processes are stopped and killed, and nothing that
//! was acknowledged is lost, while a protocol without fences does lose something.

#[cfg(target_os = "linux")]
#[test]
fn nothing_that_was_acknowledged_is_lost() {
    let measure = pilotage_xtask::command::Cmd::new(env!("CARGO_BIN_EXE_measure"));
    let torture = measure.args(["bench", "lease", "--chaos", "--seconds", "8", "--json"]);
    let lines = torture.output().expect("no bar is missed");
    assert!(lines.contains("changes acknowledged"), "{lines}");
}
