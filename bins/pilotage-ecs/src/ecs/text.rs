//! A value of the configuration, or where it is found.

use std::path::Path;

use pilotage_aws::Session;
use pilotage_aws::discover::{Discovery, Reference};
use pilotage_cli::PlatformError;
use pilotage_rollout::ExitCode;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::wrong;

/// What a reference begins with.
const KINDS: [&str; 4] = ["cfn:", "cfn-export:", "ssm:", "tfstate:"];

/// A value, or a reference to it (`cfn:STACK/OUTPUT`, `cfn-export:NAME`, `ssm:NAME`,
/// `tfstate:PATH#OUTPUT`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    /// The value itself.
    Plain(String),
    /// Where it is found.
    Found(Reference),
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if KINDS.iter().any(|kind| text.starts_with(kind)) {
            return text.parse().map(Self::Found).map_err(D::Error::custom);
        }
        Ok(Self::Plain(text))
    }
}

/// The values of these texts; what is found in the same place is asked for once. Paths of states begin
/// at the folder of the configuration.
pub(super) async fn values<const N: usize>(
    texts: [&Text; N],
    session: &Session,
    root: &Path,
) -> Result<[String; N], PlatformError> {
    let references = |text: &&Text| match text {
        Text::Found(reference) => Some(reference.clone().from_folder(root)),
        Text::Plain(_) => None,
    };
    let wanted: Vec<Reference> = texts.iter().filter_map(references).collect();
    let mut found = Discovery::new(session).find(&wanted).await.into_iter();
    let mut values = texts.map(|_| String::new());
    for (value, text) in values.iter_mut().zip(texts) {
        *value = match text {
            Text::Plain(plain) => plain.clone(),
            Text::Found(_) => {
                let found = found.next().transpose();
                let found = found.map_err(|why| wrong("a value cannot be found", why))?;
                found.ok_or_else(|| {
                    PlatformError::new(ExitCode::Unknown, "a value was not asked for")
                })?
            }
        };
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Text, String> {
        let read = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text);
        Text::deserialize(read).map_err(|why| why.to_string())
    }

    #[test]
    fn a_name_is_a_value_and_a_reference_is_where_one_is() {
        assert_eq!(read("shop"), Ok(Text::Plain("shop".into())));
        assert!(matches!(read("cfn:network/Cluster"), Ok(Text::Found(_))));
        let error = read("cfn:network").expect_err("no output");
        assert!(error.contains("cfn:STACK/OUTPUT"), "{error}");
    }
}
