//! Pieces of a stream as boxes to scale, one row over the other, so that it shows which edges fall
//! together.

use super::Words;
use super::columns::{Row, columns};
use crate::report::Edges;

/// Draws the rows, which share the lines between them.
pub(super) fn draw(rows: &[Edges], width: usize, words: Words<'_>) -> Vec<String> {
    let names: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", words(row.name), row.sizes.len()))
        .collect();
    let left = names.iter().map(|name| columns(name)).max().unwrap_or(0) + 1;
    let sums = rows.iter().map(|row| row.sizes.iter().sum::<usize>());
    let total = sums.max().unwrap_or(0).max(1);
    let inner = width.saturating_sub(left).max(2) - 1;
    // A size is written in all boxes of that size, or in none.
    let has_label = |size: usize| size * inner / total > digits(size);
    let edges: Vec<Vec<usize>> = rows.iter().map(|row| edges_of(row, total, inner)).collect();
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let above = at.checked_sub(1).map_or(&[][..], |before| &edges[before]);
        lines.push(border(above, &edges[at], left, width));
        let mut line = Row::new(width);
        line.put(0, &names[at]);
        put_boxes(&mut line, &row.sizes, &edges[at], left, &has_label);
        lines.push(line.line());
    }
    if let Some(last) = edges.last() {
        lines.push(border(last, &[], left, width));
    }
    lines
}

/// The columns of a row's edges, from the first byte's to the last one's.
fn edges_of(row: &Edges, total: usize, inner: usize) -> Vec<usize> {
    let mut offset = 0;
    let mut edges = vec![0];
    for size in &row.sizes {
        offset += size;
        edges.push((offset * inner + total / 2) / total);
    }
    edges
}

/// Edges that fall into one column stand there as one heavy one.
fn put_boxes(
    line: &mut Row,
    sizes: &[usize],
    edges: &[usize],
    left: usize,
    has_label: &dyn Fn(usize) -> bool,
) {
    for edge in edges {
        let here = edges.iter().filter(|other| *other == edge).count();
        line.put(left + edge, if here > 1 { "┃" } else { "│" });
    }
    for (size, ends) in sizes.iter().zip(edges.windows(2)) {
        let room = ends[1].saturating_sub(ends[0] + 1);
        let label = size.to_string();
        if has_label(*size) && label.len() <= room {
            line.put(left + ends[0] + 1 + (room - label.len()) / 2, &label);
        }
    }
}

fn digits(size: usize) -> usize {
    size.to_string().len()
}

/// The line between two rows of boxes.
fn border(above: &[usize], below: &[usize], left: usize, width: usize) -> String {
    let last = above.last().max(below.last()).copied().unwrap_or(0);
    let mut line = Row::new(width);
    for column in 0..=last {
        let (up, down) = (above.contains(&column), below.contains(&column));
        let sign = match (up, down, column) {
            (_, _, 0) => ["┌", "└", "├"][usize::from(up) * (1 + usize::from(down))],
            (true, true, at) if at == last => "┤",
            (true, false, at) if at == last => "┘",
            (_, _, at) if at == last => "┐",
            (true, true, _) => "┼",
            (true, false, _) => "┴",
            (false, true, _) => "┬",
            (false, false, _) => "─",
        };
        line.put(left + column, sign);
    }
    line.line()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, sizes: &[usize]) -> Edges {
        let sizes = sizes.to_vec();
        Edges { name, sizes }
    }

    #[test]
    fn boxes_are_to_scale_and_edges_meet() {
        let drawn = draw(
            &[row("w", &[10, 10]), row("r", &[15, 5])],
            25,
            &str::to_owned,
        );
        let expected = [
            "    ┌─────────┬─────────┐",
            "w 2 │   10    │   10    │",
            "    ├─────────┴────┬────┤",
            "r 2 │      15      │ 5  │",
            "    └──────────────┴────┘",
        ];
        assert_eq!(drawn, expected);
    }

    #[test]
    fn what_is_too_small_for_a_box_is_a_heavy_edge() {
        let drawn = draw(&[row("r", &[1024, 0, 1])], 16, &str::to_owned);
        assert_eq!(drawn[1], "r 3 │   1024   ┃");
        let nothing = draw(&[row("r", &[])], 16, &str::to_owned);
        assert_eq!(nothing[1], "r 0 │");
    }
}
