//! What happened when: one line for each event, in the lane of whoever did it, with the time at the left.

use super::Words;
use super::columns::{Row, columns, cut, padded_left};
use crate::quantity::time;
use crate::report::Event;

/// The columns of the time.
const TIME_COLUMNS: usize = 9;

/// The most events that are drawn.
pub(crate) const EVENTS_MAX: usize = 60;

/// Draws the lanes and their events in the order of time.
pub(super) fn draw(
    lanes: &[&'static str],
    events: &[Event],
    width: usize,
    words: Words<'_>,
) -> Vec<String> {
    let start = TIME_COLUMNS + 1;
    let lane_width = (width.saturating_sub(start) / lanes.len().max(1)).max(4);
    let column = |lane: usize| start + lane * lane_width;
    let mut heading = Row::new(width);
    for (at, lane) in lanes.iter().enumerate() {
        heading.put(column(at), &cut(&words(lane), lane_width - 1));
    }
    let mut lines = vec![heading.line()];
    for event in in_order(events).into_iter().take(EVENTS_MAX) {
        let mut line = Row::new(width);
        for lane in 0..lanes.len() {
            line.put(column(lane), "│");
        }
        line.put(0, &padded_left(&time(event.at_us), TIME_COLUMNS));
        let label = cut(&labelled(event), width - start - 2);
        // Where a label is longer than the room to its right, it begins further to the left.
        let wanted = column(event.lane.min(lanes.len().saturating_sub(1)));
        let from = wanted.min(width - columns(&label) - 2);
        line.put(from, if from == wanted { "├ " } else { "  " });
        line.put(from + 2, &label);
        lines.push(line.line());
    }
    if let Some(more) = events
        .len()
        .checked_sub(EVENTS_MAX)
        .filter(|more| *more > 0)
    {
        lines.push(format!("{} (+{more})", padded_left("…", TIME_COLUMNS)));
    }
    lines
}

/// Events by their time.
pub(crate) fn in_order(events: &[Event]) -> Vec<&Event> {
    let mut events: Vec<&Event> = events.iter().collect();
    events.sort_by(|one, other| one.at_us.total_cmp(&other.at_us));
    events
}

/// What an event was, and how long it took when it took long enough to be told.
pub(crate) fn labelled(event: &Event) -> String {
    match event.took_us {
        took if took > 0.0 => format!("{} [{}]", event.label, time(took)),
        _ => event.label.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(lane: usize, at_us: f64, took_us: f64, label: &str) -> Event {
        let label = label.to_owned();
        Event {
            lane,
            at_us,
            took_us,
            label,
        }
    }

    #[test]
    fn events_stand_in_their_lanes_by_time() {
        let events = [
            event(1, 1500.0, 0.0, "accept"),
            event(0, 0.0, 20.0, "connect"),
        ];
        let drawn = draw(&["client", "服务器"], &events, 50, &str::to_owned);
        let expected = [
            "          client              服务器",
            "     0 µs ├ connect [20 µs]   │",
            "  1.50 ms │                   ├ accept",
        ];
        assert_eq!(drawn, expected);
    }

    #[test]
    fn a_long_label_has_room_and_many_events_end() {
        let label = "recv(1024) = 25 of 1025";
        let drawn = draw(
            &["a", "b"],
            &[event(1, 0.0, 0.0, label)],
            40,
            &str::to_owned,
        );
        assert_eq!(drawn[1], "     0 µs │      recv(1024) = 25 of 1025");
        let many: Vec<Event> = (0..62).map(|at| event(0, at.into(), 0.0, "x")).collect();
        let drawn = draw(&["a"], &many, 40, &str::to_owned);
        assert_eq!(drawn.last().map(String::as_str), Some("        … (+2)"));
    }
}
