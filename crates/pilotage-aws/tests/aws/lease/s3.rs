//! S3.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::ByteStream;
use pilotage_aws::bucket;
use pilotage_aws::lease::S3Leases;
use pilotage_aws::{Session, Settings};
use pilotage_clock::SystemClock;
use pilotage_lease::{Course, LeaseStore as _};
use pilotage_testkit::contract;

use super::{new_name, one_of_many_wins};
use crate::emulator::{Emulator, settings, unique};
use crate::fake::Fake;

fn admin(emulator: &Emulator) -> Client {
    Client::from_conf(Builder::from(&emulator.admin()).force_path_style(true).build())
}

async fn bucket(emulator: &Emulator) -> String {
    let name = unique("leases");
    let place = format!("s3://{name}").parse().expect("a place");
    bucket::create(&emulator.session().await, &place).await.expect("created");
    name
}

async fn leases(emulator: &Emulator) -> S3Leases {
    let place = format!("s3://{}/prod", bucket(emulator).await);
    let place = place.parse().expect("a place");
    S3Leases::open(&emulator.session().await, place).await.expect("it honours conditions")
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
async fn a_second_process_finds_the_trial_of_the_first() {
    let Some(emulator) = Emulator::ministack() else { return };
    let place = format!("s3://{}", bucket(&emulator).await);
    for _ in 0..2 {
        let place = place.parse().expect("a place");
        S3Leases::open(&emulator.session().await, place).await.expect("it honours conditions");
    }
}

#[tokio::test]
async fn a_missing_bucket_is_an_error_with_its_remedy() {
    let Some(emulator) = Emulator::ministack() else { return };
    let place = "s3://no-such-bucket-at-all/x".parse().expect("a place");
    let error = S3Leases::open(&emulator.session().await, place).await.expect_err("not there");
    assert_eq!(error.course, Course::Stays, "{error}");
    assert!(error.to_string().contains("aws s3api create-bucket"), "{error}");
}

#[tokio::test]
async fn a_store_that_overwrites_is_refused_before_it_loses_anything() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let settings: Settings = settings(fake.address(), folder.path(), "good");
    let session = Session::open(&settings).await.expect("all is given");
    let place = "s3://careless/x".parse().expect("a place");
    let error = S3Leases::open(&session, place).await.expect_err("it ignores conditions");
    assert_eq!(error.course, Course::Stays, "{error}");
    assert!(error.to_string().contains("in spite of `If-None-Match`"), "{error}");
}

#[tokio::test]
async fn what_is_no_record_is_an_error_and_not_a_beginning() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (bucket, name) = (bucket(&emulator).await, new_name());
    let place = format!("s3://{bucket}").parse().expect("a place");
    let leases = S3Leases::open(&emulator.session().await, place).await.expect("it does");
    let put = admin(&emulator).put_object().bucket(&bucket).key(name.as_str());
    put.body(ByteStream::from_static(b"{}")).send().await.expect("put");
    let error = leases.read(&name).await.expect_err("it is foreign").to_string();
    assert!(error.contains("not a lease's record"), "{error}");
}
