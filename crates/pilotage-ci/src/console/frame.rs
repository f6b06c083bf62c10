//! What is drawn anew each time: what is done now, for how long at most, and how both tracks are.

use pilotage_rollout::{Moment, Share};

use super::palette::Palette;
use crate::text::clip;
use crate::timeline::{Side, Timeline, Tone};

/// The rows of the frame; none once the run is over.
pub(super) fn of(timeline: &Timeline, now: Moment, palette: Palette) -> Vec<String> {
    let Some(doing) = doing(timeline, now, palette) else { return vec![] };
    let rows = [
        Some(head(timeline, now, palette)),
        Some(doing),
        traffic(timeline, palette),
        units(timeline, palette),
        judge(timeline, palette),
        failing(timeline, palette),
    ];
    rows.into_iter().flatten().collect()
}

fn head(timeline: &Timeline, now: Moment, palette: Palette) -> String {
    let plan = timeline.plan();
    let what = palette.bold(&format!("{} {} at {}", plan.kind, plan.to.id, timeline.target()));
    let elapsed = now.since(timeline.opened());
    format!("{what} {}", palette.faint(&format!("· run {} · {elapsed}", timeline.run())))
}

fn doing(timeline: &Timeline, now: Moment, palette: Palette) -> Option<String> {
    let stay = timeline.current()?;
    let taken = stay.taken(now);
    let limit = match stay.limit {
        Some(limit) => format!("{taken}, at most {limit}"),
        None => format!("{taken}"),
    };
    let chapter = palette.accent(&stay.chapter.to_string());
    Some(format!("  {chapter} · waits for {} · {limit}", clip(&stay.awaits, 200)))
}

fn traffic(timeline: &Timeline, palette: Palette) -> Option<String> {
    const CELLS: u16 = 30;
    let sample = timeline.samples().last()?;
    let plan = timeline.plan();
    let full = usize::from(cells(sample.candidate.share, CELLS));
    let empty = usize::from(CELLS).saturating_sub(full);
    let bar = format!("{}{}", palette.accent(&"━".repeat(full)), palette.faint(&"─".repeat(empty)));
    let from = plan
        .from
        .as_ref()
        .map_or_else(String::new, |from| format!(" · {} {}", from.id, sample.stable.share));
    Some(format!("  traffic  {bar}  {} {}{from}", plan.to.id, sample.candidate.share))
}

fn units(timeline: &Timeline, palette: Palette) -> Option<String> {
    let sample = timeline.samples().last()?;
    let plan = timeline.plan();
    let from = plan.from.as_ref().map_or_else(String::new, |from| {
        format!(" · {} {}", from.id, side(sample.stable, palette))
    });
    Some(format!("  units    {} {}{from}", plan.to.id, side(sample.candidate, palette)))
}

fn side(side: Side, palette: Palette) -> String {
    let tone = if side.ready < side.desired { Tone::Odd } else { Tone::Plain };
    let restarts = match side.restarts {
        0 => String::new(),
        1 => ", 1 restart".to_owned(),
        many => format!(", {many} restarts"),
    };
    palette.tone(tone, &format!("{}/{} ready{restarts}", side.ready, side.desired))
}

fn judge(timeline: &Timeline, palette: Palette) -> Option<String> {
    let look = timeline.looks().last()?;
    let tone = match &look.judgement {
        judgement if judgement.is_pass() => Tone::Good,
        judgement if judgement.is_fail() => Tone::Bad,
        _ => Tone::Plain,
    };
    Some(format!("  judge    {}", palette.tone(tone, &clip(&look.words, 300))))
}

/// The unit that failed last, while it does.
fn failing(timeline: &Timeline, palette: Palette) -> Option<String> {
    let seen = timeline.samples().last()?.at;
    let unit = timeline.failing().iter().rev().find(|unit| unit.last == seen)?;
    let last = unit.words.lines().last().unwrap_or_default();
    let text = format!("! {}: {}", unit.unit, clip(last, 300));
    Some(format!("  failing  {}", palette.tone(Tone::Bad, &text)))
}

/// How many of the cells a share fills, at least one for any traffic at all.
fn cells(share: Share, of: u16) -> u16 {
    share.of(of)
}
