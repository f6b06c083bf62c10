//! What the published schema and the loader say of the same files.

use std::path::Path;

use pilotage_cli::{Config, SCHEMA};
use serde_json::Value;

use crate::world::SOUND;

/// Whether a value is valid under a schema. Knows the keywords that our schema uses, and fails
/// the test at any other, so that none is passed over.
fn valid(schema: &Value, value: &Value, root: &Value) -> bool {
    let Value::Object(keywords) = schema else { return schema != &Value::Bool(false) };
    keywords.iter().all(|(keyword, rule)| match keyword.as_str() {
        "$ref" => {
            let pointer =
                rule.as_str().and_then(|text| text.strip_prefix('#')).expect("it is ours");
            valid(root.pointer(pointer).expect("it is there"), value, root)
        }
        "anyOf" => list(rule).iter().any(|schema| valid(schema, value, root)),
        "oneOf" => list(rule).iter().filter(|schema| valid(schema, value, root)).count() == 1,
        "type" => match rule {
            Value::Array(types) => types.iter().any(|kind| is(kind, value)),
            kind => is(kind, value),
        },
        "enum" => list(rule).contains(value),
        "const" => rule == value,
        "pattern" => value.as_str().is_none_or(|text| {
            let pattern = regex_lite::Regex::new(rule.as_str().expect("it is text"));
            pattern.expect("it is a pattern").is_match(text)
        }),
        "minLength" => {
            value.as_str().is_none_or(|text| text.len() as u64 >= rule.as_u64().unwrap_or(0))
        }
        "minimum" => value.as_f64().is_none_or(|number| number >= limit(rule)),
        "maximum" => value.as_f64().is_none_or(|number| number <= limit(rule)),
        "exclusiveMinimum" => value.as_f64().is_none_or(|number| number > limit(rule)),
        "exclusiveMaximum" => value.as_f64().is_none_or(|number| number < limit(rule)),
        "minProperties" => {
            value.as_object().is_none_or(|object| object.len() as u64 >= rule.as_u64().unwrap_or(0))
        }
        "required" => value.as_object().is_none_or(|object| {
            list(rule).iter().all(|key| key.as_str().is_some_and(|key| object.contains_key(key)))
        }),
        "properties" => properties(rule)
            .all(|(key, schema)| value.get(key).is_none_or(|value| valid(schema, value, root))),
        "additionalProperties" => value.as_object().is_none_or(|object| {
            let named = |key: &str| schema["properties"].get(key).is_some();
            object.iter().all(|(key, value)| named(key) || valid(rule, value, root))
        }),
        "items" => {
            value.as_array().is_none_or(|items| items.iter().all(|item| valid(rule, item, root)))
        }
        "$schema" | "$defs" | "title" | "description" | "default" | "format" | "examples" => true,
        other => panic!("the schema has the keyword `{other}`, which this test does not know"),
    })
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        other => panic!("{other:?} is no type"),
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("it is a list")
}

fn properties(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().expect("it is an object").iter()
}

fn limit(value: &Value) -> f64 {
    value.as_f64().expect("it is a number")
}

/// Whether schema and loader accept this text; they must agree.
fn accepted(text: &str) -> bool {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let value: Value = toml::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"));
    let loaded = Config::parse(Path::new("pilotage.toml"), text.into());
    assert_eq!(valid(&schema, &value, &schema), loaded.is_ok(), "{text}\n{:?}", loaded.err());
    loaded.is_ok()
}

fn with(strategy: &str, rest: &str) -> String {
    format!("service = \"shop\"\n[env.prod]\n{strategy}\ntarget.kind = \"fake\"\n{rest}\n")
}

