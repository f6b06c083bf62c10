//! From a token of Entra ID to one of a registry.

use pilotage_identity::web::{Form, Question, Web, is_this_machine};
use secrecy::SecretString;
use serde::Deserialize;

use super::AcrHost;
use crate::{AccessToken, Error};

#[derive(Deserialize)]
struct Exchanged {
    refresh_token: SecretString,
}

/// The registry's refresh token for this access token. With it the registry client gets a token
/// for each repository, so that no single one opens everything.
pub(super) async fn exchange(
    web: &Web,
    host: &AcrHost,
    tenant: Option<&str>,
    token: &AccessToken,
) -> Result<SecretString, Error> {
    let form = Form::default()
        .with("grant_type", "access_token")
        .with("service", &host.to_string())
        .with_some("tenant", tenant)
        .with_secret("access_token", &token.secret);
    let doing = format!("enter the registry `{host}`");
    let question = Question::post(doing, address(host)).with_form(form);
    let answer: Exchanged = web.ask(&question).await?;
    Ok(answer.refresh_token)
}

fn address(host: &AcrHost) -> String {
    let host = host.to_string();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let scheme = if is_this_machine(name) { "http" } else { "https" };
    format!("{scheme}://{host}/oauth2/exchange")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_asked_in_the_clear() {
        let address = |host| address(&AcrHost::named(host));
        assert_eq!(address("a.azurecr.io"), "https://a.azurecr.io/oauth2/exchange");
        assert_eq!(address("127.0.0.1:5000"), "http://127.0.0.1:5000/oauth2/exchange");
        assert_eq!(address("10.0.0.1:5000"), "https://10.0.0.1:5000/oauth2/exchange");
    }
}
