//! Where images are kept: a registry, and a repository in it.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use crate::text::serde_as_text;
use crate::{Digest, ImageRef, Tag};

/// The longest repository, with its registry, that clients and registries agree upon.
const LONGEST: usize = 255;

/// A repository with its registry: `ghcr.io/org/app`, `localhost:5000/app`.
///
/// The registry is always written out: a name without one means something else on each machine.
/// Copies share one text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository {
    text: Arc<str>,
    /// Where the path begins: just after the first `/`.
    path_from: usize,
}

impl Repository {
    /// The registry, with its port if one is given: `ghcr.io`, `localhost:5000`.
    pub fn registry(&self) -> &str {
        self.text.get(..self.path_from.saturating_sub(1)).unwrap_or_default()
    }

    /// The repository in the registry: `org/app`.
    pub fn path(&self) -> &str {
        self.text.get(self.path_from..).unwrap_or_default()
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The image that has this tag, whichever that is when somebody asks.
    pub fn tagged(&self, tag: Tag) -> ImageRef<Tag> {
        ImageRef::new(self.clone(), tag)
    }

    /// The image with this content.
    pub fn at(&self, digest: Digest) -> ImageRef<Digest> {
        ImageRef::new(self.clone(), digest)
    }
}

impl Display for Repository {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Text that does not name a repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a repository: {why}")]
pub struct InvalidRepository {
    given: String,
    why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("it is longer than {LONGEST} characters")]
    TooLong,
    #[error(
        "it does not begin with a registry; write it out, as in `docker.io/library/nginx` or \
         `localhost:5000/app`"
    )]
    NoRegistry,
    #[error("its registry is not a host in lower case with a port at most, such as `ghcr.io`")]
    Registry,
    #[error(
        "its path is not made of parts of `a-z`, `0-9` and single separators `.`, `_`, `__` or \
         `-`, joined by `/`; upper case is not allowed"
    )]
    Path,
}

impl FromStr for Repository {
    type Err = InvalidRepository;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path_from = split(text).map_err(|why| InvalidRepository { given: text.into(), why })?;
        Ok(Self { text: text.into(), path_from })
    }
}

fn split(text: &str) -> Result<usize, Why> {
    if text.len() > LONGEST {
        return Err(Why::TooLong);
    }
    let (registry, path) = text.split_once('/').ok_or(Why::NoRegistry)?;
    if registry != "localhost" && !registry.contains(['.', ':']) {
        return Err(Why::NoRegistry);
    }
    if !is_registry(registry) {
        return Err(Why::Registry);
    }
    if !path.split('/').all(is_path_part) {
        return Err(Why::Path);
    }
    Ok(registry.len() + 1)
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        // The last colon of an address without a port is inside its brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    port.is_none_or(is_port) && (is_domain(host) || is_bracketed_address(host))
}

fn is_port(text: &str) -> bool {
    !text.starts_with(['0', '+']) && text.parse::<u16>().is_ok()
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let edged = label.starts_with('-') || label.ends_with('-');
        !label.is_empty() && label.len() <= 63 && !edged && label.bytes().all(inner)
    };
    text.split('.').all(label)
}

fn is_bracketed_address(text: &str) -> bool {
    let address = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    address.is_some_and(|text| text.parse::<core::net::Ipv6Addr>().is_ok())
}

fn is_path_part(text: &str) -> bool {
    let word = |text: &str| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
    let mut rest = text;
    loop {
        let end = rest.find(['.', '_', '-']).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(end);
        if head.is_empty() || !word(head) {
            return false;
        }
        if tail.is_empty() {
            return true;
        }
        rest = after_separator(tail);
    }
}

/// Skips `.`, `_`, `__` or any number of `-`; what is left of a longer run begins no word.
fn after_separator(text: &str) -> &str {
    match text.strip_prefix("__").or_else(|| text.strip_prefix(['.', '_'])) {
        Some(rest) => rest,
        None => text.trim_start_matches('-'),
    }
}

serde_as_text!(Repository);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registry_and_path_are_told_apart() {
        for (text, registry, path) in [
            ("ghcr.io/org/app", "ghcr.io", "org/app"),
            ("localhost/app", "localhost", "app"),
            ("localhost:5000/a/b__c/d--e.f_g", "localhost:5000", "a/b__c/d--e.f_g"),
            ("[::1]:5000/app", "[::1]:5000", "app"),
            ("[::1]/app", "[::1]", "app"),
            ("127.0.0.1:5000/app", "127.0.0.1:5000", "app"),
        ] {
            let repository: Repository = text.parse().expect(text);
            assert_eq!((repository.registry(), repository.path()), (registry, path));
        }
    }

    #[test]
    fn refuses_what_some_registry_would_refuse() {
        let long = alloc::format!("ghcr.io/{}", "a".repeat(248));
        for text in [
            "",
            "nginx",
            "library/nginx",
            "ghcr.io",
            "ghcr.io/",
            "/app",
            "ghcr.io//app",
            "ghcr.io/App",
            "GHCR.io/app",
            "ghcr.io/app/",
            "ghcr.io/a..b",
            "ghcr.io/a___b",
            "ghcr.io/-a",
            "ghcr.io/a-",
            "ghcr.io/a._b",
            "a.b:/app",
            "a.b:0/app",
            "a.b:65536/app",
            "a.b:+80/app",
            "[::1/app",
            ":80/app",
            "a..b/app",
            "-a.b/app",
            "ghcr.io/a:b",
            "ghcr.io/a@b",
            "https://ghcr.io/app",
            &long,
        ] {
            assert!(text.parse::<Repository>().is_err(), "{text}");
        }
    }
}
