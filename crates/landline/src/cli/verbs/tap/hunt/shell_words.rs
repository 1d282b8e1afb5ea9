//! Words as a shell takes them apart again, so that a line can be copied. It does not know what they
//! ask for.

/// `words` as one line for a shell, each in quotes where that is needed.
pub(super) fn line<Word: AsRef<str>>(words: impl IntoIterator<Item = Word>) -> String {
    let quoted = words.into_iter().map(|word| quoted(word.as_ref()));
    quoted.collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,=@%+".contains(&byte);
    match !word.is_empty() && word.bytes().all(plain) {
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
}
