//! Lengths of time and shares, as a person writes them.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::{Share, Span};
use serde::Deserialize;
use serde::de::Deserializer;

/// A length of time such as `"30s"`, `"5m"` or `"1h30m"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Length(pub(crate) Span);

/// A share such as `"10%"` or `"12.5%"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part(pub(crate) Share);

/// The length that is written, or else this.
pub(super) fn span(length: Option<Length>, default: Span) -> Span {
    length.map_or(default, |Length(span)| span)
}

/// What a length of time looks like, for the schema.
#[cfg(test)]
pub(crate) const LENGTH: &str = r"^([0-9]{1,9}(ms|s|m|h|d))+$";

/// What a share looks like, for the schema.
#[cfg(test)]
pub(crate) const PART: &str = r"^(100(\.00?)?|[1-9]?[0-9](\.[0-9]{1,2})?)%$";

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wish = "a length of time such as \"30s\", \"5m\" or \"1h30m\"";
        text(deserializer, wish, |text| length(text).map(Self))
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wish = "a share from \"0%\" to \"100%\" such as \"10%\" or \"12.5%\"";
        text(deserializer, wish, |text| part(text).map(Self))
    }
}

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads text, and says what was wished for if it is anything else.
fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    wish: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct Reader<T>(&'static str, fn(&str) -> Option<T>);
    impl<T> serde::de::Visitor<'_> for Reader<T> {
        type Value = T;

        fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            let found = serde::de::Unexpected::Str(text);
            (self.1)(text).ok_or_else(|| E::invalid_value(found, &self))
        }
    }
    deserializer.deserialize_str(Reader(wish, parse))
}

fn length(text: &str) -> Option<Span> {
    let mut rest = text;
    let mut sum = Span::ZERO;
    while !rest.is_empty() {
        let (digits, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (unit, next) =
            after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
        let number: u64 = digits.parse().ok().filter(|_| digits.len() <= 9)?;
        sum = sum + Span::from_millis(unit_millis(unit)?) * number;
        rest = next;
    }
    (!text.is_empty()).then_some(sum)
}

fn unit_millis(unit: &str) -> Option<u64> {
    Some(match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    })
}

fn part(text: &str) -> Option<Share> {
    let number = text.strip_suffix('%')?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let tidy = whole == "0" || !whole.starts_with('0');
    if !digits(whole) || !digits(fraction) || !tidy || whole.len() > 3 || fraction.len() > 2 {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<2}").parse().ok()?;
    let points = whole.parse::<u16>().ok()?.checked_mul(100)?.checked_add(fraction)?;
    Share::from_basis_points(points).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let cases =
            [("30s", 30_000), ("5m", 300_000), ("1h30m", 5_400_000), ("250ms", 250), ("0s", 0)];
        for (text, millis) in cases {
            assert_eq!(length(text), Some(Span::from_millis(millis)), "{text}");
        }
        for text in ["", "5", "m", "5 m", "-5s", "5w", "1.5h", "9999999999s", "5mö"] {
            assert_eq!(length(text), None, "{text}");
        }
    }

    #[test]
    fn shares_are_read_to_a_hundredth_of_a_percent() {
        for (text, points) in
            [("0%", 0), ("10%", 1_000), ("12.5%", 1_250), ("0.01%", 1), ("100%", 10_000)]
        {
            assert_eq!(part(text).map(Share::basis_points), Some(points), "{text}");
        }
        for text in
            ["", "%", "10", "101%", "100.01%", "-1%", "1.234%", "1.%", "01%", "1e1%", "10 %"]
        {
            assert_eq!(part(text), None, "{text}");
        }
    }
}
