//! The `WWW-Authenticate` header: what a registry wants to see.

/// One way in that a server offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// A user and a password with every call.
    Basic,
    /// A token from a token server.
    Bearer {
        /// The address of the token server.
        realm: String,
        /// The name by which the token server knows the registry.
        service: Option<String>,
        /// What the token is to be good for, in the registry's words.
        scope: Option<String>,
    },
}

impl Challenge {
    /// Reads the challenges of one header; what is unknown or broken is left out.
    pub fn parse(header: &str) -> Vec<Self> {
        let mut found: Vec<Offer<'_>> = Vec::new();
        for item in items(header) {
            let (scheme, parameter) = split_scheme(item);
            if let Some(name) = scheme {
                found.push(Offer { name, parameters: Vec::new() });
            }
            let parameter = parameter.and_then(|text| text.split_once('='));
            if let (Some((name, value)), Some(offer)) = (parameter, found.last_mut()) {
                offer.parameters.push((name.trim(), unquote(value.trim())));
            }
        }
        found.iter().filter_map(Offer::challenge).collect()
    }
}

struct Offer<'a> {
    name: &'a str,
    parameters: Vec<(&'a str, String)>,
}

impl Offer<'_> {
    fn challenge(&self) -> Option<Challenge> {
        if self.name.eq_ignore_ascii_case("basic") {
            return Some(Challenge::Basic);
        }
        if !self.name.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (service, scope) = (self.get("service"), self.get("scope"));
        Some(Challenge::Bearer { realm: self.get("realm")?, service, scope })
    }

    fn get(&self, wanted: &str) -> Option<String> {
        let mut same = self.parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        same.next().map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }
}

/// Splits at commas that are outside of quotes.
fn items(header: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_end = |c: char| {
        let escaped = core::mem::take(&mut is_escaped);
        match c {
            '\\' if is_quoted && !escaped => is_escaped = true,
            '"' if !escaped => is_quoted = !is_quoted,
            _ => {}
        }
        c == ',' && !is_quoted
    };
    header.split(is_end).map(str::trim).filter(|item| !item.is_empty()).collect()
}

/// `Bearer realm="x"` begins a scheme, `service="x"` goes on with it.
fn split_scheme(item: &str) -> (Option<&str>, Option<&str>) {
    match item.split_once([' ', '\t']) {
        Some((first, rest)) if !first.contains('=') && !rest.trim_start().starts_with('=') => {
            (Some(first), Some(rest.trim()))
        }
        None if !item.contains('=') => (Some(item), None),
        _ => (None, Some(item)),
    }
}

fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let mut text = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => break,
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Challenge {
        let [service, scope] = [service, scope].map(|text| text.map(ToOwned::to_owned));
        Challenge::Bearer { realm: realm.into(), service, scope }
    }

    #[test]
    fn reads_what_registries_send() {
        let hub = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#;
        let scope = Some("repository:a/b:pull,push");
        let wanted = bearer("https://auth.docker.io/token", Some("registry.docker.io"), scope);
        assert_eq!(Challenge::parse(hub), [wanted]);
        assert_eq!(Challenge::parse(r#"Basic realm="https://1.dkr.ecr.eu/""#), [Challenge::Basic]);
        let both = r#"basic realm=x, BEARER Realm = "y" , Service=z"#;
        assert_eq!(Challenge::parse(both), [Challenge::Basic, bearer("y", Some("z"), None)]);
        assert_eq!(Challenge::parse("Basic"), [Challenge::Basic]);
    }

    #[test]
    fn quotes_hide_commas_and_escapes() {
        let wanted = bearer(r#"a,"b\"#, None, None);
        assert_eq!(Challenge::parse(r#"Bearer realm="a,\"b\\""#), [wanted]);
    }

    #[test]
    fn what_is_unknown_or_broken_is_left_out() {
        let empty: [Challenge; 0] = [];
        for text in
            ["", ",,", "Negotiate", "Bearer", "Bearer service=x", "realm=x", r#"Bearer realm=""#]
        {
            assert_eq!(Challenge::parse(text), empty, "{text}");
        }
    }
}
