//! Documents that people edit and programs change, as TOML: read strictly, with the line where one is
//! wrong, and changed in place, so that comments and order stay. It touches no file.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use toml_edit::{DocumentMut, Item, TableLike, Value};

/// What one file holds.
pub trait Document: Default + PartialEq + Serialize + DeserializeOwned {
    /// What a new file says at its top, each line a comment.
    const HEADING: &'static str;

    /// The mode bits that its file must not have.
    const MODE_REFUSED: u32;
}

/// Where a text is no such document, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Flaw {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there, on one line.
    pub what: String,
}

/// Reads a document. An empty text is an empty document.
///
/// # Errors
/// When the text is no TOML, when a key is not known or stands twice, when a value will not do.
pub fn parse<D: Document>(text: &str) -> Result<D, Flaw> {
    toml_edit::de::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        Flaw {
            line: 1 + text.as_bytes()[..start]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count(),
            what: error.message().lines().collect::<Vec<_>>().join("; "),
        }
    })
}

/// Reads a map whose keys stand once each. TOML sees to that where they are the same text; two texts
/// of one key, such as a hash in upper and in lower case, it cannot know.
pub(crate) fn each_once<'de, D, K, V>(input: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    input.deserialize_map(EachOnce(PhantomData))
}

/// The visitor of [`each_once`].
struct EachOnce<K, V>(PhantomData<(K, V)>);

impl<'de, K, V> Visitor<'de> for EachOnce<K, V>
where
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    type Value = BTreeMap<K, V>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = BTreeMap::new();
        while let Some(key) = map.next_key_seed(NewKey(&read))? {
            let value = map.next_value()?;
            read.insert(key, value);
        }
        Ok(read)
    }
}

/// Reads a key that must not be among those that were read; the error stands where the key does.
struct NewKey<'a, K, V>(&'a BTreeMap<K, V>);

impl<'de, K: Deserialize<'de> + Ord + fmt::Display, V> DeserializeSeed<'de> for NewKey<'_, K, V> {
    type Value = K;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<K, D::Error> {
        let key = K::deserialize(input)?;
        match self.0.contains_key(&key) {
            true => Err(Error::custom(format_args!("{key} stands twice"))),
            false => Ok(key),
        }
    }
}

/// The text of `document`, which takes the place of `old`: what is the same there stays as it is
/// written, comments and order too.
///
/// # Errors
/// When `old` is no TOML.
pub fn render<D: Document>(old: &str, document: &D) -> Result<String, Flaw> {
    let whole = |error: String| Flaw {
        line: 1,
        what: error,
    };
    let new =
        toml_edit::ser::to_string_pretty(document).map_err(|error| whole(error.to_string()))?;
    let old = if old.trim().is_empty() {
        D::HEADING
    } else {
        old
    };
    let mut kept: DocumentMut = old.parse().map_err(|error| whole(format!("{error}")))?;
    let text = if kept.is_empty() {
        // All of it is comment, which stands above what comes.
        format!("{}\n\n{new}", old.trim_end())
    } else {
        let merged: DocumentMut = new.parse().map_err(|error| whole(format!("{error}")))?;
        merge(kept.as_table_mut(), merged.as_table());
        kept.to_string()
    };
    // Nothing is ever written that would not be read as what was meant.
    match parse::<D>(&text) {
        Ok(read) if read == *document => Ok(text),
        _ => Ok(format!("{}\n{new}", D::HEADING)),
    }
}

/// Makes `old` say what `new` says.
fn merge(old: &mut dyn TableLike, new: &dyn TableLike) {
    let gone: Vec<String> = old
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| !new.contains_key(key))
        .collect();
    for key in gone {
        let found = old.remove(&key);
        let others = new.iter().map(|(other, _)| other);
        let mut respelled = others.filter(|other| other.eq_ignore_ascii_case(&key));
        if let (Some(item), Some(other)) = (found, respelled.next())
            && !old.contains_key(other)
        {
            // A hash in capitals is written in small letters from now on, with what stands around it.
            old.insert(other, item);
        }
    }
    for (key, item) in new.iter() {
        let Some(place) = old.get_mut(key) else {
            old.insert(key, item.clone());
            continue;
        };
        if is_same(place, item) {
            continue;
        }
        match (place.as_table_like_mut(), item.as_table_like()) {
            (Some(old), Some(new)) => merge(old, new),
            _ => put(place, item),
        }
    }
}

