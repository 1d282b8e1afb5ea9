//! Lines over a number, with axes and which line is which.

use plotters::prelude::*;

use super::paint::{INK, MARGIN, RULE, STRONG, TEXT, WIDTH};
use super::{Area, Refused, paint};
use crate::quantity::{number, shown_unit};
use crate::report::Series;
use crate::text::Span;

pub(super) const HEIGHT: u32 = 320;

/// Room for which line is which, in pixels a line.
const LEGEND: u32 = 20;

pub(super) fn draw(
    area: &Area<'_>,
    across: &str,
    unit: &str,
    lines: &[Series],
) -> Result<(), Refused> {
    let points = || lines.iter().flat_map(|line| &line.points);
    let right = Span::of(points().map(|point| point.0), false);
    let up = Span::of(points().map(|point| point.1), true);
    let legend = LEGEND * lines.len() as u32;
    let (plot, foot) = area.split_vertically(HEIGHT.saturating_sub(legend));
    let small = || paint::left(TEXT - 1, &INK);
    let mut chart = ChartBuilder::on(&plot)
        .margin_left(MARGIN)
        .margin_right(MARGIN * 2)
        .x_label_area_size(40)
        .y_label_area_size(56)
        .build_cartesian_2d(right.from..right.to, up.from..up.to * 1.05)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RULE)
        .axis_style(INK)
        .x_labels(8)
        .y_labels(6)
        .label_style(small().pos(Default::default()))
        .x_label_formatter(&|value| number(*value))
        .y_label_formatter(&|value| number(*value))
        .x_desc(across)
        .y_desc(shown_unit(unit))
        .draw()?;
    for (line, colour) in lines.iter().zip(STRONG.iter().cycle()) {
        let path = PathElement::new(line.points.clone(), colour.stroke_width(2));
        chart.draw_series(std::iter::once(path))?;
        let points = line
            .points
            .iter()
            .map(|at| Circle::new(*at, 3, colour.filled()));
        chart.draw_series(points)?;
    }
    for (at, (line, colour)) in lines.iter().zip(STRONG.iter().cycle()).enumerate() {
        let middle = (at as u32 * LEGEND + LEGEND / 2) as i32;
        let from = WIDTH as i32 / 10;
        area_dot(&foot, (from, middle), colour)?;
        paint::write(&foot, &line.name, (from + 12, middle), small())?;
    }
    Ok(())
}

fn area_dot(area: &Area<'_>, at: (i32, i32), colour: &RGBColor) -> Result<(), Refused> {
    area.draw(&Circle::new(at, 4, colour.filled()))?;
    Ok(())
}
