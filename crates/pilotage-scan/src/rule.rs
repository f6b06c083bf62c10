//! The catalogue: what is found, and what to do about it.

/// A kind of secret.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// What was found.
    pub title: &'static str,
    /// What to do.
    pub instead: &'static str,
}

/// All rules, in the order of their names.
pub const RULES: &[&Rule] = &[
    &API_TOKEN,
    &AUTHORIZATION,
    &AWS_KEY,
    &AZURE_KEY,
    &CHAT_WEBHOOK,
    &FORGE_TOKEN,
    &JWT,
    &KUBERNETES_SECRET,
    &PASSWORD,
    &PRIVATE_KEY,
    &SECRET,
    &URL_PASSWORD,
];

pub(crate) const API_TOKEN: Rule = Rule {
    id: "api-token",
    title: "a token of a service",
    instead: "revoke it at the service, keep the new one in a secret store and refer to it",
};
pub(crate) const AUTHORIZATION: Rule = Rule {
    id: "authorization",
    title: "credentials in an authorization header",
    instead: "revoke them, and build the header from a reference when the request is made",
};
pub(crate) const AWS_KEY: Rule = Rule {
    id: "aws-key",
    title: "an access key of AWS",
    instead: "deactivate the key, and let the workload assume a role (task role, OIDC of the CI job)",
};
pub(crate) const AZURE_KEY: Rule = Rule {
    id: "azure-key",
    title: "a key or client secret of Azure",
    instead: "rotate it, and use a workload identity or a federated credential",
};
pub(crate) const CHAT_WEBHOOK: Rule = Rule {
    id: "chat-webhook",
    title: "the address of a webhook, which lets everybody post",
    instead: "make a new webhook and keep its address in a secret store",
};
pub(crate) const FORGE_TOKEN: Rule = Rule {
    id: "forge-token",
    title: "a token of a code host or package registry",
    instead: "revoke it, and use the token of the job or trusted publishing",
};
pub(crate) const JWT: Rule = Rule {
    id: "jwt",
    title: "a signed token (JWT)",
    instead: "end its session, and get a token when it is needed",
};
pub(crate) const KUBERNETES_SECRET: Rule = Rule {
    id: "kubernetes-secret",
    title: "a value in a Secret manifest, which is encoded and not encrypted",
    instead: "change the value, and use an ExternalSecret or a SecretProviderClass",
};
pub(crate) const PASSWORD: Rule = Rule {
    id: "password",
    title: "a password in plain text",
    instead: "change it, and refer to a secret store (`valueFrom`, `secretKeyRef`, `secrets:`)",
};
pub(crate) const PRIVATE_KEY: Rule = Rule {
    id: "private-key",
    title: "a private key",
    instead: "replace the key pair, and keep the private half in a secret store",
};
pub(crate) const SECRET: Rule = Rule {
    id: "secret",
    title: "a name that sounds secret with a value that looks random",
    instead: "change it, and refer to a secret store (`valueFrom`, `secretKeyRef`, `secrets:`)",
};
pub(crate) const URL_PASSWORD: Rule = Rule {
    id: "url-password",
    title: "a password in a URL",
    instead: "change it, and build the URL from a reference when the process starts",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_in_the_order_of_their_names() {
        assert!(RULES.is_sorted_by_key(|rule| rule.id));
    }
}
