//! AWS Secrets Manager.
//!
//! The batch call knows only the current version, at most twenty secrets, and a hundredth of the
//! quota of the single one. So what is pinned or staged is read one by one, many at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::{ApiErrorType, SecretValueEntry};
use aws_smithy_types::Blob;
use pilotage_rollout::Moment;
use pilotage_secrets::reference::{Pick, SecretsManager as Wanted};
use pilotage_secrets::{
    Description, Errand, Failure, Fetched, KmsKey, Lane, Locator, Secret, SecretSource, Stage,
    VersionId, Words,
};

use super::clients::Clients;
use super::failure::{of_code, unread};
use super::lane;
use crate::Session;
use crate::failure::{Call, failed};

/// The most secrets of a batch.
const BATCH: usize = 20;
/// Batches at once: their quota is a hundred a second for the whole account.
const BATCHES: usize = 4;
/// Single calls at once.
const SINGLES: usize = 16;
/// The characters that the service adds to a name in an ARN: a hyphen and six more.
const SUFFIX: usize = 7;

/// Secrets of AWS Secrets Manager, in the session's region or where an ARN says.
#[derive(Debug, Clone)]
pub struct SecretsManager {
    clients: Clients<Client>,
}

impl SecretsManager {
    /// The secrets that the session can see. Nothing is asked yet.
    pub fn new(session: &Session) -> Self {
        Self { clients: Clients::new(session, Client::new) }
    }

    fn region<'w>(&'w self, wanted: &'w Wanted) -> &'w str {
        wanted.site.as_ref().map_or(self.clients.home(), |site| site.region())
    }

    fn client(&self, wanted: &Wanted) -> Client {
        self.clients.of(self.region(wanted))
    }

    async fn batch(&self, first: &Wanted, wanted: &[Wanted]) -> Vec<Result<Fetched, Failure>> {
        let ids = wanted.iter().map(Wanted::secret_id).collect();
        let ask = self.client(first).batch_get_secret_value().set_secret_id_list(Some(ids));
        match ask.send().await {
            Ok(answer) => {
                let values = answer.secret_values.unwrap_or_default();
                let errors = answer.errors.unwrap_or_default();
                sorted(wanted, &values, &errors)
            }
            Err(error) => {
                let call = Call::new("secretsmanager:BatchGetSecretValue", count(wanted));
                let failure = unread(&failed(call, error));
                vec![Err(failure); wanted.len()]
            }
        }
    }

    async fn single(&self, wanted: &Wanted) -> Result<Fetched, Failure> {
        let ask = self.client(wanted).get_secret_value().secret_id(wanted.secret_id());
        let ask = match &wanted.pick {
            Pick::Current => ask,
            Pick::Stage(stage) => ask.version_stage(stage.as_str()),
            Pick::Id(id) => ask.version_id(id.as_str()),
        };
        let call = || Call::new("secretsmanager:GetSecretValue", wanted.name.to_string());
        let answer = ask.send().await.map_err(|error| unread(&failed(call(), error)))?;
        fetched(answer.version_id.as_deref(), answer.secret_string, answer.secret_binary)
    }

    async fn told(&self, wanted: &Wanted) -> Result<Description, Failure> {
        let ask = self.client(wanted).describe_secret().secret_id(wanted.secret_id());
        let call = || Call::new("secretsmanager:DescribeSecret", wanted.name.to_string());
        let answer = ask.send().await.map_err(|error| unread(&failed(call(), error)))?;
        described(&wanted.pick, answer)
    }
}

#[async_trait]
impl SecretSource for SecretsManager {
    fn place(&self) -> String {
        format!("Secrets Manager in {}", self.clients.home())
    }

    fn lane(&self, errand: Errand, locator: &Locator) -> Option<Lane> {
        let wanted = ours(locator)?;
        let region = self.region(wanted);
        Some(match (errand, &wanted.pick) {
            (Errand::Fetch, Pick::Current) => lane("current secrets", region, BATCH, BATCHES),
            (Errand::Fetch, _) => lane("secrets by version", region, 1, SINGLES),
            (Errand::Describe, _) => lane("secrets to describe", region, 1, SINGLES),
        })
    }

    async fn fetch(&self, locators: &[Locator]) -> Vec<Result<Fetched, Failure>> {
        let wanted: Vec<Wanted> = locators.iter().filter_map(ours).cloned().collect();
        if wanted.len() != locators.len() {
            return vec![Err(foreign()); locators.len()];
        }
        match wanted.as_slice() {
            [] => Vec::new(),
            [one] => vec![self.single(one).await],
            [first, ..] => self.batch(first, &wanted).await,
        }
    }

