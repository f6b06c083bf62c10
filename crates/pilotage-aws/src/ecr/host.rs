//! What a registry's host name tells of ECR.

use std::fmt::{self, Display, Formatter};

use crate::session::is_account;

/// The host of ECR Public.
const PUBLIC: [&str; 2] = ["public.ecr.aws", "ecr-public.aws.com"];

/// What stands between account and region, and what after the region, in all partitions.
const FORMS: [(&str, &[&str]); 4] = [
    (".dkr.ecr.", CLASSIC),
    (".dkr.ecr-fips.", CLASSIC),
    (".dkr-ecr.", DUAL_STACK),
    (".dkr-ecr-fips.", DUAL_STACK),
];

const CLASSIC: &[&str] = &[
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
];

const DUAL_STACK: &[&str] = &["on.aws", "on.amazonwebservices.com.cn"];

/// A registry that takes ECR's credentials.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EcrHost {
    /// ECR Public. Its API is in `us-east-1`, wherever one is.
    Public,
    /// The private registry of one account in one region.
    Private(PrivateHost),
}

/// The host of a private registry: one account in one region.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrivateHost {
    name: String,
    account: String,
    region: String,
}

impl EcrHost {
    /// What the host name says; `None` for the hosts of all other registries.
    ///
    /// ```
    /// use pilotage_aws::ecr::EcrHost;
    ///
    /// let host = EcrHost::parse("123456789012.dkr.ecr.eu-central-1.amazonaws.com");
    /// let Some(EcrHost::Private(host)) = host else { panic!("it is a private registry") };
    /// assert_eq!((host.account(), host.region()), ("123456789012", "eu-central-1"));
    /// assert_eq!(EcrHost::parse("ghcr.io"), None);
    /// ```
    pub fn parse(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        if PUBLIC.contains(&host.as_str()) {
            return Some(Self::Public);
        }
        FORMS.iter().find_map(|(form, suffixes)| private(&host, form, suffixes)).map(Self::Private)
    }
}

fn private(host: &str, form: &str, suffixes: &[&str]) -> Option<PrivateHost> {
    let (account, rest) = host.split_once(form)?;
    let (region, suffix) = rest.split_once('.')?;
    let fits = is_account(account) && is_region(region) && suffixes.contains(&suffix);
    let own = |text: &str| text.to_owned();
    fits.then(|| PrivateHost { name: own(host), account: own(account), region: own(region) })
}

/// Whether this can be a region: `eu-central-1`, `us-gov-west-1`, `us-iso-east-1`.
fn is_region(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.contains('-') && text.bytes().all(fits)
}

impl PrivateHost {
    /// The number of the account that the registry belongs to.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }
}

impl Display for PrivateHost {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(host: &str) -> Option<(String, String)> {
        match EcrHost::parse(host)? {
            EcrHost::Private(PrivateHost { account, region, .. }) => Some((account, region)),
            EcrHost::Public => None,
        }
    }

    #[test]
    fn every_partition_and_form_tells_account_and_region() {
        for (host, region) in [
            ("123456789012.dkr.ecr.eu-central-1.amazonaws.com", "eu-central-1"),
            ("123456789012.DKR.ECR.eu-central-1.amazonaws.com", "eu-central-1"),
            ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
            ("123456789012.dkr-ecr.us-west-2.on.aws", "us-west-2"),
            ("123456789012.dkr-ecr-fips.us-east-1.on.aws", "us-east-1"),
            ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1"),
            ("123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
            ("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ] {
            let expected = Some(("123456789012".to_owned(), region.to_owned()));
            assert_eq!(told(host), expected, "{host}");
        }
    }

    #[test]
    fn hosts_that_only_look_like_it_get_no_credentials() {
        for host in [
            "ghcr.io",
            "123456789012.dkr.ecr.eu-central-1.amazonaws.com.example.org",
            "123456789012.dkr.ecr.eu-central-1.example.com",
            "12345.dkr.ecr.eu-central-1.amazonaws.com",
            "123456789012.dkr.ecr..amazonaws.com",
            "evil.123456789012.dkr.ecr.eu-central-1.amazonaws.com",
            "123456789012.dkr.ecr.eu-central-1.on.aws",
            "public.ecr.aws.example.org",
        ] {
            assert_eq!(EcrHost::parse(host), None, "{host}");
        }
    }

    #[test]
    fn the_public_registry_is_known() {
        assert_eq!(EcrHost::parse("public.ecr.aws"), Some(EcrHost::Public));
    }
}
