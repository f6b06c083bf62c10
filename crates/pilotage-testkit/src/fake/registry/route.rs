//! Which thing of which repository a path names.

/// A part of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    Base,
    Token,
    Manifest { repository: String, reference: String },
    Blob { repository: String, digest: String },
    Uploads { repository: String },
    Upload { repository: String, id: u64 },
    Referrers { repository: String, digest: String },
    Tags { repository: String },
}

impl Route {
    pub(super) fn of(path: &str) -> Option<Self> {
        match path {
            "/v2/" => return Some(Self::Base),
            "/token" => return Some(Self::Token),
            _ => {}
        }
        let rest = path.strip_prefix("/v2/")?;
        let split = |middle: &str| {
            let (repository, last) = rest.rsplit_once(middle)?;
            Some((repository.to_owned(), last.to_owned()))
        };
        if let Some((repository, id)) = split("/blobs/uploads/") {
            return match id.as_str() {
                "" => Some(Self::Uploads { repository }),
                id => Some(Self::Upload { repository, id: id.parse().ok()? }),
            };
        }
        if let Some((repository, reference)) = split("/manifests/") {
            return Some(Self::Manifest { repository, reference });
        }
        if let Some((repository, digest)) = split("/blobs/") {
            return Some(Self::Blob { repository, digest });
        }
        if let Some((repository, digest)) = split("/referrers/") {
            return Some(Self::Referrers { repository, digest });
        }
        split("/tags/list").map(|(repository, _)| Self::Tags { repository })
    }

    /// The repository that a call is about.
    pub(super) fn repository(&self) -> Option<&str> {
        match self {
            Self::Base | Self::Token => None,
            Self::Manifest { repository, .. }
            | Self::Blob { repository, .. }
            | Self::Uploads { repository }
            | Self::Upload { repository, .. }
            | Self::Referrers { repository, .. }
            | Self::Tags { repository } => Some(repository),
        }
    }
}
