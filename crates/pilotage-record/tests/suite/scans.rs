//! What scanners say, from samples written by hand after the form of each.

use pilotage_record::event::{Counts, ScanOutcome};
use pilotage_record::scan::{About, Format, ScanError, ScanReport};

use super::fixtures::{image, manifest};
use pilotage_artifact::Digest;

fn read(format: Format, text: &str) -> ScanReport {
    ScanReport::parse(format, text.as_bytes()).unwrap()
}

fn counts(report: &ScanReport) -> Counts {
    match report.outcome() {
        ScanOutcome::Found(counts) => counts,
        ScanOutcome::Unknown { reason } => panic!("it is known: {reason}"),
    }
}

/// Why it came to nothing.
fn unknown(format: Format, text: &str) -> String {
    match read(format, text).outcome() {
        ScanOutcome::Found(counts) => panic!("nothing is known: {counts:?}\n{text}"),
        ScanOutcome::Unknown { reason } => reason.to_string(),
    }
}

fn ecr(status: &str, findings: &str) -> String {
    let digest = Digest::of(&manifest("linux/amd64"));
    format!(
        r#"{{"registryId":"111122223333","repositoryName":"shop/web",
        "imageId":{{"imageDigest":"{digest}","imageTag":"v1.4.0"}},
        "imageScanStatus":{{"status":"{status}","description":"as it says"}}{findings}}}"#
    )
}

const BASIC: &str = r#","imageScanFindings":{"imageScanCompletedAt":"2026-11-16T10:00:00.5+01:00",
  "vulnerabilitySourceUpdatedAt":1763200000.25,
  "findings":[{"name":"CVE-2026-0001","severity":"CRITICAL","uri":"https://x"},
              {"name":"CVE-2026-0002","severity":"INFORMATIONAL"},
              {"name":"CVE-2026-0003","severity":"UNDEFINED"}],
  "findingSeverityCounts":{"CRITICAL":1,"INFORMATIONAL":1,"UNDEFINED":1,"HIGH":2}}"#;

#[test]
fn a_finished_scan_of_ecr_counts_what_is_listed_and_what_is_only_counted() {
    let report = read(Format::Ecr, &ecr("COMPLETE", BASIC));
    assert_eq!(counts(&report), Counts { critical: 1, high: 2, low: 1, unrated: 1, medium: 0 });
    assert_eq!(report.finished.unwrap().to_string(), "2026-11-16T09:00:00Z");
    assert_eq!(report.database.unwrap().to_string(), "2025-11-15T09:46:40Z");
    let image = image();
    let about: Vec<_> = image.children().iter().map(|child| report.about(child)).collect();
    assert_eq!(about, [About::This, About::Another]);
}

#[test]
fn a_clean_scan_of_ecr_is_clean() {
    let clean = r#","imageScanFindings":{"findings":[],"findingSeverityCounts":{}}"#;
    assert_eq!(counts(&read(Format::Ecr, &ecr("COMPLETE", clean))), Counts::default());
}

#[test]
fn an_enhanced_scan_of_ecr_counts_only_if_it_says_something() {
    let findings = r#","imageScanFindings":{"enhancedFindings":[
      {"severity":"HIGH","packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-7"}},
      {"severity":"UNTRIAGED","title":"odd"}]}"#;
    let report = read(Format::Ecr, &ecr("ACTIVE", findings));
    assert_eq!(counts(&report), Counts { high: 1, unrated: 1, ..Counts::default() });
    assert_eq!(report.result.unwrap()[0].id, "CVE-2026-7");
    for empty in ["", r#","imageScanFindings":{}"#, r#","imageScanFindings":{"findings":[]}"#] {
        let reason = unknown(Format::Ecr, &ecr("ACTIVE", empty));
        assert!(reason.contains("says nothing yet"), "{reason}");
    }
}

#[test]
fn no_other_status_of_ecr_is_a_pass() {
    for status in [
        "IN_PROGRESS",
        "FAILED",
        "UNSUPPORTED_IMAGE",
        "PENDING",
        "SCAN_ELIGIBILITY_EXPIRED",
        "FINDINGS_UNAVAILABLE",
        "LIMIT_EXCEEDED",
        "SOMETHING_NEW",
        "complete",
        "",
    ] {
        let reason = unknown(Format::Ecr, &ecr(status, BASIC));
        assert!(reason.contains("as it says"), "{reason}");
    }
    let absent = unknown(Format::Ecr, r#"{"__type":"ScanNotFoundException","message":"none"}"#);
    assert!(absent.contains("ScanNotFoundException"), "{absent}");
    assert!(unknown(Format::Ecr, "{}").contains("nothing of a scan"));
    let paged = r#","imageScanFindings":{"findings":[]},"nextToken":"more""#;
    assert!(unknown(Format::Ecr, &ecr("COMPLETE", paged)).contains("another page"));
}

fn trivy(system: &str, results: &str) -> String {
    let config = Digest::of(b"linux/arm64");
    format!(
        r#"{{"SchemaVersion":2,"CreatedAt":"2026-11-16T09:30:00.123456789Z","ArtifactName":"web",
        "ArtifactType":"container_image","Metadata":{{"OS":{system},"ImageID":"{config}",
        "RepoDigests":["registry.example/shop/web@{}"]}}{results}}}"#,
        image().digest()
    )
}

