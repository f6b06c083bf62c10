//! `resolve`, `tag` and `copy`, against registries on this machine.

use serde_json::Value;

use crate::harbour::{push_image, push_other, registry, remote};
use crate::place::Place;

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("one object")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_resolved_to_the_digest_of_its_bytes() {
    let (place, registry) = (Place::empty(), registry().await);
    let digest = push_image(&remote(&registry, "shop/web")).await;
    let image = format!("{}/shop/web:build", registry.name());
    let resolved = place.expect(&format!("resolve {image}"), 0);
    assert_eq!(resolved.out.trim(), digest.to_string());
    let resolved = json(&place.expect(&format!("resolve {image} --json"), 0).out);
    assert_eq!(resolved["image"], format!("{}/shop/web@{digest}", registry.name()));
    let missing = place.expect(&format!("resolve {image}-not"), 2);
    assert!(missing.err.contains("is not there"), "{missing:?}");
    registry.behave(|behaviour| behaviour.says_digest = false);
    assert_eq!(place.expect(&format!("resolve {image}"), 0).out.trim(), digest.to_string());
    place.expect(&format!("resolve {}/shop/web", registry.name()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_must_not_move_stays_where_it_is() {
    let (place, registry) = (Place::empty(), registry().await);
    let digest = push_image(&remote(&registry, "shop/web")).await;
    let at = format!("{}/shop/web", registry.name());
    let tag = format!("tag {at}:build {at}:v1.4.0");
    assert_eq!(json(&place.expect(&format!("{tag} --json"), 0).out)["changed"], true);
    assert_eq!(json(&place.expect(&format!("{tag} --json"), 0).out)["changed"], false);
    let other = push_other(&remote(&registry, "shop/web")).await;
    registry.set_tag("shop/web", "v1.4.0", other);
    let refused = place.expect(&tag, 6);
    assert!(refused.err.contains("must not move"), "{refused:?}");
    assert_eq!(registry.tag("shop/web", "v1.4.0"), Some(other));
    place.expect(&format!("{tag} --moving"), 0);
    assert_eq!(registry.tag("shop/web", "v1.4.0"), Some(digest));
    assert_eq!(registry.tag("shop/web", "v1"), None);
    let beside = place.expect(&format!("tag {at}:build v1"), 0);
    assert_eq!(beside.out.trim(), format!("{at}:v1 names {digest}"));
    assert_eq!(registry.tag("shop/web", "v1"), Some(digest));
    let elsewhere = place.expect(&format!("tag {at}:build r.example/shop/web:v1"), 2);
    assert!(elsewhere.err.contains("pilotage-image copy"), "{elsewhere:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_brings_every_platform_and_the_evidence() {
    let (place, one, two) = (Place::empty(), registry().await, registry().await);
    let digest = push_image(&remote(&one, "shop/web")).await;
    let (from, to) = (format!("{}/shop/web", one.name()), format!("{}/prod/web", two.name()));
    let copied = place.expect(&format!("copy {from}:build {to}:v1.4.0 --json"), 0);
    let outcome = json(&copied.out);
    assert_eq!(outcome["digest"], digest.to_string());
    assert_eq!((&outcome["manifests"], &outcome["changed"]), (&4.into(), &true.into()));
    assert!(copied.err.contains("blob 1 of ") && copied.err.contains("tag v1.4.0 names"));
    let there = remote(&two, "prod/web");
    assert_eq!(there.attached(digest, None).await.expect("an answer").len(), 1);
    let again = json(&place.expect(&format!("copy {from}:build {to}:v1.4.0 --json"), 0).out);
    assert_eq!((&again["changed"], &again["bytes_sent"]), (&false.into(), &0.into()));
    let alone = format!("copy {from}@{digest} {to}-bare:v1 --without-evidence");
    place.expect(&alone, 0);
    let bare = remote(&two, "prod/web-bare");
    assert_eq!(bare.attached(digest, None).await.expect("an answer"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_taken_from_the_environment_or_from_docker() {
    use pilotage_testkit::fake::registry::Login;
    let (place, registry) = (Place::empty(), registry().await);
    push_image(&remote(&registry, "shop/web")).await;
    registry.behave(|behaviour| behaviour.login = Login::Basic("ana".into(), "secret".into()));
    let resolve = format!("resolve {}/shop/web:build", registry.name());
    place.expect(&resolve, 2);
    place.write(
        "docker/config.json",
        &format!(
            r#"{{"auths":{{"{}":{{"username":"ana","password":"secret"}}}}}}"#,
            registry.name()
        ),
    );
    place.expect_with(&[("DOCKER_CONFIG", "docker")], &resolve, 0);
    let name = registry.name();
    let given = [
        ("PILOTAGE_REGISTRY", name.as_str()),
        ("PILOTAGE_REGISTRY_USER", "ana"),
        ("PILOTAGE_REGISTRY_PASSWORD", "secret"),
    ];
    place.expect_with(&given, &resolve, 0);
}
