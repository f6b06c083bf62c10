//! The test bed for ECS: an emulator whose tasks are real containers, and an image to run in them.
//!
//! The image is the demo service of this repository as cargo has built it, with a shell, the few
//! libraries that they are linked to, authorities and nothing else: no registry is needed, and nothing
//! is built twice. Its name is on a host that nobody is, so that nothing ever looks for it elsewhere.
//!
//! It speaks to the emulator in plain requests, which are not signed: it is there to prepare tests
//! and to look at what came of them. What is under test uses its own client.

#![expect(clippy::expect_used, clippy::panic, reason = "a bed that breaks fails the test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use pilotage_artifact::Digest;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::real;

const SERVICE: &str = "pilotage-demo-service";

/// How often it is looked, and for two minutes: longer than anything takes on a busy machine.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 1_200;

/// What is in every image besides, for tests whose containers do more than one thing.
const SHELL: &str = "/bin/sh";

/// Whoever speaks to AWS looks for authorities, also where nothing is encrypted.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// An emulator with a Docker daemon.
#[derive(Debug, Clone)]
pub struct Bed {
    /// The emulator's address.
    pub address: String,
    /// The image of the demo service, by name.
    pub image: String,
    docker: String,
}

/// What is asked, by the beginning of `x-amz-target`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// ECS.
    Ecs,
    /// CloudWatch Logs.
    Logs,
}

impl Bed {
    /// The bed, with its image; a test without it says so.
    ///
    /// # Panics
    ///
    /// If the image cannot be made.
    pub fn require() -> Option<Self> {
        let docker = real::require("docker", "PILOTAGE_TEST_DOCKER")?;
        let emulator = real::require("ministack", "PILOTAGE_TEST_MINISTACK")?;
        let (docker, address) = (read(&docker.join("host")), read(&emulator));
        Some(Self { address, image: service(&docker), docker })
    }

    /// An image of another program, whose entry point it is.
    ///
    /// # Panics
    ///
    /// If it cannot be made.
    pub fn image_of(&self, program: &Path) -> String {
        let entry = format!("/{}", file_name(program));
        image(&self.docker, program, &entry)
    }

    /// The image of the demo service, with a shell as its entry point.
    ///
    /// # Panics
    ///
    /// If it cannot be made.
    pub fn shell(&self) -> String {
        static MADE: OnceLock<String> = OnceLock::new();
        MADE.get_or_init(|| image(&self.docker, &program(), SHELL)).clone()
    }

    /// Sends a signal to the containers of a task.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub fn signal(&self, task: &str, signal: &str) {
        let label = format!("label=com.amazonaws.ecs.task-arn={task}");
        let found = output(in_docker(&self.docker).args(["ps", "--quiet", "--filter", &label]));
        let found: Vec<&str> = found.split_whitespace().collect();
        assert!(!found.is_empty(), "no container of {task} runs");
        output(in_docker(&self.docker).args(["kill", "--signal", signal]).args(found));
    }

    /// What the emulator answers.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub async fn ask(&self, service: Service, action: &str, input: &Value) -> Value {
        let (name, prefix) = match service {
            Service::Ecs => ("ecs", "AmazonEC2ContainerServiceV20141113"),
            Service::Logs => ("logs", "Logs_20140328"),
        };
        let scope = format!("test/20260101/eu-central-1/{name}/aws4_request");
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none");
        let request = hyper::Request::post("/")
            .header("host", self.host())
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("{prefix}.{action}"))
            .header("authorization", authorization)
            .body(Full::<Bytes>::from(input.to_string()))
            .expect("it is well formed");
        let stream = TcpStream::connect(self.host()).await.expect("the emulator listens");
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
        tokio::spawn(connection);
        let answer = sender.send_request(request).await.expect("an answer").into_body();
        let answer = answer.collect().await.expect("a whole answer").to_bytes();
        serde_json::from_slice(&answer).expect("JSON")
    }

    /// Asks until the answer is good, and gives it.
    ///
    /// # Panics
    ///
    /// After two minutes, with the last answer.
    pub async fn until(
        &self,
        (service, action): (Service, &str),
        input: &Value,
        is_good: impl Fn(&Value) -> bool,
    ) -> Value {
        let mut looks = tokio::time::interval(LOOK);
        for _ in 0..LOOKS {
            looks.tick().await;
            let answer = self.ask(service, action, input).await;
            if is_good(&answer) {
                return answer;
            }
        }
        panic!("{action} is not as it should be: {}", self.ask(service, action, input).await);
    }

    fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }
}

