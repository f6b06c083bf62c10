//! A parameter that is no secret.

use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::ParameterType;
use serde_json::Value;

use super::{Undiscovered, Values};
use crate::Session;
use crate::discover::Given;
use crate::failure::{Call, failed};

/// The parameter under its name; nothing if it is not there. One that is encrypted is not read.
pub(super) async fn value(session: &Session, name: &str) -> Result<Values, Undiscovered> {
    let call = Call::new("ssm:GetParameters", format!("the parameter `{name}`"));
    let asked = Client::new(session.config()).get_parameters().names(name).with_decryption(false);
    let answer = asked.send().await.map_err(|error| failed(call, error))?;
    let given = answer.parameters().iter().filter_map(|parameter| {
        let given = match parameter.r#type() {
            Some(ParameterType::SecureString) => Given::Sensitive,
            _ => Given::Plain(Value::String(parameter.value()?.to_owned())),
        };
        Some((name, given))
    });
    Ok(given.collect())
}
