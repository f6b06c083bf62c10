//! `record`: makes, shows and checks release records.

use core::error::Error;
use core::fmt::Write as _;
use std::path::Path;

use pilotage_cli::PlatformError;
use pilotage_record::event::{Deed, History, Scope, Standing};
use pilotage_record::record::Record;
use pilotage_record::statement::predicate::{
    BuildDefinition, Identity, Provenance, Resource, RunDetails, RunMetadata,
};
use pilotage_record::statement::subjects;
use pilotage_record::store::{Doubt, Report};
use pilotage_record::text::Actor;
use pilotage_rollout::ExitCode;
use serde::Serialize;
use serde_json::json;

use crate::args::{Pen, RecordVerb};
use crate::draft::Draft;
use crate::error::{Done, archive, store};
use crate::files;
use crate::office::{self, Office};

pub(crate) async fn record(office: &Office<'_>, verb: &RecordVerb) -> Done<ExitCode> {
    match verb {
        RecordVerb::Create { draft, out, pen } => create(office, draft, out.as_deref(), pen).await,
        RecordVerb::Show { which } => show(office, &office.record(which).await?),
        RecordVerb::Verify { which } => verify(office, &office.record(which).await?).await,
    }
}

async fn create(
    office: &Office<'_>,
    draft: &Path,
    out: Option<&Path>,
    pen: &Pen,
) -> Done<ExitCode> {
    let key = office::key(&pen.key)?;
    let root = draft.parent().unwrap_or(Path::new(""));
    let record = files::settings::<Draft>(draft)?.record(root, office.now)?;
    office.archive().keep(&record).await.map_err(store)?;
    let provenance = provenance(&record);
    let about = subjects(&record);
    let made = office.archive().attest(&key, &record, about, &provenance).await;
    let deed = Deed::Built { evidence: Some(made.map_err(archive)?) };
    let (scope, at, by) = (Scope::Release, office.now, pen.by.clone());
    let report = Report { scope, at, by, fence: None, deed };
    office.archive().say(&key, &record, report).await.map_err(archive)?;
    if let Some(out) = out {
        files::write(out, record.bytes())?;
    }
    let id = record.id();
    office.show(&json!({ "record": id, "version": record.content().version }), &id.to_string())?;
    Ok(ExitCode::Success)
}

fn provenance(record: &Record) -> Provenance {
    let content = record.content();
    let commit = [("gitCommit".to_owned(), content.source.commit.to_string())].into();
    let source = content.source.repository.to_string();
    let parameters = [("version".to_owned(), content.version.to_string())].into();
    Provenance {
        build_definition: BuildDefinition {
            build_type: "https://github.com/pilotage/pilotage/build/v1".to_owned(),
            external_parameters: parameters,
            resolved_dependencies: vec![Resource { uri: Some(source), name: None, digest: commit }],
        },
        run_details: RunDetails {
            builder: Identity { id: content.builder.id.to_string() },
            metadata: RunMetadata {
                invocation_id: format!("{}/{}", content.builder.run, content.builder.attempt),
                finished_on: content.created,
            },
        },
    }
}

fn show(office: &Office<'_>, record: &Record) -> Done<ExitCode> {
    let data = json!({ "record": record.id(), "content": record.content() });
    office.show(&data, &text(record))?;
    Ok(ExitCode::Success)
}

fn text(record: &Record) -> String {
    let content = record.content();
    let mut text = format!("record      {}", record.id());
    let mut add = |name: &str, value: &str| {
        let _infallible = write!(text, "\n{name:<11} {value}");
    };
    add("version", &format!("{}{}, number {}", content.prefix, content.version, content.sequence));
    add("source", &format!("{} {}", content.source.repository, content.source.commit));
    add("author", content.author.as_str());
    add("created", &content.created.to_string());
    for image in &content.images {
        add("image", &format!("{} {}@{}", image.name(), image.repository(), image.digest()));
        for child in image.children() {
            add("", &format!("{} {}", child.platform(), child.digest()));
        }
    }
    for output in &content.outputs {
        add("output", &format!("{} {}", output.name, output.digest));
    }
    for migration in &content.migrations.ordered {
        add("migration", migration.id.as_str());
    }
    for secret in &content.secrets {
        let what = format!("{} in {}, version {}", secret.name, secret.environment, secret.version);
        add("secret", &what);
    }
    text
}

/// What `record verify` found, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Verified {
    record: String,
    vouched_for_by: Option<Actor>,
    events: usize,
    damage: Vec<String>,
    doubtful: Vec<String>,
}

/// A record of which nobody vouches, or whose chains are damaged, is not verified. What others put
/// beside it and nobody believes is told and changes nothing.
async fn verify(office: &Office<'_>, record: &Record) -> Done<ExitCode> {
    let dossier = office.archive().gather(&record.anchor()).await.map_err(store)?;
    let doubtful: Vec<_> = dossier.doubtful.iter().map(doubt).collect();
    let history = History::of(record.id(), dossier.events);
    let damage = history.chains().flat_map(|(scope, chain)| {
        chain.damage().iter().map(move |damage| format!("in `{scope}`, {damage}"))
    });
    let built = Standing::of(&history).built;
    let verified = Verified {
        record: record.id().to_string(),
        vouched_for_by: built.map(|grounds| grounds.by),
        events: history.chains().map(|(_, chain)| chain.events().count()).sum(),
        damage: damage.collect(),
        doubtful,
    };
    tell(office, &verified)
}

fn doubt(doubt: &Doubt) -> String {
    let causes = core::iter::successors(doubt.reason.source(), |error| (**error).source());
    let because: Vec<_> = causes.map(ToString::to_string).collect();
    let Doubt { entry, reason } = doubt;
    format!("{} {}: {reason}: {}", entry.kind, entry.digest.short(), because.join(": "))
}

fn tell(office: &Office<'_>, verified: &Verified) -> Done<ExitCode> {
    for doubtful in &verified.doubtful {
        office.io.err.mention(&format!("passed over: {doubtful}"));
    }
    let sound = verified.vouched_for_by.is_some() && verified.damage.is_empty();
    let by = verified.vouched_for_by.as_ref().map_or("nobody", Actor::as_str);
    let text = format!("{} vouched for by {by}, {} events", verified.record, verified.events);
    office.show(verified, &text)?;
    if sound {
        return Ok(ExitCode::Success);
    }
    let error = PlatformError::new(ExitCode::Refused, "the record is not verified");
    let error = verified.damage.iter().cloned().fold(error, PlatformError::help);
    if verified.vouched_for_by.is_none() {
        return Err(error.help("nobody whom the policy trusts has signed `built` for it"));
    }
    Err(error)
}