/// The image of the demo service.
fn service(docker: &str) -> String {
    static MADE: OnceLock<String> = OnceLock::new();
    MADE.get_or_init(|| image(docker, &program(), &format!("/{SERVICE}"))).clone()
}

/// The name of an image, which is made once for each build of the program.
fn image(docker: &str, program: &Path, entry: &str) -> String {
    let digest = Digest::of(&bytes(program)).to_string();
    let tag = digest.trim_start_matches("sha256:").get(..12).unwrap_or_default().to_owned();
    let kind = entry.rsplit('/').next().unwrap_or_default();
    let image = format!("localhost:1/{}:{tag}-for-{kind}", file_name(program));
    if !succeeds(in_docker(docker).args(["image", "inspect", &image])) {
        import(docker, program, (&image, entry));
    }
    image
}

fn file_name(program: &Path) -> &str {
    program.file_name().and_then(|name| name.to_str()).expect("a program has a name")
}

/// The demo service, which is a binary of another package, and mostly built already.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test is a program");
    let beside = test.parent().and_then(Path::parent).expect("it is in the target directory");
    let release = beside.ends_with("release").then_some("--release");
    let mut cargo = command(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", SERVICE, "--target-dir"]);
    cargo.arg(beside.parent().expect("a target directory")).args(release);
    assert!(cargo.status().expect("cargo runs").success(), "the demo service is built");
    beside.join(SERVICE)
}

/// Makes an image of the program, a shell, and what both are linked to.
fn import(docker: &str, program: &Path, (image, entry): (&str, &str)) {
    let (folder, name) = (program.parent().expect("it is in a folder"), file_name(program));
    let libraries = output(command("ldd").arg(program).arg(SHELL));
    let mut libraries: Vec<&str> =
        libraries.split_whitespace().filter_map(|word| word.strip_prefix('/')).collect();
    // What is looked into is named as well, with a colon.
    libraries.retain(|word| !word.ends_with(':'));
    let others = [SHELL, AUTHORITIES].into_iter().filter(|file| Path::new(file).exists());
    libraries.extend(others.filter_map(|file| file.strip_prefix('/')));
    libraries.sort_unstable();
    libraries.dedup();
    let mut tar = command("tar");
    tar.args(["--create", "--dereference", "--directory"]).arg(folder).arg(name);
    let mut tar = tar.args(["--directory", "/"]).args(libraries).stdout(Stdio::piped()).spawn();
    let tar = tar.as_mut().expect("tar runs");
    let entry = format!(r#"ENTRYPOINT ["{entry}"]"#);
    let mut docker = in_docker(docker);
    docker.args(["import", "--change", &entry, "-", image]);
    docker.stdin(tar.stdout.take().expect("it is piped"));
    let imported = output(&mut docker);
    assert!(tar.wait().expect("it ends").success(), "{imported}");
}

fn in_docker(host: &str) -> Command {
    let mut docker = command("docker");
    docker.args(["--host", host]);
    docker
}

fn succeeds(command: &mut Command) -> bool {
    command.output().expect("it runs").status.success()
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[expect(clippy::disallowed_methods, reason = "the image is made by the usual programs")]
fn command(program: &str) -> Command {
    Command::new(program)
}

#[expect(clippy::disallowed_methods, reason = "the address of a real system is in a file")]
fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("it can be read").trim().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "the program is named by what is in it")]
fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).expect("it can be read")
}
