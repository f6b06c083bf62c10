//! The beginning that all ARNs share.

use core::fmt::{self, Display, Formatter};

use super::BadReference;

/// Where something of AWS is: partition, region and account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    partition: String,
    region: String,
    account: String,
}

impl Site {
    /// `aws`, `aws-cn`, `aws-us-gov` and the like.
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The account, twelve digits.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// A site, if each part of it is one.
    pub fn new(partition: &str, region: &str, account: &str) -> Result<Self, BadReference> {
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_word = |text: &str| !text.is_empty() && text.len() <= 40 && text.bytes().all(word);
        let help = "copy the ARN from the console or from a `describe` call";
        let wrong = |what| Err(BadReference::new(what, help));
        if partition != "aws" && !(partition.starts_with("aws-") && is_word(partition)) {
            return wrong("the partition of the ARN is not `aws` or one that begins with `aws-`");
        }
        if !is_word(region) {
            return wrong("the region of the ARN is none");
        }
        if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return wrong("the account of the ARN is not twelve digits");
        }
        Ok(Self { partition: partition.into(), region: region.into(), account: account.into() })
    }

    /// Cuts `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST` into the site and the rest.
    pub(super) fn split<'a>(text: &'a str, service: &str) -> Result<(Self, &'a str), BadReference> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", partition, found, region, account, rest] if *found == service => {
                Ok((Self::new(partition, region, account)?, rest))
            }
            ["arn", _, _, _, _, _] => Err(BadReference::new(
                "the ARN is not one of the service that the reference names",
                "use `asm:` for Secrets Manager and `ssm:` for Parameter Store",
            )),
            _ => Err(BadReference::new(
                "the ARN is cut short",
                "an ARN is `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`",
            )),
        }
    }

    /// Writes an ARN of this site.
    pub(crate) fn arn(&self, service: &str, resource: &dyn Display) -> String {
        let Self { partition, region, account } = self;
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

impl Display for Site {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { partition, region, account } = self;
        write!(f, "{partition}/{region}/{account}")
    }
}
