//! A release with two platforms, the keys of three parties, and a book of events about it.

use pilotage_artifact::Digest;
use pilotage_record::event::{
    Counts, Deed, Event, History, Proven, ScanOutcome, Scope, TestVerdict,
};
use pilotage_record::record::{
    Builder, Clean, Content, GitTag, Image, Migration, Migrations, Output, Record, Schema,
    SecretReference, Source,
};
use pilotage_record::sign::LocalKey;
use pilotage_record::statement::predicate::Predicate as _;
use pilotage_record::statement::{Bundle, subjects};
use pilotage_record::time::{Span, Time};
use pilotage_record::tree;
use pilotage_record::trust::TrustPolicy;

/// The first secret key of the test vectors of RFC 8032, in its standard form.
pub(crate) const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const TREE: &str = "89abcdef0123456789abcdef0123456789abcdef";

pub(crate) fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

/// So many minutes after the beginning of the story.
pub(crate) fn minute(minutes: u64) -> Time {
    at("2026-11-16T09:00:00Z").after(Span::from_secs(60 * minutes))
}

pub(crate) fn key() -> LocalKey {
    LocalKey::from_pem(KEY).expect("a key")
}

pub(crate) fn manifest(platform: &str) -> Vec<u8> {
    let config = Digest::of(platform.as_bytes());
    format!(
        r#"{{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {{"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{config}", "size": 7}},
  "layers": []
}}"#
    )
    .into_bytes()
}

fn descriptor(manifest: &[u8], os: &str, architecture: &str) -> String {
    format!(
        r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{}","size":{},"platform":{{"os":"{os}","architecture":"{architecture}"}}}}"#,
        Digest::of(manifest),
        manifest.len()
    )
}

/// An index of two images and what a builder says about one of them.
pub(crate) fn index() -> Vec<u8> {
    let (amd64, arm64) = (manifest("linux/amd64"), manifest("linux/arm64"));
    let about = format!(
        r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{}","size":3,"platform":{{"os":"unknown","architecture":"unknown"}},"annotations":{{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"{}"}}}}"#,
        Digest::of(b"sbom"),
        Digest::of(&amd64)
    );
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{},{},{about}]}}"#,
        descriptor(&amd64, "linux", "amd64"),
        descriptor(&arm64, "linux", "arm64"),
    )
    .into_bytes()
}

pub(crate) fn image() -> Image {
    let repository = "registry.example/shop/web".parse().expect("words");
    let manifests = [manifest("linux/arm64"), manifest("linux/amd64")];
    Image::of_index("web".parse().expect("a name"), repository, index(), &manifests)
        .expect("an image")
}

pub(crate) fn content() -> Content {
    let commit = || COMMIT.parse().expect("a commit");
    Content {
        schema: Schema::V1,
        source: Source {
            repository: "https://github.com/shop/web".parse().expect("an address"),
            commit: commit(),
            tree: TREE.parse().expect("a tree"),
            dirty: Clean,
            tag: Some(GitTag {
                name: "v1.4.0".parse().expect("words"),
                object: TREE.parse().expect("an object"),
                commit: commit(),
            }),
        },
        version: "1.4.0".parse().expect("a version"),
        prefix: "v".to_owned(),
        sequence: 17,
        author: "ana@shop.example".parse().expect("an actor"),
        builder: Builder {
            id: "https://github.com/shop/web/.github/workflows/ci.yml".parse().expect("words"),
            run: "4711".parse().expect("words"),
            attempt: 1,
            subject: None,
        },
        created: minute(0),
        images: vec![image()],
        outputs: vec![Output {
            name: "assembly".parse().expect("a name"),
            media_type: tree::MEDIA_TYPE.parse().expect("words"),
            digest: Digest::of(b"assembly"),
            size: 8,
        }],
        migrations: Migrations::new(vec![Migration {
            id: "0007_add_email".parse().expect("words"),
            digest: Digest::of(b"alter table"),
        }]),
        secrets: vec![SecretReference {
            environment: "prod".parse().expect("an environment"),
            name: "DATABASE_URL".parse().expect("words"),
            reference: "arn:aws:secretsmanager:eu-west-1:1:secret:db".parse().expect("words"),
            version: "v7".parse().expect("words"),
        }],
        evidence: Vec::new(),
    }
}

pub(crate) fn record() -> Record {
    Record::new(&content()).expect("a record")
}

/// Lets the one key say everything for everybody.
pub(crate) fn trust(key: &LocalKey) -> TrustPolicy {
    toml::from_str(&trusting(key)).expect("a policy")
}

