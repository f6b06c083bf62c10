//! The secrets of an environment: `[env.NAME.secrets.COMPONENT]`.
//!
//! They are read by hand and not by `serde`, whose errors quote what they find: whoever writes a
//! secret where a reference belongs must not find it in the log of a job afterwards.

use std::collections::BTreeMap;
use std::path::Path;

use pilotage_config::{Entry, Fault, Node, Value, advice};
use pilotage_secrets::manifest::{Component, Form, Manifest, Wanted};
use pilotage_secrets::reference::Variable;
use pilotage_secrets::{KmsKey, Reference};

use super::error::ConfigError;
use super::outline::{Outline, tables};
use super::reader::{Reader, reader};

/// The secrets of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    /// The name of the environment.
    pub environment: String,
    /// What its components need.
    pub manifest: Manifest,
    /// As whom they are read.
    pub reader: Reader,
}

impl Secrets {
    /// Reads the secrets of an environment from a configuration, which may be about nothing else.
    pub fn load(path: &Path, environment: Option<&str>) -> Result<Self, ConfigError> {
        Self::of(&Outline::load(path)?, environment)
    }

    fn of(outline: &Outline, environment: Option<&str>) -> Result<Self, ConfigError> {
        let name = outline.choose(environment)?;
        let found = outline.table(name, "secrets");
        let manifest = found.map_or_else(|| Ok(Manifest::default()), manifest);
        let manifest = manifest.map_err(|fault| outline.wrong(name, "secrets", fault))?;
        let found = outline.table(name, "reader");
        let reader = found.map_or_else(|| Ok(Reader::default()), reader);
        let reader = reader.map_err(|fault| outline.wrong(name, "reader", fault))?;
        Ok(Self { environment: name.to_owned(), manifest, reader })
    }
}

/// Reads the table `secrets` of an environment.
pub(super) fn manifest(node: &Node) -> Result<Manifest, Fault> {
    let mut manifest = Manifest::default();
    for entry in tables(node, "components")? {
        let component: Component = entry.key.parse().map_err(|error| named(&error, entry))?;
        let wanted = variables(&entry.node).map_err(|fault| fault.under(&entry.key))?;
        manifest.components.insert(component, wanted);
    }
    Ok(manifest)
}

fn variables(node: &Node) -> Result<BTreeMap<Variable, Wanted>, Fault> {
    let variable = |entry: &Entry| {
        let variable: Variable = entry.key.parse().map_err(|error| named(&error, entry))?;
        Ok((variable, wanted(&entry.node).map_err(|fault| fault.under(&entry.key))?))
    };
    tables(node, "variables")?.iter().map(variable).collect()
}

fn wanted(node: &Node) -> Result<Wanted, Fault> {
    if let Value::Text(text) = &node.value {
        return Ok(Wanted { from: reference(text, node)?, form: Form::default(), key: None });
    }
    let Value::Table(entries) = &node.value else {
        let fault = Fault::new("expected a reference, or a table with a reference");
        return Err(fault.with_help("write `NAME = \"asm:…\"`").within(node));
    };
    let (mut from, mut form, mut key) = (None, Form::default(), None);
    for entry in entries {
        let text = text(&entry.node).map_err(|fault| fault.under(&entry.key));
        match entry.key.as_str() {
            "from" => {
                let reference = reference(text?, &entry.node);
                from = Some(reference.map_err(|fault| fault.under("from"))?);
            }
            "as" => {
                let wrong = |what| Fault::new(what).within(&entry.node).under("as");
                form = text?.parse().map_err(wrong)?;
            }
            "key" => key = Some(KmsKey(key_arn(text?, &entry.node)?)),
            other => {
                let fault = Fault::new(format!("unknown key `{other}`"));
                let fault = fault.with_help(advice(other, &["from", "as", "key"]));
                return Err(fault.at(&entry.place));
            }
        }
    }
    let missing =
        || Fault::new("the key `from` is missing").with_help("add `from = …`").within(node);
    Ok(Wanted { from: from.ok_or_else(missing)?, form, key })
}

fn reference(text: &str, node: &Node) -> Result<Reference, Fault> {
    let wrong = |error: pilotage_secrets::BadReference| {
        Fault::of(&error).with_help(error.help()).within(node)
    };
    text.parse().map_err(wrong)
}

fn key_arn(text: &str, node: &Node) -> Result<String, Fault> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":/_-".contains(&byte);
    let is_key = text.starts_with("arn:aws") && text.contains(":key/") && text.bytes().all(fits);
    if is_key {
        return Ok(text.into());
    }
    let fault = Fault::new("the key is not named by its ARN");
    Err(fault.with_help("write `arn:aws:kms:REGION:ACCOUNT:key/ID`").within(node).under("key"))
}

fn text(node: &Node) -> Result<&str, Fault> {
    match &node.value {
        Value::Text(text) => Ok(text),
        _ => Err(Fault::new("expected a text in quotes").within(node)),
    }
}

fn named(error: &dyn core::error::Error, entry: &Entry) -> Fault {
    Fault::of(error).at(&entry.place).under(&entry.key)
}

#[cfg(test)]
mod tests {
    use pilotage_config::Document;

    use super::*;

