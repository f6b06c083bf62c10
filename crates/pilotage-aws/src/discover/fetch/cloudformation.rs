//! Outputs of stacks, and exports.

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::Stack;
use serde_json::Value;

use super::{Source, Undiscovered, Values};
use crate::Session;
use crate::discover::{Given, near::near};
use crate::failure::{Call, Failure, failed};

/// The outputs of a stack.
pub(super) async fn outputs(session: &Session, name: &str) -> Result<Values, Undiscovered> {
    let client = Client::new(session.config());
    match described(&client, name).await {
        Ok(stack) => Ok(stack
            .outputs()
            .iter()
            .filter_map(|output| Some((output.output_key()?, plain(output.output_value()?))))
            .collect()),
        Err(failure) if is_missing(&failure) => Err(Undiscovered::NoSource {
            source_of: Source::Stack(name.into()),
            near: near(name, names(&client).await.iter().map(String::as_str)),
        }),
        Err(failure) => Err(failure.into()),
    }
}

/// All exports of the region.
pub(super) async fn exports(session: &Session) -> Result<Values, Undiscovered> {
    let client = Client::new(session.config());
    let mut exports = Vec::new();
    let mut pages = client.list_exports().into_paginator().send();
    while let Some(page) = pages.next().await {
        let call = || Call::new("cloudformation:ListExports", "the exports of the region");
        let page = page.map_err(|error| failed(call(), error))?;
        exports.extend(
            page.exports()
                .iter()
                .filter_map(|export| Some((export.name()?.to_owned(), plain(export.value()?)))),
        );
    }
    Ok(exports.into_iter().collect())
}

async fn described(client: &Client, name: &str) -> Result<Stack, Failure> {
    let call = Call::new("cloudformation:DescribeStacks", format!("the stack `{name}`"));
    let answer = client.describe_stacks().stack_name(name).send().await;
    let answer = answer.map_err(|error| failed(call.clone(), error))?;
    let stack = answer.stacks.unwrap_or_default().into_iter().next();
    stack.ok_or_else(|| Failure::unreadable(call, "it describes no stack"))
}

/// CloudFormation says in words alone that a stack is not there.
fn is_missing(failure: &Failure) -> bool {
    failure.code() == Some("ValidationError")
        && failure.said().is_some_and(|said| said.contains("does not exist"))
}

/// The stacks that there are, for a suggestion; whoever may not list them gets none.
async fn names(client: &Client) -> Vec<String> {
    let listed = client.describe_stacks().send().await;
    let stacks = listed.ok().and_then(|answer| answer.stacks).unwrap_or_default();
    stacks.into_iter().filter_map(|stack| stack.stack_name).collect()
}

fn plain(text: &str) -> Given {
    Given::Plain(Value::String(text.into()))
}
