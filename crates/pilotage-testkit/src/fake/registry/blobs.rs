//! Blobs, whole and in part.

use bytes::Bytes;
use hyper::Method;
use pilotage_artifact::Digest;

use super::Fault;
use super::answer::Answer;
use super::request::Request;
use super::state::State;

pub(super) fn answer(
    state: &mut State,
    request: &Request,
    repository: &str,
    digest: &str,
) -> Answer {
    let blob = digest.parse::<Digest>().ok();
    let blob = blob.and_then(|digest| state.repository(repository)?.blobs.get(&digest).cloned());
    let Some(blob) = blob else {
        return Answer::error(404, "BLOB_UNKNOWN", "blob unknown to registry");
    };
    let octets = "application/octet-stream";
    if request.method == Method::HEAD {
        return Answer::new(200).body(octets, blob);
    }
    match state.fault(is_ours) {
        Some(Fault::OtherBytes) => {
            Answer::new(200).body(octets, blob.iter().map(|byte| byte ^ 1).collect::<Bytes>())
        }
        Some(Fault::HalfBlob) => Answer::new(200).body(octets, blob.slice(..blob.len() / 2)),
        Some(Fault::BlobAt(address)) => Answer::new(307).named("location", address),
        Some(_) => part(request, blob).cut(),
        None => part(request, blob),
    }
}

fn is_ours(fault: &Fault) -> bool {
    matches!(fault, Fault::CutDownload | Fault::OtherBytes | Fault::HalfBlob | Fault::BlobAt(_))
}

fn part(request: &Request, blob: Bytes) -> Answer {
    let octets = "application/octet-stream";
    let Some(range) = request.header("range") else { return Answer::new(200).body(octets, blob) };
    let from = range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-'));
    match from.and_then(|from| from.parse::<usize>().ok()).filter(|from| *from < blob.len()) {
        Some(from) => {
            let said = format!("bytes {from}-{}/{}", blob.len() - 1, blob.len());
            Answer::new(206).body(octets, blob.slice(from..)).named("content-range", said)
        }
        None => Answer::error(416, "UNSUPPORTED", "that part is not there"),
    }
}
