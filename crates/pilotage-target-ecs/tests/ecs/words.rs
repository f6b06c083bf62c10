//! The last words of containers that do not stay up.

use pilotage_aws::logs::Logs;
use pilotage_driver::role::Target as _;
use pilotage_redact::Veil;
use pilotage_testkit::fake::ecs::{Breaker, Fault, Trouble};
use serde_json::json;

use crate::bench::{Bench, definition, image};

/// A service that logs, whose second image ends with 3.
async fn bench() -> Bench {
    let bench = Bench::new().await;
    bench.fake.world(|world| {
        let mut logged = definition(1);
        logged["containerDefinitions"][0]["logConfiguration"] = json!({ "logDriver": "awslogs",
            "options": { "awslogs-group": "/ecs/shop", "awslogs-stream-prefix": "shop" } });
        let arn = world.define(&logged);
        world.meddle("web", &arn);
        world.advance(120_000);
        world.troubles.insert(image(2), Trouble::Exits(3));
        world.service("web").breaker = Breaker::Off;
        let said = ["starting with hunter2-hunter2", "cannot bind port 80"];
        world.last_words = said.map(|line| ("web".to_owned(), line.to_owned())).to_vec();
    });
    bench.fake.forget_calls();
    bench
}

async fn told(bench: &Bench) -> String {
    let veil = Veil::default();
    assert!(veil.add("PASSWORD", b"hunter2-hunter2").is_empty());
    let target = bench.target().listening(&Logs::new(&bench.session), &veil);
    bench.roll(&target, 2).await;
    let fails = |seen: &pilotage_rollout::Observation| {
        seen.groups.iter().any(|group| !group.failing.is_empty())
    };
    let seen = bench.until(&target, "a reason", fails).await;
    let failing = seen.groups.iter().flat_map(|group| &group.failing);
    failing.map(|failing| failing.reason.clone()).next().unwrap_or_default()
}

#[tokio::test]
async fn a_container_that_crashes_is_quoted_and_masked() {
    let told = told(&bench().await).await;
    assert!(told.contains("ended with 3"), "{told}");
    assert!(
        told.contains("said last: starting with [secret:PASSWORD] | cannot bind port 80"),
        "{told}"
    );
}

#[tokio::test]
async fn a_log_that_may_not_be_read_is_said_and_hides_nothing_else() {
    let bench = bench().await;
    (0..9).for_each(|_| bench.fake.fail("GetLogEvents", Fault::Denied));
    let told = told(&bench).await;
    assert!(
        told.contains("ended with 3") && told.contains("cannot be read: access denied"),
        "{told}"
    );
}

#[tokio::test]
async fn without_ears_nothing_is_asked() {
    let bench = bench().await;
    let target = bench.target();
    bench.roll(&target, 2).await;
    bench.fake.world(|world| world.advance(60_000));
    target.observe().await.expect("seen");
    assert_eq!(bench.fake.called("GetLogEvents"), 0);
}
