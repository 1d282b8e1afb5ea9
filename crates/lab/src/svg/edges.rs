//! Pieces of a stream as boxes to scale; the first row's edges lead down through the others.

use plotters::prelude::*;

use super::paint::{FAINT, INK, MARGIN, TEXT, TINTS, WIDTH};
use super::{Area, Refused, paint};
use crate::report::Edges;
use crate::text::Words;

const ROW: i32 = 52;
const BOX: i32 = 36;

pub(super) fn height(rows: &[Edges]) -> u32 {
    rows.len() as u32 * ROW as u32
}

pub(super) fn draw(area: &Area<'_>, rows: &[Edges], words: Words<'_>) -> Result<(), Refused> {
    let names: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", words(row.name), row.sizes.len()))
        .collect();
    let widest = names.iter().map(|name| paint::text_width(name)).max();
    let start = MARGIN as i32 + widest.unwrap_or(0) + 8;
    let sums = rows.iter().map(|row| row.sizes.iter().sum::<usize>());
    let total = sums.max().unwrap_or(0).max(1) as f64;
    let inner = f64::from(WIDTH as i32 - start - MARGIN as i32);
    let place = |offset: usize| start + (offset as f64 / total * inner).round() as i32;
    for (at, (row, name)) in rows.iter().zip(&names).enumerate() {
        let top = at as i32 * ROW;
        let middle = top + BOX / 2;
        paint::write(area, name, (MARGIN as i32, middle), paint::left(TEXT, &INK))?;
        let mut offset = 0;
        for size in &row.sizes {
            let (from, to) = (place(offset), place(offset + size));
            offset += size;
            let corners = [(from, top), (to, top + BOX)];
            area.draw(&Rectangle::new(corners, TINTS[at % TINTS.len()].filled()))?;
            area.draw(&Rectangle::new(corners, INK))?;
            let label = size.to_string();
            // A size is written in all boxes of that size, or in none.
            if f64::from(paint::text_width(&label)) < *size as f64 / total * inner {
                let style = paint::middle(TEXT, &INK);
                paint::write(area, &label, ((from + to) / 2, middle), style)?;
            }
            if at == 0 && rows.len() > 1 {
                let end = (rows.len() as i32 - 1) * ROW;
                paint::line(area, (to, top + BOX), (to, end), FAINT)?;
            }
        }
    }
    Ok(())
}
