//! A directory with a draft, an image in an OCI layout, keys and a policy; and commands in it.

use std::path::Path;
use std::process::{Command, Output};

use pilotage_artifact::Digest;
use tempfile::TempDir;

pub(crate) const AMD64: &str = "linux/amd64";
pub(crate) const ARM64: &str = "linux/arm64";

pub(crate) struct Place(TempDir);

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// A place where a release can be recorded by the key of CI, which everybody trusts.
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a directory"));
        let public = place.expect("key new --out ci.pem", 0).out;
        place.write("promotion.toml", &policy(&public));
        place.write("draft.toml", DRAFT);
        place.write("0007.sql", "alter table customer add column email text");
        place.write("cdk.out/manifest.json", "{}");
        place.write_layout();
        place
    }

    /// A place with nothing in it.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    /// The same, with the release recorded; and its id.
    pub(crate) fn recorded() -> (Self, String) {
        let place = Self::new();
        let created = place.expect("record create --draft draft.toml --key ci.pem --by ci", 0);
        let id = created.out.trim().to_owned();
        (place, id)
    }

    /// The same, with the image in a repository of this name.
    pub(crate) fn recorded_at(repository: &str) -> (Self, String) {
        let place = Self::new();
        place.write("draft.toml", &DRAFT.replace("registry.example/shop/web", repository));
        let created = place.expect("record create --draft draft.toml --key ci.pem --by ci", 0);
        let id = created.out.trim().to_owned();
        (place, id)
    }

    fn write_layout(&self) {
        let (amd64, arm64) = (manifest(AMD64), manifest(ARM64));
        let index = index();
        for blob in [&amd64, &arm64, &index] {
            let hex = Digest::of(blob.as_bytes()).to_string().split_off("sha256:".len());
            self.write(&format!("image/blobs/sha256/{hex}"), blob);
        }
        let digest = Digest::of(index.as_bytes());
        self.write("image/index.json", &format!(r#"{{"manifests":[{{"digest":"{digest}"}}]}}"#));
    }

    #[expect(clippy::disallowed_methods, reason = "a test looks into the files")]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("it is there")
    }

    #[expect(clippy::disallowed_methods, reason = "a test plays whoever writes the files")]
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a command that must end with this code. Words in `'` are one argument.
    pub(crate) fn expect(&self, line: &str, code: i32) -> Left {
        self.expect_with(&[], line, code)
    }

    /// The same, in this environment.
    pub(crate) fn expect_with(&self, variables: &[(&str, &str)], line: &str, code: i32) -> Left {
        let output = self.command(line).envs(variables.iter().copied()).output();
        let left = left(output.expect("it runs"));
        assert_eq!(left.code, Some(code), "`{line}`: {left:?}");
        left
    }

    /// Runs git here, as somebody whom no configuration of this machine knows.
    #[expect(clippy::disallowed_methods, reason = "a repository is made as people make it")]
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let mut git = Command::new("git");
        git.current_dir(self.path()).env("HOME", self.path()).env("GIT_CONFIG_NOSYSTEM", "1");
        for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
            git.env(format!("{name}_NAME"), "ana").env(format!("{name}_EMAIL"), "ana@shop.example");
        }
        let left = left(git.args(args).output().expect("git is there"));
        assert_eq!(left.code, Some(0), "git {args:?}: {left:?}");
        left.out.trim().to_owned()
    }

    /// Commits everything.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Adds an event with the key of CI.
    pub(crate) fn say(&self, id: &str, scope: &str, by: &str, deed: &str) -> Left {
        self.expect(&format!("event add {id} --scope {scope} --key ci.pem --by {by} {deed}"), 0)
    }

    #[expect(clippy::disallowed_methods, reason = "the test starts the binary under test")]
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pilotage-image"));
        command.current_dir(self.path()).env_clear();
        for (at, part) in line.split('\'').enumerate() {
            if at % 2 == 1 {
                command.arg(part);
            } else {
                command.args(part.split_whitespace());
            }
        }
        command
    }
}

fn left(output: Output) -> Left {
    Left {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

pub(crate) fn manifest(platform: &str) -> String {
    let config = Digest::of(platform.as_bytes());
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}","size":{}}},"layers":[]}}"#,
        platform.len()
    )
}

/// The image for both platforms.
pub(crate) fn index() -> String {
    let entry = |bytes: &str, architecture: &str| {
        let (digest, size) = (Digest::of(bytes.as_bytes()), bytes.len());
        format!(
            r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"platform":{{"os":"linux","architecture":"{architecture}"}}}}"#
        )
    };
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{},{}]}}"#,
        entry(&manifest(AMD64), "amd64"),
        entry(&manifest(ARM64), "arm64")
    )
}

/// A report of Trivy about the image for a platform, with so many critical findings.
pub(crate) fn trivy(platform: &str, critical: usize) -> String {
    let found = r#"{"VulnerabilityID":"CVE-2026-1","Severity":"CRITICAL"}"#;
    let found = vec![found; critical].join(",");
    let config = Digest::of(platform.as_bytes());
    format!(
        r#"{{"SchemaVersion":2,"ArtifactType":"container_image","Metadata":{{"ImageID":"{config}"}},"Results":[{{"Target":"web","Class":"os-pkgs","Vulnerabilities":[{found}]}}]}}"#
    )
}

pub(crate) const DRAFT: &str = r#"
version = "1.4.0"
prefix = "v"
sequence = 17
author = "ana"

[source]
repository = "https://github.com/shop/web"
commit = "0123456789abcdef0123456789abcdef01234567"
tree = "89abcdef0123456789abcdef0123456789abcdef"
dirty = false

[builder]
id = "https://github.com/shop/web/.github/workflows/ci.yml"
run = "4711"
attempt = 1

[[images]]
name = "web"
repository = "registry.example/shop/web"
layout = "image"

[[outputs]]
name = "assembly"
directory = "cdk.out"

[[migrations]]
id = "0007_add_email"
file = "0007.sql"
"#;

fn policy(public_key: &str) -> String {
    format!(
        r#"
[[trust.keys]]
name = "ci"
public_key = """{public_key}"""
may = ["built", "tested", "scanned", "approved", "promoted", "deployed", "verified", "soaked", "revoked",
  "held", "unheld", "broke_glass", "noted"]
scopes = ["*"]
actors = ["*"]

[gates.roles]
release-manager = ["bo"]

[gates.environments.staging]
tests = {{ suites = ["unit"], max_age = "7d" }}
scans = {{ max_age = "2d", critical = 0 }}

[gates.environments.prod]
after = ["staging"]
approvals = {{ count = 1, roles = ["release-manager"] }}
break_glass = {{ roles = ["release-manager"] }}
"#
    )
}
