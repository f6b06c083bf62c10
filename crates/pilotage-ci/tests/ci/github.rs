//! The log, the outputs and the annotations of a GitHub Actions step.

use std::path::Path;

use insta::assert_snapshot;
use pilotage_ci::ci::{Files, SUMMARY_LIMIT, finish, finish_masked};
use pilotage_ci::console::GitHub;
use pilotage_ci::surface::Surface;
use pilotage_redact::{Redactor, Secrets, runner};

use crate::support::{HOSTILE, NAMES, World, canary, closing, golden, shown, token};

#[test]
fn each_part_of_a_run_is_a_group() {
    let log = shown(&mut GitHub::new(|| Ok(token())), &golden("dangling-order"));
    assert_snapshot!(log, @r"
    00:00:00Z  opened    deploy v2 at shop, from v1; plan 65dafd8a128c
    ::group::prepare
    00:00:00Z  now       prepare · claim the target, at most 2m33s
    00:00:00Z  order     claim the target
    00:00:00Z  outcome   applied
    00:00:01Z  observed  v1: 4/4 ready, 100 %
    ::endgroup::
    ::group::migrate
    00:00:01Z  now       migrate · apply the expand migrations, at most 1h
    00:00:01Z  schema    the expand migrations are not applied
    00:00:01Z  order     apply expand migrations `0002-add-email`
    00:00:01Z  outcome   applied
    00:00:02Z  schema    the expand migrations are being applied
    00:00:07Z  schema    the expand migrations are applied
    ::endgroup::
    ::group::step 1 of 2: 0 %25 of the traffic
    00:00:07Z  now       step 1 of 2: 0 % of the traffic · start units, at most 2m33s
    00:00:07Z  order     run 4 units of `v2`
    00:00:07Z  outcome   applied
    ::stop-commands::pilotage-abababababababababababababababab
    00:00:08Z  observed  v1: 4/4 ready, 100 %, v2: 0/4 ready, 0 %; v2-0: not ready yet
    ::pilotage-abababababababababababababababab::
    00:00:08Z  now       step 1 of 2: 0 % of the traffic · prove the candidate healthy, at most 10m
    00:00:28Z  observed  v1: 4/4 ready, 100 %, v2: 4/4 ready, 0 %
    ::endgroup::
    ::group::step 2 of 2: 100 %25 of the traffic
    00:00:38Z  now       step 2 of 2: 100 % of the traffic · prove the candidate healthy, at most 10m
    00:00:48Z  now       step 2 of 2: 100 % of the traffic · shift traffic, at most 2m33s
    00:00:48Z  order     give `v2` 100 % of the traffic
    ::endgroup::
    ::group::what v2-0 of v2 said
    ::stop-commands::pilotage-abababababababababababababababab
    not ready yet
    ::pilotage-abababababababababababababababab::
    ::endgroup::
    ");
}

/// The commands that a runner sees: at the start of a line, unless they are stopped, and in their
/// old form anywhere in a line.
fn commands(log: &str) -> Vec<String> {
    let (mut seen, mut stopped) = (vec![], None::<String>);
    for line in log.lines() {
        let command = line.trim_start().strip_prefix("::").map(str::to_owned);
        match (&stopped, command) {
            (Some(token), Some(command)) if command == format!("{token}::") => stopped = None,
            (None, Some(command)) => match command.strip_prefix("stop-commands::") {
                Some(token) => stopped = Some(token.to_owned()),
                None => seen.push(command),
            },
            (None, None) if line.contains("##[") => seen.push(line.to_owned()),
            (Some(_), _) | (None, None) => {}
        }
    }
    assert_eq!(stopped, None, "commands are never left stopped");
    seen
}

#[test]
fn text_from_outside_gives_no_command() {
    for records in [World::saying(HOSTILE).sail(canary(&[]), 9_999), golden("reverted-canary")] {
        let log = shown(&mut GitHub::new(|| Ok(token())), &records);
        let seen = commands(&log);
        let is_ours = |command: &String| command.starts_with("group::") || command == "endgroup::";
        assert!(seen.iter().all(is_ours), "{seen:#?}");
        let count = |prefix: &str| seen.iter().filter(|it| it.starts_with(prefix)).count();
        assert_eq!(count("group::"), count("endgroup::"), "groups are closed");
        assert!(!log.contains("##"), "no old form either");
    }
}

#[expect(clippy::disallowed_methods, reason = "what was written is read back")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("it was written")
}

#[expect(clippy::disallowed_methods, reason = "an earlier tool has written to the file")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("it can be written");
}

/// The outputs as a runner reads them.
fn outputs(file: &str) -> Vec<(String, String)> {
    let (mut outputs, mut lines) = (vec![], file.lines());
    while let Some(head) = lines.next() {
        let (name, delimiter) = head.split_once("<<").expect("a name and a delimiter");
        let value: Vec<_> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        outputs.push((name.to_owned(), value.join("\n")));
    }
    outputs
}

