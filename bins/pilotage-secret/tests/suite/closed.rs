//! Places that are opened only when something refers to them, and those that cannot be opened.

use crate::place::Place;

/// The binary in an environment that says nothing of clouds.
fn alone(config: &str, variables: &[(&str, &str)]) -> Place {
    let mut place = Place::new(config);
    let usual =
        [("HOME", "/nonexistent"), ("AWS_EC2_METADATA_DISABLED", "true"), ("NAME", "value")];
    for (name, value) in usual.iter().chain(variables) {
        place.environment.insert(name.into(), value.into());
    }
    place
}

#[test]
fn what_nothing_refers_to_is_not_opened() {
    let wrong = [
        ("AWS_PROFILE", "nowhere"),
        ("KUBECONFIG", "/nonexistent/config"),
        ("AZURE_CLIENT_SECRET", "half-a-login"),
    ];
    let left = alone("[env.prod.secrets.web]\nA = 'env:NAME'\n", &wrong).run_binary(&["check"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!((left.status.code(), said.as_ref()), (Some(0), ""));
}

#[test]
fn a_place_that_cannot_be_opened_is_told_for_each_of_its_references_and_for_no_other() {
    let config = "[env.prod.secrets.web]\nA = 'asm:one'\nB = 'ssm:/two'\nC = 'akv:shop/three'\n\
                  D = 'k8s:shop/four/key'\nE = 'env:NAME'\n";
    let variables =
        [("KUBECONFIG", "/nonexistent/config"), ("AZURE_CLIENT_SECRET", "canary-secret")];
    let place = alone(config, &variables);
    for args in [&["check"][..], &["resolve"], &["exec", "--", "true"]] {
        let left = place.run_binary(args);
        let said = String::from_utf8_lossy(&left.stderr);
        assert_eq!(left.status.code(), Some(6), "{args:?}: {said}");
        for (reference, why) in [
            ("asm:one", "no AWS region is known"),
            ("ssm:/two", "no AWS region is known"),
            ("akv:shop/three", "`AZURE_TENANT_ID`"),
            ("k8s:shop/four/key", "the kubeconfig"),
        ] {
            let line = said.lines().find(|line| line.starts_with(&format!("{reference}: ")));
            assert!(line.is_some_and(|line| line.contains(why)), "{reference}: {said}");
        }
        assert!(!said.contains("env:NAME") && !said.contains("canary"), "{said}");
    }
}

#[test]
fn a_role_that_is_none_is_told() {
    let place = alone("[env.prod.secrets.web]\nA = 'asm:one'\n", &[("AWS_REGION", "eu-west-1")]);
    let left = place.run_binary(&["resolve", "--role", "deploy"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!(left.status.code(), Some(6), "{said}");
    assert!(said.contains("`deploy` is not a role"), "{said}");
    let left = place.run_binary(&["check", "--role", "deploy"]);
    assert_eq!(left.status.code(), Some(2), "looking is not done as the role");
}

#[test]
fn half_an_identity_of_a_job_is_told_and_not_shown() {
    let variables = [
        ("AWS_REGION", "eu-west-1"),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ci"),
    ];
    let place = alone("[env.prod.secrets.web]\nA = 'asm:one'\n", &variables);
    let left = place.run_binary(&["check"]);
    let said = String::from_utf8_lossy(&left.stderr);
    assert!(said.contains("id-token: write") && !said.contains("canary"), "{said}");
}
