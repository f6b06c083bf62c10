//! DynamoDB.

use std::sync::Arc;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType,
};
use pilotage_aws::lease::DynamoLeases;
use pilotage_aws::table::TableName;
use pilotage_clock::SystemClock;
use pilotage_lease::{Course, LeaseStore as _};
use pilotage_testkit::contract;

use super::{new_name, one_of_many_wins, proposal};
use crate::emulator::{Emulator, unique};

async fn table(emulator: &Emulator) -> TableName {
    let name: TableName = unique("leases").parse().expect("a name");
    let leases = DynamoLeases::new(&emulator.session().await, name.clone());
    assert!(leases.create(&SystemClock::new()).await.expect("created"), "it is new");
    name
}

/// A table whose key is called so.
async fn table_by(emulator: &Emulator, key: &str) -> TableName {
    let name = unique("others");
    let client = aws_sdk_dynamodb::Client::new(&emulator.admin());
    let attribute = AttributeDefinition::builder().attribute_name(key);
    let key = KeySchemaElement::builder().attribute_name(key).key_type(KeyType::Hash);
    let attribute = attribute.attribute_type(ScalarAttributeType::S);
    let asked = client.create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
    let asked = asked.key_schema(key.build().expect("whole"));
    let asked = asked.attribute_definitions(attribute.build().expect("whole"));
    asked.send().await.expect("created");
    name.parse().expect("a name")
}

async fn leases(emulator: &Emulator) -> DynamoLeases {
    DynamoLeases::new(&emulator.session().await, table(emulator).await)
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some(emulator) = Emulator::ministack() else { return };
    let leases = Arc::new(leases(&emulator).await);
    let clock = Arc::new(SystemClock::new());
    contract::lease_store(leases.clone(), leases, clock, &unique("x")).await;
}

#[tokio::test]
async fn one_of_many_writers_wins() {
    let Some(emulator) = Emulator::ministack() else { return };
    one_of_many_wins(&leases(&emulator).await).await;
}

#[tokio::test]
async fn a_missing_table_is_an_error_with_its_remedy() {
    let Some(emulator) = Emulator::ministack() else { return };
    let table = "no-such-table".parse().expect("a name");
    let leases = DynamoLeases::new(&emulator.session().await, table);
    let read = leases.read(&new_name()).await.expect_err("there is no table");
    assert_eq!(read.course, Course::Stays, "{read}");
    let read = read.to_string();
    assert!(read.contains("aws dynamodb create-table --region eu-central-1"), "{read}");
    let write = leases.write(&new_name(), &proposal(None, 1)).await;
    assert!(write.expect_err("there is no table").to_string().contains("create-table"));
}

#[tokio::test]
async fn a_table_that_is_there_is_kept_if_it_fits() {
    let Some(emulator) = Emulator::ministack() else { return };
    let session = emulator.session().await;
    let ours = DynamoLeases::new(&session, table_by(&emulator, "name").await);
    assert!(!ours.create(&SystemClock::new()).await.expect("it fits"), "it was there");
    let other = DynamoLeases::new(&session, table_by(&emulator, "id").await);
    let error = other.create(&SystemClock::new()).await.expect_err("its key is another");
    assert!(error.stays(), "{error}");
    assert!(error.to_string().contains("choose another name"), "{error}");
}

#[tokio::test]
async fn what_is_no_record_is_an_error_and_not_a_beginning() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (table, name) = (table(&emulator).await, new_name());
    let leases = DynamoLeases::new(&emulator.session().await, table.clone());
    let client = aws_sdk_dynamodb::Client::new(&emulator.admin());
    let text = |text: &str| AttributeValue::S(text.into());
    let put = client.put_item().table_name(table.to_string()).item("name", text(name.as_str()));
    put.item("record", text("{}")).send().await.expect("put");
    let error = leases.read(&name).await.expect_err("it is foreign").to_string();
    assert!(error.contains("not a lease's record"), "{error}");
}
