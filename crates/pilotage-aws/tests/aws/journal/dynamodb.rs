//! DynamoDB.

use pilotage_aws::Session;
use pilotage_aws::journal::DynamoJournals;
use pilotage_aws::lease::DynamoLeases;
use pilotage_aws::table::TableName;
use pilotage_clock::SystemClock;
use pilotage_driver::journal::Head;
use pilotage_driver::role::JournalStore as _;
use pilotage_testkit::contract;

use super::{line, run};
use crate::emulator::{Emulator, settings, unique};
use crate::fake::Fake;
use crate::lossy::Lossy;

fn journals(session: &Session, table: &TableName, shelf: &str) -> DynamoJournals {
    DynamoJournals::new(session, table.clone(), shelf.parse().expect("a shelf"))
}

async fn table(emulator: &Emulator) -> TableName {
    let table: TableName = unique("journals").parse().expect("a name");
    let created =
        journals(&emulator.session().await, &table, "x").create(&SystemClock::new()).await;
    created.expect("created");
    table
}

/// Journals directly, and on a way on which answers get lost.
async fn near_and_far(emulator: &Emulator) -> (DynamoJournals, DynamoJournals, Lossy) {
    let (table, road) = (table(emulator).await, Lossy::to(&emulator.address).await);
    let near = journals(&emulator.session().await, &table, "prod/shop");
    let far = journals(&emulator.session_at(&road.address).await, &table, "prod/shop");
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
    let (_, journals, _road) = near_and_far(&emulator).await;
    super::one_of_many_wins(|| journals.clone()).await;
}

#[tokio::test]
async fn long_journals_and_long_lines_are_read_as_they_were_written() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (one, other, _road) = near_and_far(&emulator).await;
    // Two pages of a query, and a line of several items.
    let sizes = [&[10, 900_000, 262_000][..], &[30_000; 20]].concat();
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
async fn shelves_are_apart() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (table, session) = (table(&emulator).await, emulator.session().await);
    for shelf in ["prod", "prod/shop", "prod/shop/run-42"] {
        let journals = journals(&session, &table, shelf);
        assert_eq!(journals.runs().await.expect("it can be asked"), [], "{shelf}");
        let line = line(&Head::EMPTY, shelf.len());
        journals.append(&run(), &Head::EMPTY, &line.bytes).await.expect("it is new");
        assert_eq!(journals.load(&run()).await.expect("there"), line.bytes, "{shelf}");
        assert_eq!(journals.runs().await.expect("it can be asked"), [run()], "{shelf}");
    }
}

#[tokio::test]
async fn a_missing_table_is_an_error_with_its_remedy() {
    let Some(emulator) = Emulator::ministack() else { return };
    let table = "no-such-table".parse().expect("a name");
    let journals = journals(&emulator.session().await, &table, "prod/shop");
    let line = line(&Head::EMPTY, 1);
    let (load, runs) = (journals.load(&run()).await, journals.runs().await);
    let append = journals.append(&run(), &Head::EMPTY, &line.bytes).await;
    for error in [load.expect_err("none"), runs.expect_err("none"), append.expect_err("none")] {
        let error = error.to_string();
        assert!(error.contains("aws dynamodb create-table --region eu-central-1"), "{error}");
        assert!(error.contains("AttributeName=part,KeyType=RANGE"), "{error}");
    }
}

#[tokio::test]
async fn a_table_is_created_once_and_one_for_something_else_is_refused() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (table, session, clock) =
        (table(&emulator).await, emulator.session().await, SystemClock::new());
    journals(&session, &table, "x").create(&clock).await.expect("it is there");
    let error = DynamoLeases::new(&session, table).create(&clock).await.expect_err("other keys");
    let error = error.to_string();
    assert!(
        error.contains("`journal` (HASH) and `part` (RANGE) instead of `name` (HASH)"),
        "{error}"
    );
}

#[tokio::test]
async fn what_was_refused_says_why_and_what_to_do() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().expect("a folder"));
    let cases = [
        ("denied", "allow `dynamodb:PutItem`"),
        ("expired", "have expired"),
        ("throttled", "too many calls"),
    ];
    for (fate, words) in cases {
        let session = Session::open(&settings(fake.address(), folder.path(), fate))
            .await
            .expect("all is given");
        let journals = journals(&session, &"journals".parse().expect("a name"), "prod/shop");
        let line = line(&Head::EMPTY, 1);
        let error = journals.append(&run(), &Head::EMPTY, &line.bytes).await.expect_err(fate);
        assert!(error.to_string().contains(words), "{error}");
    }
}
