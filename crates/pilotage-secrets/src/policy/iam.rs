//! The IAM policy that a manifest needs.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::Party;
use super::document::{Document, Statement};
use crate::manifest::{Manifest, Wanted};
use crate::reference::{Parameter, Pick, SecretsManager, Site};
use crate::{KmsKey, Locator, Reference};

/// The account and the region of a reference are not known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{reference}` says no account and no region, so that no policy can name it exactly")]
pub struct NoSite {
    /// Which reference.
    pub reference: Box<Reference>,
}

/// What restricts reading to one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Limit {
    None,
    Stage(String),
    Id(String),
}

/// The resources that a document is made of.
#[derive(Debug, Default)]
struct Resources {
    secrets: BTreeMap<Limit, BTreeSet<String>>,
    parameters: BTreeSet<String>,
    keys: BTreeMap<(KmsKey, Service, String), BTreeSet<String>>,
}

/// Through which service a key is used; also what its encryption context names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Service {
    Secrets,
    Parameters,
}

/// The least that a party needs; `site` is where references are that do not say it.
pub fn document(
    manifest: &Manifest,
    party: Party,
    site: Option<&Site>,
) -> Result<Document, NoSite> {
    let mut resources = Resources::default();
    for wanted in manifest.components.values().flat_map(BTreeMap::values) {
        resources.add(wanted, site)?;
    }
    Ok(Document::new(match party {
        Party::Plan => resources.to_look(),
        Party::Task => resources.to_read(true),
        Party::Execution => resources.to_read(false),
    }))
}

/// The resource of a secret: its ARN, or all that the random suffix of its name may make of it.
fn secret_arn(secret: &SecretsManager, site: &Site) -> String {
    let whole = secret.site.is_some() && secret.name.ends_like_an_arn();
    let suffix = if whole { "" } else { "-??????" };
    site.arn("secretsmanager", &format_args!("secret:{}{suffix}", secret.name))
}

impl Resources {
    fn add(&mut self, wanted: &Wanted, default: Option<&Site>) -> Result<(), NoSite> {
        let nowhere = || NoSite { reference: Box::new(wanted.from.clone()) };
        let (arn, site, service) = match wanted.from.locator() {
            Locator::SecretsManager(secret) => {
                let site = secret.site.as_ref().or(default).ok_or_else(nowhere)?;
                let arn = secret_arn(secret, site);
                self.secrets.entry(limit(&secret.pick)).or_default().insert(arn.clone());
                (arn, site, Service::Secrets)
            }
            Locator::Parameter(Parameter { site: of, .. }) => {
                let site = of.as_ref().or(default).ok_or_else(nowhere)?;
                let arn = parameter_arn(wanted.from.locator(), site);
                self.parameters.insert(arn.clone());
                (arn, site, Service::Parameters)
            }
            _ => return Ok(()),
        };
        if let Some(key) = &wanted.key {
            let via = via(service, site);
            self.keys.entry((key.clone(), service, via)).or_default().insert(arn);
        }
        Ok(())
    }

    fn to_look(&self) -> Vec<Statement> {
        let secrets: BTreeSet<String> = self.secrets.values().flatten().cloned().collect();
        let look = (!secrets.is_empty()).then(|| {
            Statement::allow("LookAtSecrets", one("secretsmanager:DescribeSecret"), list(&secrets))
        });
        // The service knows no narrower resource for this; it shows names and never values.
        let names = (!self.parameters.is_empty())
            .then(|| Statement::allow("LookAtParameters", one("ssm:DescribeParameters"), one("*")));
        look.into_iter().chain(names).collect()
    }

    fn to_read(&self, in_batches: bool) -> Vec<Statement> {
        let secrets = self.secrets.iter().enumerate().map(|(number, (limit, arns))| {
            let sid = format!("ReadSecrets{number}");
            let read = Statement::allow(&sid, one("secretsmanager:GetSecretValue"), list(arns));
            match limit {
                Limit::None => read,
                Limit::Stage(stage) => {
                    read.when("StringEquals", "secretsmanager:VersionStage", one(stage))
                }
                Limit::Id(id) => read.when("StringEquals", "secretsmanager:VersionId", one(id)),
            }
        });
        // The batch itself has no resource; what it returns needs the statement above for each.
        let batch = (in_batches && self.secrets.contains_key(&Limit::None)).then(|| {
            Statement::allow("ReadTogether", one("secretsmanager:BatchGetSecretValue"), one("*"))
        });
        let parameters = (!self.parameters.is_empty()).then(|| {
            Statement::allow("ReadParameters", one("ssm:GetParameters"), list(&self.parameters))
        });
        secrets.chain(batch).chain(parameters).chain(self.to_decrypt()).collect()
    }

    fn to_decrypt(&self) -> impl Iterator<Item = Statement> {
        self.keys.iter().enumerate().map(|(number, ((key, service, via), arns))| {
            let context = match service {
                Service::Secrets => "kms:EncryptionContext:SecretARN",
                Service::Parameters => "kms:EncryptionContext:PARAMETER_ARN",
            };
            Statement::allow(&format!("Decrypt{number}"), one("kms:Decrypt"), one(&key.0))
                .when("StringEquals", "kms:ViaService", one(via))
                .when("StringLike", context, list(arns))
        })
    }
}

fn limit(pick: &Pick) -> Limit {
    match pick {
        Pick::Current => Limit::None,
        Pick::Stage(stage) => Limit::Stage(stage.to_string()),
        Pick::Id(id) => Limit::Id(id.to_string()),
    }
}

fn parameter_arn(locator: &Locator, site: &Site) -> String {
    match locator {
        Locator::Parameter(parameter) => parameter.arn(site),
        other => other.to_string(),
    }
}

fn via(service: Service, site: &Site) -> String {
    let service = match service {
        Service::Secrets => "secretsmanager",
        Service::Parameters => "ssm",
    };
    let end = if site.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("{service}.{}.{end}", site.region())
}

fn one(text: &str) -> Vec<String> {
    vec![text.into()]
}

fn list(texts: &BTreeSet<String>) -> Vec<String> {
    texts.iter().cloned().collect()
}
