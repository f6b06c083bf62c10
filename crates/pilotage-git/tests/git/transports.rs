//! The same push over what teams push over: HTTP as `git http-backend` serves it, and ssh.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use pilotage_artifact::TagPrefix;
use pilotage_git::{Claimed, Git, GitError, Remote as _, claim};

use crate::claims::{origin, wanted, world};
use crate::world::put;

/// Serves the repositories in a folder over HTTP, on a port that is given back, until the test ends.
fn serve(folder: &Path) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let folder = folder.to_path_buf();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, folder) = (stream.expect("a connection"), folder.clone());
            thread::spawn(move || answer(stream, &folder));
        }
    });
    port
}

/// One request, one answer: what a web server does for a program behind it.
fn answer(stream: TcpStream, folder: &Path) {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).expect("a line") == 0 {
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
    if header("authorization").is_none() {
        let refusal = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\
                       Connection: close\r\n\r\n";
        return stream.get_mut().write_all(refusal.as_bytes()).expect("it listens");
    }
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("the body");
    let mut words = lines[0].split(' ');
    let (method, target) = (words.next().expect("a method"), words.next().expect("a target"));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let variables = [
        ("GIT_PROJECT_ROOT", folder.to_str().expect("text")),
        ("GIT_HTTP_EXPORT_ALL", "1"),
        ("REMOTE_USER", "ci"),
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
    stream.get_mut().write_all(&[head.as_bytes(), &said].concat()).expect("it listens");
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

#[test]
fn a_version_is_claimed_over_http_with_the_credentials_that_git_was_given() {
    let world = world();
    let server = world.beside("origin.git");
    Git::new(&server).run(&["config", "http.receivepack", "true"]).expect("configured");
    let port = serve(server.parent().expect("a folder"));
    world.git(&["remote", "set-url", "origin", &format!("http://127.0.0.1:{port}/origin.git")]);
    let (git, origin, line) = (Git::new(&world.path()), origin(), TagPrefix::default());
    let remote = git.remote(&origin);
    // Nobody is there to be asked for a password.
    let refused = remote.read("main", &line).expect_err("nobody said who asks").to_string();
    assert!(refused.contains("could not read Username"), "{refused}");
    let login = "!f() { echo username=ci; echo password=token; }; f";
    world.git(&["config", "credential.helper", login]);
    let wish = wanted(&world.path());
    assert_eq!(claim(&remote, &line, &wish).expect("published"), Claimed::Ours);
    assert_eq!(claim(&remote, &line, &wish).expect("again"), Claimed::Ours);
    let seen = remote.read("main", &line).expect("read");
    assert_eq!((seen.branch, seen.tags["v1.0.1"].commit), (Some(wish.commit), wish.commit));
    remote.fetch("main", &line).expect("fetched");
}

#[test]
fn a_version_is_claimed_over_ssh() {
    let world = world();
    let server = world.beside("origin.git");
    // What follows the host is the command that the other side runs.
    let ssh = world.beside("ssh");
    put(&ssh, "while [ \"$1\" != git@host ]; do shift; done\nshift\nexec sh -c \"$*\"\n");
    world.git(&["config", "core.sshCommand", &format!("sh '{}'", ssh.display())]);
    world.git(&["remote", "set-url", "origin", &format!("git@host:{}", server.display())]);
    let (git, origin, line) = (Git::new(&world.path()), origin(), TagPrefix::default());
    let remote = git.remote(&origin);
    let wish = wanted(&world.path());
    assert_eq!(claim(&remote, &line, &wish).expect("published"), Claimed::Ours);
    let seen = remote.read("main", &line).expect("read");
    assert_eq!((seen.branch, seen.tags["v1.0.1"].commit), (Some(wish.commit), wish.commit));
    remote.fetch("main", &line).expect("fetched");
    world.git(&["config", "core.sshCommand", "false"]);
    let lost = claim(&remote, &line, &wish);
    assert!(matches!(lost, Err(GitError::Unknown { .. })), "{lost:?}");
}
