//! x
use crate::support::{HOSTILE, NAMES, World, golden, judged, long, timeline};
use pilotage_ci::report::report;

#[test]
#[expect(clippy::disallowed_methods, reason = "temporary")]
fn write() {
    std::fs::create_dir_all("/tmp/ci-report").unwrap();
    let mut all: Vec<(String, _)> = NAMES.iter().map(|n| ((*n).to_string(), golden(n))).collect();
    all.push(("judged".into(), World::new().sail(judged(), 9999)));
    all.push(("aborted".into(), World::failing(55).sail(judged(), 9999)));
    all.push(("hostile".into(), World::saying(HOSTILE).sail(judged(), 9999)));
    all.push(("long".into(), long(10_000, World::new())));
    for (name, records) in all {
        std::fs::write(
            format!("/tmp/ci-report/{name}.html"),
            report(&timeline(&records), "pilotage"),
        )
        .unwrap();
    }
}
