//! Repositories: whether they are there, and how their tags behave.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::{Ecr, EcrError, TagRule};
use crate::failure::{Call, Failure, Kind, failed};

/// The name of a repository: 2 to 256 characters, parts of lower-case letters and digits, joined
/// by `.`, `_`, `-`, and `/` between folders.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RepositoryName(String);

/// Text that cannot name a repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot name a repository: 2 to 256 lower-case letters and digits can, with single \
     `.`, `_`, `-` or `/` in between"
)]
pub struct InvalidName {
    given: String,
}

impl RepositoryName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RepositoryName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = |part: &str| !part.is_empty() && part.bytes().all(is_word);
        let parts = || text.split(['/', '.', '-', '_']);
        // Runs of dashes and double underscores are allowed between words, though not at an end.
        let inner = text.replace("__", "_");
        let squeezed: Vec<&str> = inner.split('-').filter(|part| !part.is_empty()).collect();
        let inside = squeezed.iter().all(|part| part.split(['/', '.', '_']).all(fits));
        let ends = [parts().next(), parts().next_back()].into_iter().flatten().all(fits);
        if (2..=256).contains(&text.len()) && inside && ends {
            return Ok(Self(text.into()));
        }
        Err(InvalidName { given: text.into() })
    }
}

impl Display for RepositoryName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A repository that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Where images are pushed to: host and name.
    pub uri: String,
    /// Its name in policies.
    pub arn: String,
    /// Whether its tags may move.
    pub tags: TagRule,
}

impl Ecr {
    /// The repository of this name.
    ///
    /// ECR drops the connection in the middle of an upload to a repository that is not there, so
    /// this is asked before; the error then says how to create it under this rule.
    pub async fn repository(
        &self,
        name: &RepositoryName,
        rule: &TagRule,
    ) -> Result<Repository, EcrError> {
        let call = Call::new("ecr:DescribeRepositories", self.named(name));
        let asked = self.client.describe_repositories().repository_names(name.as_str());
        match asked.send().await.map_err(|error| failed(call.clone(), error)) {
            Ok(answer) => {
                let first = answer.repositories.unwrap_or_default().into_iter().next();
                read(first.as_ref()).ok_or_else(|| unreadable(call).into())
            }
            Err(failure) if failure.kind() == Kind::Missing => Err(self.missing(name, rule)),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Creates the repository, or gives the one that is there already, whatever its rule is.
    pub async fn create(
        &self,
        name: &RepositoryName,
        rule: &TagRule,
    ) -> Result<Repository, EcrError> {
        let call = Call::new("ecr:CreateRepository", self.named(name));
        let asked = self.client.create_repository().repository_name(name.as_str());
        let asked = asked.image_tag_mutability(rule.setting());
        let asked = asked.set_image_tag_mutability_exclusion_filters(rule.filters());
        match asked.send().await.map_err(|error| failed(call.clone(), error)) {
            Ok(answer) => read(answer.repository.as_ref()).ok_or_else(|| unreadable(call).into()),
            Err(failure) if failure.code() == Some("RepositoryAlreadyExistsException") => {
                self.repository(name, rule).await
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn named(&self, name: &RepositoryName) -> String {
        format!("`{name}` in {}", self.region())
    }

    fn missing(&self, name: &RepositoryName, rule: &TagRule) -> EcrError {
        let command = command(self.region(), name, rule);
        EcrError::NoRepository { name: name.clone(), place: self.place(), command }
    }
}

/// What creates the repository by hand. Names and patterns hold nothing that a shell would read.
fn command(region: &str, name: &RepositoryName, rule: &TagRule) -> String {
    let patterns = rule.except().iter();
    let filters = patterns.map(|pattern| format!(" 'filterType=WILDCARD,filter={pattern}'"));
    let filters: String = filters.collect();
    let option = if filters.is_empty() { "" } else { " --image-tag-mutability-exclusion-filters" };
    format!(
        "aws ecr create-repository --region {region} --repository-name {name} \
         --image-tag-mutability {}{option}{filters}",
        rule.setting()
    )
}

fn read(told: Option<&aws_sdk_ecr::types::Repository>) -> Option<Repository> {
    let told = told?;
    let filters = told.image_tag_mutability_exclusion_filters();
    Some(Repository {
        uri: told.repository_uri()?.to_owned(),
        arn: told.repository_arn()?.to_owned(),
        tags: TagRule::told(told.image_tag_mutability(), filters),
    })
}

fn unreadable(call: Call) -> Failure {
    Failure::unreadable(call, "no repository was told")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> RepositoryName {
        text.parse().expect("a name")
    }

    #[test]
    fn names_are_those_that_ecr_takes() {
        for good in ["ab", "team/app", "a.b_c-d/e1", "a--b", "a__b"] {
            assert!(good.parse::<RepositoryName>().is_ok(), "{good}");
        }
        for wrong in ["", "a", "App", "a//b", "/a", "a/", "-ab", "ab-", "a b", "a$(x)", "a..b"] {
            assert!(wrong.parse::<RepositoryName>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_command_creates_what_creation_would() {
        let except = vec!["latest".parse().expect("a pattern"), "v*".parse().expect("a pattern")];
        let rule = TagRule::Fixed { except };
        assert_eq!(
            command("eu-central-1", &name("team/app"), &rule),
            "aws ecr create-repository --region eu-central-1 --repository-name team/app \
             --image-tag-mutability IMMUTABLE_WITH_EXCLUSION \
             --image-tag-mutability-exclusion-filters 'filterType=WILDCARD,filter=latest' \
             'filterType=WILDCARD,filter=v*'"
        );
    }
}
