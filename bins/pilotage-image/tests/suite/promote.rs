//! `promote`: through the gate or not at all, and never a tag without its evidence.

use pilotage_artifact::Digest;
use pilotage_testkit::fake::FakeRegistry;
use pilotage_testkit::fake::registry::{Fault, List};
use serde_json::Value;

use crate::harbour::{push_image, push_other, registry, remote};
use crate::place::{AMD64, ARM64, Place, trivy};

/// A recorded release whose image is in a registry.
struct Shipped {
    place: Place,
    id: String,
    from: FakeRegistry,
    digest: Digest,
}

impl Shipped {
    async fn new() -> Self {
        let from = registry().await;
        let digest = push_image(&remote(&from, "shop/web")).await;
        let (place, id) = Place::recorded_at(&format!("{}/shop/web", from.name()));
        Self { place, id, from, digest }
    }

    /// The same, with all that staging asks for.
    async fn tested() -> Self {
        let shipped = Self::new().await;
        shipped.test(&[AMD64, ARM64], "");
        shipped
    }

    fn test(&self, platforms: &[&str], store: &str) {
        for platform in platforms {
            self.place.write("report.json", &trivy(platform, 0));
            let tested = format!("tested --suite unit --platform {platform} --result passed");
            let scanned =
                format!("scanned --platform {platform} --format trivy --report report.json");
            self.place.say(&self.id, "release", "ci", &format!("{tested}{store}"));
            self.place.say(&self.id, "release", "ci", &format!("{scanned}{store}"));
        }
    }

    fn promote(&self, rest: &str) -> String {
        format!("promote {} --to staging --key ci.pem --by ci {rest}", self.id)
    }

    /// The same image, recorded as another release.
    fn again(self, version: &str) -> Self {
        let draft = self.place.read("draft.toml").replace("1.4.0", version);
        self.place.write("draft.toml", &draft.replace("sequence = 17", "sequence = 18"));
        let created = self.place.expect("record create --draft draft.toml --key ci.pem --by ci", 0);
        Self { id: created.out.trim().to_owned(), ..self }
    }

    fn events(&self) -> usize {
        let listed = self.place.expect(&format!("event list {}", self.id), 0).out;
        listed.lines().filter(|line| line.contains("  promoted  ")).count()
    }
}

