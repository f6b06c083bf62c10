//! The tags of a repository.

use hyper::{Method, StatusCode, Uri};
use pilotage_artifact::Tag;
use serde::Deserialize;

use super::Remote;
use crate::Error;
use crate::http::{Ask, collect, next_page};

/// What one page holds at most.
const PAGE: usize = 1_000;
const MOST_PAGES: usize = 100;
const LONGEST_PAGE: usize = 1 << 20;

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    tags: Option<Vec<String>>,
}

impl Remote {
    /// All tags. Nothing that is no tag by our rules can be asked for, so it is left out.
    pub async fn tags(&self) -> Result<Vec<Tag>, Error> {
        let mut tags = Vec::new();
        let (mut page, mut next) = self.tags_page().await?;
        for _ in 1..MOST_PAGES {
            tags.extend(page.iter().filter_map(|text| text.parse::<Tag>().ok()));
            let Some(uri) = next else { return Ok(tags) };
            (page, next) = self.tags_at(uri).await?;
        }
        let what = format!("the pages of tags of {}", self.repository());
        Err(Error::TooMany { what, limit: MOST_PAGES })
    }

    /// The first page, and where the next one is.
    pub(super) async fn tags_page(&self) -> Result<(Vec<String>, Option<Uri>), Error> {
        self.tags_at(self.address().tags(PAGE)).await
    }

    async fn tags_at(&self, uri: Uri) -> Result<(Vec<String>, Option<Uri>), Error> {
        let doing = format!("list the tags of {}", self.repository());
        let answer = self.read(&Ask::new(Method::GET, uri, &doing)).await?;
        if answer.status() != StatusCode::OK {
            return Err(self.refusal_to_store(answer, &doing).await);
        }
        let next = next_page(answer.headers()).map(ToOwned::to_owned);
        let body = collect(answer, LONGEST_PAGE, self.stall(), &doing).await?;
        let malformed = |why: String| Error::Malformed { doing: doing.clone(), why };
        let page: Page =
            serde_json::from_slice(&body).map_err(|error| malformed(error.to_string()))?;
        let next = next.map(|link| self.origin().resolve(&link));
        let next = next.transpose().map_err(|why| malformed(why.to_string()))?;
        Ok((page.tags.unwrap_or_default(), next))
    }
}
