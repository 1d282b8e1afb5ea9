//! Paragraphs broken into lines. Between Chinese characters a line may end anywhere but before a sign
//! that closes or after one that opens.

use unicode_width::UnicodeWidthChar;

use super::columns::columns;

/// Signs that do not begin a line.
const CLOSING: &str = "，。、：；？！）】》”’…";
/// Signs that do not end one.
const OPENING: &str = "（【《“‘";

/// Breaks `text` into lines of at most `width` columns, each but the first of a paragraph with `indent`
/// blanks before it. A line break in `text` ends a paragraph.
pub fn wrapped(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut taken = 0;
        let mut start = 0;
        for (blank, piece) in pieces(paragraph) {
            let gap = usize::from(blank && taken > start);
            if taken > start && taken + gap + columns(piece) > width {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
                (taken, start) = (indent, indent);
            } else if gap > 0 {
                line.push(' ');
                taken += 1;
            }
            for letter in piece.chars() {
                let wide = letter.width().unwrap_or(0);
                // A word that is longer than a line is broken where the line is full.
                if taken > start && taken + wide > width && !CLOSING.contains(letter) {
                    lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
                    (taken, start) = (indent, indent);
                }
                line.push(letter);
                taken += wide;
            }
        }
        lines.push(line);
    }
    lines
}

/// The columns of the longest piece that stays on one line.
pub(super) fn longest_word(text: &str) -> usize {
    let pieces = text.lines().flat_map(pieces);
    pieces.map(|(_, piece)| columns(piece)).max().unwrap_or(0)
}

/// What stays on one line, each with whether a blank stood before it.
fn pieces(paragraph: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let mut begin = 0;
        let mut before: Option<char> = None;
        let mut blank = true;
        for (at, letter) in word.char_indices() {
            if before.is_some_and(|before| may_break(before, letter)) {
                pieces.push((blank, &word[begin..at]));
                (begin, blank) = (at, false);
            }
            before = Some(letter);
        }
        pieces.push((blank, &word[begin..]));
    }
    pieces
}

fn may_break(before: char, after: char) -> bool {
    let is_wide = |letter: char| letter.width() == Some(2) || CLOSING.contains(letter);
    (is_wide(before) || is_wide(after)) && !CLOSING.contains(after) && !OPENING.contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_to_the_next_line() {
        let check = |text, width, indent, expected: &[&str]| {
            assert_eq!(wrapped(text, width, indent), expected);
        };
        check("one two three", 7, 0, &["one two", "three"]);
        check("one two three", 7, 2, &["one two", "  three"]);
        check("a\nb", 7, 2, &["a", "b"]);
        check("abcdefghij", 4, 0, &["abcd", "efgh", "ij"]);
        check("", 4, 0, &[]);
    }

    #[test]
    fn chinese_is_broken_between_characters_and_signs_stay() {
        assert_eq!(wrapped("字节流没有边界。", 8, 0), ["字节流没", "有边界。"]);
        assert_eq!(wrapped("一二三，四", 6, 0), ["一二", "三，四"]);
        assert_eq!(wrapped("用 recv(5) 读取", 9, 0), ["用", "recv(5)", "读取"]);
    }
}
