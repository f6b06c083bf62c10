//! References: what is understood, how it is printed, and what is refused.

use pilotage_secrets::{Reference, VersionId};
use proptest::prelude::*;

fn printed(text: &str) -> Result<String, String> {
    text.parse::<Reference>()
        .map(|reference| reference.to_string())
        .map_err(|error| format!("{error}; {}", error.help()))
}

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf";
const ID: &str = "12345678-90ab-cdef-fedc-ba9876543210";

#[test]
fn what_is_canonical_stays_as_it_is() {
    for text in [
        "asm:prod/db",
        "asm:prod/db#/password",
        "asm:prod/db@stage=AWSPREVIOUS",
        "asm:team@home/db#/a~1b/0/~0c@id=12345678-90ab-cdef-fedc-ba9876543210",
        &format!("asm:{ARN}#/x"),
        "ssm:/prod/db/password",
        "ssm:/prod/db/password:3#/x",
        "ssm:plain:stable",
        "ssm:arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db:7",
        "ssm:arn:aws:ssm:eu-west-1:123456789012:parameter/plain",
        "akv:shop/db-password",
        "akv:shop.vault.azure.cn/db/0123456789abcdef0123456789abcdef#/x",
        "k8s:shop/db.main/PASSWORD_1#/x",
        "env:DB_PASSWORD#/x",
        "file:/run/secrets/db.json#/password",
        "file:sec rets/ä:b",
        "asm:db#/",
    ] {
        assert_eq!(printed(text), Ok(text.to_owned()));
    }
}

#[test]
fn what_others_write_is_understood_and_printed_our_way() {
    let long = format!("asm:{ARN}");
    for (text, ours) in [
        (ARN.to_owned(), long.clone()),
        (format!("{ARN}:password::"), format!("{long}#/password")),
        (format!("{ARN}:a/b~c::"), format!("{long}#/a~1b~0c")),
        (format!("{ARN}::AWSPREVIOUS:"), format!("{long}@stage=AWSPREVIOUS")),
        (format!("{ARN}::AWSCURRENT:"), long.clone()),
        (format!("{ARN}:::"), long.clone()),
        (format!("{ARN}:::{ID}"), format!("{long}@id={ID}")),
        (format!("{ARN}:k::{ID}"), format!("{long}#/k@id={ID}")),
        ("asm:db@stage=AWSCURRENT".into(), "asm:db".into()),
        (
            "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a/b".into(),
            "ssm:arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a/b".into(),
        ),
        ("ref+awssecrets://prod/db#/k".into(), "asm:prod/db#/k".into()),
        (format!("ref+awssecrets://db?version_id={ID}#/k+"), format!("asm:db#/k@id={ID}")),
        ("ref+awssecrets://db?version_stage=AWSPENDING".into(), "asm:db@stage=AWSPENDING".into()),
        ("ref+awsssm://a/b?version=3#/k".into(), "ssm:/a/b:3#/k".into()),
        ("ref+awsssm:///a/b?mode=singleparam".into(), "ssm:/a/b".into()),
        ("ref+azurekeyvault://Shop/db".into(), "akv:shop/db".into()),
        ("akv:shop.vault.azure.net/db".into(), "akv:shop/db".into()),
        ("ref+k8s://v1/Secret/ns/name/key".into(), "k8s:ns/name/key".into()),
        ("ref+envsubst://$HOME".into(), "env:HOME".into()),
        ("ref+file:///etc/x#/k".into(), "file:/etc/x#/k".into()),
    ] {
        assert_eq!(printed(&text), Ok(ours), "{text}");
    }
}

#[test]
fn what_is_almost_a_reference_is_refused_and_not_repeated() {
    let pinned_twice = format!("{ARN}::AWSCURRENT:{ID}");
    for text in [
        "",
        "hunter2",
        "hunter2:x",
        "postgres://user:hunter2@host/db",
        "ASM:hunter2",
        "asm:",
        "asm:hunter2 x",
        "asm:hunter2#",
        "asm:hunter2#password",
        "asm:hunter2#/~2",
        "asm:hunter2@id=",
        "asm:hunter2@id=x y",
        "asm:hunter2@stage=A@id=b",
        "asm:hunter2@id=b#/k",
        "asm:hunter2#/a@id=b@id=c",
        "asm:arn:aws:ssm:eu-west-1:123456789012:parameter/hunter2",
        "arn:aws:secretsmanager:eu-west-1:123456789012:hunter2",
        "arn:aws:secretsmanager:eu-west-1:12345678901:secret:hunter2",
        "arn:aws:secretsmanager:EU:123456789012:secret:hunter2",
        "arn:aws2:secretsmanager:eu-west-1:123456789012:secret:hunter2",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hunter2:key",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hunter2:key:stage",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hunter2:a:b:c:d",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:",
        "arn:aws:s3:::hunter2",
        &pinned_twice,
        "ssm:hunter2/x",
        "ssm:/hunter2/",
        "ssm:/hunter2//x",
        "ssm:/hunter2:0",
        "ssm:/hunter2:01",
        "ssm:/hunter2:99999999999999999999",
        "ssm:/hunter2:1x",
        "ssm:/hunter2:",
        "akv:hunter2",
        "akv:hunter2/a/b",
        "akv:hunter2.evil.example/a",
        "akv:hunter2/a_b",
        "k8s:hunter2/name",
        "k8s:Hunter2/name/key",
        "k8s:hunter2/name/..",
        "env:1hunter2",
        "env:",
        "file:",
        "file:hunter2/",
        "file:hunter2\n",
        "ref+vault://hunter2",
        "ref+awssecrets://hunter2?region=eu-west-1",
        "ref+file://hunter2?x=y",
        "ref+hunter2",
    ] {
        let error = text.parse::<Reference>().expect_err(text);
        let said = format!("{error} {error:?} {}", error.help());
        assert!(!said.to_lowercase().contains("hunter2"), "{text}: {said}");
    }
}

