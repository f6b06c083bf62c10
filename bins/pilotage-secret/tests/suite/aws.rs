//! The binary over Secrets Manager and Parameter Store of an emulator.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_ssm::types::ParameterType;
use pilotage_testkit::real;
use serde_json::Value;

use crate::place::{Place, done};

const ROLE: &str = "arn:aws:iam::123456789012:role/web";

/// An emulator, and names that no other test uses.
struct Aws {
    address: String,
    run: String,
}

impl Aws {
    #[expect(clippy::disallowed_methods, reason = "the emulator's address is in a file")]
    fn open() -> Option<Self> {
        let file = real::require("moto", "PILOTAGE_TEST_MOTO")?;
        let address = std::fs::read_to_string(file).expect("it can be read").trim().to_owned();
        let folder = tempfile::Builder::new().prefix("x").rand_bytes(12).tempdir().expect("made");
        let run = folder.path().file_name().expect("it has one").to_string_lossy().to_lowercase();
        Some(Self { address, run })
    }

    fn config(&self) -> SdkConfig {
        let keys = Credentials::new("test", "test", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-central-1"))
            .endpoint_url(&self.address)
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .build()
    }

    /// Makes a secret, or gives it another value; its full name.
    async fn secret(&self, name: &str, value: &str) -> String {
        let client = aws_sdk_secretsmanager::Client::new(&self.config());
        let name = format!("{}/{name}", self.run);
        let made = client.create_secret().name(&name).secret_string(value).send().await;
        if let Ok(made) = made {
            return made.arn.expect("it has one");
        }
        let put = client.put_secret_value().secret_id(&name).secret_string(value).send().await;
        put.expect("put").arn.expect("it has one")
    }

    async fn parameter(&self, name: &str, value: &str) {
        let client = aws_sdk_ssm::Client::new(&self.config());
        let put = client.put_parameter().name(format!("/{}/{name}", self.run)).value(value);
        put.r#type(ParameterType::SecureString).overwrite(true).send().await.expect("put");
    }

    /// A place from which the emulator is AWS; `RUN` stands for the run in its configuration.
    fn place(&self, variables: &str) -> Place {
        let config = format!("[env.prod.secrets.web]\n{}", variables.replace("RUN", &self.run));
        let mut place = Place::new(&config);
        for (name, value) in [
            ("HOME", "/nonexistent"),
            ("AWS_ENDPOINT_URL", self.address.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "eu-central-1"),
        ] {
            place.environment.insert(name.into(), value.into());
        }
        place
    }
}

#[tokio::test]
async fn each_verb_works_over_both_services() {
    let Some(aws) = Aws::open() else { return };
    aws.secret("db", r#"{"password":"canary-one"}"#).await;
    aws.parameter("key", "canary-two").await;
    let place = aws.place("DB = 'asm:RUN/db#/password'\nKEY = 'ssm:/RUN/key'\n");
    for args in [
        &["check"][..],
        &["check", "--read", "--json"],
        &["check", "--read", "--role", ROLE],
        &["resolve"],
        &["resolve", "--role", ROLE],
        &["policy", "--for", "task", "--region", "eu-central-1", "--account", "123456789012"],
    ] {
        let out = done(&place, args);
        assert!(out.contains(&aws.run) && !out.contains("canary"), "{args:?}: {out}");
    }
    let script = r#"test "$DB $KEY" = "canary-one canary-two" && echo "$DB""#;
    let out = done(&place, &["exec", "--role", ROLE, "--", "sh", "-c", script]);
    assert!(!out.contains("canary"), "{out}");
    let values: Value =
        serde_json::from_str(&done(&place, &["resolve", "--values"])).expect("JSON");
    assert_eq!(values, serde_json::json!({ "DB": "canary-one", "KEY": "canary-two" }));
}

#[tokio::test]
async fn a_release_sees_what_it_was_pinned_to_also_after_a_rotation() {
    let Some(aws) = Aws::open() else { return };
    aws.secret("db", "first").await;
    aws.parameter("key", "first").await;
    let place = aws.place("DB = 'asm:RUN/db'\nKEY = 'ssm:/RUN/key'\n");
    done(&place, &["check", "--write-pins", "pins.json"]);
    aws.secret("db", "second").await;
    aws.parameter("key", "second").await;
    for (args, value) in [
        (&["resolve", "--values", "--pins", "pins.json"][..], "first"),
        (&["resolve", "--values"], "second"),
    ] {
        let values: Value = serde_json::from_str(&done(&place, args)).expect("JSON");
        assert_eq!(values, serde_json::json!({ "DB": value, "KEY": value }), "{args:?}");
    }
    let since = place.run_binary(&["check", "--since", "pins.json"]);
    let said = String::from_utf8_lossy(&since.stderr);
    assert_eq!(said.matches(": was ").count(), 2, "{said}");
    let out = done(
        &place,
        &[
            "render",
            "--as",
            "ecs",
            "--pins",
            "pins.json",
            "--account",
            "123456789012",
            "--region",
            "eu-central-1",
        ],
    );
    let pins: Value = serde_json::from_str(&place.read("pins.json")).expect("JSON");
    let id = pins[format!("asm:{}/db", aws.run)].as_str().expect("a version");
    assert!(out.contains(id), "{out}");
}

#[tokio::test]
async fn a_reference_that_names_its_region_needs_none_of_the_environment() {
    let Some(aws) = Aws::open() else { return };
    let arn = aws.secret("db", "value").await;
    let mut place = aws.place(&format!("DB = 'asm:{arn}'\n"));
    place.environment.remove(std::ffi::OsStr::new("AWS_REGION"));
    done(&place, &["check", "--read"]);
    let place = aws.place("DB = 'asm:RUN/db'\n");
    let left = place.run_binary(&["resolve", "--region", "us-east-1"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert!(said.contains("there is no such secret"), "it is asked in that region: {said}");
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let Some(aws) = Aws::open() else { return };
    aws.secret("db", r#"{"password":"canary"}"#).await;
    aws.secret("large", &"x".repeat(65_536)).await;
    let place = aws.place(
        "A = 'asm:RUN/none'\nB = 'ssm:/RUN/none'\nC = 'asm:RUN/db#/missing'\nD = 'ssm:/RUN/none:3'\n\
         E = 'asm:RUN/db@id=00000000-0000-0000-0000-000000000000'\nF = 'asm:RUN/large'\n",
    );
    let left = place.run_binary(&["resolve"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!(left.status.code(), Some(6), "{said}");
    assert!(said.contains("5 of 6 secrets cannot be resolved"), "{said}");
    assert_eq!(said.matches("there is no such secret").count(), 2, "{said}");
    assert_eq!(said.matches("has no such version").count(), 2, "{said}");
    assert!(said.contains("there is no `/missing`") && !said.contains("canary"), "{said}");
}

/// A token endpoint of GitHub Actions, and how often it gave a token.
fn token_endpoint() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/token?v=2", listener.local_addr().expect("bound"));
    let given = Arc::new(AtomicUsize::new(0));
    let counted = given.clone();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let mut stream = BufReader::new(stream);
            let lines = stream.by_ref().lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let asks = head
                .first()
                .is_some_and(|line| line.starts_with("GET /token?v=2&audience=sts.amazonaws.com "));
            let may = head.iter().any(|line| line.ends_with("Bearer canary-bearer"));
            let token = r#"{"value":"eyJhIjoxfQ.eyJjIjoiY2FuYXJ5In0.Y2FuYXJ5"}"#;
            let (status, body) = if asks && may { ("200", token) } else { ("403", "{}") };
            counted.fetch_add(usize::from(asks && may), Ordering::SeqCst);
            let length = body.len();
            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n\r\n{body}");
            // A client that hangs up has what it wanted.
            let _ = stream.get_mut().write_all(answer.as_bytes());
        }
    });
    (address, given)
}

#[tokio::test]
async fn a_job_of_github_actions_needs_no_login_step() {
    let Some(aws) = Aws::open() else { return };
    aws.secret("db", "canary-value").await;
    let (address, given) = token_endpoint();
    let mut place = aws.place("DB = 'asm:RUN/db'\n");
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        place.environment.remove(std::ffi::OsStr::new(name));
    }
    for (name, value) in [
        ("AWS_ROLE_ARN", ROLE),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", address.as_str()),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-bearer"),
    ] {
        place.environment.insert(name.into(), value.into());
    }
    let out = done(&place, &["check", "--read"]);
    assert!(!out.contains("canary"), "{out}");
    assert!(given.load(Ordering::SeqCst) >= 1);
    place.environment.insert("ACTIONS_ID_TOKEN_REQUEST_TOKEN".into(), "canary-wrong".into());
    let left = place.run_binary(&["check"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!(left.status.code(), Some(6), "{said}");
    assert!(said.contains("status 403") && !said.contains("canary"), "{said}");
}

#[tokio::test]
async fn the_role_and_the_region_of_the_configuration_are_those_of_the_reader() {
    let Some(aws) = Aws::open() else { return };
    aws.secret("db", "canary-value").await;
    let (address, given) = token_endpoint();
    let mut place = aws.place("DB = 'asm:RUN/db'\n");
    let config = format!(
        "{}[env.prod.reader]\nrole = '{ROLE}'\nregion = 'eu-central-1'\n",
        place.read("pilotage.toml")
    );
    place.write("pilotage.toml", config.as_bytes());
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"] {
        place.environment.remove(std::ffi::OsStr::new(name));
    }
    for (name, value) in [
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", address.as_str()),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-bearer"),
    ] {
        place.environment.insert(name.into(), value.into());
    }
    done(&place, &["resolve"]);
    assert_eq!(given.load(Ordering::SeqCst), 1, "the role was assumed with a token of the job");
    let elsewhere = place.run_binary(&["resolve", "--region", "us-east-1"]);
    let said = String::from_utf8_lossy(&elsewhere.stderr);
    assert!(said.contains("there is no such secret"), "the command line wins: {said}");
    let other = place.run_binary(&["resolve", "--role", "deploy"]);
    let said = String::from_utf8_lossy(&other.stderr);
    assert!(said.contains("`deploy` is not a role"), "the command line wins: {said}");
    // Whoever looks is not whoever reads, and here nobody else is logged in.
    let looked = place.run_binary(&["check"]);
    let said = String::from_utf8_lossy(&looked.stderr);
    assert_eq!(looked.status.code(), Some(6), "{said}");
}
