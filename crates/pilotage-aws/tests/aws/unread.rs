//! What the services refuse with, and what it means for a reference.

use pilotage_aws::secret::{ParameterStore, SecretsManager};
use pilotage_aws::{Session, Settings};
use pilotage_secrets::{Failure, Locator, Reference, SecretSource};

use crate::emulator::settings;
use crate::fake::{Answer, Fake};

async fn session(fake: &Fake, token: &str) -> Session {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let settings: Settings = settings(fake.address(), &folder, token);
    Session::open(&settings).await.expect("all is given")
}

fn locator(text: &str) -> Locator {
    text.parse::<Reference>().expect("a reference").locator().clone()
}

fn code<T>(answer: &Result<T, Failure>) -> &'static str {
    answer.as_ref().map_or_else(Failure::code, |_| "read")
}

#[tokio::test]
async fn each_refusal_of_a_service_is_told_apart_and_asked_for_once() {
    let fake = Fake::start().await;
    let session = session(&fake, "good").await;
    let (secrets, parameters) = (SecretsManager::new(&session), ParameterStore::new(&session));
    for (status, aws, said, expected) in [
        (400, "AccessDeniedException", "User is not authorized to perform: x", "denied"),
        (400, "AccessDeniedException", "The ciphertext refers to a KMS key", "key-denied"),
        (400, "DecryptionFailure", "Secrets Manager can't decrypt", "key-denied"),
        (400, "InvalidKeyId", "the key is not found", "key-denied"),
        (400, "ThrottlingException", "Rate exceeded", "throttled"),
        (400, "InvalidSignatureException", "Signature expired: 1 is now earlier", "clock-skew"),
        (400, "InvalidSignatureException", "Signature not yet current: 2", "clock-skew"),
        (400, "ExpiredTokenException", "The security token is expired", "no-credentials"),
        (400, "UnrecognizedClientException", "The token is invalid", "no-credentials"),
        (500, "InternalServiceError", "oops", "unreachable"),
        (503, "ServiceUnavailable", "oops", "unreachable"),
    ] {
        for action in ["GetSecretValue", "DescribeSecret", "GetParameters", "DescribeParameters"] {
            fake.set(action, Answer::refused_because(status, aws, said));
        }
        let before = fake.asked("GetSecretValue");
        let (secret, parameter) = ([locator("asm:db")], [locator("ssm:/key")]);
        let told = [
            code(&secrets.fetch(&secret).await[0]),
            code(&secrets.describe(&secret).await[0]),
            code(&parameters.fetch(&parameter).await[0]),
            code(&parameters.describe(&parameter).await[0]),
        ];
        assert_eq!(told, [expected; 4], "{aws}: {said}");
        assert_eq!(fake.asked("GetSecretValue"), before + 1, "{aws} is not asked for again inside");
    }
}

#[tokio::test]
async fn in_a_batch_each_secret_has_its_own_fate() {
    let fake = Fake::start().await;
    let source = SecretsManager::new(&session(&fake, "good").await);
    let body = r#"{"SecretValues":[
        {"Name":"text","ARN":"x","SecretString":"value","VersionId":"00000000-0000-4000-8000-000000000001"},
        {"Name":"binary","ARN":"y","SecretBinary":"/wD+","VersionId":"00000000-0000-4000-8000-000000000002"}],
      "Errors":[
        {"SecretId":"gone","ErrorCode":"ResourceNotFoundException","Message":"can't find the specified secret"},
        {"SecretId":"deleted","ErrorCode":"InvalidRequestException","Message":"it was marked for deletion"},
        {"SecretId":"locked","ErrorCode":"DecryptionFailure","Message":"can't decrypt"},
        {"SecretId":"denied","ErrorCode":"AccessDeniedException","Message":"not authorized"},
        {"SecretId":"new","ErrorCode":"NobodyKnowsIt","Message":"x"}]}"#;
    fake.set("BatchGetSecretValue", Answer::json(body));
    let names = ["text", "binary", "gone", "deleted", "locked", "denied", "new", "unmentioned"];
    let wanted = names.map(|name| locator(&format!("asm:{name}")));
    let answers = source.fetch(&wanted).await;
    let codes: Vec<_> = answers.iter().map(code).collect();
    assert_eq!(
        codes,
        [
            "read",
            "read",
            "missing",
            "deleted",
            "key-denied",
            "denied",
            "not-understood",
            "not-understood"
        ]
    );
    assert_eq!(answers[1].as_ref().expect("read").value.expose(), b"\xff\x00\xfe");
}

#[tokio::test]
async fn credentials_that_cannot_be_had_are_told_in_their_own_words() {
    let fake = Fake::start().await;
    let source = SecretsManager::new(&session(&fake, "unknown").await);
    let read = source.fetch(&[locator("asm:db")]).await.remove(0);
    let Err(Failure::NoCredentials { said }) = read else { panic!("{read:?}") };
    assert!(said.as_str().contains("InvalidIdentityToken"), "{said}");
    assert_eq!(fake.asked("GetSecretValue"), 0);
}
