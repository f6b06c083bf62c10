//! What is to be done next.

use pilotage_artifact::Digest;
use pilotage_migration::saga::ledger::{Entry, State};
use pilotage_migration::saga::next::{At, Gaps, Next, Refusal, next};
use pilotage_migration::saga::script::{Script, ScriptName};
use pilotage_rollout::Fence;
use proptest::prelude::*;

use crate::harbour::scripts;

fn line(script: &Script, done: u32, state: State) -> Entry {
    Entry { done, state, ..Entry::blank(script, Fence(1)) }
}

fn failed() -> State {
    State::Failed { reason: "no".into() }
}

#[test]
fn goes_on_where_the_ledger_ends() {
    let all = scripts();
    let cases = [
        (vec![], Next::Leap(At { script: 0, leap: 0 })),
        (vec![line(&all[0], 0, failed())], Next::Leap(At { script: 0, leap: 0 })),
        (vec![line(&all[0], 0, State::Leaping)], Next::FindOut(At { script: 0, leap: 0 })),
        (vec![line(&all[0], 1, State::Resting)], Next::Leap(At { script: 1, leap: 0 })),
        (
            vec![line(&all[0], 1, State::Resting), line(&all[1], 1, failed())],
            Next::Leap(At { script: 1, leap: 1 }),
        ),
        (
            vec![line(&all[0], 1, State::Resting), line(&all[1], 1, State::Leaping)],
            Next::FindOut(At { script: 1, leap: 1 }),
        ),
    ];
    for (ledger, expected) in cases {
        assert_eq!(next(&all, &ledger, Gaps::Refused), Ok(expected), "{ledger:?}");
    }
}

#[test]
fn what_was_applied_must_not_change_and_what_was_not_may() {
    let all = scripts();
    let other = |entry: Entry| Entry { checksum: Digest::of(b"other"), ..entry };
    for (done, state) in [(1, State::Resting), (1, failed()), (0, State::Leaping)] {
        let ledger = [line(&all[0], 1, State::Resting), other(line(&all[1], done, state))];
        let refusal = next(&all, &ledger, Gaps::Refused).unwrap_err();
        assert!(matches!(refusal, Refusal::Changed { of: 2, .. }), "{refusal}");
    }
    let untouched = [other(line(&all[0], 0, failed()))];
    let first = Next::Leap(At { script: 0, leap: 0 });
    assert_eq!(next(&all, &untouched, Gaps::Refused), Ok(first));
}

#[test]
fn a_half_applied_migration_is_not_gone_on_with_in_other_steps() {
    let all = scripts();
    let ledger =
        [line(&all[0], 1, State::Resting), Entry { of: 3, ..line(&all[1], 1, State::Resting) }];
    let refusal = next(&all, &ledger, Gaps::Refused).unwrap_err();
    assert!(matches!(refusal, Refusal::Divided { done: 1, of: 3, .. }), "{refusal}");
}

#[test]
fn a_gap_is_refused_by_name_unless_gaps_are_allowed() {
    let all = scripts();
    let ledger = [line(&all[1], 2, State::Resting)];
    let gap = Refusal::Gap { script: ScriptName("1".into()), after: ScriptName("2".into()) };
    assert_eq!(next(&all, &ledger, Gaps::Refused), Err(gap));
    let first = Next::Leap(At { script: 0, leap: 0 });
    assert_eq!(next(&all, &ledger, Gaps::Allowed), Ok(first));
}

fn any_state() -> impl Strategy<Value = State> {
    prop_oneof![Just(State::Resting), Just(State::Leaping), Just(failed())]
}

proptest! {
    #[test]
    fn any_ledger_has_an_answer_and_nothing_that_is_done_is_done_again(
        lines in proptest::collection::vec((0_usize..5, 0_u32..4, 0_u32..4, any_state(), any::<bool>()), 0..6)
    ) {
        let all = scripts();
        let entry = |(script, done, of, state, same): (usize, u32, u32, State, bool)| {
            let script: &Script = &all[script];
            let checksum = if same { script.checksum } else { Digest::of(b"other") };
            Entry { of, checksum, ..line(script, done.min(of), state) }
        };
        let ledger: Vec<Entry> = lines.into_iter().map(entry).collect();
        if let Ok(Next::Leap(at) | Next::FindOut(at)) = next(&all, &ledger, Gaps::Allowed) {
            let script = &all[at.script];
            prop_assert!(at.leap < script.leaps.len());
            let known = ledger.iter().find(|entry| entry.script == script.name);
            prop_assert!(known.is_none_or(|entry| !entry.is_done() && usize::try_from(entry.done).unwrap() == at.leap || entry.is_untouched()));
        }
    }
}
