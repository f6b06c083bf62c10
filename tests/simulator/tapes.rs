//! Tapes that once broke a promise, kept so that they never do so again.

use pilotage_testkit::sim::{Choices, Tape, trial};

/// Every tape beside this test, compiled in, so that the test reads no files; each line that is no
/// comment is one.
const TAPES: [&str; 8] = [
    include_str!("tapes/back-to-nobody.tape"),
    include_str!("tapes/claim-on-the-way-back.tape"),
    include_str!("tapes/crash-loop-is-no-drift.tape"),
    include_str!("tapes/late-and-slow.tape"),
    include_str!("tapes/prune-over-drift.tape"),
    include_str!("tapes/refused-claim.tape"),
    include_str!("tapes/router-follows-late.tape"),
    include_str!("tapes/stopped-while-rolling.tape"),
];

#[test]
fn what_once_failed_does_not_fail_again() {
    let lines = TAPES.iter().flat_map(|text| text.lines());
    let tapes: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    assert_eq!(tapes.len(), TAPES.len());
    for line in tapes {
        let tape: Tape = line.parse().unwrap();
        let (ended, ..) = trial(tape.scenario, Choices::tape(&tape.deviations), None, None);
        assert!(ended.is_ok(), "{line}: {:?}", ended.unwrap_err().violation);
    }
}
