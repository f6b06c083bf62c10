//! A manifest: the very bytes that its digest is of, and what they say.

use bytes::Bytes;
use oci_spec::image::{Descriptor, ImageIndex, ImageManifest, MediaType};
use pilotage_artifact::Digest;

use super::Blob;
use crate::Error;

/// No registry takes a larger one.
pub(super) const LONGEST: usize = 4 << 20;

const DOCKER_IMAGE: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The kinds of manifest that we can read, in the order in which we would like them.
pub(super) const ACCEPTED: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.docker.distribution.manifest.v2+json";

/// A manifest. Its bytes are never written anew, for any other bytes are another image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    bytes: Bytes,
    digest: Digest,
    media_type: String,
    kind: Kind,
}

/// What a manifest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An image for one platform, or another artifact.
    Image(Box<ImageManifest>),
    /// A list of manifests.
    Index(Box<ImageIndex>),
}

/// Something that a manifest is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Another manifest.
    Manifest(Blob),
    /// A blob.
    Blob(Blob),
}

impl Manifest {
    /// Reads a manifest; the media type that came with it counts where it says none itself.
    pub fn parse(bytes: Bytes, sent_as: Option<&str>) -> Result<Self, Error> {
        let digest = Digest::of(&bytes);
        let malformed =
            |why: String| Error::Malformed { doing: format!("read the manifest {digest}"), why };
        if bytes.len() > LONGEST {
            let what = format!("the manifest {digest}");
            return Err(Error::TooLarge { what, limit: LONGEST });
        }
        let (media_type, kind) = read(&bytes, sent_as).map_err(malformed)?;
        let manifest = Self { bytes, digest, media_type, kind };
        manifest.parts().map_err(malformed)?;
        manifest.subject_checked().map_err(malformed)?;
        Ok(manifest)
    }

    /// The bytes, as they came.
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The digest of the bytes.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The size of the bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The media type that registries are told.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// What it says.
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What it is about, if it is evidence.
    pub fn subject(&self) -> Option<Digest> {
        self.subject_checked().ok().flatten()
    }

    /// What kind of evidence or artifact it is: its artifact type, or that of its configuration.
    pub fn artifact_type(&self) -> Option<String> {
        match &self.kind {
            Kind::Image(image) => {
                let own = image.artifact_type().as_ref();
                Some(own.unwrap_or(image.config().media_type()).to_string())
            }
            Kind::Index(index) => index.artifact_type().as_ref().map(ToString::to_string),
        }
    }

    /// Its annotations.
    pub fn annotations(&self) -> impl Iterator<Item = (&str, &str)> {
        let annotations = match &self.kind {
            Kind::Image(image) => image.annotations(),
            Kind::Index(index) => index.annotations(),
        };
        annotations.iter().flatten().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What has to be there before it, without what is fetched from elsewhere.
    pub fn parts(&self) -> Result<Vec<Part>, String> {
        match &self.kind {
            Kind::Index(index) => {
                index.manifests().iter().map(|child| blob(child).map(Part::Manifest)).collect()
            }
            Kind::Image(image) => {
                let here = image.layers().iter().filter(|layer| !is_foreign(layer));
                let all = core::iter::once(image.config()).chain(here);
                all.map(|part| blob(part).map(Part::Blob)).collect()
            }
        }
    }

    fn subject_checked(&self) -> Result<Option<Digest>, String> {
        let subject = match &self.kind {
            Kind::Image(image) => image.subject(),
            Kind::Index(index) => index.subject(),
        };
        subject.as_ref().map(|subject| blob(subject).map(|blob| blob.digest)).transpose()
    }
}

/// What a descriptor names. Only SHA-256 is read; registries do not take much else either.
pub(super) fn blob(descriptor: &Descriptor) -> Result<Blob, String> {
    let digest = descriptor.digest().as_ref().parse();
    let digest = digest.map_err(|error: pilotage_artifact::InvalidDigest| error.to_string())?;
    Ok(Blob { digest, size: descriptor.size() })
}

/// Layers that may not be passed on are fetched from where they belong.
fn is_foreign(layer: &Descriptor) -> bool {
    let kind = layer.media_type().to_string();
    (kind.contains("nondistributable") || kind.contains(".foreign."))
        && layer.urls().as_ref().is_some_and(|urls| !urls.is_empty())
}

fn read(bytes: &[u8], sent_as: Option<&str>) -> Result<(String, Kind), String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        schema_version: u32,
        media_type: Option<String>,
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if head.schema_version != 2 {
        return Err(format!("its schema version is {}, not 2", head.schema_version));
    }
    let sent_as = sent_as.map(|text| text.split(';').next().unwrap_or_default().trim().to_owned());
    let media_type = head.media_type.or(sent_as).ok_or("it has no media type")?;
    let kind = match media_type.as_str() {
        IMAGE | DOCKER_IMAGE => serde_json::from_slice(bytes).map(Box::new).map(Kind::Image),
        INDEX | DOCKER_INDEX => serde_json::from_slice(bytes).map(Box::new).map(Kind::Index),
        other => return Err(format!("`{other}` is no kind of manifest that we know")),
    };
    Ok((media_type, kind.map_err(|error| error.to_string())?))
}

