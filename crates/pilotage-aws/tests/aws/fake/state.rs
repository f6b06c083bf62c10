//! What the fake knows, and how it decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use pilotage_clock::Clock as _;
use pilotage_rollout::{Moment, Span};
use pilotage_testkit::fake::HastyClock;

use super::answer::Answer;

/// A request, as far as the fake looks at it.
pub(crate) struct Asked {
    action: String,
    body: String,
    /// Region and service of the signature; none where it is not signed.
    scope: Option<(String, String)>,
    is_json: bool,
}

/// What the fake knows.
#[derive(Default)]
pub(crate) struct State {
    log: Vec<String>,
    /// By which clock credentials end after an hour; none means that they do not.
    pub time: Option<Arc<HastyClock>>,
    /// What is answered to an action, whoever asks.
    pub set: BTreeMap<&'static str, Answer>,
    /// When the credentials that were given for each token end.
    issued: BTreeMap<String, Moment>,
}

impl Asked {
    pub(crate) fn read(target: &str, authorization: &str, body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body).into_owned();
        let form = body.split('&').find_map(|pair| pair.strip_prefix("Action="));
        let action = target.rsplit_once('.').map(|(_, action)| action).or(form);
        Self {
            action: action.unwrap_or_default().to_owned(),
            scope: scope(authorization),
            is_json: !target.is_empty(),
            body,
        }
    }
}

impl Asked {
    /// An object is put; the fake's bucket takes everything, whatever the conditions are.
    pub(crate) fn put(authorization: &str) -> Self {
        let scope = scope(authorization);
        Self { action: "PutObject".into(), body: String::new(), scope, is_json: false }
    }
}

/// `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, ...`
fn scope(authorization: &str) -> Option<(String, String)> {
    let credential = authorization.split("Credential=").nth(1)?.split(',').next()?;
    let parts: Vec<&str> = credential.split('/').collect();
    match parts.as_slice() {
        [_, _, region, service, "aws4_request"] => {
            Some(((*region).to_owned(), (*service).to_owned()))
        }
        _ => None,
    }
}

impl State {
    pub(crate) fn asked(&self, action: &str) -> usize {
        self.log.iter().filter(|logged| *logged == action).count()
    }

    pub(crate) fn answer(&mut self, asked: &Asked, session: &str) -> Answer {
        self.log.push(asked.action.clone());
        let refuse = |status, code| Answer::refused(asked.is_json, status, code);
        if asked.action == "AssumeRoleWithWebIdentity" {
            return self.exchange(asked);
        }
        let Some((region, service)) = &asked.scope else {
            return refuse(403, "MissingAuthenticationToken");
        };
        if self.is_over(session) {
            return refuse(400, "ExpiredTokenException");
        }
        match session {
            "expired" => return refuse(400, "ExpiredTokenException"),
            "denied" => return refuse(403, "AccessDenied"),
            "throttled" => return refuse(400, "ThrottlingException"),
            _ => {}
        }
        if let Some(answer) = self.set.get(asked.action.as_str()) {
            return answer.clone();
        }
        match (asked.action.as_str(), service.as_str(), region.as_str()) {
            ("GetCallerIdentity", "sts", _) => Answer::xml(
                "GetCallerIdentity",
                "<Arn>arn:aws:sts::000000000000:assumed-role/deploy/run-42</Arn>\
                 <UserId>x</UserId><Account>000000000000</Account>",
            ),
            ("GetAuthorizationToken", "ecr-public", "us-east-1") => Answer::json(
                r#"{"authorizationData":{"authorizationToken":"QVdTOnB1YmxpYw==",
                    "expiresAt":4102444800}}"#,
            ),
            ("GetAccountSetting", "ecr", "eu-central-1") => {
                Answer::json(r#"{"name":"BLOB_MOUNTING","value":"ENABLED"}"#)
            }
            ("GetAccountSetting", "ecr", _) => {
                Answer::json(r#"{"name":"BLOB_MOUNTING","value":"DISABLED"}"#)
            }
            ("PutObject", "s3", "eu-central-1") => Answer::json(""),
            _ => refuse(400, "InvalidAction"),
        }
    }

    /// The token is the session token of what it is exchanged for, so that tests choose their fate.
    fn exchange(&mut self, asked: &Asked) -> Answer {
        let token = asked.body.split('&').find_map(|pair| pair.strip_prefix("WebIdentityToken="));
        let refused = Answer::refused(false, 400, "InvalidIdentityToken");
        let Some(token) = token.filter(|token| *token != "unknown" && asked.scope.is_none()) else {
            return refused;
        };
        let Some(end) = self.issue(token) else { return refused };
        let end = DateTime::from_millis(i64::try_from(end.as_millis()).expect("in time"));
        let end = end.fmt(Format::DateTime).expect("in time");
        Answer::xml(
            "AssumeRoleWithWebIdentity",
            &format!(
                "<Credentials><AccessKeyId>ASIAFAKE</AccessKeyId>\
                 <SecretAccessKey>secret</SecretAccessKey><SessionToken>{token}</SessionToken>\
                 <Expiration>{end}</Expiration></Credentials>"
            ),
        )
    }

    /// When the credentials for a token end; none where time passes and the token was used before.
    fn issue(&mut self, token: &str) -> Option<Moment> {
        let Some(time) = &self.time else { return Some(Moment::from_millis(4_102_444_800_000)) };
        let end = time.now() + Span::from_mins(60);
        self.issued.insert(token.to_owned(), end).is_none().then_some(end)
    }

    fn is_over(&self, session: &str) -> bool {
        let end = self.issued.get(session);
        end.zip(self.time.as_ref()).is_some_and(|(end, time)| time.now() >= *end)
    }
}