/// Puts a value in the place of another, with what stands around that one.
fn put(place: &mut Item, item: &Item) {
    let decor = place.as_value().map(|value| value.decor().clone());
    *place = item.clone();
    if let (Some(decor), Some(value)) = (decor, place.as_value_mut()) {
        *value.decor_mut() = decor;
    }
}

/// Whether two values say the same, however they are written.
fn is_same(one: &Item, other: &Item) -> bool {
    match (one.as_value(), other.as_value()) {
        (Some(one), Some(other)) => is_same_value(one, other),
        _ => false,
    }
}

fn is_same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.value() == other.value(),
        (Value::Integer(one), Value::Integer(other)) => one.value() == other.value(),
        (Value::Array(one), Value::Array(other)) => {
            let mut pairs = one.iter().zip(other.iter());
            one.len() == other.len() && pairs.all(|(one, other)| is_same_value(one, other))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Zoo {
        #[serde(default)]
        animals: BTreeMap<String, Animal>,
    }

    #[derive(Default, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Animal {
        legs: u32,
        #[serde(default)]
        eats: Vec<String>,
    }

    impl Document for Zoo {
        const HEADING: &'static str = "# The zoo.\n";
        const MODE_REFUSED: u32 = 0;
    }

    const OLD: &str = "# mine\n[animals.cow]  # big\nlegs = 4   # four\neats = [ 'grass' ]\n\n\
        # second\n[animals.bee]\nlegs = 6\n";

    #[test]
    fn what_does_not_change_stays_as_it_is_written() {
        let mut zoo: Zoo = parse(OLD).unwrap();
        assert_eq!(
            render(OLD, &zoo).unwrap(),
            OLD.replace("legs = 6\n", "legs = 6\neats = []\n")
        );
        zoo.animals.remove("bee");
        zoo.animals.get_mut("cow").unwrap().legs = 3;
        zoo.animals.insert("a b".to_owned(), Animal::default());
        let new = render(OLD, &zoo).unwrap();
        assert_eq!(parse::<Zoo>(&new).unwrap(), zoo);
        let start = "# mine\n[animals.cow]  # big\nlegs = 3   # four\neats = [ 'grass' ]\n";
        assert!(new.starts_with(start), "{new}");
        assert!(
            new.contains("[animals.\"a b\"]\nlegs = 0\neats = []\n"),
            "{new}"
        );
    }

    #[test]
    fn tables_that_are_written_otherwise_are_changed_too() {
        for old in [
            "animals = { cow = { legs = 4 } }\n",
            "animals.cow.legs = 4\n",
            "[animals]\ncow = { legs = 4 }\n",
        ] {
            let mut zoo: Zoo = parse(old).unwrap();
            zoo.animals
                .get_mut("cow")
                .unwrap()
                .eats
                .push("hay".to_owned());
            zoo.animals.insert("ant".to_owned(), Animal::default());
            let new = render(old, &zoo).unwrap();
            assert_eq!(parse::<Zoo>(&new).unwrap(), zoo, "{new}");
        }
    }

    #[test]
    fn a_new_text_has_a_heading() {
        let zoo = Zoo {
            animals: [("ant".to_owned(), Animal::default())].into(),
        };
        let expected = "# The zoo.\n\n[animals.ant]\nlegs = 0\neats = []\n";
        assert_eq!(render("", &zoo).unwrap(), expected);
    }

    #[test]
    fn a_flaw_says_its_line() {
        let check = |text: &str, line, what: &str| {
            let flaw = parse::<Zoo>(text).unwrap_err();
            assert_eq!(flaw.line, line, "{flaw}");
            assert!(flaw.what.contains(what), "{flaw}");
        };
        check("\n[animals.cow]\nlegs = 4\nhorns = 2\n", 4, "horns");
        check("\n[animals.cow]\nlegs = -4\n", 3, "");
        check("[animals.cow]\nlegs = 4\n[animals.cow]\n", 3, "duplicate");
        check("[animals.cow\n", 1, "");
        check("[zoo]\n", 1, "zoo");
        check("[animals.cow]\neats = []\n", 1, "legs");
        check(&format!("a = {}", "[".repeat(10_000)), 1, "");
        check(&format!("{}a = 1", "a.".repeat(10_000)), 1, "");
    }
}
