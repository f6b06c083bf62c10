//! Which image each container gets.

use std::collections::BTreeMap;
use std::str::FromStr;

use pilotage_artifact::{Digest, ImageRef};
use pilotage_cli::PlatformError;
use pilotage_rollout::ExitCode;
use pilotage_target_ecs::Images;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// The table `artifact`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    /// The images, by the names of their containers.
    images: BTreeMap<String, Image>,
}

/// An image by its digest.
#[derive(Debug, Clone)]
struct Image(ImageRef<Digest>);

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        by_digest(&text).map(Self).map_err(D::Error::custom)
    }
}

/// A container with its image, as the command line says it.
#[derive(Debug, Clone)]
pub(crate) struct ImageFlag {
    container: String,
    image: ImageRef<Digest>,
}

impl FromStr for ImageFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unnamed = || "write `CONTAINER=IMAGE@DIGEST`, with the container's name".to_owned();
        let (container, image) = text.split_once('=').ok_or_else(unnamed)?;
        if container.is_empty() || container.contains(['/', '@', ':']) {
            return Err(unnamed());
        }
        Ok(Self { container: container.to_owned(), image: by_digest(image)? })
    }
}

fn by_digest(text: &str) -> Result<ImageRef<Digest>, String> {
    text.parse()
        .map_err(|why| format!("{why}; `pilotage-image resolve {text}` prints the digest of a tag"))
}

/// The images of the table, and those of the command line before them.
pub(super) fn wanted(
    recipe: Option<&Recipe>,
    flags: &[ImageFlag],
) -> Result<Images, PlatformError> {
    let table = recipe.into_iter().flat_map(|recipe| &recipe.images);
    let mut images: Images = table.map(|(name, image)| (name.clone(), image.0.clone())).collect();
    for ImageFlag { container, image } in flags {
        images.insert(container.clone(), image.clone());
    }
    if images.is_empty() {
        return Err(PlatformError::new(ExitCode::Usage, "there is nothing to deploy").help(
            "give `--image CONTAINER=IMAGE@DIGEST`, or add `images` to a table `artifact` of the \
             environment",
        ));
    }
    Ok(images)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(number: u8) -> String {
        format!("registry.example.org/shop/web@{}", Digest::of(&[number]))
    }

    #[test]
    fn the_command_line_goes_before_the_table() {
        let by_digest = |number: u8| Image(image(number).parse().expect("an image"));
        let images = BTreeMap::from([("web".into(), by_digest(1)), ("log".into(), by_digest(2))]);
        let flag: ImageFlag = format!("web={}", image(3)).parse().expect("a flag");
        let wanted = wanted(Some(&Recipe { images }), &[flag]).expect("something to deploy");
        let told: Vec<String> = wanted.iter().map(|(name, at)| format!("{name}={at}")).collect();
        assert_eq!(told, [format!("log={}", image(2)), format!("web={}", image(3))]);
    }

    #[test]
    fn what_names_no_image_by_digest_says_what_to_write() {
        for (given, words) in [
            ("registry.example.org/web:v1", "CONTAINER=IMAGE"),
            (
                "web=registry.example.org/web:v1",
                "pilotage-image resolve registry.example.org/web:v1",
            ),
            ("=registry.example.org/web:v1", "CONTAINER=IMAGE"),
        ] {
            let error = given.parse::<ImageFlag>().expect_err(given);
            assert!(error.contains(words), "{error}");
        }
        let error = wanted(None, &[]).expect_err("nothing");
        assert!(error.hints()[0].contains("--image"), "{error}");
    }
}
