//! Outputs in a state of Terraform, `OpenTofu` or CDKTF, which all write version 4.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Given, Values};

/// The only version that has been written for years.
const VERSION: u64 = 4;

#[derive(Deserialize)]
struct State {
    version: u64,
    #[serde(default)]
    outputs: BTreeMap<String, Output>,
}

#[derive(Deserialize)]
struct Output {
    value: Value,
    #[serde(default)]
    sensitive: bool,
}

/// The outputs; the error is an ending of "... cannot be read: ".
pub(super) fn outputs(text: &[u8]) -> Result<Values, String> {
    let value: Value =
        serde_json::from_slice(text).map_err(|why| format!("it is no JSON: {why}"))?;
    if value.get("encrypted_data").is_some() {
        return Err("it is encrypted: write what is needed to Parameter Store instead".into());
    }
    if value.get("version").is_none() {
        return Err("it has no version, so it is no state of Terraform".into());
    }
    let state: State = serde_json::from_value(value).map_err(|why| why.to_string())?;
    if state.version != VERSION {
        let found = state.version;
        return Err(format!(
            "it has version {found}, and {VERSION} is known: use a newer Terraform"
        ));
    }
    let given = |output: Output| {
        if output.sensitive { Given::Sensitive } else { Given::Plain(output.value) }
    };
    Ok(state.outputs.into_iter().map(|(name, output)| (name, given(output))).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn outputs_are_read_and_what_is_sensitive_is_not_kept() {
        let state = json!({
            "version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x",
            "outputs": {
                "cluster": {"value": "arn:x", "type": "string"},
                "subnets": {"value": ["a"], "type": ["list", "string"]},
                "password": {"value": "canary", "type": "string", "sensitive": true},
            },
            "resources": [],
        });
        let read = outputs(state.to_string().as_bytes()).expect("a state");
        let expected: Values = [
            ("cluster", Given::Plain(json!("arn:x"))),
            ("subnets", Given::Plain(json!(["a"]))),
            ("password", Given::Sensitive),
        ]
        .into_iter()
        .collect();
        assert_eq!(read, expected);
        assert!(!format!("{read:?}").contains("canary"));
    }

    #[test]
    fn what_is_no_state_says_what_it_is() {
        for (text, words) in [
            ("", "no JSON"),
            ("{}", "no version"),
            (r#"{"version": 3, "modules": []}"#, "version 3"),
            (r#"{"version": 4, "outputs": []}"#, "invalid type"),
            (r#"{"encrypted_data": "x", "serial": 1}"#, "it is encrypted"),
        ] {
            let error = outputs(text.as_bytes()).expect_err(text);
            assert!(error.contains(words), "{text}: {error}");
        }
        assert_eq!(outputs(br#"{"version": 4}"#), Ok(Values::default()));
    }
}
