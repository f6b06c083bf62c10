//! Promotes by hand, and says what it cost; `cargo xtask bench image` measures with it.
//!
//! ```text
//! cargo run --release -p pilotage-registry --example promote make REPOSITORY LAYERS BYTES
//! cargo run --release -p pilotage-registry --example promote copy FROM@DIGEST TO:TAG [bare]
//! cargo run --release -p pilotage-registry --example promote retag AT@DIGEST AT:TAG [holding]
//! ```
//!
//! `make` stores an image of two platforms and prints its digest. The others print the bytes that
//! were sent, the milliseconds that it took and the peak of memory in KiB.
#![expect(clippy::print_stdout, reason = "an example prints what it did")]

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use pilotage_artifact::{Digest, ImageRef, Repository, Tag};
use pilotage_driver::role::{Clock as _, SystemClock};
use pilotage_registry::auth::Anonymous;
use pilotage_registry::copy::{Class, Order, Silent, copy};
use pilotage_registry::{Blob, Chunks, Client, Manifest, Name, Remote, Settings, Source};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let clock = SystemClock::new();
    let client = Client::new(Arc::new(Anonymous), Arc::new(clock), Settings::default());
    match words.as_slice() {
        ["make", at, layers, bytes] => {
            let at = client.repository(&at.parse()?)?;
            println!("{}", make(&at, layers.parse()?, bytes.parse()?).await?);
            return Ok(());
        }
        ["copy", from, to, how @ ..] => {
            let (from, to): (ImageRef<Digest>, ImageRef<Tag>) = (from.parse()?, to.parse()?);
            let order = order(&client, &from, &to, Class::Immutable)?;
            let bare = how.contains(&"bare");
            run(if bare { order.without_evidence() } else { order }).await?;
        }
        ["retag", at, to, how @ ..] => {
            let (at, to): (ImageRef<Digest>, ImageRef<Tag>) = (at.parse()?, to.parse()?);
            let order = order(&client, &at, &to, Class::Moving)?;
            let held = match how {
                ["holding", path] => Some(Manifest::parse(read(path)?, None)?),
                _ => None,
            };
            run(match held {
                Some(manifest) => order.holding(manifest),
                None => order,
            })
            .await?;
        }
        _ => return Err("say `make`, `copy` or `retag`; see the top of this example".into()),
    }
    println!("milliseconds {}", clock.elapsed().as_millis());
    println!("peak {}", peak().unwrap_or_default());
    Ok(())
}

fn order(
    client: &Client,
    from: &ImageRef<Digest>,
    to: &ImageRef<Tag>,
    class: Class,
) -> Outcome<Order> {
    let remote = |repository: &Repository| client.repository(repository);
    let (source, target) = (remote(from.repository())?, remote(to.repository())?);
    Ok(Order::new(source, target, from.digest()).tag(to.tag().clone(), class))
}

async fn run(order: Order) -> Outcome<()> {
    let copied = copy(&order, Arc::new(Silent)).await?;
    println!("sent {}", copied.sent.1);
    Ok(())
}

/// An image of two platforms, whose layers nobody else has.
async fn make(at: &Remote, layers: u64, bytes: u64) -> Outcome<Digest> {
    let mut children = Vec::new();
    for platform in ["amd64", "arm64"] {
        let config = Bytes::from(json!({ "architecture": platform, "os": "linux" }).to_string());
        let config = push(at, Blob::of(&config), &config).await?;
        let mut all = Vec::new();
        for layer in 0..layers {
            let noise = Noise { seed: Digest::of(format!("{platform} {layer}").as_bytes()), bytes };
            all.push(push(at, noise.measure(), &noise).await?);
        }
        let descriptor = |kind: &str, blob: &Blob| {
            json!({ "mediaType": format!("application/vnd.oci.image.{kind}"),
                    "digest": blob.digest, "size": blob.size })
        };
        let all: Vec<Value> = all.iter().map(|blob| descriptor("layer.v1.tar", blob)).collect();
        let manifest = store(
            at,
            &json!({ "schemaVersion": 2,
                     "mediaType": "application/vnd.oci.image.manifest.v1+json",
                     "config": descriptor("config.v1+json", &config), "layers": all }),
        )
        .await?;
        children.push(json!({ "mediaType": manifest.media_type(), "digest": manifest.digest(),
            "size": manifest.size(), "platform": { "architecture": platform, "os": "linux" } }));
    }
    let index = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                        "manifests": children });
    Ok(store(at, &index).await?.digest())
}

async fn push(at: &Remote, blob: Blob, source: &dyn Source) -> Outcome<Blob> {
    at.push(blob, source, at.repository()).await?;
    Ok(blob)
}

async fn store(at: &Remote, body: &Value) -> Outcome<Manifest> {
    let manifest = Manifest::parse(Bytes::from(body.to_string()), None)?;
    at.put(&Name::Digest(manifest.digest()), &manifest).await?;
    Ok(manifest)
}

/// Bytes that do not compress, made anew whenever they are read.
#[derive(Debug, Clone, Copy)]
struct Noise {
    seed: Digest,
    bytes: u64,
}

const BLOCK: usize = 1 << 20;

impl Noise {
    fn block(&self, number: u64) -> Bytes {
        let mut block: Vec<u8> = Vec::with_capacity(BLOCK);
        let seed = Digest::of(format!("{} {number}", self.seed).as_bytes());
        let mut word = u64::from_le_bytes(seed.bytes().first_chunk().copied().unwrap_or_default());
        while block.len() < BLOCK {
            // Xorshift: fast, and without a pattern that compression could find.
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            block.extend_from_slice(&word.to_le_bytes());
        }
        let left = self.bytes.saturating_sub(number * BLOCK as u64);
        Bytes::from(block).slice(..usize::try_from(left).unwrap_or(BLOCK).min(BLOCK))
    }

    fn measure(&self) -> Blob {
        use sha2::{Digest as _, Sha256};
        let mut hash = Sha256::new();
        let mut number = 0;
        while number * (BLOCK as u64) < self.bytes {
            hash.update(self.block(number));
            number += 1;
        }
        Blob { digest: Digest::from_bytes(hash.finalize().into()), size: self.bytes }
    }
}

#[async_trait::async_trait]
impl Source for Noise {
    async fn open(&self, _: Blob) -> Result<Box<dyn Chunks>, pilotage_registry::Error> {
        Ok(Box::new(Blocks { noise: *self, number: 0 }))
    }
}

#[derive(Debug)]
struct Blocks {
    noise: Noise,
    number: u64,
}

#[async_trait::async_trait]
impl Chunks for Blocks {
    async fn next(&mut self) -> Result<Option<Bytes>, pilotage_registry::Error> {
        if self.number * BLOCK as u64 >= self.noise.bytes {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(self.noise.block(self.number - 1)))
    }
}

#[expect(clippy::disallowed_methods, reason = "an example reads what it is given")]
fn read(path: &str) -> Outcome<Bytes> {
    Ok(Bytes::from(std::fs::read(path)?))
}

/// The peak of resident memory, in KiB, as Linux counts it.
#[expect(clippy::disallowed_methods, reason = "an example says what it cost")]
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
