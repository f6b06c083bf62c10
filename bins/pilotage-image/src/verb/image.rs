//! `resolve`, `tag`, `copy`: what a name stands for, and further names for the same bytes.

use std::sync::Arc;

use pilotage_artifact::{Digest, ImageRef, Reference, Tag};
use pilotage_cli::{Io, PlatformError};
use pilotage_registry::Manifest;
use pilotage_registry::copy::{Change, Class, Copied, Order, copy as carry_out};
use pilotage_rollout::ExitCode;
use serde::Serialize;

use crate::args::{CopyArgs, Global, ResolveArgs, TagArgs};
use crate::error::{Done, registry};
use crate::office::show;
use crate::progress::Narrator;
use crate::registries::Registries;

/// What the verbs on images work with: no policy and no evidence.
#[derive(Debug)]
pub(crate) struct Quay<'a> {
    pub(crate) global: &'a Global,
    pub(crate) io: &'a Io,
    pub(crate) registries: Registries,
}

/// What a reference stands for, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Resolved {
    image: ImageRef<Digest>,
    digest: Digest,
    media_type: String,
    size: u64,
}

/// What was done, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    image: &'a ImageRef<Tag>,
    digest: Digest,
    changed: bool,
    before: Option<Digest>,
    manifests: usize,
    blobs_sent: usize,
    bytes_sent: u64,
    blobs_there: usize,
    evidence: &'a [Digest],
}

impl<'a> Outcome<'a> {
    fn of(image: &'a ImageRef<Tag>, copied: &'a Copied) -> Self {
        let before = copied.tags.iter().find_map(|(_, change)| match change {
            Change::Set { before } => *before,
            Change::Unchanged => None,
        });
        Self {
            image,
            digest: copied.digest,
            changed: !copied.is_unchanged(),
            before,
            manifests: copied.manifests,
            blobs_sent: copied.sent.0,
            bytes_sent: copied.sent.1,
            blobs_there: copied.spared,
            evidence: &copied.evidence,
        }
    }

    fn text(&self) -> String {
        let names = if self.changed { "names" } else { "named already" };
        format!("{} {names} {}", self.image, self.digest)
    }
}

impl Quay<'_> {
    pub(crate) async fn resolve(&self, args: &ResolveArgs) -> Done<ExitCode> {
        let (at, manifest) = self.registries.read(&args.image).await?;
        let digest = manifest.digest();
        let (media_type, size) = (manifest.media_type().to_owned(), manifest.size());
        let resolved = Resolved { image: at.repository().at(digest), digest, media_type, size };
        show(self.io, self.global.json, &resolved, &digest.to_string())?;
        Ok(ExitCode::Success)
    }

    /// Names an image anew within its registry: no byte of it goes anywhere.
    pub(crate) async fn tag(&self, args: &TagArgs) -> Done<ExitCode> {
        let from = args.from.repository();
        let to = args.to.of(from);
        if from.registry() != to.repository().registry() {
            let what = format!("`{}` is in another registry than `{from}`", to.repository());
            return Err(PlatformError::new(ExitCode::Usage, what)
                .help("bring it there with `pilotage-image copy`"));
        }
        self.bring(&args.from, &to, class(args.moving), |order| order).await
    }

    /// Brings an image, whole and with its evidence, to where it gets a tag.
    pub(crate) async fn copy(&self, args: &CopyArgs) -> Done<ExitCode> {
        let alone = args.without_evidence;
        let prepare = |order: Order| if alone { order.without_evidence() } else { order };
        self.bring(&args.from, &args.to, class(args.moving), prepare).await
    }

    async fn bring(
        &self,
        from: &Reference,
        name: &ImageRef<Tag>,
        class: Class,
        prepare: impl FnOnce(Order) -> Order,
    ) -> Done<ExitCode> {
        let (from, manifest) = self.registries.read(from).await?;
        let to = self.registries.at(name.repository())?;
        let order = Order::new(from, to, manifest.digest()).tag(name.tag().clone(), class);
        let copied = self.perform(prepare(order), manifest).await?;
        let outcome = Outcome::of(name, &copied);
        show(self.io, self.global.json, &outcome, &outcome.text())?;
        Ok(ExitCode::Success)
    }

    async fn perform(&self, order: Order, manifest: Manifest) -> Done<Copied> {
        let order = order.holding(manifest).reading_back();
        carry_out(&order, Arc::new(Narrator::on(&self.io.err))).await.map_err(registry)
    }
}

const fn class(moving: bool) -> Class {
    if moving { Class::Moving } else { Class::Immutable }
}
