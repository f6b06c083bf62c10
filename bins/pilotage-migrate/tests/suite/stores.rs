//! Leases where machines share them: the same verbs, on what really keeps them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use pilotage_lease::OwnerId;
use pilotage_testkit::real;
use serde_json::json;

use crate::place::{Left, Place};

/// What would change where the stores are, and as whom they are asked.
const STRAYS: [&str; 6] = [
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ENDPOINT_URL",
    "KUBECONFIG",
];

/// A folder from which leases in one store are used.
struct Yard {
    place: Place,
    lease: String,
    name: String,
    variables: Vec<(&'static str, String)>,
}

impl Yard {
    fn new(lease: &serde_json::Value) -> Self {
        let (lease, name) = (lease.to_string(), unique("shop"));
        Self { place: Place::new(), lease, name, variables: Vec::new() }
    }

    fn aws(lease: impl Fn(&str) -> serde_json::Value) -> Option<Self> {
        let file = real::require("ministack", "PILOTAGE_TEST_MINISTACK")?;
        let address = read(&file);
        let variables = [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let variables = variables.map(|(name, value)| (name, value.to_owned())).to_vec();
        Some(Self { variables, ..Self::new(&lease(&address)) })
    }

    fn dynamodb() -> Option<Self> {
        let table = unique("leases");
        Self::aws(|endpoint| json!({ "dynamodb": { "table": table, "endpoint": endpoint } }))
    }

    fn s3(folder: &str) -> Option<Self> {
        Self::aws(|endpoint| json!({ "s3": { "folder": folder, "endpoint": endpoint } }))
    }

    fn kubernetes() -> Option<Self> {
        let kubeconfig = real::require("kubernetes", "PILOTAGE_TEST_KUBERNETES")?;
        let lease = json!({ "kubernetes": { "namespace": "default", "kubeconfig": kubeconfig } });
        Some(Self::new(&lease))
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(there, _)| *there != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    fn run(&self, args: &[&str]) -> Left {
        let at = args.iter().position(|arg| *arg == "--").unwrap_or(args.len());
        let (verb, rest) = args.split_at(at);
        let flags = ["--lease", &self.lease, "--name", &self.name];
        let mut command = self.place.command(&[verb, &flags, rest].concat());
        for name in STRAYS {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Left::of(command.output().expect("it runs"))
    }
}

/// What a store is for: one worker at a time, with a number that grows, for people to see.
fn keeps_leases(yard: &Yard) {
    yard.run(&["lock", "show"]).expect(0, &["free; it was never taken"]);
    let fence = "test -n \"$PILOTAGE_FENCE\" && echo fence=$PILOTAGE_FENCE";
    yard.run(&["exec", "--", "sh", "-c", fence]).expect(0, &["fence=1", "applied"]);
    // The worker is another process, which is told where the lease is.
    yard.run(&["run", "--", "sh", "-c", fence]).expect(0, &["fence=3", "applied"]);
    yard.run(&["lock", "show"]).expect(0, &["free; last: applied"]);
    yard.run(&["lock", "hold", "--by", "ada", "--reason", "audit"]).expect(0, &["on hold"]);
    yard.run(&["run", "--", "true"]).expect(5, &["ada holds it: audit"]);
    yard.run(&["lock", "release", "--by", "ada"]).expect(0, &["taken back"]);
    yard.run(&["exec", "--", "false"]).expect(1, &["exited with code 1"]);
}

#[test]
fn a_table_of_dynamodb_is_made_when_it_is_asked_for_and_keeps_leases() {
    let Some(yard) = Yard::dynamodb() else { return };
    let missing = yard.run(&["exec", "--", "true"]);
    missing.expect(2, &["is not there: create it with", "aws dynamodb create-table"]);
    yard.run(&["lock", "create"]).expect(0, &["is made"]);
    yard.run(&["lock", "create"]).expect(0, &["is there already"]);
    keeps_leases(&yard);
}

#[test]
fn a_folder_of_a_bucket_keeps_leases() {
    let Some(yard) = Yard::s3("s3://no-such-bucket-at-all/x") else { return };
    yard.run(&["exec", "--", "true"]).expect(2, &["NoSuchBucket"]);
    let bucket = unique("leases");
    let Some(yard) = Yard::s3(&format!("s3://{bucket}/prod")) else { return };
    // Where a bucket is that nobody has said a region for.
    let yard = yard.with("AWS_REGION", "us-east-1");
    let address = real::require("ministack", "PILOTAGE_TEST_MINISTACK").expect("it is there");
    make_bucket(&read(&address), &bucket);
    yard.run(&["lock", "create"]).expect(0, &["nothing is to be made"]);
    keeps_leases(&yard);
}

#[test]
fn a_namespace_of_a_cluster_keeps_leases() {
    let Some(yard) = Yard::kubernetes() else { return };
    keeps_leases(&yard);
}

#[test]
fn credentials_that_are_missing_are_for_a_person_to_mend_and_silence_is_not() {
    let Some(yard) = Yard::dynamodb() else { return };
    let none = yard.with("AWS_ACCESS_KEY_ID", "").with("AWS_SECRET_ACCESS_KEY", "");
    let none = none.with("HOME", "/nonexistent");
    let words = ["there are no credentials", "AWS_ACCESS_KEY_ID"];
    for verb in [&["exec", "--", "true"][..], &["run", "--", "true"], &["lock", "show"]] {
        none.run(verb).expect(2, &words);
    }
    let silent = json!({ "dynamodb": { "table": "leases", "endpoint": "http://127.0.0.1:1" } });
    let silent = Yard { variables: none.variables, ..Yard::new(&silent) };
    let silent = silent.with("AWS_ACCESS_KEY_ID", "test").with("AWS_SECRET_ACCESS_KEY", "test");
    silent.run(&["exec", "--", "true"]).expect(4, &["cannot be reached"]);
}

#[test]
fn a_cluster_that_lets_nobody_in_is_for_a_person_to_mend() {
    let Some(mut yard) = Yard::kubernetes() else { return };
    let text = read(&real::require("kubernetes", "PILOTAGE_TEST_KUBERNETES").expect("it is there"));
    assert!(text.contains("token: "), "the kubeconfig of the tests holds a token");
    yard.place.write("stranger", &text.replace("token: ", "token: another-"));
    let kubeconfig = yard.place.path("stranger");
    yard.lease =
        json!({ "kubernetes": { "namespace": "a", "kubeconfig": kubeconfig } }).to_string();
    for verb in [&["exec", "--", "true"][..], &["run", "--", "true"], &["lock", "show"]] {
        let left = yard.run(verb);
        left.expect(2, &["the credentials were rejected"]);
    }
    yard.lease = json!({ "kubernetes": { "kubeconfig": "/no/such/file" } }).to_string();
    yard.run(&["lock", "show"]).expect(2, &["/no/such/file", "KUBECONFIG"]);
}

/// The program makes no buckets.
fn make_bucket(address: &str, name: &str) {
    let host = address.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(host).expect("it listens");
    let asked = format!(
        "PUT /{name} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).expect("it hears");
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("it answers");
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
}

/// A name that nobody had before.
pub(crate) fn unique(prefix: &str) -> String {
    format!("{prefix}-{}", OwnerId::random().expect("random numbers"))
}

#[expect(clippy::disallowed_methods, reason = "where a system is is in a file")]
pub(crate) fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("it is there").trim().to_owned()
}
