//! What is asked of a server.

use std::fmt::{self, Debug, Formatter};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT,
};
use hyper::{Method, Request};
use secrecy::{ExposeSecret as _, SecretString};

use super::address::checked;
use super::{Error, Form};

const AGENT: &str = concat!("pilotage/", env!("CARGO_PKG_VERSION"));

/// A request that can be made, and made again.
pub struct Question {
    doing: String,
    address: String,
    method: Method,
    query: Form,
    body: Option<Form>,
    header: Option<(&'static str, &'static str)>,
    bearer: Option<SecretString>,
}

impl Question {
    /// A question; `doing` says in words what it is for.
    pub fn get(doing: impl Into<String>, address: impl Into<String>) -> Self {
        let (doing, address, query) = (doing.into(), address.into(), Form::default());
        let (method, body, header, bearer) = (Method::GET, None, None, None);
        Self { doing, address, method, query, body, header, bearer }
    }

    /// A question that is posted.
    pub fn post(doing: impl Into<String>, address: impl Into<String>) -> Self {
        Self { method: Method::POST, ..Self::get(doing, address) }
    }

    /// The same with a field in its address.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> Self {
        Self { query: self.query.with(name, value), ..self }
    }

    /// The same with these fields in its address.
    #[must_use]
    pub fn with_query(self, query: Form) -> Self {
        Self { query, ..self }
    }

    /// The same with a form as its body.
    #[must_use]
    pub fn with_form(self, form: Form) -> Self {
        Self { body: Some(form), ..self }
    }

    /// The same with a header.
    #[must_use]
    pub fn with_header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// The same for whoever shows this token.
    #[must_use]
    pub fn as_bearer(self, token: &SecretString) -> Self {
        Self { bearer: Some(token.clone()), ..self }
    }

    /// What it is for.
    pub fn doing(&self) -> &str {
        &self.doing
    }

    /// Whether these words repeat what is secret in it.
    pub(super) fn is_repeated_by(&self, words: &str) -> bool {
        let is_in = |secret: &str| !secret.is_empty() && words.contains(secret);
        let bearer = self.bearer.as_ref().is_some_and(|bearer| is_in(bearer.expose_secret()));
        bearer || self.body.as_ref().is_some_and(|form| form.secrets().any(is_in))
    }

    /// The request, if what is in it may be sent to its address.
    pub(super) fn request(&self) -> Result<Request<Full<Bytes>>, Error> {
        let body = self.body.as_ref().map(Form::encoded).unwrap_or_default();
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = checked(&self.doing, &self.whole_address())?;
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert("accept", HeaderValue::from_static("application/json"));
        if self.body.is_some() {
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            headers.insert(CONTENT_TYPE, kind);
        } else if self.method == Method::POST {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            // Some servers refuse what does not say that it is empty.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if let Some((name, value)) = self.header {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if let Some(bearer) = &self.bearer {
            headers.insert(AUTHORIZATION, self.authorization(bearer)?);
        }
        Ok(request)
    }

    fn authorization(&self, bearer: &SecretString) -> Result<HeaderValue, Error> {
        let value = format!("Bearer {}", bearer.expose_secret());
        let mut value = HeaderValue::try_from(value).map_err(|_| Error::Unreadable {
            doing: self.doing.clone(),
            why: "the token to ask with has characters that no token has".into(),
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn whole_address(&self) -> String {
        let (address, query) = (&self.address, self.query.encoded());
        if query.is_empty() {
            return address.clone();
        }
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}{query}")
    }
}

impl Debug for Question {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("doing", &self.doing).finish_non_exhaustive()
    }
}
