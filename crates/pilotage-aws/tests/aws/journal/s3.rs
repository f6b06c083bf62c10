//! S3.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::types::Object;
use pilotage_aws::Session;
use pilotage_aws::bucket::{self, Bucket};
use pilotage_aws::journal::S3Journals;
use pilotage_driver::journal::Head;
use pilotage_driver::role::JournalStore as _;
use pilotage_testkit::contract;

use super::{line, run};
use crate::emulator::{Emulator, settings, unique};
use crate::fake::Fake;
use crate::lossy::Lossy;

async fn folder(emulator: &Emulator) -> Bucket {
    let place = format!("s3://{}/prod/shop", unique("journals")).parse().expect("a place");
    bucket::create(&emulator.session().await, &place).await.expect("created");
    place
}

/// Journals directly, and on a way on which answers get lost.
async fn near_and_far(emulator: &Emulator) -> (S3Journals, S3Journals, Lossy) {
    let (folder, road) = (folder(emulator).await, Lossy::to(&emulator.address).await);
    let near = S3Journals::new(&emulator.session().await, folder.clone());
    let far = S3Journals::new(&emulator.session_at(&road.address).await, folder);
    (near, far, road)
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (one, other, _road) = near_and_far(&emulator).await;
    contract::journal_store(&one, &other).await;
}

#[tokio::test]
async fn one_of_many_wins() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (folder, session) = (folder(&emulator).await, emulator.session().await);
    super::one_of_many_wins(|| S3Journals::new(&session, folder.clone())).await;
}

#[tokio::test]
async fn long_journals_and_long_lines_are_read_as_they_were_written() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (one, other, _road) = near_and_far(&emulator).await;
    let sizes = [&[10, 900_000][..], &[30_000; 20]].concat();
    super::a_long_journal_is_read_as_it_was_written((&one, &other), &sizes).await;
}

#[tokio::test]
async fn a_write_without_an_answer_is_unknown_and_never_repeated() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (near, far, road) = near_and_far(&emulator).await;
    super::a_write_without_an_answer_is_unknown_and_never_repeated(&far, &near, &road).await;
}

#[tokio::test]
async fn what_was_throttled_is_sent_again() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (_, far, road) = near_and_far(&emulator).await;
    super::what_was_throttled_is_sent_again(&far, &road).await;
}

#[tokio::test]
async fn a_line_takes_one_request() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (_, far, road) = near_and_far(&emulator).await;
    super::a_line_takes_one_request(&far, &road).await;
}

#[tokio::test]
async fn a_long_segment_is_followed_by_another() {
    let Some(emulator) = Emulator::ministack() else { return };
    let folder = folder(&emulator).await;
    let journals = S3Journals::new(&emulator.session().await, folder.clone());
    let sizes = [50_000; 7];
    super::a_long_journal_is_read_as_it_was_written((&journals, &journals), &sizes).await;
    let admin = Client::from_conf(Builder::from(&emulator.admin()).force_path_style(true).build());
    let (name, _) = folder
        .to_string()
        .strip_prefix("s3://")
        .and_then(|place| {
            place.split_once('/').map(|(name, rest)| (name.to_owned(), rest.to_owned()))
        })
        .expect("a bucket and a folder");
    let listed = admin.list_objects_v2().bucket(name).prefix("prod/shop/run-42/").send().await;
    let sizes: Vec<_> =
        listed.expect("listed").contents().iter().filter_map(Object::size).collect();
    assert_eq!(sizes.len(), 3, "{sizes:?}");
}

#[tokio::test]
async fn a_missing_bucket_is_an_error_with_its_remedy() {
    let Some(emulator) = Emulator::ministack() else { return };
    let place = "s3://no-such-bucket-at-all/x".parse().expect("a place");
    let journals = S3Journals::new(&emulator.session().await, place);
    let line = line(&Head::EMPTY, 1);
    let (load, runs) = (journals.load(&run()).await, journals.runs().await);
    let append = journals.append(&run(), &Head::EMPTY, &line.bytes).await;
    for error in [load.expect_err("none"), runs.expect_err("none"), append.expect_err("none")] {
        let error = error.to_string();
        assert!(error.contains("aws s3api create-bucket --region eu-central-1"), "{error}");
    }
}

#[tokio::test]
async fn a_bucket_is_created_once() {
    let Some(emulator) = Emulator::ministack() else { return };
    let folder = folder(&emulator).await;
    bucket::create(&emulator.session().await, &folder).await.expect("it is there");
}

#[tokio::test]
async fn a_store_that_overwrites_is_refused_before_it_loses_anything() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().expect("a folder"));
    let session = Session::open(&settings(fake.address(), folder.path(), "good")).await;
    let place = "s3://careless/x".parse().expect("a place");
    let journals = S3Journals::new(&session.expect("all is given"), place);
    let line = line(&Head::EMPTY, 1);
    let error = journals.append(&run(), &Head::EMPTY, &line.bytes).await.expect_err("careless");
    assert!(error.to_string().contains("in spite of `If-None-Match`"), "{error}");
    assert_eq!(fake.asked("PutObject"), 2, "only the trial was written");
}
