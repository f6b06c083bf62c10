//! Runs that take longer than what a cloud gives: credentials are got anew, each for a new token.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_aws::session::{Life, Role};
use pilotage_aws::{Kind, Session, Settings};
use pilotage_clock::Clock;
use pilotage_identity::{Audience, Error, Identity, web};
use pilotage_rollout::{Moment, Span};
use pilotage_testkit::fake::HastyClock;
use secrecy::SecretString;

use crate::emulator::ACCOUNT;
use crate::fake::Fake;

/// A job that gives tokens, each another one.
#[derive(Debug, Default)]
struct Job {
    minted: Mutex<u32>,
    faults: Mutex<VecDeque<Error>>,
}

impl Job {
    fn minted(&self) -> u32 {
        *self.minted.lock().expect("sound")
    }

    fn fail(&self, error: Error) {
        self.faults.lock().expect("sound").push_back(error);
    }
}

#[async_trait]
impl Identity for Job {
    async fn token(&self, audience: Audience) -> Result<SecretString, Error> {
        assert_eq!(audience, Audience::AWS, "the token is for AWS");
        if let Some(error) = self.faults.lock().expect("sound").pop_front() {
            return Err(error);
        }
        let mut minted = self.minted.lock().expect("sound");
        *minted += 1;
        Ok(SecretString::from(format!("canary-token-{minted}")))
    }
}

/// A clock that goes with another one, so many minutes ahead of it or behind.
#[derive(Debug)]
struct Wrong {
    right: Arc<HastyClock>,
    ahead: i64,
}

#[async_trait]
impl Clock for Wrong {
    fn now(&self) -> Moment {
        let millis = i64::try_from(self.right.now().as_millis()).expect("in time");
        Moment::from_millis(u64::try_from(millis + self.ahead * 60_000).expect("after the epoch"))
    }

    fn elapsed(&self) -> Span {
        self.right.elapsed()
    }

    async fn sleep(&self, span: Span) {
        self.right.sleep(span).await;
    }
}

struct Run {
    fake: Fake,
    job: Arc<Job>,
    time: Arc<HastyClock>,
    session: Session,
}

/// A session of a job whose clock is so many minutes ahead.
async fn run(ahead: i64) -> Run {
    let fake = Fake::start().await;
    let time = Arc::new(HastyClock::default());
    time.advance(Span::from_mins(1_000_000));
    fake.keep_time(time.clone());
    let job = Arc::new(Job::default());
    let role = Role {
        arn: format!("arn:aws:iam::{ACCOUNT}:role/deploy").parse().expect("a role"),
        session: "run-42".parse().expect("a name"),
        external_id: None,
        web_identity: Some(job.clone()),
    };
    let settings = Settings {
        region: Some("eu-central-1".into()),
        endpoint: Some(fake.address().into()),
        role: Some(role),
        clock: Some(Arc::new(Wrong { right: time.clone(), ahead })),
        ..Settings::default()
    };
    let session = Session::open(&settings).await.expect("all is given");
    Run { fake, job, time, session }
}

fn away() -> Error {
    let (doing, said) = ("get a token of the job".into(), "oops".into());
    Error::Web(web::Error::Refused { doing, status: 500, code: "Fault".into(), said })
}

#[tokio::test]
async fn three_hours_work_on_credentials_of_one_also_by_a_clock_that_is_a_little_wrong() {
    for ahead in [0, 4, -4] {
        let run = run(ahead).await;
        for minutes in (0..180).step_by(2) {
            let caller = run.session.caller().await;
            caller.unwrap_or_else(|error| panic!("{ahead}: after {minutes} minutes: {error}"));
            run.time.advance(Span::from_mins(2));
        }
        let minted = run.job.minted();
        assert!((3..=4).contains(&minted), "{ahead}: {minted} tokens");
        assert_eq!(run.fake.asked("GetCallerIdentity"), 90, "none was refused");
    }
}

#[tokio::test]
async fn credentials_that_are_about_to_end_are_replaced_and_used_as_long_as_they_cannot_be() {
    let run = run(0).await;
    run.session.caller().await.expect("with the first ones");
    run.time.advance(Span::from_mins(59));
    run.job.fail(away());
    run.session.caller().await.expect("they hold for another minute");
    assert_eq!(run.job.minted(), 1);

    run.time.advance(Span::from_mins(1));
    run.job.fail(away());
    let failure = run.session.caller().await.expect_err("now they are over");
    assert_eq!(failure.kind(), Kind::Unreachable, "{failure}");
    let text = format!("{failure} {failure:?}");
    assert!(text.contains("status 500") && !text.contains("canary"), "{text}");
    assert!(!failure.may_have_happened());

    run.session.caller().await.expect("the job gives tokens again");
    assert_eq!(run.job.minted(), 2);
}

#[tokio::test]
async fn what_is_no_token_is_told_and_not_sent() {
    let run = run(0).await;
    let why = "it has not three parts";
    run.job.fail(Error::Malformed { whence: "GitHub Actions", why });
    let failure = run.session.caller().await.expect_err("there is no token");
    assert_eq!(failure.kind(), Kind::Misconfigured, "{failure}");
    assert!(failure.to_string().contains(why), "{failure}");
    assert_eq!(run.fake.asked("AssumeRoleWithWebIdentity"), 0);
}

#[tokio::test]
async fn the_end_is_counted_by_our_own_clock() {
    for ahead in [0, 120, -120] {
        let run = run(ahead).await;
        let now = Wrong { right: run.time.clone(), ahead }.now();
        let life = run.session.life().await.expect("known");
        assert_eq!(life, Life::Until(now + Span::from_mins(60)), "{ahead}");
    }
}
