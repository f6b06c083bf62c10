//! What a source of secrets promises.

use pilotage_secrets::{Errand, Failure, Lane, Locator, SecretSource};

/// What the place holds that a source is checked against.
#[derive(Debug, Clone)]
pub struct Holding {
    /// What is there, with its value; at least two that may be asked for in one call.
    pub present: Vec<(Locator, Vec<u8>)>,
    /// What is not there, and may be asked for together with the first that is.
    pub missing: Locator,
    /// What belongs to other sources.
    pub foreign: Vec<Locator>,
    /// Whether it can describe without reading.
    pub describes: bool,
}

/// Checks a source against what its place holds.
pub async fn secret_source(source: &dyn SecretSource, holding: &Holding) {
    assert!(!source.place().is_empty(), "a source says where it is");
    foreign_locators_have_no_lane(source, holding);
    each_is_read(source, holding).await;
    what_is_missing_fails_alone(source, holding).await;
    if holding.describes {
        what_is_described_is_what_is_read(source, holding).await;
    }
}

fn lane(source: &dyn SecretSource, errand: Errand, locator: &Locator) -> Lane {
    source.lane(errand, locator).expect("a source has a lane for what it reads")
}

fn foreign_locators_have_no_lane(source: &dyn SecretSource, holding: &Holding) {
    for locator in &holding.foreign {
        assert_eq!(source.lane(Errand::Fetch, locator), None, "{locator} is not ours");
        assert_eq!(source.lane(Errand::Describe, locator), None, "{locator} is not ours");
    }
}

/// Those that may be asked for together with the first, and the first.
fn together(source: &dyn SecretSource, holding: &Holding) -> Vec<(Locator, Vec<u8>)> {
    let (first, _) = holding.present.first().expect("something is there");
    let first = lane(source, Errand::Fetch, first);
    let same = |(locator, _): &&(Locator, Vec<u8>)| lane(source, Errand::Fetch, locator) == first;
    holding.present.iter().filter(same).take(first.batch.get()).cloned().collect()
}

async fn each_is_read(source: &dyn SecretSource, holding: &Holding) {
    for (locator, value) in &holding.present {
        let answers = source.fetch(core::slice::from_ref(locator)).await;
        let [Ok(fetched)] = answers.as_slice() else { panic!("{locator}: {answers:?}") };
        assert_eq!(fetched.value.expose(), value, "{locator} has another value");
        assert!(!format!("{answers:?}").contains(&*String::from_utf8_lossy(value)), "{locator}");
    }
    // In whichever order they are asked for.
    let mut some = together(source, holding);
    for _ in 0..2 {
        some.reverse();
        let wanted: Vec<Locator> = some.iter().map(|(locator, _)| locator.clone()).collect();
        let answers = source.fetch(&wanted).await;
        assert_eq!(answers.len(), wanted.len(), "one answer for each");
        for (answer, (locator, value)) in answers.iter().zip(&some) {
            let fetched = answer.as_ref().unwrap_or_else(|why| panic!("{locator}: {why}"));
            assert_eq!(fetched.value.expose(), value, "{locator} got the answer of another");
        }
    }
}

async fn what_is_missing_fails_alone(source: &dyn SecretSource, holding: &Holding) {
    let missing = holding.missing.clone();
    let answers = source.fetch(core::slice::from_ref(&missing)).await;
    assert!(matches!(answers.as_slice(), [Err(Failure::Missing)]), "{missing}: {answers:?}");
    let mut some = together(source, holding);
    let lane = lane(source, Errand::Fetch, &missing);
    if lane.batch.get() < 2 {
        return;
    }
    some.truncate(lane.batch.get() - 1);
    let mut wanted: Vec<Locator> = some.iter().map(|(locator, _)| locator.clone()).collect();
    wanted.insert(0, missing);
    let answers = source.fetch(&wanted).await;
    assert_eq!(answers.len(), wanted.len(), "one answer for each, also where one is missing");
    let [Err(Failure::Missing), rest @ ..] = answers.as_slice() else { panic!("{answers:?}") };
    for (answer, (locator, value)) in rest.iter().zip(&some) {
        let fetched = answer.as_ref().unwrap_or_else(|why| panic!("{locator}: {why}"));
        assert_eq!(fetched.value.expose(), value, "{locator} got the answer of another");
    }
}

async fn what_is_described_is_what_is_read(source: &dyn SecretSource, holding: &Holding) {
    let present = holding.present.iter().map(|(locator, value)| (locator, Some(value)));
    for (locator, value) in present.chain([(&holding.missing, None)]) {
        lane(source, Errand::Describe, locator);
        let answers = source.describe(core::slice::from_ref(locator)).await;
        let Some(value) = value else {
            assert!(matches!(answers.as_slice(), [Err(Failure::Missing)]), "{answers:?}");
            continue;
        };
        let [Ok(description)] = answers.as_slice() else { panic!("{locator}: {answers:?}") };
        let said = format!("{description:?}");
        assert!(!said.contains(&*String::from_utf8_lossy(value)), "{locator}: {said}");
        let fetched = source.fetch(core::slice::from_ref(locator)).await;
        let [Ok(fetched)] = fetched.as_slice() else { panic!("{locator}: {fetched:?}") };
        assert_eq!(description.version, fetched.version, "{locator}: what is described is read");
        let known = description.version.is_some() || !locator.keeps_versions();
        assert!(known, "{locator} keeps versions, and none is told");
    }
}
