//! What a token is to be good for.

use pilotage_artifact::Repository;

/// One or more repositories with what may be done there. The first is the one that is written to,
/// for some registries read no further.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Scopes(Vec<String>);

impl Scopes {
    pub(crate) fn pull(repository: &Repository) -> Self {
        Self(vec![format!("repository:{}:pull", repository.path())])
    }

    pub(crate) fn push(repository: &Repository) -> Self {
        Self(vec![format!("repository:{}:pull,push", repository.path())])
    }

    /// To write to one and read from another.
    pub(crate) fn mount(to: &Repository, from: &Repository) -> Self {
        if to == from {
            return Self::push(to);
        }
        let Self(mut scopes) = Self::push(to);
        scopes.extend(Self::pull(from).0);
        Self(scopes)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_that_is_written_to_comes_first() {
        let repository = |text: &str| text.parse::<Repository>().expect(text);
        let (to, from) = (repository("ghcr.io/a/to"), repository("ghcr.io/a/from"));
        let scopes = Scopes::mount(&to, &from);
        let texts: Vec<&str> = scopes.iter().collect();
        assert_eq!(texts, ["repository:a/to:pull,push", "repository:a/from:pull"]);
        assert_eq!(Scopes::mount(&to, &to), Scopes::push(&to));
    }
}
