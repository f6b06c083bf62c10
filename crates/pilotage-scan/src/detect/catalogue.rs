//! The tokens that are known by their shape, as the services that give them describe them.
//!
//! Prefixes are cut in two here, so that no scanner takes this file for a leak.

use super::shape::{Shape, of, special};
use super::special;
use crate::rule;

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn base32(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'2'..=b'7')
}

fn hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn dotted(byte: u8) -> bool {
    word(byte) || byte == b'.'
}

fn path(byte: u8) -> bool {
    word(byte) || byte == b'/'
}

fn at_path(byte: u8) -> bool {
    path(byte) || byte == b'@'
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn padded(byte: u8) -> bool {
    word(byte) || byte == b'='
}

/// All of them; the longest prefix wins.
pub(super) const SHAPES: &[Shape] = &[
    of(&rule::API_TOKEN, concat!("xox", "b-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xox", "p-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xox", "a-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xapp", "-1-"), word, 40, 130),
    of(&rule::API_TOKEN, concat!("sk_", "live_"), alphanumeric, 20, 120),
    of(&rule::API_TOKEN, concat!("rk_", "live_"), alphanumeric, 20, 120),
    of(&rule::API_TOKEN, concat!("wh", "sec_"), alphanumeric, 24, 64),
    of(&rule::API_TOKEN, concat!("AI", "za"), word, 35, 35),
    of(&rule::API_TOKEN, concat!("SG", "."), dotted, 60, 70),
    of(&rule::API_TOKEN, concat!("sk-", "ant-"), word, 40, 140),
    of(&rule::API_TOKEN, concat!("sk-", "proj-"), word, 40, 200),
    of(&rule::API_TOKEN, concat!("dop", "_v1_"), hex, 64, 64),
    of(&rule::API_TOKEN, concat!("hv", "s."), word, 24, 140),
    of(&rule::API_TOKEN, concat!("hv", "b."), word, 90, 300),
    of(&rule::API_TOKEN, concat!("da", "pi"), hex, 32, 32),
    of(&rule::API_TOKEN, concat!("shp", "at_"), hex, 32, 32),
    of(&rule::API_TOKEN, concat!("NR", "AK-"), upper, 27, 27),
    of(&rule::API_TOKEN, concat!("gls", "a_"), word, 40, 60),
    of(&rule::API_TOKEN, concat!("AGE-SECRET", "-KEY-1"), upper, 58, 58),
    of(&rule::API_TOKEN, concat!("PM", "AK-"), word, 59, 59),
    of(&rule::API_TOKEN, concat!("xox", "c-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xox", "d-"), word, 24, 200),
    of(&rule::API_TOKEN, concat!("xox", "e-"), word, 24, 200),
    of(&rule::API_TOKEN, concat!("xox", "e.xox"), word, 24, 220),
    of(&rule::API_TOKEN, concat!("xox", "o-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xox", "r-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xox", "s-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("sk_", "test_"), alphanumeric, 20, 120),
    of(&rule::API_TOKEN, concat!("rk_", "test_"), alphanumeric, 20, 120),
    of(&rule::API_TOKEN, concat!("GOC", "SPX-"), word, 28, 28),
    of(&rule::API_TOKEN, concat!("ya", "29."), word, 40, 300),
    of(&rule::API_TOKEN, concat!("sk-", "svcacct-"), word, 40, 200),
    of(&rule::API_TOKEN, concat!("pp", "lx-"), alphanumeric, 40, 60),
    of(&rule::API_TOKEN, concat!("gs", "k_"), alphanumeric, 52, 52),
    of(&rule::API_TOKEN, concat!("hf", "_"), alphanumeric, 34, 40),
    of(&rule::API_TOKEN, concat!("api", "_org_"), alphanumeric, 34, 40),
    of(&rule::API_TOKEN, concat!("do", "o_v1_"), hex, 64, 64),
    of(&rule::API_TOKEN, concat!("do", "r_v1_"), hex, 64, 64),
    of(&rule::API_TOKEN, concat!("lin", "_api_"), alphanumeric, 40, 40),
    of(&rule::API_TOKEN, concat!("pu", "l-"), hex, 40, 40),
    of(&rule::API_TOKEN, concat!("sn", "tryu_"), hex, 64, 64),
    of(&rule::API_TOKEN, concat!("sn", "trys_"), padded, 80, 400),
    of(&rule::API_TOKEN, concat!("shp", "ca_"), hex, 32, 32),
    of(&rule::API_TOKEN, concat!("shp", "pa_"), hex, 32, 32),
    of(&rule::API_TOKEN, concat!("shp", "ss_"), hex, 32, 32),
    of(&rule::API_TOKEN, concat!("dt0", "c01."), dotted, 80, 100),
    of(&rule::API_TOKEN, concat!("pscale_", "tkn_"), padded, 32, 70),
    of(&rule::API_TOKEN, concat!("pscale_", "pw_"), padded, 32, 70),
    of(&rule::API_TOKEN, concat!("pscale_", "oauth_"), padded, 32, 70),
    of(&rule::API_TOKEN, concat!("xkey", "sib-"), word, 70, 90),
    of(&rule::API_TOKEN, concat!("xsmtp", "sib-"), word, 70, 90),
    of(&rule::API_TOKEN, concat!("op", "s_eyJ"), base64, 200, 2000),
    of(&rule::API_TOKEN, concat!("gl", "c_ey"), base64, 32, 420),
    of(&rule::API_TOKEN, concat!("NR", "II-"), word, 32, 32),
    of(&rule::API_TOKEN, concat!("HR", "KU-"), word, 36, 70),
    of(&rule::API_TOKEN, concat!("PRIVATE", "-AGE-KEY-"), upper, 50, 70),
    of(&rule::API_TOKEN, concat!("fi", "gd_"), word, 38, 60),
    of(&rule::API_TOKEN, concat!("sb", "p_"), hex, 40, 40),
    of(&rule::API_TOKEN, concat!("nf", "p_"), alphanumeric, 36, 40),
    of(&rule::API_TOKEN, concat!("LT", "AI"), alphanumeric, 17, 21),
    of(&rule::API_TOKEN, concat!("sg", "p_"), word, 40, 60),
    of(&rule::API_TOKEN, concat!("rd", "me_"), alphanumeric, 70, 70),
    of(&rule::API_TOKEN, concat!("dp", ".pt."), alphanumeric, 40, 44),
    of(&rule::API_TOKEN, concat!("dp", ".st."), dotted, 40, 80),
    of(&rule::API_TOKEN, concat!("tf", "p_"), padded, 59, 59),
    of(&rule::API_TOKEN, concat!("EA", "AAl"), word, 56, 62),
    of(&rule::API_TOKEN, concat!("sq0", "csp-"), word, 43, 43),
    of(&rule::API_TOKEN, concat!("sha256", "~"), word, 43, 43),
    of(&rule::API_TOKEN, concat!("fo1", "_"), word, 43, 43),
    of(&rule::API_TOKEN, concat!("fm2", "_"), base64, 100, 1000),
    of(&rule::API_TOKEN, concat!("pn", "u_"), alphanumeric, 36, 36),
    of(&rule::API_TOKEN, concat!("s-s4t2", "ud-"), hex, 64, 64),
    of(&rule::API_TOKEN, concat!("s-s4t2", "af-"), hex, 64, 64),
    of(&rule::AWS_KEY, concat!("AK", "IA"), base32, 16, 16),
    of(&rule::AWS_KEY, concat!("AS", "IA"), base32, 16, 16),
    of(&rule::AWS_KEY, concat!("AB", "IA"), base32, 16, 16),
    of(&rule::AWS_KEY, concat!("AC", "CA"), base32, 16, 16),
    of(&rule::AWS_KEY, concat!("AB", "SK"), base64, 100, 300),
    of(&rule::CHAT_WEBHOOK, "hooks.slack.com/services/", path, 30, 80),
    of(&rule::CHAT_WEBHOOK, "discord.com/api/webhooks/", path, 60, 120),
    of(&rule::CHAT_WEBHOOK, "hooks.slack.com/workflows/", path, 30, 90),
    of(&rule::CHAT_WEBHOOK, "hooks.slack.com/triggers/", path, 30, 90),
    of(&rule::CHAT_WEBHOOK, "webhook.office.com/webhookb2/", at_path, 90, 300),
    of(&rule::FORGE_TOKEN, concat!("gh", "p_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "o_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "u_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "s_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "r_"), alphanumeric, 36, 76),
    of(&rule::FORGE_TOKEN, concat!("github", "_pat_"), word, 36, 120),
    of(&rule::FORGE_TOKEN, concat!("gl", "pat-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("gl", "dt-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("gl", "rt-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("npm", "_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("pypi", "-AgE"), word, 50, 400),
    of(&rule::FORGE_TOKEN, concat!("dckr", "_pat_"), word, 27, 36),
    of(&rule::FORGE_TOKEN, concat!("rubygems", "_"), hex, 48, 48),
    of(&rule::FORGE_TOKEN, concat!("gl", "agent-"), dotted, 20, 80),
    of(&rule::FORGE_TOKEN, concat!("gl", "cbt-"), dotted, 20, 80),
    of(&rule::FORGE_TOKEN, concat!("gl", "ffct-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("gl", "ft-"), dotted, 20, 90),
    of(&rule::FORGE_TOKEN, concat!("gl", "imt-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("gl", "oas-"), dotted, 20, 80),
    of(&rule::FORGE_TOKEN, concat!("gl", "ptt-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("gl", "soat-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("GR", "1348941"), dotted, 20, 40),
    of(&rule::FORGE_TOKEN, concat!("AT", "ATT3x"), padded, 100, 250),
    of(&rule::FORGE_TOKEN, concat!("AT", "BB"), alphanumeric, 32, 32),
    of(&rule::FORGE_TOKEN, concat!("CLOJ", "ARS_"), hex, 60, 60),
    of(&rule::FORGE_TOKEN, concat!("AK", "Cp"), alphanumeric, 60, 75),
    of(&rule::JWT, concat!("ZX", "lK"), base64, 60, 4096),
    special(&rule::AZURE_KEY, "Q~", special::client_secret),
    special(&rule::AZURE_KEY, "sig=", special::shared_access),
    special(&rule::JWT, "eyJ", special::jwt),
    special(&rule::PRIVATE_KEY, "-----BEGIN ", special::private_key),
    special(&rule::URL_PASSWORD, "://", special::url_password),
    special(&rule::AUTHORIZATION, "Bearer ", special::bearer),
    special(&rule::AUTHORIZATION, "bearer ", special::bearer),
    special(&rule::AUTHORIZATION, "Basic ", special::basic),
];
