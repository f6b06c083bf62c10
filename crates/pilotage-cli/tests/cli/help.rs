//! What the program says of itself.

use insta::assert_snapshot;
use pilotage_rollout::ExitCode;

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn the_help_names_every_verb_and_exit_code() {
    let left = World::new().run("--help").await;
    assert_eq!(left.code, ExitCode::Success);
    assert_snapshot!(left.out, @"");
}

#[tokio::test(start_paused = true)]
async fn the_help_of_a_verb_shows_examples_and_the_flags_of_the_platform() {
    let left = World::new().run("deploy --help").await;
    assert_snapshot!(left.out, @"");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_command_line_is_a_usage_error_on_stderr() {
    let left = World::new().run("depoly").await;
    assert_eq!((left.code, left.out.as_str()), (ExitCode::Usage, ""));
    assert_snapshot!(left.err, @"");
}

#[tokio::test(start_paused = true)]
async fn completions_and_manual_pages_are_made_from_the_same_definitions() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let left = world.run(&format!("completions {shell}")).await;
        assert!(
            left.code == ExitCode::Success && left.out.contains("rollback"),
            "{shell}: {left:?}"
        );
    }
    let left = world.run("man").await;
    assert!(left.out.contains(".TH pilotage"), "{}", left.out);
    let left = world.run("man deploy").await;
    assert!(left.out.contains("plan\\-id"), "{}", left.out);
    assert_eq!(world.run("man sail").await.code, ExitCode::Usage);
}
