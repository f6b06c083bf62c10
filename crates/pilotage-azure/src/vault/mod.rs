//! Secrets of Azure Key Vault, read or described.
//!
//! A source for the resolver of `pilotage-secrets`, which limits and retries; so nothing here asks
//! twice. Key Vault has no batches: one request for each secret, many at once.
//!
//! - **Tokens go to vaults alone**: the host is made from the name of a vault and the suffix of its
//!   cloud, a redirect is not followed, and a page is not asked for elsewhere than the one before.
//! - **Describing reads no value**: the versions of a secret are listed, which takes the right
//!   `readMetadata` (`list` where a vault has access policies).
//! - **What is out of its time is refused here**, for the service gives it away all the same.

mod dated;
mod refusal;
mod tokens;

use core::num::NonZeroUsize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_identity::web::{Question, Web, is_this_machine, read};
use pilotage_secrets::reference::KeyVault as Wanted;
use pilotage_secrets::{
    Description, Errand, Failure, Fetched, Lane, Locator, Secret, SecretSource, VersionId, Words,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use self::dated::Dated;
use self::refusal::{refusal, unanswered, unreadable};
use self::tokens::Tokens;
use crate::{Error, Login, trimmed};

/// The version of the interface, which the national clouds have as well.
const API: &str = "7.4";
/// Calls to one vault at once; its quota is four thousand in ten seconds.
const PARALLEL: NonZeroUsize = NonZeroUsize::MIN.saturating_add(15);
/// The most pages of versions that are listed, of twenty-five each.
const PAGES: usize = 20;

/// The secrets of all vaults that a login may enter.
#[derive(Debug)]
pub struct KeyVaults {
    tokens: Tokens,
    web: Web,
    server: Option<String>,
}

/// A value with what is known of it.
#[derive(Deserialize)]
struct Bundle {
    value: String,
    #[serde(flatten)]
    dated: Dated,
}

/// A page of versions.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    value: Vec<Dated>,
    #[serde(rename = "nextLink")]
    next: Option<String>,
}

impl KeyVaults {
    /// The secrets that whoever this login is can see. Nothing is asked yet.
    pub fn new(login: Arc<dyn Login>, clock: Arc<dyn Clock>) -> Self {
        let web = Web::new(clock);
        Self { tokens: Tokens::new(login), web, server: None }
    }

    /// The same with an emulator of this machine in the place of every vault. No other machine can
    /// be named, for it would be given tokens.
    pub fn emulated_at(self, server: &str) -> Result<Self, Error> {
        let host = server.strip_prefix("http://").map(|rest| rest.split(['/', ':']).next());
        if host.flatten().is_some_and(is_this_machine) {
            return Ok(Self { server: Some(trimmed(server).to_owned()), ..self });
        }
        Err(Error::Setting {
            setting: "the endpoint of Key Vault",
            given: server.to_owned(),
            expected: "it is an address of this machine, such as `http://127.0.0.1:8080`",
        })
    }

    fn server(&self, wanted: &Wanted) -> String {
        self.server.clone().unwrap_or_else(|| format!("https://{}", wanted.host()))
    }

    async fn value(&self, wanted: &Wanted) -> Result<Fetched, Failure> {
        let version = wanted.version().map(|version| format!("/{version}")).unwrap_or_default();
        let place = format!("{}/secrets/{}{version}", self.server(wanted), wanted.name());
        let question = Question::get("read a secret of Key Vault", place).with("api-version", API);
        let Bundle { value, dated } = self.answer(wanted, question).await?;
        let value = Secret::from(value);
        dated.usable(self.web.clock().now())?;
        Ok(Fetched { version: Some(dated.version()?), value })
    }

    async fn told(&self, wanted: &Wanted) -> Result<Description, Failure> {
        let all = self.versions(wanted).await?;
        let meant = match wanted.version() {
            Some(version) => all.iter().find(|one| one.version().as_ref() == Ok(version)),
            None => all.iter().max_by_key(|one| one.made()),
        };
        let none = if all.is_empty() { Failure::Missing } else { Failure::NoSuchVersion };
        let meant = meant.ok_or(none)?;
        meant.usable(self.web.clock().now())?;
        let version = |one: &Dated| Ok((one.version()?, BTreeSet::new()));
        let versions = all.iter().map(version).collect::<Result<BTreeMap<VersionId, _>, Failure>>();
        let (version, versions) = (Some(meant.version()?), versions?);
        Ok(Description { version, versions, ..Description::default() })
    }

