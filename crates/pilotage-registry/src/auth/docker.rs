//! Docker's configuration file, where `docker login` and other tools leave credentials.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Credential, CredentialError, Credentials, Helper, HelperSaid};

/// The user under which Docker stores a refresh token.
const TOKEN_USER: &str = "<token>";
/// How the registry of Docker is called in its own file.
const HUB: &str = "https://index.docker.io/v1/";

/// Credentials out of a `config.json`: its helpers first, then what is written in it.
///
/// It is read by whoever composes, and given as text.
#[derive(Debug, Clone)]
pub struct DockerConfig {
    file: File,
    helper: Arc<dyn Helper>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct File {
    auths: BTreeMap<String, Auth>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Auth {
    auth: Option<SecretString>,
    username: Option<String>,
    password: Option<SecretString>,
    identitytoken: Option<SecretString>,
    registrytoken: Option<SecretString>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Got {
    username: String,
    secret: SecretString,
}

impl DockerConfig {
    /// Reads the text of a `config.json`.
    pub fn parse(text: &str, helper: Arc<dyn Helper>) -> Result<Self, CredentialError> {
        let wrong = |error: serde_json::Error| CredentialError::Misconfigured {
            setting: "the configuration of Docker".into(),
            // The error itself could repeat a part of a secret.
            why: format!("it is no valid JSON at line {}, column {}", error.line(), error.column()),
        };
        Ok(Self { file: serde_json::from_str(text).map_err(wrong)?, helper })
    }

    async fn from_helper(&self, name: &str, server: &str) -> Result<Credential, CredentialError> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(is_plain) {
            let setting = "the credential helper in the configuration of Docker".into();
            let why = "its name is not a plain word".into();
            return Err(CredentialError::Misconfigured { setting, why });
        }
        let provider = format!("docker-credential-{name}");
        let said = self.helper.get(&provider, server).await;
        let said = said.map_err(|error| failed(&provider, error.to_string()))?;
        understand(&provider, &said)
    }
}

fn understand(provider: &str, said: &HelperSaid) -> Result<Credential, CredentialError> {
    if !said.succeeded {
        let words = String::from_utf8_lossy(&said.output).to_lowercase();
        // The one failure that is none has no code of its own.
        if words.contains("credentials not found") {
            return Ok(Credential::None);
        }
        return Err(failed(provider, "it ended without success".into()));
    }
    let unclear = |_| failed(provider, "its answer is not what helpers say".into());
    let Got { username: user, secret } = serde_json::from_slice(&said.output).map_err(unclear)?;
    Ok(match user.as_str() {
        TOKEN_USER => Credential::Identity { user, token: secret },
        _ => Credential::Password { user, password: secret },
    })
}

fn failed(provider: &str, why: String) -> CredentialError {
    CredentialError::Failed { provider: provider.into(), why }
}

impl Auth {
    fn credential(&self) -> Result<Credential, CredentialError> {
        if let Some(token) = &self.registrytoken {
            return Ok(Credential::Token(token.clone()));
        }
        let pair = self.pair()?;
        if let Some(token) = &self.identitytoken {
            let user = pair.map_or_else(|| TOKEN_USER.into(), |(user, _)| user);
            return Ok(Credential::Identity { user, token: token.clone() });
        }
        let password = |(user, password)| Credential::Password { user, password };
        Ok(pair.map(password).unwrap_or_default())
    }

    fn pair(&self) -> Result<Option<(String, SecretString)>, CredentialError> {
        use secrecy::ExposeSecret as _;
        if let (Some(user), Some(password)) = (&self.username, &self.password) {
            return Ok(Some((user.clone(), password.clone())));
        }
        let given = self.auth.as_ref().filter(|auth| !auth.expose_secret().is_empty());
        let Some(auth) = given else { return Ok(None) };
        let wrong = || CredentialError::Misconfigured {
            setting: "an `auth` in the configuration of Docker".into(),
            why: "it is not a user and a password in Base64".into(),
        };
        let bytes = STANDARD.decode(auth.expose_secret()).map_err(|_| wrong())?;
        let text = String::from_utf8(bytes).map_err(|_| wrong())?;
        let (user, password) = text.split_once(':').ok_or_else(wrong)?;
        // Docker itself pads what it stores with zero bytes on some systems.
        Ok(Some((user.into(), password.trim_end_matches('\0').into())))
    }
}

/// The names under which a registry may stand in the file.
fn names(registry: &str) -> Vec<String> {
    let hub = (registry == "docker.io").then(|| HUB.to_owned());
    let plain = [
        registry.to_owned(),
        format!("https://{registry}"),
        format!("https://{registry}/"),
        format!("https://{registry}/v1/"),
        format!("https://{registry}/v2/"),
    ];
    hub.into_iter().chain(plain).collect()
}

#[async_trait]
impl Credentials for DockerConfig {
    async fn credential(&self, registry: &str) -> Result<Credential, CredentialError> {
        let names = names(registry);
        let server = if registry == "docker.io" { HUB } else { registry };
        let helpers = &self.file.cred_helpers;
        if let Some(helper) = names.iter().find_map(|name| helpers.get(name)) {
            return self.from_helper(helper, server).await;
        }
        if let Some(store) = self.file.creds_store.as_deref().filter(|store| !store.is_empty()) {
            match self.from_helper(store, server).await? {
                Credential::None => {}
                found => return Ok(found),
            }
        }
        let written = names.iter().find_map(|name| self.file.auths.get(name));
        written.map_or(Ok(Credential::None), Auth::credential)
    }

    async fn refused(&self, _: &str) {}
}
