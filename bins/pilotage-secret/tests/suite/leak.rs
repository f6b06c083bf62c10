//! The leak campaign: canaries in every slot, every verb, every way to fail; nothing shows them.

use pilotage_secrets::{Failure, Words};
use pilotage_testkit::leak::{Campaign, Canary};

use crate::place::{Left, Place, locator};

const CONFIG: &str = r#"
[env.prod.secrets.web]
A = "asm:whole"
B = "asm:document#/key"
C = "ssm:/parameter"
D = "akv:shop/secret"
E = "k8s:shop/secret/key"
F = "env:SOURCE"
G = { from = "file:secret", as = "fd" }
H = { from = "asm:binary", as = "fd" }
I = "asm:document#/spiky"
"#;

/// The verbs, each in a way that shows no values on purpose.
const VERBS: [&[&str]; 13] = [
    &["check"],
    &["check", "--read", "--json"],
    &["check", "--read", "--allow-rotation"],
    &["resolve"],
    &["resolve", "--json"],
    &["policy", "--for", "task", "--region", "eu-west-1", "--account", "123456789012"],
    &["policy", "--for", "plan", "--kind", "kubernetes"],
    &["render", "--as", "ecs", "--region", "eu-west-1", "--account", "123456789012"],
    &["render", "--as", "provider-class", "--tenant", "t"],
    &["exec", "--", "true"],
    &["exec", "--", "./none"],
    &["scan", "@"],
    &["man"],
];

/// What a child may do with its secrets.
const SCRIPTS: [&str; 9] = [
    "env",
    "env >&2",
    "echo \"$A $B $C\"; exit 9",
    "printf %s \"$A\" | base64; printf x%s \"$A\" | base64 -w0; printf xy%s \"$B\" | base64 -w0",
    "printf %s \"$A\" | od -An -v -tx1 | tr -d ' \\n'",
    "cat $G; cat $H",
    "set -x; : \"$A\" \"$I\"",
    "for part in \"$A\"; do printf '%.3s' \"$part\"; sleep 0.02; printf '%s' \"${part#???}\"; done",
    "printf '{\"a\": \"%s\"}' \"$A\"; kill -9 $$",
];

struct Planted {
    place: Place,
    campaign: Campaign,
    whole: Canary,
}

fn planted() -> Planted {
    let mut place = Place::new(CONFIG).hasty();
    let mut campaign = Campaign::new();
    let whole = campaign.plant("a whole secret");
    place.vault.put(&locator("asm:whole"), whole.plain());
    let [key, spiky] = ["a key", "a spiky key"].map(|slot| campaign.plant(slot));
    let document = format!("{{\"key\":\"{}\",\"spiky\":{:?}}}", key.plain(), spiky.plain());
    place.vault.put(&locator("asm:document"), document);
    for text in ["ssm:/parameter", "akv:shop/secret", "k8s:shop/secret/key"] {
        place.vault.put(&locator(text), campaign.plant(text).plain());
    }
    let binary = [b"\0\xff", campaign.plant("a binary").plain().as_bytes()].concat();
    place.vault.put(&locator("asm:binary"), binary);
    place.environment.insert("SOURCE".into(), campaign.plant("a variable").plain().into());
    place.environment.insert("UNRELATED".into(), campaign.plant("another variable").plain().into());
    place.write("secret", campaign.plant("a file").plain().as_bytes());
    Planted { place, campaign, whole }
}

fn look(campaign: &mut Campaign, args: &[&str], left: &Left) {
    campaign.look(&format!("stdout of {args:?}"), left.out.as_bytes());
    campaign.look(&format!("stderr of {args:?}"), left.err.as_bytes());
}

#[test]
fn no_verb_shows_a_value_whether_it_works_or_fails() {
    let Planted { place, mut campaign, .. } = planted();
    let said = || Words::new("as the service says");
    let failures = [
        None,
        Some(Failure::Missing),
        Some(Failure::KeyDenied { said: said() }),
        Some(Failure::NoCredentials { said: said() }),
        Some(Failure::Throttled { wait: None }),
        Some(Failure::NotUnderstood { said: said() }),
    ];
    for failure in failures {
        if let Some(failure) = failure {
            place.vault.refuse(&locator("asm:document"), failure);
        }
        for args in VERBS {
            let left = place.run(args);
            look(&mut campaign, args, &left);
        }
    }
    place.write("secret", b"");
    campaign.look_into(place.path());
    campaign.nothing_leaked();
}

#[test]
fn no_value_that_is_not_what_it_should_be_is_shown() {
    let mut campaign = Campaign::new();
    for (number, wrap) in
        ["{", "{\"k\":\"$\",\"k\":\"$\"}", "[\"$\"", "{\"k\":[\"$\"]}", "$\0", "\u{7}$"]
            .into_iter()
            .enumerate()
    {
        let canary = campaign.plant(&format!("wrong value {number}"));
        let place = Place::new("[env.prod.secrets.web]\nA = 'asm:a#/k'\nB = 'asm:a'\n");
        place.vault.put(&locator("asm:a"), wrap.replace('$', canary.plain()));
        for args in VERBS {
            let left = place.run(args);
            look(&mut campaign, args, &left);
        }
    }
    campaign.nothing_leaked();
}

