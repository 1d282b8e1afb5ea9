//! Measures, colours and text of the pictures. It knows no picture.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Area, Refused};
use crate::text::columns;

/// How wide a picture is, in pixels.
pub(super) const WIDTH: u32 = 760;
/// Around what is drawn.
pub(super) const MARGIN: u32 = 16;
/// The room of a title.
pub(super) const TITLE_HEIGHT: u32 = 44;
/// The size of text. The library writes about four fifths of it, for a font that it knows.
pub(super) const TEXT: u32 = 15;
/// The size of a title.
pub(super) const TITLE: u32 = 19;

/// Text.
pub(super) const INK: RGBColor = RGBColor(0x1f, 0x23, 0x28);
/// Text of less weight, such as times.
pub(super) const FAINT: RGBColor = RGBColor(0x59, 0x63, 0x6e);
/// Lines that only lead the eye.
pub(super) const RULE: RGBColor = RGBColor(0xd0, 0xd7, 0xde);
/// What is drawn with ink on it, by turns.
pub(super) static TINTS: [RGBColor; 4] = [
    RGBColor(0xb6, 0xd7, 0xff),
    RGBColor(0xff, 0xd8, 0xa8),
    RGBColor(0xb5, 0xe8, 0xc3),
    RGBColor(0xe2, 0xcb, 0xf7),
];
/// The same, strong enough for a line.
pub(super) static STRONG: [RGBColor; 4] = [
    RGBColor(0x09, 0x69, 0xda),
    RGBColor(0xbc, 0x4c, 0x00),
    RGBColor(0x1a, 0x7f, 0x37),
    RGBColor(0x82, 0x50, 0xdf),
];

/// Where and how text stands: at the middle of its height.
pub(super) fn left(size: u32, colour: &'static RGBColor) -> TextStyle<'static> {
    style("sans-serif", size, colour, HPos::Left)
}

/// The same, its end at the point given.
pub(super) fn right(size: u32, colour: &'static RGBColor) -> TextStyle<'static> {
    style("sans-serif", size, colour, HPos::Right)
}

/// The same, its middle at the point given.
pub(super) fn middle(size: u32, colour: &'static RGBColor) -> TextStyle<'static> {
    style("sans-serif", size, colour, HPos::Center)
}

/// The same, its letters all as wide, its start at the point given.
pub(super) fn even(size: u32, colour: &'static RGBColor) -> TextStyle<'static> {
    style("monospace", size, colour, HPos::Left)
}

fn style(
    font: &'static str,
    size: u32,
    colour: &'static RGBColor,
    across: HPos,
) -> TextStyle<'static> {
    let style = TextStyle::from((font, size).into_font());
    style.color(colour).pos(Pos::new(across, VPos::Center))
}

/// Writes `text` at a point.
pub(super) fn write(
    area: &Area<'_>,
    text: &str,
    at: (i32, i32),
    style: TextStyle<'static>,
) -> Result<(), Refused> {
    area.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

/// Draws a line.
pub(super) fn line(
    area: &Area<'_>,
    from: (i32, i32),
    to: (i32, i32),
    colour: RGBColor,
) -> Result<(), Refused> {
    area.draw(&PathElement::new([from, to], colour))?;
    Ok(())
}

/// How wide text of [`TEXT`] is, at most: fonts differ.
pub(super) fn text_width(text: &str) -> i32 {
    columns(text) as i32 * 8
}
