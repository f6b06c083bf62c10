//! What is wrong is told with its place, its reason and what helps; and never with a value.

use pilotage_rollout::{Moment, Span};
use pilotage_secrets::{Failure, Words};
use pilotage_testkit::fake::vault::denied;

use crate::place::{Place, locator};

fn with(reference: &str) -> Place {
    Place::new(&format!("[env.prod.secrets.web]\nDB = '{reference}'\n"))
}

#[test]
fn a_malformed_reference_is_told_with_its_place() {
    for reference in [
        "arn:aws:secretsmanager:eu-west-1:12345:secret:db",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db:key",
        "asm:db@id=x@stage=y",
        "postgres://u:p@h/db",
        "ssm:a/b",
    ] {
        let left = with(reference).run(&["check"]);
        assert_eq!(left.code, 2, "{reference}");
        assert!(
            left.err.contains("pilotage.toml:2:6: in `env.prod.secrets.web.DB`"),
            "{}",
            left.err
        );
        assert!(left.err.contains("help: "), "{}", left.err);
    }
}

#[test]
fn an_ambiguous_name_is_a_note() {
    let place = with("asm:prod-master");
    place.vault.put(&locator("asm:prod-master"), "x");
    let left = place.run(&["check"]);
    assert_eq!(left.code, 0);
    assert!(left.err.contains("ends in a hyphen and six characters"), "{}", left.err);
}

#[test]
fn each_way_to_fail_has_its_words_and_its_code() {
    let said = || Words::new("as the service says");
    for (failure, code, words) in [
        (denied("AccessDeniedException"), 6, "access is denied: AccessDeniedException"),
        (Failure::KeyDenied { said: said() }, 6, "the key that encrypts it"),
        (Failure::Deleted { gone_at: Some(Moment::from_millis(0)) }, 6, "scheduled for deletion"),
        (Failure::Disabled, 6, "is disabled"),
        (Failure::OutOfTime, 6, "outside the time"),
        (Failure::NoSuchVersion, 6, "no such version"),
        (Failure::NoCredentials { said: said() }, 6, "no valid credentials"),
        (Failure::ClockSkew { said: said() }, 6, "the clock of this machine is wrong"),
        (Failure::Unreachable { said: said() }, 4, "cannot be reached"),
        (Failure::Throttled { wait: Some(Span::from_secs(1)) }, 4, "too many requests"),
    ] {
        let place = with("asm:db").hasty();
        place.vault.put(&locator("asm:db"), "value");
        place.vault.refuse(&locator("asm:db"), failure);
        for args in [&["resolve"][..], &["exec", "--", "true"], &["check", "--read"]] {
            let left = place.run(args);
            assert_eq!(left.code, code, "{args:?}: {}", left.err);
            assert!(left.err.contains(words), "{args:?}: {}", left.err);
            assert!(left.err.contains("help: "), "{}", left.err);
        }
    }
}

#[test]
fn values_that_do_not_fit_are_refused_before_anything_is_started() {
    for (reference, value, words) in [
        ("asm:db#/none", &b"{\"key\":1}"[..], "there is no `/none`"),
        ("asm:db#/key", b"{\"key\":{}}", "no text, number or truth value"),
        ("asm:db#/key", b"{\"key\":1,\"key\":2}", "written twice"),
        ("asm:db#/key", b"no json", "not JSON"),
        ("asm:db", b"", "the value is empty"),
        ("asm:db", b"\xff\xfe binary", "is not text, which no variable can hold"),
        ("asm:db", b"zero\0byte", "has a zero byte"),
        ("asm:db#/key", b"{\"key\":\"zero\\u0000byte\"}", "has a zero byte"),
    ] {
        let place = with(reference);
        place.vault.put(&locator("asm:db"), value);
        let left = place.run(&["exec", "--", "touch", "@/started"]);
        assert_eq!(left.code, 6, "{reference}: {}", left.err);
        assert!(left.err.contains(words), "{reference}: {}", left.err);
        assert!(!place.path().join("started").exists());
    }
}

#[test]
fn a_value_is_as_long_as_a_source_allows_or_is_refused() {
    let place = with("file:value");
    let exec = ["exec", "--", "sh", "-c", "printf %s \"$DB\" | wc -c"];
    // The longest of Secrets Manager, and the longest that a variable can hold.
    for length in [65_536, 131_072 - "DB=".len() - 1] {
        place.write("value", "x".repeat(length).as_bytes());
        let left = place.run(&exec);
        assert_eq!((left.code, left.out.trim()), (0, length.to_string().as_str()), "{}", left.err);
    }
    place.write("value", "x".repeat(131_072 - "DB=".len()).as_bytes());
    let left = place.run(&exec);
    assert_eq!(left.code, 6, "{}", left.err);
    assert!(left.err.contains("is too long, which no variable can hold"), "{}", left.err);
    assert!(left.err.contains("inject it `as = \"fd\"`"), "{}", left.err);
    place.write(
        "pilotage.toml",
        b"[env.prod.secrets.web]\nDB = { from = 'file:value', as = 'fd' }\n",
    );
    let left = place.run(&["exec", "--", "sh", "-c", "cat $DB | wc -c"]);
    assert_eq!((left.code, left.out.trim()), (0, "131069"), "{}", left.err);
}

#[test]
fn too_much_for_one_environment_is_told_with_what_helps() {
    let lines: Vec<String> = (0..40).map(|number| format!("V{number} = 'file:value'")).collect();
    let place = Place::new(&format!("[env.prod.secrets.web]\n{}\n", lines.join("\n")));
    place.write("value", "x".repeat(100_000).as_bytes());
    let left = place.run(&["exec", "--", "true"]);
    assert_eq!(left.code, 2, "{}", left.err);
    assert!(left.err.contains("inject long values `as = \"fd\"`"), "{}", left.err);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let place = Place::new(
        "[env.prod.secrets.web]\nA = 'asm:a'\nB = 'ssm:/b'\nC = 'env:C'\nD = 'file:d'\nE = 'asm:e'",
    );
    place.vault.put(&locator("asm:e"), "present");
    let left = place.run(&["resolve", "--json"]);
    assert_eq!(left.code, 6);
    for missing in ["asm:a: ", "ssm:/b: ", "env:C: ", "file:d: "] {
        assert!(left.err.contains(&format!("{missing}there is no such secret")), "{}", left.err);
    }
    assert!(left.out.contains("4 of 5 secrets cannot be resolved"), "{}", left.out);
}

#[test]
fn wrong_commands_and_files_are_told() {
    let place = with("asm:db");
    for args in [
        &["exec"][..],
        &["exec", "--component", "wbe", "--", "true"],
        &["check", "--env", "production"],
        &["check", "--since", "@/none.json"],
        &["check", "--pins", "@/pilotage.toml"],
        &["policy", "--for", "task", "--account", "1", "--region", "eu-west-1"],
        &["policy", "--for", "everybody"],
        &["policy", "--for", "task", "--kind", "azure"],
        &["resolve", "--values", "--env-file", "x"],
    ] {
        let left = place.run(args);
        assert_eq!(left.code, 2, "{args:?}: {} {}", left.out, left.err);
        assert!(left.err.starts_with("error: "), "{args:?}: {}", left.err);
    }
    let left = Place::new("[env.a]\n[env.b]").run(&["check"]);
    assert!(left.err.contains("choose with `--env`"), "{}", left.err);
}
