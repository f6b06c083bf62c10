//! Which value is meant.

use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::str::FromStr;

use super::Source;

/// Which value is meant: a name in a source, and perhaps a place inside of what has that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    source: Source,
    name: String,
    pointer: String,
}

/// Text that refers to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` refers to no value: {why}")]
pub struct InvalidReference {
    given: String,
    why: &'static str,
}

const KINDS: &str = "write `cfn:STACK/OUTPUT`, `cfn-export:NAME`, `ssm:NAME` or \
                     `tfstate:PATH#OUTPUT`";
const OUTPUT: &str = "write `cfn:STACK/OUTPUT`";
const EXPORT: &str = "write `cfn-export:NAME`";
const PARAMETER: &str = "write `ssm:NAME` or `ssm:/path/name`";
const STATE: &str = "write `tfstate:PATH#OUTPUT` or `tfstate:s3://BUCKET/KEY#OUTPUT`, then \
                     `/POINTER` for a place inside of the output";

impl Reference {
    /// Where the value is.
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// Its name there.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The place inside of what has the name, as a JSON pointer; empty for the whole.
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The same with a path of a file that begins at this folder, unless it is absolute.
    pub fn from_folder(self, folder: &Path) -> Self {
        let source = match self.source {
            Source::File(path) => Source::File(folder.join(path)),
            source => source,
        };
        Self { source, ..self }
    }

    fn whole(source: Source, name: &str) -> Self {
        Self { source, name: name.into(), pointer: String::new() }
    }
}

impl FromStr for Reference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let read = match text.split_once(':') {
            Some(("cfn", rest)) => output(rest),
            Some(("cfn-export", name)) => export(name),
            Some(("ssm", name)) => parameter(name),
            Some(("tfstate", rest)) => state(rest),
            _ => Err(KINDS),
        };
        read.map_err(|why| InvalidReference { given: text.into(), why })
    }
}

fn output(text: &str) -> Result<Reference, &'static str> {
    let (stack, name) = text.rsplit_once('/').ok_or(OUTPUT)?;
    let is_stack =
        !stack.is_empty() && stack.bytes().all(|byte| is_word(byte) || b"-:/".contains(&byte));
    let is_output = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !(is_stack && is_output) {
        return Err(OUTPUT);
    }
    Ok(Reference::whole(Source::Stack(stack.into()), name))
}

fn export(name: &str) -> Result<Reference, &'static str> {
    let is_export =
        !name.is_empty() && name.bytes().all(|byte| is_word(byte) || b"-:".contains(&byte));
    if is_export { Ok(Reference::whole(Source::Exports, name)) } else { Err(EXPORT) }
}

fn parameter(name: &str) -> Result<Reference, &'static str> {
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| is_word(byte) || b"/.-".contains(&byte));
    if !is_name {
        return Err(PARAMETER);
    }
    Ok(Reference::whole(Source::Parameter(name.into()), name))
}

fn state(text: &str) -> Result<Reference, &'static str> {
    let (place, inside) = text.rsplit_once('#').ok_or(STATE)?;
    let (name, pointer) = inside.split_at(inside.find('/').unwrap_or(inside.len()));
    let is_name = !name.is_empty() && name.bytes().all(|byte| is_word(byte) || byte == b'-');
    if !is_name || place.is_empty() {
        return Err(STATE);
    }
    let source = match place.parse() {
        Ok(object) => Source::Object(object),
        Err(_) if place.contains("://") => return Err(STATE),
        Err(_) => Source::File(place.into()),
    };
    Ok(Reference { source, name: name.into(), pointer: pointer.into() })
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { source, name, pointer } = self;
        match source {
            Source::Stack(stack) => write!(f, "cfn:{stack}/{name}"),
            Source::Exports => write!(f, "cfn-export:{name}"),
            Source::Parameter(_) => write!(f, "ssm:{name}"),
            Source::File(path) => write!(f, "tfstate:{}#{name}{pointer}", path.display()),
            Source::Object(object) => {
                let object = object.to_string();
                write!(f, "tfstate:{}#{name}{pointer}", object.trim_end_matches('/'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_and_printed_as_it_was_written() {
        for text in [
            "cfn:shop-prod/ClusterArn",
            "cfn:arn:aws:cloudformation:eu-central-1:000000000000:stack/shop/1-2/ClusterArn",
            "cfn-export:shop:cluster",
            "ssm:/shop/prod/cluster",
            "ssm:cluster",
            "tfstate:infra/terraform.tfstate#cluster_arn",
            "tfstate:infra/terraform.tfstate#subnets/0",
            "tfstate:s3://states/prod/shop.tfstate#cluster/arn",
        ] {
            let reference: Reference = text.parse().expect(text);
            assert_eq!(reference.to_string(), text);
        }
    }

    #[test]
    fn what_is_almost_a_reference_is_refused_with_what_to_write() {
        for (text, help) in [
            ("", "`ssm:NAME`"),
            ("shop-prod/ClusterArn", "`cfn-export:NAME`"),
            ("cfn:shop-prod", "cfn:STACK/OUTPUT"),
            ("cfn:/ClusterArn", "cfn:STACK/OUTPUT"),
            ("cfn:shop/Cluster Arn", "cfn:STACK/OUTPUT"),
            ("cfn-export:", "cfn-export:NAME"),
            ("ssm:", "ssm:/path/name"),
            ("tfstate:infra", "tfstate:PATH#OUTPUT"),
            ("tfstate:#x", "tfstate:PATH#OUTPUT"),
            ("tfstate:https://x/y#z", "tfstate:s3://BUCKET"),
        ] {
            let error = text.parse::<Reference>().expect_err(text).to_string();
            assert!(error.contains(help), "{text}: {error}");
        }
    }
}
