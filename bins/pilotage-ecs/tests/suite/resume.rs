//! A job that is killed, and another one that goes on.

use crate::place::{Place, deploy, image};

#[test]
fn a_deploy_that_was_killed_is_gone_on_with_and_nothing_is_written_twice() {
    let place = Place::new();
    // Slow enough to be killed in the middle: no task comes up before a minute of the fake's time.
    place.fake.world(|world| world.start_up = 60_000);
    let mut killed = place.until(&deploy(2), "have the platform roll");
    killed.kill().expect("it is there");
    killed.wait().expect("it ends");
    let refused = place.expect(&deploy(3), 6);
    assert!(refused.err.contains("resume"), "{refused:?}");
    place.expect("resume", 0);
    assert_eq!(place.serves(), Some(image(2)));
    assert_eq!(place.fake.called("RegisterTaskDefinition"), 1);
    assert_eq!(place.fake.called("UpdateService"), 1);
}

#[test]
fn a_deploy_that_was_killed_is_given_up() {
    let place = Place::new();
    place.fake.world(|world| world.start_up = 60_000);
    let mut killed = place.until(&deploy(2), "have the platform roll");
    killed.kill().expect("it is there");
    killed.wait().expect("it ends");
    place.fake.world(|world| world.start_up = 1_000);
    place.expect("abort", 1);
    assert_eq!(place.serves(), Some(image(1)));
}

#[test]
fn two_at_once_are_one_and_the_other_hears_who_it_is() {
    let place = Place::new();
    place.fake.world(|world| world.start_up = 600_000);
    let mut first = place.until(&deploy(2), "have the platform roll");
    let second = place.expect(&deploy(3), 5);
    assert!(second.err.contains("somebody else owns the target"), "{second:?}");
    first.kill().expect("it is there");
    first.wait().expect("it ends");
}
