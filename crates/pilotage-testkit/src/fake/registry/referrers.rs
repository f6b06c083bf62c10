//! The list of what refers to a digest.

use serde_json::{Value, json};

use super::List;
use super::answer::Answer;
use super::request::Request;
use super::state::{Repository, State};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(super) fn answer(state: &State, request: &Request, repository: &str, digest: &str) -> Answer {
    let found = state.repository(repository);
    let all = found.map(|found| entries(found, digest)).unwrap_or_default();
    match state.behaviour.referrers {
        List::Kept => index(&all),
        List::Paged => {
            let at: usize = request.query("at").and_then(|at| at.parse().ok()).unwrap_or(0);
            let page = index(all.get(at..(at + 1).min(all.len())).unwrap_or_default());
            if at + 1 >= all.len() {
                return page;
            }
            let next = format!("/v2/{repository}/referrers/{digest}?at={}", at + 1);
            page.named("link", format!("<{next}>; rel=\"next\""))
        }
        List::Absent => Answer::new(404).body("text/plain", "404 page not found"),
        List::Elsewhere => Answer::new(303).named("location", "https://example.com/packages"),
        List::Refused(status) => Answer::error(status, "TOOMANYREQUESTS", "made up"),
    }
}

fn index(entries: &[Value]) -> Answer {
    let body = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
    Answer::new(200).body(INDEX, body.to_string())
}

fn entries(found: &Repository, subject: &str) -> Vec<Value> {
    let entry = |(digest, manifest): (&pilotage_artifact::Digest, &super::state::Manifest)| {
        let body: Value = serde_json::from_slice(&manifest.bytes).ok()?;
        if body["subject"]["digest"].as_str() != Some(subject) {
            return None;
        }
        let own = body.get("artifactType").or_else(|| body["config"].get("mediaType"));
        Some(json!({
            "mediaType": manifest.media_type,
            "digest": digest.to_string(),
            "size": manifest.bytes.len(),
            "artifactType": own,
            "annotations": body.get("annotations").cloned().unwrap_or_else(|| json!({})),
        }))
    };
    found.manifests.iter().filter_map(entry).collect()
}
