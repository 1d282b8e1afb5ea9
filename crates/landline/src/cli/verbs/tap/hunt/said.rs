//! What a hunt found, as sentences: which key of the catalogue, with which values. It does not know how
//! it was found.

use std::time::Duration;

use landline::tap::Direction;
use landline::tap::hunt::{Failure, Meaning, Place, Reach, Verdict};

use crate::cli::ui::Ui;
use crate::cli::words::Values;

/// What a find means.
pub(super) fn meaning(meaning: &Meaning, ui: &Ui) -> String {
    let (key, values) = match *meaning {
        Meaning::Split { place, gap, reach } => split(&place, gap, reach, ui),
        Meaning::Join { place, in_turn } => {
            let key = match in_turn {
                true => "hunt-means-join",
                false => "hunt-means-join-next",
            };
            (key, of_place(&place, ui))
        }
        Meaning::Pieces { direction, bytes } => {
            let bytes = ("bytes", bytes.to_string());
            ("hunt-means-pieces", vec![sender(direction, ui), bytes])
        }
        Meaning::Neighbours { direction } => {
            let both = vec![reader(direction, ui), sender(direction, ui)];
            ("hunt-means-neighbours", both)
        }
        Meaning::Late { direction, time } => {
            let late = vec![sender(direction, ui), ("time", shown_time(time))];
            ("hunt-means-late", late)
        }
        Meaning::Uneven { direction } => ("hunt-means-uneven", vec![sender(direction, ui)]),
        Meaning::Several => ("hunt-means-several", Values::new()),
    };
    ui.sentence(key, &values)
}

fn split(place: &Place, gap: Duration, reach: Reach, ui: &Ui) -> (&'static str, Values) {
    let mut values = of_place(place, ui);
    values.push(("gap", shown_time(gap)));
    if place.byte == 1 {
        return ("hunt-means-edge", values);
    }
    let key = match reach {
        Reach::Whole => "hunt-means-whole",
        Reach::First { bytes } => {
            values.push(("bytes", bytes.to_string()));
            "hunt-means-first"
        }
        Reach::Some { fails, of } => {
            values.extend([("fails", fails.to_string()), ("of", of.to_string())]);
            "hunt-means-some"
        }
        Reach::Here => "hunt-means-here",
    };
    (key, values)
}

fn of_place(place: &Place, ui: &Ui) -> Values {
    let key = match (place.direction, place.message) {
        (Direction::ToClient, 1) => "hunt-first-reply",
        (Direction::ToClient, _) => "hunt-reply",
        (Direction::ToServer, 1) => "hunt-first-message",
        (Direction::ToServer, _) => "hunt-message",
    };
    let number = [("number", place.message.to_string())];
    vec![
        reader(place.direction, ui),
        ("message", ui.sentence(key, &number)),
        ("byte", place.byte.to_string()),
        ("before", (place.byte - 1).to_string()),
    ]
}

fn reader(direction: Direction, ui: &Ui) -> (&'static str, String) {
    ("reader", side(direction, ui))
}

fn sender(direction: Direction, ui: &Ui) -> (&'static str, String) {
    ("sender", side(direction.back(), ui))
}

/// Who reads what goes this way.
fn side(direction: Direction, ui: &Ui) -> String {
    let key = match direction {
        Direction::ToClient => "hunt-the-command",
        Direction::ToServer => "hunt-the-target",
    };
    ui.sentence(key, &[])
}

/// How a run failed.
pub(super) fn failure(failure: Failure, ui: &Ui) -> String {
    match failure {
        Failure::Exit(status) => ui.sentence("hunt-how-exit", &[("status", status.to_string())]),
        Failure::Signal(number) => {
            let signal = landline::signal_name(number);
            ui.sentence("hunt-how-signal", &[("signal", signal)])
        }
        Failure::TimedOut => ui.sentence("hunt-how-late", &[]),
        Failure::Differs => ui.sentence("hunt-how-differs", &[]),
    }
}

/// How sure it is, and how it fails.
pub(super) fn verdict(verdict: Verdict, how: Failure, ui: &Ui) -> String {
    let how = ("how", failure(how, ui));
    match verdict {
        Verdict::Sure { of } => ui.sentence("hunt-sure", &[how, ("of", of.to_string())]),
        Verdict::Flaky { fails, of } => {
            let count = [("fails", fails.to_string()), ("of", of.to_string()), how];
            ui.sentence("hunt-flaky", &count)
        }
        Verdict::Lasting => ui.sentence("hunt-lasting", &[how]),
        Verdict::Unconfirmed => ui.sentence("hunt-unconfirmed", &[how]),
    }
}

/// A time as people write it.
pub(super) fn shown_time(time: Duration) -> String {
    humantime::format_duration(time).to_string()
}