    fn read(text: &str) -> Result<Secrets, String> {
        Document::parse(Path::new("pilotage.toml"), text.into())
            .map_err(ConfigError::from)
            .and_then(Outline::of)
            .and_then(|outline| Secrets::of(&outline, None))
            .map_err(|error| format!("{error}; {}", error.help().join("; ")))
    }

    #[test]
    fn a_file_may_be_about_secrets_alone() {
        let read =
            read("[env.prod.secrets.web]\nDB = 'asm:db'\nKEY = { from = 'file:k', as = 'fd' }");
        let secrets = read.expect("it is valid");
        assert_eq!(
            (secrets.environment.as_str(), secrets.manifest.references().count()),
            ("prod", 2)
        );
    }

    #[test]
    fn a_reader_may_have_a_role_of_its_own() {
        let role = "arn:aws-cn:iam::123456789012:role/team/web";
        let text = format!(
            "[env.prod.reader]\nrole = '{role}'\nregion = 'cn-north-1'\nexternal_id = 'shop:1'"
        );
        let reader = read(&text).expect("it is valid").reader;
        assert_eq!(reader.role.as_deref(), Some(role));
        assert_eq!(reader.region.as_deref(), Some("cn-north-1"));
        assert_eq!(reader.external_id.as_deref(), Some("shop:1"));
        assert_eq!(read("[env.prod]").expect("it is valid").reader, Reader::default());
    }

    #[test]
    fn a_wrong_one_is_told_with_its_place_and_never_quoted() {
        for (text, said) in [
            (
                "[env.prod.secrets.web]\nDB = 'hunter2'",
                "pilotage.toml:2:6: in `env.prod.secrets.web.DB`: this does not begin",
            ),
            (
                "[env.prod.secrets.web]\nDB = 4711",
                ":2:6: in `env.prod.secrets.web.DB`: expected a reference",
            ),
            (
                "[env.prod.secrets]\nweb = 'hunter2'",
                ":2:7: in `env.prod.secrets.web`: expected a table",
            ),
            ("[env.prod]\nsecrets = 'hunter2'", ":2:11: in `env.prod.secrets`: expected a table"),
            ("[env]\nprod = 'hunter2'", ":2:8: in `env.prod`: expected a table"),
            ("env = 'hunter2'", ":1:7: in `env`: expected a table"),
            (
                "[env.prod.secrets.web]\nDB = { form = 'hunter2' }",
                "unknown key `form`; did you mean `from`?",
            ),
            (
                "[env.prod.secrets.web]\nDB = { from = 4711 }",
                "in `env.prod.secrets.web.DB.from`: expected a text",
            ),
            (
                "[env.prod.secrets.web]\nDB = { from = 'asm:a', as = 'hunter2' }",
                "`as` \"env\" or \"fd\"",
            ),
            (
                "[env.prod.secrets.web]\nDB = { from = 'asm:a', key = 'hunter2' }",
                "not named by its ARN",
            ),
            ("[env.prod.secrets.web]\nDB = { as = 'env' }", "`from` is missing"),
            ("[env.prod.secrets.Web]\nDB = 'asm:a'", "a component is named by"),
            ("[env.prod.secrets.web]\n1DB = 'asm:a'", "cannot name an environment variable"),
            ("[env.prod]\nsecret = 1", "did you mean `secrets`?"),
            ("[env.prod]\nreader = 'hunter2'", ":2:10: in `env.prod.reader`: expected a table"),
            (
                "[env.prod.reader]\nrole = 'hunter2'",
                ":2:8: in `env.prod.reader.role`: this is not the ARN of a role; write",
            ),
            (
                "[env.prod.reader]\nrole = 'arn:aws:iam::123456789012:user/hunter2'",
                "not the ARN of a role",
            ),
            ("[env.prod.reader]\nrole = 4711", "in `env.prod.reader.role`: expected a text"),
            ("[env.prod.reader]\nregion = 'hunter2 '", "not the name of a region"),
            (
                "[env.prod.reader]\nrole = 'arn:aws:iam::123456789012:role/x'\nexternal_id = '2 x'",
                ":3:15: in `env.prod.reader.external_id`: this cannot be an external id",
            ),
            ("[env.prod.reader]\nexternal_id = 'x-1'", "for a role, and there is none"),
            (
                "[env.prod.reader]\nrolle = 'x'",
                ":2:1: in `env.prod.reader`: unknown key `rolle`; did",
            ),
            ("[env.prod.secrets.web]\nDB = 'hunter2", "this is not TOML"),
            ("[env.prod.secrets.web]\nDB = hunter2", "this is not TOML"),
        ] {
            let wrong = read(text).expect_err(text);
            assert!(wrong.contains(said), "{text}: {wrong}");
            assert!(!wrong.contains("hunter2") && !wrong.contains("4711"), "{text}: {wrong}");
        }
    }

    #[test]
    fn every_key_of_an_environment_is_known_here_as_well() {
        let schema = schemars::schema_for!(super::super::file::Env);
        let properties = schema.get("properties").and_then(|of| of.as_object()).expect("keys");
        for key in properties.keys() {
            let error = read(&format!("[env.prod]\nx{key} = 1")).expect_err("an unknown key");
            assert!(error.contains(&format!("`{key}`")), "{key}: {error}");
        }
    }
}
