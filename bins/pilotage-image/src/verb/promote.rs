//! `promote`: brings a release into an environment, if the gate lets it, and says so.
//!
//! Only what was recorded and tested arrives: images by the digest and the bytes of the record,
//! after a test passed on each of their platforms. What was done is signed last, after it was read
//! back; a run that was interrupted before that is made again, and does only what is left.

use std::sync::Arc;

use pilotage_artifact::{Digest, Repository, Tag};
use pilotage_cli::PlatformError;
use pilotage_record::event::{Chain, Deed, Event, RuleName, Scope, Standing, TestVerdict};
use pilotage_record::gate::{Destination, Entry, Explanation};
use pilotage_record::record::{Image, Record};
use pilotage_record::sign::LocalKey;
use pilotage_record::statement::predicate::Predicate as _;
use pilotage_record::statement::{Bundle, subjects};
use pilotage_record::store::Report;
use pilotage_record::text::{Platform, Words};
use pilotage_registry::copy::{Class, Progress};
use pilotage_rollout::ExitCode;
use serde::Serialize;

use super::gate;
use crate::args::PromoteArgs;
use crate::error::{Done, archive, store, wrong};
use crate::office::{self, Office};
use crate::progress::Narrator;
use crate::promotion::Passage;
use crate::registries::Registries;

/// What is at the destination now, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Arrived {
    image: String,
    repository: Repository,
    digest: Digest,
    tags: Vec<Tag>,
    changed: bool,
    event: Option<Digest>,
}

pub(crate) async fn promote(
    office: &Office<'_>,
    registries: &Registries,
    args: &PromoteArgs,
) -> Done<ExitCode> {
    let record = office.record(&args.which).await?;
    check_names(&record, args)?;
    let explanation = gate::explain(office, &record, &args.to, None, args.going_back).await?;
    if explanation.entry == Entry::Closed {
        return closed(office, &explanation);
    }
    check_tested(office, &record, &explanation).await?;
    let (tags, key) = (tags(&record, args), office::key(&args.pen.key)?);
    let mut passages = Vec::new();
    for image in &record.content().images {
        let into = repository(image, args);
        passages.push(Passage::survey(registries, image, into, &tags).await?);
    }
    for passage in &passages {
        rehearse(office, &record, &key, report(office, args, deed(passage, &tags)?)).await?;
    }
    let progress: Arc<dyn Progress> = Arc::new(Narrator::on(&office.io.err));
    let destination = bring(&passages, &progress).await?;
    // Others may have spoken since, and there is something to look at: the gate has the last word.
    let destination = Some(&destination);
    let explanation =
        gate::explain(office, &record, &args.to, destination, args.going_back).await?;
    if explanation.entry == Entry::Closed {
        return closed(office, &explanation);
    }
    let mut arrived = Vec::new();
    for passage in &passages {
        let changed = passage.name(progress.clone()).await?;
        let event =
            say(office, &record, &key, report(office, args, deed(passage, &tags)?), changed)
                .await?;
        arrived.push(Arrived {
            image: passage.image.name().to_string(),
            repository: passage.to.repository().clone(),
            digest: passage.image.digest(),
            tags: tags.iter().map(|(tag, _)| tag.clone()).collect(),
            changed,
            event,
        });
    }
    let text: Vec<_> = arrived.iter().map(Arrived::text).collect();
    office.show(&arrived, &text.join("\n"))?;
    Ok(ExitCode::Success)
}

impl Arrived {
    fn text(&self) -> String {
        let how = if self.event.is_some() { "promoted" } else { "was promoted already" };
        let tags: Vec<_> = self.tags.iter().map(ToString::to_string).collect();
        format!("{}@{} {how}: {}", self.repository, self.digest, tags.join(", "))
    }
}

fn closed(office: &Office<'_>, explanation: &Explanation) -> Done<ExitCode> {
    office.show(explanation, &gate::text(explanation))?;
    Ok(ExitCode::Refused)
}

