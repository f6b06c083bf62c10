//! Whom to believe what: the keys, what each may say, where, and for whom.
//!
//! A good signature proves only that a key was used. A trust policy is data that says which keys
//! count; it is the only way from a [claim](crate::statement::Claim) to an event that is believed.

use serde::{Deserialize, Serialize};

use crate::event::{DeedKind, Event, Proven, Scope};
use crate::sign::{KeyId, PublicKey, Verifier as _};
use crate::statement::predicate::Predicate;
use crate::statement::{Bundle, BundleError, Statement, Subject};
use crate::text::{Actor, Words};

/// Which keys may say what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustPolicy {
    /// The keys that count. All others do not.
    pub keys: Vec<TrustedKey>,
}

/// A key that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedKey {
    /// What people call it.
    pub name: Words,
    /// Its public half, as PEM.
    pub public_key: PublicKey,
    /// Which deeds it may report.
    pub may: Vec<DeedKind>,
    /// In which chains: `release`, names of environments, or `*` for all of them.
    pub scopes: Allowed<Scope>,
    /// For whom it may speak, or `*` for anybody: right for a CI system that has asked them.
    pub actors: Allowed<Actor>,
}

/// Some values, or all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed<T> {
    /// All of them, written `["*"]`.
    Any,
    /// These.
    These(Vec<T>),
}

/// Why a statement is not believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// The key is not in the policy.
    #[error("key `{key}` is not in the trust policy: add it, or sign with one that is")]
    UnknownKey {
        /// Which key.
        key: KeyId,
    },
    /// The envelope is not good.
    #[error("the signed statement is not good")]
    Bundle(#[from] BundleError),
    /// It is no event.
    #[error("it is a statement of kind `{kind}`, not an event of a release")]
    NotAnEvent {
        /// What it is.
        kind: String,
    },
    /// It does not name the release that it is about among its subjects.
    #[error("its subjects do not include the release that it speaks of")]
    OtherSubject,
    /// Such a thing cannot be said in such a chain.
    #[error("`{deed}` cannot be said in the chain `{scope}`")]
    Misplaced {
        /// What.
        deed: DeedKind,
        /// Where.
        scope: Scope,
    },
    /// The key may not say this.
    #[error("key `{name}` may not say `{deed}` in `{scope}` for `{actor}`: the trust policy says what it may")]
    NotAllowed {
        /// What the key is called.
        name: Words,
        /// What.
        deed: DeedKind,
        /// Where.
        scope: Scope,
        /// For whom.
        actor: Actor,
    },
}

impl TrustPolicy {
    /// The event that is in a bundle, if the key that signed it may say so.
    pub fn believe(&self, bundle: &Bundle) -> Result<Proven, Distrust> {
        let key = self.key(bundle)?;
        let claim = bundle.open(&key.public_key)?;
        if claim.predicate_type() != Event::TYPE {
            return Err(Distrust::NotAnEvent { kind: claim.predicate_type().into() });
        }
        let Statement { subject, predicate: event, .. } = claim.statement::<Event>()?;
        let this = Subject::sha256("release", &event.record.digest());
        if !subject.contains(&this) {
            return Err(Distrust::OtherSubject);
        }
        key.allows(&event)?;
        Ok(Proven::new(claim.id(), claim.key().clone(), event))
    }

    fn key(&self, bundle: &Bundle) -> Result<&TrustedKey, Distrust> {
        let found = self.keys.iter().find(|key| key.public_key.key() == bundle.key());
        found.ok_or_else(|| Distrust::UnknownKey { key: bundle.key().clone() })
    }
}

impl TrustedKey {
    fn allows(&self, event: &Event) -> Result<(), Distrust> {
        let (deed, scope, actor) = (event.deed.kind(), &event.scope, &event.by);
        if !event.deed.fits(scope) {
            return Err(Distrust::Misplaced { deed, scope: scope.clone() });
        }
        if self.may.contains(&deed) && self.scopes.allows(scope) && self.actors.allows(actor) {
            return Ok(());
        }
        let (name, scope, actor) = (self.name.clone(), scope.clone(), actor.clone());
        Err(Distrust::NotAllowed { name, deed, scope, actor })
    }
}

impl<T: PartialEq> Allowed<T> {
    /// Whether this one is among them.
    pub fn allows(&self, one: &T) -> bool {
        match self {
            Self::Any => true,
            Self::These(these) => these.contains(one),
        }
    }
}

impl<T: Serialize> Serialize for Allowed<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => ["*"].serialize(serializer),
            Self::These(these) => these.serialize(serializer),
        }
    }
}

impl<'de, T: core::str::FromStr<Err: core::fmt::Display>> Deserialize<'de> for Allowed<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        if texts.iter().any(|text| text == "*") {
            return Ok(Self::Any);
        }
        let these = texts.iter().map(|text| text.parse()).collect::<Result<_, _>>();
        these.map(Self::These).map_err(serde::de::Error::custom)
    }
}
