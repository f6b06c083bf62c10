//! From the bytes of an answer to what it says.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Something that was asked for and not given, although the call itself went well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Absence {
    pub arn: Option<String>,
    pub reason: Option<String>,
    pub detail: Option<String>,
}

/// What the bytes say, or that they make no sense.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// Sends a call and reads the bytes of its answer.
macro_rules! asked {
    ($call:expr, $asked:expr) => {{
        let raw = $crate::raw::Raw::default();
        match $asked.customize().interceptor(raw.clone()).send().await {
            Ok(_) => $crate::ecs::ask::read(&raw.take())
                .map_err(|said| $crate::failure::Failure::unreadable($call, said)),
            Err(error) => Err($crate::failure::failed($call, error)),
        }
    }};
}

/// Sends a write, once, and reads the bytes of its answer.
macro_rules! sent {
    ($call:expr, $asked:expr) => {{
        let raw = $crate::raw::Raw::default();
        let asked = $asked.customize().config_override($crate::ecs::once());
        match asked.interceptor(raw.clone()).send().await {
            Ok(_) => $crate::ecs::ask::read(&raw.take())
                .map_err(|said| $crate::failure::Failure::unreadable($call, said)),
            Err(error) => Err($crate::failure::failed($call, error)),
        }
    }};
}

pub(super) use {asked, sent};
