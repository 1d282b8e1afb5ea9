//! Text by the columns that it takes on a terminal, where a Chinese character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns `text` takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// `text` and blanks, up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Blanks and `text`, up to `width` columns.
pub(super) fn padded_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The start of `text` that fits in `width` columns, with a sign that there is more.
pub(super) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut taken = 1;
    for letter in text.chars() {
        taken += letter.width().unwrap_or(0);
        if taken > width {
            break;
        }
        out.push(letter);
    }
    out.push('…');
    out
}

/// One line that is written at any column.
pub(super) struct Row(Vec<String>);

impl Row {
    /// A line of blanks.
    pub(super) fn new(width: usize) -> Self {
        Self(vec![" ".to_owned(); width])
    }

    /// Writes `text` from column `at` on; what does not fit is left out.
    pub(super) fn put(&mut self, at: usize, text: &str) {
        let mut at = at;
        for letter in text.chars() {
            let width = letter.width().unwrap_or(0);
            if width == 0 || at + width > self.0.len() {
                continue;
            }
            self.0[at] = letter.to_string();
            for beside in &mut self.0[at + 1..at + width] {
                beside.clear();
            }
            at += width;
        }
    }

    /// The line, without the blanks at its end.
    pub(super) fn line(self) -> String {
        self.0.concat().trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_padded_and_cut_by_columns() {
        assert_eq!(padded("粘包", 6), "粘包  ");
        assert_eq!(padded_left("12", 4), "  12");
        assert_eq!(cut("recv(1024)", 6), "recv(…");
        assert_eq!(cut("半连接队列", 6), "半连…");
        assert_eq!(cut("粘包", 4), "粘包");
    }

    #[test]
    fn a_row_takes_text_at_any_column() {
        let mut row = Row::new(8);
        row.put(3, "写入");
        row.put(0, "a");
        row.put(7, "bc");
        assert_eq!(row.line(), "a  写入b");
    }
}
