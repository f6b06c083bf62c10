//! A registry behind TLS and behind a proxy, as companies have them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use pilotage_registry::auth::Anonymous;
use pilotage_registry::{Client, Error, Proxies, Roots, Settings};
use pilotage_testkit::fake::{FakeRegistry, HastyClock};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::support::{by_tag, client_with, fake, image, named, order, promote};

/// A name that no server of names knows: only the proxy leads there.
const NAME: &str = "registry.test";

/// A registry behind TLS, behind a proxy; and the authority that vouches for it.
struct Company {
    registry: FakeRegistry,
    proxy: SocketAddr,
    authority: String,
    asked: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl Company {
    async fn found() -> Self {
        let registry = fake().await;
        let authority = authority();
        let mut tasks = JoinSet::new();
        let (listener, gate) = listen().await;
        tasks.spawn(terminate(listener, acceptor(&authority), registry.name()));
        let (listener, proxy) = listen().await;
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        tasks.spawn(lead(listener, gate, asked.clone()));
        Self { registry, proxy, authority: pem(&authority), asked, _tasks: tasks }
    }

    fn proxies(&self, except: Option<&str>) -> Proxies {
        Proxies::of(Some(&format!("http://user:secret@{}", self.proxy)), except)
    }

    fn client(&self, roots: Roots) -> Client {
        let settings = Settings { roots, proxies: self.proxies(None), ..Settings::default() };
        client_with(Arc::new(Anonymous), Arc::new(HastyClock::default()), settings)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an authority")
}

fn pem(authority: &CertifiedIssuer<'static, KeyPair>) -> String {
    let text = BASE64_STANDARD.encode(authority.der());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

fn acceptor(authority: &CertifiedIssuer<'static, KeyPair>) -> TlsAcceptor {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new([NAME.to_owned()]).expect("a name");
    let leaf = params.signed_by(&key, authority).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![leaf.der().clone()], key).expect("a pair");
    TlsAcceptor::from(Arc::new(config))
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// Takes TLS off, and leads to the registry.
async fn terminate(listener: TcpListener, acceptor: TlsAcceptor, registry: String) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, registry) = (acceptor.clone(), registry.clone());
        connections.spawn(async move {
            // Who does not trust the certificate hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut inner = TcpStream::connect(registry).await.expect("it is there");
            let _hung_up = copy_bidirectional(&mut stream, &mut inner).await;
        });
    }
}

/// A proxy that leads everything to one place, and notes what was asked for.
async fn lead(listener: TcpListener, to: SocketAddr, asked: Arc<Mutex<Vec<String>>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let asked = asked.clone();
        connections.spawn(async move {
            let mut stream = BufReader::new(stream);
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.expect("a line");
                if line.trim().is_empty() {
                    break;
                }
                asked.lock().expect("not poisoned").push(line.trim().to_owned());
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("it listens");
            let mut inner = TcpStream::connect(to).await.expect("it is there");
            let _hung_up = copy_bidirectional(&mut stream, &mut inner).await;
        });
    }
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_through_a_proxy() {
    let company = Company::found().await;
    let client = company.client(Roots::parse(company.authority.as_bytes()).expect("a root"));
    let from = named(&client, &company.registry.name(), "near");
    let to = named(&client, NAME, "far");
    let image = image(&from, "secure").await;
    promote(&order(&from, &to, image.digest(), "v1")).await.expect("it arrives");
    assert_eq!(to.manifest(&by_tag("v1")).await.expect("it is there"), image);
    assert_eq!(company.registry.tag("far", "v1"), Some(image.digest()));
    let asked = company.asked();
    assert!(asked.contains(&format!("CONNECT {NAME}:443 HTTP/1.1")), "{asked:?}");
    let login = |line: &String| line.to_ascii_lowercase().starts_with("proxy-authorization: basic");
    assert!(asked.iter().any(login), "{asked:?}");
}

#[tokio::test]
async fn an_authority_that_nobody_knows_is_refused_at_once_with_what_to_do() {
    let company = Company::found().await;
    let other = Roots::parse(pem(&authority()).as_bytes()).expect("a root");
    for roots in [Roots::default(), other] {
        let connections = company.asked().len();
        let at = named(&company.client(roots), NAME, "far");
        let refused = at.look(&by_tag("v1")).await.expect_err("nobody vouches for it");
        assert!(matches!(refused, Error::Untrusted { .. }), "{refused:?}");
        assert!(refused.to_string().contains("give the certificate of its authority"), "{refused}");
        let connects = |line: &&String| line.starts_with("CONNECT");
        let made = company.asked().iter().skip(connections).filter(connects).count();
        assert_eq!(made, 1, "to try again is in vain");
    }
    assert!(company.registry.seen().is_empty());
}

#[tokio::test]
async fn what_is_excepted_does_not_go_through_the_proxy() {
    let company = Company::found().await;
    let proxies = company.proxies(Some("localhost,.test"));
    let settings = Settings { proxies: proxies.clone(), ..Settings::default() };
    let client = client_with(Arc::new(Anonymous), Arc::new(HastyClock::default()), settings);
    let missing = named(&client, NAME, "far").look(&by_tag("v1")).await;
    assert!(matches!(missing, Err(Error::Connection { .. })), "{missing:?}");
    assert!(company.asked().is_empty(), "nobody knows the name but the proxy");
    assert!(!format!("{proxies:?}").contains("secret"));
}
