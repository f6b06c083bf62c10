//! Policies: exactly what is listed is allowed, and what differs is named.

use std::collections::BTreeMap;

use pilotage_secrets::KmsKey;
use pilotage_secrets::manifest::{Form, Manifest, Wanted};
use pilotage_secrets::policy::{
    Decision, Difference, Document, Party, Request, Scope, assignments, diff, document, role,
};
use pilotage_secrets::reference::Site;

use crate::harbour::reference;

const BASE: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";
const PARAMETERS: &str = "arn:aws:ssm:eu-west-1:123456789012:parameter/";
const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/abc";

/// A manifest of these references, the first of them encrypted with a key.
fn manifest(references: &[&str]) -> Manifest {
    let wanted = |(number, text): (usize, &&str)| {
        let key = (number == 0).then(|| KmsKey(KEY.into()));
        let wanted = Wanted { from: reference(text), form: Form::Env, key };
        (format!("V{number}").parse().expect("a variable"), wanted)
    };
    let wanted = references.iter().enumerate().map(wanted).collect();
    Manifest { components: BTreeMap::from([("web".parse().expect("a name"), wanted)]) }
}

fn whole() -> Manifest {
    let arn = format!("asm:{BASE}exact-AbCdEf");
    manifest(&["asm:prod/db#/x", &arn, "asm:staged@stage=AWSPREVIOUS", "ssm:/prod/queue", "env:X"])
}

fn of(party: Party) -> Document {
    let site = Site::new("aws", "eu-west-1", "123456789012").expect("a site");
    document(&whole(), party, Some(&site)).expect("every reference has a site")
}

fn decide(document: &Document, action: &str, resource: &str, context: &[(&str, &str)]) -> Decision {
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let context = context.iter().map(pair).collect();
    document.decide(&Request { action: action.into(), resource: resource.into(), context })
}

#[test]
fn exactly_the_listed_actions_and_resources_are_allowed() {
    let read = "secretsmanager:GetSecretValue";
    let previous = [("secretsmanager:VersionStage", "AWSPREVIOUS")];
    let pending = [("secretsmanager:VersionStage", "AWSPENDING")];
    for party in [Party::Task, Party::Execution] {
        let document = of(party);
        let allowed = |action, resource: &str, context: &[_]| {
            decide(&document, action, resource, context) == Decision::Allowed
        };
        assert!(allowed(read, &format!("{BASE}prod/db-a1B2c3"), &[]));
        assert!(allowed(read, &format!("{BASE}exact-AbCdEf"), &[]));
        assert!(allowed(read, &format!("{BASE}staged-a1B2c3"), &previous));
        assert!(allowed("ssm:GetParameters", &format!("{PARAMETERS}prod/queue"), &[]));
        assert!(!allowed(read, &format!("{BASE}prod/db-other-a1B2c3"), &[]), "a longer name");
        assert!(!allowed(read, &format!("{BASE}prod/db"), &[]));
        assert!(!allowed(read, &format!("{BASE}exact-ZZZZZZ"), &[]), "another suffix");
        assert!(!allowed(read, &format!("{BASE}staged-a1B2c3"), &[]), "without its stage");
        assert!(!allowed(read, &format!("{BASE}staged-a1B2c3"), &pending), "another stage");
        assert!(!allowed("ssm:GetParameters", &format!("{PARAMETERS}prod/queue2"), &[]));
        assert!(!allowed("ssm:GetParametersByPath", &format!("{PARAMETERS}prod/queue"), &[]));
        for action in ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"] {
            assert!(!allowed(action, &format!("{BASE}prod/db-a1B2c3"), &[]), "{action}");
        }
        let batch = allowed("secretsmanager:BatchGetSecretValue", "*", &[]);
        assert_eq!(batch, party == Party::Task, "only who resolves itself reads in batches");
    }
}

#[test]
fn a_key_decrypts_for_its_secret_alone() {
    let document = of(Party::Task);
    let (via, arn) = ("secretsmanager.eu-west-1.amazonaws.com", format!("{BASE}prod/db-a1B2c3"));
    let context = |via, arn| [("kms:ViaService", via), ("kms:EncryptionContext:SecretARN", arn)];
    let decrypt = |key, context: &[_]| decide(&document, "kms:Decrypt", key, context);
    assert_eq!(decrypt(KEY, &context(via, &arn)), Decision::Allowed);
    let other = format!("{BASE}exact-AbCdEf");
    assert_eq!(decrypt(KEY, &context(via, &other)), Decision::NotAllowed);
    assert_eq!(decrypt(KEY, &context("s3.eu-west-1.amazonaws.com", &arn)), Decision::NotAllowed);
    assert_eq!(decrypt(KEY, &[]), Decision::NotAllowed);
    assert_eq!(decrypt(&format!("{KEY}d"), &context(via, &arn)), Decision::NotAllowed);
}

