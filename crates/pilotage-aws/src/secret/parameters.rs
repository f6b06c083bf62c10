//! SSM Parameter Store.
//!
//! Ten parameters a call, decrypted. What is not there comes back in a list of its own beside a
//! success, and is a failure here; the service does not tell whether the parameter or only its
//! version is missing, so what was asked for by version or label is said to have no such version.

use async_trait::async_trait;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::{Parameter as Given, ParameterMetadata, ParameterStringFilter};
use pilotage_secrets::reference::{Parameter as Wanted, Selector};
use pilotage_secrets::{
    Description, Errand, Failure, Fetched, KmsKey, Lane, Locator, Secret, SecretSource, Words,
};

use super::clients::Clients;
use super::failure::unread;
use super::lane;
use crate::Session;
use crate::failure::{Call, failed};

/// The most parameters of a call.
const BATCH: usize = 10;
/// Calls at once: the quota is forty a second for the whole account, unless it was raised.
const PARALLEL: usize = 4;
/// The most pages of one question; each may be empty and yet not the last.
const PAGES: usize = 10;
/// The key that parameters are encrypted with if none is named; no policy has to name it.
const DEFAULT_KEY: &str = "alias/aws/ssm";

/// Parameters of SSM Parameter Store, in the session's region or where an ARN says.
#[derive(Debug, Clone)]
pub struct ParameterStore {
    clients: Clients<Client>,
}

impl ParameterStore {
    /// The parameters that the session can see. Nothing is asked yet.
    pub fn new(session: &Session) -> Self {
        Self { clients: Clients::new(session, Client::new) }
    }

    fn region<'w>(&'w self, wanted: &'w Wanted) -> &'w str {
        wanted.site.as_ref().map_or(self.clients.home(), |site| site.region())
    }

    fn client(&self, wanted: &Wanted) -> Client {
        self.clients.of(self.region(wanted))
    }

    async fn values(&self, first: &Wanted, wanted: &[Wanted]) -> Result<Vec<Given>, Failure> {
        let names = wanted.iter().map(Wanted::request_name).collect();
        let ask = self.client(first).get_parameters().set_names(Some(names)).with_decryption(true);
        let call = || Call::new("ssm:GetParameters", format!("{} parameters", wanted.len()));
        let answer = ask.send().await.map_err(|error| unread(&failed(call(), error)))?;
        Ok(answer.parameters.unwrap_or_default())
    }

