//! `event`: says what became of a release, and lists what was said.

use pilotage_artifact::Digest;
use pilotage_cli::PlatformError;
use pilotage_record::event::{Event, Proven, Scope};
use pilotage_record::store::Report;
use pilotage_rollout::ExitCode;
use serde::Serialize;

use super::deed::Desk;
use crate::args::{DeedArgs, EventVerb, Pen, Which};
use crate::error::{Done, archive, store};
use crate::office::{self, Office};

/// One event, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: Digest,
    key: String,
    event: &'a Event,
}

impl<'a> Line<'a> {
    fn of(proven: &'a Proven) -> Self {
        Self { id: proven.id(), key: proven.key().to_string(), event: proven.event() }
    }
}

pub(crate) async fn event(office: &Office<'_>, verb: &EventVerb) -> Done<ExitCode> {
    match verb {
        EventVerb::Add { which, scope, fence, pen, deed } => {
            add(office, which, scope, *fence, pen, deed).await
        }
        EventVerb::List { which } => list(office, which).await,
    }
}

async fn add(
    office: &Office<'_>,
    which: &Which,
    scope: &Scope,
    fence: Option<u64>,
    pen: &Pen,
    deed: &DeedArgs,
) -> Done<ExitCode> {
    let record = office.record(which).await?;
    let key = office::key(&pen.key)?;
    let desk = Desk { office, record: &record, key: &key };
    let deed = desk.deed(deed.clone()).await?;
    if !deed.fits(scope) {
        let what = format!("`{}` cannot be said in the chain `{scope}`", deed.kind());
        return Err(PlatformError::new(ExitCode::Usage, what).help(
            "what happens in an environment needs `--scope ENVIRONMENT`, the rest `release`",
        ));
    }
    let (scope, by) = (scope.clone(), pen.by.clone());
    let report = Report { scope, at: office.now, by, fence, deed };
    let proven = office.archive().say(&key, &record, report).await.map_err(archive)?;
    office.show(&Line::of(&proven), &proven.id().to_string())?;
    Ok(ExitCode::Success)
}

async fn list(office: &Office<'_>, which: &Which) -> Done<ExitCode> {
    let record = office.record(which).await?;
    let history = office.archive().history(&record).await.map_err(store)?;
    let events: Vec<_> = history.chains().flat_map(|(_, chain)| chain.events()).collect();
    let lines: Vec<_> = events.iter().map(|proven| Line::of(proven)).collect();
    let text: Vec<_> = events.iter().map(|proven| text(proven)).collect();
    for (scope, chain) in history.chains() {
        for damage in chain.damage() {
            office.io.err.mention(&format!("warning: in `{scope}`, {damage}"));
        }
    }
    if office.global.json || !text.is_empty() {
        office.show(&lines, &text.join("\n"))?;
    } else {
        office.io.err.mention("nothing that is believed was said about the release");
    }
    Ok(ExitCode::Success)
}

fn text(proven: &Proven) -> String {
    let Event { scope, at, by, deed, .. } = proven.event();
    format!("{}  {at}  {scope}  {}  {by}", proven.id().short(), deed.kind())
}
