//! The leak campaign: canaries wherever a deploy is given a secret, every verb, units and checks and
//! migrators that tell all they know, runs that are killed; nothing shows or keeps one.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use pilotage_testkit::leak::Tour;
use pilotage_testkit::masks;
use pilotage_testkit::wait::until;

use crate::place::Place;

/// Who is told, what is migrated, and what is secret besides.
const TABLES: &str = r#"
[[env.local.notify]]
kind = "webhook"
variable = "TELL_THIS"

[env.local.checks.door]
command = { program = "sh", args = ["-c", "env; set -x; : $DOOR_TOKEN; exit 1"], env = { DOOR_TOKEN = "@door" } }

[env.local.migration]
state = "state"
files = ["db"]
command = ["sh", "-c", "env; printf %s \"$SHOP_URL\" | base64 -w0; exit $(cat verdict)"]
database = "SHOP_URL"
lease = "file"
secrets = ["PLAIN_NAME"]

[env.local.secrets.web]
KEY = "env:PLAIN_KEY"
CERTIFICATE = { from = "file:certificate", as = "fd" }
"#;

/// A unit that tells everything it was given, in several encodings, and ends.
const UNIT: &str = "env; printf %s \"$TOKEN\" | base64 -w0; printf xy%s \"$TOKEN\" | base64; \
     printf %s \"$TOKEN\" | od -An -v -tx1 | tr -d ' \\n'; cat certificate; exit 1";

const VERBS: [&[&str]; 16] = [
    &["plan", "--release", "v9"],
    &["plan", "--release", "v9", "--json", "--out", "plan.json"],
    &["deploy", "--release", "v2"],
    &["deploy", "--release", "v2", "--json"],
    &["status"],
    &["status", "--json"],
    &["verify"],
    &["history", "--json"],
    &["rollback"],
    &["resume"],
    &["abort"],
    &["report", "--out", "report.html"],
    &["report", "--json"],
    &["schema"],
    &["completions", "bash"],
    &["man"],
];

#[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the file")]
fn write(place: &Place, name: &str, text: &str) {
    let path = place.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// What a daemon keeps to start units with, and what units write by themselves: their owner alone
/// may read either.
fn is_kept(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let is_private = |path: &Path| {
        path.metadata().is_ok_and(|metadata| metadata.permissions().mode().trailing_zeros() >= 6)
    };
    let is_own = text.contains("/service/") && !text.contains("/runs/");
    let is_given = ["certificate", "pilotage.toml"].iter().any(|name| path.ends_with(name));
    is_given || is_own && is_private(path)
}

#[test]
fn no_verb_shows_or_keeps_a_secret_however_it_fails() {
    let place = Place::new();
    let command = || place.command("");
    let mut tour = Tour::new(&command);
    let [hook, url, plain, key, certificate, door, token] = [
        "a receiver's address",
        "the password of the database",
        "a variable that was named",
        "a reference to the environment",
        "a reference to a file",
        "the environment of a check",
        "the environment of a unit",
    ]
    .map(|slot| tour.plant(slot));
    let hook = format!("http://127.0.0.1:1/{}", hook.plain());
    let url = format!("postgres://deploy:{}@127.0.0.1:1/shop", url.plain());
    let variables = [
        ("TELL_THIS", hook.as_str()),
        ("SHOP_URL", url.as_str()),
        ("PLAIN_NAME", plain.plain()),
        ("PLAIN_KEY", key.plain()),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "1"),
    ];
    write(&place, "certificate", certificate.plain());
    write(&place, "db/1.py", "add a column");
    let tables = TABLES.replace("@door", door.plain());
    let env = format!("env = {{ TOKEN = \"{}\" }}\nhealth = \"/health\"", token.plain());
    let checked = "blue-green = { before = [{ smoke = { check = \"door\", via = \"preview\", \
                   attempts = 1, interval = \"100ms\" } }] }";
    for (verdict, strategy, is_unit) in
        [("3", "blue-green = {}", false), ("0", checked, false), ("0", "blue-green = {}", true)]
    {
        write(&place, "verdict", verdict);
        if is_unit {
            place.ship(strategy, "/bin/sh", &["-c", UNIT], &tables);
        } else {
            place.configure(strategy, crate::place::PILOTAGE, &tables);
        }
        place.replace("health = \"/health\"", &env);
        for verb in VERBS {
            tour.go(verb, &variables);
        }
        for system in ["GITHUB_ACTIONS", "TF_BUILD"] {
            let files = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "AGENT_TEMPDIRECTORY"];
            let place = place.path().to_str().expect("text").to_owned();
            let paths = [format!("{place}/outputs"), format!("{place}/summary"), place];
            let mut all = variables.to_vec();
            all.push((system, "true"));
            all.extend(files.into_iter().zip(paths.iter().map(String::as_str)));
            for args in [&["deploy", "--release", "v3"][..], &["abort"]] {
                let mut output =
                    command().args(args).envs(all.clone()).output().expect("it starts");
                let told = masks::take(&mut output.stderr);
                let is_once = |one| told.iter().filter(|told| *told == one).count() == 1;
                assert!(!told.is_empty() && told.iter().all(is_once), "{args:?}: {told:?}");
                tour.look(args, &output);
            }
        }
    }
    // It is given nothing that is secret.
    tour.go(&["demo", "--help"], &variables);
    tour.go(&["stop"], &variables);
    tour.look_into(place.path(), &is_kept);
    tour.nothing_leaked();
}

