//! Reports as lines of text for a terminal of a given width: tables, pictures, paragraphs. It prints
//! nothing, and asks whoever has the words for them.

mod bars;
mod bytes;
mod columns;
mod edges;
mod lines;
mod table;
mod times;
mod wrap;

use crate::report::Picture;

pub(crate) use bytes::named;
pub use columns::columns;
pub(crate) use lines::Span;
pub use table::table;
pub(crate) use times::{EVENTS_MAX, in_order, labelled};
pub use wrap::wrapped;

/// Gives the sentence of a key.
pub type Words<'a> = &'a dyn Fn(&str) -> String;

/// The narrowest that anything is drawn, in columns.
pub(crate) const WIDTH_MIN: usize = 40;

/// Draws `picture` in `width` columns, its title first.
pub fn picture(picture: &Picture, width: usize, words: Words<'_>) -> Vec<String> {
    let width = width.max(WIDTH_MIN);
    let (title, drawn) = match picture {
        Picture::Edges { title, rows } => (title, edges::draw(rows, width, words)),
        Picture::Times {
            title,
            lanes,
            events,
        } => (title, times::draw(lanes, events, width, words)),
        Picture::Bars { title, unit, bars } => (title, bars::draw(unit, bars, width)),
        Picture::Lines {
            title,
            across,
            unit,
            lines,
        } => (title, lines::draw(&words(across), unit, lines, width)),
        Picture::Bytes {
            title,
            bytes,
            fields,
        } => (title, bytes::draw(bytes, fields, width)),
    };
    let mut all = wrapped(&words(title), width, 0);
    all.extend(drawn);
    all
}
