//! The addresses of the distribution API.

use hyper::Uri;
use hyper::http::uri::PathAndQuery;
use pilotage_artifact::{Digest, Repository};

use super::Name;
use crate::http::Origin;

/// The addresses of one repository. Its path and all names are made of characters that mean
/// nothing in an address, so they go in as they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address<'a> {
    pub(super) origin: &'a Origin,
    pub(super) repository: &'a Repository,
}

impl Address<'_> {
    pub(super) fn manifest(self, name: &Name) -> Uri {
        self.at(&format!("manifests/{name}"))
    }

    pub(super) fn blob(self, digest: Digest) -> Uri {
        self.at(&format!("blobs/{digest}"))
    }

    pub(super) fn uploads(self) -> Uri {
        self.at("blobs/uploads/")
    }

    /// A new upload, unless the blob can be taken from a repository of the same registry.
    pub(super) fn mount(self, digest: Digest, from: &Repository) -> Uri {
        self.at(&format!("blobs/uploads/?mount={digest}&from={}", from.path()))
    }

    pub(super) fn referrers(self, subject: Digest) -> Uri {
        self.at(&format!("referrers/{subject}"))
    }

    pub(super) fn tags(self, most: usize) -> Uri {
        self.at(&format!("tags/list?n={most}"))
    }

    fn at(self, rest: &str) -> Uri {
        let path = format!("/v2/{}/{rest}", self.repository.path());
        self.origin
            .uri(PathAndQuery::try_from(path).unwrap_or_else(|_| PathAndQuery::from_static("/")))
    }
}
