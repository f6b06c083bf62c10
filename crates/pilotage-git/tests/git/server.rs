//! What companies push to: `git http-backend` behind HTTP, with and without TLS.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// `ci:token` may do everything, `reader:token` may only read.
const LOGINS: [(&str, &str); 2] =
    [("Basic Y2k6dG9rZW4=", "ci"), ("Basic cmVhZGVyOnRva2Vu", "reader")];

/// What stands between the connection and HTTP.
#[derive(Clone)]
pub(crate) enum Wire {
    Plain,
    Tls(Arc<ServerConfig>),
}

impl Wire {
    /// TLS as `localhost`, and the authority that vouches for it, as a file has it.
    pub(crate) fn secure() -> (Self, String) {
        let mut params = CertificateParams::default();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let authority = CertifiedIssuer::self_signed(params, key).expect("an authority");
        let key = KeyPair::generate().expect("a key");
        let leaf = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let leaf = leaf.signed_by(&key, &authority).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .expect("a pair");
        (Self::Tls(Arc::new(config)), authority.pem())
    }
}

/// Serves the repositories in a folder, on a port that is given back, until the test ends.
pub(crate) fn serve(folder: &Path, wire: Wire) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let folder = folder.to_path_buf();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, folder, wire) =
                (stream.expect("a connection"), folder.clone(), wire.clone());
            thread::spawn(move || converse(stream, &folder, &wire));
        }
    });
    port
}

fn converse(mut stream: TcpStream, folder: &Path, wire: &Wire) {
    match wire {
        Wire::Plain => answer(&mut stream, folder),
        Wire::Tls(config) => {
            let connection = ServerConnection::new(config.clone()).expect("settings");
            let mut stream = StreamOwned::new(connection, stream);
            answer(&mut stream, folder);
            stream.conn.send_close_notify();
            let _hung_up = stream.flush();
        }
    }
}

/// One request, one answer: what a web server does for a program behind it.
fn answer(stream: &mut (impl Read + Write), folder: &Path) {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        // Who does not trust the certificate hangs up.
        if stream.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let found = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
        found.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("the body");
    let mut words = lines[0].split(' ');
    let (method, target) = (words.next().expect("a method"), words.next().expect("a target"));
    let user = LOGINS.iter().find(|(login, _)| header("authorization") == Some(login));
    let reply = match user.map(|(_, name)| *name) {
        None => "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n".to_owned(),
        Some("reader") if target.contains("receive-pack") => "HTTP/1.1 403 No\r\n".to_owned(),
        Some(user) => {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let variables = [
                ("GIT_PROJECT_ROOT", folder.to_str().expect("text")),
                ("GIT_HTTP_EXPORT_ALL", "1"),
                ("REMOTE_USER", user),
                ("REQUEST_METHOD", method),
                ("PATH_INFO", path),
                ("QUERY_STRING", query),
                ("CONTENT_TYPE", header("content-type").unwrap_or_default()),
                ("HTTP_CONTENT_ENCODING", header("content-encoding").unwrap_or_default()),
                ("GIT_PROTOCOL", header("git-protocol").unwrap_or_default()),
                ("CONTENT_LENGTH", &length.to_string()),
            ];
            let said = backend(&variables, &body);
            let status = said.strip_prefix(b"Status: ").and_then(|rest| rest.get(..3));
            let status = String::from_utf8_lossy(status.unwrap_or(b"200")).into_owned();
            let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
            return send(stream.get_mut(), &[head.as_bytes(), &said].concat());
        }
    };
    let end = "Content-Length: 0\r\nConnection: close\r\n\r\n";
    send(stream.get_mut(), format!("{reply}{end}").as_bytes());
}

fn send(stream: &mut impl Write, bytes: &[u8]) {
    stream.write_all(bytes).and_then(|()| stream.flush()).expect("it listens");
}

#[expect(clippy::disallowed_methods, reason = "the server of the test")]
fn backend(variables: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut child = Command::new("git")
        .arg("http-backend")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git is there");
    let mut input = child.stdin.take().expect("a pipe");
    let body = body.to_vec();
    let feeding = thread::spawn(move || input.write_all(&body));
    let output = child.wait_with_output().expect("ended");
    // It may have answered before it has read everything.
    let _cut_short = feeding.join();
    output.stdout
}
