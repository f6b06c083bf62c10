//! Whether the tags of a repository may move.

use aws_sdk_ecr::types::{
    ImageTagMutability, ImageTagMutabilityExclusionFilter, ImageTagMutabilityExclusionFilterType,
};

pub use super::pattern::TagPattern;

/// Whether the tags of a repository may move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagRule {
    /// They may, but for these.
    Movable {
        /// What may not.
        except: Vec<TagPattern>,
    },
    /// They may not, but for these. A promotion then never moves a tag by mistake; moving channels
    /// such as `latest` need an exception.
    Fixed {
        /// What may.
        except: Vec<TagPattern>,
    },
}

impl TagRule {
    /// Whether the tag, once it is there, may be given to another image.
    pub fn lets_move(&self, tag: &str) -> bool {
        let is_exception = |except: &[TagPattern]| except.iter().any(|pattern| pattern.fits(tag));
        match self {
            Self::Movable { except } => !is_exception(except),
            Self::Fixed { except } => is_exception(except),
        }
    }

    /// What AWS says; a setting that is not known yet counts as fixed, for then nothing is
    /// overwritten.
    pub(super) fn told(
        setting: Option<&ImageTagMutability>,
        filters: &[ImageTagMutabilityExclusionFilter],
    ) -> Self {
        let except = filters.iter().map(|filter| TagPattern::told(filter.filter())).collect();
        match setting {
            Some(ImageTagMutability::Mutable | ImageTagMutability::MutableWithExclusion) => {
                Self::Movable { except }
            }
            _ => Self::Fixed { except },
        }
    }

    pub(super) fn setting(&self) -> ImageTagMutability {
        match self {
            Self::Movable { except } if except.is_empty() => ImageTagMutability::Mutable,
            Self::Movable { .. } => ImageTagMutability::MutableWithExclusion,
            Self::Fixed { except } if except.is_empty() => ImageTagMutability::Immutable,
            Self::Fixed { .. } => ImageTagMutability::ImmutableWithExclusion,
        }
    }

    pub(super) fn except(&self) -> &[TagPattern] {
        match self {
            Self::Movable { except } | Self::Fixed { except } => except,
        }
    }

    /// What creation asks for; `None` where there are no exceptions.
    pub(super) fn filters(&self) -> Option<Vec<ImageTagMutabilityExclusionFilter>> {
        let filters = self.except().iter().filter_map(filter).collect::<Vec<_>>();
        (!filters.is_empty()).then_some(filters)
    }
}

fn filter(pattern: &TagPattern) -> Option<ImageTagMutabilityExclusionFilter> {
    // Both fields are given, so that building cannot fail.
    ImageTagMutabilityExclusionFilter::builder()
        .filter_type(ImageTagMutabilityExclusionFilterType::Wildcard)
        .filter(pattern.as_str())
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_turn_the_rule_around() {
        let except = vec![TagPattern::told("latest"), TagPattern::told("v*-dev")];
        let fixed = TagRule::Fixed { except: except.clone() };
        assert!(fixed.lets_move("latest") && fixed.lets_move("v1-dev"));
        assert!(!fixed.lets_move("v1.2.3"));
        let movable = TagRule::Movable { except };
        assert!(!movable.lets_move("latest"));
        assert!(movable.lets_move("v1.2.3"));
    }

    #[test]
    fn a_setting_of_the_future_counts_as_fixed() {
        let future = ImageTagMutability::from("SOMETHING_NEW");
        assert_eq!(TagRule::told(Some(&future), &[]), TagRule::Fixed { except: vec![] });
        assert_eq!(TagRule::told(None, &[]), TagRule::Fixed { except: vec![] });
    }
}