#[test]
fn a_run_that_is_killed_leaves_no_secret_behind() {
    let place = Place::new();
    let command = || place.command("");
    let mut tour = Tour::new(&command);
    let canary = tour.plant("a variable that was named");
    let tables = TABLES.split("[env.local.checks").next().unwrap_or_default().to_owned()
        + "[env.local.migration]\nstate = \"state\"\nfiles = [\"db\"]\nsecrets = [\"PLAIN_NAME\"]\n\
           command = [\"sh\", \"-c\", \"echo begun > begun; echo $PLAIN_NAME; until [ -e go ]; do sleep 0.05; done; echo $PLAIN_NAME; exit 1\"]\n";
    place.configure("blue-green = {}", crate::place::PILOTAGE, &tables);
    write(&place, "db/1.py", "add a column");
    let variables = [("PLAIN_NAME", canary.plain()), ("TELL_THIS", "")];
    let mut command = place.command("deploy --release v1");
    let mut deploy = command
        .envs(variables)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let begun = place.path().join("begun");
    until("the migration to begin", || begun.exists(), String::new);
    deploy.kill().expect("it is there");
    let output = deploy.wait_with_output().expect("it ends");
    tour.look(&["deploy"], &output);
    tour.look_into(place.path(), &is_kept);
    write(&place, "go", "");
    for verb in [&["resume"][..], &["status"], &["abort"], &["report"]] {
        tour.go(verb, &variables);
    }
    tour.look_into(place.path(), &is_kept);
    assert_eq!(tour.leaks(), []);
}

#[test]
fn the_campaign_finds_a_leak_in_every_sink() {
    let place = Place::new();
    let command = || place.command("");
    let mut tour = Tour::new(&command);
    let canary = tour.plant("a variable that nobody calls a secret");
    place.ship_script(&format!("echo {}; exit 1", canary.plain()));
    let summary = place.path().join("summary");
    let files =
        [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", summary.to_str().expect("text"))];
    tour.go(&["deploy", "--release", "v1"], &files);
    tour.go(&["report", "--out", "report.html"], &[]);
    tour.go(&["report", "--json"], &[]);
    tour.look_into(place.path(), &is_kept);
    let leaks = tour.leaks();
    for sink in ["stderr of", "stdout of", "/runs/", "/summary", "/report.html"] {
        assert!(leaks.iter().any(|leak| leak.sink.contains(sink)), "{sink}: {leaks:?}");
    }
}
