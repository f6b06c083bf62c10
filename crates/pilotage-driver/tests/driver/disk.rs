//! The stores on real files.

use std::path::Path;
use std::sync::Arc;

use pilotage_driver::drive::{Driver, DriverError, Interruptions, WriteFailure};
use pilotage_driver::file::{FileJournalStore, FileLease};
use pilotage_driver::journal::{Head, Line, decode, encode};
use pilotage_driver::role::{Acquired, JournalStore, Lease, StoreError, Unwatched};
use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::{Event, Fence, Moment, Verdict};
use pilotage_testkit::fake::FakeTarget;
use pilotage_testkit::real;

use crate::harbour::{CAN, Harbour, blue_green, driver, new, old, run};

fn line(head: &Head, event: Event) -> Line {
    let record = Record { at: Moment::from_millis(1), entry: Entry::Happened(event) };
    encode(head, &record).expect("it makes a line")
}

/// A driver whose journal and lease are real files, and the target that it works on.
fn with_files(harbour: &Harbour, directory: &Path) -> (Driver, Arc<FakeTarget>) {
    let clock = harbour.clock.clone();
    let target = Arc::new(FakeTarget::serving(&old(), 4, &[new()], CAN, clock));
    let mut crew = harbour.crew();
    crew.target = target.clone();
    crew.journal = Arc::new(FileJournalStore::new(directory.join("journals")));
    crew.lease = Arc::new(FileLease::new(directory.join("leases"), "shop").expect("a name"));
    crew.watcher = Arc::new(Unwatched);
    (driver(crew), target)
}

#[tokio::test(start_paused = true)]
async fn a_deploy_with_files_leaves_a_journal_that_can_be_read() {
    let directory = tempfile::tempdir().expect("there is room");
    let harbour = Harbour::new();
    let (driver, target) = with_files(&harbour, directory.path());
    let plan = harbour.plan(blue_green(vec![])).await;
    let finished = driver.drive(run(), plan, Interruptions::none()).await.expect("nothing fails");
    assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });
    assert_eq!(target.wholly(), Some(new().id));
    let store = FileJournalStore::new(directory.path().join("journals"));
    let decoded = decode(&store.load(&run()).await.expect("it exists")).expect("it is sound");
    assert_eq!(decoded.records.len() as u64, finished.written);
    assert_eq!(store.runs().await.expect("they can be listed"), [run()]);
}

#[tokio::test]
async fn an_unfinished_line_is_cut_off_by_the_next_one() {
    let directory = tempfile::tempdir().expect("there is room");
    let store = FileJournalStore::new(directory.path());
    let first = line(&Head::EMPTY, Event::Woke);
    store.append(&run(), &Head::EMPTY, &first.bytes).await.expect("it is new");
    let unfinished = [b"{\"seq\":1,\"prev\":\"sha2", &[b'x'; 1_000][..]].concat();
    let torn = [&first.bytes[..], &unfinished].concat();
    put(&directory.path().join("run-1.jsonl"), &torn);
    let loaded = store.load(&run()).await.expect("it exists");
    let decoded = decode(&loaded).expect("a torn end is tolerated");
    assert_eq!((decoded.head, decoded.torn), (first.head, unfinished.len()));
    let second = line(&first.head, Event::Interrupted);
    store.append(&run(), &decoded.head, &second.bytes).await.expect("the head is right");
    let whole = [first.bytes, second.bytes].concat();
    assert_eq!(store.load(&run()).await.expect("it exists"), whole);
}

