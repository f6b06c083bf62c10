//! The HTML report as text: sections, escaping, size.

use pilotage_ci::report::report;
use pilotage_rollout::journal::Record;

use crate::support::{HOSTILE, NAMES, World, canary, golden, judged, long, timeline};

const SECTIONS: [&str; 7] =
    ["timeline", "traffic", "units", "judge", "failing", "orders", "journal"];

fn html(records: &[Record]) -> String {
    report(&timeline(records), &"pilotage".into())
}

/// The opening tags, and whether every one that needs it is closed in order. Comments and
/// unquoted angle brackets in text would be found as tags that nobody wrote.
fn tags(html: &str) -> Vec<String> {
    const ALONE: [&str; 5] = ["meta", "input", "col", "!doctype", "line"];
    const OPEN_ENDED: [&str; 2] = ["tr", "td"];
    let without = |html: &str, from: &str, to: &str| -> String {
        let (before, rest) = html.split_once(from).expect(from);
        let (_, after) = rest.split_once(to).expect(to);
        format!("{before}{after}")
    };
    let html = without(&without(html, "<style>", "</style>"), "<script>", "</script>");
    let (mut tags, mut open) = (vec![], vec![]);
    for tag in html.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).expect("a tag has a name");
        if OPEN_ENDED.contains(&name) || ALONE.contains(&name) || tag.ends_with('/') {
            tags.push(tag.to_owned());
        } else if tag.starts_with('/') {
            while open.last().is_some_and(|last: &String| last == "tbody" && name != "tbody") {
                open.pop();
            }
            assert_eq!(open.pop().as_deref(), Some(name), "closes what is open");
        } else {
            // A row group ends where the next begins.
            if name == "tbody" && open.last().is_some_and(|last| last == "tbody") {
                open.pop();
            }
            open.push(name.to_owned());
            tags.push(tag.to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new(), "everything is closed");
    tags
}

#[test]
fn every_journal_makes_a_whole_page() {
    for name in NAMES {
        let html = html(&golden(name));
        let tags = tags(&html);
        let has = |start: &str| tags.iter().any(|tag| tag.starts_with(start));
        for id in SECTIONS {
            assert!(
                has(&format!("section id=\"{id}\" aria-labelledby=\"{id}-title\"")),
                "{name}: {id}"
            );
            assert!(has(&format!("a href=\"#{id}\"")), "{name}: {id}");
        }
        for landmark in
            ["header", "nav aria-label", "main id=\"main\"", "footer", "h1", "html lang"]
        {
            assert!(has(landmark), "{name}: {landmark}");
        }
        let count = |start: &str| tags.iter().filter(|tag| tag.starts_with(start)).count();
        assert_eq!(count("table"), count("caption"), "every table has a caption");
        assert_eq!(count("svg"), count("svg viewBox=\"0 0 960 220\" role=\"img\" aria-labelledby"));
    }
}

#[test]
fn it_needs_nothing_and_may_load_nothing() {
    let html = html(&World::saying(HOSTILE).sail(canary(&[]), 9_999));
    assert!(html.contains(
        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    ));
    for tag in tags(&html) {
        for attribute in
            [" src=", " srcset=", " onload", " onerror", "http-equiv=\"refresh", " action="]
        {
            assert!(!tag.contains(attribute), "{tag}");
        }
        let links = tag.split(" href=\"").nth(1);
        assert!(links.is_none_or(|link| link.starts_with('#')), "{tag}");
    }
    assert!(!html.contains("url(") && !html.contains("@import"));
}

#[test]
fn text_from_outside_is_text() {
    let html = html(&World::saying(HOSTILE).sail(canary(&[]), 9_999));
    let tags = tags(&html);
    assert!(!tags.iter().any(|tag| tag.starts_with("img") || tag.starts_with("script")));
    assert_eq!(html.matches("<script>").count(), 1);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "it can be read");
    assert!(!html.contains(['\u{1b}', '\u{7}', '\u{202e}']));
}

#[test]
fn the_head_says_how_it_ended_and_what_is_next() {
    let of = |name| html(&golden(name));
    assert!(of("deployed-blue-green").contains("<div class=\"verdict good\""));
    assert!(!of("deployed-blue-green").contains("Next:"));
    assert!(of("reverted-canary").contains("<p class=\"word\">Reverted</p>"));
    assert!(of("interrupted-canary").contains("Next: <code>pilotage resume --run run-1</code>"));
    let killed = of("dangling-order");
    assert!(killed.contains("its process was killed"), "a run without a verdict says so");
    assert!(killed.contains("no answer was written down"));
}

#[test]
fn the_judge_has_a_chart_and_a_table() {
    let html = html(&World::failing(55).sail(judged(), 9_999));
    assert!(html.contains("id=\"judge-chart-0-label\">errors, as the judge saw it."));
    assert!(html.contains("<caption>What the judge said</caption>"));
}

#[test]
fn ten_thousand_records_are_a_file_of_two_mebibytes_at_most() {
    let html = html(&long(10_000, World::new()));
    assert!(html.len() < 2 << 20, "{}", html.len());
    assert_eq!(html.matches("<div class=\"chunk\"").count(), 50);
    assert!(html.contains("Records 9800 to 9999"));
    tags(&html);
}
