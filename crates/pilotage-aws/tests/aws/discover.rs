//! Values that others have put down, against the emulator.

use std::path::Path;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_ssm::types::ParameterType;
use pilotage_aws::discover::{Discovery, Reference, Undiscovered};
use pilotage_aws::{Session, Settings, bucket};

use crate::emulator::{Emulator, settings, unique};
use crate::fake::Fake;

const STATE: &str = r#"{"version": 4, "outputs": {
    "cluster_arn": {"value": "arn:x", "type": "string"},
    "subnets": {"value": ["subnet-1", "subnet-2"], "type": ["list", "string"]},
    "password": {"value": "canary", "type": "string", "sensitive": true}
}}"#;

async fn find(session: &Session, text: &str) -> Result<String, Undiscovered> {
    let reference: Reference = text.parse().expect(text);
    Discovery::new(session).find(&[reference]).await.remove(0)
}

async fn stack(emulator: &Emulator) -> String {
    let name = unique("shop");
    let template = format!(
        r#"{{"Resources": {{"Name": {{"Type": "AWS::SSM::Parameter", "Properties":
            {{"Name": "{name}", "Type": "String", "Value": "x"}}}}}},
        "Outputs": {{
            "ClusterArn": {{"Value": "arn:x", "Export": {{"Name": "{name}:cluster"}}}},
            "ServiceName": {{"Value": "web"}}
        }}}}"#
    );
    let client = aws_sdk_cloudformation::Client::new(&emulator.admin());
    client.create_stack().stack_name(&name).template_body(template).send().await.expect("created");
    let mut looks = tokio::time::interval(std::time::Duration::from_millis(100));
    for _ in 0..600 {
        looks.tick().await;
        let stacks = client.describe_stacks().stack_name(&name).send().await.expect("described");
        let status = stacks.stacks().first().and_then(|stack| stack.stack_status().cloned());
        if status.is_some_and(|status| status.as_str() == "CREATE_COMPLETE") {
            return name;
        }
    }
    panic!("the stack `{name}` is not created");
}

#[tokio::test]
async fn outputs_and_exports_of_stacks_are_found() {
    for emulator in [Emulator::ministack(), Emulator::moto()].into_iter().flatten() {
        let (name, session) = (stack(&emulator).await, emulator.session().await);
        let wanted = ["ClusterArn", "ServiceName"].map(|output| format!("cfn:{name}/{output}"));
        let wanted = wanted.map(|text| text.parse().expect("a reference"));
        let found = Discovery::new(&session).find(&wanted).await;
        let found: Vec<_> = found.into_iter().map(|found| found.expect("it is there")).collect();
        assert_eq!(found, ["arn:x", "web"]);
        let exported = find(&session, &format!("cfn-export:{name}:cluster")).await;
        assert_eq!(exported.expect("it is there"), "arn:x");

        let error = find(&session, &format!("cfn:{name}/ClusterARN")).await.expect_err("misspelt");
        assert!(error.to_string().contains("did you mean `ClusterArn`"), "{error}");
        let error = find(&session, &format!("cfn:{name}x/ClusterArn")).await.expect_err("misspelt");
        let expected = format!("the stack `{name}x` is not there (did you mean `{name}`");
        assert!(error.to_string().starts_with(&expected), "{error}");
        let error = find(&session, &format!("cfn-export:{name}:claster")).await.expect_err("none");
        assert!(error.to_string().contains(&format!("`{name}:cluster`")), "{error}");
    }
}

#[tokio::test]
async fn parameters_are_found_and_secrets_refused() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (name, session) = (format!("/{}/cluster", unique("shop")), emulator.session().await);
    let client = aws_sdk_ssm::Client::new(&emulator.admin());
    for (name, kind) in [
        (name.clone(), ParameterType::String),
        (format!("{name}-secret"), ParameterType::SecureString),
    ] {
        client.put_parameter().name(name).value("x").r#type(kind).send().await.expect("put");
    }
    assert_eq!(find(&session, &format!("ssm:{name}")).await.expect("it is there"), "x");
    let secret = find(&session, &format!("ssm:{name}-secret")).await;
    assert!(matches!(secret, Err(Undiscovered::Sensitive { .. })), "{secret:?}");
    let missing = find(&session, &format!("ssm:{name}-other")).await;
    assert!(matches!(missing, Err(Undiscovered::NoValue { .. })), "{missing:?}");
}

#[tokio::test]
async fn outputs_of_states_are_found_in_files_and_in_s3() {
    let Some(emulator) = Emulator::ministack() else { return };
    let (name, session) = (unique("states"), emulator.session().await);
    let place = format!("s3://{name}").parse().expect("a place");
    bucket::create(&session, &place).await.expect("created");
    let config = aws_sdk_s3::config::Builder::from(&emulator.admin()).force_path_style(true);
    let client = aws_sdk_s3::Client::from_conf(config.build());
    let body = ByteStream::from_static(STATE.as_bytes());
    client
        .put_object()
        .bucket(&name)
        .key("prod/shop.tfstate")
        .body(body)
        .send()
        .await
        .expect("put");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("terraform.tfstate");
    write(&file, STATE);
    for state in [format!("s3://{name}/prod/shop.tfstate"), file.display().to_string()] {
        let found = find(&session, &format!("tfstate:{state}#cluster_arn")).await;
        assert_eq!(found.expect("it is there"), "arn:x", "{state}");
        let found = find(&session, &format!("tfstate:{state}#subnets/1")).await;
        assert_eq!(found.expect("it is there"), "subnet-2", "{state}");
        let secret = find(&session, &format!("tfstate:{state}#password")).await;
        let error = secret.expect_err("it is sensitive");
        assert!(matches!(error, Undiscovered::Sensitive { .. }), "{error}");
        assert!(!format!("{error:?} {error}").contains("canary"));
        let missing = find(&session, &format!("tfstate:{state}x#cluster_arn")).await;
        assert!(matches!(missing, Err(Undiscovered::NoSource { .. })), "{missing:?}");
    }
}

#[tokio::test]
async fn whoever_may_not_look_is_told_what_to_allow() {
    let (fake, folder) = (Fake::start().await, tempfile::tempdir().expect("a folder"));
    let settings: Settings = settings(fake.address(), folder.path(), "denied");
    let session = Session::open(&settings).await.expect("all is given");
    for (text, action) in [
        ("cfn:shop/ClusterArn", "cloudformation:DescribeStacks"),
        ("cfn-export:shop", "cloudformation:ListExports"),
        ("ssm:/shop", "ssm:GetParameters"),
    ] {
        let error = find(&session, text).await.expect_err("denied").to_string();
        assert!(error.contains(&format!("allow `{action}`")), "{error}");
    }
}

#[expect(clippy::disallowed_methods, reason = "a state is a file")]
fn write(file: &Path, text: &str) {
    std::fs::write(file, text).expect("it can be written");
}
