//! ECR: credentials, repositories, scans.

use std::sync::Arc;

use bytes::Bytes;
use pilotage_artifact::{Digest, Repository, Tag};
use pilotage_aws::ecr::{
    Ecr, EcrCredentials, EcrError, EcrHost, RepositoryName, Scan, TagRule, public_token,
};
use pilotage_aws::{Kind, Session};
use pilotage_clock::Clock;
use pilotage_record::scan::{Format, ScanReport, Severity};
use pilotage_registry::auth::{Anonymous, Credential, Credentials as _};
use pilotage_registry::{Blob, Client, Manifest, Name, Remote, Settings as ClientSettings};
use pilotage_rollout::{Moment, Span};
use secrecy::ExposeSecret as _;

use crate::emulator::{Emulator, settings, unique};
use crate::fake::Fake;

fn fixed_but_latest() -> TagRule {
    TagRule::Fixed { except: vec!["latest".parse().expect("a pattern")] }
}

fn new_name() -> RepositoryName {
    format!("team/{}", unique("app")).parse().expect("a name")
}

async fn faked(fake: &Fake) -> Session {
    let folder = tempfile::tempdir().expect("a folder").keep();
    Session::open(&settings(fake.address(), &folder, "good")).await.expect("all is given")
}

#[tokio::test]
async fn ecr_public_is_asked_in_us_east_1_whatever_the_session_s_region_is() {
    let fake = Fake::start().await;
    let session = faked(&fake).await;
    assert_eq!(session.region(), "eu-central-1");
    let token = public_token(&session).await.expect("signed for us-east-1");
    assert_eq!((token.user(), token.password().expose_secret()), ("AWS", "public"));
}

#[tokio::test]
async fn a_registry_is_asked_in_the_region_of_its_host() {
    let fake = Fake::start().await;
    let session = faked(&fake).await;
    assert!(Ecr::new(&session).mounts_blobs().await.expect("told"));
    let host = EcrHost::parse("123456789012.dkr.ecr.us-west-2.amazonaws.com");
    let Some(EcrHost::Private(host)) = host else { panic!("it is private") };
    assert!(!Ecr::at(&session, &host).mounts_blobs().await.expect("told"));
}

/// A clock that stands still.
#[derive(Debug)]
struct At(Moment);

#[async_trait::async_trait]
impl Clock for At {
    fn now(&self) -> Moment {
        self.0
    }

    fn elapsed(&self) -> Span {
        Span::ZERO
    }

    async fn sleep(&self, _: Span) {}
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_again_when_it_was_refused_or_is_near_its_end() {
    let fake = Fake::start().await;
    let session = faked(&fake).await;
    let early = EcrCredentials::new(&session, Arc::new(At(Moment::from_millis(0))));
    for _ in 0..3 {
        let given = early.credential("public.ecr.aws").await.expect("given");
        let Credential::Password { user, password } = given else { panic!("{given:?}") };
        assert_eq!((user.as_str(), password.expose_secret()), ("AWS", "public"));
    }
    assert_eq!(fake.asked("GetAuthorizationToken"), 1);
    early.refused("public.ecr.aws").await;
    early.credential("public.ecr.aws").await.expect("given");
    assert_eq!(fake.asked("GetAuthorizationToken"), 2);

    let end = Moment::from_millis(4_102_444_800_000);
    let late = EcrCredentials::new(&session, Arc::new(At(end)));
    late.credential("public.ecr.aws").await.expect("given");
    late.credential("public.ecr.aws").await.expect("given");
    assert_eq!(fake.asked("GetAuthorizationToken"), 4, "what is over is not kept");
}

#[tokio::test]
async fn other_registries_get_nothing_and_aws_is_not_asked() {
    let fake = Fake::start().await;
    let credentials = EcrCredentials::new(&faked(&fake).await, Arc::new(At(Moment::default())));
    for registry in ["ghcr.io", "123456789012.dkr.ecr.eu-central-1.amazonaws.com.example.org"] {
        let given = credentials.credential(registry).await.expect("nothing is no error");
        assert!(matches!(given, Credential::None), "{registry}");
    }
    assert_eq!(fake.asked("GetAuthorizationToken"), 0);
}

#[tokio::test]
async fn what_is_not_ecr_gives_an_error_and_never_a_token() {
    let fake = Fake::start().await;
    let failure = Ecr::new(&faked(&fake).await).token().await.expect_err("it knows no such action");
    assert_eq!((failure.kind(), failure.code()), (Kind::Refused, Some("InvalidAction")));
}

#[tokio::test]
async fn the_emulator_gives_credentials_with_an_end() {
    let Some(emulator) = Emulator::ministack() else { return };
    let token = Ecr::new(&emulator.session().await).token().await.expect("given");
    assert_eq!(token.user(), "AWS");
    assert!(!token.password().expose_secret().is_empty() && token.expires().as_millis() > 0);
}

#[tokio::test]
async fn a_missing_repository_is_an_error_with_its_remedy_and_creation_is_that_remedy() {
    // The other emulator forgets the exceptions.
    let Some(emulator) = Emulator::moto() else { return };
    let ecr = Ecr::new(&emulator.session().await);
    let (name, rule) = (new_name(), fixed_but_latest());
    let error = ecr.repository(&name, &rule).await.expect_err("it is not there");
    let EcrError::NoRepository { command, .. } = &error else { panic!("{error}") };
    assert!(command.contains(&format!("--repository-name {name}")), "{command}");

    let created = ecr.create(&name, &rule).await.expect("created");
    assert_eq!(created.tags, rule);
    assert_eq!(
        ecr.repository(&name, &TagRule::Movable { except: vec![] }).await.expect("there"),
        created
    );
    assert_eq!(ecr.create(&name, &rule).await.expect("there already"), created);
    assert!(created.uri.ends_with(name.as_str()), "{}", created.uri);
}

#[tokio::test]
async fn what_the_registry_client_pushes_is_what_ecr_has_and_fixed_tags_stay() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (ecr, name) = (Ecr::new(&emulator.session().await), new_name());
    ecr.create(&name, &TagRule::Fixed { except: vec![] }).await.expect("created");
    let address = emulator.address.strip_prefix("http://").expect("it is plain");
    let place: Repository = format!("{address}/{name}").parse().expect("a repository");
    let clock = Arc::new(At(Moment::default()));
    let client = Client::new(Arc::new(Anonymous), clock, ClientSettings::default());
    let remote = client.repository(&place).expect("a registry");

