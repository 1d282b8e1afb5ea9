//! What happened when: lanes side by side, time from the top down, one event a row.

use plotters::prelude::*;

use super::paint::{FAINT, INK, MARGIN, RULE, STRONG, TEXT, WIDTH};
use super::{Area, Refused, paint};
use crate::quantity::time;
use crate::report::Event;
use crate::text::{EVENTS_MAX, Words, in_order, labelled};

const ROW: i32 = 22;
const HEADING: i32 = 28;
/// Where the times end.
const TIME_END: i32 = 84;

pub(super) fn height(events: &[Event]) -> u32 {
    let rows = events.len().min(EVENTS_MAX + 1) as i32;
    (HEADING + rows * ROW) as u32
}

pub(super) fn draw(
    area: &Area<'_>,
    lanes: &[&'static str],
    events: &[Event],
    words: Words<'_>,
) -> Result<(), Refused> {
    let start = TIME_END + 20;
    let lane_width = (WIDTH as i32 - start - MARGIN as i32) / lanes.len().max(1) as i32;
    let column = |lane: usize| start + lane as i32 * lane_width;
    let foot = height(events) as i32;
    for (lane, key) in lanes.iter().enumerate() {
        let style = paint::left(TEXT, &STRONG[lane % STRONG.len()]);
        paint::write(
            area,
            &words(key),
            (column(lane) - 4, HEADING / 2 - 2),
            style,
        )?;
        paint::line(area, (column(lane), HEADING), (column(lane), foot), RULE)?;
    }
    for (at, event) in in_order(events).into_iter().take(EVENTS_MAX).enumerate() {
        let middle = HEADING + at as i32 * ROW + ROW / 2;
        let style = paint::right(TEXT - 1, &FAINT);
        paint::write(area, &time(event.at_us), (TIME_END, middle), style)?;
        let colour = STRONG[event.lane % STRONG.len()];
        let from = column(event.lane);
        area.draw(&Circle::new((from, middle), 4, colour.filled()))?;
        let label = labelled(event);
        // Where a label is longer than the room to its right, it stands to the left of its point.
        let fits = from + 10 + paint::text_width(&label) * 4 / 5 < WIDTH as i32;
        let (at, style) = match fits {
            true => (from + 10, paint::left(TEXT, &INK)),
            false => (from - 10, paint::right(TEXT, &INK)),
        };
        paint::write(area, &label, (at, middle), style)?;
    }
    if let Some(more) = events
        .len()
        .checked_sub(EVENTS_MAX)
        .filter(|more| *more > 0)
    {
        let at = (start, foot - ROW / 2);
        paint::write(area, &format!("… (+{more})"), at, paint::left(TEXT, &FAINT))?;
    }
    Ok(())
}
