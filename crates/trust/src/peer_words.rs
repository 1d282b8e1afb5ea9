//! The words that stand for the bytes of a key's hash when people compare keys: plain English words
//! that differ within their first four letters. It does not know what a key is.

/// How many words stand for a key. Each stands for one byte, so 8 words are the first 64 bits of its
/// hash: to find another key with the same words takes 2^63 keys on average. With 6 words it would
/// take 2^47, which a few machines make in a month.
pub const PEER_WORDS: usize = 8;

/// The words for `bytes`, joined by dashes.
pub(crate) fn words_of(bytes: &[u8]) -> String {
    let words: Vec<&str> = bytes.iter().map(|byte| WORDS[usize::from(*byte)]).collect();
    words.join("-")
}

/// One word for each byte. Keys that people wrote down depend on it: it never changes.
#[rustfmt::skip]
const WORDS: [&str; 256] = [
    "acorn", "actor", "album", "alley", "amber", "anchor", "apple", "arrow", "aspen", "attic",
    "autumn", "badge", "baker", "balcony", "bamboo", "banjo", "barrel", "basil", "beacon",
    "beaver", "bench", "berry", "birch", "bishop", "blanket", "boat", "bonnet", "border",
    "bottle", "bridge", "bronze", "bucket", "button", "cabin", "cactus", "camel", "candle",
    "canoe", "carpet", "castle", "cedar", "cellar", "cherry", "chimney", "cider", "cinema",
    "circle", "clover", "cobalt", "coffee", "comet", "copper", "coral", "cotton", "cradle",
    "crystal", "cuckoo", "curtain", "dagger", "daisy", "dancer", "delta", "desert", "diamond",
    "dinner", "dolphin", "donkey", "dragon", "drum", "eagle", "easel", "echo", "elbow", "elder",
    "ember", "engine", "envoy", "errand", "estate", "fabric", "falcon", "feather", "fender",
    "fiddle", "finger", "flute", "forest", "fossil", "fountain", "frost", "galaxy", "garden",
    "ginger", "glacier", "goblet", "gravel", "guitar", "hammer", "harbor", "hazel", "helmet",
    "heron", "hinge", "honey", "horizon", "hotel", "hunter", "iceberg", "igloo", "indigo",
    "insect", "island", "ivory", "jacket", "jaguar", "jasmine", "jelly", "jersey", "jewel",
    "jigsaw", "journal", "judge", "jungle", "kayak", "kennel", "kettle", "kitchen", "kite",
    "koala", "ladder", "lagoon", "lantern", "laurel", "lemon", "letter", "lilac", "linen",
    "lizard", "lobster", "lotus", "lumber", "magnet", "mango", "marble", "meadow", "melon",
    "mineral", "mirror", "mitten", "monkey", "mosaic", "muffin", "museum", "napkin", "needle",
    "nephew", "nickel", "noodle", "nutmeg", "oasis", "ocean", "olive", "onion", "opera", "orbit",
    "orchid", "otter", "oven", "oxygen", "oyster", "paddle", "palace", "panda", "parrot",
    "pebble", "pencil", "pepper", "piano", "pigeon", "pillow", "planet", "pocket", "pony",
    "potato", "prairie", "puddle", "pumpkin", "puzzle", "quartz", "quilt", "rabbit", "radish",
    "raven", "ribbon", "river", "robin", "rocket", "rubber", "saddle", "salmon", "sandal",
    "saturn", "scarf", "school", "sequoia", "shadow", "shelter", "silver", "sketch", "spider",
    "spoon", "squid", "stable", "sugar", "summit", "tablet", "tailor", "temple", "thistle",
    "thunder", "ticket", "tiger", "timber", "toast", "tomato", "tractor", "trumpet", "tulip",
    "tunnel", "turtle", "umpire", "uncle", "unicorn", "upland", "valley", "vanilla", "velvet",
    "vessel", "village", "violin", "visitor", "volcano", "wagon", "walnut", "water", "weasel",
    "whale", "willow", "window", "winter", "wizard", "wolf", "yellow", "yogurt", "zebra",
    "zipper",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_words_begin_alike() {
        let starts: BTreeSet<&str> = WORDS
            .iter()
            .map(|word| &word[..word.len().min(4)])
            .collect();
        assert_eq!(starts.len(), WORDS.len());
        let is_plain = |word: &&str| word.bytes().all(|sign| sign.is_ascii_lowercase());
        assert!(WORDS.iter().all(is_plain));
    }

    #[test]
    fn the_words_stay_what_they_are() {
        assert_eq!(words_of(&[0, 1, 127, 255]), "acorn-actor-kite-zipper");
    }
}
