//! Showing a journal.

use pilotage_ci::ci::Closing;
use pilotage_ci::ci::github::Token;
use pilotage_ci::console::{Scene, View};
use pilotage_ci::timeline::Timeline;
use pilotage_rollout::Verdict;
use pilotage_rollout::journal::{Record, RunId};

pub(crate) fn timeline(records: &[Record]) -> Timeline {
    Timeline::replay(records).expect("the journal is sound")
}

/// All that a view writes for a journal that is written before its eyes, and for its end.
pub(crate) fn shown(view: &mut dyn View, records: &[Record]) -> String {
    let (first, rest) = records.split_first().expect("a run was opened");
    let mut timeline = Timeline::open(first).expect("a run was opened");
    let mut text = view.show(Scene::Grown(&timeline));
    for record in rest {
        timeline.follow(record).expect("the journal is sound");
        text.push_str(&view.show(Scene::Grown(&timeline)));
    }
    text + &view.show(Scene::Ended(Some(&timeline)))
}

pub(crate) fn closing(records: &[Record]) -> Closing {
    let timeline = timeline(records);
    Closing {
        again: "pilotage".into(),
        run: RunId(timeline.run().to_owned()),
        verdict: timeline.verdict().unwrap_or(Verdict::Interrupted),
        timeline: Some(timeline),
    }
}

pub(crate) fn token() -> Token {
    Token::from_bytes([0xab; 16])
}
