//! What the program says of itself.

use insta::assert_snapshot;
use pilotage_rollout::ExitCode;

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn the_help_names_every_verb_and_exit_code() {
    assert_snapshot!(World::new().run("--help").await.out, @"
    Bring releases safely into harbour

    Plans a rollout, drives it with gates and a judge, and can go on with it or take it back from any
    machine after any crash. Data goes to stdout, everything else to stderr.

    Usage: pilotage [OPTIONS] <COMMAND>

    Commands:
      plan         Show what a deploy would do, and change nothing
      deploy       Bring out a release
      status       Show what is live, what is unfinished and who owns the target
      resume       Go on with the unfinished run
      abort        Give the unfinished run up and bring the old release back
      rollback     Bring back the last release that was good
      verify       Assert that exactly the recorded release runs and serves
      history      List the runs and how they ended
      report       Explain a run: its plan, its timeline and its end
      schema       Print the JSON Schema of the configuration
      completions  Print completions for a shell
      man          Print the manual page, of one verb if one is named

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Global options:
      -e, --env <NAME>
              The environment; not needed if the configuration has only one

      -c, --config <FILE>
              The configuration
              
              [default: pilotage.toml]

          --json
              Write JSON to stdout: one object, or for a run one object a line and the verdict last

      -q, --quiet
              Show no progress; errors and the verdict are still shown

          --color <WHEN>
              When to use colours; `auto` respects `NO_COLOR` and needs a terminal

              Possible values:
              - auto:   On a terminal, unless `NO_COLOR` is set
              - always: Always
              - never:  Never
              
              [default: auto]

    Exit codes:
      0    deployed, or unchanged; for other verbs: done
      1    failed and reverted: the old release serves
      2    the command line or the configuration is wrong; nothing was done
      3    failed and not reverted
      4    unknown: the target could not be read back
      5    somebody else owns the target
      6    refused by a guard or a gate
      7    paused: a person has to decide
      130  interrupted, held in a safe state; `resume` goes on

    Each verdict is printed with the next command to run.
    ");
}

#[tokio::test(start_paused = true)]
async fn the_help_of_a_verb_shows_examples_and_the_flags_of_the_platform() {
    let left = World::new().run("deploy --help").await;
    assert_snapshot!(left.out, @"
    Bring out a release

    Usage: pilotage deploy [OPTIONS]

    Options:
          --release <NAME>
              The release; `v7` has sequence 7

          --allow-downgrade
              Let an older release land over a newer one

          --plan <FILE>
              Apply exactly the plan in this file

          --plan-id <HASH>
              Refuse the plan in the file unless it has this hash, as `plan` printed it

          --approve
              Say yes, in advance, to the first question that a gate asks

          --supersede
              Begin although an earlier run is unfinished, and leave that one behind for good

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Global options:
      -e, --env <NAME>
              The environment; not needed if the configuration has only one

      -c, --config <FILE>
              The configuration
              
              [default: pilotage.toml]

          --json
              Write JSON to stdout: one object, or for a run one object a line and the verdict last

      -q, --quiet
              Show no progress; errors and the verdict are still shown

          --color <WHEN>
              When to use colours; `auto` respects `NO_COLOR` and needs a terminal

              Possible values:
              - auto:   On a terminal, unless `NO_COLOR` is set
              - always: Always
              - never:  Never
              
              [default: auto]

    Examples:
      deploy --env prod                                     plan and apply
      deploy --env prod --plan plan.json                    apply exactly this plan
      deploy --env prod --plan plan.json --plan-id 3f9c2ab  and only if it is the one that was seen
    ");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_command_line_is_a_usage_error_on_stderr() {
    let left = World::new().run("depoly").await;
    assert_eq!((left.code, left.out.as_str()), (ExitCode::Usage, ""));
    assert_snapshot!(left.err, @"
    error: unrecognized subcommand 'depoly'

      tip: a similar subcommand exists: 'deploy'

    Usage: pilotage [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
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
    assert_eq!(world.run("--version").await.code, ExitCode::Success);
    let left = world.run("man").await;
    assert!(left.out.contains(".TH pilotage"), "{}", left.out);
    let left = world.run("man deploy").await;
    assert!(left.out.contains("plan\\-id"), "{}", left.out);
    assert_eq!(world.run("man sail").await.code, ExitCode::Usage);
}
