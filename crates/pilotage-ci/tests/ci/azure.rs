//! The log, the variables and the issues of an Azure Pipelines step.

use insta::assert_snapshot;
use pilotage_ci::ci::{Files, finish};
use pilotage_ci::console::Azure;
use pilotage_ci::surface::Surface;

use crate::support::{HOSTILE, World, canary, closing, golden, shown};

#[test]
fn each_part_of_a_run_is_a_group() {
    assert_snapshot!(shown(&mut Azure::new(), &golden("dangling-order")), @r"
    00:00:00Z  opened    deploy v2 at shop, from v1; plan 65dafd8a128c
    ##[group]prepare
    00:00:00Z  now       prepare · claim the target, at most 2m33s
    00:00:00Z  order     claim the target
    00:00:00Z  outcome   applied
    00:00:01Z  observed  v1: 4/4 ready, 100 %
    ##[endgroup]
    ##[group]migrate
    00:00:01Z  now       migrate · apply the expand migrations, at most 1h
    00:00:01Z  schema    the expand migrations are not applied
    00:00:01Z  order     apply expand migrations `0002-add-email`
    00:00:01Z  outcome   applied
    00:00:02Z  schema    the expand migrations are being applied
    00:00:07Z  schema    the expand migrations are applied
    ##[endgroup]
    ##[group]step 1 of 2: 0 %AZP25 of the traffic
    00:00:07Z  now       step 1 of 2: 0 % of the traffic · start units, at most 2m33s
    00:00:07Z  order     run 4 units of `v2`
    00:00:07Z  outcome   applied
    00:00:08Z  observed  v1: 4/4 ready, 100 %, v2: 0/4 ready, 0 %; v2-0: not ready yet
    00:00:08Z  now       step 1 of 2: 0 % of the traffic · prove the candidate healthy, at most 10m
    00:00:28Z  observed  v1: 4/4 ready, 100 %, v2: 4/4 ready, 0 %
    ##[endgroup]
    ##[group]step 2 of 2: 100 %AZP25 of the traffic
    00:00:38Z  now       step 2 of 2: 100 % of the traffic · prove the candidate healthy, at most 10m
    00:00:48Z  now       step 2 of 2: 100 % of the traffic · shift traffic, at most 2m33s
    00:00:48Z  order     give `v2` 100 % of the traffic
    ##[endgroup]
    ##[group]what v2-0 of v2 said
    not ready yet
    ##[endgroup]
    ");
}

/// What an agent takes for a command, anywhere in a line.
fn commands(log: &str) -> Vec<&str> {
    log.lines().filter_map(|line| line.find("##").map(|at| &line[at..])).collect()
}

#[test]
fn text_from_outside_gives_no_command() {
    let records = World::saying(HOSTILE).sail(canary(&[]), 9_999);
    let log = shown(&mut Azure::new(), &records);
    let seen = commands(&log);
    let is_ours = |it: &&str| it.starts_with("##[group]") || *it == "##[endgroup]";
    assert!(seen.iter().all(is_ours), "{seen:#?}");
    assert!(log.contains("# #vso[task.setvariable"), "it can still be read");
}

#[test]
fn the_end_is_told_by_variables_issues_and_a_summary() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files { temporary: Some(folder.path().into()), ..Files::default() };
    let closing = closing(&World::saying("no such file").sail(canary(&[]), 9_999));
    let told = finish(Surface::Azure, &closing, &files).expect("it can be written");
    let (told, upload) = told.trim_end().rsplit_once('\n').expect("several lines");
    assert_snapshot!(told, @r"
    ##vso[task.setvariable variable=verdict;isOutput=true]reverted
    ##vso[task.setvariable variable=exit_code;isOutput=true]1
    ##vso[task.setvariable variable=run;isOutput=true]run-1
    ##vso[task.setvariable variable=release;isOutput=true]v2
    ##vso[task.setvariable variable=digest;isOutput=true]sha256:fb04dcb6970e4c3d1873de51fd5a50d7bb46b3383113602665c350ec40b5f990
    ##vso[task.setvariable variable=next;isOutput=true]
    ##vso[task.logissue type=error]reverted, the old release serves: the candidate is not healthy: 0 of 1 units ready; shop-v2-1: no such file
    ##vso[task.logissue type=error]shop-v2-1: no such file
    ");
    let path = upload.strip_prefix("##vso[task.uploadsummary]").expect("an upload");
    assert!(std::path::Path::new(path).is_file(), "{path}");
}
