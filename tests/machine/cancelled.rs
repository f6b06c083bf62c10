//! A CI job that is cancelled while it deploys, as the runners cancel it.
//!
//! Whoever gets the signals, and whoever is left behind by them: the run is made safe, nobody
//! acts any more, no request is lost, and the next job goes on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pilotage_rollout::Share;
use rehearsal::account::Account;
use rehearsal::error::Trouble;
use rehearsal::place::Place;
use rehearsal::runner::{Patience, Runner};
use rehearsal::standing::Standing;
use rehearsal::traffic;
use tokio::time::{interval, timeout};

use crate::tool::pilotage;

/// Far longer than a program takes to see that it is told to stop, or left alone.
const DEADLINE: Duration = Duration::from_mins(1);
/// Long enough for a runner to lose its patience.
const STRATEGY: &str = r#"canary = { steps = [{ traffic = "30%", gates = [{ soak = "12s" }] }] }"#;

/// Waits until this holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let mut looks = interval(Duration::from_millis(20));
    let held = async {
        while !holds().await {
            looks.tick().await;
        }
    };
    assert!(timeout(DEADLINE, held).await.is_ok(), "{what}");
}

async fn is_shifting(place: &Place) -> bool {
    let seen = place.client().observe().await.expect("the daemon answers");
    seen.groups.iter().any(|group| group.share > Share::NONE && group.share < Share::ALL)
}

/// The processes that deploy with this configuration, however they were started.
#[expect(clippy::disallowed_methods, reason = "tests look at what the system lists")]
fn deploying(config: &Path) -> Vec<u32> {
    let wanted = format!("deploy\0--config\0{}\0", config.display());
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let deploys = |pid: &u32| {
        let arguments = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&arguments).contains(&wanted)
    };
    pids.filter(deploys).collect()
}

/// Begins a deploy of `v2` in a step of this runner, and cancels it mid-shift; gives the exit code
/// that the runner saw.
async fn cancelled(place: &Place, runner: Runner, exec: &str) -> Result<Option<i32>, Trouble> {
    let config = place.configure(STRATEGY)?;
    let script = place.home().join("step.sh");
    let (program, config_text) = (place.pilotage().display(), config.display());
    let line = format!("{exec} {program} deploy --config {config_text} --release v2\ntrue\n");
    #[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the step")]
    std::fs::write(&script, line).map_err(Trouble::when("the step cannot be written"))?;
    let mut step = runner.start(&script)?;
    until("traffic is being shifted", async || is_shifting(place).await).await;
    assert_eq!(deploying(&config).len(), 1, "one process deploys");
    let status = step.cancel(Patience::default()).await?;
    until("nobody acts any more", async || deploying(&config).is_empty()).await;
    assert!(is_shifting(place).await, "the run stands still where it was safe");
    Ok(status.code())
}

/// Rehearses one cancelled job and the next one; gives the exit code that the runner saw.
async fn rehearse(runner: Runner, exec: &str, next: (&str, i32, &str)) -> Option<i32> {
    if !runner.is_here().await {
        eprintln!("not run: {runner:?}: what it starts is not installed");
        return None;
    }
    let rehearsed = Place::hold(pilotage(), async |place| {
        place.configure("blue-green = {}")?;
        place.expect("deploy --quiet --release v1", 0).await?;
        let standing = Arc::new(Standing::only("v1"));
        standing.turn_to(["v1", "v2"]);
        let account = Account::under(standing.clone());
        let load = traffic::light(place.address(), &account);
        let code = cancelled(place, runner, exec).await?;
        let (verb, expected, serves) = next;
        place.expect(verb, expected).await?;
        standing.turn_to([serves]);
        assert_eq!(place.serves_wholly().await?.as_deref(), Ok(serves));
        load.stop().await;
        let sums = account.sums(&place.ledgers())?;
        assert_eq!((sums.failed, sums.duplicated, sums.unaccounted), (0, 0, 0), "{sums:#?}");
        Ok(code)
    });
    rehearsed.await.unwrap_or_else(|trouble| panic!("{runner:?}: {trouble:?}"))
}

const RESUMED: (&str, i32, &str) = ("resume --quiet", 0, "v2");
const ABORTED: (&str, i32, &str) = ("abort --quiet", 1, "v1");

#[tokio::test(flavor = "multi_thread")]
async fn by_github_with_exec_it_is_told_at_once_and_says_so() {
    let code = rehearse(Runner::GitHubActions, "exec", RESUMED).await;
    assert_eq!(code, Some(130));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_github_without_exec_it_is_told_nothing_and_finds_itself_alone() {
    let code = rehearse(Runner::GitHubActions, "", ABORTED).await;
    assert_eq!(code, None, "the shell was ended by the second signal");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_azure_with_exec_it_loses_the_script_host() {
    rehearse(Runner::AzureDevOps, "exec", ABORTED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_azure_without_exec_it_keeps_its_shell_and_loses_the_script_host() {
    rehearse(Runner::AzureDevOps, "", RESUMED).await;
}