/// Whether a media type is that of an OCI index.
pub(super) fn is_index(media_type: &str) -> bool {
    media_type.split(';').next().unwrap_or_default().trim() == INDEX
}

/// The media type of a new OCI manifest.
pub(super) const fn image() -> MediaType {
    MediaType::ImageManifest
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZEROS: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    fn parse(text: &str, sent_as: Option<&str>) -> Result<Manifest, Error> {
        Manifest::parse(Bytes::copy_from_slice(text.as_bytes()), sent_as)
    }

    fn layer(kind: &str, urls: &str) -> String {
        format!(r#"{{"mediaType":"{kind}","digest":"{ZEROS}","size":7{urls}}}"#)
    }

    #[test]
    fn keeps_the_bytes_however_they_are_written() {
        let pretty =
            format!("{{\n  \"schemaVersion\": 2,\n  \"manifests\": [{}]\n}}\n", layer(IMAGE, ""));
        let manifest =
            parse(&pretty, Some("application/vnd.oci.image.index.v1+json; charset=utf-8"));
        let manifest = manifest.expect("a manifest");
        assert_eq!(manifest.bytes(), pretty.as_bytes());
        assert_eq!(manifest.digest(), Digest::of(pretty.as_bytes()));
        assert_eq!(manifest.media_type(), INDEX);
        let child = Blob { digest: ZEROS.parse().expect("a digest"), size: 7 };
        assert_eq!(manifest.parts(), Ok(vec![Part::Manifest(child)]));
    }

    #[test]
    fn its_own_word_counts_more_than_the_header() {
        let text = format!(r#"{{"schemaVersion":2,"mediaType":"{DOCKER_INDEX}","manifests":[]}}"#);
        assert_eq!(parse(&text, Some(IMAGE)).expect("a manifest").media_type(), DOCKER_INDEX);
    }

    #[test]
    fn foreign_layers_stay_where_they_are() {
        let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
        let urls = r#","urls":["https://example.com/"]"#;
        let layers = [layer(foreign, urls), layer(foreign, "")].join(",");
        let config = layer("application/vnd.oci.image.config.v1+json", "");
        let text = format!(
            r#"{{"schemaVersion":2,"mediaType":"{IMAGE}","config":{config},"layers":[{layers}]}}"#
        );
        let parts = parse(&text, None).expect("a manifest").parts().expect("known digests");
        assert_eq!(parts.len(), 2, "the configuration and the layer that is nowhere else");
    }

    #[test]
    fn says_why_it_is_no_manifest() {
        let sha512 = layer(IMAGE, "").replace("sha256:", &format!("sha512:{}", "0".repeat(64)));
        for (text, why) in [
            ("{".to_owned(), "EOF"),
            ("{}".to_owned(), "schemaVersion"),
            (r#"{"schemaVersion":1}"#.to_owned(), "schema version is 1"),
            (r#"{"schemaVersion":2}"#.to_owned(), "no media type"),
            (r#"{"schemaVersion":2,"mediaType":"text/plain"}"#.to_owned(), "no kind of manifest"),
            (format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}"}}"#), "manifests"),
            (
                format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{sha512}]}}"#),
                "not a digest",
            ),
        ] {
            let error = parse(&text, None).expect_err(&text).to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
