//! Deploys that are killed at random instants, and taken up by somebody else.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pilotage_driver::role::{Clock, SystemClock};
use pilotage_load::Load;
use serde::{Deserialize, Serialize};
use tokio::time::{interval, timeout};

use crate::account::{Account, Sums};
use crate::binary::Left;
use crate::error::Trouble;
use crate::place::Place;
use crate::standing::Standing;
use crate::traffic;

/// The strategies take turns.
const STRATEGIES: [&str; 3] = [
    "blue-green = {}",
    "rolling = { batches = 2 }",
    r#"canary = { steps = [{ traffic = "10%" }, { traffic = "50%", gates = [{ soak = "200ms" }] }] }"#,
];

const LOOKS: Duration = Duration::from_millis(5);
const DEPLOYED: i32 = 0;
const REVERTED: i32 = 1;
const NOTHING_UNDER_WAY: i32 = 2;

/// How many deploys are killed, and by which seed.
#[derive(Debug, Clone, Copy)]
pub struct Programme {
    /// How many.
    pub count: u32,
    /// What the instants follow from.
    pub seed: u64,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// How many processes were killed, or ended just before they would have been.
    pub kills: u32,
    /// How many of them had a run under way, to be taken up.
    pub under_way: u32,
    /// What the instants followed from.
    pub seed: u64,
    /// How often exactly the old release served in the end.
    pub old: u32,
    /// How often exactly the new release did.
    pub new: u32,
    /// What became of the requests.
    pub sums: Sums,
}

/// Holds the rehearsal.
pub async fn rehearse(pilotage: &Path, programme: Programme) -> Result<Figures, Trouble> {
    Place::hold(pilotage, async |place| Rehearsal::on(place, programme).run().await).await
}

struct Rehearsal<'a> {
    place: &'a Place,
    clock: SystemClock,
    standing: Arc<Standing>,
    count: u32,
    random: fastrand::Rng,
    figures: Figures,
}

/// How the process that takes the run up has to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Resume,
    Abort,
}

/// A deploy with the release before it.
struct Deploy {
    old: String,
    new: String,
    verb: Verb,
}

impl<'a> Rehearsal<'a> {
    fn on(place: &'a Place, programme: Programme) -> Self {
        let Programme { count, seed } = programme;
        let figures =
            Figures { kills: 0, under_way: 0, seed, old: 0, new: 0, sums: Sums::default() };
        let standing = Arc::new(Standing::only("first-0"));
        let random = fastrand::Rng::with_seed(seed);
        Self { place, clock: SystemClock::new(), standing, count, random, figures }
    }

    async fn run(mut self) -> Result<Figures, Trouble> {
        self.place.configure(STRATEGIES[0])?;
        self.place.expect("deploy --quiet --release first-0", 0).await?;
        let account = Account::under(self.standing.clone());
        let load: Load = traffic::light(self.place.address(), &account);
        let (mut old, longest) = self.undisturbed().await?;
        for number in 0..self.count {
            let verb = if number % 2 == 0 { Verb::Resume } else { Verb::Abort };
            let deploy = Deploy { old, new: format!("v{number}"), verb };
            old = self.disturb(number, deploy, longest).await?;
        }
        load.stop().await;
        self.figures.sums = account.sums(&self.place.ledgers())?;
        Ok(self.figures)
    }

    /// Deploys once by each strategy; gives the last release and the longest time.
    async fn undisturbed(&self) -> Result<(String, Duration), Trouble> {
        let (mut release, mut longest) = ("first-0".to_owned(), Duration::ZERO);
        for (number, strategy) in (1..).zip(STRATEGIES) {
            let next = format!("first-{number}");
            self.place.configure(strategy)?;
            self.standing.turn_to([release.as_str(), &next]);
            let began = self.clock.now();
            self.place.expect(&format!("deploy --quiet --release {next}"), 0).await?;
            longest = longest.max(Duration::from_millis(self.clock.now().since(began).as_millis()));
            self.standing.turn_to([next.as_str()]);
            release = next;
        }
        Ok((release, longest))
    }

    /// Kills one deploy, has it taken up, and gives the release that serves in the end.
    async fn disturb(
        &mut self,
        number: u32,
        deploy: Deploy,
        longest: Duration,
    ) -> Result<String, Trouble> {
        let turn = usize::try_from(number / 2).unwrap_or(0) % STRATEGIES.len();
        self.place.configure(STRATEGIES.get(turn).copied().unwrap_or(STRATEGIES[0]))?;
        self.standing.turn_to([deploy.old.as_str(), &deploy.new]);
        let before = self.runs();
        let began = self.clock.elapsed();
        let mut process = self.place.start(&format!("deploy --quiet --release {}", deploy.new))?;
        if number % 4 != 3 {
            self.opened(before, longest).await;
        }
        let opening = Duration::from_millis(self.clock.elapsed().as_millis() - began.as_millis());
        let instant = longest.saturating_sub(opening).mul_f64(self.random.f64());
        // It may have ended before its time, which is an instant like any other.
        if timeout(instant, process.wait()).await.is_err() {
            process.kill().await.map_err(Trouble::when("the deploy cannot be killed"))?;
        }
        let left = self.place.run(deploy.verb.line()).await?;
        self.judge(deploy, &left, instant).await
    }

    /// Waits until a run is open, so that three of four are killed in the middle of one; not longer
    /// than a whole deploy takes.
    async fn opened(&self, before: usize, longest: Duration) {
        let mut looks = interval(LOOKS);
        let open = async {
            while self.runs() <= before {
                looks.tick().await;
            }
        };
        // A deploy that opens none so late is killed where it is.
        let _ = timeout(longest, open).await;
    }

    /// How many runs were ever opened.
    fn runs(&self) -> usize {
        let runs = self.place.client().directory().path().join("runs");
        std::fs::read_dir(runs).map_or(0, Iterator::count)
    }

    /// Whatever the instant, exactly one of the two releases must serve, and be the one that was
    /// told.
    async fn judge(
        &mut self,
        deploy: Deploy,
        left: &Left,
        instant: Duration,
    ) -> Result<String, Trouble> {
        let Deploy { old, new, verb } = deploy;
        let serves = self.place.serves_wholly().await?;
        let fits = match (&serves, left.code) {
            (Ok(release), Some(DEPLOYED)) => *release == new,
            (Ok(release), Some(REVERTED)) => *release == old,
            (Ok(release), Some(NOTHING_UNDER_WAY)) => *release == old || *release == new,
            _ => false,
        };
        let release = serves.as_ref().ok().filter(|_| fits).cloned().ok_or_else(|| {
            let what = format!("`{new}` over `{old}` was killed after {instant:?}, then {verb:?}");
            Trouble::otherwise(format!("{what}: {left:?}, and {serves:?} serves"))
        })?;
        self.figures.kills += 1;
        self.figures.under_way += u32::from(left.code != Some(NOTHING_UNDER_WAY));
        self.figures.new += u32::from(release == new);
        self.figures.old += u32::from(release == old);
        self.standing.turn_to([release.as_str()]);
        Ok(release)
    }
}

impl Verb {
    const fn line(self) -> &'static str {
        match self {
            Self::Resume => "resume --quiet",
            Self::Abort => "abort --quiet",
        }
    }
}
