//! The catalogue of messages: Fluent files, every key in each language. An experiment of the lab has a
//! pair of files of its own.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The values that a sentence names.
pub(crate) type Values = Vec<(&'static str, String)>;

/// The files of one language.
macro_rules! catalogue {
    ($language:literal) => {
        &[
            include_str!(concat!($language, ".ftl")),
            include_str!(concat!("lab/tables.", $language, ".ftl")),
            include_str!(concat!("lab/phone.", $language, ".ftl")),
            include_str!(concat!("lab/layers.", $language, ".ftl")),
            include_str!(concat!("lab/leftover.", $language, ".ftl")),
            include_str!(concat!("lab/empty.", $language, ".ftl")),
            include_str!(concat!("lab/backlog.", $language, ".ftl")),
            include_str!(concat!("lab/sticky.", $language, ".ftl")),
            include_str!(concat!("lab/remedies.", $language, ".ftl")),
            include_str!(concat!("lab/partial.", $language, ".ftl")),
            include_str!(concat!("lab/backpressure.", $language, ".ftl")),
            include_str!(concat!("lab/deadlock.", $language, ".ftl")),
            include_str!(concat!("lab/truncation.", $language, ".ftl")),
            include_str!(concat!("lab/mtu.", $language, ".ftl")),
            include_str!(concat!("lab/close.", $language, ".ftl")),
            include_str!(concat!("lab/crash.", $language, ".ftl")),
            include_str!(concat!("lab/families.", $language, ".ftl")),
            include_str!(concat!("lab/nagle.", $language, ".ftl")),
            include_str!(concat!("lab/relay.", $language, ".ftl")),
        ]
    };
}

const ENGLISH: &[&str] = catalogue!("en");
const CHINESE: &[&str] = catalogue!("zh-CN");

/// A language that landline speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    #[value(name = "zh-CN", alias = "zh", alias = "zh-cn", alias = "zh_CN")]
    ZhCn,
}

impl Language {
    /// The language of the locale, as POSIX ranks its variables: the first that is set decides.
    pub(crate) fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(variable)
            .find(|value| !value.is_empty());
        match locale {
            Some(locale) if locale.starts_with("zh") => Self::ZhCn,
            _ => Self::En,
        }
    }
}

/// The sentences of one language.
pub(crate) struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Reads the catalogue of `language`.
    pub(crate) fn new(language: Language) -> Self {
        let (texts, identifier) = match language {
            Language::En => (ENGLISH, "en"),
            Language::ZhCn => (CHINESE, "zh-CN"),
        };
        let identifier: LanguageIdentifier = identifier
            .parse()
            .expect("the catalogue's languages are well-formed");
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Values are paths and numbers in a line of a log, not prose of mixed direction.
        bundle.set_use_isolating(false);
        for text in texts {
            let resource = FluentResource::try_new((*text).into());
            // A key that stands twice is found by a test, not by a user.
            let _ = bundle.add_resource(resource.unwrap_or_else(|(partly, _errors)| partly));
        }
        Self { bundle }
    }

    /// The sentence `key` with its values in place. A key that is not there, which a test rules
    /// out, is shown as it is.
    pub(crate) fn sentence(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            return format!("{key} {values:?}");
        };
        let arguments: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&arguments), &mut errors)
            .into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
    use std::collections::{BTreeMap, BTreeSet};

    fn variables(pattern: &Pattern<&str>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for element in &pattern.elements {
            let PatternElement::Placeable { expression } = element else {
                continue;
            };
            let inline = match expression {
                Expression::Inline(inline) => inline,
                Expression::Select { selector, variants } => {
                    found.extend(
                        variants
                            .iter()
                            .flat_map(|variant| variables(&variant.value)),
                    );
                    selector
                }
            };
            if let InlineExpression::VariableReference { id } = inline {
                found.insert(id.name.to_owned());
            }
        }
        found
    }

    fn catalogue(texts: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
        let text = texts.join("\n");
        let resource = fluent_syntax::parser::parse(text.as_str());
        let resource = resource.expect("the files have no mistake");
        let mut keys = BTreeMap::new();
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let pattern = message
                .value
                .as_ref()
                .expect("every message has a sentence");
            let before = keys.insert(message.id.name.to_owned(), variables(pattern));
            assert!(before.is_none(), "{} stands twice", message.id.name);
        }
        keys
    }

    #[test]
    fn both_languages_have_the_same_keys_and_values() {
        assert_eq!(catalogue(ENGLISH), catalogue(CHINESE));
    }

    /// An object of `--json` has these keys of its own: a value of that name would take its place.
    #[test]
    fn no_value_is_called_as_a_part_of_every_object_is() {
        for (key, values) in catalogue(ENGLISH) {
            for taken in ["v", "event", "key"] {
                assert!(!values.contains(taken), "{key}: {taken}");
            }
        }
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let check = |set: &[(&str, &str)], expected| {
            let found = Language::of_locale(|name| {
                set.iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            });
            assert_eq!(found, expected, "{set:?}");
        };
        check(&[], Language::En);
        check(&[("LANG", "zh_CN.UTF-8")], Language::ZhCn);
        check(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], Language::En);
        check(&[("LC_ALL", ""), ("LC_MESSAGES", "zh_CN")], Language::ZhCn);
        check(&[("LANG", "de_DE.UTF-8")], Language::En);
    }

    #[test]
    fn a_sentence_names_its_values() {
        for language in [Language::En, Language::ZhCn] {
            let values = [("address", "tcp://h:1".to_owned())];
            let sentence = Words::new(language).sentence("address-no-scheme", &values);
            assert!(sentence.contains("tcp://h:1"), "{sentence}");
        }
    }
}
