//! What is to be recorded, as a person or a pipeline writes it.

use std::io;
use std::path::{Path, PathBuf};

use pilotage_artifact::{Digest, Version};
use pilotage_record::record::{
    Builder, Content, EvidenceReference, Migration, Migrations, Output, Record, Schema,
    SecretReference, Source,
};
use pilotage_record::text::{Actor, PartName, Words};
use pilotage_record::time::Time;
use pilotage_record::tree;
use serde::Deserialize;

use crate::error::{Done, wrong};
use crate::{files, layout};

/// A draft. Paths are relative to its own directory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    version: Version,
    #[serde(default)]
    prefix: String,
    sequence: u64,
    author: Actor,
    source: Source,
    builder: Builder,
    #[serde(default)]
    images: Vec<layout::Source>,
    #[serde(default)]
    outputs: Vec<Assembly>,
    #[serde(default)]
    migrations: Vec<MigrationFile>,
    #[serde(default)]
    secrets: Vec<SecretReference>,
    #[serde(default)]
    evidence: Vec<EvidenceReference>,
}

/// A directory that is an output of the build.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Assembly {
    name: PartName,
    directory: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MigrationFile {
    id: Words,
    file: PathBuf,
}

impl Draft {
    /// Reads everything that the draft names and records it.
    pub(crate) fn record(
        self,
        root: &Path,
        pinned: Vec<SecretReference>,
        created: Time,
    ) -> Done<Record> {
        let images = self.images.into_iter().map(|image| image.read(root));
        let outputs = self.outputs.into_iter().map(|output| output.pack(root));
        let migrations = self.migrations.into_iter().map(|one| one.read(root));
        let content = Content {
            schema: Schema::V1,
            source: self.source,
            version: self.version,
            prefix: self.prefix,
            sequence: self.sequence,
            author: self.author,
            builder: self.builder,
            created,
            images: images.collect::<Done<_>>()?,
            outputs: outputs.collect::<Done<_>>()?,
            migrations: Migrations::new(migrations.collect::<Done<_>>()?),
            secrets: self.secrets.into_iter().chain(pinned).collect(),
            evidence: self.evidence,
        };
        Record::new(&content).map_err(|error| wrong("the draft cannot be recorded", error))
    }
}

impl Assembly {
    fn pack(self, root: &Path) -> Done<Output> {
        let directory = root.join(&self.directory);
        let packed = tree::pack(&directory, io::sink())
            .map_err(|error| wrong(format!("output `{}` cannot be packed", self.name), error))?;
        let media_type = tree::MEDIA_TYPE.parse().map_err(|error| wrong("no media type", error))?;
        Ok(Output { name: self.name, media_type, digest: packed.digest, size: packed.size })
    }
}

impl MigrationFile {
    fn read(self, root: &Path) -> Done<Migration> {
        const LARGEST: usize = 16 << 20;
        let text = files::read(&root.join(&self.file), LARGEST)?;
        Ok(Migration { id: self.id, digest: Digest::of(&text) })
    }
}
