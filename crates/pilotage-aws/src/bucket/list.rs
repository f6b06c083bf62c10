//! What is in a folder.

use super::Objects;
use crate::failure::{Failure, failed};

/// An object, as a listing tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Its name in the folder.
    pub(crate) name: String,
    /// How many bytes it has.
    pub(crate) bytes: u64,
}

impl Objects {
    /// The objects whose names begin like this, in the order of their names.
    pub(crate) async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Failure> {
        let mut listed = Vec::new();
        let asked = self.client.list_objects_v2().bucket(self.bucket.name());
        let mut pages = asked.prefix(self.bucket.key(prefix)).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failed(self.listing(prefix), error))?;
            listed.extend(page.contents().iter().filter_map(|object| {
                let name = self.bucket.name_of(object.key()?)?.to_owned();
                Some(Listed { name, bytes: u64::try_from(object.size()?).ok()? })
            }));
        }
        listed.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(listed)
    }

    /// The names of the folders in the folder.
    pub(crate) async fn folders(&self) -> Result<Vec<String>, Failure> {
        let mut folders = Vec::new();
        let asked = self.client.list_objects_v2().bucket(self.bucket.name()).delimiter("/");
        let mut pages = asked.prefix(self.bucket.key("")).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failed(self.listing(""), error))?;
            let names = page.common_prefixes().iter().filter_map(|folder| {
                self.bucket.name_of(folder.prefix()?)?.strip_suffix('/').map(ToOwned::to_owned)
            });
            folders.extend(names);
        }
        Ok(folders)
    }

    fn listing(&self, prefix: &str) -> crate::failure::Call {
        self.call("s3:ListBucket", &self.bucket.key(prefix))
    }
}
