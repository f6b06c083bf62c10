//! Tags: looked at before anything is done, and written last.

use pilotage_artifact::{Digest, Tag};
use pilotage_rollout::Span;

use super::{Change, Class, Confirm, Order};
use crate::{Error, Manifest, Name, Remote};

/// A look that is older than this is taken again before a tag that must not move is written.
const FRESH: Span = Span::from_secs(2);

/// A tag that was looked at, or need not be.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    pub(super) tag: Tag,
    pub(super) class: Class,
    pub(super) step: Step,
    at: Span,
}

/// What is to be done with a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It is right already.
    Keep,
    /// It is to be written.
    Write {
        /// What it names now, as far as is known.
        before: Option<Digest>,
    },
}

/// What to do with a tag that names this.
fn step(image: &str, class: Class, held: Option<Digest>, wanted: Digest) -> Result<Step, Error> {
    match (held, class) {
        (Some(held), _) if held == wanted => Ok(Step::Keep),
        (Some(held), Class::Immutable) => {
            Err(Error::TagTaken { image: image.into(), held, wanted })
        }
        (before, _) => Ok(Step::Write { before }),
    }
}

/// Looks at the tags of an order, and refuses before anything is done.
pub(super) async fn look(order: &Order) -> Result<Vec<Looked>, Error> {
    let mut looked = Vec::new();
    for (tag, class) in &order.tags {
        // Within a repository a moving tag costs no more to write than to look at.
        let step = if order.stays() && *class == Class::Moving {
            Step::Write { before: None }
        } else {
            look_at(&order.to, tag, *class, order.digest).await?
        };
        let at = order.to.client().clock().elapsed();
        looked.push(Looked { tag: tag.clone(), class: *class, step, at });
    }
    Ok(looked)
}

async fn look_at(to: &Remote, tag: &Tag, class: Class, wanted: Digest) -> Result<Step, Error> {
    let name = Name::Tag(tag.clone());
    let held = to.look(&name).await?.map(|found| found.digest);
    step(&to.named(&name), class, held, wanted)
}

impl Looked {
    /// Writes the tag, if there is need, and makes sure that it arrived.
    pub(super) async fn write(
        self,
        to: &Remote,
        manifest: &Manifest,
        confirm: Confirm,
    ) -> Result<(Tag, Change), Error> {
        let step = self.again(to, manifest.digest()).await?;
        let Step::Write { before } = step else { return Ok((self.tag, Change::Unchanged)) };
        let name = Name::Tag(self.tag.clone());
        match to.store(&name, manifest).await {
            Ok(stored) if stored.is_confirmed && confirm == Confirm::Answer => {}
            Ok(_) => read_back(to, &name, manifest.digest()).await?,
            Err(error) => self.recover(to, manifest.digest(), error).await?,
        }
        Ok((self.tag, Change::Set { before }))
    }

    /// Looks again where an immutable tag could have been taken in the meantime.
    async fn again(&self, to: &Remote, wanted: Digest) -> Result<Step, Error> {
        let now = to.client().clock().elapsed();
        let age = now.as_millis().saturating_sub(self.at.as_millis());
        if self.class == Class::Moving || self.step == Step::Keep || age <= FRESH.as_millis() {
            return Ok(self.step);
        }
        look_at(to, &self.tag, self.class, wanted).await
    }

    /// A write that failed may have arrived, and a registry may refuse to write what is right
    /// already: what the tag names decides.
    async fn recover(&self, to: &Remote, wanted: Digest, error: Error) -> Result<(), Error> {
        let may_be_right = error.leaves_unknown()
            || error.said().is_some_and(|said| said.http().is_client_error());
        if !may_be_right {
            return Err(error);
        }
        // The first error says more than one while looking.
        let Ok(held) = look_at(to, &self.tag, Class::Moving, wanted).await else {
            return Err(error);
        };
        match held {
            Step::Keep => Ok(()),
            Step::Write { before: Some(held) } if self.class == Class::Immutable => {
                let image = to.named(&Name::Tag(self.tag.clone()));
                Err(Error::TagTaken { image, held, wanted })
            }
            Step::Write { .. } => Err(error),
        }
    }
}

async fn read_back(to: &Remote, name: &Name, wanted: Digest) -> Result<(), Error> {
    let found = to.look(name).await?.map(|found| found.digest);
    if found == Some(wanted) {
        return Ok(());
    }
    let found = found.map_or_else(|| "nothing".to_owned(), |digest| digest.to_string());
    Err(Error::TagLost { image: to.named(name), found, wanted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_immutable_tag_is_kept_written_once_or_refused() {
        let (ours, other) = (Digest::of(b"ours"), Digest::of(b"other"));
        let decide = |class, held| step("x.example/a:v1", class, held, ours).ok();
        assert_eq!(decide(Class::Immutable, Some(ours)), Some(Step::Keep));
        assert_eq!(decide(Class::Immutable, None), Some(Step::Write { before: None }));
        assert_eq!(decide(Class::Immutable, Some(other)), None);
        let moves = Step::Write { before: Some(other) };
        assert_eq!(decide(Class::Moving, Some(other)), Some(moves));
    }
}
