//! Parameters of SSM Parameter Store: `ssm:NAME-OR-ARN[:VERSION|:LABEL][#POINTER]`.

use core::fmt::{self, Display, Formatter};

use super::{BadReference, Site};

/// A parameter of SSM Parameter Store, in one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parameter {
    /// Where it is, if the reference is an ARN; the caller's account and region if not.
    pub site: Option<Site>,
    /// Its name, with the leading slash where it has one.
    pub name: ParameterName,
    /// In which version.
    pub selector: Selector,
}

/// The name of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterName(String);

/// Which version of a parameter is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// The newest when it is read.
    #[default]
    Latest,
    /// Exactly this one.
    Version(u64),
    /// The one that has this label when it is read.
    Label(Label),
}

/// A label of a version of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl ParameterName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name, if it can be one.
    pub fn new(text: &str) -> Result<Self, BadReference> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte);
        let help = "write `ssm:/path/name`, `ssm:name` or `ssm:ARN`, then `:VERSION` or `:LABEL`, \
                    then `#/KEY`";
        if !(1..=1011).contains(&text.len()) || !text.bytes().all(fits) {
            let what = "the name of a parameter is not 1 to 1011 of letters, digits and `/_.-`";
            return Err(BadReference::new(what, help));
        }
        if text.contains("//") || text.ends_with('/') {
            return Err(BadReference::new("the name of a parameter has an empty part", help));
        }
        if !text.starts_with('/') && text.contains('/') {
            let what = "a parameter with a path has a name that does not begin with `/`";
            return Err(BadReference::new(what, "write `ssm:/path/name`"));
        }
        Ok(Self(text.into()))
    }
}

impl Label {
    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Selector {
    /// Reads a version or a label.
    pub fn parse(text: &str) -> Result<Self, BadReference> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let wrong = BadReference::new(
            "what follows the name of the parameter is neither a version nor a label",
            "a version is a number from 1; a label has up to 100 of letters, digits, `_`, `.` and \
             `-`, and begins with no digit",
        );
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            let is_canonical = text.bytes().all(|byte| byte.is_ascii_digit());
            return match text.parse() {
                Ok(version) if is_canonical && !text.starts_with('0') => Ok(Self::Version(version)),
                _ => Err(wrong),
            };
        }
        if (1..=100).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(Self::Label(Label(text.into())));
        }
        Err(wrong)
    }
}

impl Parameter {
    /// Reads a name or an ARN, each perhaps with a selector.
    pub(super) fn parse(text: &str) -> Result<Self, BadReference> {
        let (site, rest) = if text.starts_with("arn:") {
            let (site, resource) = Site::split(text, "ssm")?;
            (Some(site), of_arn(resource)?)
        } else {
            (None, text.to_owned())
        };
        let (name, selector) = match rest.split_once(':') {
            None => (rest.as_str(), Selector::Latest),
            Some((name, selector)) => (name, Selector::parse(selector)?),
        };
        Ok(Self { site, name: ParameterName::new(name)?, selector })
    }

    /// What the service calls `Name`: the name or the ARN, with the selector.
    pub fn request_name(&self) -> String {
        format!("{}{}", self.base(), self.selector)
    }

    /// The name or the ARN, without the selector.
    pub fn base(&self) -> String {
        match &self.site {
            None => self.name.as_str().into(),
            Some(site) => self.arn(site),
        }
    }

    /// The ARN that it has at a site: its name without a leading slash.
    pub fn arn(&self, site: &Site) -> String {
        let name = self.name.as_str();
        site.arn("ssm", &format_args!("parameter/{}", name.strip_prefix('/').unwrap_or(name)))
    }
}

/// The name that belongs to a resource: an ARN does not show the leading slash of a path.
fn of_arn(resource: &str) -> Result<String, BadReference> {
    let Some(name) = resource.strip_prefix("parameter/") else {
        return Err(BadReference::new(
            "the ARN is not that of a parameter",
            "its resource begins with `parameter/`",
        ));
    };
    let base = name.split(':').next().unwrap_or(name);
    Ok(if base.contains('/') { format!("/{name}") } else { name.into() })
}

impl Display for ParameterName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Display for Selector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => Ok(()),
            Self::Version(version) => write!(f, ":{version}"),
            Self::Label(label) => write!(f, ":{}", label.0),
        }
    }
}
