//! Pictures as SVG, one below the other on a ground of their own, so that they can be read on a white
//! page and on a dark one. Text stays text, in a font of the reader's. It asks whoever has the words.

mod bars;
mod bytes;
mod edges;
mod lines;
mod paint;
mod times;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::experiment::LabError;
use crate::report::Picture;
use crate::text::Words;

use paint::{INK, MARGIN, TITLE, TITLE_HEIGHT, WIDTH};

/// A part of the ground on which one picture is drawn.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Why the drawing library would not draw.
type Refused = Box<dyn std::error::Error>;

/// A picture, and who has its words.
pub type Worded<'a> = (&'a Picture, Words<'a>);

/// Draws all `pictures`, each below its title.
///
/// # Errors
/// The drawing library refuses.
pub fn draw(pictures: &[Worded<'_>]) -> Result<String, LabError> {
    let mut svg = String::new();
    let drawn = draw_into(&mut svg, pictures);
    drawn.map_err(|error| LabError::Unexpected(format!("the picture: {error}")))?;
    Ok(svg)
}

fn draw_into(svg: &mut String, pictures: &[Worded<'_>]) -> Result<(), Refused> {
    let heights: Vec<u32> = pictures
        .iter()
        .map(|(it, _)| TITLE_HEIGHT + height(it) + MARGIN)
        .collect();
    let whole = heights.iter().sum::<u32>().max(TITLE_HEIGHT);
    let root = SVGBackend::with_string(svg, (WIDTH, whole)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut rest = root.clone();
    for ((picture, words), height) in pictures.iter().zip(heights) {
        let (area, below) = rest.split_vertically(height);
        rest = below;
        let (title, inner) = area.split_vertically(TITLE_HEIGHT);
        let at = (MARGIN as i32, TITLE_HEIGHT as i32 / 2);
        paint::write(
            &title,
            &words(title_of(picture)),
            at,
            paint::left(TITLE, &INK),
        )?;
        draw_one(&inner, picture, words)?;
    }
    root.present()?;
    Ok(())
}

fn title_of(picture: &Picture) -> &'static str {
    match picture {
        Picture::Edges { title, .. }
        | Picture::Times { title, .. }
        | Picture::Bars { title, .. }
        | Picture::Lines { title, .. }
        | Picture::Bytes { title, .. } => title,
    }
}

/// How high a picture is below its title.
fn height(picture: &Picture) -> u32 {
    match picture {
        Picture::Edges { rows, .. } => edges::height(rows),
        Picture::Times { events, .. } => times::height(events),
        Picture::Bars { bars, .. } => bars::height(bars),
        Picture::Lines { .. } => lines::HEIGHT,
        Picture::Bytes { bytes, fields, .. } => bytes::height(bytes, fields),
    }
}

fn draw_one(area: &Area<'_>, picture: &Picture, words: Words<'_>) -> Result<(), Refused> {
    match picture {
        Picture::Edges { rows, .. } => edges::draw(area, rows, words),
        Picture::Times { lanes, events, .. } => times::draw(area, lanes, events, words),
        Picture::Bars { unit, bars, .. } => bars::draw(area, unit, bars),
        Picture::Lines {
            across,
            unit,
            lines,
            ..
        } => lines::draw(area, &words(across), unit, lines),
        Picture::Bytes { bytes, fields, .. } => bytes::draw(area, bytes, fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Edges, Event, Series};

    fn all_kinds() -> Vec<Picture> {
        let sizes = vec![1024, 1];
        vec![
            Picture::Edges {
                title: "edges & <more>",
                rows: vec![Edges {
                    name: "reads",
                    sizes,
                }],
            },
            Picture::Times {
                title: "times",
                lanes: vec!["client", "server"],
                events: vec![Event {
                    lane: 1,
                    at_us: 3.0,
                    took_us: 2.0,
                    label: "recv(1024) = 25".to_owned(),
                }],
            },
            Picture::Bars {
                title: "bars",
                unit: "us",
                bars: vec![("tcp".to_owned(), 12.5), ("udp".to_owned(), 0.0)],
            },
            Picture::Lines {
                title: "lines",
                across: "bytes",
                unit: "%",
                lines: vec![Series {
                    name: "loss".to_owned(),
                    points: vec![(0.0, 0.0), (1472.0, 3.5)],
                }],
            },
            Picture::Bytes {
                title: "bytes",
                bytes: vec![0x45, 0, 0],
                fields: vec![(0..1, "ipv4".to_owned())],
            },
        ]
    }

    #[test]
    fn every_kind_is_drawn_with_its_words_as_text() {
        let pictures = all_kinds();
        let words: Words<'_> = &str::to_owned;
        let worded: Vec<Worded<'_>> = pictures.iter().map(|it| (it, words)).collect();
        let svg = draw(&worded).expect("it draws");
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
        let words = [
            "edges &amp; &lt;more&gt;",
            "1024",
            "recv(1024) = 25 [2 µs]",
            "12.5 µs",
            "loss",
            "bytes",
            "45",
            "ipv4",
        ];
        for word in words {
            assert!(svg.contains(word), "{word} in {svg}");
        }
        assert!(svg.contains("font-family=\"sans-serif\""), "{svg}");
    }

    #[test]
    fn no_picture_is_an_empty_ground() {
        let svg = draw(&[]).expect("it draws");
        assert!(svg.contains("</svg>"), "{svg}");
    }
}
