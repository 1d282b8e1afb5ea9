//! One Rust file as laws look at it: its tokens, its functions, its public items, and which of its
//! lines are tests.

use std::ops::RangeInclusive;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Visibility};

use super::finding::Finding;
use super::tokens::{self, Token};
use super::tree::Tree;

/// A parsed Rust file.
#[derive(Default)]
pub(super) struct Rust {
    /// From the root of the workspace.
    pub(super) path: String,
    /// The whole text.
    pub(super) text: String,
    /// The whole file, flat; empty when it does not parse.
    pub(super) tokens: Vec<Token>,
    /// Every function with a body, in order.
    pub(super) functions: Vec<Function>,
    /// Public items that want documentation, and how many of them have it.
    pub(super) public: usize,
    /// How many public items are documented.
    pub(super) documented: usize,
    /// Why the file does not parse, and on which line.
    problem: Option<(usize, String)>,
    /// Lines under `#[cfg(test)]` or `#[test]`.
    tests: Vec<RangeInclusive<usize>>,
    /// Modules under `#[cfg(test)]` that stand in files of their own.
    test_modules: Vec<String>,
    /// Whether the whole file belongs to tests.
    is_test: bool,
}

/// A function with a body.
pub(super) struct Function {
    /// Its name.
    pub(super) name: String,
    /// The line of its signature, counted from 1.
    pub(super) line: usize,
    /// From the signature to the closing brace, both counted.
    pub(super) lines: usize,
}

impl Rust {
    /// Parses `text`. What does not parse has neither tokens nor functions, only a problem.
    pub(super) fn parse(path: &str, text: &str) -> Self {
        let mut file = Self {
            path: path.to_string(),
            text: text.to_string(),
            is_test: is_test_path(path),
            ..Self::default()
        };
        match syn::parse_file(text) {
            Ok(parsed) => file.visit_file(&parsed),
            Err(error) => file.problem = Some((line(error.span()), error.to_string())),
        }
        if let Ok(stream) = text.parse() {
            file.tokens = tokens::flatten(stream);
        }
        file
    }

    /// Whether `line` belongs to tests.
    pub(super) fn is_test(&self, line: usize) -> bool {
        self.is_test || self.tests.iter().any(|range| range.contains(&line))
    }

    /// The lines that do not belong to tests.
    pub(super) fn product_lines(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines().enumerate();
        lines.filter_map(|(index, text)| (!self.is_test(index + 1)).then_some(text))
    }

    fn add_function(&mut self, name: &syn::Ident, signature: Span, body: Span) {
        let first = line(signature);
        self.functions.push(Function {
            name: name.to_string(),
            line: first,
            lines: body.end().line - first + 1,
        });
    }

    fn add_item(&mut self, whole: Span, attributes: &[Attribute], visibility: &Visibility) {
        self.note_tests(whole, attributes);
        if matches!(visibility, Visibility::Public(_)) {
            self.add_public(attributes);
        }
    }

    fn add_public(&mut self, attributes: &[Attribute]) {
        self.public += 1;
        if attributes
            .iter()
            .any(|attribute| attribute.path().is_ident("doc"))
        {
            self.documented += 1;
        }
    }

    fn note_tests(&mut self, whole: Span, attributes: &[Attribute]) {
        if attributes.iter().any(is_test_attribute) {
            self.tests.push(line(whole)..=whole.end().line);
        }
    }
}

/// Finds the files of modules that stand under `#[cfg(test)]` in another file.
pub(super) fn mark_test_files(files: &mut [Rust]) {
    let test_folders: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let folder = module_folder(&file.path);
            let names = file.test_modules.iter();
            names.map(move |name| format!("{folder}/{name}"))
        })
        .collect();
    for file in files {
        let module = file.path.trim_end_matches(".rs");
        file.is_test |= test_folders
            .iter()
            .any(|folder| module == folder || module.starts_with(&format!("{folder}/")));
    }
}

/// A file that does not parse is seen by no other law, so that is a finding of its own.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.rust().iter();
    files
        .filter_map(|file| {
            let (line, problem) = file.problem.as_ref()?;
            let sentence = format!("this is not Rust that can be checked: {problem}");
            Some(Finding::new(&file.path, *line, sentence))
        })
        .collect()
}

