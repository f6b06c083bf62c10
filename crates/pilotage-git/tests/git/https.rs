//! The same push over HTTP, and over TLS with an authority of one's own, as a CI job is given it.

use std::process::Command;

use pilotage_git::{Bar, Claimed, Git, GitError};

use crate::claims::{barred, is_claimed, tried, world};
use crate::hooks::Death;
use crate::server::{Wire, serve};
use crate::world::{World, put};

/// A clone whose remote is served in this way; it has no credentials yet.
fn served(wire: Wire) -> World {
    let world = world();
    let server = world.beside("origin.git");
    Git::new(&server).run(&["config", "http.receivepack", "true"]).expect("configured");
    let scheme = if matches!(wire, Wire::Plain) { "http" } else { "https" };
    let port = serve(server.parent().expect("a folder"), wire);
    let url = format!("{scheme}://localhost:{port}/origin.git");
    world.git(&["remote", "set-url", "origin", &url]);
    world.git(&["config", "http.proxy", ""]);
    world
}

/// The same over TLS, by an authority that the clone is told of.
fn secure() -> World {
    let (wire, authority) = Wire::secure();
    let world = served(wire);
    let file = world.beside("authority.pem");
    put(&file, &authority);
    world.git(&["config", "http.sslCAInfo", file.to_str().expect("text")]);
    world
}

fn login(world: &World, user: &str, password: &str) {
    let helper = format!("!f() {{ echo username={user}; echo password={password}; }}; f");
    world.git(&["config", "credential.helper", &helper]);
}

/// Runs a test where no variable says whom git trusts: it would come before what the clone says.
#[expect(clippy::disallowed_methods, reason = "a test looks around before it begins")]
fn undisturbed(name: &str, test: fn()) {
    let names = ["GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_NO_VERIFY"];
    if names.iter().all(|name| std::env::var_os(name).is_none()) {
        return test();
    }
    let mut alone = Command::new(std::env::current_exe().expect("a program"));
    for name in names {
        alone.env_remove(name);
    }
    let ended = alone.args(["--exact", name]).output().expect("started");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_version_is_claimed_over_http_with_the_credentials_that_git_was_given() {
    let world = served(Wire::Plain);
    // Nobody is there to be asked for a password.
    let (bar, said) = barred(&world);
    assert!(
        said.contains("could not read Username") && said.contains("credential helper"),
        "{said}"
    );
    assert_eq!(bar, Bar::Login);
    login(&world, "ci", "token");
    is_claimed(&world);
}

#[test]
fn a_version_is_claimed_over_tls_of_an_authority_of_ones_own() {
    undisturbed("https::a_version_is_claimed_over_tls_of_an_authority_of_ones_own", || {
        let world = secure();
        login(&world, "ci", "token");
        is_claimed(&world);
    });
}

#[test]
fn a_server_that_nobody_vouches_for_gets_no_credentials() {
    undisturbed("https::a_server_that_nobody_vouches_for_gets_no_credentials", || {
        let (wire, _) = Wire::secure();
        let world = served(wire);
        login(&world, "ci", "token");
        let (bar, said) = barred(&world);
        assert!(said.contains("http.sslCAInfo") && !said.contains("unknown whether"), "{said}");
        assert_eq!(bar, Bar::Certificate);
    });
}

#[test]
fn credentials_that_are_refused_are_not_repeated() {
    undisturbed("https::credentials_that_are_refused_are_not_repeated", || {
        let world = secure();
        let url =
            world.git(&["remote", "get-url", "origin"]).replace("https://", "https://ci:hunter2@");
        world.git(&["remote", "set-url", "origin", &url]);
        let (bar, said) = barred(&world);
        assert!(said.contains("Authentication failed") && !said.contains("hunter2"), "{said}");
        assert_eq!(bar, Bar::Login);
    });
}

#[test]
fn who_may_only_read_is_told_which_right_is_missing() {
    undisturbed("https::who_may_only_read_is_told_which_right_is_missing", || {
        let world = secure();
        login(&world, "reader", "token");
        let (bar, said) = barred(&world);
        assert!(said.contains("contents: write"), "{said}");
        assert_eq!(bar, Bar::Rights);
    });
}

#[test]
fn an_answer_that_is_lost_on_the_way_is_looked_up() {
    undisturbed("https::an_answer_that_is_lost_on_the_way_is_looked_up", || {
        let world = secure();
        login(&world, "ci", "token");
        world.dies(Death::Before);
        let (claimed, there) = tried(&world);
        assert!(matches!(claimed, Err(GitError::Command { .. })) && !there, "{claimed:?}");
        world.recovers();
        world.dies(Death::After);
        let (claimed, there) = tried(&world);
        assert!(matches!(claimed, Ok(Claimed::Ours)) && there, "{claimed:?}");
    });
}

#[test]
fn a_server_that_is_gone_after_the_push_leaves_it_unknown() {
    undisturbed("https::a_server_that_is_gone_after_the_push_leaves_it_unknown", || {
        let world = secure();
        login(&world, "ci", "token");
        world.dies(Death::ForGood);
        let (claimed, _) = tried(&world);
        assert!(matches!(claimed, Err(GitError::Unknown { .. })), "{claimed:?}");
    });
}