    async fn describe(&self, locators: &[Locator]) -> Vec<Result<Description, Failure>> {
        let mut told = Vec::with_capacity(locators.len());
        for locator in locators {
            told.push(match ours(locator) {
                Some(wanted) => self.told(wanted).await,
                None => Err(foreign()),
            });
        }
        told
    }
}

const fn ours(locator: &Locator) -> Option<&Wanted> {
    match locator {
        Locator::SecretsManager(wanted) => Some(wanted),
        _ => None,
    }
}

fn foreign() -> Failure {
    Failure::NoSource { said: Words::new("this source reads Secrets Manager only") }
}

fn count(wanted: &[Wanted]) -> String {
    format!("{} secrets", wanted.len())
}

/// The answers in the order of the question; one may answer two, by name and by ARN.
fn sorted(
    wanted: &[Wanted],
    values: &[SecretValueEntry],
    errors: &[ApiErrorType],
) -> Vec<Result<Fetched, Failure>> {
    let answer = |wanted: &Wanted| {
        let found = values.iter().find(|entry| is_about(wanted, entry));
        if let Some(entry) = found {
            let version = entry.version_id.clone();
            return fetched(
                version.as_deref(),
                entry.secret_string.clone(),
                entry.secret_binary.clone(),
            );
        }
        let id = wanted.secret_id();
        let refused = errors.iter().find(|error| error.secret_id() == Some(&id));
        Err(refused.map_or_else(unanswered, said))
    };
    wanted.iter().map(answer).collect()
}

/// Whether an answer is about this: by name, or by an ARN with or without its random end.
fn is_about(wanted: &Wanted, entry: &SecretValueEntry) -> bool {
    let id = wanted.secret_id();
    if wanted.site.is_none() {
        return entry.name() == Some(&id);
    }
    let without =
        |arn: &str| arn.len().checked_sub(SUFFIX).and_then(|end| arn.get(..end)) == Some(&id);
    entry.arn().is_some_and(|arn| arn == id || without(arn))
}

fn said(error: &ApiErrorType) -> Failure {
    let (code, said) =
        (error.error_code().unwrap_or_default(), error.message().unwrap_or_default());
    let words = || Words::new(&format!("{code}: {said}"));
    of_code(code, said).unwrap_or_else(|| Failure::NotUnderstood { said: words() })
}

fn unanswered() -> Failure {
    Failure::NotUnderstood { said: Words::new("the answer says nothing of this secret") }
}

fn fetched(
    version: Option<&str>,
    text: Option<String>,
    binary: Option<Blob>,
) -> Result<Fetched, Failure> {
    let binary = || binary.map(|blob| Secret::new(blob.into_inner()));
    let value = text.map(Secret::from).or_else(binary).ok_or_else(unanswered)?;
    Ok(Fetched { version: version.and_then(|id| id.parse().ok()), value })
}

fn described(pick: &Pick, answer: DescribeSecretOutput) -> Result<Description, Failure> {
    let versions = versions(answer.version_ids_to_stages.unwrap_or_default());
    let with = |stage: &str| {
        let has = |stages: &BTreeSet<Stage>| stages.iter().any(|one| one.as_str() == stage);
        versions.iter().find(|(_, stages)| has(stages)).map(|(id, _)| id.clone())
    };
    let gone_at = answer.deleted_date.and_then(|date| date.to_millis().ok());
    let gone_at = gone_at.and_then(|date| u64::try_from(date).ok()).map(Moment::from_millis);
    let version = match pick {
        Pick::Current => with(Stage::CURRENT),
        Pick::Stage(stage) => with(stage.as_str()),
        Pick::Id(id) => versions.contains_key(id).then(|| id.clone()),
    };
    if version.is_none() && gone_at.is_none() {
        return Err(Failure::NoSuchVersion);
    }
    let pending =
        with(Stage::PENDING).filter(|pending| Some(pending) != with(Stage::CURRENT).as_ref());
    let (full_name, key) = (answer.arn, answer.kms_key_id.map(KmsKey));
    Ok(Description { full_name, version, versions, pending, gone_at, key, keys: None })
}

fn versions(told: HashMap<String, Vec<String>>) -> BTreeMap<VersionId, BTreeSet<Stage>> {
    let stages = |all: Vec<String>| all.iter().filter_map(|stage| stage.parse().ok()).collect();
    told.into_iter().filter_map(|(id, all)| Some((id.parse().ok()?, stages(all)))).collect()
}