#[test]
fn outputs_are_names_and_digests_each_behind_a_delimiter_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("output");
    let files = Files { output: Some(path.clone()), ..Files::default() };
    let closing = closing(&golden("deployed-blue-green"));
    assert_eq!(finish(Surface::GitHub, &closing, &files).expect("it can be written"), "");
    let text = read(&path);
    let outputs = outputs(&text);
    let value = |name| outputs.iter().find(|(key, _)| key == name).map(|(_, it)| it.as_str());
    assert_eq!(value("verdict"), Some("deployed"));
    assert_eq!(value("exit_code"), Some("0"));
    assert_eq!(value("release"), Some("v2"));
    assert!(value("digest").is_some_and(|digest| digest.starts_with("sha256:")));
    assert_eq!(value("next"), Some(""));
    let mut delimiters: Vec<_> =
        text.lines().filter(|line| line.starts_with("pilotage-")).collect();
    delimiters.sort_unstable();
    delimiters.dedup();
    assert_eq!(delimiters.len(), outputs.len(), "{text}");
}

#[test]
fn a_run_name_from_outside_is_neither_an_output_nor_a_command_of_its_own() {
    let mut closing = closing(&golden("interrupted-canary"));
    closing.run.0 = "x\nverdict=deployed; rm -rf /".into();
    let outputs = closing.outputs();
    assert!(outputs.iter().all(|(_, value)| !value.contains('\n')), "{outputs:?}");
    assert_eq!(closing.next_command(), None, "no shell is given this");
}

#[test]
fn a_failure_is_annotated_with_the_units_own_words() {
    let closing = closing(&World::saying(HOSTILE).sail(canary(&[]), 9_999));
    let told = finish(Surface::GitHub, &closing, &Files::default()).expect("nothing is written");
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with("::error title=pilotage::reverted, the old release serves"));
    assert!(lines[1].starts_with("::error title=shop-v2-1::::set-env name=PATH::/evil%0A::error"));
    assert!(lines.iter().all(|line| line.len() < 4_200));
}

#[test]
fn the_summary_shares_its_megabyte_with_what_is_there_already() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("summary");
    write(&path, &"x".repeat(SUMMARY_LIMIT - 9_000));
    let files = Files { summary: Some(path.clone()), ..Files::default() };
    let closing = closing(&golden("deployed-blue-green"));
    finish(Surface::GitHub, &closing, &files).expect("it can be written");
    let text = read(&path);
    assert!(text.len() > SUMMARY_LIMIT - 9_000 && text.len() <= SUMMARY_LIMIT, "{}", text.len());
    assert!(text.contains("are left out to stay under 1 MiB"));
}

/// Outputs, summary and commands of a run whose unit and name say a secret.
fn told_with(secret: &str, redactor: &Redactor) -> [String; 3] {
    let folder = tempfile::tempdir().expect("a folder");
    let (output, summary) = (folder.path().join("output"), folder.path().join("summary"));
    let files =
        Files { output: Some(output.clone()), summary: Some(summary.clone()), temporary: None };
    let saying = format!("login as {secret} failed");
    let mut closing = closing(&World::saying(&saying).sail(canary(&[]), 9_999));
    closing.run.0 = format!("run-{secret}");
    let told = finish_masked(Surface::GitHub, &closing, &files, redactor).expect("written");
    [told, read(&output), read(&summary)]
}

#[test]
fn a_secret_is_masked_in_outputs_summary_and_annotations() {
    const SECRET: &str = "50%:hunter2|x";
    let mut secrets = Secrets::new();
    assert_eq!(secrets.add("DB", SECRET.as_bytes()), []);
    let shown = told_with(SECRET, &Redactor::default());
    assert!(shown.iter().all(|text| text.contains("hunter2")), "nothing to mask: {shown:?}");
    let masked = told_with(SECRET, &secrets.redactor());
    assert!(!masked.iter().any(|text| text.contains("hunter2")), "{masked:?}");
    let told = runner::commands(Surface::GitHub.runner().expect("it reads"), SECRET.as_bytes());
    assert_eq!(told[0].expose(), "::add-mask::50%25:hunter2|x");
    assert_eq!([Surface::Plain, Surface::Terminal].map(Surface::runner), [None, None]);
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let files = Files { output: Some("/nowhere/at/all".into()), ..Files::default() };
    for name in NAMES {
        let error = finish(Surface::GitHub, &closing(&golden(name)), &files).expect_err("nowhere");
        assert!(error.to_string().contains("`/nowhere/at/all` cannot be written"), "{error}");
        assert_eq!(finish(Surface::Plain, &closing(&golden(name)), &files).expect("no files"), "");
    }
}