#[test]
fn both_accept_what_is_right() {
    assert!(accepted(SOUND));
    let rolling = "strategy.rolling.batches = 4";
    let judged = r#"strategy.canary = { steps = [{ traffic = "12.5%", gates = [{ judge = "5m" }] }], after = [{ manual = "well?" }] }"#;
    let judge = r#"
[env.prod.judge]
interval = "10s"
inconclusive = "pause"
false_abort_risk = 0.02
rules = [
  { metric = "errors" },
  { metric = "p95", method.mann-whitney.direction = "either", weight = 2 },
  { metric = "cpu", method.threshold = { max = 0.8, scale = "absolute" } },
  { metric = "http/5xx", method.sequential = { bad_rate_ratio = 3, harmless_rate = 0.001 } },
]"#;
    let all = r#"
size = 4
migration = { server = "postgres@16", files = ["db"], database = "DATABASE_URL", lease = { dynamodb = { table = "leases", region = "eu-central-1" } }, gaps = true }
keep = 3
plan_valid_for = "1h30m"
health = { good = 2, of = 3, interval = "2s", max_age = "20s" }
limits = { prove = "5m", drain = "0s", tries = 3, calls = 500 }
rollback.rolling = { batches = 2, gates = [{ smoke = { check = "home", via = "production" } }] }
artifact = { program = "./serve" }
checks.home.http = { path = "/home?deep=1", identity = "required", within = "5s" }
checks.cart.command = { program = "./smoke.sh", args = ["cart"], env = { USER = "smoke" } }
notify = [{ kind = "slack", variable = "SLACK_URL" }, { kind = "teams", variable = "T_1" }]
"#;
    let custom = r#"strategy.custom.steps = [{ capacity = "100%", traffic = "0%", stable = "100%" }, { capacity = "100%", traffic = "100%", stable = "0%", gates = [{ soak = "30s" }] }]"#;
    let blue_green = r#"strategy.blue-green = { before = [{ smoke = { check = "home", via = "preview", attempts = 5, interval = "1s" } }], keep = "10m" }"#;
    for text in [
        with(rolling, ""),
        with(rolling, all),
        with(judged, judge),
        with(custom, ""),
        with(blue_green, "checks.home.http = { path = \"/\" }"),
        with("strategy.blue-green = {}", ""),
    ] {
        assert!(accepted(&text), "{text}");
    }
}

#[test]
fn both_refuse_what_is_wrong() {
    let rolling = "strategy.rolling.batches = 4";
    let wrong = [
        with("strategy = {}", ""),
        with("strategy = \"rolling\"", ""),
        with("strategy.rollling.batches = 4", ""),
        with("strategy.rolling.batches = 0", ""),
        with("strategy.rolling = { batches = 4, gate = [] }", ""),
        with("strategy.rolling = { batches = 4, gates = [{ nap = \"1m\" }] }", ""),
        with("strategy.canary.steps = [{ traffic = \"101%\" }]", ""),
        with("strategy.canary.steps = [{ traffic = 10 }]", ""),
        with(rolling, "size = 0"),
        with(rolling, "size = 70000"),
        with(rolling, "health = { good = 0 }"),
        with(rolling, "health.interval = \"5\""),
        with(rolling, "limits.tires = 3"),
        with(rolling, "limits.tries = 300"),
        with(rolling, "limits.tries = 0"),
        with(rolling, "judge.rules = [{ metric = \"two words\" }]"),
        with(rolling, "judge = { rules = [{ metric = \"errors\" }], false_abort_risk = 1 }"),
        with(
            rolling,
            "judge.rules = [{ metric = \"cpu\", method.threshold = { breaches = 0, max = 1 } }]",
        ),
        with(rolling, "stratgy = 1"),
        with(rolling, "checks.home = {}"),
        with(rolling, "checks.home.http = { path = \"home\" }"),
        with(rolling, "checks.home.http = { path = \"/a b\" }"),
        with(rolling, "checks.home.http = { path = \"/\", identity = \"maybe\" }"),
        with(rolling, "checks.home.command = { program = \"\" }"),
        with(rolling, "notify = [{ kind = \"pigeon\", variable = \"A\" }]"),
        with(rolling, "notify = [{ kind = \"slack\", variable = \"https://hooks.example/x\" }]"),
        with(rolling, "notify = [{ kind = \"slack\" }]"),
        "service = \"shop\"\nenv = {}".into(),
        "service = \"shop\"\n[env.prod]\nstrategy.rolling.batches = 2\n".into(),
        "service = \"shop\"\n[env.prod]\nstrategy.rolling.batches = 2\ntarget = {}".into(),
        "[env.prod]\nstrategy.rolling.batches = 2\ntarget.kind = \"fake\"".into(),
        String::new(),
    ];
    for text in wrong {
        assert!(!accepted(&text), "{text}");
    }
}
