//! What a CI runner is told to mask: every value that leaves this program, once, and nobody else.

use std::process::{Output, Stdio};

use pilotage_testkit::leak::Campaign;
use pilotage_testkit::masks;

use crate::place::Place;

const CONFIG: &str = r#"
[env.prod.secrets.web]
ONE = "env:SOURCE"
AGAIN = "env:SOURCE"
LINES = { from = "file:lines", as = "fd" }
"#;

/// The verbs that hand values on, and those that do not.
const TELLING: [&[&str]; 3] = [
    &["exec", "--", "./none"],
    &["exec", "--", "sh", "-c", "echo out $ONE; echo err $ONE >&2; cat $LINES"],
    &["resolve", "--values"],
];
const SILENT: [&[&str]; 5] = [
    // No such file can hold a value of several lines, so that it is never made.
    &["resolve", "--env-file", "env-file"],
    &["resolve"],
    &["resolve", "--json"],
    &["check", "--read", "--json"],
    &["render", "--as", "provider-class"],
];

struct Job {
    place: Place,
    campaign: Campaign,
    /// What a runner is to be told: the value, and each line of the other.
    parts: Vec<String>,
}

impl Job {
    fn new(variables: &[(&str, &str)]) -> Self {
        let mut campaign = Campaign::new();
        let parts = ["a value", "a line", "another line"]
            .map(|slot| campaign.plant(slot).plain().to_owned())
            .to_vec();
        let mut place = Place::new(CONFIG);
        place.environment.insert("SOURCE".into(), parts[0].clone().into());
        for (name, value) in variables {
            place.environment.insert(name.into(), value.into());
        }
        place.write("lines", format!("{}\r\n{}\n", parts[1], parts[2]).as_bytes());
        Self { place, campaign, parts }
    }

    /// What was told while a verb ran, after a look at all else that it wrote.
    fn told(&mut self, args: &[&str]) -> Vec<String> {
        let Output { stdout, mut stderr, .. } = self.place.run_binary(args);
        let told = masks::take(&mut stderr);
        if args.contains(&"--values") {
            // Values on stdout are what was asked for; nothing else may stand there.
            let object: serde_json::Value = serde_json::from_slice(&stdout).expect("JSON alone");
            assert_eq!(object["ONE"], self.parts[0].as_str());
        } else {
            self.campaign.look(&format!("stdout of {args:?}"), &stdout);
        }
        self.campaign.look(&format!("stderr of {args:?}"), &stderr);
        told
    }
}

#[test]
fn the_runner_of_the_job_is_told_each_line_once_and_nothing_else_holds_a_value() {
    for variable in ["GITHUB_ACTIONS", "TF_BUILD"] {
        let mut job = Job::new(&[(variable, "true")]);
        for args in TELLING {
            let told = job.told(args);
            assert_eq!(told, job.parts, "{variable}: {args:?}");
        }
        for args in SILENT {
            assert!(job.told(args).is_empty(), "{variable}: {args:?}");
        }
        job.campaign.nothing_leaked();
    }
}

#[test]
fn a_file_of_variables_is_made_after_its_values_are_told() {
    let mut job = Job::new(&[("GITHUB_ACTIONS", "true")]);
    job.place.write("pilotage.toml", b"[env.prod.secrets.web]\nONE = 'env:SOURCE'\n");
    assert_eq!(job.told(&["resolve", "--env-file", "env-file"]), job.parts[..1]);
    assert_eq!(job.place.read("env-file"), format!("ONE='{}'\n", job.parts[0]));
}

#[test]
fn without_a_runner_nothing_is_told() {
    for variables in [&[][..], &[("GITHUB_ACTIONS", "")], &[("CI", "true"), ("TF_BUILD", "no")]] {
        let mut job = Job::new(variables);
        for args in TELLING.into_iter().chain(SILENT) {
            assert!(job.told(args).is_empty(), "{variables:?}: {args:?}");
        }
        job.campaign.nothing_leaked();
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test redirects stderr as a shell does")]
fn a_file_is_no_runner() {
    let mut job = Job::new(&[("GITHUB_ACTIONS", "true")]);
    let file = std::fs::File::create(job.place.path().join("log")).expect("made");
    let mut command = job.place.binary(TELLING[1]);
    let output = command.stderr(Stdio::from(file)).output().expect("it starts");
    assert_eq!(output.status.code(), Some(0));
    let log = job.place.read("log");
    assert!(log.contains("err [secret:"), "{log}");
    job.campaign.look("a log", log.as_bytes());
    job.campaign.nothing_leaked();
}

#[test]
fn what_cannot_be_told_is_said() {
    let mut place = Place::new(
        "[env.prod.secrets.web]\nPIN = 'env:PIN'\nBLOB = { from = 'file:blob', as = 'fd' }\n",
    );
    place.environment.insert("PIN".into(), "1234".into());
    place.write("blob", b"\xff\xfe is no text");
    let said = |place: &Place| {
        let output = place.run_binary(&["exec", "--", "true"]);
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let alone = said(&place);
    assert!(
        alone.contains("warning: `PIN` is not masked in output (the value): it has fewer"),
        "{alone}"
    );
    assert!(!alone.contains("BLOB"), "it is masked in what the child writes: {alone}");
    place.environment.insert("GITHUB_ACTIONS".into(), "true".into());
    let in_job = said(&place);
    assert!(in_job.contains("`PIN`") && !in_job.contains("add-mask"), "{in_job}");
    assert!(
        in_job.contains("`BLOB`") && in_job.contains("the CI runner cannot be told"),
        "{in_job}"
    );
}
