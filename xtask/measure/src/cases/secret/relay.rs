//! A relay that lets every request wait, as a network would, and counts them.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, park_timeout};
use std::time::Duration;

/// How long each request waits.
const DELAY: Duration = Duration::from_millis(20);

/// A relay that runs until the program ends; nothing waits for its threads.
pub(super) struct Relay {
    here: SocketAddr,
    requests: Arc<AtomicU64>,
}

/// A request or an answer.
struct Message {
    head: Vec<String>,
    body: Vec<u8>,
}

impl Relay {
    /// A relay to this server.
    pub(super) fn start(server: &str) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let here = listener.local_addr()?;
        let requests = Arc::new(AtomicU64::new(0));
        let (server, counted) = (server.trim_start_matches("http://").to_owned(), requests.clone());
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                let (server, counted) = (server.clone(), counted.clone());
                // Whoever hangs up has what they wanted.
                thread::spawn(move || drop(converse(client, &server, &counted)));
            }
        });
        Ok(Self { here, requests })
    }

    pub(super) fn address(&self) -> String {
        format!("http://{}", self.here)
    }

    /// How many requests there were.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// Relays what a client asks, one request after the other over one connection.
fn converse(client: TcpStream, server: &str, counted: &AtomicU64) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut reader = BufReader::new(client.try_clone()?);
    let mut client = client;
    while let Some(request) = read(&mut reader)? {
        counted.fetch_add(1, Ordering::Relaxed);
        park_timeout(DELAY);
        let answer = ask(server, &request)?;
        write(&mut client, &answer, "keep-alive")?;
    }
    Ok(())
}

fn ask(server: &str, request: &Message) -> io::Result<Message> {
    let mut stream = TcpStream::connect(server)?;
    write(&mut stream, request, "close")?;
    let nothing = || io::Error::from(io::ErrorKind::UnexpectedEof);
    read(&mut BufReader::new(stream))?.ok_or_else(nothing)
}

/// Reads one message; none where the other side has no more to say.
fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Message>> {
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        match line.to_ascii_lowercase().split_once(':') {
            Some(("content-length", value)) => length = value.trim().parse().unwrap_or(0),
            Some(("connection", _)) => {}
            _ => head.push(line.to_owned()),
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Message { head, body }))
}

fn write(stream: &mut TcpStream, message: &Message, connection: &str) -> io::Result<()> {
    let mut bytes = Vec::new();
    for (number, line) in message.head.iter().enumerate() {
        // The emulator speaks HTTP/1.0, in which nothing stays open.
        let line =
            if number == 0 { line.replacen("HTTP/1.0", "HTTP/1.1", 1) } else { line.clone() };
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    let length = message.body.len();
    bytes.extend_from_slice(
        format!("content-length: {length}\r\nconnection: {connection}\r\n\r\n").as_bytes(),
    );
    bytes.extend_from_slice(&message.body);
    stream.write_all(&bytes)
}
