//! One image of a release on its way into an environment.
//!
//! The order in which things are done is what makes it safe to be interrupted anywhere:
//!
//! ```text
//!   look at the tags ─▶ bring the image and its evidence ─▶ read back ─▶ tags
//! ```
//!
//! What must not move is refused by the look, before anything is sent. A tag is written only after
//! all that it needs is there and was read back. Where the tags are right already, the evidence is
//! compared all the same, for not everybody brings it.

use std::sync::Arc;

use pilotage_artifact::{Digest, Repository, Tag};
use pilotage_cli::PlatformError;
use pilotage_record::record::{Child, Image};
use pilotage_registry::copy::{Change, Class, Order, Progress, copy, has_evidence};
use pilotage_registry::{Error, Manifest, Name, Remote};
use pilotage_rollout::ExitCode;

use crate::error::{Done, refused, registry};
use crate::registries::Registries;

/// One image on its way. Its bytes are those of the record, so that nothing but what was recorded
/// can arrive, and a tag in the same repository needs nothing to be read.
#[derive(Debug)]
pub(crate) struct Passage<'a> {
    pub(crate) image: &'a Image,
    pub(crate) from: Remote,
    pub(crate) to: Remote,
    manifest: Manifest,
    pub(crate) tags: Vec<(Tag, Class)>,
    /// Whether all tags named it before anything was done.
    is_done: bool,
}

impl<'a> Passage<'a> {
    /// Looks at the tags, and refuses where one that must not move names something else.
    pub(crate) async fn survey(
        registries: &Registries,
        image: &'a Image,
        into: &Repository,
        tags: Vec<(Tag, Class)>,
    ) -> Done<Self> {
        let manifest = Manifest::parse(image.manifest().to_vec().into(), Some(image.media_type()));
        let manifest = manifest.map_err(|error| refused("the recorded image is none", error))?;
        let (from, to) = (registries.at(image.repository())?, registries.at(into)?);
        let mut is_done = true;
        for (tag, class) in &tags {
            is_done &= named(&to, tag, *class, image.digest()).await.map_err(registry)?;
        }
        Ok(Self { image, from, to, manifest, tags, is_done })
    }

    /// Brings everything but the tags.
    pub(crate) async fn bring(&self, progress: Arc<dyn Progress>) -> Done<()> {
        if self.stays() || self.is_done && self.has_evidence().await? {
            return Ok(());
        }
        let order = Order::new(self.from.clone(), self.to.clone(), self.image.digest());
        copy(&order.holding(self.manifest.clone()), progress).await.map(drop).map_err(registry)
    }

    /// Whether all evidence of the source is there. Tags that are right do not prove that: somebody
    /// may have written them with a tool that leaves evidence behind.
    async fn has_evidence(&self) -> Done<bool> {
        let children = self.image.children().iter().map(Child::digest);
        let manifests: Vec<Digest> = children.chain([self.image.digest()]).collect();
        has_evidence(&self.from, &self.to, &manifests).await.map_err(registry)
    }

    /// The digest under which it is there, and that every platform of the record is.
    pub(crate) async fn read_back(&self) -> Done<Digest> {
        let children = self.image.children().iter().map(Child::digest);
        for digest in children.chain([self.image.digest()]) {
            let found = self.to.look(&Name::Digest(digest)).await.map_err(registry)?;
            if found.is_none_or(|found| found.digest != digest) {
                let what = format!("{} does not hold {digest}", self.to.repository());
                return Err(PlatformError::new(ExitCode::Refused, what)
                    .help("push the recorded image, or promote it from where it was pushed"));
            }
        }
        Ok(self.image.digest())
    }

    /// Writes the tags, and says whether any of them was not right already.
    pub(crate) async fn name(&self, progress: Arc<dyn Progress>) -> Done<bool> {
        let order = Order::retag(self.to.clone(), self.image.digest()).reading_back();
        let order = Order { tags: self.tags.clone(), ..order.holding(self.manifest.clone()) };
        if self.is_done {
            return Ok(false);
        }
        let copied = copy(&order, progress).await.map_err(registry)?;
        Ok(copied.tags.iter().any(|(_, change)| *change != Change::Unchanged))
    }

    fn stays(&self) -> bool {
        self.from.repository() == self.to.repository()
    }
}

/// Whether a tag names this already.
async fn named(to: &Remote, tag: &Tag, class: Class, wanted: Digest) -> Result<bool, Error> {
    let found = to.look(&Name::Tag(tag.clone())).await?.map(|found| found.digest);
    match found.filter(|held| *held != wanted) {
        Some(held) if class == Class::Immutable => {
            let image = to.repository().tagged(tag.clone()).to_string();
            Err(Error::TagTaken { image, held, wanted })
        }
        _ => Ok(found == Some(wanted)),
    }
}