/// The same, as it is written.
pub(crate) fn trusting(key: &LocalKey) -> String {
    format!(
        r#"
[[keys]]
name = "ci"
public_key = """{}"""
may = ["built", "tested", "scanned", "approved", "promoted", "deployed", "verified", "soaked",
  "rolled_back", "revoked", "superseded", "held", "unheld", "broke_glass", "noted"]
scopes = ["*"]
actors = ["*"]
"#,
        key.public()
    )
}

/// Waits for something that never waits.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(future)
}

pub(crate) fn seal(record: &Record, event: &Event, key: &LocalKey) -> Bundle {
    now(Bundle::seal(key, subjects(record), Event::TYPE, event)).expect("it can be signed")
}

/// Writes events one after the other, each after all that its chain has.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) record: Record,
    key: LocalKey,
    trust: TrustPolicy,
    pub(crate) events: Vec<Proven>,
}

impl Book {
    pub(crate) fn new() -> Self {
        Self::about(record())
    }

    pub(crate) fn about(record: Record) -> Self {
        let key = key();
        let trust = trust(&key);
        Self { record, key, trust, events: Vec::new() }
    }

    pub(crate) fn history(&self) -> History {
        History::of(self.record.id(), self.events.iter().cloned())
    }

    /// An event at the end of its chain.
    pub(crate) fn say(&mut self, minutes: u64, scope: &str, by: &str, deed: Deed) -> Digest {
        let after = self.history().ends(&scope.parse().expect("a chain"));
        self.say_after(after, minutes, scope, by, deed)
    }

    /// An event after others than the last.
    pub(crate) fn say_after(
        &mut self,
        after: Vec<Digest>,
        minutes: u64,
        scope: &str,
        by: &str,
        deed: Deed,
    ) -> Digest {
        let event = Event {
            record: self.record.id(),
            scope: scope.parse::<Scope>().expect("a chain"),
            after,
            at: minute(minutes),
            by: by.parse().expect("an actor"),
            fence: None,
            deed,
        };
        let bundle = seal(&self.record, &event, &self.key);
        let proven = self.trust.believe(&bundle).expect("it is believed");
        let id = proven.id();
        self.events.push(proven);
        id
    }

    pub(crate) fn built(&mut self, minutes: u64) {
        self.say(minutes, "release", "ci", Deed::Built { evidence: None });
    }

    pub(crate) fn tested(&mut self, minutes: u64, platform: &str, result: TestVerdict) {
        let (suite, platform) = ("unit".parse().expect("a suite"), platform.parse().expect("one"));
        let deed = Deed::Tested { suite, platform, result, evidence: None };
        self.say(minutes, "release", "ci", deed);
    }

    pub(crate) fn scanned(&mut self, minutes: u64, platform: &str, outcome: ScanOutcome) {
        let image = Digest::of(&manifest(platform));
        let deed = Deed::Scanned {
            platform: platform.parse().expect("a platform"),
            image,
            scanner: "trivy".parse().expect("words"),
            outcome,
            finished: None,
            evidence: None,
        };
        self.say(minutes, "release", "ci", deed);
    }

    pub(crate) fn deployed(&mut self, minutes: u64, scope: &str) {
        let sequence = self.record.content().sequence;
        self.say(minutes, scope, "ci", Deed::Deployed { sequence });
    }

    pub(crate) fn verified(&mut self, minutes: u64, scope: &str, result: TestVerdict) {
        self.say(minutes, scope, "ci", Deed::Verified { result, evidence: None });
    }

    pub(crate) fn soaked(&mut self, minutes: u64, scope: &str, span: &str) {
        self.say(minutes, scope, "ci", Deed::Soaked { span: span.parse().expect("a span") });
    }

    pub(crate) fn approved(&mut self, minutes: u64, by: &str, role: &str, until: u64) -> Digest {
        let role = role.parse().expect("a role");
        self.say(minutes, "prod", by, Deed::Approved { role, expires: minute(until) })
    }

    /// Everything that the gate of production asks: tested, scanned, good in staging, approved.
    pub(crate) fn ready() -> Self {
        let mut book = Self::new();
        book.built(0);
        for platform in ["linux/amd64", "linux/arm64"] {
            book.tested(1, platform, TestVerdict::Passed);
            book.scanned(2, platform, ScanOutcome::Found(Counts::default()));
        }
        book.deployed(10, "staging");
        book.verified(12, "staging", TestVerdict::Passed);
        book.soaked(72, "staging", "1h");
        book.approved(80, "bo", "release-manager", 1_000);
        book.approved(81, "cy", "developer", 1_000);
        book
    }
}
