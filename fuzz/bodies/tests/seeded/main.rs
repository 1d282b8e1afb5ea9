//! Each target's check over its seeds and over changes of them, the same ones in each run: what a fuzzer
//! would try first. And that every target is tried.

mod mutator;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use landline_fuzz::{TARGETS, Target};
use mutator::Mutator;

/// How many changed inputs each target gets in the suite, and in the long form of the test.
const INPUTS: usize = 1000;
const INPUTS_LONG: usize = 50 * INPUTS;

/// Declares a test for each target, and the list of them.
macro_rules! seeded {
    ($($name:ident)*) => {
        const TRIED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                try_target(stringify!($name));
            }
        )*
    };
}

seeded! {
    certificates client_sessions controls documents frames
    server_sessions texts tickets tutorial words
}

#[test]
fn every_target_is_tried_here_and_by_the_fuzzer() {
    let names = TARGETS.map(|target| target.name);
    assert_eq!(TRIED, names);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for name in names {
        let path = format!("fuzz_targets/{name}.rs");
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{path}");
        let source = std::fs::read_to_string(folder.join(path)).unwrap();
        assert!(
            source.contains(&format!("landline_fuzz::{name}::check")),
            "{name}"
        );
    }
    assert_eq!(manifest.matches("[[bin]]").count(), names.len());
}

fn try_target(name: &str) {
    let found = TARGETS.into_iter().find(|target| target.name == name);
    let target = found.expect("a target of this name");
    let seeds = (target.seeds)();
    for seed in &seeds {
        try_input(target, seed);
    }
    let is_long = std::env::var_os("LANDLINE_TEST_LONG").is_some_and(|value| value == "1");
    let mut mutator = Mutator::new(name);
    for _ in 0..if is_long { INPUTS_LONG } else { INPUTS } {
        try_input(target, &mutator.change(&seeds));
    }
}

/// A panic of the check says what does not hold; this says for which bytes.
fn try_input(target: Target, input: &[u8]) {
    let tried = catch_unwind(AssertUnwindSafe(|| (target.check)(input)));
    assert!(
        tried.is_ok(),
        "{} fails for b\"{}\"",
        target.name,
        input.escape_ascii()
    );
}