impl<'ast> Visit<'ast> for Rust {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        use syn::Item;
        match item {
            Item::Fn(it) => self.add_item(it.span(), &it.attrs, &it.vis),
            Item::Struct(it) => self.add_item(it.span(), &it.attrs, &it.vis),
            Item::Enum(it) => self.add_item(it.span(), &it.attrs, &it.vis),
            Item::Trait(it) => self.add_item(it.span(), &it.attrs, &it.vis),
            Item::Const(it) => self.add_item(it.span(), &it.attrs, &it.vis),
            Item::Static(it) => self.add_item(it.span(), &it.attrs, &it.vis),
            Item::Type(it) => self.add_item(it.span(), &it.attrs, &it.vis),
            Item::Mod(it) => self.note_tests(it.span(), &it.attrs),
            Item::Impl(it) => self.note_tests(it.span(), &it.attrs),
            Item::Use(it) => self.note_tests(it.span(), &it.attrs),
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_none() && module.attrs.iter().any(is_test_attribute) {
            self.test_modules.push(module.ident.to_string());
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let signature = &function.sig;
        self.add_function(&signature.ident, signature.span(), function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, method: &'ast syn::ImplItemFn) {
        let signature = &method.sig;
        self.add_item(method.span(), &method.attrs, &method.vis);
        self.add_function(&signature.ident, signature.span(), method.block.span());
        visit::visit_impl_item_fn(self, method);
    }

    fn visit_trait_item_fn(&mut self, method: &'ast syn::TraitItemFn) {
        if let Some(body) = &method.default {
            self.add_function(&method.sig.ident, method.sig.span(), body.span());
        }
        visit::visit_trait_item_fn(self, method);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if matches!(field.vis, Visibility::Public(_)) && field.ident.is_some() {
            self.add_public(&field.attrs);
        }
        visit::visit_field(self, field);
    }
}

/// The folder in which the modules of the file at `path` stand.
fn module_folder(path: &str) -> &str {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder,
        _ => path.trim_end_matches(".rs"),
    }
}

fn is_test_path(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "fuzz"))
}

/// `#[cfg(test)]` and its `all(test, ..)` kin, `#[test]`, `#[tokio::test]`.
fn is_test_attribute(attribute: &Attribute) -> bool {
    let path = attribute.path();
    if path.is_ident("cfg") {
        let condition = match &attribute.meta {
            syn::Meta::List(list) => list.tokens.to_string(),
            _ => String::new(),
        };
        let mut words = condition.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
        return words.any(|word| word == "test") && !condition.contains("not");
    }
    path.segments
        .last()
        .is_some_and(|last| last.ident == "test")
}

fn line(span: Span) -> usize {
    span.start().line
}

#[cfg(test)]
mod tests {
    use super::super::finding::expect;
    use super::*;

    #[test]
    fn a_function_is_measured_from_signature_to_brace() {
        let file = Rust::parse(
            "a.rs",
            "/// Doc.\n#[inline]\nfn f(\n    a: u8,\n) {\n    a;\n}\n",
        );
        assert_eq!(file.functions[0].line, 3);
        assert_eq!(file.functions[0].lines, 5);
    }

    #[test]
    fn methods_and_provided_methods_are_functions_too() {
        let file = Rust::parse(
            "a.rs",
            "impl A { fn f() {} }\ntrait B { fn g() {} fn h(); }",
        );
        let names: Vec<&str> = file.functions.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["f", "g"]);
    }

    #[test]
    fn lines_of_tests_are_known() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let file = Rust::parse("src/a.rs", text);
        let marks: Vec<bool> = (1..=6).map(|line| file.is_test(line)).collect();
        assert_eq!(marks, [false, true, true, true, true, false]);
        assert!(!Rust::parse("a.rs", "#[cfg(not(test))]\nfn f() {}").is_test(2));
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_is_a_test() {
        let tree = Tree::made_up(&[
            ("src/a.rs", "#[cfg(test)]\nmod b;"),
            ("src/a/b.rs", "fn f() {}"),
            ("src/b.rs", "fn f() {}"),
        ]);
        let marks: Vec<bool> = tree.rust().iter().map(|file| file.is_test(1)).collect();
        assert_eq!(marks, [true, true, false]);
    }

    #[test]
    fn public_items_are_counted_with_their_documentation() {
        let text = "/// Doc.\npub struct A { pub b: u8 }\npub(crate) fn c() {}\nimpl A { /// Doc.\n pub fn d() {} }";
        let file = Rust::parse("a.rs", text);
        assert_eq!((file.public, file.documented), (3, 2));
    }

    #[test]
    fn what_parses_is_no_finding() {
        expect(check, &[("a.rs", "fn f() {}")], &[]);
    }

    #[test]
    fn what_does_not_parse_is_a_finding() {
        expect(check, &[("a.rs", "\nfn f( {}")], &["a.rs:2"]);
    }
}
