//! Wrong configurations: each says where, what and what helps, and nothing is done.

use insta::assert_snapshot;
use pilotage_rollout::ExitCode;

use crate::world::{SOUND, World};

/// What is said about this configuration.
async fn said(config: &str) -> String {
    let world = World::configured(config);
    let left = world.run("deploy --release v2").await;
    assert_eq!((left.code, left.out.as_str()), (ExitCode::Usage, ""), "{}", left.err);
    assert!(world.target.world(|world| world.applied.is_empty()), "something was done");
    left.err
}

/// The sound configuration with one thing replaced.
async fn with(old: &str, new: &str) -> String {
    assert!(SOUND.contains(old), "`{old}` is not there");
    said(&SOUND.replace(old, new)).await
}

#[tokio::test(start_paused = true)]
async fn an_empty_file() {
    assert_snapshot!(said("").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:1:1: the file is empty
      help: name the `service` and give it at least one environment, `[env.prod]`
    ");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_toml() {
    assert_snapshot!(said("service = \"shop\"\n[env.prod\n").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:2:10: this is not TOML: unclosed table, expected `]`
      help: correct line 2 or the one before it
    ");
}

#[tokio::test(start_paused = true)]
async fn a_key_with_a_typo() {
    assert_snapshot!(with("strategy.canary", "stratgy.canary").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:1: in `env.prod`: unknown key `stratgy`
      help: did you mean `strategy`? possible: `target`, `artifact`, `secrets`, `reader`, `size`, `strategy`, `rollback`, `health`, `judge`, `checks`, `notify`, `limits`, `migration`, `keep` or `plan_valid_for`
    ");
}

#[tokio::test(start_paused = true)]
async fn a_strategy_that_is_not_known() {
    assert_snapshot!(with("strategy.canary", "strategy.canarry").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:10: in `env.prod.strategy`: `canarry` is not known here
      help: did you mean `canary`? possible: `rolling`, `blue-green`, `canary` or `custom`
    ");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_type() {
    assert_snapshot!(with("\"25%\"", "25").await, @r#"
    error: the configuration cannot be used
      because: pilotage.toml:5:42: in `env.prod.strategy.canary.steps[0].traffic`: expected a share from "0%" to "100%" such as "10%" or "12.5%", found the number 25
    "#);
    assert_snapshot!(with("\"1m\"", "\"1 minute\"").await, @r#"
    error: the configuration cannot be used
      because: pilotage.toml:5:67: in `env.prod.strategy.canary.steps[0].gates[0].soak`: expected a length of time such as "30s", "5m" or "1h30m", found the text "1 minute"
    "#);
    assert_snapshot!(with("[env.prod]", "[env.prod]\nsize = \"four\"").await, @r#"
    error: the configuration cannot be used
      because: pilotage.toml:5:8: in `env.prod.size`: expected a whole number from 0 to 65535, found the text "four"
    "#);
    assert_snapshot!(with("[env.prod]", "[env.prod]\nsize = 70000").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:8: in `env.prod.size`: expected a whole number from 0 to 65535, found the number 70000
    ");
}

#[tokio::test(start_paused = true)]
async fn a_missing_key() {
    assert_snapshot!(with("service = \"shop\"", "").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:1:1: the key `service` is missing
      help: add `service = …`
    ");
    assert_snapshot!(with("kind = \"fake\"", "").await, @r#"
    error: the configuration cannot be used
      because: pilotage.toml:7:1: in `env.prod.target`: the key `kind` is missing
      help: say what the target is, for example `kind = "local"`
    "#);
}

#[tokio::test(start_paused = true)]
async fn strategies_that_contradict_themselves() {
    let steps = r#"{ steps = [{ traffic = "50%" }, { traffic = "25%" }] }"#;
    let backwards =
        SOUND.replace(r#"{ steps = [{ traffic = "25%", gates = [{ soak = "1m" }] }] }"#, steps);
    assert_snapshot!(said(&backwards).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:19: in `env.prod.strategy.canary`: the canary strategy makes no ramp: step 2 goes backwards in capacity, from 50 % to 25 %: a ramp only goes forward, going back is what a failed gate does
    ");
    let judged = SOUND.replace(r#"{ soak = "1m" }"#, r#"{ judge = "5m" }"#);
    assert_snapshot!(said(&judged).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:58: in `env.prod.strategy.canary.steps[0].gates[0]`: a gate asks the judge, and the environment has none
      help: add a `judge` table with `rules` to the environment, or drop the gate
    ");
    let health = format!("{SOUND}\n[env.prod.health]\ngood = 4\nof = 3\n");
    assert_snapshot!(said(&health).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:10:1: in `env.prod.health`: health needs 4 of 3 observations: use 1 <= k <= n <= 64
      help: `good` is how many must be good, `of` is how many of the latest count
    ");
    let rules = "rules = [{ metric = \"errors\" }, { metric = \"errors\" }]";
    assert_snapshot!(said(&format!("{SOUND}\n[env.prod.judge]\n{rules}\n")).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:11:9: in `env.prod.judge.rules`: `errors` is judged by two rules: name each metric once
    ");
    let limits = format!("{SOUND}\n[env.prod.limits]\nprove = \"0s\"\n");
    assert_snapshot!(said(&limits).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:11:9: in `env.prod.limits.prove`: a limit of zero allows nothing, so the run could only fail
      help: raise it, or leave it out for the usual one
    ");
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_asks_for_a_check_that_is_not_there() {
    let gate = r#"{ smoke = { check = "hmoe", via = "preview" } }"#;
    let gated = SOUND.replace(r#"{ soak = "1m" }"#, gate);
    assert_snapshot!(said(&gated).await, @r#"
    error: the configuration cannot be used
      because: pilotage.toml:5:78: in `env.prod.strategy.canary.steps[0].gates[0].smoke.check`: there is no check `hmoe`
      help: define it: `checks.hmoe.http = { path = "/" }`
    "#);
    assert_snapshot!(said(&format!("{gated}\n[env.prod.checks]\nhome.http = {{ path = \"/\" }}\n")).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:78: in `env.prod.strategy.canary.steps[0].gates[0].smoke.check`: there is no check `hmoe`
      help: did you mean `home`? possible: `home`
    ");
    let hasty =
        format!("{SOUND}\n[env.prod.checks]\nhome.http = {{ path = \"/\", within = \"1m\" }}\n");
    assert_snapshot!(said(&hasty).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:11:36: in `env.prod.checks.home.http.within`: 1m for one attempt is not between 0 and 30s
      help: make more attempts instead of longer ones
    ");
}

#[tokio::test(start_paused = true)]
async fn an_address_in_place_of_the_name_of_its_variable_is_not_repeated() {
    let secret = "notify = [{ kind = \"slack\", variable = \"https://hooks.example/SECRET\" }]";
    assert_snapshot!(with("[env.prod]", &format!("[env.prod]\n{secret}")).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:40: in `env.prod.notify[0].variable`: this is not the name of an environment variable
      help: the address is a secret: put it into a variable, and name that here
    ");
    let secret = "notify = [{ kind = \"slack\", url = \"https://hooks.example/SECRET\" }]";
    assert_snapshot!(with("[env.prod]", &format!("[env.prod]\n{secret}")).await, @"
    error: the configuration cannot be used
      because: pilotage.toml:5:29: in `env.prod.notify[0]`: unknown key `url`
      help: use `kind` or `variable`
    ");
}

#[tokio::test(start_paused = true)]
async fn what_the_target_itself_reads() {
    assert_snapshot!(with("kind = \"fake\"", "kind = \"fake\"\nprot = 80").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:9:1: in `env.prod.target`: unknown key `prot`
      help: did you mean `port`? possible: `port`
    ");
    assert_snapshot!(with("kind = \"fake\"", "kind = \"fake\"\nport = 80000").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:9:8: in `env.prod.target.port`: expected a whole number from 0 to 65535, found the number 80000
    ");
    assert_snapshot!(with("kind = \"fake\"", "kind = \"ecs\"").await, @r#"
    error: the configuration cannot be used
      because: pilotage.toml:8:8: in `env.prod.target.kind`: the target is `ecs`, and this program deploys to `fake`
      help: use the program for `ecs`, or `kind = "fake"`
    "#);
}

#[tokio::test(start_paused = true)]
async fn names_that_cannot_be_used() {
    assert_snapshot!(with("\"shop\"", "\"My Shop\"").await, @"
    error: the configuration cannot be used
      because: pilotage.toml:2:11: in `service`: `My Shop` cannot name a service
      help: use 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit
    ");
}

#[tokio::test(start_paused = true)]
async fn files_that_cannot_be_used() {
    assert_snapshot!(said(&"#".repeat((1 << 20) + 1)).await, @"
    error: the configuration cannot be used
      because: pilotage.toml has more than the 1048576 bytes that a configuration may have
      help: name the right file with `--config FILE`
    ");
    let world = World::new();
    world.configure(b"service = \"sh\xffop\"");
    assert_snapshot!(world.run("status").await.err, @"
    error: the configuration cannot be used
      because: pilotage.toml is not UTF-8 text, from byte 13 on
      help: name the right file with `--config FILE`
    ");
    let left = World::new().run("status --env prdo").await;
    assert_eq!(left.code, ExitCode::Usage);
    assert_snapshot!(left.err, @"
    error: the configuration cannot be used
      because: pilotage.toml has no environment `prdo`
      help: did you mean `prod`?
      help: it has `prod`
    ");
}

#[tokio::test(start_paused = true)]
async fn a_missing_file_and_a_missing_choice() {
    let world = World::new();
    #[expect(clippy::disallowed_methods, reason = "a test plays the person who lost the file")]
    std::fs::remove_file(world.path("pilotage.toml")).expect("it is there");
    let left = world.run("status").await;
    assert_eq!(left.code, ExitCode::Usage);
    assert_snapshot!(left.err, @"
    error: the configuration cannot be used
      because: there is no configuration at pilotage.toml
      help: write one, or name another with `--config FILE`
      help: see `pilotage schema`
    ");
    let two = SOUND.replace(
        "service = \"shop\"",
        "service = \"shop\"\n[env.dev]\nstrategy.rolling.batches = 2\ntarget.kind = \"fake\"",
    );
    assert_snapshot!(said(&two).await, @"
    error: the configuration cannot be used
      because: pilotage.toml has several environments and none was chosen
      help: choose with `--env`: `dev`, `prod`
    ");
}
