//! What the environment says about credentials and CI. It is read once, when the process begins.

use std::ffi::OsString;
use std::path::PathBuf;

use pilotage_ci::ci::Files;
use pilotage_ci::surface::Surface;
use pilotage_registry::Proxies;
use secrecy::SecretString;

/// What the environment says about credentials and CI.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    /// The file in which `docker login` leaves credentials, whether or not it is there.
    pub(crate) docker: Option<PathBuf>,
    /// The credentials of one registry.
    pub(crate) login: Option<Login>,
    /// The token of a job at GitHub, which its registry takes.
    pub(crate) github: Option<SecretString>,
    /// The file of an authority that vouches for a registry of one's own.
    pub(crate) authority: Option<PathBuf>,
    /// Through which proxy registries are reached.
    pub(crate) proxies: Proxies,
    /// Where this is shown.
    pub(crate) surface: Surface,
    /// Where a CI system reads what it is told.
    pub(crate) files: Files,
    /// What a CI system says that it builds.
    pub(crate) reference: Option<String>,
}

/// The credentials of one registry, as a pipeline gives them.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) registry: String,
    pub(crate) user: String,
    pub(crate) password: SecretString,
}

impl Surroundings {
    /// The environment of this process.
    #[expect(clippy::disallowed_methods, reason = "this is the composition of a real process")]
    pub(crate) fn of_this_process() -> Self {
        Self::of(|name| std::env::var_os(name))
    }

    fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let filled = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| filled(name)?.into_string().ok();
        let either = |name: &str| text(name).or_else(|| text(&name.to_ascii_lowercase()));
        let login = || {
            Some(Login {
                registry: text("PILOTAGE_REGISTRY")?,
                user: text("PILOTAGE_REGISTRY_USER")?,
                password: text("PILOTAGE_REGISTRY_PASSWORD")?.into(),
            })
        };
        let given = filled("DOCKER_CONFIG").map(PathBuf::from);
        let of_user = || Some(PathBuf::from(filled("HOME")?).join(".docker"));
        Self {
            docker: given.or_else(of_user).map(|folder| folder.join("config.json")),
            login: login(),
            github: text("GITHUB_TOKEN").map(Into::into),
            authority: filled("PILOTAGE_REGISTRY_CA").map(PathBuf::from),
            proxies: Proxies::of(either("HTTPS_PROXY").as_deref(), either("NO_PROXY").as_deref()),
            // Nothing is redrawn here, so it does not matter whether somebody looks on.
            surface: Surface::detect(text, false),
            files: Files::detect(text),
            reference: pilotage_release::ci_ref(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Surroundings {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Surroundings::of(|name| find(name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_folder_of_docker_that_was_given_counts_before_that_of_the_user() {
        let docker = |variables: &[_]| of(variables).docker;
        assert_eq!(docker(&[("HOME", "/h")]), Some("/h/.docker/config.json".into()));
        let both = [("HOME", "/h"), ("DOCKER_CONFIG", "/d")];
        assert_eq!(docker(&both), Some("/d/config.json".into()));
        assert_eq!(docker(&[("HOME", "")]), None);
    }

    #[test]
    fn a_login_has_all_of_its_parts_or_is_none() {
        let parts = [
            ("PILOTAGE_REGISTRY", "r.example"),
            ("PILOTAGE_REGISTRY_USER", "u"),
            ("PILOTAGE_REGISTRY_PASSWORD", "p"),
        ];
        assert!(of(&parts).login.is_some_and(|login| login.registry == "r.example"));
        assert!(of(&parts[..2]).login.is_none());
        assert!(of(&[("GITHUB_TOKEN", "t")]).github.is_some());
    }
}
