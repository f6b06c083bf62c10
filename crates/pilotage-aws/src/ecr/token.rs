//! What a registry of AWS lets one in with.

use aws_smithy_types::{DateTime, base64};
use pilotage_rollout::Moment;
use secrecy::SecretString;

use super::Ecr;
use crate::Session;
use crate::failure::{Call, Failure, failed};

/// Where ECR Public gives out its credentials, wherever one is.
const PUBLIC_REGION: &str = "us-east-1";

/// A user and a password for a registry.
#[derive(Debug, Clone)]
pub struct Token {
    user: String,
    password: SecretString,
    expires: Moment,
}

impl Token {
    /// The user.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password.
    pub const fn password(&self) -> &SecretString {
        &self.password
    }

    /// When it ends: twelve hours after it was given, or with the credentials that it was given to.
    pub const fn expires(&self) -> Moment {
        self.expires
    }
}

impl Ecr {
    /// The credentials for all private registries of this region that the session may enter.
    pub async fn token(&self) -> Result<Token, Failure> {
        let call = Call::new("ecr:GetAuthorizationToken", self.place());
        let asked = self.client.get_authorization_token().send().await;
        let answer = asked.map_err(|error| failed(call.clone(), error))?;
        let given = answer.authorization_data.unwrap_or_default().into_iter().next();
        let told = given.and_then(|data| read(&data.authorization_token?, data.expires_at?));
        told.ok_or_else(|| unreadable(call))
    }
}

/// The credentials for ECR Public, which are given out in `us-east-1` alone.
pub async fn public_token(session: &Session) -> Result<Token, Failure> {
    let call = Call::new("ecr-public:GetAuthorizationToken", "ECR Public");
    let client = aws_sdk_ecrpublic::Client::new(session.in_region(PUBLIC_REGION).config());
    let asked = client.get_authorization_token().send().await;
    let answer = asked.map_err(|error| failed(call.clone(), error))?;
    let given = answer.authorization_data;
    let told = given.and_then(|data| read(&data.authorization_token?, data.expires_at?));
    told.ok_or_else(|| unreadable(call))
}

fn unreadable(call: Call) -> Failure {
    Failure::unreadable(call, "neither user nor password were told")
}

fn read(encoded: &str, expires: DateTime) -> Option<Token> {
    let text = String::from_utf8(base64::decode(encoded).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    let password = SecretString::from(password);
    let expires = u64::try_from(expires.to_millis().ok()?).unwrap_or_default();
    Some(Token { user: user.to_owned(), password, expires: Moment::from_millis(expires) })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn user_and_password_are_told_apart_and_the_password_is_not_shown() {
        let encoded = base64::encode("AWS:pass:word");
        let token = read(&encoded, DateTime::from_secs(100)).expect("it is sound");
        assert_eq!((token.user(), token.password().expose_secret()), ("AWS", "pass:word"));
        assert_eq!(token.expires(), Moment::from_millis(100_000));
        assert!(!format!("{token:?}").contains("pass:word"));
    }

    #[test]
    fn what_is_no_token_is_no_token() {
        for wrong in ["!", &base64::encode("no colon"), &base64::encode([0xff, b':'])] {
            assert!(read(wrong, DateTime::from_secs(0)).is_none(), "{wrong}");
        }
    }
}
