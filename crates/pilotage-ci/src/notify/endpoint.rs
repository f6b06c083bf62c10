//! The address of a webhook, which is a secret.

use core::fmt::{self, Debug, Formatter};
use core::str::FromStr;
use std::net::IpAddr;

use hyper::Uri;
use hyper::http::uri::Scheme;

/// The address of a webhook: HTTPS, or plain HTTP on this very machine. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    uri: Uri,
    host: String,
    port: u16,
    is_secure: bool,
}

/// Text that is no address of a webhook. It does not repeat the text, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEndpoint {
    /// It is no absolute address.
    #[error("the webhook is no address: give one such as `https://example.com/hook`")]
    NotAnAddress,
    /// It would be sent in the clear.
    #[error("the webhook is not `https`: plain `http` is for addresses of this machine alone")]
    NotSecure,
    /// It has a user or a password in front of the host.
    #[error("the webhook has a user before its host: leave out what is before the `@`")]
    HasUser,
}

impl FromStr for Endpoint {
    type Err = InvalidEndpoint;

    fn from_str(text: &str) -> Result<Self, InvalidEndpoint> {
        let uri: Uri = text.trim().parse().map_err(|_| InvalidEndpoint::NotAnAddress)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(InvalidEndpoint::NotAnAddress);
        };
        if authority.as_str().contains('@') {
            return Err(InvalidEndpoint::HasUser);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let is_secure = *scheme == Scheme::HTTPS;
        let is_private = *scheme == Scheme::HTTP && is_loopback(&host);
        if !is_secure && !is_private {
            return Err(InvalidEndpoint::NotSecure);
        }
        let port = authority.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        Ok(Self { uri, host, port, is_secure })
    }
}

/// Only a literal address is known to be this machine; a name is what a resolver makes of it.
fn is_loopback(host: &str) -> bool {
    host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl Endpoint {
    /// The name or address of the host.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// What is asked for at the host.
    pub(super) fn path(&self) -> &str {
        self.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    /// The host as it is named in a request.
    pub(super) fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }
}

impl Debug for Endpoint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Endpoint(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for text in
            ["https://hooks.example.com/T/x?y=1", "http://127.0.0.1:80/", "http://[::1]:9/a"]
        {
            assert!(text.parse::<Endpoint>().is_ok(), "{text}");
        }
        for (text, error) in [
            ("http://hooks.example.com/", InvalidEndpoint::NotSecure),
            ("http://localhost/", InvalidEndpoint::NotSecure),
            ("http://127.0.0.1.evil.org/", InvalidEndpoint::NotSecure),
            ("ftp://127.0.0.1/", InvalidEndpoint::NotSecure),
            ("https://user:pass@example.com/", InvalidEndpoint::HasUser),
            ("/only/a/path", InvalidEndpoint::NotAnAddress),
            ("", InvalidEndpoint::NotAnAddress),
        ] {
            assert_eq!(text.parse::<Endpoint>(), Err(error), "{text}");
        }
    }

    #[test]
    fn nothing_of_it_is_ever_shown() {
        let endpoint: Endpoint = "https://hooks.example.com/SECRET".parse().unwrap();
        assert_eq!(format!("{endpoint:?}"), "Endpoint(hidden)");
        let error = "http://hooks.example.com/SECRET".parse::<Endpoint>().unwrap_err();
        assert!(!format!("{error}{error:?}").contains("SECRET"));
    }
}
