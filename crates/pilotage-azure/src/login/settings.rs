//! Which login is meant.

use std::sync::Arc;

use pilotage_clock::Clock;
use pilotage_identity::{Identity, TokenFile};
use secrecy::SecretString;

use super::{ClientLogin, CommandLine, Login, ManagedIdentity, Proof};
use crate::Error;

/// The authority of public Azure; national clouds have their own.
const AUTHORITY: &str = "https://login.microsoftonline.com";

/// What tells which login is meant: the variables that Azure's own tools know.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `AZURE_TENANT_ID`.
    pub tenant: Option<String>,
    /// `AZURE_CLIENT_ID`.
    pub client: Option<String>,
    /// `AZURE_CLIENT_SECRET`.
    pub secret: Option<SecretString>,
    /// `AZURE_FEDERATED_TOKEN_FILE`, or the CI system that gives tokens to this job.
    pub federated: Option<Arc<dyn Identity>>,
    /// `AZURE_AUTHORITY_HOST`.
    pub authority: Option<String>,
    /// `AZURE_TOKEN_CREDENTIALS`: the name of the one that is meant.
    pub choice: Option<String>,
}

/// The kinds of login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Federated,
    Secret,
    Managed,
    CommandLine,
}

impl Settings {
    /// Reads the variables by means of this function. What is empty counts as not set.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let federated = given("AZURE_FEDERATED_TOKEN_FILE");
        Self {
            tenant: given("AZURE_TENANT_ID"),
            client: given("AZURE_CLIENT_ID"),
            secret: given("AZURE_CLIENT_SECRET").map(SecretString::from),
            federated: federated.map(|path| Arc::new(TokenFile::new(path)) as Arc<dyn Identity>),
            authority: given("AZURE_AUTHORITY_HOST"),
            choice: given("AZURE_TOKEN_CREDENTIALS"),
        }
    }

    /// The same in a job that has an identity of its own, which proves who an application is where
    /// nothing else was given for that.
    #[must_use]
    pub fn in_job(self, job: Option<Arc<dyn Identity>>) -> Self {
        let is_proven = self.federated.is_some() || self.secret.is_some();
        let is_application = self.client.is_some() && self.tenant.is_some();
        let federated = if is_application && !is_proven { job } else { self.federated };
        Self { federated, ..self }
    }

    /// The login that is meant: by name; else with a federated token or a secret, where one is
    /// given; else that of the person on the command line. The identity of the machine must be
    /// named, for only machines in Azure have one, and asking elsewhere takes long to fail.
    pub fn login(self, clock: Arc<dyn Clock>) -> Result<Arc<dyn Login>, Error> {
        match self.way()? {
            Way::Managed => Ok(Arc::new(ManagedIdentity::new(self.client, clock))),
            Way::CommandLine => Ok(Arc::new(CommandLine::new(self.tenant))),
            Way::Federated => {
                let what = "a login with a federated token";
                let identity = self.federated.clone();
                let identity = identity.ok_or(incomplete(what, "AZURE_FEDERATED_TOKEN_FILE"))?;
                self.application(what, Proof::Federated(identity), clock)
            }
            Way::Secret => {
                let what = "a login with a secret";
                let secret = self.secret.clone();
                let secret = secret.ok_or(incomplete(what, "AZURE_CLIENT_SECRET"))?;
                self.application(what, Proof::Secret(secret), clock)
            }
        }
    }

    fn way(&self) -> Result<Way, Error> {
        match self.choice.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("workloadidentitycredential") => Ok(Way::Federated),
            Some("environmentcredential") => Ok(Way::Secret),
            Some("managedidentitycredential") => Ok(Way::Managed),
            Some("azureclicredential") => Ok(Way::CommandLine),
            Some(_) => Err(Error::Setting {
                setting: "AZURE_TOKEN_CREDENTIALS",
                given: self.choice.clone().unwrap_or_default(),
                expected: "it names one of `WorkloadIdentityCredential`, `EnvironmentCredential`, \
                           `ManagedIdentityCredential` and `AzureCliCredential`",
            }),
            None if self.federated.is_some() => Ok(Way::Federated),
            None if self.secret.is_some() => Ok(Way::Secret),
            None => Ok(Way::CommandLine),
        }
    }

    fn application(
        self,
        what: &'static str,
        proof: Proof,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<dyn Login>, Error> {
        let tenant = self.tenant.ok_or(incomplete(what, "AZURE_TENANT_ID"))?;
        let client = self.client.ok_or(incomplete(what, "AZURE_CLIENT_ID"))?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        if !tenant.bytes().all(is_name) {
            let expected = "it is the id or the domain of a tenant";
            return Err(Error::Setting { setting: "AZURE_TENANT_ID", given: tenant, expected });
        }
        let authority = self.authority.unwrap_or_else(|| AUTHORITY.into());
        Ok(Arc::new(ClientLogin::new(authority, tenant, client, proof, clock)))
    }
}

const fn incomplete(what: &'static str, missing: &'static str) -> Error {
    Error::Incomplete { what, missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Settings::read(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    fn way(variables: &[(&str, &str)]) -> Way {
        settings(variables).way().expect("it is clear")
    }

    #[test]
    fn the_settings_alone_decide() {
        assert_eq!(way(&[]), Way::CommandLine);
        assert_eq!(way(&[("AZURE_CLIENT_SECRET", "s")]), Way::Secret);
        let both = [("AZURE_CLIENT_SECRET", "s"), ("AZURE_FEDERATED_TOKEN_FILE", "/f")];
        assert_eq!(way(&both), Way::Federated);
        assert_eq!(way(&[("AZURE_CLIENT_SECRET", "")]), Way::CommandLine);
        let named =
            [("AZURE_CLIENT_SECRET", "s"), ("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")];
        assert_eq!(way(&named), Way::CommandLine);
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_else_is_tried() {
        let clock = Arc::new(pilotage_clock::SystemClock::new());
        let login = settings(&[("AZURE_CLIENT_SECRET", "s"), ("AZURE_CLIENT_ID", "c")]);
        let error = login.login(clock.clone()).expect_err("there is no tenant").to_string();
        assert!(error.contains("`AZURE_TENANT_ID`"), "{error}");
        let unknown = settings(&[("AZURE_TOKEN_CREDENTIALS", "prod")]);
        assert!(unknown.login(clock).is_err_and(|error| error.is_setup()));
    }
}
