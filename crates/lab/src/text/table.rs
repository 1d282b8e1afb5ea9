//! Tables in columns. What does not fit is broken within its column, so that a table is never wider
//! than the terminal.

use super::Words;
use super::columns::{columns, padded, padded_left};
use super::wrap::{longest_word, wrapped};
use crate::quantity;
use crate::report::{Cell, Table};

/// Between two columns.
const GAP: &str = "  ";
/// The narrowest that a column is made.
const COLUMN_MIN: usize = 6;

/// Draws `table` in `width` columns: its title, the heads of its columns, its rows.
pub fn table(table: &Table, width: usize, words: Words<'_>) -> Vec<String> {
    let mut rows: Vec<Vec<String>> = vec![table.columns.iter().map(|key| words(key)).collect()];
    let of_row = |row: &Vec<Cell>| row.iter().map(|cell| shown(cell, words)).collect();
    rows.extend(table.rows.iter().map(of_row));
    let widths = widths(&rows, table.columns.len(), width);
    let is_number: Vec<bool> = (0..widths.len())
        .map(|at| {
            let cells = table.rows.iter().filter_map(|row| row.get(at));
            let is_other = |cell: &Cell| matches!(cell, Cell::Text(_) | Cell::Word(_));
            !cells.clone().any(is_other) && cells.count() > 0
        })
        .collect();
    let mut lines = wrapped(&words(table.title), width, 0);
    for (at, row) in rows.iter().enumerate() {
        lines.extend(drawn(row, &widths, &is_number));
        if at == 0 {
            let rules: Vec<String> = widths.iter().map(|wide| "─".repeat(*wide)).collect();
            lines.push(rules.join(GAP));
        }
    }
    lines
}

/// How wide each column is: as its widest cell, and the widest ones less when that is too much. Words
/// are broken only when nothing else is left.
fn widths(rows: &[Vec<String>], count: usize, width: usize) -> Vec<usize> {
    let of_column = |measure: fn(&str) -> usize| -> Vec<usize> {
        let cells = |at: usize| rows.iter().filter_map(move |row| row.get(at));
        let widest = |at| {
            cells(at)
                .map(|cell| measure(cell))
                .max()
                .unwrap_or(0)
                .max(1)
        };
        (0..count).map(widest).collect()
    };
    let mut widths = of_column(columns);
    let longest_words = of_column(longest_word);
    let room = width.saturating_sub(columns(GAP) * count.saturating_sub(1));
    shrink(&mut widths, &longest_words, room);
    shrink(&mut widths, &vec![COLUMN_MIN; count], room);
    widths
}

/// Takes from the widest columns that are above their least, until all have room.
fn shrink(widths: &mut [usize], least: &[usize], room: usize) {
    while widths.iter().sum::<usize>() > room {
        let above = widths.iter_mut().zip(least);
        let above = above.filter(|(width, least)| **width > **least);
        match above.max_by_key(|(width, _)| **width) {
            Some((widest, _)) => *widest -= 1,
            None => return,
        }
    }
}

/// One row, of as many lines as its longest cell needs.
fn drawn(row: &[String], widths: &[usize], is_number: &[bool]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| wrapped(cell, *width, 0))
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let parts: Vec<String> = cells
            .iter()
            .zip(widths.iter().zip(is_number))
            .map(|(cell, (width, is_number))| {
                let part = cell.get(at).map_or("", String::as_str);
                match is_number {
                    true => padded_left(part, *width),
                    false => padded(part, *width),
                }
            })
            .collect();
        parts.join(GAP).trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

fn shown(cell: &Cell, words: Words<'_>) -> String {
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Number(value, unit) => quantity::with_unit(*value, unit),
        Cell::Text(text) => text.clone(),
        Cell::Word(key) => words(key),
        Cell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up() -> Table {
        let row = |name: &'static str, count, sizes: &str| {
            let sizes = Cell::Text(sizes.to_owned());
            vec![Cell::Word(name), Cell::Count(count), sizes]
        };
        Table {
            title: "读取",
            columns: vec!["名字", "reads", "sizes"],
            rows: vec![row("粘包", 2, "1024 + 1"), row("b", 11, "25")],
        }
    }

    #[test]
    fn columns_stand_in_line_whatever_the_script() {
        let drawn = table(&made_up(), 40, &str::to_owned);
        let expected = [
            "读取",
            "名字  reads  sizes",
            "────  ─────  ────────",
            "粘包      2  1024 + 1",
            "b        11  25",
        ];
        assert_eq!(drawn, expected);
    }

    #[test]
    fn what_does_not_fit_is_broken_within_its_column() {
        let drawn = table(&made_up(), 20, &str::to_owned);
        assert_eq!(drawn[3..5], ["粘包      2  1024 +", "             1"]);
        assert!(drawn.iter().all(|line| columns(line) <= 20), "{drawn:?}");
    }
}
