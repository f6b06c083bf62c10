//! All images of a release on their way into an environment, and what is signed about it.
//!
//! ```text
//!   gather (look, refuse) ─▶ rehearse (would it be believed?) ─▶ bring all ─▶ land: tags, then say so
//! ```
//!
//! No image gets a tag before all of them are there, and none whose promotion nobody would believe.

use std::sync::Arc;

use pilotage_artifact::{Digest, Repository, Tag};
use pilotage_record::event::{Deed, Event, Proven, Scope};
use pilotage_record::gate::Destination;
use pilotage_record::record::{Image, Record};
use pilotage_record::sign::LocalKey;
use pilotage_record::statement::predicate::Predicate as _;
use pilotage_record::statement::{Bundle, subjects};
use pilotage_record::store::Report;
use pilotage_record::text::Words;
use pilotage_registry::copy::{Class, Progress};
use serde::Serialize;

use crate::args::PromoteArgs;
use crate::error::{Done, archive, wrong};
use crate::office::{self, Office};
use crate::promotion::Passage;
use crate::registries::Registries;

/// All images of a release.
#[derive(Debug)]
pub(crate) struct Convoy<'a> {
    office: &'a Office<'a>,
    args: &'a PromoteArgs,
    record: &'a Record,
    key: LocalKey,
    passages: Vec<Passage<'a>>,
}

/// What is at the destination now, as `--json` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct Arrived {
    image: String,
    repository: Repository,
    digest: Digest,
    tags: Vec<Tag>,
    changed: bool,
    event: Option<Digest>,
}

impl Arrived {
    pub(crate) fn text(&self) -> String {
        let how = if self.event.is_some() { "promoted" } else { "was promoted already" };
        let tags: Vec<_> = self.tags.iter().map(ToString::to_string).collect();
        format!("{}@{} {how}: {}", self.repository, self.digest, tags.join(", "))
    }
}

impl<'a> Convoy<'a> {
    /// Looks at every destination, and refuses where a tag that must not move names something else.
    pub(crate) async fn gather(
        office: &'a Office<'a>,
        registries: &Registries,
        args: &'a PromoteArgs,
        record: &'a Record,
    ) -> Done<Self> {
        let (tags, key) = (tags(record, args), office::key(&args.pen.key)?);
        let mut passages = Vec::new();
        for image in &record.content().images {
            let into = repository(image, args);
            passages.push(Passage::survey(registries, image, into, tags.clone()).await?);
        }
        Ok(Self { office, args, record, key, passages })
    }

    /// Signs what is to be said and keeps it to itself: where nobody would believe it, no tag moves.
    pub(crate) async fn rehearse(&self) -> Done<()> {
        for passage in &self.passages {
            let Report { scope, at, by, fence, deed } = self.report(passage)?;
            let (record, after) = (self.record.id(), Vec::new());
            let event = Event { record, scope, after, at, by, fence, deed };
            let bundle = Bundle::seal(&self.key, subjects(self.record), Event::TYPE, &event).await;
            let bundle = bundle.map_err(|error| archive(error.into()))?;
            let believed = self.office.policy.trust.believe(&bundle);
            believed.map_err(|error| archive(error.into()))?;
        }
        Ok(())
    }

    /// Brings everything but the tags, and reads it back.
    pub(crate) async fn bring(&self, progress: &Arc<dyn Progress>) -> Done<Destination> {
        let mut destination = Destination::new();
        for passage in &self.passages {
            passage.bring(progress.clone()).await?;
            destination.insert(passage.image.name().clone(), passage.read_back().await?);
        }
        Ok(destination)
    }

    /// Writes the tags, and signs that it was done.
    pub(crate) async fn land(&self, progress: &Arc<dyn Progress>) -> Done<Vec<Arrived>> {
        let mut arrived = Vec::new();
        for passage in &self.passages {
            let changed = passage.name(progress.clone()).await?;
            arrived.push(Arrived {
                image: passage.image.name().to_string(),
                repository: passage.to.repository().clone(),
                digest: passage.image.digest(),
                tags: passage.tags.iter().map(|(tag, _)| tag.clone()).collect(),
                changed,
                event: self.say(self.report(passage)?, changed).await?,
            });
        }
        Ok(arrived)
    }

    /// Says what was done, unless that was the last thing said and nothing was done since.
    async fn say(&self, report: Report, changed: bool) -> Done<Option<Digest>> {
        if !changed && self.was_said_last(&report.deed).await? {
            return Ok(None);
        }
        let said = self.office.archive().say(&self.key, self.record, report).await;
        Ok(Some(said.map_err(archive)?.id()))
    }

    /// Whether the last promotion to that place was this one. What was said of this release before
    /// another took its place does not count: the tags have moved away and back since.
    async fn was_said_last(&self, deed: &Deed) -> Done<bool> {
        let repository = &self.record.content().source.repository;
        let events = self.office.archive().events_in(repository, &self.args.to).await;
        let events = events.map_err(archive)?;
        let promotions: Vec<&Event> =
            events.iter().map(Proven::event).filter(|one| is_same_place(&one.deed, deed)).collect();
        let last = promotions.iter().map(|event| event.at).max();
        let mut latest = promotions.iter().filter(|event| Some(event.at) == last);
        let is_this = |event: &&&Event| event.record == self.record.id() && event.deed == *deed;
        Ok(last.is_some() && latest.all(|event| is_this(&event)))
    }

    fn report(&self, passage: &Passage<'_>) -> Done<Report> {
        let (scope, by) = (Scope::In(self.args.to.clone()), self.args.pen.by.clone());
        Ok(Report { scope, at: self.office.now, by, fence: None, deed: deed(passage)? })
    }
}

/// Whether both bring something to the same repository.
fn is_same_place(one: &Deed, other: &Deed) -> bool {
    matches!((one, other), (Deed::Promoted { to, .. }, Deed::Promoted { to: there, .. }) if to == there)
}

fn tags(record: &Record, args: &PromoteArgs) -> Vec<(Tag, Class)> {
    let of_version = args.tag.is_empty().then(|| record.content().version.tag());
    let fixed = args.tag.iter().cloned().chain(of_version).map(|tag| (tag, Class::Immutable));
    fixed.chain(args.moving.iter().cloned().map(|tag| (tag, Class::Moving))).collect()
}

fn repository<'a>(image: &'a Image, args: &'a PromoteArgs) -> &'a Repository {
    let into = args.into.iter().find(|(name, _)| name == image.name());
    into.map_or(image.repository(), |(_, repository)| repository)
}

fn deed(passage: &Passage<'_>) -> Done<Deed> {
    let words = |text: String| {
        let parsed = text.parse::<Words>();
        parsed.map_err(|error| wrong(format!("`{text}` cannot be put into an event"), error))
    };
    Ok(Deed::Promoted {
        from: words(passage.from.repository().to_string())?,
        to: words(passage.to.repository().to_string())?,
        digest: passage.image.digest(),
        tags: passage.tags.iter().map(|(tag, _)| words(tag.to_string())).collect::<Done<_>>()?,
    })
}