#[test]
fn who_plans_reads_nothing() {
    let document = of(Party::Plan);
    let secret = format!("{BASE}prod/db-a1B2c3");
    assert_eq!(decide(&document, "secretsmanager:DescribeSecret", &secret, &[]), Decision::Allowed);
    for action in ["secretsmanager:GetSecretValue", "ssm:GetParameters", "kms:Decrypt"] {
        for resource in [&secret, &format!("{PARAMETERS}prod/queue"), KEY] {
            assert_eq!(decide(&document, action, resource, &[]), Decision::NotAllowed, "{action}");
        }
    }
}

#[test]
fn a_reference_without_a_site_is_an_error() {
    assert!(document(&whole(), Party::Task, None).is_err());
    assert!(document(&manifest(&["env:X", "akv:shop/x"]), Party::Task, None).is_ok());
}

fn said(policy: &str) -> Vec<&'static str> {
    let given = Document::parse(policy).expect("a policy");
    let mut codes: Vec<_> =
        diff(&given, &of(Party::Execution)).iter().map(Difference::code).collect();
    codes.dedup();
    codes
}

#[test]
fn the_least_is_neither_too_much_nor_too_little() {
    for party in [Party::Task, Party::Execution, Party::Plan] {
        let json = of(party).to_json().expect("JSON");
        let again = Document::parse(&json).expect("it is read again");
        assert_eq!(again, of(party));
        assert!(diff(&again, &of(party)).is_empty(), "{party:?}");
    }
}

#[test]
fn what_is_too_much_or_too_little_is_named() {
    let ours = of(Party::Execution).to_json().expect("JSON");
    let with = |statement: &str| {
        ours.replacen("\"Statement\": [", &format!("\"Statement\": [{statement},"), 1)
    };
    let allow = |action: &str, resource: &str| {
        with(&format!("{{\"Effect\":\"Allow\",\"Action\":{action},\"Resource\":\"{resource}\"}}"))
    };
    for (policy, codes) in [
        (ours.clone(), &[][..]),
        (allow("\"secretsmanager:GetSecretValue\"", "*"), &["too-broad"]),
        (allow("\"secretsmanager:getsecretvalue\"", &format!("{BASE}prod/db-*")), &["too-broad"]),
        (allow("[\"secretsmanager:PutSecretValue\"]", "*"), &["not-needed"]),
        (allow("\"*\"", "arn:aws:s3:::bucket/*"), &[]),
        (allow("\"s3:*\"", "*"), &[]),
        (
            allow("\"secretsmanager:GetSecretValue\"", &format!("{BASE}staged-??????")),
            &["unconditional"],
        ),
        (allow("\"kms:Decrypt\"", KEY), &["unconditional"]),
        (
            with("{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"Resource\":\"*\"}"),
            &["not-needed", "too-broad"],
        ),
        (with("{\"Effect\":\"Deny\",\"Action\":\"ssm:*\",\"Resource\":\"*\"}"), &["missing"]),
        (ours.replace("ssm:GetParameters", "ssm:GetParameter"), &["not-needed", "missing"]),
        (ours.replace("prod/db-??????", "prod/db-AbCdEf"), &["missing"]),
        (ours.replace("StringLike", "StringNotLike"), &["unconditional", "missing"]),
    ] {
        assert_eq!(said(&policy), codes, "{policy}");
    }
}

#[test]
fn what_is_no_policy_is_refused_and_not_quoted() {
    for text in
        ["", "[]", "{\"Statement\":[{\"Effect\":\"hunter2\"}]}", "{\"Statement\":\"hunter2\"}"]
    {
        let error = Document::parse(text).expect_err(text);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn azure_and_kubernetes_get_roles_for_the_secret_alone() {
    let manifest = manifest(&["akv:shop/db", "k8s:shop/db/password", "k8s:shop/db/user"]);
    let scope = Scope { subscription: "s".into(), resource_group: "g".into() };
    let roles: Vec<_> = assignments(&manifest, Party::Task, &scope).into_iter().collect();
    assert_eq!(roles.len(), 1);
    assert!(roles[0].scope.ends_with("/vaults/shop/secrets/db"), "{}", roles[0].scope);
    assert_eq!(roles[0].role_definition_name, "Key Vault Secrets User");
    let roles = role(&manifest, "reader");
    assert_eq!(roles.len(), 1);
    assert_eq!(roles[0]["rules"][0]["resourceNames"], serde_json::json!(["db"]));
    assert_eq!(roles[0]["rules"][0]["verbs"], serde_json::json!(["get"]));
}
