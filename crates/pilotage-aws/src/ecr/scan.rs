//! What the registry's scanner found, as it says so itself.

mod pages;

use pilotage_artifact::Digest;

use super::{Ecr, RepositoryName};
use crate::failure::{Call, Failure, failed};
use crate::raw::Raw;
use pages::Pages;

/// The most that one answer may hold.
const PAGE: i32 = 1_000;

/// The most answers that are read: a hundred thousand findings of one image.
const MOST_PAGES: usize = 100;

/// What is known of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// Nothing: it was never scanned. This is not the same as nothing found.
    Unknown,
    /// The scanner's own words: the document of `DescribeImageScanFindings` with the findings of
    /// all pages in it. Its status may still be that scanning goes on or is impossible.
    Told(String),
}

impl Ecr {
    /// What is known of the image. An index is never scanned itself; ask for its children.
    pub async fn scan(&self, name: &RepositoryName, image: Digest) -> Result<Scan, Failure> {
        let mut pages = Pages::default();
        for _ in 0..MOST_PAGES {
            match self.page(name, image, pages.next()).await {
                Ok(Some(page)) => pages.add(&page).map_err(|said| unreadable(name, image, said))?,
                Ok(None) => return Ok(Scan::Unknown),
                Err(failure) => return Err(failure),
            }
            if pages.are_complete() {
                return Ok(Scan::Told(pages.document()));
            }
        }
        Err(unreadable(name, image, "the findings have no end".into()))
    }

    /// One answer as it came; `None` where there was no scan.
    async fn page(
        &self,
        name: &RepositoryName,
        image: Digest,
        next: Option<&str>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let raw = Raw::default();
        let id = aws_sdk_ecr::types::ImageIdentifier::builder().image_digest(image.to_string());
        let asked = self.client.describe_image_scan_findings().repository_name(name.as_str());
        let asked = asked.image_id(id.build()).max_results(PAGE);
        let asked = asked.set_next_token(next.map(ToOwned::to_owned));
        match asked.customize().interceptor(raw.clone()).send().await {
            Ok(_) => Ok(Some(raw.take())),
            Err(error) => {
                let failure = failed(call(name, image), error);
                if failure.code() == Some("ScanNotFoundException") {
                    Ok(None)
                } else {
                    Err(failure)
                }
            }
        }
    }
}

fn call(name: &RepositoryName, image: Digest) -> Call {
    Call::new("ecr:DescribeImageScanFindings", format!("`{name}@{image}`"))
}

fn unreadable(name: &RepositoryName, image: Digest, said: String) -> Failure {
    Failure::unreadable(call(name, image), said)
}
