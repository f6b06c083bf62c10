//! Is what is at the destination what was recorded?

use crate::gate::case::Bench;
use crate::gate::explain::Finding;
use crate::record::Image;

/// Every image was read back under its recorded digest. Looked at only once there is something at
/// the destination.
pub(super) fn content(bench: &Bench<'_>) -> Vec<Finding> {
    let Some(destination) = bench.case.destination else { return Vec::new() };
    let image = |image: &Image| match destination.get(image.name()) {
        Some(found) if *found == image.digest() => {
            Finding::pass(format!("image `{}` is {found} there", image.name()))
        }
        Some(found) => Finding::fail(
            format!("image `{}` is {found} there, and was recorded as {}", image.name(), image.digest()),
            "promote it again by its digest",
        ),
        None => Finding::unknown(
            format!("image `{}` was not read back", image.name()),
            "promote it, and read it back",
        ),
    };
    bench.case.record.content().images.iter().map(image).collect()
}
