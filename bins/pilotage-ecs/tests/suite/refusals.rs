//! What is refused before anything is written, and what the person is told.

use pilotage_testkit::fake::ecs::Fault;

use crate::place::{Place, deploy, image};

#[test]
fn what_is_given_wrongly_ends_with_two_and_says_what_to_write() {
    let place = Place::new();
    for (line, words) in [
        ("deploy".to_owned(), "--image CONTAINER=IMAGE@DIGEST"),
        (
            "deploy --image web=registry.example.org/shop/web:v2".to_owned(),
            "pilotage-image resolve",
        ),
        (format!("deploy --image app={}", image(2)), "has no container `app`; it has web"),
    ] {
        let left = place.expect(&line, 2);
        assert!(left.err.contains(words), "`{line}`: {left:?}");
    }
    assert_eq!(place.fake.called("RegisterTaskDefinition"), 0);
}

#[test]
fn a_wrong_configuration_is_told_with_its_place() {
    for (cluster, more, words) in [
        ("clustr = \"shop\"", "", "clustr"),
        ("cluster = \"cfn:network\"", "", "cfn:STACK/OUTPUT"),
        ("cluster = \"sh op\"", "", "cannot name a service"),
        ("cluster = \"shop\"\nrole = \"deploy\"", "", "is not a role"),
        ("cluster = \"shop\"", "[env.prod.checks.home]\nhttp = { path = \"/\" }", "smoke checks"),
        ("cluster = \"tfstate:none.tfstate#cluster\"", "", "none.tfstate"),
    ] {
        let place = Place::new();
        place.configure(cluster, more);
        let left = place.expect("status", 2);
        assert!(left.err.contains(words), "{cluster} {more}: {left:?}");
    }
}

#[test]
fn a_service_that_is_not_there_is_told_and_nothing_is_written() {
    let place = Place::new();
    place.configure("cluster = \"shops\"", "");
    let left = place.expect(&deploy(2), 4);
    assert!(left.err.contains("shops"), "{left:?}");
}

#[test]
fn who_may_not_register_changes_nothing_and_hears_which_right_is_missing() {
    let place = Place::new();
    place.fake.fail("RegisterTaskDefinition", Fault::Denied);
    let left = place.expect(&deploy(2), 6);
    assert!(left.err.contains("ecs:RegisterTaskDefinition"), "{left:?}");
    assert_eq!(place.serves(), Some(image(1)));
    assert_eq!(place.fake.called("UpdateService"), 0);
}

#[test]
fn names_are_found_where_the_infrastructure_tells_them() {
    let place = Place::new();
    let state = r#"{ "version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x",
        "outputs": { "cluster": { "value": "arn:aws:ecs:eu-central-1:1:cluster/shop",
        "type": "string" } }, "resources": [] }"#;
    place.write("terraform.tfstate", state);
    place.configure("cluster = \"tfstate:terraform.tfstate#cluster\"", "");
    place.expect(&deploy(2), 0);
    assert_eq!(place.serves(), Some(image(2)));
}

#[test]
fn a_strategy_that_ecs_leaves_to_nobody_is_refused_by_the_plan() {
    let place = Place::new();
    let text = crate::place::read(place.path());
    let canary = "strategy.canary = { steps = [{ traffic = \"10%\" }] }";
    place.write("pilotage.toml", &text.replace("strategy.rolling = { batches = 1 }", canary));
    let left = place.expect(&deploy(2).replace("deploy", "plan"), 6);
    assert!(left.err.contains("only `rolling` leaves that to it"), "{left:?}");
}
