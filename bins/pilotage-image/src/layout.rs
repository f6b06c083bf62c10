//! Images in OCI layouts: what builders write when no registry is at hand.

use std::path::{Path, PathBuf};

use pilotage_artifact::{Digest, Repository};
use pilotage_cli::PlatformError;
use pilotage_record::record::Image;
use pilotage_record::text::{PartName, Platform};
use pilotage_rollout::ExitCode;
use serde::Deserialize;

use crate::error::{Done, wrong};
use crate::files;

/// The largest manifest that registries take.
const LARGEST: usize = 4 << 20;

/// The index of a layout or of an image, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Index {
    manifests: Option<Vec<Descriptor>>,
}

#[derive(Debug, Deserialize)]
struct Descriptor {
    digest: Digest,
}

/// An image in a layout.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    name: PartName,
    repository: Repository,
    /// The directory of the layout.
    layout: PathBuf,
    /// Which of the images in the layout; not needed if there is only one.
    digest: Option<Digest>,
    /// What it runs on; needed if the image is for one platform only, which does not say.
    platform: Option<Platform>,
}

impl Source {
    /// Reads the image from its layout, relative to this directory.
    pub(crate) fn read(self, root: &Path) -> Done<Image> {
        let name = self.name.to_string();
        let layout = root.join(&self.layout);
        let digest = match self.digest {
            Some(digest) => digest,
            None => only(&layout)?,
        };
        let manifest = blob(&layout, &digest)?;
        let children = index(&manifest, &layout)?.manifests;
        let image = match (children, self.platform) {
            (None, Some(platform)) => {
                Image::of_manifest(self.name, self.repository, platform, manifest)
            }
            (None, None) => {
                let what = format!("image `{name}` is for one platform and does not say which");
                return Err(PlatformError::new(ExitCode::Usage, what)
                    .help("add its `platform` to the draft, for example `linux/amd64`"));
            }
            (Some(children), _) => {
                let blobs = children.iter().map(|child| blob(&layout, &child.digest));
                let blobs = blobs.collect::<Done<Vec<_>>>()?;
                Image::of_index(self.name, self.repository, manifest, &blobs)
            }
        };
        image.map_err(|error| wrong(format!("image `{name}` cannot be recorded"), error))
    }
}

fn only(layout: &Path) -> Done<Digest> {
    let path = layout.join("index.json");
    let images = index(&files::read(&path, LARGEST)?, layout)?.manifests.unwrap_or_default();
    match images.as_slice() {
        [only] => Ok(only.digest),
        others => {
            let what = format!("the layout {} holds {} images", layout.display(), others.len());
            Err(PlatformError::new(ExitCode::Usage, what)
                .help("say which one with `digest` in the draft"))
        }
    }
}

fn index(bytes: &[u8], layout: &Path) -> Done<Index> {
    let what = || format!("the layout {} cannot be read", layout.display());
    serde_json::from_slice(bytes).map_err(|error| wrong(what(), error))
}

/// A blob, only if it is what its name says.
fn blob(layout: &Path, digest: &Digest) -> Done<Vec<u8>> {
    let hex = digest.to_string().split_off("sha256:".len());
    let path = layout.join("blobs").join("sha256").join(hex);
    let bytes = files::read(&path, LARGEST)?;
    if Digest::of(&bytes) == *digest {
        return Ok(bytes);
    }
    let what = format!("{} is not what its name says", path.display());
    Err(PlatformError::new(ExitCode::Usage, what).help("write the layout again"))
}