/// Events carry whole seconds, and what was said within one of them has no order.
#[expect(clippy::disallowed_methods, reason = "the binary under test reads the real clock")]
fn until_the_next_second() {
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let second = || now().map(|since| since.as_secs()).ok();
    let begun = second();
    while second() == begun {
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("one value")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_promoted_once_its_gate_is_open_and_again_without_any_change() {
    let shipped = Shipped::new().await;
    let to = registry().await;
    let promote =
        shipped.promote(&format!("--into web={}/staging/web --moving staging", to.name()));
    let closed = shipped.place.expect(&promote, 6);
    assert!(closed.out.contains("`unit` was not run on linux/amd64"), "{closed:?}");
    assert!(to.seen().is_empty(), "nothing was sent, nor asked for");

    shipped.test(&[AMD64, ARM64], "");
    let promoted = json(&shipped.place.expect(&format!("{promote} --json"), 0).out);
    assert_eq!(promoted[0]["digest"], shipped.digest.to_string());
    for tag in ["v1.4.0", "staging"] {
        assert_eq!(to.tag("staging/web", tag), Some(shipped.digest), "{tag}");
    }
    let there = remote(&to, "staging/web");
    assert_eq!(there.attached(shipped.digest, None).await.expect("an answer").len(), 1);
    assert_eq!(shipped.events(), 1);

    to.forget_seen();
    let again = json(&shipped.place.expect(&format!("{promote} --json"), 0).out);
    assert_eq!((&again[0]["changed"], &again[0]["event"]), (&false.into(), &Value::Null));
    let writes = |method: &str| !matches!(method, "HEAD" | "GET");
    assert!(to.seen().iter().all(|seen| !writes(&seen.method)), "{:?}", to.seen());
    assert_eq!(shipped.events(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_that_are_right_do_not_prove_that_the_evidence_arrived() {
    let shipped = Shipped::tested().await;
    let to = registry().await;
    let bare = format!(
        "copy {0}/shop/web:build {1}/staging/web:v1.4.0 --without-evidence",
        shipped.from.name(),
        to.name()
    );
    shipped.place.expect(&bare, 0);
    let there = remote(&to, "staging/web");
    assert_eq!(there.attached(shipped.digest, None).await.expect("an answer").len(), 0);
    let promote = shipped.promote(&format!("--into web={}/staging/web", to.name()));
    shipped.place.expect(&promote, 0);
    assert_eq!(there.attached(shipped.digest, None).await.expect("an answer").len(), 1);
    assert_eq!(shipped.events(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_comes_back_is_said_again_although_its_tags_are_right() {
    let shipped = Shipped::tested().await;
    let promote = shipped.promote("--moving staging");
    shipped.place.expect(&promote, 0);
    // Another release takes its place, and is replaced by a run that dies before it has signed.
    let first = shipped.id.clone();
    let other = shipped.again("1.4.1");
    other.test(&[AMD64, ARM64], "");
    until_the_next_second();
    other.place.expect(&other.promote("--moving staging"), 0);
    until_the_next_second();
    let first = Shipped { id: first, ..other };
    assert_eq!(first.events(), 1);
    let back = json(&first.place.expect(&format!("{promote} --going-back --json"), 0).out);
    assert!(back[0]["event"].is_string(), "{back}");
    assert_eq!(first.events(), 2);
    let again = json(&first.place.expect(&format!("{promote} --going-back --json"), 0).out);
    assert_eq!(again[0]["event"], Value::Null, "and not a third time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promotion_within_a_repository_reads_no_manifest() {
    let shipped = Shipped::tested().await;
    shipped.from.forget_seen();
    shipped.place.expect(&shipped.promote(""), 0);
    assert_eq!(shipped.from.tag("shop/web", "v1.4.0"), Some(shipped.digest));
    let seen = shipped.from.seen();
    assert!(seen.iter().all(|seen| seen.method != "GET"), "{seen:?}");
    assert_eq!(shipped.events(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_names_something_else_is_refused_before_anything_is_sent() {
    let shipped = Shipped::tested().await;
    let to = registry().await;
    let promote = shipped.promote(&format!("--into web={}/staging/web", to.name()));
    shipped.place.expect(&promote, 0);
    assert_eq!(to.tag("staging/web", "v1.4.0"), Some(shipped.digest));
    let taken = push_other(&remote(&to, "staging/web")).await;
    to.set_tag("staging/web", "v1.4.0", taken);
    to.forget_seen();
    let refused = shipped.place.expect(&promote, 6);
    assert!(refused.err.contains("must not move"), "{refused:?}");
    assert!(to.seen().iter().all(|seen| seen.method == "HEAD"), "{:?}", to.seen());
    assert_eq!(to.tag("staging/web", "v1.4.0"), Some(taken));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_promotion_is_made_again() {
    let shipped = Shipped::tested().await;
    let to = registry().await;
    let promote = shipped.promote(&format!("--into web={}/staging/web", to.name()));
    shipped.from.behave(|behaviour| behaviour.referrers = List::Refused(403));
    shipped.place.expect(&promote, 2);
    assert_eq!(to.tag("staging/web", "v1.4.0"), None, "no tag without its evidence");
    assert_eq!(shipped.events(), 0);
    shipped.from.behave(|behaviour| behaviour.referrers = List::Kept);
    to.fail(Fault::LostAnswer);
    shipped.place.expect(&promote, 0);
    assert_eq!(to.tag("staging/web", "v1.4.0"), Some(shipped.digest));
    assert_eq!(shipped.events(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_recorded_tested_or_cannot_be_signed_gets_no_tag() {
    let shipped = Shipped::tested().await;
    let to = registry().await;
    let into = format!("--into web={}/staging/web", to.name());
    // A key that nobody believes would leave a tag of which nobody knows.
    shipped.place.expect("key new --out stranger.pem", 0);
    let promote = shipped.promote(&into);
    let refused = shipped.place.expect(&promote.replace("ci.pem", "stranger.pem"), 6);
    assert!(refused.err.contains("is not in the trust policy"), "{refused:?}");
    let unknown = shipped.place.expect(&shipped.promote("--into api=r.example/api"), 2);
    assert!(unknown.err.contains("no image `api`"), "{unknown:?}");
    assert!(to.tag("staging/web", "v1.4.0").is_none());
    // An environment that asks for nothing still gets nothing untested.
    let untested = Shipped::new().await;
    let policy = untested.place.read("promotion.toml");
    untested.place.write("promotion.toml", &format!("{policy}\n[gates.environments.lab]\n"));
    let promote = untested.promote(&into).replace("--to staging", "--to lab");
    let refused = untested.place.expect(&promote, 6);
    assert!(refused.err.contains("no test of the release passed on linux/amd64"), "{refused:?}");
    assert!(to.tag("staging/web", "v1.4.0").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evidence_may_be_kept_in_the_registry() {
    let shipped = Shipped::new().await;
    let store = format!(" --store oci://{}/shop/web", shipped.from.name());
    let create = format!("record create --draft draft.toml --key ci.pem --by ci{store}");
    let created = shipped.place.expect(&create, 0);
    let id_there = created.out.trim();
    let shipped = Shipped { id: id_there.to_owned(), ..shipped };
    shipped.test(&[AMD64, ARM64], &store);
    shipped.place.expect(&format!("{}{store}", shipped.promote("")), 0);
    shipped.place.expect(&format!("record verify {}{store}", shipped.id), 0);
    let listed = shipped.place.expect(&format!("event list {}{store}", shipped.id), 0).out;
    assert_eq!(listed.lines().count(), 6, "{listed}");
    let at = remote(&shipped.from, "shop/web");
    let of = async |kind| at.attached(shipped.digest, Some(kind)).await.expect("an answer").len();
    assert_eq!(of("application/vnd.pilotage.release.v1+json").await, 1);
    assert!(of("application/vnd.dev.sigstore.bundle.v0.3+json").await >= 6);
}
