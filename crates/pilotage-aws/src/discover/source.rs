//! Where values are.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

use crate::bucket::Bucket;

/// Something that is fetched as a whole, and holds values by their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// A stack of CloudFormation, by name or ARN.
    Stack(String),
    /// All exports of the account in the region.
    Exports,
    /// One parameter of Parameter Store.
    Parameter(String),
    /// A state of Terraform in a file.
    File(PathBuf),
    /// A state of Terraform in S3.
    Object(Bucket),
}

/// For people, as an ending of "there is no such thing in ...".
impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stack(name) => write!(f, "the stack `{name}`"),
            Self::Exports => f.write_str("the exports of CloudFormation"),
            Self::Parameter(_) => f.write_str("Parameter Store"),
            Self::File(path) => write!(f, "the state `{}`", path.display()),
            Self::Object(object) => {
                write!(f, "the state `{}`", object.to_string().trim_end_matches('/'))
            }
        }
    }
}
