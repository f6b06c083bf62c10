//! What every target promises whose platform rolls for it.

use pilotage_testkit::contract::{DelegatedBench, delegated_target};

use crate::bench::{Bench, images};

#[tokio::test]
async fn the_contract_of_a_delegated_target_holds() {
    let bench = Bench::new().await;
    let target = bench.target();
    let (clock, id) = (bench.clock(), "v2".parse().expect("a name"));
    let candidate = target.compose(Some(id), Some(2), &images(2)).await.expect("composed");
    let stable =
        target.compose(Some(candidate.id.clone()), Some(2), &images(1)).await.expect("composed");
    let contract = DelegatedBench { target: &target, clock: &*clock, stable, candidate };
    delegated_target(&contract).await;
}