/// Brings all images before any of them gets a tag.
async fn bring(passages: &[Passage<'_>], progress: &Arc<dyn Progress>) -> Done<Destination> {
    let mut destination = Destination::new();
    for passage in passages {
        passage.bring(progress.clone()).await?;
        destination.insert(passage.image.name().clone(), passage.read_back().await?);
    }
    Ok(destination)
}

fn check_names(record: &Record, args: &PromoteArgs) -> Done<()> {
    let images = &record.content().images;
    if images.is_empty() {
        let what = "the release has no image to promote";
        return Err(PlatformError::new(ExitCode::Usage, what));
    }
    let unknown = |name| !images.iter().any(|image| image.name() == name);
    match args.into.iter().find(|(name, _)| unknown(name)) {
        Some((name, _)) => {
            let known: Vec<_> = images.iter().map(|image| image.name().to_string()).collect();
            let what = format!("the release has no image `{name}`");
            let help = format!("it has {}", known.join(", "));
            Err(PlatformError::new(ExitCode::Usage, what).help(help))
        }
        None => Ok(()),
    }
}

/// Whatever the policy asks: an image that nobody tested on a platform does not go out to it.
async fn check_tested(office: &Office<'_>, record: &Record, explanation: &Explanation) -> Done<()> {
    let tests_waived = explanation
        .rulings
        .iter()
        .any(|ruling| ruling.rule == RuleName::Tests && ruling.waived_by.is_some());
    if tests_waived {
        return Ok(());
    }
    let history = office.archive().history(record).await.map_err(store)?;
    let standing = Standing::of(&history);
    let passed = |platform: &Platform| {
        let mut tests = standing.tests.iter();
        tests.any(|((_, on), tested)| on == platform && tested.result == TestVerdict::Passed)
    };
    match record.platforms().iter().find(|platform| !passed(platform)) {
        Some(platform) => {
            let what = format!("no test of the release passed on {platform}");
            Err(PlatformError::new(ExitCode::Refused, what)
                .help("run its tests there, and say so with `pilotage-image event add … tested`"))
        }
        None => Ok(()),
    }
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

fn report(office: &Office<'_>, args: &PromoteArgs, deed: Deed) -> Report {
    let (scope, by) = (Scope::In(args.to.clone()), args.pen.by.clone());
    Report { scope, at: office.now, by, fence: None, deed }
}

/// Signs what is to be said and keeps it to itself: where nobody would believe it, no tag moves.
async fn rehearse(
    office: &Office<'_>,
    record: &Record,
    key: &LocalKey,
    report: Report,
) -> Done<()> {
    let Report { scope, at, by, fence, deed } = report;
    let event = Event { record: record.id(), scope, after: Vec::new(), at, by, fence, deed };
    let bundle = Bundle::seal(key, subjects(record), Event::TYPE, &event).await;
    let bundle = bundle.map_err(|error| archive(error.into()))?;
    office.policy.trust.believe(&bundle).map(drop).map_err(|error| archive(error.into()))
}

/// Says what was done, unless that was said and nothing was done since.
async fn say(
    office: &Office<'_>,
    record: &Record,
    key: &LocalKey,
    report: Report,
    changed: bool,
) -> Done<Option<Digest>> {
    let history = office.archive().history(record).await.map_err(store)?;
    let said = |chain: &Chain| chain.events().any(|known| known.event().deed == report.deed);
    if !changed && history.chain(&report.scope).is_some_and(said) {
        return Ok(None);
    }
    let proven = office.archive().say(key, record, report).await.map_err(archive)?;
    Ok(Some(proven.id()))
}

fn deed(passage: &Passage<'_>, tags: &[(Tag, Class)]) -> Done<Deed> {
    let words = |text: String| {
        let parsed = text.parse::<Words>();
        parsed.map_err(|error| wrong(format!("`{text}` cannot be put into an event"), error))
    };
    Ok(Deed::Promoted {
        from: words(passage.from.repository().to_string())?,
        to: words(passage.to.repository().to_string())?,
        digest: passage.image.digest(),
        tags: tags.iter().map(|(tag, _)| words(tag.to_string())).collect::<Done<_>>()?,
    })
}
