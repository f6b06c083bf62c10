//! Pages of a list: where the next one is.

use hyper::header::{HeaderMap, LINK};

/// The address of the next page, as the server wrote it.
pub(crate) fn next_page(headers: &HeaderMap) -> Option<&str> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    links.flat_map(|line| line.split(',')).find_map(next)
}

fn next(link: &str) -> Option<&str> {
    let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
    let is_next = |parameter: &str| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"') == "next"
    };
    parameters.split(';').any(is_next).then_some(address)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn page(link: &'static str) -> Option<String> {
        let headers = HeaderMap::from_iter([(LINK, HeaderValue::from_static(link))]);
        next_page(&headers).map(Into::into)
    }

    #[test]
    fn finds_the_next_page_and_no_other() {
        assert_eq!(page(r#"</v2/a?last=b>; rel="next""#), Some("/v2/a?last=b".into()));
        assert_eq!(page("</first>; rel=first, </next>; rel=next"), Some("/next".into()));
        for none in ["", "</x>", "</x>; rel=prev", "x; rel=next", "<x"] {
            assert_eq!(page(none), None, "{none}");
        }
    }
}
