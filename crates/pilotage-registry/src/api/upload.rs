//! Bringing a blob to a repository: taken over where it can be, sent where it must be.

use hyper::header::{CONTENT_LENGTH, HeaderMap, LOCATION};
use hyper::{Method, StatusCode, Uri};
use pilotage_artifact::Repository;

use super::{Blob, Remote, Source, Upload};
use crate::Error;
use crate::auth::Scopes;
use crate::http::{Answer, Ask, Repeat};

/// How a blob came to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It was at the registry already.
    There,
    /// It was sent.
    Sent,
}

/// An upload that the registry has opened.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) uri: Uri,
    /// The smallest chunk that the registry takes, but for the last.
    pub(super) least: usize,
}

enum Begun {
    There,
    Open(Session),
}

impl Remote {
    /// Whether a blob is there.
    pub async fn has(&self, blob: Blob) -> Result<bool, Error> {
        let doing = format!("look for the blob {} in {}", blob.digest, self.repository());
        let ask = Ask::new(Method::HEAD, self.address().blob(blob.digest), doing);
        let answer = self.read(&ask).await?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(false),
            // Storage behind the registry answers for it.
            status if status.is_success() || status.is_redirection() => Ok(true),
            _ => Err(self.refusal(answer, &ask.doing).await),
        }
    }

    /// Brings a blob here, unless it is here or in a repository of the same registry.
    ///
    /// Asking the registry to take the blob over is the cheapest question whether it is there: a
    /// "no" has opened the upload that is then needed. `from` may be this repository itself.
    pub async fn push(
        &self,
        blob: Blob,
        source: &dyn Source,
        from: &Repository,
    ) -> Result<Pushed, Error> {
        let mut failed = 0;
        loop {
            let session = match self.begin(blob, from).await? {
                Begun::There => return Ok(Pushed::There),
                Begun::Open(session) => session,
            };
            let Err(error) = self.fill(&session, blob, source).await else {
                return Ok(Pushed::Sent);
            };
            self.give_up(&session).await;
            failed += 1;
            match self.client().caller().retry.after(failed, &error) {
                Some(wait) if may_begin_anew(&error, failed) => {
                    self.client().clock().sleep(wait).await;
                }
                _ => return Err(self.explain(error).await),
            }
        }
    }

    async fn fill(&self, session: &Session, blob: Blob, source: &dyn Source) -> Result<(), Error> {
        let chunk = match self.client().upload() {
            Upload::Chunked(size) => size,
            Upload::Whole => match self.send_whole(session, blob, source).await {
                Err(error) if wants_chunks(&error) => super::patch::USUAL,
                other => return other,
            },
        };
        self.send_chunks(session, blob, source, chunk).await
    }

    async fn begin(&self, blob: Blob, from: &Repository) -> Result<Begun, Error> {
        let doing = format!("begin to store the blob {} in {}", blob.digest, self.repository());
        let uri = self.address().mount(blob.digest, from);
        let ask = Ask::new(Method::POST, uri, &doing).header(CONTENT_LENGTH, 0.into());
        let scopes = Scopes::mount(self.repository(), from);
        let asked = self.call(&ask, &scopes).await;
        match asked {
            Ok(answer) if answer.status() == StatusCode::CREATED => Ok(Begun::There),
            Ok(answer) if answer.status() == StatusCode::ACCEPTED => {
                self.session(answer.headers(), &doing).map(Begun::Open)
            }
            // Who may not read there, or asks for what the registry does not know, can still send.
            Ok(answer) if answer.status().is_client_error() => self.begin_plainly(&doing).await,
            Err(Error::Unauthorized { .. }) => self.begin_plainly(&doing).await,
            Ok(answer) => Err(self.refusal(answer, &doing).await),
            Err(error) => Err(error),
        }
    }

    async fn begin_plainly(&self, doing: &str) -> Result<Begun, Error> {
        let ask = Ask::new(Method::POST, self.address().uploads(), doing);
        let answer = self.write(&ask.header(CONTENT_LENGTH, 0.into())).await?;
        match answer.status() {
            StatusCode::ACCEPTED => self.session(answer.headers(), doing).map(Begun::Open),
            _ => Err(self.refusal_to_store(answer, doing).await),
        }
    }

    fn session(&self, headers: &HeaderMap, doing: &str) -> Result<Session, Error> {
        let malformed = || Error::Malformed {
            doing: doing.into(),
            why: "it does not say where to send it to".into(),
        };
        let uri = self.location(headers, doing)?.ok_or_else(malformed)?;
        let least = headers.get("oci-chunk-min-length");
        let least = least.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
        Ok(Session { uri, least })
    }

    /// Where an answer sends the next part to. It may be another server, which gets no credentials.
    pub(super) fn location(&self, headers: &HeaderMap, doing: &str) -> Result<Option<Uri>, Error> {
        let Some(location) = headers.get(LOCATION) else { return Ok(None) };
        let barred = |why: String| Error::Barred { doing: doing.into(), why };
        let location = location.to_str().map_err(|error| barred(error.to_string()))?;
        self.origin().resolve(location).map(Some).map_err(|why| barred(why.to_string()))
    }

    /// Closes an upload that leads nowhere. It would end by itself, so a failure means nothing.
    async fn give_up(&self, session: &Session) {
        let ask = Ask::new(Method::DELETE, session.uri.clone(), "close an upload");
        let _ends_by_itself = self.write(&ask.repeat(Repeat::IfNothingDone)).await;
    }

    /// A refusal to store something, which may be a repository that has to be made first.
    pub(super) async fn refusal_to_store(&self, answer: Answer, doing: &str) -> Error {
        let error = self.refusal(answer, doing).await;
        match error.said() {
            Some(said) if said.knows_no_repository() => self.no_repository(),
            _ => error,
        }
    }

    /// ECR drops the connection where it has no repository; the list of tags says it clearly.
    async fn explain(&self, error: Error) -> Error {
        if !matches!(error, Error::Connection { .. }) {
            return error;
        }
        match self.tags_page().await {
            Err(Error::NoRepository { .. }) => self.no_repository(),
            _ => error,
        }
    }

    pub(super) fn no_repository(&self) -> Error {
        let (registry, path) = (self.repository().registry(), self.repository().path());
        let fix = match () {
            () if registry.contains(".dkr.ecr.") => {
                format!("create it with `aws ecr create-repository --repository-name {path}`")
            }
            () if registry == "public.ecr.aws" => "create it with `aws ecr-public \
                 create-repository --region us-east-1 --repository-name NAME`"
                .into(),
            () => "create it, or check its name and the rights of this identity".into(),
        };
        Error::NoRepository { repository: self.repository().to_string(), fix }
    }
}

/// A token may have ended on the way, once.
fn may_begin_anew(error: &Error, failed: u32) -> bool {
    error.is_transient() || failed == 1 && matches!(error, Error::Unauthorized { .. })
}

fn wants_chunks(error: &Error) -> bool {
    matches!(error, Error::Refused { said, .. }
        if said.http() == StatusCode::PAYLOAD_TOO_LARGE || said.code() == Some("SIZE_INVALID"))
}
