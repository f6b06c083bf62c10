//! What a store keeps about one thing.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::{Fence, Moment};
use serde::{Deserialize, Serialize};

use crate::{Hold, OwnerId, Term, Ticket};

/// All that is kept about one thing. It is replaced as a whole and never deleted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The how-manieth write this is.
    pub revision: u64,
    /// The highest fence that was ever granted.
    pub fence: Fence,
    /// Who owns the thing.
    pub tenancy: Tenancy,
    /// A person's word that nobody may take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
}

/// Who owns the thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Tenancy {
    /// Nobody; this is what the last one left to say.
    Free(Option<Card>),
    /// Somebody, under the record's fence.
    Held(Tenure),
}

/// An ownership as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenure {
    /// Whose it is.
    pub owner: OwnerId,
    /// How long it lasts without being renewed.
    pub term: Term,
    /// Since when, by the owner's wall clock; shown and never counted upon.
    pub since: Moment,
    /// What its owner tells others.
    pub card: Card,
    /// From whom it was taken over with their consent, or upon their death.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<OwnerId>,
}

/// What an owner tells others. It is text from outside: whoever shows it defuses it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Who, in words for a person.
    pub who: String,
    /// Where to look, the page of a CI run for example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What is being done, or was done last.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doing: String,
}

impl Record {
    /// What there is before anything was written.
    pub const BLANK: Self =
        Self { revision: 0, fence: Fence(0), tenancy: Tenancy::Free(None), hold: None };

    /// This record with its next revision.
    pub(crate) fn next(&self) -> Self {
        Self { revision: self.revision.saturating_add(1), ..self.clone() }
    }

    /// The present ownership.
    pub const fn tenure(&self) -> Option<&Tenure> {
        match &self.tenancy {
            Tenancy::Held(tenure) => Some(tenure),
            Tenancy::Free(_) => None,
        }
    }

    /// Names the present ownership.
    pub fn ticket(&self) -> Option<Ticket> {
        self.tenure().map(|tenure| Ticket { owner: tenure.owner, fence: self.fence })
    }
}

impl Card {
    /// A card that says who, and nothing more.
    pub fn of(who: impl Into<String>) -> Self {
        Self { who: who.into(), ..Self::default() }
    }
}

impl Display for Card {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.who)?;
        if !self.doing.is_empty() {
            write!(f, ", {}", self.doing)?;
        }
        self.link.as_ref().map_or(Ok(()), |link| write!(f, " ({link})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_its_encoding_and_a_foreign_one_is_refused() {
        let tenure = Tenure {
            owner: OwnerId::from_bits(7),
            term: Term::USUAL,
            since: Moment::from_millis(1),
            card: Card { link: Some("https://ci.example/7".into()), ..Card::of("job \u{1b}[2J'") },
            from: Some(OwnerId::from_bits(6)),
        };
        let hold = Hold { by: "ada".into(), reason: "audit".into(), since: Moment::default() };
        let tenancy = Tenancy::Held(tenure);
        let record = Record { revision: 9, fence: Fence(3), tenancy, hold: Some(hold) };
        let text = serde_json::to_string(&record).expect("it can be encoded");
        assert_eq!(serde_json::from_str::<Record>(&text).expect("it is sound"), record);
        let later = text.replace("\"revision\"", "\"shiny\":1,\"revision\"");
        assert!(serde_json::from_str::<Record>(&later).is_err(), "nothing is overlooked");
        let absurd = text.replace("30000", "99999999999");
        assert!(serde_json::from_str::<Record>(&absurd).is_err(), "nobody is shut out for years");
    }
}
