//! The Markdown summary and what it leaves out first.

use insta::assert_snapshot;
use pilotage_ci::ci::{Closing, SUMMARY_LIMIT, summary};
use pilotage_rollout::Verdict;
use pilotage_rollout::journal::RunId;

use crate::support::{HOSTILE, World, canary, closing, golden, judged, long};

#[test]
fn what_matters_most_comes_first() {
    let text = summary(&closing(&golden("reverted-canary")), SUMMARY_LIMIT);
    let (top, journal) = text.split_once("<details>").expect("the journal is folded");
    assert_snapshot!(top, @r"
    ## ❌ reverted, the old release serves: the candidate is not healthy: 0 of 1 units ready; v2-0: not ready yet

    | | |
    |---|---|
    | Target | shop |
    | Release | v1 → v2 |
    | Digest | sha256:fb04dcb6970e4c3d1873de51fd5a50d7bb46b3383113602665c350ec40b5f990 |
    | Run | run-1 |
    | Began | 2026-01-01 00:00:00 UTC |
    | Took | 5m49s |

    ### Timeline

    | At | Part | What | Took | Ended |
    |---|---|---|---:|---|
    | 00:00:00Z | prepare | claim the target | 1s | done |
    | 00:00:01Z | migrate | apply the expand migrations | 6s | done |
    | 00:00:07Z | step 1 of 2: 25 % of the traffic | start units | 1s | done |
    | 00:00:08Z | step 1 of 2: 25 % of the traffic | prove the candidate healthy | 40s | failed |
    | 00:00:48Z | go back | make the stable release whole and healthy | 0ms | done |
    | 00:00:48Z | go back | drain the candidate | 5m | done |
    | 00:05:48Z | go back | stop the candidate | 1s | done |

    ### Failing units, in their own words

    v2-0 (70 times):

    <pre>not ready yet</pre>
    ");
    assert!(journal.starts_with("<summary>Journal, 158 records</summary>\n\n| # |"), "{journal}");
    assert_eq!(journal.matches("\n| ").count(), 159, "all of it, and its head");
}

#[test]
fn the_judge_is_in_it() {
    let text = summary(&closing(&World::failing(55).sail(judged(), 9_999)), SUMMARY_LIMIT);
    assert!(text.contains("### Judge\n\n| At | What it said |"), "{text}");
}

#[test]
fn a_run_that_was_never_owned_has_a_verdict_at_least() {
    let closing = Closing {
        again: "pilotage".into(),
        run: RunId("run-1".into()),
        verdict: Verdict::Busy { reason: "job 7".into() },
        timeline: None,
    };
    let text = summary(&closing, SUMMARY_LIMIT);
    assert_eq!(
        text,
        "## ❌ somebody else owns the target: job 7\n\nNext: <code>pilotage status</code>\n\n"
    );
}

#[test]
fn over_a_mebibyte_the_oldest_records_go_first_and_that_is_said() {
    let closing = closing(&long(30_000, World::new()));
    let text = summary(&closing, SUMMARY_LIMIT);
    assert!(text.len() <= SUMMARY_LIMIT && text.len() > SUMMARY_LIMIT - 500, "{}", text.len());
    let dropped = text.split_once("The oldest ").and_then(|(_, rest)| rest.split_once(" of 30000"));
    let dropped: usize = dropped.expect("it is said").0.parse().expect("a number");
    assert!(!text.contains(&format!("\n| {} |", dropped - 1)), "the oldest is gone");
    assert!(text.contains(&format!("\n| {dropped} |")) && text.contains("\n| 29999 |"));
    assert!(text.ends_with("</details>\n"), "what is opened is closed");
}

#[test]
fn in_any_room_it_fits_and_closes_what_it_opens() {
    let closing = closing(&golden("deployed-blue-green"));
    let whole = summary(&closing, usize::MAX).len();
    for room in (0..whole + 300).step_by(97).chain([whole - 1, whole]) {
        let text = summary(&closing, room);
        assert!(text.len() <= room, "{} in {room}", text.len());
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }
    assert_eq!(summary(&closing, whole).len(), whole);
    assert!(!summary(&closing, whole).contains("left out"));
}

#[test]
fn text_from_outside_is_text() {
    let text = summary(&closing(&World::saying(HOSTILE).sail(canary(&[]), 9_999)), SUMMARY_LIMIT);
    for markup in ["<script", "<img", "[c](", "**b**", "https://evil", "\u{1b}"] {
        let inside = text.replace("<pre>", "\n<pre>");
        let outside: String = inside
            .split("<pre>")
            .map(|part| part.split_once("</pre>").map_or(part, |it| it.1))
            .collect();
        assert!(!outside.contains(markup), "{markup}");
    }
    assert!(!text.contains("<script") && !text.contains("<img"));
    assert_eq!(text.matches("</pre>").count(), 1, "nobody closes it but us");
    let cells = text.lines().filter(|line| line.starts_with("| ") && line.contains("observed"));
    assert!(cells.into_iter().all(|line| line.matches('|').count() == 5), "{text}");
}

#[test]
fn words_too_long_for_it_do_not_cost_the_rest() {
    let closing = closing(&World::saying(&"<".repeat(60_000)).sail(canary(&[]), 9_999));
    let text = summary(&closing, SUMMARY_LIMIT);
    assert!(text.contains("### Timeline") && text.contains("### Failing units"));
}