#[test]
fn a_secret_that_was_written_in_the_wrong_place_is_not_repeated() {
    let mut campaign = Campaign::new();
    let canary = campaign.plant("a wrong place");
    let plain = canary.plain();
    for config in [
        format!("[env.prod.secrets.web]\nA = '{plain}'"),
        format!("[env.prod.secrets.web]\nA = 'postgres://u:{plain}@h/d'"),
        format!("[env.prod.secrets.web]\nA = 'asm:{plain} x'"),
        format!("[env.prod.secrets.web]\nA = {{ from = 'asm:a', as = '{plain}' }}"),
        format!("[env.prod.secrets.web]\nA = {{ from = 'asm:a', key = '{plain}' }}"),
        format!("[env.prod.secrets]\nweb = '{plain}'"),
        format!("[env.prod]\nsecrets = ['{plain}']"),
        format!("[env.prod.secrets.web]\nA = \"{plain}"),
        format!("[env.prod.secrets.web]\nA = {plain}"),
    ] {
        let place = Place::new(&config);
        for args in VERBS.into_iter().filter(|args| !["man", "scan"].contains(&args[0])) {
            let left = place.run(args);
            assert_eq!(left.code, 2, "{config}: {left:?}");
            look(&mut campaign, args, &left);
        }
    }
    let place = Place::new("[env.prod.secrets.web]\nA = 'asm:a'");
    for text in [plain.to_owned(), format!("{{\"{plain}\":\"{plain}\"}}"), format!("\"{plain}\"")] {
        place.write("wrong.json", text.as_bytes());
        for args in [
            &["check", "--since", "@/wrong.json"][..],
            &["resolve", "--pins", "@/wrong.json", "--json"],
            &[
                "policy",
                "--for",
                "plan",
                "--region",
                "eu-west-1",
                "--account",
                "123456789012",
                "--diff",
                "@/wrong.json",
            ],
        ] {
            let left = place.run(args);
            look(&mut campaign, args, &left);
        }
    }
    campaign.nothing_leaked();
}

#[test]
fn nothing_that_a_child_writes_shows_a_value() {
    let Planted { place, mut campaign, .. } = planted();
    let place = place.patient();
    for script in SCRIPTS {
        let args = ["exec", "--", "sh", "-c", script];
        let left = place.run(&args);
        look(&mut campaign, &args, &left);
    }
    campaign.nothing_leaked();
}

#[test]
fn a_value_that_is_split_anywhere_is_masked() {
    let mut campaign = Campaign::new();
    let canary = campaign.plant("a split value");
    let place = Place::new("[env.prod.secrets.web]\nA = 'asm:a'");
    place.vault.put(&locator("asm:a"), canary.plain());
    let script = "i=1; while [ $i -lt 28 ]; do \
        printf %s \"$A\" | head -c $i; printf %s \"$A\" | tail -c +$((i+1)); echo; i=$((i+1)); done";
    let left = place.run(&["exec", "--", "sh", "-c", script]);
    assert_eq!(left.out, "[secret:A]\n".repeat(27));
    campaign.look("stdout", left.out.as_bytes());
    campaign.nothing_leaked();
}

#[test]
fn the_campaign_finds_a_leak_in_every_sink() {
    let Planted { place, mut campaign, whole } = planted();
    let found = |campaign: &mut Campaign, sink: &str| {
        let leaks = campaign.leaks();
        assert!(leaks.iter().any(|leak| leak.sink.contains(sink)), "{sink}: {leaks:?}");
    };
    // Values on stdout and in a file, because they were asked for.
    place.vault.put(&locator("asm:binary"), "text");
    let args = ["resolve", "--values"];
    look(&mut campaign, &args, &place.run(&args));
    found(&mut campaign, "stdout");
    assert_eq!(place.run(&["resolve", "--env-file", "@/left-behind"]).code, 0);
    campaign.look_into(place.path());
    found(&mut campaign, "left-behind");
    // A source that puts a value into its words shows it in every report.
    let leaky = Failure::Denied { said: Words::new(whole.plain()) };
    place.vault.refuse(&locator("asm:whole"), leaky);
    for args in [&["check"][..], &["resolve"], &["exec", "--", "true"]] {
        look(&mut campaign, args, &place.run(args));
        found(&mut campaign, "stderr");
    }
    let args = ["check", "--json"];
    look(&mut campaign, &args, &place.run(&args));
    found(&mut campaign, "stdout");
    // A child shows what is no secret of its own.
    let script = format!("echo {}", whole.plain());
    let bare = Place::new("[env.prod.secrets.web]\nA = 'env:PATH'");
    let args = ["exec", "--", "sh", "-c", &script];
    look(&mut campaign, &args, &bare.run(&args));
    found(&mut campaign, "stdout");
}
