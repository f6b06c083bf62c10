//! Where a lease is kept, as one types it.

use pilotage_cli::{DynamoDbLease, KubernetesLease, LeasePlace, S3Lease};

/// Parses what a person types; what a worker is told is the table of the configuration, as JSON.
pub(crate) fn lease(text: &str) -> Result<LeasePlace, String> {
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    let (region, profile, endpoint) = (None, None, None);
    Ok(match (kind, rest) {
        ("file", "") => LeasePlace::File,
        ("database", "") => LeasePlace::Database,
        ("dynamodb", table) if !table.is_empty() => {
            LeasePlace::DynamoDb(DynamoDbLease { table: table.into(), region, profile, endpoint })
        }
        ("s3", _) => LeasePlace::S3(S3Lease { folder: text.into(), region, profile, endpoint }),
        ("kubernetes", space) => {
            let namespace = Some(space.to_owned()).filter(|space| !space.is_empty());
            LeasePlace::Kubernetes(KubernetesLease { namespace, ..KubernetesLease::default() })
        }
        _ => serde_json::from_str(text).map_err(|_| unknown(text))?,
    })
}

/// What is parsed again by a worker.
pub(crate) fn word(place: &LeasePlace) -> Option<String> {
    serde_json::to_string(place).ok()
}

fn unknown(text: &str) -> String {
    format!(
        "`{text}` is no place for leases: `file`, `database`, `dynamodb:TABLE`, \
         `s3://BUCKET/FOLDER` and `kubernetes:NAMESPACE` are"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_a_worker_is_told() {
        for text in
            ["file", "database", "dynamodb:leases", "s3://b/f", "kubernetes", "kubernetes:a"]
        {
            let place = lease(text).expect(text);
            let told = word(&place).expect("it can be told");
            assert_eq!(lease(&told), Ok(place), "{told}");
        }
        let whole = r#"{"dynamodb":{"table":"leases","endpoint":"http://localhost:1"}}"#;
        let LeasePlace::DynamoDb(place) = lease(whole).expect("a table") else { panic!() };
        assert_eq!(place.endpoint.as_deref(), Some("http://localhost:1"));
    }

    #[test]
    fn what_is_no_place_is_told_what_is() {
        for text in ["", "fil", "dynamodb", "dynamodb:", "file:x", "{}", "{\"s3\":{\"x\":1}}"] {
            assert!(lease(text).expect_err(text).contains("`s3://BUCKET/FOLDER`"), "{text}");
        }
    }
}
