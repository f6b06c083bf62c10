//! The terminal and the plain log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use pilotage_ci::console::{Console, Live, Outlet, Palette, Plain, Scene, View};
use pilotage_ci::timeline::{Invocation, Timeline};
use pilotage_driver::drive::Warning;
use pilotage_driver::role::{News, Watcher};
use pilotage_rollout::journal::{Record, RunId};
use pilotage_rollout::{Span, Verdict};

use crate::support::{HOSTILE, NAMES, World, canary, golden, judged, shown, timeline};

#[test]
fn a_plain_log_has_a_line_an_event() {
    assert_snapshot!(shown(&mut Plain::default(), &golden("reverted-canary")), @r"
    00:00:00Z  opened    deploy v2 at shop, from v1; plan 2bf870a79ea7
    00:00:00Z  now       prepare · claim the target, at most 2m33s
    00:00:00Z  order     claim the target
    00:00:00Z  outcome   applied
    00:00:01Z  observed  v1: 4/4 ready, 100 %
    00:00:01Z  now       migrate · apply the expand migrations, at most 1h
    00:00:01Z  schema    the expand migrations are not applied
    00:00:01Z  order     apply expand migrations `0002-add-email`
    00:00:01Z  outcome   applied
    00:00:02Z  schema    the expand migrations are being applied
    00:00:07Z  schema    the expand migrations are applied
    00:00:07Z  now       step 1 of 2: 25 % of the traffic · start units, at most 2m33s
    00:00:07Z  order     run one unit of `v2`
    00:00:07Z  outcome   applied
    00:00:08Z  observed  v1: 4/4 ready, 100 %, v2: 0/1 ready, 0 %; v2-0: not ready yet
    00:00:08Z  now       step 1 of 2: 25 % of the traffic · prove the candidate healthy, at most 40s
    00:00:48Z  now       go back · make the stable release whole and healthy, at most 3m13s
    00:00:48Z  now       go back · drain the candidate, at most 5m50s
    00:05:48Z  now       go back · stop the candidate, at most 7m33s
    00:05:48Z  order     stop the units of `v2`
    00:05:48Z  outcome   applied
    00:05:49Z  observed  v1: 4/4 ready, 100 %, v2: 0/0 ready, 0 %
    what v2-0 of v2 said:
      | not ready yet
    ");
}

#[test]
fn the_command_that_goes_on_is_typed_as_this_one_was() {
    let again = Invocation::new("pilotage-ecs", "--env prod");
    let next = |run: &str, verdict| again.next(&RunId(run.into()), &verdict);
    let busy = || Verdict::Busy { reason: "job 7".into() };
    assert_eq!(
        [next("run-1", Verdict::Interrupted), next("run-1", busy()), next("$(rm)", busy())],
        [
            Some("pilotage-ecs resume --env prod --run run-1".to_owned()),
            Some("pilotage-ecs status --env prod".to_owned()),
            Some("pilotage-ecs status --env prod".to_owned()),
        ]
    );
    assert_eq!(next("$(rm)", Verdict::Interrupted), None, "nobody is told to type that");
}

#[test]
fn a_frame_says_what_is_waited_for_and_how_long_at_most() {
    let records = World::new().sail(judged(), 45);
    let timeline = timeline(&records);
    let mut view = Live::new(Palette::Mono);
    let now = timeline.now() + Span::from_secs(3);
    let frame = view.show(Scene::Passed(&timeline, now));
    assert_snapshot!(frame.replace('\u{1b}', "ESC"), @r"
    ESC[?7ldeploy v2 at shop · run run-1 · 1m16s
      step 1 of 3: 10 % of the traffic · waits for the judge to decide · 1m3s, at most 10m
      traffic  ━━━───────────────────────────  v2 10 % · v1 90 %
      units    v2 1/1 ready · v1 4/4 ready
      judge    not enough data: about 17,478 more requests (`errors`: what was seen fits a good and a bad candidate)
    ESC[?7h
    ");
}

#[test]
fn a_log_that_was_silent_for_long_says_what_is_waited_for() {
    let timeline = timeline(&World::new().sail(judged(), 45));
    let mut view = Plain::default();
    view.show(Scene::Grown(&timeline));
    let mut after =
        |secs| view.show(Scene::Passed(&timeline, timeline.now() + Span::from_secs(secs)));
    assert_eq!(after(29), "");
    let said = after(30);
    assert!(said.contains("  waits     for the judge to decide, 1m30s of at most 10m\n"), "{said}");
    assert_eq!([after(31), after(59)], ["", ""], "it was told just now");
    assert_ne!(after(60), "");
}

#[test]
fn a_frame_of_a_failing_candidate_shows_its_words() {
    let timeline =
        timeline(&World::saying("started\nno such file: app.toml").sail(canary(&[]), 17));
    let mut view = Live::new(Palette::Mono);
    let frame = view.show(Scene::Passed(&timeline, timeline.now()));
    assert!(frame.contains("failing  ! shop-v2-1: no such file: app.toml"), "{frame}");
    assert!(frame.contains("v2 0/1 ready · v1 4/4 ready"), "{frame}");
    assert!(frame.contains("at most 40s"), "{frame}");
}

/// A terminal as far as the view uses one: text, line feeds, cursor up, erase below.
fn screen(text: &str) -> Vec<String> {
    let mut rows: Vec<String> = vec![];
    let mut rest = text.replace("\u{1b}[?7l", "").replace("\u{1b}[?7h", "");
    while !rest.is_empty() {
        if let Some(up) = rest.strip_prefix("\u{1b}[") {
            let (count, after) = up.split_once('A').expect("the cursor goes up");
            rows.truncate(rows.len() - count.parse::<usize>().expect("a number"));
            rest = after.strip_prefix("\r\u{1b}[J").expect("and erases").to_owned();
        } else {
            let (row, after) = rest.split_once('\n').expect("whole lines");
            assert!(!row.contains('\u{1b}'), "{row:?}");
            rows.push(row.to_owned());
            rest = after.to_owned();
        }
    }
    rows
}

#[test]
fn what_scrolls_by_stays_and_the_frame_is_gone_in_the_end() {
    for name in NAMES {
        let rows = screen(&shown(&mut Live::new(Palette::Mono), &golden(name)));
        assert!(rows.iter().all(|row| !row.contains("waits for")), "{name}: {rows:#?}");
    }
    let text = shown(&mut Live::new(Palette::Mono), &golden("reverted-canary"));
    assert_snapshot!(screen(&text).join("\n"), @r"
    00:00:01Z  ✓ claim the target (1s)
    00:00:07Z  ✓ apply the expand migrations (6s)
    00:00:08Z  ! v1: 4/4 ready, 100 %, v2: 0/1 ready, 0 %; v2-0: not ready yet
    00:00:08Z  ✓ start units (1s)
    00:00:48Z  ✗ prove the candidate healthy failed (40s)
    00:00:48Z  ✓ make the stable release whole and healthy (0ms)
    00:05:48Z  ✓ drain the candidate (5m)
    00:05:49Z  ✓ stop the candidate (1s)
    what v2-0 of v2 said:
      | not ready yet
    ");
}

#[test]
fn text_from_outside_steers_no_terminal() {
    let records = World::saying(HOSTILE).sail(canary(&[]), 9_999);
    let text = shown(&mut Live::new(Palette::Mono), &records);
    // The stand-in for a terminal refuses every sequence but the view's own.
    let rows = screen(&text).join("\n");
    assert!(rows.contains("forged") && !rows.contains(['\u{7}', '\u{202e}']), "{rows}");
    let plain = shown(&mut Plain::default(), &records);
    assert!(plain.chars().all(|char| char == '\n' || !char.is_control()), "{plain}");
    assert!(plain.lines().all(|line| !line.starts_with("::")), "{plain}");
}

#[test]
fn colours_add_nothing_but_colours() {
    let records = golden("reverted-canary");
    let mono = shown(&mut Live::new(Palette::Mono), &records);
    let colour = shown(&mut Live::new(Palette::Colour), &records);
    assert!(colour.contains("\u{1b}[31m"));
    let mut stripped = colour;
    for code in ["0", "1", "2", "31", "32", "33", "36"] {
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(stripped, mono);
}

/// A file that everybody can look into.
#[derive(Debug, Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the driver's watcher writes for a journal of which the first records are read back.
fn watched(records: &[Record], replayed: usize) -> (String, Option<Timeline>) {
    let paper = Paper::default();
    let outlet = Outlet::new(paper.clone()).expect("a thread");
    let console = Console::new(Box::new(Plain::default()), outlet);
    let (old, new) = records.split_at(replayed);
    for (sequence, record) in (0..).zip(old) {
        console.see(&News::Replayed { sequence, record });
    }
    let state = timeline(records).state().clone();
    for (sequence, record) in (0..).zip(new) {
        console.see(&News::Recorded { sequence, record, state: &state });
    }
    console.see(&News::Warned { warning: &Warning::TornTail { bytes: 7 } });
    let (run, verdict) = (RunId("run-1".into()), Verdict::Interrupted);
    console.see(&News::Ended { run: &run, verdict: &verdict });
    let timeline = console.timeline();
    drop(console);
    let text = String::from_utf8(paper.0.lock().expect("nobody panicked").clone());
    (text.expect("it is text"), timeline)
}

#[test]
fn what_was_read_back_is_told_in_one_line() {
    let records = golden("interrupted-canary");
    let (text, seen) = watched(&records, records.len() - 2);
    assert!(text.contains("run run-1 goes on; 88 records were read back\n"), "{text}");
    assert_eq!(text.matches("order ").count(), 0, "what is old is not told again: {text}");
    assert!(text.contains("warning: the journal ends in 7 bytes"), "{text}");
    assert_eq!(seen, Some(timeline(&records)));
}

#[test]
fn a_run_that_was_never_owned_ends_without_a_timeline() {
    let paper = Paper::default();
    let outlet = Outlet::new(paper.clone()).expect("a thread");
    let console = Console::new(Box::new(Plain::default()), outlet);
    let verdict = Verdict::Busy { reason: "job 7".into() };
    console.see(&News::Ended { run: &RunId("run-1".into()), verdict: &verdict });
    drop(console);
    let text = String::from_utf8(paper.0.lock().expect("nobody panicked").clone());
    let text = text.expect("it is text");
    assert_eq!(text, "", "the verdict is said by whoever began the run");
}

#[test]
fn a_journal_that_does_not_fit_is_complained_about_once() {
    let mut records = golden("interrupted-canary");
    let state = timeline(&records).state().clone();
    records.remove(3);
    let paper = Paper::default();
    let outlet = Outlet::new(paper.clone()).expect("a thread");
    let console = Console::new(Box::new(Plain::default()), outlet);
    for (sequence, record) in (0..).zip(&records) {
        console.see(&News::Recorded { sequence, record, state: &state });
    }
    drop(console);
    let text = String::from_utf8(paper.0.lock().expect("nobody panicked").clone());
    assert_eq!(text.expect("it is text").matches("cannot be shown").count(), 1);
}
