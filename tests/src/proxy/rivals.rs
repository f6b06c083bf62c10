//! The unit behind, the built-in proxy, and NGINX.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pilotage_host::proxy::{Limits, Proxy};
use pilotage_host::router::Generation;
use pilotage_host::{RouteTable, Router};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{OTHER_CORE, Outcome, PROXY_CORE, block_on, on_thread};

/// The body of every answer, which occurs nowhere else in it.
pub(super) const BODY: &[u8] = b"answered by the unit of release v1";

/// Starts a unit that answers whatever it is asked.
pub(super) fn start_unit() -> Outcome<SocketAddr> {
    on_thread(OTHER_CORE, |listener| async move {
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(answer_all(stream));
        }
    })
}

async fn answer_all(mut stream: TcpStream) -> Outcome<()> {
    stream.set_nodelay(true)?;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nx-pilotage-release: v1\r\n\
         content-length: {}\r\n\r\n",
        BODY.len()
    );
    let answer = [head.as_bytes(), BODY].concat();
    let mut request = Vec::with_capacity(4_096);
    while stream.read_buf(&mut request).await? > 0 {
        if request.ends_with(b"\r\n\r\n") {
            stream.write_all(&answer).await?;
            request.clear();
        }
    }
    Ok(())
}

/// Starts the built-in proxy on one thread.
pub(super) fn start_own(unit: SocketAddr) -> Outcome<SocketAddr> {
    on_thread(PROXY_CORE, move |listener| async move {
        let proxy = Proxy::new(Limits::default());
        proxy.apply(RouteTable::stable(Generation(1), vec![unit.into()])?).await?;
        proxy.serve(listener, std::future::pending()).await;
        Ok(())
    })
}

/// NGINX with one worker, keep-alive to the unit and the same forwarding headers.
pub(super) struct Nginx {
    pub(super) address: SocketAddr,
    pub(super) version: String,
    process: Child,
    _directory: TempDir,
}

impl Nginx {
    /// Starts it.
    pub(super) fn start(unit: SocketAddr) -> Outcome<Self> {
        let directory = tempfile::tempdir()?;
        let version = version()?;
        // Closed again at once: NGINX must open the port itself.
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let path = directory.path().join("nginx.conf");
        let configuration = configuration(unit, address, directory.path());
        write(&path, &configuration)?;
        let process = nginx().arg("-c").arg(&path).stderr(Stdio::null()).spawn()?;
        let nginx = Self { address, version, process, _directory: directory };
        block_on(nginx.listening())?;
        Ok(nginx)
    }

    async fn listening(&self) -> Outcome<()> {
        let mut ticks = tokio::time::interval(Duration::from_millis(10));
        for _ in 0..500 {
            ticks.tick().await;
            if TcpStream::connect(self.address).await.is_ok() {
                return Ok(());
            }
        }
        Err("nginx did not listen within 5 s".into())
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench starts its rival")]
fn nginx() -> Command {
    Command::new("nginx")
}

/// What it calls itself, such as `nginx/1.22.1`.
fn version() -> Outcome<String> {
    let said = nginx().arg("-v").output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => "nginx is not installed, and there is nothing to compare with: \
                                install Debian's package `nginx-light`"
            .into(),
        _ => Box::<dyn core::error::Error + Send + Sync>::from(error),
    })?;
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    Ok(said.split_whitespace().last().unwrap_or("nginx").to_owned())
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its worker when it is told to, and not when it is killed.
        let pid = i32::try_from(self.process.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            let _ = self.process.wait();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "nobody reads it meanwhile")]
fn write(path: &Path, text: &str) -> Outcome<()> {
    Ok(std::fs::write(path, text)?)
}

fn configuration(unit: SocketAddr, address: SocketAddr, directory: &Path) -> String {
    let directory = directory.display();
    format!(
        r#"daemon off; worker_processes 1; worker_cpu_affinity 01;
        pid {directory}/pid; error_log {directory}/error.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; keepalive_requests 1000000000;
            upstream unit {{ server {unit}; keepalive 256; keepalive_requests 1000000000; }}
            server {{
                listen {address};
                location / {{
                    proxy_pass http://unit;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Forwarded-Host $host;
                }}
            }}
        }}"#
    )
}