    async fn listed(
        &self,
        first: &Wanted,
        wanted: &[Wanted],
    ) -> Result<Vec<ParameterMetadata>, Failure> {
        let (client, mut found, mut page) = (self.client(first), Vec::new(), None);
        let filter = by_names(wanted)?;
        for _ in 0..PAGES {
            let ask = client.describe_parameters().parameter_filters(filter.clone());
            let ask = ask.max_results(50).set_next_token(page.take());
            let call =
                || Call::new("ssm:DescribeParameters", format!("{} parameters", wanted.len()));
            let answer = ask.send().await.map_err(|error| unread(&failed(call(), error)))?;
            found.extend(answer.parameters.unwrap_or_default());
            page = answer.next_token.filter(|token| !token.is_empty());
            if page.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl SecretSource for ParameterStore {
    fn place(&self) -> String {
        format!("Parameter Store in {}", self.clients.home())
    }

    fn lane(&self, errand: Errand, locator: &Locator) -> Option<Lane> {
        let wanted = ours(locator)?;
        let region = self.region(wanted);
        Some(match (errand, &wanted.selector) {
            // Apart, for not every endpoint echoes which version an answer was asked for by.
            (Errand::Fetch, Selector::Latest) => lane("parameters", region, BATCH, PARALLEL),
            (Errand::Fetch, _) => lane("parameters by version", region, BATCH, PARALLEL),
            (Errand::Describe, _) => lane("parameters to describe", region, BATCH, 1),
        })
    }

    async fn fetch(&self, locators: &[Locator]) -> Vec<Result<Fetched, Failure>> {
        let wanted: Vec<Wanted> = locators.iter().filter_map(ours).cloned().collect();
        let Some(first) = wanted.first().filter(|_| wanted.len() == locators.len()) else {
            return vec![Err(foreign()); locators.len()];
        };
        match self.values(first, &wanted).await {
            Err(failure) => vec![Err(failure); locators.len()],
            Ok(given) => wanted.iter().map(|one| picked(one, &given)).collect(),
        }
    }

    async fn describe(&self, locators: &[Locator]) -> Vec<Result<Description, Failure>> {
        let wanted: Vec<Wanted> = locators.iter().filter_map(ours).cloned().collect();
        let Some(first) = wanted.first().filter(|_| wanted.len() == locators.len()) else {
            return vec![Err(foreign()); locators.len()];
        };
        match self.listed(first, &wanted).await {
            Err(failure) => vec![Err(failure); locators.len()],
            Ok(found) => wanted.iter().map(|one| described(one, &found)).collect(),
        }
    }
}

const fn ours(locator: &Locator) -> Option<&Wanted> {
    match locator {
        Locator::Parameter(wanted) => Some(wanted),
        _ => None,
    }
}

fn foreign() -> Failure {
    Failure::NoSource { said: Words::new("this source reads Parameter Store only") }
}

fn by_names(wanted: &[Wanted]) -> Result<ParameterStringFilter, Failure> {
    let names = wanted.iter().map(|one| one.name.to_string()).collect();
    let filter = ParameterStringFilter::builder().key("Name").option("Equals");
    let unbuilt = |_| Failure::NotUnderstood { said: Words::new("the question has no key") };
    filter.set_values(Some(names)).build().map_err(unbuilt)
}

/// The answer to one of several questions.
fn picked(wanted: &Wanted, given: &[Given]) -> Result<Fetched, Failure> {
    let found =
        given.iter().find(|given| is_about(wanted, given)).ok_or_else(|| missing(wanted))?;
    let value = found.value.clone().map(Secret::from);
    let unanswered = || Failure::NotUnderstood { said: Words::new("the parameter has no value") };
    let version = found.version.to_string().parse().ok();
    Ok(Fetched { version, value: value.ok_or_else(unanswered)? })
}

fn is_about(wanted: &Wanted, given: &Given) -> bool {
    let base = wanted.base();
    let names = [given.name(), given.arn()].into_iter().flatten();
    // Some echo the selector in the name as well.
    let is_named = names.into_iter().any(|name| name == base || name == wanted.request_name());
    let selector = given.selector().unwrap_or_default();
    is_named
        && match &wanted.selector {
            Selector::Latest => selector.is_empty(),
            Selector::Version(number) => i64::try_from(*number) == Ok(given.version),
            Selector::Label(label) => {
                selector.is_empty() || selector.trim_start_matches(':') == label.as_str()
            }
        }
}

const fn missing(wanted: &Wanted) -> Failure {
    match wanted.selector {
        Selector::Latest => Failure::Missing,
        Selector::Version(_) | Selector::Label(_) => Failure::NoSuchVersion,
    }
}

fn described(wanted: &Wanted, found: &[ParameterMetadata]) -> Result<Description, Failure> {
    let is_it = |one: &&ParameterMetadata| one.name() == Some(wanted.name.as_str());
    let found = found.iter().find(is_it).ok_or(Failure::Missing)?;
    let newest = u64::try_from(found.version).unwrap_or(0);
    let number = match &wanted.selector {
        Selector::Latest => newest,
        Selector::Version(number) if *number <= newest => *number,
        Selector::Version(_) => return Err(Failure::NoSuchVersion),
        Selector::Label(_) => {
            let said = "a label cannot be described without reading the parameter; name a version";
            return Err(Failure::NoSource { said: Words::new(said) });
        }
    };
    let key = found.key_id.clone().filter(|key| key != DEFAULT_KEY).map(KmsKey);
    let (full_name, version) = (found.arn.clone(), number.to_string().parse().ok());
    Ok(Description { full_name, version, key, ..Description::default() })
}
