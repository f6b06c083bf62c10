//! Evidence: a text that is accepted is the one text of what it says.

use pilotage_record::event::ScanOutcome;
use pilotage_record::record::Record;
use pilotage_record::scan::{Format, ScanReport};
use pilotage_record::statement::Bundle;

/// Records and signed statements come back as the very bytes that were read.
pub(super) fn record(bytes: &[u8]) {
    if let Ok(record) = Record::parse(bytes) {
        assert_eq!(record.bytes(), bytes);
        let again = Record::new(record.content());
        assert_eq!(again.map(|again| again.id()).ok(), Some(record.id()));
    }
    if let Ok(bundle) = Bundle::parse(bytes) {
        assert_eq!(bundle.bytes(), bytes);
    }
}

/// Reports of scanners come to a count or to a reason that fits into an event.
pub(super) fn scan(bytes: &[u8]) {
    for format in [Format::Ecr, Format::Trivy, Format::Sarif] {
        let Ok(report) = ScanReport::parse(format, bytes) else { continue };
        match (report.outcome(), &report.result) {
            (ScanOutcome::Found(counts), Ok(findings)) => {
                let rated = counts.critical + counts.high + counts.medium + counts.low;
                assert_eq!(rated + counts.unrated, findings.len() as u64);
            }
            (ScanOutcome::Unknown { reason }, Err(_)) => assert!(!reason.as_str().is_empty()),
            (outcome, result) => unreachable!("{outcome:?} of {result:?}"),
        }
    }
}
