//! `release.toml`: what a line of releases consists of.

use std::collections::BTreeMap;
use std::path::Path;

use pilotage_artifact::next::{BeforeOne, Bump, Reading, Rules};
use pilotage_artifact::{Channel, Repository, TagPrefix, Version};
use pilotage_config::{Document, DocumentError, Fault};
use serde::{Deserialize, Serialize};

/// The configuration of one line of releases; a monorepo has one file for each line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The branch that releases are made of.
    pub branch: String,
    /// The remote that everybody shares.
    pub remote: String,
    /// What stands before the version in the tags of the line.
    pub tag_prefix: TagPrefix,
    /// How commits are read.
    pub commits: Reading,
    /// What a change means before 1.0.0.
    pub before_one: BeforeOne,
    /// Types of commits beyond the usual, or with another meaning.
    pub types: BTreeMap<String, Bump>,
    /// Only commits that change something below one of these count, where any are named: folders
    /// or files, from the root of the repository. For a line of a monorepo.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// The files that hold the version, beside `release.toml` or below.
    pub files: Vec<String>,
    /// The images that are released.
    pub images: Vec<Images>,
}

/// An image, and the channels that follow its releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Images {
    /// Where it is kept.
    pub repository: Repository,
    /// The channels that move to a release where it is the newest of them.
    #[serde(default)]
    pub channels: Vec<Kind>,
}

/// A kind of channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `latest`: the newest release.
    Latest,
    /// `stable`: the newest release from 1.0.0 on.
    Stable,
    /// `v1`: the newest of a major line.
    Major,
    /// `v1.4`: the newest of a minor line.
    Minor,
}

impl Kind {
    /// All of them, the widest first.
    pub const ALL: [Self; 4] = [Self::Latest, Self::Stable, Self::Major, Self::Minor];

    /// The channel of this kind that a version could belong to.
    pub const fn of(self, version: &Version) -> Channel {
        let [latest, stable, major, minor] = Channel::of(version);
        match self {
            Self::Latest => latest,
            Self::Stable => stable,
            Self::Major => major,
            Self::Minor => minor,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            branch: "main".into(),
            remote: "origin".into(),
            tag_prefix: TagPrefix::default(),
            commits: Reading::default(),
            before_one: BeforeOne::default(),
            types: BTreeMap::new(),
            paths: Vec::new(),
            files: Vec::new(),
            images: Vec::new(),
        }
    }
}

impl Config {
    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Self, DocumentError> {
        Self::of(&Document::load(path)?)
    }

    fn of(document: &Document) -> Result<Self, DocumentError> {
        let config: Self = document.decode()?;
        config.check().map_err(|fault| document.wrong(fault))?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Fault> {
        let help = "name files below the folder of `release.toml`";
        inside("files", &self.files, "is outside", help)?;
        let help = "name folders from the root, such as `services/api`";
        inside("paths", &self.paths, "is no path", help)?;
        if is_branch(&self.branch) {
            return Ok(());
        }
        let fault = Fault::new(format!("`{}` cannot name a branch", self.branch));
        Err(fault.with_help("write for example `main`").under("branch"))
    }

    /// The rules by which commits become versions.
    pub fn rules(&self) -> Rules {
        let mut rules =
            Rules { reading: self.commits, before_one: self.before_one, ..Rules::default() };
        let types = self.types.iter().map(|(name, bump)| (name.to_lowercase(), *bump));
        rules.types.extend(types);
        rules
    }
}

fn inside(key: &str, paths: &[String], what: &str, help: &str) -> Result<(), Fault> {
    let mut outside = paths.iter().enumerate().filter(|(_, path)| !stays_inside(path));
    let Some((index, path)) = outside.next() else { return Ok(()) };
    let fault = Fault::new(format!("`{path}` {what}")).with_help(help);
    Err(fault.under(format!("[{index}]")).under(key))
}

fn stays_inside(file: &str) -> bool {
    !file.is_empty() && file.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Nothing that means something else in a refspec.
fn is_branch(name: &str) -> bool {
    let inner =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    stays_inside(name) && name.bytes().all(inner) && !name.contains("..") && !name.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Document::parse(Path::new("release.toml"), text.into())
            .and_then(|document| Config::of(&document))
            .map_err(|error| error.advised())
    }

    #[test]
    fn an_empty_file_is_a_line_with_the_usual_settings() {
        let config = parse("").expect("nothing is required");
        assert_eq!(config, Config::default());
        assert_eq!((config.branch.as_str(), config.tag_prefix.as_str()), ("main", "v"));
    }

    #[test]
    fn everything_that_can_be_said() {
        let text = "branch = \"trunk\"\nremote = \"up\"\ntag_prefix = \"app/v\"\n\
                    commits = \"patch\"\nbefore_one = \"as-usual\"\nfiles = [\"VERSION\"]\n\
                    [types]\nDeps = \"patch\"\n[[images]]\nrepository = \"ghcr.io/org/app\"\n\
                    channels = [\"latest\", \"stable\", \"major\", \"minor\"]\n";
        let config = parse(text).expect("all of it is known");
        assert_eq!(config.rules().types.get("deps"), Some(&Bump::Patch));
        assert_eq!(config.rules().reading, Reading::Patch);
        assert_eq!(config.images[0].channels.len(), 4);
    }

    #[test]
    fn faults_have_a_place_and_help() {
        for (text, expected) in [
            ("a = 1\ntag_prefx = \"v\"", "release.toml:1:1: unknown key `a`; use `branch`, "),
            (
                "\ntag_prefx = \"v\"",
                "release.toml:2:1: unknown key `tag_prefx`; did you mean `tag_p",
            ),
            (
                "tag_prefix = \"-v\"",
                "release.toml:1:14: in `tag_prefix`: `-v` cannot begin a git t",
            ),
            (
                "commits = \"conventinal\"",
                ":1:11: in `commits`: `conventinal` is not known here; did",
            ),
            (
                "types.deps = \"pach\"",
                ":1:14: in `types.deps`: `pach` is not known here; did you mean",
            ),
            (
                "branch = \"a:b\"",
                "release.toml:1:10: in `branch`: `a:b` cannot name a branch; write",
            ),
            ("branch = 1", "release.toml:1:10: in `branch`: expected a text in quotes, found"),
            (
                "files = [\"a\",\n  \"../b\"]",
                "release.toml:2:3: in `files[1]`: `../b` is outside; na",
            ),
            (
                "files = [\"a\", \"b\"]\npaths = [\"a/../b\"]",
                ":2:10: in `paths[0]`: `a/../b` is no",
            ),
            ("[[images]]\nrepository = \"nginx\"", ":2:14: in `images[0].repository`: "),
            ("[[images]]\nrepository = \"nginx\"", "docker.io/library/nginx"),
            (
                "[[images]]\nchannels = []",
                ":1:1: in `images[0]`: the key `repository` is missing; add",
            ),
            ("branch = ", "release.toml:1:10: this is not TOML: "),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