    async fn versions(&self, wanted: &Wanted) -> Result<Vec<Dated>, Failure> {
        let doing = "list the versions of a secret of Key Vault";
        let base = format!("{}/secrets/{}/versions", self.server(wanted), wanted.name());
        let mut all = Vec::new();
        let mut question = Question::get(doing, &base).with("api-version", API);
        for _ in 0..PAGES {
            let page: Page = self.answer(wanted, question).await?;
            all.extend(page.value);
            let Some(next) = page.next.filter(|next| !next.is_empty()) else { return Ok(all) };
            if !next.starts_with(&format!("{base}?")) {
                return Err(unreadable("the next page is said to be somewhere else"));
            }
            question = Question::get(doing, next);
        }
        Err(unreadable("the secret has more than five hundred versions"))
    }

    /// Asks a vault, and tells apart what it may refuse with.
    async fn answer<T: DeserializeOwned>(
        &self,
        wanted: &Wanted,
        question: Question,
    ) -> Result<T, Failure> {
        let token = self.tokens.token(wanted.cloud(), self.web.clock()).await?;
        let question = question.as_bearer(&token);
        let answer = self.web.once(&question).await.map_err(|error| unanswered(&error.into()))?;
        if answer.status == 200 {
            let unread = |_| unreadable("it is no answer of Key Vault");
            return read(question.doing(), &answer.body).map_err(unread);
        }
        match refusal(&answer) {
            Failure::Missing => Err(self.missing(wanted).await),
            failure => {
                if answer.status == 401 {
                    self.tokens.forget(wanted.cloud()).await;
                }
                Err(failure)
            }
        }
    }

    /// What is missing may be deleted and not yet gone; whoever may not look there hears nothing of
    /// it.
    async fn missing(&self, wanted: &Wanted) -> Failure {
        let place = format!("{}/deletedsecrets/{}", self.server(wanted), wanted.name());
        let question = Question::get("look for a deleted secret", place).with("api-version", API);
        let Ok(token) = self.tokens.token(wanted.cloud(), self.web.clock()).await else {
            return Failure::Missing;
        };
        let asked = self.web.once(&question.as_bearer(&token)).await;
        match asked.ok().filter(|answer| answer.status == 200) {
            Some(answer) => Failure::Deleted { gone_at: dated::gone_at(&answer.body) },
            None if wanted.version().is_some() => Failure::NoSuchVersion,
            None => Failure::Missing,
        }
    }
}

#[async_trait]
impl SecretSource for KeyVaults {
    fn place(&self) -> String {
        "Azure Key Vault".into()
    }

    fn lane(&self, errand: Errand, locator: &Locator) -> Option<Lane> {
        let what = match errand {
            Errand::Fetch => "secrets",
            Errand::Describe => "secrets to describe",
        };
        let name = format!("{what} in {}", ours(locator)?.host());
        Some(Lane { name, batch: NonZeroUsize::MIN, parallel: PARALLEL })
    }

    async fn fetch(&self, locators: &[Locator]) -> Vec<Result<Fetched, Failure>> {
        let mut answers = Vec::with_capacity(locators.len());
        for locator in locators {
            answers.push(match ours(locator) {
                Some(wanted) => self.value(wanted).await,
                None => Err(foreign()),
            });
        }
        answers
    }

    async fn describe(&self, locators: &[Locator]) -> Vec<Result<Description, Failure>> {
        let mut answers = Vec::with_capacity(locators.len());
        for locator in locators {
            answers.push(match ours(locator) {
                Some(wanted) => self.told(wanted).await,
                None => Err(foreign()),
            });
        }
        answers
    }
}

const fn ours(locator: &Locator) -> Option<&Wanted> {
    match locator {
        Locator::KeyVault(wanted) => Some(wanted),
        _ => None,
    }
}

fn foreign() -> Failure {
    Failure::NoSource { said: Words::new("this source reads Key Vault only") }
}
