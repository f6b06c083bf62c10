//! What refers to a manifest: signatures, SBOMs, attestations, records.
//!
//! **There is none** is said only when the registry said so: by its list, or where it has no such
//! list, by the absence of the fallback tag. Whatever else comes back is an error.

use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::{Method, StatusCode, Uri};
use oci_spec::image::ImageIndex;
use pilotage_artifact::Digest;

use super::manifest::{LONGEST, is_index};
use super::{Attached, Kind, Name, Remote, fallback_tag};
use crate::Error;
use crate::http::{Answer, Ask, collect, next_page};

const MOST_PAGES: usize = 100;

/// What refers to a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrers {
    /// All that was found.
    pub found: Vec<Attached>,
    /// Whether the registry keeps the list itself.
    pub is_tracked: bool,
}

/// A page of the registry's own list, or its word that it has none.
enum Page {
    Found { found: Vec<Attached>, next: Option<Uri> },
    Untracked,
}

impl Remote {
    /// What refers to a manifest.
    pub async fn referrers(&self, subject: Digest) -> Result<Referrers, Error> {
        if self.client().tracks_referrers(self.origin())
            && let Some(found) = self.tracked(subject).await?
        {
            return Ok(Referrers { found, is_tracked: true });
        }
        let found = self.enlisted(subject).await?;
        Ok(Referrers { found, is_tracked: false })
    }

    async fn tracked(&self, subject: Digest) -> Result<Option<Vec<Attached>>, Error> {
        let mut all = Vec::new();
        let mut uri = self.address().referrers(subject);
        for _ in 0..MOST_PAGES {
            let Page::Found { found, next } = self.page(uri, subject).await? else {
                return Ok(None);
            };
            all.extend(found);
            let Some(next) = next else { return Ok(Some(all)) };
            uri = next;
        }
        let what = format!("the pages of what refers to {subject}");
        Err(Error::TooMany { what, limit: MOST_PAGES })
    }

    async fn page(&self, uri: Uri, subject: Digest) -> Result<Page, Error> {
        let doing = format!("list what refers to {}", self.named(&Name::Digest(subject)));
        let answer = self.read(&Ask::new(Method::GET, uri, &doing)).await?;
        match answer.status() {
            StatusCode::OK if has_index(answer.headers()) => self.read_page(answer, &doing).await,
            // A page of another kind, or a way to one, is how some say that there is no list.
            status if status == StatusCode::OK || status.is_redirection() => Ok(self.untracked()),
            StatusCode::NOT_FOUND
            | StatusCode::BAD_REQUEST
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE => {
                let error = self.refusal(answer, &doing).await;
                // A repository that is not there says nothing about the registry.
                if !error.said().is_some_and(crate::Said::knows_no_repository) {
                    self.untracked();
                }
                Ok(Page::Untracked)
            }
            _ => Err(self.refusal(answer, &doing).await),
        }
    }

    fn untracked(&self) -> Page {
        self.client().has_no_referrers(self.origin());
        Page::Untracked
    }

    async fn read_page(&self, answer: Answer, doing: &str) -> Result<Page, Error> {
        let malformed = |why: String| Error::Malformed { doing: doing.into(), why };
        let next = next_page(answer.headers()).map(|link| self.origin().resolve(link));
        let next = next.transpose().map_err(|why| malformed(why.to_string()))?;
        let body = collect(answer, LONGEST, self.stall(), doing).await?;
        let index: ImageIndex =
            serde_json::from_slice(&body).map_err(|error| malformed(error.to_string()))?;
        Ok(Page::Found { found: listed(&index).map_err(malformed)?, next })
    }

    /// What the fallback tag lists, which clients keep where the registry does not.
    async fn enlisted(&self, subject: Digest) -> Result<Vec<Attached>, Error> {
        let name = Name::Tag(fallback_tag(subject));
        let Some(manifest) = self.find(&name).await? else { return Ok(Vec::new()) };
        let malformed =
            |why: String| Error::Malformed { doing: format!("read {}", self.named(&name)), why };
        match manifest.kind() {
            Kind::Index(index) => listed(index).map_err(malformed),
            Kind::Image(_) => Err(malformed("it is no list".into())),
        }
    }
}

fn listed(index: &ImageIndex) -> Result<Vec<Attached>, String> {
    index.manifests().iter().map(Attached::listed).collect()
}

fn has_index(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(is_index)
}
