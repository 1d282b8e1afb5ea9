//! The law that `frame` is pure code: bytes in, frames out, no socket, no file, no clock. Its tests
//! may use what they need.

use toml::{Table, Value};

use super::finding::Finding;
use super::tokens;
use super::tree::{Tree, line_of};

/// Where pure code stands.
const PURE: &str = "crates/frame/";

/// Modules of the standard library that reach outside the program or wait.
const SYSTEM: [&str; 7] = ["env", "fs", "io", "net", "process", "thread", "time"];

/// Crates that do the same.
const SYSTEM_CRATES: [&str; 7] = [
    "async_io", "libc", "mio", "nix", "rustix", "socket2", "tokio",
];

/// Finds what pure code imports of the system.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = check_manifest(tree);
    for file in tree
        .rust()
        .iter()
        .filter(|file| file.path.starts_with(PURE))
    {
        for path in tokens::paths(&file.tokens) {
            if is_system(&path) && !file.is_test(path.line) {
                let name = path.names.join("::");
                findings.push(finding(&file.path, path.line, &name));
            }
        }
    }
    findings
}

fn check_manifest(tree: &Tree) -> Vec<Finding> {
    let path = format!("{PURE}Cargo.toml");
    let text = tree.text(&path).unwrap_or_default();
    let manifest = text.parse::<Table>().unwrap_or_default();
    let names = manifest.get("dependencies").and_then(Value::as_table);
    let names = names.into_iter().flat_map(Table::keys);
    names
        .filter(|name| SYSTEM_CRATES.contains(&name.replace('-', "_").as_str()))
        .map(|name| finding(&path, line_of(text, name), name))
        .collect()
}

fn is_system(path: &tokens::Path) -> bool {
    let crate_name = path.names[0].as_str();
    if matches!(crate_name, "std" | "core" | "alloc") {
        let module = path.names.get(1).map(String::as_str);
        return module.is_some_and(|module| SYSTEM.contains(&module));
    }
    path.is_of(crate_name) && SYSTEM_CRATES.contains(&crate_name)
}

fn finding(path: &str, line: usize, name: &str) -> Finding {
    let sentence = format!("frames are pure code and must not use `{name}`: no I/O, no clock");
    Finding::new(path, line, sentence)
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn pure_code_passes_and_its_tests_may_do_more() {
        let source =
            "use std::fmt;\nfn f(io: u8) { io; }\n#[cfg(test)]\nmod tests { use std::io; }";
        let manifest = "[dependencies]\nserde = \"1\"\n[dev-dependencies]\ntokio = \"1\"\n";
        let files = [
            ("crates/frame/src/a.rs", source),
            ("crates/frame/Cargo.toml", manifest),
        ];
        expect(check, &files, &[]);
        expect(check, &[("crates/line/src/a.rs", "use std::io;")], &[]);
    }

    #[test]
    fn a_module_of_the_system_is_found_in_a_group_too() {
        let source = "use std::{fmt, time::Duration};\nfn f() -> std::io::Result<()> { Ok(()) }";
        let expected = ["crates/frame/src/a.rs:1", "crates/frame/src/a.rs:2"];
        expect(check, &[("crates/frame/src/a.rs", source)], &expected);
    }

    #[test]
    fn a_crate_of_the_system_is_found() {
        expect(
            check,
            &[("crates/frame/src/a.rs", "use tokio::net::TcpStream;")],
            &["crates/frame/src/a.rs:1"],
        );
        let manifest = "[dependencies]\ntokio = \"1\"\n";
        expect(
            check,
            &[("crates/frame/Cargo.toml", manifest)],
            &["crates/frame/Cargo.toml:2"],
        );
    }
}
