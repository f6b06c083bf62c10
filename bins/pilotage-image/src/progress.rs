//! How a copy is shown while it goes on: lines on stderr, few enough for the log of a job.

use core::sync::atomic::{AtomicUsize, Ordering};

use pilotage_cli::Out;
use pilotage_registry::copy::{Event, Progress};
use pilotage_registry::{Blob, Pushed};

/// Tells a person what is there already.
#[derive(Debug)]
pub(crate) struct Narrator {
    out: Out,
    planned: AtomicUsize,
    arrived: AtomicUsize,
}

impl Narrator {
    pub(crate) fn on(out: &Out) -> Self {
        Self { out: out.clone(), planned: AtomicUsize::new(0), arrived: AtomicUsize::new(0) }
    }

    fn blob(&self, blob: Blob, pushed: Pushed) {
        let arrived = self.arrived.fetch_add(1, Ordering::Relaxed) + 1;
        let how = match pushed {
            Pushed::Sent => "sent",
            Pushed::There => "there already",
        };
        let planned = self.planned.load(Ordering::Relaxed);
        let (digest, size) = (blob.digest.short(), amount(blob.size));
        self.out.mention(&format!("blob {arrived} of {planned}: {digest}, {size}, {how}"));
    }
}

impl Progress for Narrator {
    fn note(&self, event: &Event) {
        match event {
            Event::Planned { manifests, blobs, bytes } => {
                self.planned.store(*blobs, Ordering::Relaxed);
                let bytes = amount(*bytes);
                self.out.mention(&format!("{manifests} manifests and {blobs} blobs of {bytes}"));
            }
            Event::Blob(blob, pushed) => self.blob(*blob, *pushed),
            Event::Manifest(digest) => self.out.mention(&format!("manifest {}", digest.short())),
            Event::Tag(tag, digest) => self.out.mention(&format!("tag {tag} names {digest}")),
        }
    }
}

/// Bytes as a person reads them.
fn amount(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = UNITS.into_iter().find(|(_, size)| bytes >= *size);
    let tenths = |size: u64| bytes / (size / 10).max(1);
    unit.map_or_else(
        || format!("{bytes} B"),
        |(name, size)| format!("{}.{} {name}", tenths(size) / 10, tenths(size) % 10),
    )
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn sizes_are_rounded_down_to_a_tenth() {
        let known = [(0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (3 << 30, "3.0 GiB")];
        for (bytes, text) in known {
            assert_eq!(amount(bytes), text);
        }
        assert_eq!(amount((1 << 20) * 5 / 2), "2.5 MiB");
    }
}
