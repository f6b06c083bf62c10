//! Making the table, when somebody asks for it.

use std::time::Duration;

use aws_sdk_dynamodb::client::Waiters as _;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    TableDescription,
};
use pilotage_lease::{LeaseStore as _, StoreFailure};

use super::{DynamoLeases, NAME};
use crate::failure::{Call, failed};

/// How long a new table may take until it can be used; it is mostly a few seconds.
const PATIENCE: Duration = Duration::from_mins(2);

impl DynamoLeases {
    /// Makes the table, paid by request, and waits until it can be used; says whether it was made
    /// by this call. One that is there already stays as it is, and must have the same key. Needed
    /// are `dynamodb:CreateTable` and `dynamodb:DescribeTable`.
    pub async fn create_table(&self) -> Result<bool, StoreFailure> {
        let made = match self.creating()?.send().await {
            Ok(_) => true,
            Err(error) => {
                let failure = failed(self.about("dynamodb:CreateTable"), error);
                if failure.code() != Some("ResourceInUseException") {
                    return Err(self.unusable(failure));
                }
                false
            }
        };
        self.ready().await?;
        self.fits().await.map(|()| made)
    }

    fn creating(&self) -> Result<CreateTableFluentBuilder, StoreFailure> {
        let unmade = |why| StoreFailure::from_source("the table cannot be described", why);
        let key = KeySchemaElement::builder().attribute_name(NAME).key_type(KeyType::Hash);
        let text = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name(NAME).attribute_type(text);
        let asked = self.client.create_table().table_name(self.table.as_str());
        let asked = asked.billing_mode(BillingMode::PayPerRequest);
        let asked = asked.key_schema(key.build().map_err(unmade)?);
        Ok(asked.attribute_definitions(attribute.build().map_err(unmade)?))
    }

    async fn ready(&self) -> Result<(), StoreFailure> {
        let waiting = self.client.wait_until_table_exists().table_name(self.table.as_str());
        let late = |why| {
            let reason = format!("{} is being made, and is not ready yet", self.place());
            StoreFailure::from_source(reason, why)
        };
        waiting.wait(PATIENCE).await.map(drop).map_err(late)
    }

    /// Whether the table has the key that leases need.
    async fn fits(&self) -> Result<(), StoreFailure> {
        let asked = self.client.describe_table().table_name(self.table.as_str()).send().await;
        let told = asked
            .map_err(|error| self.unusable(failed(self.about("dynamodb:DescribeTable"), error)))?;
        if told.table.as_ref().is_some_and(has_our_key) {
            return Ok(());
        }
        let reason = format!(
            "{} is there already, with another key than the text `{NAME}`: name another table",
            self.place()
        );
        Err(StoreFailure::because(reason).that_stays())
    }

    fn about(&self, action: &'static str) -> Call {
        Call::new(action, format!("the table `{}`", self.table))
    }
}

fn has_our_key(table: &TableDescription) -> bool {
    let [key] = table.key_schema() else { return false };
    let is_text = |it: &AttributeDefinition| {
        it.attribute_name() == NAME && *it.attribute_type() == ScalarAttributeType::S
    };
    key.attribute_name() == NAME && table.attribute_definitions().iter().any(is_text)
}
