//! Values that stand in every log for reasons of their own.
//!
//! To mask `postgres` or `eu-west-1` wherever it is written hides nothing from anybody and makes
//! every message unreadable. Such a value is no secret, whatever it is stored in.

/// Words of configuration, in lower case.
const WORDS: &str = "\
    admin administrator anonymous canadacentral centralus changeit changeme database debug \
    default develop development disable disabled docker eastasia eastus eastus2 enable enabled \
    error example false francecentral germanywestcentral github guest japaneast letmein \
    localhost mariadb master mongodb mssql mysql none northeurope null oracle passwd password \
    password1 postgres postgresql prefer primary production public qwerty rabbitmq readonly \
    readwrite redis release replica require required root secret service southeastasia \
    sqlserver staging standard swedencentral switzerlandnorth system test testing trace true \
    uksouth undefined unknown user username utf-8 utf8mb4 verify-ca verify-full warning \
    westeurope westus westus2";

/// Whether this is a word that is written for reasons of its own.
pub(crate) fn is_common(value: &[u8]) -> bool {
    let Ok(value) = core::str::from_utf8(value) else { return false };
    let value = value.to_ascii_lowercase();
    WORDS.split_whitespace().any(|word| word == value)
        || is_region(&value)
        || is_local_address(&value)
}

/// A region of AWS, like `eu-west-1` or `us-gov-east-1`, with or without its zone.
fn is_region(value: &str) -> bool {
    let value = value.trim_end_matches(|char: char| char.is_ascii_lowercase());
    let mut parts = value.split('-');
    let is_land = parts.next().is_some_and(|land| {
        matches!(land, "af" | "ap" | "ca" | "cn" | "eu" | "il" | "me" | "mx" | "sa" | "us")
    });
    let rest: Vec<&str> = parts.collect();
    let Some((number, sides)) = rest.split_last() else { return false };
    let is_side = |side: &&str| side.bytes().all(|byte| byte.is_ascii_lowercase());
    is_land
        && number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && !sides.is_empty()
        && sides.iter().all(is_side)
}

fn is_local_address(value: &str) -> bool {
    value.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_log_says_is_common() {
        for value in
            ["Postgres", "PRODUCTION", "eu-west-1", "us-gov-east-1", "ap-southeast-2b", "127.0.0.1"]
        {
            assert!(is_common(value.as_bytes()), "{value}");
        }
        for value in ["eu-horse-9x1", "us-", "hunter2hunter2", "10.0.0.17", "postgres1x", "us-1"] {
            assert!(!is_common(value.as_bytes()), "{value}");
        }
    }
}
