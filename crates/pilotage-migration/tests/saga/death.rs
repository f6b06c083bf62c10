//! The death of the worker at every await point.

use pilotage_migration::saga::script::Script;

use crate::harbour::{ALL, Harbour, scripts};

/// More than any worker has.
const MOST_POINTS: u32 = 500;

/// Works until the end or until death at this await point; whether it was the end. Whoever dies
/// takes its session with it, and keeps the lease until that is stale.
async fn work_until(harbour: &mut Harbour, scripts: &[Script], point: u32) -> bool {
    let mut held = harbour.take().await;
    let death = std::sync::Arc::clone(&harbour.death);
    death.strike_at(point);
    let ended = tokio::select! {
        biased;
        done = harbour.work(scripts, &mut held) => {
            done.expect("nothing fails");
            true
        }
        () = death.strikes() => false,
    };
    death.spare();
    ended
}

#[tokio::test(start_paused = true)]
async fn a_death_at_any_point_is_gone_on_from_and_nothing_is_applied_twice() {
    for point in 0..MOST_POINTS {
        let mut harbour = Harbour::new();
        if work_until(&mut harbour, &scripts(), point).await {
            assert!(point > 30, "only {point} await points were tried");
            println!("{point} await points");
            return;
        }
        harbour.apply(&scripts()).await.unwrap_or_else(|failed| panic!("point {point}: {failed}"));
        assert_eq!(harbour.database.world(|world| world.applied.clone()), ALL, "point {point}");
        assert!(harbour.program.is_done());
    }
    panic!("the work has no end");
}

#[tokio::test(start_paused = true)]
async fn two_deaths_are_gone_on_from_as_well() {
    for first in 0..MOST_POINTS {
        for second in [0, 1, 2, 3, 5, 8, 13, 21] {
            let mut harbour = Harbour::new();
            if work_until(&mut harbour, &scripts(), first).await {
                return;
            }
            if !work_until(&mut harbour, &scripts(), second).await {
                harbour.apply(&scripts()).await.unwrap();
            }
            let applied = harbour.database.world(|world| world.applied.clone());
            assert_eq!(applied, ALL, "points {first} and {second}");
        }
    }
    panic!("the work has no end");
}
