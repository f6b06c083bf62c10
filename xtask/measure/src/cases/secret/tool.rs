//! The tools, and how each is told what to read.

use std::path::{Path, PathBuf};

use pilotage_xtask::command::Cmd;

use super::shelf::Shelf;

/// A tool; of those that Go builds, from where.
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) go: Option<&'static str>,
    program: PathBuf,
}

/// Those of others.
pub(super) const TOOLS: [Tool; 3] = [
    Tool::other("vals", Some("github.com/helmfile/vals/cmd/vals@latest")),
    Tool::other("chamber", Some("github.com/segmentio/chamber/v3@latest")),
    Tool::other("aws", None),
];

impl Tool {
    const fn other(name: &'static str, go: Option<&'static str>) -> Self {
        Self { name, go, program: PathBuf::new() }
    }

    /// Ours.
    pub(super) fn ours(program: &Path) -> Self {
        Self { name: "pilotage-secret", go: None, program: program.into() }
    }

    /// The same, where it was found.
    pub(super) fn at(&self, program: &Path) -> Self {
        Self { name: self.name, go: self.go, program: program.into() }
    }

    /// Whether it can read all of this.
    pub(super) fn reads(&self, wanted: &Shelf) -> bool {
        self.name != "chamber" || wanted.secrets == 0
    }

    /// The command that reads all of a shelf.
    pub(super) fn command(&self, wanted: &Shelf, folder: &Path, endpoint: &str) -> Cmd {
        let folder = folder.join(wanted.path());
        let file = |name: &str| folder.join(name).display().to_string();
        let program = Cmd::new(self.program.display().to_string());
        let command = match self.name {
            "pilotage-secret" => program.args(["--config", &file("pilotage.toml"), "resolve"]),
            "vals" => program.args(["eval", "-f", &file("vals.yaml")]),
            "chamber" => program.args(["export", "--format", "json", wanted.path()]),
            _ => Cmd::new("sh").args(["-e", "-c", &self.script(wanted)]),
        };
        let region = "eu-central-1";
        [
            ("AWS_ENDPOINT_URL", endpoint),
            ("CHAMBER_AWS_SSM_ENDPOINT", endpoint),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", region),
            ("AWS_DEFAULT_REGION", region),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .into_iter()
        .fold(command, |command, (name, value)| command.env(name, value))
    }

    /// One call of the command line of AWS for each batch.
    fn script(&self, wanted: &Shelf) -> String {
        let program = self.program.display();
        let list = |names: Vec<String>, size: usize, call: &str| -> Vec<String> {
            names.chunks(size).map(|some| format!("{program} {call} {}", some.join(" "))).collect()
        };
        let secrets = (0..wanted.secrets).map(|number| wanted.secret(number)).collect();
        let parameters = (0..wanted.parameters).map(|number| wanted.parameter(number)).collect();
        let secrets = list(secrets, 20, "secretsmanager batch-get-secret-value --secret-id-list");
        let parameters = list(parameters, 10, "ssm get-parameters --with-decryption --names");
        [secrets, parameters].concat().join("\n")
    }
}
