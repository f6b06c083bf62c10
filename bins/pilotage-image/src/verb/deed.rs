//! From what was typed to what is signed: reads reports and attaches them as statements.

use std::path::Path;

use pilotage_artifact::Digest;
use pilotage_cli::PlatformError;
use pilotage_record::event::{Deed, TestVerdict};
use pilotage_record::record::{Child, Record};
use pilotage_record::scan::{About, Format, LARGEST, ScanReport};
use pilotage_record::sign::LocalKey;
use pilotage_record::statement::predicate::{
    Identity, Predicate, Resource, Svr, TestOutcome, TestResult,
};
use pilotage_record::statement::{Subject, subjects};
use pilotage_record::text::{PartName, Platform, Suite};
use pilotage_rollout::ExitCode;

use crate::args::{DeedArgs, ReportFormat, Verdict};
use crate::error::{Done, archive, wrong};
use crate::files;
use crate::office::Office;

/// Who signs, about what.
pub(crate) struct Desk<'a> {
    pub(crate) office: &'a Office<'a>,
    pub(crate) record: &'a Record,
    pub(crate) key: &'a LocalKey,
}

impl Desk<'_> {
    /// What is to be signed. Reports are read and attached before, so that the event can name them.
    pub(crate) async fn deed(&self, args: DeedArgs) -> Done<Deed> {
        let now = self.office.now;
        Ok(match args {
            DeedArgs::Tested { suite, platform, result, report } => {
                self.tested(suite, platform, result, report.as_deref()).await?
            }
            DeedArgs::Scanned { image, platform, format, report } => {
                self.scanned(image.as_ref(), platform, format, &report).await?
            }
            DeedArgs::Verified { result } => self.verified(result).await?,
            DeedArgs::Approved { role, clocked } => {
                Deed::Approved { role, expires: now.after(clocked.span) }
            }
            DeedArgs::Deployed => Deed::Deployed { sequence: self.record.content().sequence },
            DeedArgs::Soaked { span } => Deed::Soaked { span },
            DeedArgs::RolledBack { reason, to } => Deed::RolledBack { reason, to },
            DeedArgs::Revoked { reason } => Deed::Revoked { reason },
            DeedArgs::Superseded { successor } => Deed::Superseded { by: successor },
            DeedArgs::Held { reason } => Deed::Held { reason },
            DeedArgs::Unheld { reason } => Deed::Unheld { reason },
            DeedArgs::BrokeGlass { reason, waives, clocked } => {
                Deed::BrokeGlass { reason, waives, expires: now.after(clocked.span) }
            }
            DeedArgs::Noted { text } => Deed::Noted { text },
        })
    }

    async fn tested(
        &self,
        suite: Suite,
        platform: Platform,
        result: Verdict,
        report: Option<&Path>,
    ) -> Done<Deed> {
        let images: Vec<_> =
            self.record.children().filter(|(_, child)| *child.platform() == platform).collect();
        if images.is_empty() {
            return Err(self.no_such_image(None, &platform));
        }
        let about =
            images.iter().map(|(name, child)| Subject::sha256(name.as_str(), &child.digest()));
        let configuration = report.map(resource).transpose()?.into_iter().collect();
        let said = TestResult { result: outcome(result), configuration, url: None };
        let evidence = Some(self.attest(about.collect(), &said).await?);
        Ok(Deed::Tested { suite, platform, result: verdict(result), evidence })
    }

    /// A scan that came to nothing is signed as well: that it is not known is worth knowing.
    async fn scanned(
        &self,
        name: Option<&PartName>,
        platform: Platform,
        format: ReportFormat,
        path: &Path,
    ) -> Done<Deed> {
        let child = self.image(name, &platform)?;
        let what = || format!("the report {} cannot be read", path.display());
        let bytes = files::read(path, LARGEST)?;
        let report =
            ScanReport::parse(form(format), &bytes).map_err(|error| wrong(what(), error))?;
        self.about(&report, child, path)?;
        let evidence = match report.statement(self.office.now) {
            Some(said) => {
                let about = vec![Subject::sha256(platform.as_str(), &child.digest())];
                Some(self.attest(about, &said).await?)
            }
            None => None,
        };
        let scanner = report.scanner.parse().map_err(|error| wrong(what(), error))?;
        let (image, outcome, finished) = (child.digest(), report.outcome(), report.finished);
        Ok(Deed::Scanned { platform, image, scanner, outcome, finished, evidence })
    }

    fn about(&self, report: &ScanReport, child: &Child, path: &Path) -> Done<()> {
        match report.about(child) {
            About::This => Ok(()),
            About::Unsaid => {
                let file = path.display();
                let warning = format!("warning: {file} does not name its image; you vouch for it");
                self.office.io.err.mention(&warning);
                Ok(())
            }
            About::Another => {
                let names: Vec<_> = report.names.iter().map(ToString::to_string).collect();
                let what = format!("the report {} is about another image", path.display());
                Err(PlatformError::new(ExitCode::Refused, what)
                    .help(format!("it names {}", names.join(", ")))
                    .help(format!("scan {} by its digest", child.digest())))
            }
        }
    }

    async fn verified(&self, result: Verdict) -> Done<Deed> {
        let evidence = match result {
            Verdict::Failed => None,
            Verdict::Passed => {
                let verifier = "https://github.com/pilotage/pilotage/verify/v1";
                let said = Svr {
                    verifier: Identity { id: verifier.to_owned() },
                    time_created: self.office.now,
                    properties: vec!["PILOTAGE_VERIFIED".to_owned()],
                };
                Some(self.attest(subjects(self.record), &said).await?)
            }
        };
        Ok(Deed::Verified { result: verdict(result), evidence })
    }

    async fn attest<P: Predicate>(&self, about: Vec<Subject>, said: &P) -> Done<Digest> {
        let attested = self.office.archive().attest(self.key, self.record, about, said).await;
        attested.map_err(archive)
    }

    fn image(&self, name: Option<&PartName>, platform: &Platform) -> Done<&Child> {
        let fits = |(known, child): &(&PartName, &Child)| {
            child.platform() == platform && name.is_none_or(|name| name == *known)
        };
        let found: Vec<_> = self.record.children().filter(fits).collect();
        match found.as_slice() {
            [(_, only)] => Ok(only),
            [] => Err(self.no_such_image(name, platform)),
            _ => {
                let what = format!("the release has {} images for {platform}", found.len());
                Err(PlatformError::new(ExitCode::Usage, what).help("name one with `--image`"))
            }
        }
    }

    fn no_such_image(&self, name: Option<&PartName>, platform: &Platform) -> PlatformError {
        let named = name.map(|name| format!(" `{name}`")).unwrap_or_default();
        let what = format!("the release has no image{named} for {platform}");
        let known = self.record.platforms().iter().map(ToString::to_string).collect::<Vec<_>>();
        PlatformError::new(ExitCode::Usage, what).help(format!("it has {}", known.join(", ")))
    }
}

fn resource(path: &Path) -> Done<Resource> {
    let digest = Digest::of(&files::read(path, LARGEST)?);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let hex = digest.to_string().split_off("sha256:".len());
    Ok(Resource { uri: None, name, digest: [("sha256".to_owned(), hex)].into() })
}

const fn verdict(result: Verdict) -> TestVerdict {
    match result {
        Verdict::Passed => TestVerdict::Passed,
        Verdict::Failed => TestVerdict::Failed,
    }
}

const fn outcome(result: Verdict) -> TestOutcome {
    match result {
        Verdict::Passed => TestOutcome::Passed,
        Verdict::Failed => TestOutcome::Failed,
    }
}

const fn form(format: ReportFormat) -> Format {
    match format {
        ReportFormat::Ecr => Format::Ecr,
        ReportFormat::Trivy => Format::Trivy,
        ReportFormat::Sarif => Format::Sarif,
    }
}
