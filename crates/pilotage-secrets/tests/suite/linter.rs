//! Derived policies under `parliament`, a linter of IAM policies by others, for manifests of many
//! shapes; and one policy that is too broad, so that the linter is known to find something.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pilotage_secrets::KmsKey;
use pilotage_secrets::manifest::{Form, Manifest, Wanted};
use pilotage_secrets::policy::{Party, document};
use pilotage_secrets::reference::Site;
use pilotage_testkit::real;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::harbour::reference;

/// How many manifests there are; each gives a policy for every party.
const MANIFESTS: usize = 100;
const PARTIES: [Party; 3] = [Party::Task, Party::Execution, Party::Plan];

/// A place: the partition, the region, and the ARN of a key there.
fn place() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop_oneof![
        Just(("aws", "eu-west-1")),
        Just(("aws-cn", "cn-north-1")),
        Just(("aws-us-gov", "us-gov-west-1"))
    ]
}

/// References of both services, in every way of writing them.
fn text(partition: &'static str, region: &'static str) -> impl Strategy<Value = String> {
    let arn = move |service: &str, rest: String| {
        format!("arn:{partition}:{service}:{region}:123456789012:{rest}")
    };
    let pick = prop_oneof![
        Just(String::new()),
        Just("#/password".into()),
        Just("@stage=AWSPREVIOUS".into()),
        Just("#/a~1b@id=12345678-90ab-cdef-fedc-ba9876543210".into()),
    ];
    let name = "[a-z][a-z0-9]{0,8}(/[a-z0-9_.+=@]{1,8}){0,2}[a-z0-9]";
    let whole = (name, "[A-Za-z0-9]{6}")
        .prop_map(move |(name, end)| arn("secretsmanager", format!("secret:{name}-{end}")));
    let secret = prop_oneof![name.boxed(), whole.boxed()];
    let secret = (secret, pick).prop_map(|(secret, pick)| format!("asm:{secret}{pick}"));
    let path = "(/[a-z][a-z0-9_.]{0,8}){1,3}";
    let named = (path, "(:[1-9][0-9]?|:stable)?").prop_map(|(path, of)| format!("ssm:{path}{of}"));
    let whole =
        path.prop_map(move |path| format!("ssm:{}", arn("ssm", format!("parameter{path}"))));
    prop_oneof![secret.boxed(), named.boxed(), whole.boxed(), Just("env:PATH".into()).boxed()]
}

/// A manifest in one place, some of whose secrets have a key of their own.
fn manifest() -> impl Strategy<Value = (Manifest, Site)> {
    place().prop_flat_map(|(partition, region)| {
        let key = format!("arn:{partition}:kms:{region}:123456789012:key/12345678");
        let wanted = (text(partition, region), any::<bool>()).prop_map(move |(text, has_key)| {
            let key = has_key.then(|| KmsKey(key.clone()));
            Wanted { from: reference(&text), form: Form::Env, key }
        });
        proptest::collection::vec(wanted, 1..12).prop_map(move |all| {
            let name = |(number, wanted)| (format!("V{number}").parse().expect("a name"), wanted);
            let wanted = all.into_iter().enumerate().map(name).collect();
            let components = BTreeMap::from([("web".parse().expect("a name"), wanted)]);
            (Manifest { components }, Site::new(partition, region, "123456789012").expect("a site"))
        })
    })
}

/// What the linter says of these policies, down to the least of its severities.
#[expect(clippy::disallowed_methods, reason = "the linter is a program of its own")]
fn said(linter: &Path, policies: &[PathBuf]) -> String {
    let names: Vec<String> = policies.iter().map(|path| path.display().to_string()).collect();
    let output = Command::new(linter)
        .args(["--json", "--minimum_severity", "INFO", "--include-community-auditors"])
        .args(["--files", &names.join(",")])
        .stdin(Stdio::null())
        .output()
        .expect("the linter starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[expect(clippy::disallowed_methods, reason = "the linter reads files")]
fn write(folder: &Path, name: &str, policy: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, policy).expect("written");
    path
}

#[test]
fn a_linter_finds_nothing_in_what_is_derived_and_something_in_what_is_too_broad() {
    let Some(linter) = real::require("parliament", "PILOTAGE_TEST_PARLIAMENT") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut runner = TestRunner::deterministic();
    let mut policies = Vec::new();
    for number in 0..MANIFESTS {
        let (manifest, site) = manifest().new_tree(&mut runner).expect("a manifest").current();
        for party in PARTIES {
            let policy = document(&manifest, party, Some(&site)).expect("it has a site");
            // No statement is no policy, and nothing to lint.
            if !policy.statements.is_empty() {
                let json = policy.to_json().expect("JSON");
                policies.push(write(folder.path(), &format!("{number}-{party:?}.json"), &json));
            }
        }
    }
    assert!(policies.len() > 2 * MANIFESTS, "{}", policies.len());
    assert_eq!(said(&linter, &policies), "", "{MANIFESTS} manifests");
    let broad = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]}"#;
    let broad = write(folder.path(), "broad.json", broad);
    assert!(said(&linter, &[broad]).contains("RESOURCE_STAR"));
}
