//! Words as a shell takes them apart again, so that a line can be copied. It does not know what they
//! ask for.

/// `words` as one line for a shell, each in quotes where that is needed.
pub(crate) fn line<Word: AsRef<str>>(words: impl IntoIterator<Item = Word>) -> String {
    let quoted = words.into_iter().map(|word| quoted(word.as_ref()));
    quoted.collect::<Vec<_>>().join(" ")
}

/// One word, in quotes where that is needed.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:,=@%+".contains(letter);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_a_shell_takes_apart() {
        let check = |words: &[&str], expected: &str| assert_eq!(line(words), expected);
        check(
            &["tap", "unix:/a/b.s", "--split-at", "to-client:2,5ms"],
            "tap unix:/a/b.s --split-at to-client:2,5ms",
        );
        check(
            &["", "a b", "it's", "tcp://[::1]:9"],
            r"'' 'a b' 'it'\''s' 'tcp://[::1]:9'",
        );
    }

    #[test]
    fn a_path_is_one_word_to_a_shell() {
        assert_eq!(quoted("/tmp/a-b"), "/tmp/a-b");
        assert_eq!(quoted("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
