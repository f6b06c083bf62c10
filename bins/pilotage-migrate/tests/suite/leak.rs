//! The leak campaign: canaries wherever a migrator is given a secret, every verb, every way to fail;
//! nothing that is shown or kept has one.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use pilotage_testkit::leak::Tour;
use pilotage_testkit::masks;

use crate::place::Place;

/// What a migrator may do with what it knows.
const SCRIPTS: [&str; 8] = [
    "env; exit 3",
    "env >&2; kill -9 $$",
    "printf %s \"$API_TOKEN\" | base64 -w0; printf x%s \"$API_TOKEN\" | base64; exit 1",
    "printf xy%s \"$SHOP_URL\" | base64 -w0 >&2; exit 1",
    "printf %s \"$API_TOKEN\" | od -An -v -tx1 | tr -d ' \\n'; exit 1",
    "set -x; : \"$PLAIN_NAME\"; echo \"at $SHOP_URL with $PLAIN_NAME\"",
    "i=1; while [ $i -lt 28 ]; do printf %s \"$API_TOKEN\" | head -c $i; \
     printf %s \"$API_TOKEN\" | tail -c +$((i+1)); echo; i=$((i+1)); done; exit 1",
    "printf '{\"a\": \"%s\"}' \"$PLAIN_NAME\"; head -c 20000 /dev/zero | tr '\\0' x; \
     printf '%s' \"$API_TOKEN\"; exit 1",
];

/// The verbs beside `run` and `exec`, each as it fails without a database that can be used.
const VERBS: [&[&str]; 12] = [
    &["lint", "--server", "postgres@16", "db"],
    &["status", "--database", "SHOP_URL", "--server", "postgres@16", "db"],
    &["run", "--database", "SHOP_URL", "--server", "postgres@16", "db"],
    &["run", "--database", "SHOP_URL", "--server", "mysql@8.0", "--json", "db"],
    &["lock", "show", "--database", "SHOP_URL"],
    &["lock", "hold", "--by", "ana", "--reason", "a test", "--database", "SHOP_URL"],
    &["lock", "release", "--by", "ana", "--database", "SHOP_URL"],
    &["lock", "create", "--database", "SHOP_URL"],
    &["lock", "create", "--database", "SHOP_URL", "--lease", "dynamodb:leases"],
    &["repair", "1", "db", "--as", "applied", "--database", "SHOP_URL"],
    &["completions", "bash"],
    &["man"],
];

/// A server of PostgreSQL that refuses everybody, and quotes what it was given.
fn rude_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            // Whoever hangs up is not waited for.
            let _ = refuse(stream);
        }
    });
    port
}

fn refuse(mut stream: TcpStream) -> std::io::Result<()> {
    let mut message = [0; 4096];
    let mut count = stream.read(&mut message)?;
    if count == 8 {
        // A request for TLS.
        stream.write_all(b"N")?;
        count = stream.read(&mut message)?;
    }
    if count == 0 {
        return Ok(());
    }
    // Asks for the password in the clear.
    stream.write_all(b"R\0\0\0\x08\0\0\0\x03")?;
    let count = stream.read(&mut message)?;
    let password = String::from_utf8_lossy(message.get(5..count).unwrap_or_default()).into_owned();
    let said = format!("password authentication failed: {}", password.trim_end_matches('\0'));
    let mut fields = Vec::new();
    for (code, text) in [("S", "FATAL"), ("V", "FATAL"), ("C", "28P01"), ("M", said.as_str())] {
        fields.extend_from_slice(code.as_bytes());
        fields.extend_from_slice(text.as_bytes());
        fields.push(0);
    }
    fields.push(0);
    let length = u32::try_from(fields.len() + 4).unwrap_or(u32::MAX);
    stream.write_all(b"E")?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&fields)
}

#[test]
fn no_verb_shows_or_keeps_a_secret_however_it_fails() {
    let place = Place::new();
    let command = || place.command(&[]);
    let mut tour = Tour::new(&command);
    let password = tour.plant("the password of the database");
    let token = tour.plant("a token of the job");
    let plain = tour.plant("a variable that was named");
    let key = tour.plant("a key of AWS");
    let address = |host: &str| format!("postgres://deploy:{}%21@{host}/shop", password.plain());
    let refused = address("127.0.0.1:1");
    let rude = address(&format!("127.0.0.1:{}", rude_server()));
    std::fs::create_dir_all(place.path("db")).expect("a folder");
    // A statement that quotes a secret, as one that makes a user does.
    place.write("db/1.sql", &format!("create role shop password '{}!';", password.plain()));
    for address in [&refused, &rude] {
        let variables = [
            ("SHOP_URL", address.as_str()),
            ("API_TOKEN", token.plain()),
            ("PLAIN_NAME", plain.plain()),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", key.plain()),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_MAX_ATTEMPTS", "1"),
            ("RUST_LOG", "trace"),
            ("RUST_BACKTRACE", "1"),
        ];
        for verb in VERBS {
            tour.go(verb, &variables);
            let mut in_job = place.command(verb);
            in_job.envs(variables).env("GITHUB_ACTIONS", "true");
            let mut output = in_job.output().expect("it starts");
            // The runner is told of the address and of the password in it, as it is written and meant.
            let told = masks::take(&mut output.stderr);
            let is_given = verb.contains(&"SHOP_URL");
            assert_eq!(told.len(), if is_given { 3 } else { 0 }, "{verb:?}: {told:?}");
            assert!(told.iter().all(|one| one.contains(password.plain())), "{told:?}");
            tour.look(verb, &output);
        }
        for script in SCRIPTS {
            for verb in [&["exec"][..], &["run"], &["run", "--json"]] {
                let args = [verb, &["--secret", "PLAIN_NAME", "--secret", "SHOP_URL"]].concat();
                tour.go(&[&args[..], &["--", "sh", "-c", script]].concat(), &variables);
            }
        }
    }
    let is_migration = |path: &std::path::Path| path.ends_with("db/1.sql");
    tour.look_into(&place.path(""), &is_migration);
    tour.nothing_leaked();
}

#[test]
fn the_campaign_finds_a_leak_in_every_sink() {
    let place = Place::new();
    let command = || place.command(&[]);
    let mut tour = Tour::new(&command);
    let harmless = tour.plant("a variable that nobody calls a secret");
    let variables = [("COLOUR", harmless.plain())];
    let found = |tour: &mut Tour<'_>, sink: &str| {
        let leaks = tour.leaks();
        assert!(leaks.iter().any(|leak| leak.sink.contains(sink)), "{sink}: {leaks:?}");
    };
    let script = "echo \"$COLOUR\"; exit 1";
    tour.go(&["exec", "--", "sh", "-c", script], &variables);
    found(&mut tour, "stderr");
    tour.go(&["run", "--json", "--", "sh", "-c", script], &variables);
    found(&mut tour, "stdout");
    // The log of the worker, and the record of the lease.
    tour.look_into(&place.path("state"), &|_| false);
    let leaks = tour.leaks();
    for sink in ["/log", "leases"] {
        assert!(leaks.iter().any(|leak| leak.sink.contains(sink)), "{sink}: {leaks:?}");
    }
}
