//! Header fields between two connections: what belongs to one hop stays there.

use std::net::IpAddr;

use hyper::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE,
};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Uri, Version};

use crate::router::Protocol;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The protocol that a message asks to change to, if it asks properly.
pub(super) fn upgrade_of(version: Version, headers: &HeaderMap) -> Option<HeaderValue> {
    let wanted = headers.get(UPGRADE)?;
    (version == Version::HTTP_11 && connection_names(headers, "upgrade")).then(|| wanted.clone())
}

/// Whether this is the `WebSocket` protocol, whose frames are known.
pub(super) fn is_websocket(protocol: &HeaderValue) -> bool {
    protocol.as_bytes().eq_ignore_ascii_case(b"websocket")
}

/// Removes the fields that concern one connection alone.
pub(super) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    for name in named_by_connection(headers) {
        headers.remove(name);
    }
    if headers.remove(TRANSFER_ENCODING).is_some() {
        // A length beside a transfer coding is a smuggler's: the coding alone delimits the body.
        headers.remove(CONTENT_LENGTH);
    }
    for name in
        [CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, UPGRADE]
    {
        headers.remove(name);
    }
}

/// Asks for, or agrees to, another protocol on this connection.
pub(super) fn set_upgrade(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, protocol);
}

/// Makes the head of a client's request into that of a request to a unit.
pub(super) fn toward_unit(head: &mut Parts, protocol: Protocol, client: IpAddr, trust: bool) {
    let trailers = head.headers.get(TE).is_some_and(|te| te.as_bytes() == b"trailers");
    strip_hop_by_hop(&mut head.headers);
    head.headers.remove(TE);
    if trailers {
        head.headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    // The expectation was met here: the proxy asks for the body as soon as the unit reads it.
    head.headers.remove(EXPECT);
    adopt_authority(head);
    forwarded(&mut head.headers, client, trust);
    address_unit(head, protocol);
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let names = values.flat_map(|value| value.split(',')).map(str::trim);
    let own = |name: &&str| !name.eq_ignore_ascii_case("keep-alive");
    names.filter(own).filter_map(|name| name.parse().ok()).collect()
}

fn connection_names(headers: &HeaderMap, wanted: &str) -> bool {
    let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case(wanted))
}

/// HTTP/2 and absolute-form requests carry the host in the target, where it has precedence.
fn adopt_authority(head: &mut Parts) {
    let Some(authority) = head.uri.authority() else { return };
    if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
        head.headers.insert(HOST, host);
    }
}

fn forwarded(headers: &mut HeaderMap, client: IpAddr, trust: bool) {
    let before =
        if trust { headers.get(FORWARDED_FOR).and_then(|v| v.to_str().ok()) } else { None };
    let chain = before.map_or_else(|| client.to_string(), |before| format!("{before}, {client}"));
    if let Ok(chain) = HeaderValue::try_from(chain) {
        headers.insert(FORWARDED_FOR, chain);
    }
    if !trust || !headers.contains_key(FORWARDED_PROTO) {
        headers.insert(FORWARDED_PROTO, HeaderValue::from_static("http"));
    }
    if !trust || !headers.contains_key(FORWARDED_HOST) {
        match headers.get(HOST).cloned() {
            Some(host) => headers.insert(FORWARDED_HOST, host),
            None => headers.remove(FORWARDED_HOST),
        };
    }
}

fn address_unit(head: &mut Parts, protocol: Protocol) {
    match protocol {
        Protocol::Http1 => {
            head.version = Version::HTTP_11;
            if head.uri.authority().is_some() {
                head.uri = origin_form(&head.uri);
            }
        }
        Protocol::H2c => {
            head.version = Version::HTTP_2;
            let host = head.headers.remove(HOST);
            head.uri = absolute_form(&head.uri, host.as_ref());
        }
    }
}

fn origin_form(uri: &Uri) -> Uri {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    path.parse().unwrap_or_default()
}

