//! No credential is in anything that the program writes, whichever verb is run.

use pilotage_testkit::fake::ecs::Fault;
use pilotage_testkit::leak::Tour;

use crate::place::{Place, command, deploy};

#[test]
fn no_credential_is_in_anything_that_is_written() {
    let place = Place::new();
    let started = || {
        let mut command = command();
        command.current_dir(place.path());
        command
    };
    let mut tour = Tour::new(&started);
    let secret = tour.plant("AWS_SECRET_ACCESS_KEY");
    let token = tour.plant("AWS_SESSION_TOKEN");
    let variables = [
        ("AWS_SECRET_ACCESS_KEY", secret.plain()),
        ("AWS_SESSION_TOKEN", token.plain()),
        ("RUST_LOG", "trace"),
    ];
    let (first, second) = (deploy(2), deploy(3));
    let mut go = |line: &str| {
        let args: Vec<&str> = line.split_whitespace().collect();
        tour.go(&args, &variables)
    };
    place.fake.fail("RegisterTaskDefinition", Fault::Denied);
    for line in [
        &*first,
        &*first,
        &*second,
        "plan",
        "status",
        "verify",
        "history",
        "report",
        "rollback",
        "resume",
        "abort",
        "schema",
        "completions bash",
        "man",
        "state create",
        "migrate --help",
    ] {
        go(line);
    }
    tour.look_into(place.path(), &|_| false);
    tour.nothing_leaked();
}
