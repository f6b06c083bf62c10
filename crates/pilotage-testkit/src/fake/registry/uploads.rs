//! Uploads: opened, filled, completed, closed.

use bytes::Bytes;
use hyper::Method;
use pilotage_artifact::Digest;

use super::answer::Answer;
use super::request::Request;
use super::state::{State, Upload};
use super::{Fault, Mount};

/// Opens an upload, unless the blob can be taken over.
pub(super) fn begin(state: &mut State, request: &Request, repository: &str) -> Answer {
    if request.method != Method::POST {
        return Answer::error(405, "UNSUPPORTED", "uploads are opened here");
    }
    let mount = request.query("mount").zip(request.query("from"));
    if mount.is_some() && state.behaviour.mount == Mount::Unauthorized {
        return Answer::error(401, "UNAUTHORIZED", "not from there");
    }
    let blob = mount.and_then(|(digest, from)| {
        let digest: Digest = digest.parse().ok()?;
        Some((digest, state.repository(from)?.blobs.get(&digest)?.clone()))
    });
    let takes_over = state.behaviour.mount == Mount::Done;
    let Some(found) = state.pushed(repository) else {
        return Answer::error(404, "NAME_UNKNOWN", "repository name not known to registry");
    };
    if let Some((digest, blob)) = blob.filter(|_| takes_over) {
        found.blobs.insert(digest, blob);
        return Answer::new(201).named("location", format!("/v2/{repository}/blobs/{digest}"));
    }
    let id = state.next();
    state.uploads.insert(id, Upload { repository: repository.into(), bytes: Vec::new() });
    if let Some(Fault::UploadTo(address)) = state.fault(|fault| matches!(fault, Fault::UploadTo(_)))
    {
        return Answer::new(202).named("location", address);
    }
    accepted(state, 202, id)
}

/// Goes on with an upload that is open.
pub(super) fn go_on(state: &mut State, request: &Request, repository: &str, id: u64) -> Answer {
    if state.uploads.get(&id).is_none_or(|upload| upload.repository != repository) {
        return Answer::error(404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload");
    }
    match request.method {
        Method::GET => accepted(state, 204, id),
        Method::PATCH => patch(state, request, id),
        Method::PUT => put(state, request, id),
        Method::DELETE => {
            state.uploads.remove(&id);
            Answer::new(204)
        }
        _ => Answer::error(405, "UNSUPPORTED", "that is no part of an upload"),
    }
}

fn patch(state: &mut State, request: &Request, id: u64) -> Answer {
    let least = state.behaviour.least_chunk;
    let Some(upload) = state.uploads.get_mut(&id) else { return Answer::new(404) };
    let (from, length) = (upload.bytes.len(), request.body.len());
    let said = request.header("content-range").unwrap_or_default();
    if said != format!("{from}-{}", (from + length).saturating_sub(1)) {
        return Answer::error(416, "BLOB_UPLOAD_INVALID", "that is not the next part");
    }
    // Whether it is the last is known only when the next comes, so that one is refused.
    if from % least.max(1) != 0 {
        return Answer::error(400, "BLOB_UPLOAD_INVALID", "the part before was too small");
    }
    upload.bytes.extend_from_slice(&request.body);
    accepted(state, state.behaviour.chunk_status, id)
}

fn put(state: &mut State, request: &Request, id: u64) -> Answer {
    if request.body.len() > state.behaviour.largest_upload {
        return Answer::error(413, "SIZE_INVALID", "send it in chunks");
    }
    let throttles = |fault: &Fault| matches!(fault, Fault::ThrottleUpload(_));
    if let Some(Fault::ThrottleUpload(seconds)) = state.fault(throttles) {
        return Answer::error(429, "TOOMANYREQUESTS", "slow down")
            .named("retry-after", seconds.to_string());
    }
    let Some(mut upload) = state.uploads.remove(&id) else { return Answer::new(404) };
    upload.bytes.extend_from_slice(&request.body);
    let bytes = Bytes::from(upload.bytes);
    let digest = Digest::of(&bytes);
    if request.query("digest") != Some(digest.to_string().as_str()) {
        return Answer::error(400, "DIGEST_INVALID", "the digest is another");
    }
    let says_location = state.behaviour.says_location;
    state.made(&upload.repository).blobs.insert(digest, bytes);
    let answer = Answer::new(201);
    let location = format!("/v2/{}/blobs/{digest}", upload.repository);
    if says_location { answer.named("location", location) } else { answer }
}

fn accepted(state: &State, status: u16, id: u64) -> Answer {
    let Some(upload) = state.uploads.get(&id) else { return Answer::new(404) };
    let last = upload.bytes.len().saturating_sub(1);
    // An address with a query of its own, as some registries keep their state in it.
    let location = format!("/v2/{}/blobs/uploads/{id}?state={last}", upload.repository);
    Answer::new(status).named("location", location).named("range", format!("0-{last}"))
}
