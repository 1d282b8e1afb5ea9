//! Bars to scale, with their labels and values.

use plotters::prelude::*;

use super::paint::{INK, MARGIN, TEXT, TINTS, WIDTH};
use super::{Area, Refused, paint};
use crate::quantity;

const ROW: i32 = 28;
const BAR: i32 = 20;

pub(super) fn height(bars: &[(String, f64)]) -> u32 {
    bars.len() as u32 * ROW as u32
}

pub(super) fn draw(area: &Area<'_>, unit: &str, bars: &[(String, f64)]) -> Result<(), Refused> {
    let value = |bar: &(String, f64)| quantity::with_unit(bar.1, unit);
    let labels = bars.iter().map(|bar| paint::text_width(&bar.0));
    let values = bars.iter().map(|bar| paint::text_width(&value(bar)));
    let half = WIDTH as i32 / 2;
    let start = MARGIN as i32 + labels.max().unwrap_or(0).min(half) + 8;
    let room = WIDTH as i32 - start - MARGIN as i32 - values.max().unwrap_or(0) - 8;
    let most = bars
        .iter()
        .map(|bar| bar.1)
        .fold(f64::MIN_POSITIVE, f64::max);
    for (at, bar) in bars.iter().enumerate() {
        let top = at as i32 * ROW;
        let middle = top + BAR / 2;
        let style = paint::right(TEXT, &INK);
        paint::write(area, &bar.0, (start - 8, middle), style)?;
        let long = (bar.1.max(0.0) / most * f64::from(room)).round() as i32;
        let corners = [(start, top), (start + long.max(1), top + BAR)];
        area.draw(&Rectangle::new(corners, TINTS[0].filled()))?;
        let at = (start + long + 6, middle);
        paint::write(area, &value(bar), at, paint::left(TEXT, &INK))?;
    }
    Ok(())
}
