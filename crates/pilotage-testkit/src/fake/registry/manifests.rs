//! Manifests and tags.

use hyper::Method;
use pilotage_artifact::Digest;
use serde_json::Value;

use super::answer::Answer;
use super::request::Request;
use super::state::{Manifest, Repository, State};
use super::{Fault, List};

const LARGEST: usize = 4 << 20;

pub(super) fn answer(
    state: &mut State,
    request: &Request,
    repository: &str,
    reference: &str,
) -> Answer {
    match request.method {
        Method::GET => get(state, request, repository, reference),
        Method::HEAD => {
            let answer = get(state, request, repository, reference);
            moved_after(state, repository, reference);
            answer
        }
        Method::PUT => put(state, request, repository, reference),
        _ => Answer::error(405, "UNSUPPORTED", "manifests are read and written here"),
    }
}

fn get(state: &mut State, request: &Request, repository: &str, reference: &str) -> Answer {
    let says_digest = state.behaviour.says_digest;
    let found = state.repository(repository).and_then(|found| found.resolve(reference));
    let Some((digest, manifest)) = found else {
        return Answer::error(404, "MANIFEST_UNKNOWN", "manifest unknown");
    };
    let accepted = request.header("accept").unwrap_or_default();
    if !accepted.split(',').any(|kind| kind.trim() == manifest.media_type) {
        return Answer::error(406, "UNSUPPORTED", "that kind was not asked for");
    }
    let mut answer = Answer::new(200).body(&manifest.media_type, manifest.bytes.clone());
    if says_digest {
        answer = answer.named("docker-content-digest", digest.to_string());
    }
    if request.method == Method::HEAD {
        return answer;
    }
    match state.fault(|fault| matches!(fault, Fault::Bomb | Fault::Endless)) {
        Some(Fault::Bomb) => answer.named("content-encoding", "gzip"),
        Some(_) => answer.endless(),
        None => answer,
    }
}

fn moved_after(state: &mut State, repository: &str, reference: &str) {
    let fits = |fault: &Fault| matches!(fault, Fault::MoveAfterLook(tag, _) if tag == reference);
    if let Some(Fault::MoveAfterLook(tag, to)) = state.fault(fits) {
        state.made(repository).tags.insert(tag, to);
    }
}

fn put(state: &mut State, request: &Request, repository: &str, reference: &str) -> Answer {
    let behaviour = state.behaviour.clone();
    if state.fault(|fault| *fault == Fault::BlobRelinked).is_some() {
        return Answer::error(400, "DIGEST_INVALID", "provided digest did not match");
    }
    let Some(found) = state.pushed(repository) else {
        return Answer::error(404, "NAME_UNKNOWN", "repository name not known to registry");
    };
    let digest = Digest::of(&request.body);
    let subject = match check(found, request, reference, digest) {
        Ok(subject) => subject,
        Err(refusal) => return refusal,
    };
    let by_tag = reference.parse::<Digest>().is_err();
    if by_tag && behaviour.immutable_tags && found.tags.contains_key(reference) {
        return Answer::error(400, "TAG_INVALID", "the tag exists already and is immutable");
    }
    let media_type = request.header("content-type").unwrap_or_default().to_owned();
    found.manifests.insert(digest, Manifest { media_type, bytes: request.body.clone() });
    if by_tag {
        found.tags.insert(reference.into(), digest);
    }
    if state.fault(|fault| *fault == Fault::LostAnswer).is_some() {
        return Answer::lost();
    }
    let mut answer = Answer::new(201);
    if behaviour.says_location {
        answer = answer.named("location", format!("/v2/{repository}/manifests/{digest}"));
    }
    if behaviour.says_digest {
        answer = answer.named("docker-content-digest", digest.to_string());
    }
    match subject.filter(|_| matches!(behaviour.referrers, List::Kept | List::Paged)) {
        Some(subject) => answer.named("oci-subject", subject),
        None => answer,
    }
}

/// Checks all that can be checked, and gives the subject.
fn check(
    found: &Repository,
    request: &Request,
    reference: &str,
    digest: Digest,
) -> Result<Option<String>, Answer> {
    let invalid = |why: &str| Answer::error(400, "MANIFEST_INVALID", why);
    if request.body.len() > LARGEST {
        return Err(Answer::error(413, "SIZE_INVALID", "the manifest is too large"));
    }
    if reference.parse::<Digest>().is_ok_and(|wanted| wanted != digest) {
        return Err(Answer::error(400, "DIGEST_INVALID", "the digest is another"));
    }
    let body: Value = serde_json::from_slice(&request.body).map_err(|_| invalid("no JSON"))?;
    let said = body["mediaType"].as_str().unwrap_or_default();
    if said.is_empty() || request.header("content-type") != Some(said) {
        return Err(invalid("the media type is not that of the header"));
    }
    let list = |name: &str| body[name].as_array().cloned().unwrap_or_default();
    let absent = |what: &Value| {
        let message = format!("{} is not there", what["digest"]);
        Answer::error(400, "MANIFEST_BLOB_UNKNOWN", &message)
    };
    let digest_of = |part: &Value| -> Option<Digest> { part["digest"].as_str()?.parse().ok() };
    for child in list("manifests") {
        let there = digest_of(&child).is_some_and(|digest| found.manifests.contains_key(&digest));
        // A list of referrers outlives what it lists.
        if !there && !reference.starts_with("sha256-") {
            return Err(absent(&child));
        }
    }
    let config = body.get("config").cloned();
    for part in list("layers").into_iter().chain(config) {
        let blob = digest_of(&part).and_then(|digest| found.blobs.get(&digest));
        let same = blob.is_some_and(|blob| part["size"].as_u64() == Some(blob.len() as u64));
        if !same {
            return Err(absent(&part));
        }
    }
    Ok(body["subject"]["digest"].as_str().map(Into::into))
}

/// The tags, a few on each page.
pub(super) fn tags(state: &State, request: &Request, repository: &str) -> Answer {
    let Some(found) = state.repository(repository) else {
        return Answer::error(404, "NAME_UNKNOWN", "repository name not known to registry");
    };
    let most = request.query("n").and_then(|n| n.parse().ok()).unwrap_or(100_usize).min(100);
    let last = request.query("last").unwrap_or_default();
    let later = found.tags.keys().filter(|tag| tag.as_str() > last);
    let page: Vec<&String> = later.clone().take(most).collect();
    let is_more = later.count() > most;
    let body = serde_json::json!({ "name": repository, "tags": page });
    let answer = Answer::new(200).body("application/json", body.to_string());
    match page.last().filter(|_| is_more) {
        Some(last) => {
            let next = format!("</v2/{repository}/tags/list?n={most}&last={last}>; rel=\"next\"");
            answer.named("link", next)
        }
        None => answer,
    }
}
