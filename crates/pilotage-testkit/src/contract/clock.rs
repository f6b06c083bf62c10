//! What a clock promises.

use pilotage_driver::role::Clock;
use pilotage_rollout::Span;

/// Checks that elapsed time never runs backwards and that `sleep` is neither early nor endless.
/// Takes a few milliseconds by the clock itself.
pub async fn clock(clock: &dyn Clock) {
    let readings: Vec<Span> = (0..100).map(|_| clock.elapsed()).collect();
    assert!(readings.is_sorted(), "elapsed time ran backwards: {readings:?}");
    clock.sleep(Span::ZERO).await;
    let (before, span) = (clock.elapsed(), Span::from_millis(3));
    clock.sleep(span).await;
    let slept = clock.elapsed().as_millis() - before.as_millis();
    // Both readings are cut to whole milliseconds, which can hide one of them.
    assert!(slept + 1 >= span.as_millis(), "slept {slept} ms instead of {span}");
    assert!(clock.now().as_millis() > 0, "the wall clock tells no time");
}
