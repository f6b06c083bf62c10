//! What a migrator promises.

use pilotage_driver::role::{Clock, Migrator};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Action, MigrationId, Order, Outcome, Schema, Stamp};
use pilotage_rollout::{Fence, Span};

/// How often a migration is looked at until it must be applied.
const LOOKS: u32 = 600;

/// Checks a migrator whose database does not have this harmless set yet.
pub async fn migrator(migrator: &dyn Migrator, clock: &dyn Clock, migration: MigrationId) {
    let run = RunId("contract".into());
    let seen = migrator.inspect(&migration).await;
    assert_eq!(seen, Ok(Schema::Absent), "nothing was applied yet");
    assert_eq!(migrator.inspect(&migration).await, Ok(Schema::Absent), "a look changes nothing");

    let order = |number| Order {
        stamp: Stamp { fence: Fence(1), number },
        action: Action::Migrate { migration: migration.clone() },
    };
    assert_eq!(migrator.apply(&run, &order(0)).await, Outcome::Applied);
    assert_eq!(migrator.apply(&run, &order(1)).await, Outcome::Applied, "the same set is at it");
    until_applied(migrator, clock, &migration).await;
    assert_eq!(migrator.apply(&run, &order(2)).await, Outcome::Applied, "it is applied already");
    assert_eq!(migrator.inspect(&migration).await, Ok(Schema::Applied), "and stays so");
}

async fn until_applied(migrator: &dyn Migrator, clock: &dyn Clock, migration: &MigrationId) {
    for _ in 0..LOOKS {
        match migrator.inspect(migration).await {
            Ok(Schema::Applied) => return,
            Ok(Schema::Applying) => clock.sleep(Span::from_millis(100)).await,
            other => panic!("a set that was accepted is applying or applied, not {other:?}"),
        }
    }
    panic!("`{migration}` was not applied after {LOOKS} looks");
}
