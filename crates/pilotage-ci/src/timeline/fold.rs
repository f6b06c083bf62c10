//! From records to a timeline, one at a time.

use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::target::{Observation, Order};
use pilotage_rollout::{Effect, Event, Moment, Run};

use super::words::{self, Said};
use super::{
    Answer, GivenOrder, Kind, LONGEST_NAME, LONGEST_TEXT, Line, Look, Sample, Stay, Timeline, Tone,
    Unfit, failing,
};
use crate::text::one_line;

impl Timeline {
    /// The timeline of a whole journal.
    pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Self, Unfit> {
        let mut records = records.into_iter();
        let mut timeline = Self::open(records.next().ok_or(Unfit::Empty)?)?;
        records.try_for_each(|record| timeline.follow(record))?;
        Ok(timeline)
    }

    /// The timeline of a journal's first record.
    pub fn open(first: &Record) -> Result<Self, Unfit> {
        let Entry::Opened { run, plan, fence, .. } = &first.entry else {
            return Err(Unfit::NotOpened);
        };
        let state = Run::open(plan.clone(), *fence, first.at);
        let mut timeline = Self {
            run: one_line(&run.0, LONGEST_NAME),
            target: one_line(&plan.target, LONGEST_NAME),
            opened: first.at,
            stays: Stay::of(&state).into_iter().collect(),
            state,
            orders: vec![],
            samples: vec![],
            looks: vec![],
            failing: vec![],
            lines: vec![],
        };
        timeline.say(first.at, words::opened(plan), false);
        Ok(timeline)
    }

    /// Adds the next record; one that does not fit leaves the timeline as it was.
    pub fn follow(&mut self, record: &Record) -> Result<(), Unfit> {
        let index = self.lines.len();
        match &record.entry {
            Entry::Opened { .. } => return Err(Unfit::OpenedTwice { index }),
            Entry::Intent(order) => self.intend(index, record.at, order)?,
            Entry::Happened(event) => self.happen(index, record.at, event)?,
        }
        Ok(())
    }

    fn intend(&mut self, index: usize, at: Moment, order: &Order) -> Result<(), Unfit> {
        if !matches!(self.state.effect(), Effect::Act(wanted) if wanted == order) {
            return Err(Unfit::Forked { index });
        }
        let given = GivenOrder::of(at, order);
        self.say(at, (Kind::Order, Tone::Plain, given.action.clone()), false);
        self.orders.push(given);
        Ok(())
    }

    fn happen(&mut self, index: usize, at: Moment, event: &Event) -> Result<(), Unfit> {
        let after = self.state.clone().advance(at, event);
        let after = after.map_err(|source| Unfit::Illegal { index, source })?;
        let look = match event {
            Event::Measured(readings) => Look::of(&self.state, at, readings),
            _ => None,
        };
        let is_quiet = self.is_old_news(at, event);
        self.say(at, words::event(event, look.as_ref()), is_quiet);
        self.looks.extend(look);
        self.keep(at, event);
        self.move_to(after);
        Ok(())
    }

    /// Whether the event says what is known already.
    fn is_old_news(&self, at: Moment, event: &Event) -> bool {
        match event {
            Event::Woke => true,
            Event::Observed(Ok(seen)) => {
                let sample = Sample::of(self.state.plan(), at, seen);
                let is_heard = seen.groups.iter().all(|group| failing::heard(&self.failing, group));
                is_heard && self.samples.last().is_some_and(|last| last.looks_like(&sample))
            }
            _ => false,
        }
    }

    fn keep(&mut self, at: Moment, event: &Event) {
        match event {
            Event::Acted(outcome) => {
                if let Some(order) = self.orders.last_mut() {
                    order.answer = Some(Answer::of(at, outcome));
                }
            }
            Event::Observed(Ok(seen)) => self.observe(at, seen),
            _ => {}
        }
    }

    fn observe(&mut self, at: Moment, seen: &Observation) {
        self.samples.push(Sample::of(self.state.plan(), at, seen));
        for group in &seen.groups {
            failing::hear(&mut self.failing, at, group);
        }
    }

    fn move_to(&mut self, after: Run) {
        let next = Stay::of(&after);
        let stays_on = match (self.stays.last(), &next) {
            (Some(last), Some(next)) => last.to.is_none() && last.is_same(next),
            _ => false,
        };
        if !stays_on {
            if let Some(last) = self.stays.last_mut().filter(|last| last.to.is_none()) {
                last.end(&after);
            }
            self.stays.extend(next);
        }
        self.state = after;
    }

    fn say(&mut self, at: Moment, (kind, tone, text): Said, quiet: bool) {
        let text = one_line(&text, LONGEST_TEXT);
        self.lines.push(Line { sequence: self.lines.len(), at, kind, text, tone, quiet });
    }
}