    let tag: Name = "v1.2.3".parse::<Tag>().expect("a tag").into();
    let (first, second) = (image(&remote, "one").await, image(&remote, "two").await);
    remote.put(&tag, &first).await.expect("it is new");
    remote.put(&tag, &first).await.expect("it is the same");
    assert!(remote.put(&tag, &second).await.is_err(), "a fixed tag stays");
    let found = remote.look(&tag).await.expect("told").expect("there");
    assert_eq!(found.digest, first.digest());

    let admin = aws_sdk_ecr::Client::new(&emulator.admin());
    let told = admin.describe_images().repository_name(name.as_str()).send().await.expect("told");
    let digests = told.image_details().iter().filter_map(|image| image.image_digest());
    assert!(digests.into_iter().any(|digest| digest == first.digest().to_string()));
}

/// Pushes the only blob of an image, and gives its manifest.
async fn image(remote: &Remote, text: &str) -> Manifest {
    let config = Bytes::from(format!(r#"{{"architecture":"{text}"}}"#));
    let blob = Blob::of(&config);
    remote.push(blob, &config, remote.repository()).await.expect("pushed");
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":{}}},"layers":[]}}"#,
        blob.digest, blob.size
    );
    Manifest::parse(Bytes::from(manifest), None).expect("it is sound")
}

#[tokio::test]
async fn never_scanned_is_unknown_and_scanned_is_the_scanner_s_document() {
    let Some(emulator) = Emulator::moto() else { return };
    let (ecr, name) = (Ecr::new(&emulator.session().await), new_name());
    ecr.create(&name, &TagRule::Movable { except: vec![] }).await.expect("created");
    let admin = aws_sdk_ecr::Client::new(&emulator.admin());
    let image = push(&admin, &name).await;

    assert_eq!(ecr.scan(&name, image).await.expect("told"), Scan::Unknown);
    let id = aws_sdk_ecr::types::ImageIdentifier::builder().image_digest(image.to_string());
    let scan = admin.start_image_scan().repository_name(name.as_str()).image_id(id.build());
    scan.send().await.expect("it begins");
    let Scan::Told(document) = ecr.scan(&name, image).await.expect("told") else {
        panic!("it was scanned")
    };
    let report = ScanReport::parse(Format::Ecr, document.as_bytes()).expect("a gate reads it");
    assert_eq!(report.names, [image]);
    let findings = report.result.expect("the scan is complete");
    assert!(findings.iter().any(|finding| finding.severity == Severity::High), "{findings:?}");

    let absent = Digest::of(b"no such image");
    let failure = ecr.scan(&name, absent).await.expect_err("there is no such image");
    assert_eq!(failure.kind(), Kind::Missing, "{failure}");
}

/// Puts an image with nothing in it; the emulator tells its digest.
async fn push(admin: &aws_sdk_ecr::Client, name: &RepositoryName) -> Digest {
    let config = Digest::of(b"{}");
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}",
        "size":2}},"layers":[]}}"#
    );
    let put = admin.put_image().repository_name(name.as_str()).image_manifest(manifest);
    let put = put.image_tag("v1").send().await.expect("put");
    let digest = put.image().and_then(|image| image.image_id()?.image_digest());
    digest.expect("told").parse().expect("a digest")
}
