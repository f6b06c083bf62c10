//! Who AWS says that we are.

use aws_config::SdkConfig;

use crate::Failure;
use crate::failure::{Call, failed};

/// Who AWS says that we are: what a preflight compares with the environment's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account's number.
    pub account: String,
    /// The user or the assumed role.
    pub arn: String,
}

pub(super) async fn ask(config: &SdkConfig) -> Result<Caller, Failure> {
    let call = Call::new("sts:GetCallerIdentity", "this session");
    let asked = aws_sdk_sts::Client::new(config).get_caller_identity().send().await;
    let answer = asked.map_err(|error| failed(call.clone(), error))?;
    match (answer.account, answer.arn) {
        (Some(account), Some(arn)) => Ok(Caller { account, arn }),
        _ => Err(Failure::unreadable(call, "neither account nor name was told")),
    }
}
