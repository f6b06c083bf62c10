//! What each verb says.

use std::os::unix::fs::PermissionsExt as _;

use crate::place::{Place, locator};

const CONFIG: &str = r#"
[env.prod.secrets.web]
DB = "asm:prod/db#/password"
QUEUE = "ssm:/prod/queue"
[env.prod.secrets.worker]
QUEUE = "ssm:/prod/queue"
"#;

fn place() -> Place {
    let place = Place::new(CONFIG);
    place.vault.put(&locator("asm:prod/db"), r#"{"password":"correct horse"}"#);
    place.vault.put(&locator("ssm:/prod/queue"), "battery staple");
    place
}

#[test]
fn check_tells_versions_and_reads_nothing() {
    let place = place();
    let left = place.run(&["check"]);
    assert_eq!((left.code, left.err.as_str()), (0, ""));
    assert_eq!(left.out, "asm:prod/db 00000000-0000-4000-8000-000000000001\nssm:/prod/queue 1\n");
    let read =
        |(errand, _): &(pilotage_secrets::Errand, _)| *errand == pilotage_secrets::Errand::Fetch;
    assert!(!place.vault.calls().iter().any(read), "no value was read");
    let left = place.run(&["check", "--read", "--json"]);
    assert_eq!(left.code, 0, "{}", left.err);
    assert!(left.out.contains(r#""pins":{"asm:prod/db":"00000000"#), "{}", left.out);
}

#[test]
fn a_rotation_and_a_deletion_are_reasons_to_wait() {
    let place = place();
    place.vault.begin_rotation(&locator("asm:prod/db"), "new");
    let left = place.run(&["check", "--write-pins", "@/pins.json"]);
    assert_eq!(left.code, 6);
    assert!(left.err.contains("a rotation is under way"), "{}", left.err);
    assert!(!place.path().join("pins.json").exists(), "no pins of what was refused");
    assert_eq!(place.run(&["check", "--allow-rotation"]).code, 0);
    place.vault.delete(&locator("ssm:/prod/queue"), pilotage_rollout::Moment::from_millis(7));
    let left = place.run(&["check", "--allow-rotation"]);
    assert_eq!(left.code, 6);
    assert!(left.err.contains("scheduled for deletion"), "{}", left.err);
}

#[test]
fn pins_keep_a_release_and_tell_what_has_moved() {
    let place = place();
    assert_eq!(place.run(&["check", "--write-pins", "@/pins.json"]).code, 0);
    place.vault.put(&locator("asm:prod/db"), r#"{"password":"another one"}"#);
    let left = place.run(&["check", "--since", "@/pins.json"]);
    assert_eq!(left.code, 0, "the old version is the previous one: {}", left.err);
    assert!(left.err.contains("asm:prod/db: was 00000000-0000-4000-8000-000000000001, is"));
    let values = place.run(&["resolve", "--component", "web", "--values", "--pins", "@/pins.json"]);
    assert!(values.out.contains("correct horse"), "the pinned version is read: {values:?}");
    let values = place.run(&["resolve", "--component", "web", "--values"]);
    assert!(values.out.contains("another one"), "{values:?}");
    place.vault.put(&locator("asm:prod/db"), "third");
    let left = place.run(&["check", "--since", "@/pins.json", "--json"]);
    assert_eq!(left.code, 6, "a rollback could not rely on it: {left:?}");
    assert!(left.out.contains("has no stage left"), "{}", left.out);
    place.vault.prune(&locator("asm:prod/db"));
    let left = place.run(&["check", "--since", "@/pins.json"]);
    assert!(left.err.contains("is gone"), "{}", left.err);
}

#[test]
fn resolve_tells_names_and_versions_and_values_only_if_asked() {
    let place = place();
    let left = place.run(&["resolve"]);
    assert_eq!(left.code, 0, "{}", left.err);
    assert!(left.out.contains("worker QUEUE ssm:/prod/queue 1\n"), "{}", left.out);
    assert!(!left.out.contains("battery"), "{}", left.out);
    let left = place.run(&["resolve", "--component", "web", "--values"]);
    assert_eq!(left.out, "{\"DB\":\"correct horse\",\"QUEUE\":\"battery staple\"}\n");
    let left = place.run_before(&["resolve", "--component", "web", "--values"], true);
    assert_eq!((left.code, left.out.as_str()), (2, ""), "never on a terminal");
    let left = place.run(&["resolve", "--values"]);
    assert_eq!(left.code, 2, "which component's?");
}

#[test]
fn an_env_file_is_new_and_for_its_owner_alone() {
    let place = place();
    let args = ["resolve", "--component", "web", "--env-file", "@/.env"];
    assert_eq!(place.run(&args).code, 0);
    assert_eq!(place.read(".env"), "DB='correct horse'\nQUEUE='battery staple'\n");
    let metadata = place.path().join(".env").metadata().expect("it is there");
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(place.run(&args).code, 2, "a file that is there is left alone");
    std::os::unix::fs::symlink("elsewhere", place.path().join("link")).expect("a link");
    let left = place.run(&["resolve", "--component", "web", "--env-file", "@/link"]);
    assert_eq!(left.code, 2, "a link is not followed");
    assert!(!place.path().join("elsewhere").exists());
    place.vault.put(&locator("ssm:/prod/queue"), "it's");
    let left = place.run(&["resolve", "--component", "web", "--env-file", "@/other"]);
    assert_eq!(left.code, 2, "readers disagree on quotes");
    assert!(!place.path().join("other").exists());
}

#[test]
fn policy_prints_and_compares() {
    let place = place();
    let site = ["--region", "eu-west-1", "--account", "123456789012"];
    let policy = ["policy", "--for", "task"];
    assert_eq!(place.run(&policy).code, 2, "nobody knows the account");
    let left = place.run(&[&policy[..], &site].concat());
    assert_eq!(left.code, 0, "{}", left.err);
    place.write("policy.json", left.out.as_bytes());
    let compare = [&policy[..], &site, &["--diff", "@/policy.json"]].concat();
    let left = place.run(&compare);
    assert_eq!((left.code, left.out.as_str()), (0, ""), "it is what it is");
    let broad = r#"{"Statement":{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}}"#;
    place.write("policy.json", broad.as_bytes());
    let left = place.run(&compare);
    assert_eq!(left.code, 6);
    for said in [
        "too-broad: `secretsmanager:GetSecretValue`",
        "not-needed: `secretsmanager:Put",
        "missing: `ssm:GetParameters`",
    ] {
        assert!(left.out.contains(said), "{said}: {}", left.out);
    }
}

#[test]
fn it_explains_itself() {
    let place = place();
    for args in [
        &["--help"][..],
        &["check", "--help"],
        &["exec", "--help"],
        &["man", "exec"],
        &["completions", "bash"],
    ] {
        let left = place.run(args);
        assert_eq!(left.code, 0, "{args:?}: {}", left.err);
        assert!(left.out.len() > 200, "{args:?}");
    }
    assert!(place.run(&["--help"]).out.contains("Exit codes:"));
    assert_eq!(place.run(&["man", "nothing"]).code, 2);
}

#[test]
fn render_pins_what_the_platform_can_pin() {
    let place = place();
    assert_eq!(place.run(&["check", "--write-pins", "@/pins.json"]).code, 0);
    let site = ["--region", "eu-west-1", "--account", "123456789012"];
    let web = ["render", "--component", "web", "--pins", "@/pins.json", "--as"];
    let left = place.run(&[&web[..], &["ecs"], &site].concat());
    assert_eq!(left.code, 0, "{}", left.err);
    let pinned = "secret:prod/db:password::00000000-0000-4000-8000-000000000001";
    assert!(left.out.contains(pinned), "{}", left.out);
    assert!(left.err.contains("`QUEUE` is not pinned"), "{}", left.err);
    let left = place.run(&[&web[..], &["provider-class"]].concat());
    assert_eq!(left.code, 0, "{}", left.err);
    let left = place.run(&[&web[..], &["external-secret", "--store", "main"]].concat());
    assert_eq!(left.code, 2);
    assert!(left.err.contains("reads from one place"), "{}", left.err);
    assert_eq!(place.run(&["render", "--as", "ecs"]).code, 2, "of which component?");
}

#[test]
fn scan_finds_a_secret_and_does_not_show_it() {
    let place = place();
    let key = ["AKIA", "Q3EGRZLW5N7XKV2P"].concat();
    place.write("task.json", format!("{{\"name\":\"KEY\",\"value\":\"{key}\"}}").as_bytes());
    for args in [&["scan", "@"][..], &["scan", "@", "--json"], &["scan", "@", "--format", "sarif"]]
    {
        let left = place.run(args);
        assert_eq!(left.code, 6, "{args:?}: {}", left.err);
        assert!(left.out.contains("task.json") && !left.out.contains(&key), "{}", left.out);
    }
    place.write("task.json", b"{}");
    assert_eq!(place.run(&["scan", "@"]).code, 0);
    assert_eq!(place.run(&["scan"]).code, 2);
    assert_eq!(place.run(&["scan", "@/none"]).code, 2);
}
