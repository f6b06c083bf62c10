//! What a person may have meant.

/// Further away than this, a suggestion is more confusing than none.
const SIMILAR: f64 = 0.7;

/// More would not be read.
const MOST: usize = 3;

/// The known names that are most like the given one, the likeliest first.
pub(super) fn near<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let given = given.to_lowercase();
    let scored = known.into_iter().map(|name| (strsim::jaro(&given, &name.to_lowercase()), name));
    let mut likely: Vec<_> = scored.filter(|(score, _)| *score > SIMILAR).collect();
    likely.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    likely.into_iter().take(MOST).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_comes_first_and_what_is_unlike_does_not_come() {
        let known = ["ClusterName", "ClusterArn", "Bucket", "clusterarn"];
        assert_eq!(near("Clusterarn", known), ["ClusterArn", "clusterarn", "ClusterName"]);
        assert_eq!(near("queue", ["ClusterArn"]), Vec::<String>::new());
    }
}
