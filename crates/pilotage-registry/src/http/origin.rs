//! Where a request goes, and where an answer may lead.

use core::fmt::{self, Display, Formatter};
use std::net::IpAddr;

use hyper::Uri;
use hyper::http::uri::{PathAndQuery, Scheme};

/// A scheme, a host and a port: whoever has the same three is the same server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Origin {
    is_secure: bool,
    host: String,
    port: u16,
}

/// Why an answer may not lead somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Barred {
    #[error("it leads from a secured to an unsecured connection")]
    Downgrade,
    #[error("it leads to an address inside this network")]
    Inside,
    #[error("it leads to something that is not a web address")]
    NotAnAddress,
}

impl Origin {
    /// The server of a registry, by the name that stands before the first `/` of an image.
    ///
    /// Plain HTTP is for this machine, and for what was named explicitly.
    pub(crate) fn of_registry(name: &str, is_plain: impl Fn(&str) -> bool) -> Option<Self> {
        // The registry of Docker answers under another name than its images are written with.
        let server = if name == "docker.io" { "registry-1.docker.io" } else { name };
        let secure = Self::of(&format!("https://{server}/").parse().ok()?)?;
        if !is_plain(name) && !secure.is_loopback() {
            return Some(secure);
        }
        Self::of(&format!("http://{server}/").parse().ok()?)
    }

    /// The server that an absolute address names.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
        let is_secure = match uri.scheme()? {
            scheme if *scheme == Scheme::HTTPS => true,
            scheme if *scheme == Scheme::HTTP => false,
            _ => return None,
        };
        let port = authority.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        Some(Self { is_secure, host: authority.host().to_ascii_lowercase(), port })
    }

    /// An address at this server.
    pub(crate) fn uri(&self, path: PathAndQuery) -> Uri {
        let scheme = if self.is_secure { Scheme::HTTPS } else { Scheme::HTTP };
        let authority = format!("{}:{}", self.host, self.port);
        let parts = Uri::builder().scheme(scheme).authority(authority).path_and_query(path);
        // An origin is made of a valid authority, so the parts always fit together.
        parts.build().unwrap_or_default()
    }

    /// The address that an answer from here names, absolute or relative to this server.
    pub(crate) fn resolve(&self, location: &str) -> Result<Uri, Barred> {
        let uri: Uri = location.parse().map_err(|_| Barred::NotAnAddress)?;
        if uri.authority().is_none() {
            let path = uri.path_and_query().filter(|path| path.as_str().starts_with('/'));
            return Ok(self.uri(path.ok_or(Barred::NotAnAddress)?.clone()));
        }
        self.may_lead_to(&Self::of(&uri).ok_or(Barred::NotAnAddress)?)?;
        Ok(uri)
    }

    /// Whether an answer from here may lead there at all; credentials never go along.
    pub(crate) fn may_lead_to(&self, there: &Self) -> Result<(), Barred> {
        if self == there {
            return Ok(());
        }
        if self.is_secure && !there.is_secure {
            return Err(Barred::Downgrade);
        }
        // A public registry has no business with what only this machine can reach.
        if there.is_inside() && !self.is_inside() { Err(Barred::Inside) } else { Ok(()) }
    }

    pub(crate) const fn is_secure(&self) -> bool {
        self.is_secure
    }

    fn address(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    fn is_inside(&self) -> bool {
        self.is_loopback() || self.address().is_some_and(is_private)
    }
}

fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_unspecified(),
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure { "https" } else { "http" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry(name: &str) -> Origin {
        Origin::of_registry(name, |name| name == "plain.example").expect(name)
    }

    fn origin(uri: &str) -> Origin {
        Origin::of(&uri.parse().expect("an address")).expect("a server")
    }

    #[test]
    fn plain_http_is_for_this_machine_and_what_was_named() {
        for (name, server) in [
            ("ghcr.io", "https://ghcr.io:443"),
            ("docker.io", "https://registry-1.docker.io:443"),
            ("localhost:5000", "http://localhost:5000"),
            ("127.0.0.9:5000", "http://127.0.0.9:5000"),
            ("[::1]:5000", "http://[::1]:5000"),
            ("plain.example", "http://plain.example:80"),
            ("10.0.0.7:5000", "https://10.0.0.7:5000"),
        ] {
            assert_eq!(registry(name).to_string(), server);
        }
    }

    #[test]
    fn an_answer_leads_neither_into_the_clear_nor_inside() {
        let public = registry("ghcr.io");
        let outcome = |there: &str| public.may_lead_to(&origin(there));
        assert_eq!(outcome("https://cdn.example/"), Ok(()));
        assert_eq!(outcome("http://cdn.example/"), Err(Barred::Downgrade));
        for inside in ["169.254.169.254", "10.1.2.3", "127.0.0.1", "localhost", "[fd00::1]"] {
            assert_eq!(outcome(&format!("https://{inside}/")), Err(Barred::Inside), "{inside}");
        }
        assert_eq!(outcome("https://[::ffff:10.0.0.1]/"), Err(Barred::Inside));
        let here = registry("127.0.0.1:1");
        assert_eq!(here.may_lead_to(&origin("http://127.0.0.1:2/")), Ok(()));
    }

    #[test]
    fn resolves_what_an_answer_names() {
        let here = registry("127.0.0.1:1");
        let resolved = |location: &str| here.resolve(location).map(|uri| uri.to_string());
        assert_eq!(resolved("/v2/a?b=c"), Ok("http://127.0.0.1:1/v2/a?b=c".into()));
        assert_eq!(resolved("http://127.0.0.2:3/x"), Ok("http://127.0.0.2:3/x".into()));
        for wrong in ["", "x", "ftp://127.0.0.1/", "http://a@127.0.0.1/", "http://"] {
            assert_eq!(resolved(wrong), Err(Barred::NotAnAddress), "{wrong}");
        }
    }
}
