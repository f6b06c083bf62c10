//! A folder with a configuration, a service on the fake of ECS, and commands that are run.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use pilotage_artifact::Digest;
use pilotage_testkit::fake::FakeEcs;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A service of three tasks, `shop/web`, which runs the first image.
pub(crate) struct Place {
    pub(crate) fake: FakeEcs,
    folder: TempDir,
    /// The fake's server runs on it.
    _runtime: Runtime,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// An image of the service, by its number.
pub(crate) fn image(number: u8) -> String {
    format!("registry.example.org/shop/web@{}", Digest::of(&[number]))
}

/// Deploys the image of this number.
pub(crate) fn deploy(number: u8) -> String {
    format!("deploy --release v{number} --image web={}", image(number))
}

fn definition(number: u8) -> Value {
    json!({
        "family": "web",
        "containerDefinitions": [
            { "name": "web", "image": image(number), "portMappings": [{ "containerPort": 80 }] },
        ],
    })
}

impl Place {
    pub(crate) fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let fake = runtime.block_on(FakeEcs::start()).expect("a port");
        fake.world(|world| {
            let first = world.define(&definition(1));
            world.serve("web", &first, 3);
        });
        let folder = tempfile::tempdir().expect("a folder");
        let place = Self { fake, folder, _runtime: runtime };
        place.configure("cluster = \"shop\"", "");
        place
    }

    /// Two services behind one rule, of which one serves; the strategy is this one.
    pub(crate) fn pair(strategy: &str) -> Self {
        let place = Self::new();
        let (groups, rule) = place.fake.world(|world| {
            world.services.clear();
            world.per_call = 100;
            let groups = ["blue", "green"].map(|name| world.make_group(name));
            let [blue, green] = &groups;
            let rule = world.make_rule("web", &[(blue, 100), (green, 0)]);
            let (old, first) = (world.define(&definition(0)), world.define(&definition(1)));
            world.serve("blue", &first, 3);
            world.serve("green", &old, 0);
            world.attach("blue", blue);
            world.attach("green", green);
            world.advance(60_000);
            (groups, rule)
        });
        let [blue, green] = groups;
        place.configure("cluster = \"shop\"", "");
        let text = read(place.path()).replace("strategy.rolling = { batches = 1 }", strategy);
        let pair = format!(
            "route = \"{rule}\"\npair = [{{ service = \"blue\", group = \"{blue}\" }}, \
             {{ service = \"green\", group = \"{green}\" }}]"
        );
        place.write(
            "pilotage.toml",
            &text.replace("service = \"web\"\nregion", &format!("{pair}\nregion")),
        );
        place
    }

    /// The image that all tasks of this service have, and how many there are.
    pub(crate) fn runs(&self, service: &str) -> Vec<(String, usize)> {
        self.fake.world(|world| world.running(service, "web")).into_iter().collect()
    }

    /// Writes the configuration, with this cluster and more tables at its end.
    pub(crate) fn configure(&self, cluster: &str, more: &str) {
        let endpoint = self.fake.address();
        self.write(
            "pilotage.toml",
            &format!(
                r#"
service = "web"

[env.prod]
health = {{ good = 1, of = 1, interval = "50ms", max_age = "10s" }}
limits = {{ poll = "50ms" }}
strategy.rolling = {{ batches = 1 }}

[env.prod.target]
kind = "ecs"
{cluster}
service = "web"
region = "eu-central-1"
endpoint = "{endpoint}"
state = {{ directory = "state" }}
{more}
"#
            ),
        );
    }

    #[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the file")]
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("written");
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command that must end with this code.
    pub(crate) fn expect(&self, line: &str, code: i32) -> Left {
        let left = left(self.command(line).output().expect("it runs"));
        assert_eq!(left.code, Some(code), "`{line}`: {left:?}");
        left
    }

    /// Starts a command, and waits until it has said this.
    pub(crate) fn until(&self, line: &str, said: &str) -> Child {
        let mut child = self.command(line).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let heard = lines.by_ref().map_while(Result::ok).any(|line| line.contains(said));
        assert!(heard, "`{line}` never said `{said}`");
        // Nobody else reads the rest, and a full pipe must not stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        child
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = command();
        command.current_dir(self.path()).args(line.split_whitespace()).stdin(Stdio::null());
        command
    }

    /// The image that all tasks that run have, if it is one.
    pub(crate) fn serves(&self) -> Option<String> {
        let runs = self.fake.world(|world| world.running("web", "web"));
        match runs.into_iter().collect::<Vec<_>>().as_slice() {
            [(image, 3)] => Some(image.clone()),
            _ => None,
        }
    }
}

/// The program with credentials of its own, and without what CI would tell it.
#[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilotage-ecs"));
    for name in ["GITHUB_ACTIONS", "TF_BUILD", "CI", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    command.env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "example");
    command
}

fn left(output: Output) -> Left {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Left { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// The configuration as it is written.
#[expect(clippy::disallowed_methods, reason = "a test plays the person who edits the file")]
pub(crate) fn read(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("pilotage.toml")).expect("there is one")
}
