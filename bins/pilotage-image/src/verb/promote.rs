//! `promote`: brings a release into an environment, if the gate lets it, and says so.
//!
//! Only what was recorded and tested arrives: images by the digest and the bytes of the record,
//! after a test passed on each of their platforms. What was done is signed last, after it was read
//! back; a run that was interrupted before that is made again, and does only what is left.

use std::sync::Arc;

use pilotage_cli::PlatformError;
use pilotage_record::event::{RuleName, Standing, TestVerdict};
use pilotage_record::gate::{Destination, Entry, Explanation};
use pilotage_record::record::Record;
use pilotage_record::text::Platform;
use pilotage_registry::copy::Progress;
use pilotage_rollout::ExitCode;

use super::gate;
use crate::args::PromoteArgs;
use crate::convoy::{Arrived, Convoy};
use crate::error::{Done, store};
use crate::office::Office;
use crate::progress::Narrator;
use crate::registries::Registries;

pub(crate) async fn promote(
    office: &Office<'_>,
    registries: &Registries,
    args: &PromoteArgs,
) -> Done<ExitCode> {
    let record = office.record(&args.which).await?;
    check_names(&record, args)?;
    let before = ask(office, &record, args, None).await?;
    if before.entry == Entry::Closed {
        return closed(office, &before);
    }
    check_tested(office, &record, &before).await?;
    let convoy = Convoy::gather(office, registries, args, &record).await?;
    convoy.rehearse().await?;
    let progress: Arc<dyn Progress> = Arc::new(Narrator::on(&office.io.err));
    let destination = convoy.bring(&progress).await?;
    // Others may have spoken since, and there is something to look at: the gate has the last word.
    let after = ask(office, &record, args, Some(&destination)).await?;
    if after.entry == Entry::Closed {
        return closed(office, &after);
    }
    let arrived = convoy.land(&progress).await?;
    let text: Vec<_> = arrived.iter().map(Arrived::text).collect();
    office.show(&arrived, &text.join("\n"))?;
    Ok(ExitCode::Success)
}

async fn ask(
    office: &Office<'_>,
    record: &Record,
    args: &PromoteArgs,
    destination: Option<&Destination>,
) -> Done<Explanation> {
    gate::explain(office, record, &args.to, destination, args.going_back).await
}

fn closed(office: &Office<'_>, explanation: &Explanation) -> Done<ExitCode> {
    office.show(explanation, &gate::text(explanation))?;
    Ok(ExitCode::Refused)
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
