//! The tools that people use for promotions, and how each is told to do it.

use std::path::Path;

use pilotage_xtask::bench::Bar;
use pilotage_xtask::command::Cmd;

/// Another tool.
pub(super) struct Tool {
    pub(super) name: &'static str,
    /// How Go builds it.
    pub(super) go: Option<&'static str>,
    pub(super) bar: Bar,
}

pub(super) const TOOLS: [Tool; 3] = [
    Tool { name: "skopeo", go: None, bar: Bar::RatioAtLeast(1.5) },
    Tool {
        name: "crane",
        go: Some("github.com/google/go-containerregistry/cmd/crane@latest"),
        bar: Bar::RatioAtLeast(1.0),
    },
    Tool {
        name: "regctl",
        go: Some("github.com/regclient/regclient/cmd/regctl@latest"),
        bar: Bar::None,
    },
];

impl Tool {
    pub(super) fn copy(&self, program: &Path, from: &str, to: &str) -> Cmd {
        let command = Cmd::new(program.display().to_string());
        let hosts = |reference: &str| reference.split('/').next().unwrap_or_default().to_owned();
        match self.name {
            "skopeo" => command
                .args(["--insecure-policy", "copy", "--all", "--preserve-digests", "--quiet"])
                .args(["--src-tls-verify=false", "--dest-tls-verify=false"])
                .args([format!("docker://{from}"), format!("docker://{to}")]),
            "crane" => command.args(["copy", "--insecure", from, to]),
            _ => command
                .args(["--host".to_owned(), format!("reg={},tls=disabled", hosts(from))])
                .args(["--host".to_owned(), format!("reg={},tls=disabled", hosts(to))])
                .args(["image", "copy", from, to]),
        }
    }
}
