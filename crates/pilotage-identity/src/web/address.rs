//! Where secrets may be sent.

use std::net::IpAddr;

use hyper::Uri;

use super::Error;

/// Where every machine in Azure finds its metadata; it is not routed, and speaks plain HTTP only.
const METADATA: &str = "169.254.169.254";

/// The address, if secrets may be sent there.
pub(super) fn checked(doing: &str, address: &str) -> Result<Uri, Error> {
    let wrong = || Error::Address { doing: doing.into(), address: address.into() };
    let uri: Uri = address.parse().map_err(|_| wrong())?;
    let host = uri.authority().filter(|authority| !authority.as_str().contains('@'));
    let host = host.ok_or_else(wrong)?.host();
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if host == METADATA || is_this_machine(host) => Ok(uri),
        _ => Err(wrong()),
    }
}

/// Whether this names the machine itself.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_go_in_the_clear() {
        for good in [
            "https://login.microsoftonline.com/t/oauth2/v2.0/token",
            "http://169.254.169.254/metadata/identity/oauth2/token?x=y",
            "http://127.0.0.1:8080/oauth2/exchange",
            "http://localhost/x",
            "http://[::1]:1/x",
        ] {
            assert!(checked("try", good).is_ok(), "{good}");
        }
        for wrong in [
            "http://login.microsoftonline.com/x",
            "http://10.0.0.1/x",
            "http://localhost.example.org/x",
            "https://user@example.org/x",
            "ftp://127.0.0.1/x",
            "/x",
            "",
        ] {
            assert!(checked("try", wrong).is_err(), "{wrong}");
        }
    }
}
