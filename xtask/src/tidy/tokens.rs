//! Rust source as a flat list of tokens, and the paths in it. Comments and the insides of strings
//! are no tokens, so a law that looks here is not misled by prose; the insides of macros are.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token: an identifier, a sign, a bracket, or a literal with its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The token as it is written.
    pub(super) text: String,
    /// Its line, counted from 1.
    pub(super) line: usize,
    /// Whether it is an identifier or a keyword.
    pub(super) is_word: bool,
}

/// A path such as `std::io::Read`; the groups of a `use` are multiplied out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// Its names, in order; a glob is `*`.
    pub(super) names: Vec<String>,
    /// The line of its last name.
    pub(super) line: usize,
}

impl Path {
    /// Whether the path starts in the crate `name`: alone, a name may be a variable.
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.names.len() > 1 && self.names[0] == name
    }
}

/// Flattens `stream`: each bracket is a token of its own.
pub(super) fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    push_all(stream, &mut tokens);
    tokens
}

/// Where `wanted` stands in `tokens`, token by token, as the indices of its first token.
pub(super) fn find<'a>(
    tokens: &'a [Token],
    wanted: &'a [&'a str],
) -> impl Iterator<Item = usize> + 'a {
    let last = (tokens.len() + 1).saturating_sub(wanted.len());
    (0..last).filter(move |start| {
        let pairs = tokens[*start..].iter().zip(wanted);
        pairs.into_iter().all(|(token, text)| token.text == **text)
    })
}

/// All paths in `tokens`.
pub(super) fn paths(tokens: &[Token]) -> Vec<Path> {
    let mut found = Vec::new();
    // For each open bracket the path before it, when it opens a group of a `use`.
    let mut open: Vec<Vec<String>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "{" | "(" | "[" => open.push(Vec::new()),
            "}" | ")" | "]" => drop(open.pop()),
            _ if tokens[at].is_word => {
                let mut names = open.last().cloned().unwrap_or_default();
                at = take_path(tokens, at, &mut names);
                if is_at(tokens, at + 1, &[":", ":", "{"]) {
                    open.push(names);
                    at += 3;
                } else {
                    let line = tokens[at].line;
                    found.push(Path { names, line });
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Takes the names of a path that starts at `at` and returns the index of its last token.
fn take_path(tokens: &[Token], mut at: usize, names: &mut Vec<String>) -> usize {
    names.push(tokens[at].text.clone());
    while is_at(tokens, at + 1, &[":", ":"]) {
        match tokens.get(at + 3) {
            Some(next) if next.is_word || next.text == "*" => names.push(next.text.clone()),
            _ => break,
        }
        at += 3;
    }
    at
}

fn is_at(tokens: &[Token], at: usize, wanted: &[&str]) -> bool {
    let rest = tokens.get(at..at + wanted.len());
    rest.is_some_and(|rest| {
        rest.iter()
            .zip(wanted)
            .all(|(token, text)| token.text == *text)
    })
}

fn push_all(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        let start = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (opening, closing) = brackets(group.delimiter());
                push(tokens, opening, group.span_open().start().line, false);
                push_all(group.stream(), tokens);
                push(tokens, closing, group.span_close().start().line, false);
            }
            TokenTree::Ident(word) => push(tokens, &word.to_string(), start, true),
            TokenTree::Punct(sign) => push(tokens, &sign.as_char().to_string(), start, false),
            TokenTree::Literal(literal) => push(tokens, &literal.to_string(), start, false),
        }
    }
}

fn push(tokens: &mut Vec<Token>, text: &str, line: usize, is_word: bool) {
    if !text.is_empty() {
        tokens.push(Token {
            text: text.to_string(),
            line,
            is_word,
        });
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(source: &str) -> Vec<Token> {
        flatten(source.parse().expect("the test's source is Rust"))
    }

    fn joined(source: &str) -> Vec<String> {
        let found = paths(&tokens(source));
        found.iter().map(|path| path.names.join("::")).collect()
    }

    #[test]
    fn the_groups_of_a_use_are_multiplied_out() {
        let found = joined("use std::{io::{self, Read}, fs};");
        assert_eq!(found, ["use", "std::io::self", "std::io::Read", "std::fs"]);
    }

    #[test]
    fn a_glob_is_a_name() {
        assert_eq!(joined("use nix::*;"), ["use", "nix::*"]);
    }

    #[test]
    fn macros_and_attributes_are_looked_into() {
        let found = joined("#[tokio::test] fn f() { assert!(a::b()); }");
        assert_eq!(found, ["tokio::test", "fn", "f", "assert", "a::b"]);
    }

    #[test]
    fn a_body_after_a_group_starts_afresh() {
        let found = joined("use a::{b}; mod c { d::e }");
        assert_eq!(found, ["use", "a::b", "mod", "c", "d::e"]);
    }

    #[test]
    fn comments_and_strings_hold_no_tokens() {
        let source = "// todo!()\nfn f() { \"todo!()\" }";
        assert_eq!(find(&tokens(source), &["todo", "!"]).count(), 0);
    }

    #[test]
    fn a_sequence_is_found_where_it_starts() {
        let list = tokens("a ! b ! a !");
        let found: Vec<usize> = find(&list, &["a", "!"]).collect();
        assert_eq!(found, [0, 4]);
        assert_eq!(find(&list, &["a", "!", "x"]).count(), 0);
    }
}
