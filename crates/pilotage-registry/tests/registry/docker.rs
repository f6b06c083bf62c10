//! The same suite over a real registry, and between it and a fake.

use pilotage_testkit::real;

use crate::suite::suite;
use crate::support::fake;

#[expect(clippy::disallowed_methods, reason = "its address is in a file of its folder")]
fn address() -> Option<String> {
    let folder = real::require("docker-registry", "PILOTAGE_TEST_DOCKER_REGISTRY")?;
    Some(std::fs::read_to_string(folder.join("address")).expect("an address"))
}

#[tokio::test(flavor = "multi_thread")]
async fn holds_within_a_real_registry() {
    let Some(real) = address() else { return };
    suite(&real, &real).await;
    crate::evidence::suite(&real).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn holds_between_a_real_registry_and_a_fake() {
    let Some(real) = address() else { return };
    let fake = fake().await;
    suite(&real, &fake.name()).await;
    suite(&fake.name(), &real).await;
    assert_eq!(fake.open_uploads(), 0);
}
