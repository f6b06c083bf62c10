//! Where the credentials of an assumed role come from.

use aws_config::SdkConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::Role;
use super::web_identity::WebIdentity;

/// The same configuration, in this role.
pub(super) async fn assuming(role: &Role, config: SdkConfig) -> SdkConfig {
    let provider = match &role.web_identity {
        Some(identity) => {
            let provider = WebIdentity::new(role, identity.clone(), &config);
            SharedCredentialsProvider::new(provider)
        }
        None => SharedCredentialsProvider::new(assumed(role, &config).await),
    };
    config.into_builder().credentials_provider(provider).build()
}

async fn assumed(role: &Role, config: &SdkConfig) -> AssumeRoleProvider {
    let builder = AssumeRoleProvider::builder(role.arn.as_str())
        .session_name(role.session.as_str())
        .configure(config);
    match &role.external_id {
        Some(id) => builder.external_id(id).build().await,
        None => builder.build().await,
    }
}