const DEBIAN: &str = r#"{"Family":"debian","Name":"13.1"}"#;

#[test]
fn a_report_of_trivy_counts_what_was_found_in_all_parts() {
    let results = r#","Results":[
      {"Target":"web (debian 13.1)","Class":"os-pkgs","Type":"debian","Vulnerabilities":[
        {"VulnerabilityID":"CVE-2026-1","Severity":"HIGH"},
        {"VulnerabilityID":"CVE-2026-2","Severity":"UNKNOWN"}]},
      {"Target":"app","Class":"lang-pkgs","Type":"rustbinary","Vulnerabilities":[
        {"VulnerabilityID":"RUSTSEC-2026-1","Severity":"MEDIUM"}]},
      {"Target":"app","Class":"secret"}]"#;
    let report = read(Format::Trivy, &trivy(DEBIAN, results));
    assert_eq!(counts(&report), Counts { high: 1, medium: 1, unrated: 1, ..Counts::default() });
    assert_eq!(report.finished.unwrap().to_string(), "2026-11-16T09:30:00Z");
    let image = image();
    let about: Vec<_> = image.children().iter().map(|child| report.about(child)).collect();
    assert_eq!(about, [About::Another, About::This], "it is named by its configuration");
}

#[test]
fn what_trivy_could_not_look_into_is_not_clean() {
    let clean = r#","Results":[{"Target":"web","Class":"os-pkgs","Type":"debian"}]"#;
    assert_eq!(counts(&read(Format::Trivy, &trivy(DEBIAN, clean))), Counts::default());
    for nothing in ["", r#","Results":[]"#, r#","Results":[{"Target":"web","Class":"secret"}]"#] {
        let reason = unknown(Format::Trivy, &trivy(DEBIAN, nothing));
        assert!(reason.contains("no packages"), "{reason}");
    }
    let old = r#"{"Family":"debian","Name":"9","EOSL":true}"#;
    assert!(unknown(Format::Trivy, &trivy(old, clean)).contains("end of life"));
    let folder = trivy(DEBIAN, clean).replace("container_image", "filesystem");
    assert!(unknown(Format::Trivy, &folder).contains("not about a container image"));
    let newer = trivy(DEBIAN, clean).replace(r#""SchemaVersion":2"#, r#""SchemaVersion":3"#);
    assert!(unknown(Format::Trivy, &newer).contains("form 3"));
}

fn sarif(run: &str) -> String {
    format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"grype","version":"0.99",
        "rules":[{{"id":"A","properties":{{"security-severity":"9.8"}}}},
                 {{"id":"B","properties":{{"security-severity":5.5}}}},
                 {{"id":"C","defaultConfiguration":{{"level":"error"}}}}]}}}}{run}}}]}}"#
    )
}

#[test]
fn sarif_is_rated_by_score_and_else_by_level() {
    let report = read(
        Format::Sarif,
        &sarif(
            r#","results":[{"ruleId":"A","ruleIndex":0,"level":"note"},{"ruleId":"B"},{"ruleId":"C"},
              {"ruleId":"D"},{"ruleId":"D","level":"none"},{"ruleId":"A","kind":"pass"},
              {"ruleId":"A","suppressions":[{"kind":"external"}]}]"#,
        ),
    );
    assert_eq!(counts(&report), Counts { critical: 2, high: 1, medium: 2, low: 0, unrated: 1 });
    assert_eq!((report.scanner.as_str(), report.version.as_deref()), ("grype", Some("0.99")));
    assert!(image().children().iter().all(|child| report.about(child) == About::Unsaid));
}

#[test]
fn a_sarif_run_that_does_not_say_that_it_succeeded_with_results_is_not_clean() {
    assert_eq!(counts(&read(Format::Sarif, &sarif(r#","results":[]"#))), Counts::default());
    assert!(unknown(Format::Sarif, &sarif("")).contains("nothing of results"));
    let failed = r#","invocations":[{"executionSuccessful":false}],"results":[]"#;
    assert!(unknown(Format::Sarif, &sarif(failed)).contains("did not succeed"));
    assert!(unknown(Format::Sarif, r#"{"version":"2.1.0","runs":[]}"#).contains("no run"));
    let old = sarif(r#","results":[]"#).replace("2.1.0", "2.0.0");
    assert!(unknown(Format::Sarif, &old).contains("2.0.0"));
}

#[test]
fn what_is_no_report_is_an_error() {
    for format in [Format::Ecr, Format::Trivy, Format::Sarif] {
        for text in ["", "[]", "null", "An error occurred (ScanNotFoundException)"] {
            let error = ScanReport::parse(format, text.as_bytes());
            assert!(
                matches!(error, Err(ScanError::Malformed { .. })),
                "{format:?} {text}: {error:?}"
            );
        }
    }
}

#[test]
fn a_report_becomes_a_statement_that_others_can_read() {
    let report = read(Format::Ecr, &ecr("COMPLETE", BASIC));
    let said = report.statement(super::fixtures::minute(0)).unwrap();
    assert_eq!(said.scanner.result.len(), 5);
    assert_eq!(said.scanner.result[0].severity[0].score, "critical");
    let nothing = read(Format::Ecr, "{}");
    assert_eq!(nothing.statement(super::fixtures::minute(0)), None);
}
