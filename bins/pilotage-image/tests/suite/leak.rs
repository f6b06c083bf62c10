//! The leak campaign: canaries wherever a registry's credentials come from, every verb, registries
//! that refuse and quote what they were given; nothing that is shown or kept has one.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use pilotage_testkit::leak::Tour;
use pilotage_testkit::masks;

use crate::place::Place;

/// A registry that takes nobody, and quotes all that it was sent.
fn rude_registry() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let name = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            // Whoever hangs up is not waited for.
            std::thread::spawn(|| refuse(stream));
        }
    });
    name
}

fn refuse(mut stream: TcpStream) -> std::io::Result<()> {
    let (mut heard, mut piece) = (Vec::new(), [0; 4096]);
    while !heard.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            count => heard.extend_from_slice(piece.get(..count).unwrap_or_default()),
        }
    }
    let heard = String::from_utf8_lossy(&heard).replace(['"', '\r', '\n'], " ");
    let body = format!(r#"{{"errors":[{{"code":"DENIED","message":"who says {heard}?"}}]}}"#);
    let status = if heard.to_lowercase().contains("authorization:") {
        "403 Forbidden\r\n"
    } else {
        "401 Unauthorized\r\nwww-authenticate: Basic realm=\"shop\"\r\n"
    };
    write!(
        stream,
        "HTTP/1.1 {status}content-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Every deed, as it is added to a chain.
const DEEDS: [&str; 13] = [
    "tested --suite unit --platform linux/amd64 --result passed",
    "scanned --platform linux/amd64 --format trivy --report report.json",
    "approved --role release-manager --for 1d",
    "deployed",
    "verified --result passed",
    "soaked --for 1h",
    "rolled-back --reason x",
    "revoked --reason x",
    "superseded --successor \
     sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "held --reason x",
    "unheld --reason x",
    "broke-glass --reason x --waive tests --for 1h",
    "noted --text x",
];

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn no_verb_shows_or_keeps_a_credential_however_it_fails() {
    let (place, id) = Place::recorded();
    let registry = rude_registry();
    let command = || place.command("");
    let mut tour = Tour::new(&command);
    let [given, docker, github] =
        ["the environment", "the file of Docker", "the token of the job"].map(|it| tour.plant(it));
    place.write(
        "docker/config.json",
        &format!(
            r#"{{"auths":{{"{registry}":{{"username":"ana","password":"{}"}}}}}}"#,
            docker.plain()
        ),
    );
    let of_docker = [("DOCKER_CONFIG", "docker"), ("RUST_LOG", "trace"), ("RUST_BACKTRACE", "1")];
    let of_environment = [
        ("PILOTAGE_REGISTRY", registry.as_str()),
        ("PILOTAGE_REGISTRY_USER", "ana"),
        ("PILOTAGE_REGISTRY_PASSWORD", given.plain()),
        ("GITHUB_TOKEN", github.plain()),
        ("GITHUB_ACTIONS", "true"),
    ];
    let image = format!("{registry}/shop/web:build");
    let mut lines = vec![
        "version".to_owned(),
        "tags".to_owned(),
        format!("resolve {image}"),
        format!("resolve {image} --json"),
        format!("tag {image} {registry}/shop/web:v1"),
        format!("copy {image} {registry}/prod/web:v1"),
        format!("promote {id} --to staging --key ci.pem --by ci --into web={registry}/prod/web"),
        "key new --out another.pem".to_owned(),
        "key show ci.pem".to_owned(),
        "record create --draft draft.toml --key ci.pem --by ci".to_owned(),
        format!("record show {id}"),
        format!("record show {id} --store oci://{registry}/evidence"),
        format!("record verify {id}"),
        format!("event list {id}"),
        format!("event list {id} --store oci://{registry}/evidence --json"),
        format!("gate explain {id} --env staging"),
    ];
    lines.extend(
        DEEDS.map(|deed| format!("event add {id} --scope prod --key ci.pem --by bo {deed}")),
    );
    let mut times_told = 0;
    for line in &lines {
        tour.go(&words(line), &of_docker);
        let mut output = place.command(line).envs(of_environment).output().expect("it starts");
        // The runner is told of the password, and of it together with the user, once each.
        let told = masks::take(&mut output.stderr);
        let both = [given.plain().to_owned(), format!("ana:{}", given.plain())];
        assert!(told.is_empty() || told == both, "{line}: {told:?}");
        times_told += usize::from(!told.is_empty());
        tour.look(&words(line), &output);
    }
    assert!(times_told >= 4, "whoever enters a registry is told of: {times_told}");
    let is_kept = |path: &std::path::Path| path.ends_with("docker/config.json");
    tour.look_into(place.path(), &is_kept);
    tour.nothing_leaked();
}

#[test]
fn the_campaign_finds_a_leak_in_every_sink() {
    let place = Place::empty();
    let registry = rude_registry();
    let command = || place.command("");
    let mut tour = Tour::new(&command);
    // What is not known to be a secret is shown by whoever quotes it.
    let path = tour.plant("a path");
    place.write("left", path.plain());
    for (args, sink) in [
        (["resolve", &format!("{registry}/{}:build", path.plain())], "stderr"),
        (["resolve", &format!("{registry}/x/y:{}", path.plain())], "stderr"),
        (["record", path.plain()], "stderr"),
    ] {
        tour.go(&args, &[]);
        let leaks = tour.leaks();
        assert!(leaks.iter().any(|leak| leak.sink.contains(sink)), "{args:?}: {leaks:?}");
    }
    tour.look_into(place.path(), &|_| false);
    assert!(tour.leaks().iter().any(|leak| leak.sink.contains("left")));
}