#[tokio::test]
async fn a_journal_that_was_edited_or_shortened_is_not_written_to() {
    let directory = tempfile::tempdir().expect("there is room");
    let store = FileJournalStore::new(directory.path());
    let first = line(&Head::EMPTY, Event::Woke);
    let path = directory.path().join("run-1.jsonl");
    let other = line(&Head::EMPTY, Event::Interrupted);
    for content in [&b""[..], &first.bytes[..20], &other.bytes] {
        put(&path, content);
        let second = line(&first.head, Event::Woke);
        let refused = store.append(&run(), &first.head, &second.bytes).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn a_lease_ends_with_its_holder_and_its_fence_does_not() {
    let directory = tempfile::tempdir().expect("there is room");
    let lease = || FileLease::new(directory.path(), "shop").expect("it is a name");
    let mut last = Fence::default();
    for _ in 0..3 {
        let holder = lease();
        let acquired = holder.acquire("job 1", Fence::default()).await.expect("it can be asked");
        let Acquired::Held(grant) = acquired else { panic!("{acquired:?}") };
        assert!(grant.fence > last, "fences only grow");
        last = grant.fence;
    }
    put(&directory.path().join("shop.lease"), b"{");
    let failure = lease().acquire("job 2", Fence::default()).await;
    assert!(failure.is_err(), "a fence that cannot be read must not begin anew: {failure:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_device_is_told_as_such() {
    let directory = tempfile::tempdir().expect("there is room");
    std::os::unix::fs::symlink("/dev/full", directory.path().join("run-1.jsonl")).expect("a link");
    let store = FileJournalStore::new(directory.path());
    let first = line(&Head::EMPTY, Event::Woke);
    let refused = store.append(&run(), &Head::EMPTY, &first.bytes).await;
    assert!(matches!(refused, Err(StoreError::Full { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_stops_a_deploy_and_loses_nothing() {
    let Some(disk) = real::require("small-disk", "PILOTAGE_TEST_SMALL_DISK") else { return };
    let directory = tempfile::tempdir_in(&disk).expect("there is room for a directory");
    let harbour = Harbour::new();
    let (driver, target) = with_files(&harbour, directory.path());
    let filler = fill(directory.path());
    let plan = harbour.plan(blue_green(vec![])).await;
    let error = driver.drive(run(), plan, Interruptions::none()).await;
    let error = error.expect_err("there is no room for a whole run");
    let DriverError::Unrecorded { source, .. } = &error else { panic!("{error}") };
    let full = matches!(source, WriteFailure::Store(StoreError::Full { .. }));
    assert!(full, "{source:?}");
    let store = FileJournalStore::new(directory.path().join("journals"));
    let decoded = decode(&store.load(&run()).await.expect("it exists")).expect("it is sound");
    assert!(decoded.records.len() > 1, "some lines had room");
    assert_eq!(decoded.torn, 0, "the line that had none was taken back");

    remove(&filler);
    let finished = driver.resume(run(), Interruptions::none()).await.expect("there is room");
    assert_eq!(finished.verdict, Verdict::Deployed { release: new().id });
    assert_eq!(target.wholly(), Some(new().id));
}

/// Fills the disk, but for a little that the lease and some lines need.
fn fill(directory: &Path) -> std::path::PathBuf {
    let path = directory.join("filler");
    let mut bytes = vec![0_u8; 64 << 10];
    let mut size = 0;
    while !bytes.is_empty() {
        match grow(&path, &bytes) {
            Ok(()) => size += bytes.len(),
            Err(_) => bytes.truncate(bytes.len() / 2),
        }
        assert!(size < 64 << 20, "PILOTAGE_TEST_SMALL_DISK names a disk that is not small");
    }
    shrink(&path, 24 << 10);
    path
}

#[expect(clippy::disallowed_methods, reason = "the test plays the part of an editor")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("there is room");
}

#[expect(clippy::disallowed_methods, reason = "the test fills a disk")]
fn grow(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[expect(clippy::disallowed_methods, reason = "the test fills a disk")]
fn shrink(path: &Path, by: u64) {
    let file = std::fs::OpenOptions::new().write(true).open(path).expect("it exists");
    let length = file.metadata().expect("it exists").len();
    file.set_len(length.saturating_sub(by)).expect("it can be shortened");
}

#[expect(clippy::disallowed_methods, reason = "the test frees a disk")]
fn remove(path: &Path) {
    std::fs::remove_file(path).expect("it exists");
}