fn absolute_form(uri: &Uri, host: Option<&HeaderValue>) -> Uri {
    let authority = host.map_or(&b"localhost"[..], HeaderValue::as_bytes);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Uri::builder()
        .scheme("http")
        .authority(authority)
        .path_and_query(path)
        .build()
        .unwrap_or_else(|_| uri.clone())
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

    fn head(uri: &str, fields: &[(&'static str, &'static str)]) -> Parts {
        let mut head = Request::builder().uri(uri).body(()).expect("valid").into_parts().0;
        for (name, value) in fields {
            head.headers.append(*name, HeaderValue::from_static(value));
        }
        head
    }

    fn field<'a>(head: &'a Parts, name: &str) -> Option<&'a str> {
        head.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    #[test]
    fn fields_of_one_hop_do_not_travel() {
        let mut head = head(
            "/",
            &[
                ("connection", "close, X-Private"),
                ("x-private", "1"),
                ("keep-alive", "timeout=5"),
                ("te", "gzip"),
                ("proxy-authorization", "Basic eA=="),
                ("x-public", "2"),
            ],
        );
        toward_unit(&mut head, Protocol::Http1, CLIENT, false);
        for gone in ["connection", "x-private", "keep-alive", "te", "proxy-authorization"] {
            assert_eq!(field(&head, gone), None, "{gone}");
        }
        assert_eq!(field(&head, "x-public"), Some("2"));
    }

    #[test]
    fn a_length_beside_a_transfer_coding_is_dropped() {
        let mut head = head("/", &[("transfer-encoding", "chunked"), ("content-length", "4")]);
        toward_unit(&mut head, Protocol::Http1, CLIENT, false);
        assert_eq!(field(&head, "content-length"), None);
    }

    #[test]
    fn forwarding_fields_of_strangers_are_replaced_and_of_a_balancer_extended() {
        let fields = [
            ("host", "shop.example"),
            ("x-forwarded-for", "203.0.113.1"),
            ("x-forwarded-proto", "https"),
        ];
        let mut stranger = head("/", &fields);
        toward_unit(&mut stranger, Protocol::Http1, CLIENT, false);
        assert_eq!(field(&stranger, "x-forwarded-for"), Some("192.0.2.7"));
        assert_eq!(field(&stranger, "x-forwarded-proto"), Some("http"));
        assert_eq!(field(&stranger, "x-forwarded-host"), Some("shop.example"));
        let mut balancer = head("/", &fields);
        toward_unit(&mut balancer, Protocol::Http1, CLIENT, true);
        assert_eq!(field(&balancer, "x-forwarded-for"), Some("203.0.113.1, 192.0.2.7"));
        assert_eq!(field(&balancer, "x-forwarded-proto"), Some("https"));
    }

    #[test]
    fn the_target_takes_the_form_of_the_unit_s_protocol() {
        let mut one = head("http://shop.example/a?b=c", &[("host", "other.example")]);
        toward_unit(&mut one, Protocol::Http1, CLIENT, false);
        assert_eq!(one.uri, "/a?b=c");
        assert_eq!(field(&one, "host"), Some("shop.example"));
        let mut two = head("/a", &[("host", "shop.example")]);
        toward_unit(&mut two, Protocol::H2c, CLIENT, false);
        assert_eq!(two.uri, "http://shop.example/a");
    }

    #[test]
    fn an_upgrade_is_asked_for_on_both_fields() {
        let asked = head("/", &[("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")]);
        let protocol = upgrade_of(Version::HTTP_11, &asked.headers).expect("asked");
        assert!(is_websocket(&protocol));
        assert_eq!(upgrade_of(Version::HTTP_10, &asked.headers), None);
        let alone = head("/", &[("upgrade", "websocket")]);
        assert_eq!(upgrade_of(Version::HTTP_11, &alone.headers), None);
    }
}
