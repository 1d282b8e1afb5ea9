//! The law of who imports whom, from the manifests and from the sources, and that no crate sets the
//! workspace's lints aside.

use toml::{Table, Value};

use super::finding::Finding;
use super::source::Rust;
use super::tree::{Tree, crate_of, line_of};

/// Each crate of ours by its folder, and which of ours it may import. `line` and `service` never
/// import each other: `landline` joins them. Nobody imports `fuzz`.
const MAY_IMPORT: [(&str, &[&str]); 7] = [
    ("frame", &[]),
    ("trust", &[]),
    ("line", &["frame"]),
    ("service", &["frame"]),
    ("lab", &["frame", "line"]),
    ("landline", &["frame", "line", "lab", "service", "trust"]),
    ("fuzz", &["frame", "trust"]),
];

/// Tables of a manifest that name dependencies; those of tests count too.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Finds imports among our crates that the table does not allow.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in manifests(tree) {
        match text.parse::<Table>() {
            Ok(manifest) => check_manifest(path, text, &manifest, &mut findings),
            Err(error) => findings.push(Finding::new(path, 1, error.message().to_string())),
        }
    }
    for file in tree.rust().iter().filter(|file| is_ours(&file.path)) {
        check_source(file, &mut findings);
    }
    findings
}

/// Finds crates that do not take the lints of the workspace.
pub(super) fn check_lints(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        if !path.ends_with("/Cargo.toml") {
            continue;
        }
        let manifest = text.parse::<Table>().unwrap_or_default();
        let lints = manifest.get("lints").and_then(Value::as_table);
        if lints.and_then(|it| it.get("workspace")) != Some(&Value::Boolean(true)) {
            let sentence =
                "write `[lints]` with `workspace = true`, so that the workspace's lints hold";
            findings.push(Finding::new(path, 1, sentence));
        }
    }
    findings
}

/// The names of the packages that `manifest` depends on.
pub(super) fn dependencies(manifest: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flat_map(Table::values);
    let tables = targets.filter_map(Value::as_table).chain([manifest]);
    tables
        .flat_map(|table| DEPENDENCIES.map(|kind| table.get(kind)))
        .filter_map(|kind| kind?.as_table())
        .flatten()
        .map(|(name, details)| {
            let renamed = details.get("package").and_then(Value::as_str);
            renamed.unwrap_or(name).to_string()
        })
        .collect()
}

fn check_manifest(path: &str, text: &str, manifest: &Table, findings: &mut Vec<Finding>) {
    let own = crate_of(path);
    if !MAY_IMPORT.iter().any(|(name, _)| *name == own) {
        let sentence = format!(
            "`{own}` has no row in the table of who imports whom (xtask/src/tidy/crates.rs)"
        );
        findings.push(Finding::new(path, 1, sentence));
    }
    for dependency in dependencies(manifest) {
        let name = dependency.replace('-', "_");
        let Some(other) = folder_of(&name) else {
            continue;
        };
        if !may_import(own, other) {
            findings.push(forbidden(path, line_of(text, &dependency), own, other));
        }
    }
}

fn check_source(file: &Rust, findings: &mut Vec<Finding>) {
    let own = crate_of(&file.path);
    for path in super::tokens::paths(&file.tokens) {
        let Some(other) = folder_of(&path.names[0]) else {
            continue;
        };
        if path.is_of(&path.names[0]) && !may_import(own, other) {
            findings.push(forbidden(&file.path, path.line, own, other));
        }
    }
}

fn forbidden(path: &str, line: usize, own: &str, other: &str) -> Finding {
    let sentence = format!("`{own}` must not import `{other}`: see the laws in ARCHITECTURE.md");
    Finding::new(path, line, sentence)
}

fn may_import(own: &str, other: &str) -> bool {
    let row = MAY_IMPORT.iter().find(|(name, _)| *name == own);
    own == other || row.is_some_and(|(_, allowed)| allowed.contains(&other))
}

/// The folder of our crate that sources call `name`, if it is one of ours.
fn folder_of(name: &str) -> Option<&str> {
    let folder = name.strip_prefix("landline_").unwrap_or(name);
    let is_ours = name == "landline" || name != folder;
    is_ours.then_some(folder)
}

fn manifests(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let texts = tree.texts();
    texts.filter(|(path, _)| is_ours(path) && path.ends_with("/Cargo.toml"))
}

fn is_ours(path: &str) -> bool {
    path.starts_with("crates/") || path.starts_with("fuzz/")
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    const LINE: &str = "crates/line/Cargo.toml";

    #[test]
    fn allowed_imports_pass() {
        let manifest = "[dependencies]\nlandline-frame = { workspace = true }\ntokio = \"1\"\n";
        let source =
            "use landline_frame::Header;\nfn f(landline_service: u8) { landline_service; }";
        expect(
            check,
            &[(LINE, manifest), ("crates/line/src/lib.rs", source)],
            &[],
        );
        expect(
            check,
            &[("crates/landline/src/lib.rs", "use landline_service::Call;")],
            &[],
        );
    }

    #[test]
    fn a_forbidden_dependency_is_found_whatever_its_table_and_name() {
        let plain = "[dependencies]\nlandline-service = \"1\"\n";
        expect(check, &[(LINE, plain)], &["crates/line/Cargo.toml:2"]);
        let tests = "[dev-dependencies]\nlandline = \"1\"\n";
        expect(check, &[(LINE, tests)], &["crates/line/Cargo.toml:2"]);
        let renamed = "[target.'cfg(unix)'.dependencies]\nx = { package = \"landline-trust\" }\n";
        expect(check, &[(LINE, renamed)], &["crates/line/Cargo.toml:2"]);
    }

    #[test]
    fn a_forbidden_path_is_found() {
        let source = "fn f() {}\nuse {landline_line::Tcp, std::io};";
        let path = "crates/service/src/echo.rs";
        expect(check, &[(path, source)], &["crates/service/src/echo.rs:2"]);
        expect(
            check,
            &[("crates/frame/src/a.rs", "type A = landline::B;")],
            &["crates/frame/src/a.rs:1"],
        );
    }

    #[test]
    fn fuzz_targets_reach_what_they_check_and_nobody_imports_them() {
        let bodies = "[dependencies]\nlandline-frame = \"1\"\nlandline-trust = \"1\"\n";
        let targets = "[dependencies]\nlandline-fuzz = \"1\"\n";
        let files = [
            ("fuzz/bodies/Cargo.toml", bodies),
            ("fuzz/Cargo.toml", targets),
            ("fuzz/fuzz_targets/a.rs", "fn f() { landline_fuzz::a(); }"),
        ];
        expect(check, &files, &[]);
        let line = "[dev-dependencies]\nlandline-fuzz = \"1\"\n";
        expect(check, &[(LINE, line)], &["crates/line/Cargo.toml:2"]);
        let beyond = "[dependencies]\nlandline-line = \"1\"\n";
        expect(
            check,
            &[("fuzz/bodies/Cargo.toml", beyond)],
            &["fuzz/bodies/Cargo.toml:2"],
        );
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        expect(
            check,
            &[("crates/extra/Cargo.toml", "")],
            &["crates/extra/Cargo.toml:1"],
        );
    }

    #[test]
    fn a_crate_with_the_workspaces_lints_passes() {
        expect(check_lints, &[(LINE, "[lints]\nworkspace = true\n")], &[]);
    }

    #[test]
    fn a_crate_without_the_workspaces_lints_is_found() {
        expect(
            check_lints,
            &[(LINE, "[package]\n")],
            &["crates/line/Cargo.toml:1"],
        );
    }
}