#[test]
fn a_name_that_ends_like_an_arn_is_doubtful() {
    let warned = |text: &str| text.parse::<Reference>().expect(text).warning().is_some();
    assert!(warned("asm:prod/db-AbCdEf"));
    assert!(warned("asm:prod-master#/k"));
    assert!(!warned("asm:prod/db"));
    assert!(!warned("asm:db-main"));
    assert!(!warned("asm:-a_cdef"));
    assert!(!warned(&format!("asm:{ARN}")), "a whole ARN names one secret");
}

/// An ARN of a service; `rest` is a pattern.
fn arn(service: &str, rest: &str) -> impl Strategy<Value = String> + use<> {
    let site = format!("arn:aws(-cn)?:{service}:[a-z]{{2}}-[a-z]{{4,9}}-[1-9]:[0-9]{{12}}:{rest}");
    let generator = proptest::string::string_regex(&site);
    generator.unwrap_or_else(|error| panic!("{site} is no pattern: {error}"))
}

fn locator() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9/_+=.@-]{1,40}".prop_map(|name| format!("asm:{name}")),
        arn("secretsmanager", "secret:[a-zA-Z0-9/_-]{1,20}-[a-zA-Z0-9]{6}")
            .prop_map(|arn| format!("asm:{arn}")),
        "(/[a-zA-Z0-9_.-]{1,8}){1,4}(:[1-9][0-9]{0,5}|:[a-z][a-z0-9_.-]{0,9})?"
            .prop_map(|name| format!("ssm:{name}")),
        arn("ssm", "parameter(/[a-z0-9]{1,5}){1,3}(:[1-9])?").prop_map(|arn| format!("ssm:{arn}")),
        "akv:[a-z][a-z0-9]{2,23}([.]vault[.]azure[.]cn)?/[A-Za-z0-9-]{1,30}(/[0-9a-f]{32})?",
        "k8s:[a-z0-9]{1,20}/[a-z0-9]{1,9}([.][a-z]{1,4})?/[A-Z._a-z-]{3,20}",
        "env:[A-Z_][A-Z0-9_]{0,20}",
        "file:/?[a-z./ :@?+é]{0,20}[a-z]",
    ]
}

proptest! {
    #[test]
    fn what_is_parsed_prints_to_what_parses_to_the_same(
        locator in locator(),
        pointer in proptest::option::of("(/([a-zA-Z0-9:@#?+ é.-]|~0|~1){0,6}){1,3}"),
        pick in proptest::option::of("@stage=[A-Z]{1,12}|@id=[0-9a-f-]{36}"),
    ) {
        let mut text = locator;
        if let Some(pointer) = pointer { text = format!("{text}#{pointer}"); }
        if let Some(pick) = pick.filter(|_| text.starts_with("asm:")) { text.push_str(&pick); }
        let reference: Reference = text.parse().expect(&text);
        let again: Reference = reference.to_string().parse().expect("the canonical text");
        prop_assert_eq!(&again, &reference);
        prop_assert_eq!(again.to_string(), reference.to_string());
    }

    #[test]
    fn no_text_brings_the_parser_down(text in "(asm|ssm|akv|k8s|env|file|arn:aws|ref\\+\\w*)?[:/]?.{0,60}") {
        if let Ok(reference) = text.parse::<Reference>() {
            let again: Result<Reference, _> = reference.to_string().parse();
            prop_assert_eq!(again, Ok(reference));
        }
    }

    #[test]
    fn an_id_is_plain_text(text in ".{0,80}") {
        if let Ok(id) = text.parse::<VersionId>() {
            prop_assert!(id.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }
}
