//! The schema of what other crates read: settings whose rules those crates check themselves.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::config::quantity::{LENGTH, Length, PART, Part};

/// Implements a schema that is written where it is used.
macro_rules! inline_schema {
    ($type:ty, $schema:expr) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

pub(crate) struct Metric;
pub(crate) struct Probability;
pub(crate) struct Target;

inline_schema!(
    Length,
    json_schema!({ "type": "string", "pattern": LENGTH, "examples": ["30s", "5m", "1h30m"] })
);
inline_schema!(
    Part,
    json_schema!({ "type": "string", "pattern": PART, "examples": ["10%", "12.5%"] })
);
inline_schema!(Metric, json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_.:/-]{1,100}$" }));
inline_schema!(
    Probability,
    json_schema!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 })
);
inline_schema!(
    Target,
    json_schema!({
        "type": "object",
        "properties": { "kind": { "type": "string", "examples": ["local"] } },
        "required": ["kind"]
    })
);

/// By component, and by variable, where a value comes from.
#[derive(JsonSchema)]
#[schemars(transparent)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Secrets(BTreeMap<String, BTreeMap<String, Secret>>);

/// Where a value comes from.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum Secret {
    /// A reference, such as `asm:prod/db#/password`; the variable holds the value.
    Reference(String),
    /// A reference with more to say of it.
    Table(SecretTable),
}

/// A reference with more to say of it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct SecretTable {
    /// A reference, such as `asm:prod/db#/password`.
    from: String,
    /// Whether the variable holds the value, or the path of a file descriptor; `env` if absent.
    r#as: Option<SecretForm>,
    /// The ARN of the key that encrypts it, if it is not the one of the service.
    key: Option<String>,
}

/// As whom secrets are read in AWS.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Reader {
    /// The ARN of a role, such as `arn:aws:iam::123456789012:role/web`: assumed with the token of the
    /// CI job if it has one, otherwise with the credentials that are at hand.
    role: Option<String>,
    /// What the role's trust policy asks third parties for.
    external_id: Option<String>,
    /// The region of references that name none.
    region: Option<String>,
}

/// How a program gets a value.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum SecretForm {
    /// In the variable.
    Env,
    /// Through a file descriptor.
    Fd,
}

/// The settings of the sequential method.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Sequential {
    /// The relative increase of the event rate that is tolerated.
    #[schemars(range(min = 0.0))]
    tolerated_increase_ratio: Option<f64>,
    /// The rate ratio that must be ruled out before a pass.
    #[schemars(range(max = 1000.0))]
    bad_rate_ratio: Option<f64>,
    /// The accepted probability of passing a candidate that is as bad as that.
    missed_regression_risk: Option<Probability>,
    /// The requests that the candidate must have served in this step before a pass.
    min_candidate_requests: Option<u64>,
    /// An event rate that nobody minds.
    harmless_rate: Option<Probability>,
}

/// The settings of the comparison by ranks.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct MannWhitney {
    /// Which shift is a failure.
    direction: Option<Direction>,
    /// How the size of an effect is measured.
    effect: Option<Effect>,
    /// The effect from which a high candidate fails.
    #[schemars(range(min = 0.0))]
    allowed_increase: Option<f64>,
    /// The effect down from which a low candidate fails.
    #[schemars(range(min = 0.0))]
    allowed_decrease: Option<f64>,
    /// The points that each track must have before any verdict.
    #[schemars(range(min = 1))]
    min_points_per_track: Option<u32>,
    /// The points per track that are kept.
    max_points_per_track: Option<u32>,
    /// When the series are judged.
    when: Option<When>,
}

/// The settings of a threshold.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Threshold {
    /// The smallest value that is within bounds.
    min: Option<f64>,
    /// The largest value that is within bounds.
    max: Option<f64>,
    /// What the bounds are measured in.
    scale: Option<Scale>,
    /// How many looks out of bounds fail the candidate.
    #[schemars(range(min = 1))]
    breaches: Option<u32>,
    /// Among how many of the latest usable looks.
    #[schemars(range(min = 1, max = 64))]
    of_looks: Option<u32>,
}

/// Declares an enum of which only the schema is used.
macro_rules! names {
    ($name:ident: $($variant:ident),+) => {
        #[derive(JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        #[expect(dead_code, reason = "only its schema is used")]
        enum $name {
            $($variant),+
        }
    };
}

names!(Direction: Increase, Decrease, Either);
names!(Effect: MeanRatio, Superiority);
names!(When: AtTheEnd, EachLook);
names!(Scale: Absolute, RelativeToStable);
