//! The HTML report in a real browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pilotage_ci::report::report;
use pilotage_rollout::journal::Record;

use crate::support::{HOSTILE, World, canary, judged, long, timeline};

/// A browser and a folder of its own.
struct Browser {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl Browser {
    fn find() -> Option<Self> {
        let program = pilotage_testkit::real::require("chromium", "PILOTAGE_TEST_CHROMIUM")?;
        Some(Self { program, folder: tempfile::tempdir().expect("a folder") })
    }

    /// Writes the page, with a script at its end that leaves what it finds in the title.
    #[expect(clippy::disallowed_methods, reason = "the browser opens a file")]
    fn page(&self, html: &str, probe: &str) -> PathBuf {
        let path = self.folder.path().join("report.html");
        let probe =
            format!("<script>document.title = String((() => {{ {probe} }})());</script></body>");
        std::fs::write(&path, html.replace("</body>", &probe)).expect("it can be written");
        path
    }

    #[expect(clippy::disallowed_methods, reason = "the test starts a browser and waits for it")]
    fn run(&self, page: &Path, asks: &[String]) -> String {
        let mut command = Command::new(&self.program);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]);
        command.args(["--no-first-run", "--disable-background-networking", "--disable-sync"]);
        command.args(["--disable-component-update", "--window-size=1200,2000"]);
        command.arg(format!("--user-data-dir={}", self.folder.path().join("profile").display()));
        command.args(asks).arg(format!("file://{}", page.display()));
        let output = command.stdin(Stdio::null()).output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What the probe returns once the page is there, and the page as the browser has it.
    fn ask(&self, records: &[Record], probe: &str) -> (String, String) {
        let html = report(&timeline(records), &"pilotage".into());
        let dom = self.run(&self.page(&html, probe), &["--dump-dom".to_owned()]);
        let title = dom.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
        (title.expect("a title").0.to_owned(), dom)
    }
}

#[test]
fn every_section_is_there_and_named() {
    let Some(browser) = Browser::find() else { return };
    let probe = "return [...document.querySelectorAll('main > section')].map((section) => \
                 section.id + ':' + document.getElementById(section.getAttribute(\
                 'aria-labelledby')).textContent).join('|')";
    let (sections, dom) = browser.ask(&World::failing(55).sail(judged(), 9_999), probe);
    assert_eq!(
        sections,
        "timeline:Timeline|traffic:Traffic|units:Units and health|judge:Judge|\
         failing:Failing units|orders:Orders|journal:Journal"
    );
    assert!(dom.contains("<output id=\"shown\""), "the filter is shown once scripts run");
    assert!(!dom.contains("aria-label=\"Filter the journal\" hidden"));
}

#[test]
fn text_from_outside_runs_nothing_and_makes_no_elements() {
    let Some(browser) = Browser::find() else { return };
    let probe = "return [document.images.length, document.querySelectorAll('script').length, \
                 document.querySelector('.unit pre').textContent.includes('<script>alert(1)')]\
                 .join()";
    let (seen, _) = browser.ask(&World::saying(HOSTILE).sail(canary(&[]), 9_999), probe);
    assert_eq!(seen, "0,2,true", "the report's script and the probe");
}

#[test]
fn the_filter_finds_what_is_asked_for() {
    let Some(browser) = Browser::find() else { return };
    // What a person would do, and the frame in which the report answers, brought forward.
    let probe = "window.requestAnimationFrame = (now) => now(); \
                 return ''; })() + (() => { \
                 const find = document.getElementById('find'); find.value = 'FORGED'; \
                 find.dispatchEvent(new Event('input', { bubbles: true })); \
                 return document.getElementById('shown').textContent";
    let (shown, _) = browser.ask(&World::saying(HOSTILE).sail(canary(&[]), 9_999), probe);
    let (found, of) = shown.split_once(" of ").expect("a count");
    let found: usize = found.parse().expect("a number");
    assert!(found > 1 && of == "30 records", "{shown}");
}

#[test]
fn ten_thousand_records_are_there_in_two_seconds() {
    let Some(browser) = Browser::find() else { return };
    // Reading a size makes the browser lay out and style what it has to show.
    let probe = "const height = document.body.getBoundingClientRect().height; \
                 const rows = document.querySelectorAll('.journal tbody tr').length; \
                 return [rows, height > 10000, Math.round(performance.now())].join()";
    let (seen, _) = browser.ask(&long(10_000, World::new()), probe);
    let parts: Vec<_> = seen.split(',').collect();
    let [rows, is_tall, millis] = parts.as_slice() else { panic!("{seen}") };
    assert_eq!((*rows, *is_tall), ("10000", "true"));
    let millis: u64 = millis.parse().expect("milliseconds");
    assert!(millis < 2_000, "laid out after {millis} ms");
}

#[test]
fn it_is_painted() {
    let Some(browser) = Browser::find() else { return };
    let html = report(&timeline(&World::failing(55).sail(judged(), 9_999)), &"pilotage".into());
    let picture = browser.folder.path().join("report.png");
    let page = browser.page(&html, "return ''");
    browser.run(&page, &[format!("--screenshot={}", picture.display())]);
    let size = picture.metadata().expect("there is a picture").len();
    assert!(size > 40_000, "a blank page is smaller than {size} bytes");
}
