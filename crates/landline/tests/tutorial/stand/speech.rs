//! What landline may say on stderr: sentences for people, and nothing of Rust's.

/// Bits of a panic or of a value printed with `{:?}`.
const DUMPS: [&str; 11] = [
    "panicked",
    "RUST_BACKTRACE",
    "unwrap()",
    "Os {",
    "Custom {",
    "kind:",
    "Err(",
    "Some(",
    "Error(",
    "Error {",
    "{$",
];

/// Panics when `err` holds a dump, a raw control character, or a message whose variables are missing.
#[track_caller]
pub(crate) fn clean(err: &str) {
    for dump in DUMPS {
        assert!(!err.contains(dump), "{dump:?} in stderr: {err}");
    }
    let raw = err.chars().find(|&c| c.is_control() && c != '\n');
    assert_eq!(raw, None, "a raw control character in stderr: {err:?}");
}

/// The one sentence that `err` is; panics when it is none, several or a dump.
#[track_caller]
pub(crate) fn sentence(err: &str) -> &str {
    clean(err);
    let mut lines = err.lines().filter(|line| !line.trim().is_empty());
    let line = lines.next().unwrap_or_else(|| panic!("nothing on stderr"));
    assert_eq!(
        lines.next(),
        None,
        "more than one sentence on stderr: {err}"
    );
    assert!(line.split_whitespace().count() >= 3, "no sentence: {line}");
    line
}

/// The first sentence of a complaint about wrong usage; help may follow it.
#[track_caller]
pub(crate) fn usage(err: &str) -> &str {
    clean(err);
    let line = err
        .lines()
        .next()
        .unwrap_or_else(|| panic!("nothing on stderr"));
    assert!(line.split_whitespace().count() >= 3, "no sentence: {line}");
    line
}
