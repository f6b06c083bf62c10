//! As whom the secrets of an environment are read: `[env.NAME.reader]`.
//!
//! It is read by hand, as the [secrets](super::secrets) are, and for the same reason.

use pilotage_config::{Fault, Node, Value, advice};

use super::outline::tables;

/// The keys of the table.
const KEYS: [&str; 3] = ["role", "region", "external_id"];

/// As whom the secrets of an environment are read in AWS, where it is not simply whoever runs this.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// The ARN of the role to assume: with the token of the CI job if it has one, otherwise with the
    /// credentials that are at hand.
    pub role: Option<String>,
    /// What the role's trust policy asks third parties for.
    pub external_id: Option<String>,
    /// The region of references that name none.
    pub region: Option<String>,
}

/// Reads the table `reader` of an environment.
pub(super) fn reader(node: &Node) -> Result<Reader, Fault> {
    let mut reader = Reader::default();
    for entry in tables(node, "settings")? {
        let (key, node) = (entry.key.as_str(), &entry.node);
        let text = || text(node).map_err(|fault| fault.under(key));
        match key {
            "role" => reader.role = Some(checked(text()?, &ROLE, node)?),
            "region" => reader.region = Some(checked(text()?, &REGION, node)?),
            "external_id" => reader.external_id = Some(checked(text()?, &EXTERNAL_ID, node)?),
            other => {
                let fault = Fault::new(format!("unknown key `{other}`"));
                return Err(fault.with_help(advice(other, &KEYS)).at(&entry.place));
            }
        }
    }
    if reader.external_id.is_some() && reader.role.is_none() {
        let fault = Fault::new("`external_id` is for a role, and there is none");
        return Err(fault.with_help("add `role = …`, or leave it out").within(node));
    }
    Ok(reader)
}

/// A rule for a text, which is never quoted: somebody may have put a secret there.
struct Rule {
    key: &'static str,
    holds: fn(&str) -> bool,
    wrong: &'static str,
    help: &'static str,
}

const ROLE: Rule = Rule {
    key: "role",
    holds: is_role,
    wrong: "this is not the ARN of a role",
    help: "write `arn:aws:iam::ACCOUNT:role/NAME`, as the console shows it",
};

const REGION: Rule = Rule {
    key: "region",
    holds: is_region,
    wrong: "this is not the name of a region",
    help: "write it as in `eu-west-1`",
};

const EXTERNAL_ID: Rule = Rule {
    key: "external_id",
    holds: is_external_id,
    wrong: "this cannot be an external id",
    help: "use 2 to 1224 of letters, digits and `_+=,.@:/-`",
};

fn checked(text: &str, rule: &Rule, node: &Node) -> Result<String, Fault> {
    if (rule.holds)(text) {
        return Ok(text.into());
    }
    Err(Fault::new(rule.wrong).with_help(rule.help).within(node).under(rule.key))
}

fn is_role(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return false };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@/-".contains(&byte);
    let name = resource.strip_prefix("role/").unwrap_or_default();
    partition.starts_with("aws") && is_account && !name.is_empty() && name.bytes().all(fits)
}

fn is_region(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let ends = text.bytes().last().is_some_and(|byte| byte.is_ascii_digit());
    text.len() <= 32 && text.contains('-') && ends && text.bytes().all(fits)
}

fn is_external_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
    (2..=1224).contains(&text.len()) && text.bytes().all(fits)
}

fn text(node: &Node) -> Result<&str, Fault> {
    match &node.value {
        Value::Text(text) => Ok(text),
        _ => Err(Fault::new("expected a text in quotes").within(node)),
    }
}
