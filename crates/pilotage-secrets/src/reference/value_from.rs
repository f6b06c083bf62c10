//! The text that ECS calls `valueFrom`, understood exactly.

use super::secrets_manager::{Pick, SecretsManager};
use super::{BadReference, Locator, Parameter, Pointer, Reference};

impl Reference {
    /// Reads an ARN as ECS does: of a parameter, or of a secret with three optional fields,
    /// `ARN:KEY:STAGE:VERSION`, of which none or all are written and empty ones stay empty.
    pub fn from_value_from(text: &str) -> Result<Self, BadReference> {
        if text.split(':').nth(2) == Some("ssm") {
            return Self::new(Locator::Parameter(Parameter::parse(text)?), None);
        }
        // A name has no colon, so the fields can be told from it by counting.
        let parts: Vec<&str> = text.split(':').collect();
        let (arn, fields) = parts.split_at(parts.len().min(7));
        let (key, pick) = match fields {
            [] => ("", Pick::Current),
            [key, stage, version] => (*key, pick(stage, version)?),
            _ => {
                return Err(BadReference::new(
                    "the ARN of the secret is followed by neither none nor three fields",
                    "write `ARN:KEY:STAGE:VERSION` and keep the colons of empty fields, as in `ARN:KEY::`",
                ));
            }
        };
        let secret = SecretsManager::parse(&arn.join(":"), pick)?;
        let pointer = Some(key).filter(|key| !key.is_empty()).map(Pointer::to_key);
        Self::new(Locator::SecretsManager(secret), pointer)
    }
}

fn pick(stage: &str, version: &str) -> Result<Pick, BadReference> {
    let wrong = |_| {
        BadReference::new(
            "the stage or the version after the ARN is none",
            "write `ARN:KEY:STAGE:` or `ARN:KEY::VERSION`",
        )
    };
    match (stage, version) {
        ("", "") => Ok(Pick::Current),
        (stage, "") => Ok(Pick::stage(stage.parse().map_err(wrong)?)),
        ("", version) => Ok(Pick::Id(version.parse().map_err(wrong)?)),
        _ => Err(BadReference::new(
            "the ARN is followed by a stage and by a version",
            "keep one of them: a version has the stages that it has",
        )),
    }
}
