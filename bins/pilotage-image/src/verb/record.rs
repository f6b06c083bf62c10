//! `record`: makes, shows and checks release records.

use core::fmt::Write as _;
use std::path::Path;

use pilotage_cli::PlatformError;
use pilotage_record::event::{Deed, Scope};
use pilotage_record::record::{Record, SecretReference};
use pilotage_record::statement::predicate::{
    BuildDefinition, Identity, Provenance, Resource, RunDetails, RunMetadata,
};
use pilotage_record::statement::subjects;
use pilotage_record::store::Report;
use pilotage_record::text::Actor;
use pilotage_record::time::Time;
use pilotage_rollout::ExitCode;
use serde_json::json;

use crate::args::{Pen, Pinned, RecordVerb};
use crate::draft::Draft;
use crate::error::{Done, archive, store};
use crate::files;
use crate::office::{self, Office};
use crate::pins;

pub(crate) async fn record(office: &Office<'_>, verb: &RecordVerb) -> Done<ExitCode> {
    match verb {
        RecordVerb::Create { draft, secrets, out, pen } => {
            let record = draft_of(draft, secrets, office.now)?;
            create(office, &record, out.as_deref(), pen).await
        }
        RecordVerb::Show { which, out } => {
            show(office, &office.record(which).await?, out.as_deref())
        }
        RecordVerb::Verify { which } => verify(office, &office.record(which).await?).await,
    }
}

fn draft_of(draft: &Path, secrets: &[Pinned], now: Time) -> Done<Record> {
    let root = draft.parent().unwrap_or(Path::new(""));
    files::settings::<Draft>(draft)?.record(root, pins::read(secrets)?, now)
}

async fn create(
    office: &Office<'_>,
    record: &Record,
    out: Option<&Path>,
    pen: &Pen,
) -> Done<ExitCode> {
    let key = office::key(&pen.key)?;
    office.archive().keep(record).await.map_err(store)?;
    let provenance = provenance(record);
    let about = subjects(record);
    let made = office.archive().attest(&key, record, about, &provenance).await;
    let deed = Deed::Built { evidence: Some(made.map_err(archive)?) };
    let (scope, at, by) = (Scope::Release, office.now, pen.by.clone());
    let report = Report { scope, at, by, fence: None, deed };
    office.archive().say(&key, record, report).await.map_err(archive)?;
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

fn show(office: &Office<'_>, record: &Record, out: Option<&Path>) -> Done<ExitCode> {
    if let Some(out) = out {
        files::write(out, record.bytes())?;
    }
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
        add("secret", &secret_text(secret));
    }
    text
}

fn secret_text(secret: &SecretReference) -> String {
    let SecretReference { environment, name, reference, version } = secret;
    if name == reference {
        return format!("{name} in {environment}, version {version}");
    }
    format!("{name} in {environment}, {reference}, version {version}")
}

/// A record of which nobody vouches, or whose chains are damaged, is not verified. What others put
/// beside it and nobody believes is told and changes nothing.
async fn verify(office: &Office<'_>, record: &Record) -> Done<ExitCode> {
    let review = office.archive().review(record).await.map_err(store)?;
    for doubtful in &review.doubtful {
        office.io.err.mention(&format!("passed over: {doubtful}"));
    }
    let by = review.vouched_for_by.as_ref().map_or("nobody", Actor::as_str);
    let text = format!("{} vouched for by {by}, {} events", review.record, review.events);
    office.show(&review, &text)?;
    if review.is_sound() {
        return Ok(ExitCode::Success);
    }
    let error = PlatformError::new(ExitCode::Refused, "the record is not verified");
    let error = review.damage.iter().cloned().fold(error, PlatformError::help);
    if review.vouched_for_by.is_none() {
        return Err(error.help("nobody whom the policy trusts has signed `built` for it"));
    }
    Err(error)
}
