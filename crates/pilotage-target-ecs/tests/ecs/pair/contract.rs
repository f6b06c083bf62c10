//! What every target promises that moves traffic.

use pilotage_testkit::contract::{TargetBench, target};

use super::bench::PairBench;
use crate::bench::images;

#[tokio::test]
async fn the_contract_of_a_driven_target_holds() {
    for bench in [PairBench::new().await, PairBench::unprepared().await] {
        let (pair, clock) = (bench.target(), bench.base.clock());
        let candidate = bench.composed(&pair, 2).await;
        let unchanged = pair.compose(Some(candidate.id.clone()), Some(2), &images(1)).await;
        let stable = unchanged.expect("what serves is a release");
        let contract = TargetBench { target: &pair, clock: &*clock, stable, candidate };
        target(&contract).await;
        bench.assert_wholly(1);
        let breaches = bench.base.fake.world(|world| world.balancer.breaches.clone());
        assert!(breaches.is_empty(), "{breaches:?}");
    }
}
