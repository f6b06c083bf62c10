//! Tags of services and task definitions.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::Tag;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Ecs;
use super::ask::sent;
use crate::failure::{Call, Failure};

/// A tag as it is told.
#[derive(Debug, Clone, Deserialize)]
struct Label {
    key: String,
    #[serde(default)]
    value: String,
}

/// Tags by their key.
pub(super) fn labels<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let labels = Option::<Vec<Label>>::deserialize(from)?.unwrap_or_default();
    Ok(labels.into_iter().map(|label| (label.key, label.value)).collect())
}

impl Ecs {
    /// Sets these tags of a service, by its ARN, and leaves all others alone.
    pub async fn tag(&self, arn: &str, tags: &BTreeMap<String, String>) -> Result<(), Failure> {
        let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
        let asked = self.client.tag_resource().resource_arn(arn);
        let asked = asked.set_tags(Some(tags.iter().map(tag).collect()));
        let call = Call::new("ecs:TagResource", format!("`{arn}`"));
        let answer: Result<Value, Failure> = sent!(call, asked);
        answer.map(|_| ())
    }
}
