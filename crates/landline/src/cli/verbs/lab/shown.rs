//! An experiment as a person reads it: question, tables, pictures, explanation, and what was not shown.

use landline_lab::{ALL, Experiment, Report, text};

use crate::cli::escape::shown;
use crate::cli::ui::Ui;

/// The width without a terminal, in columns.
const WIDTH: usize = 80;
/// The widest that paragraphs are set.
const PARAGRAPH_MAX: usize = 100;
/// The narrowest that anything is.
const WIDTH_MIN: usize = 40;

/// How many columns standard output has.
pub(super) fn width() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stdout());
    let columns = size.map_or(0, |size| usize::from(size.ws_col));
    match columns {
        0 => WIDTH,
        columns => columns.max(WIDTH_MIN),
    }
}

/// The list of experiments with their questions, and what to type.
pub(super) fn list(ui: &Ui) -> String {
    let width = width();
    let longest = ALL.iter().map(|it| it.name.len()).max().unwrap_or(0) + 2;
    let mut lines = Vec::new();
    for experiment in ALL {
        let question = ui.sentence(experiment.question, &[]);
        let room = width.min(PARAGRAPH_MAX) - longest;
        for (at, line) in text::wrapped(&question, room, 0).iter().enumerate() {
            let name = if at == 0 { experiment.name } else { "" };
            let padding = " ".repeat(longest - name.len());
            lines.push(format!("{}{padding}{line}", ui.strong(name)));
        }
    }
    lines.push(String::new());
    lines.extend(paragraph(&ui.sentence("lab-how", &[])));
    lines.join("\n")
}

/// What stands between two experiments.
pub(super) fn rule() -> String {
    format!("\n{}\n\n", "─".repeat(width()))
}

/// The question, and a blank line.
pub(super) fn question(experiment: &Experiment, ui: &Ui) -> String {
    let question = format!(
        "{}: {}",
        experiment.name,
        ui.sentence(experiment.question, &[])
    );
    let lines = paragraph(&question);
    let lines: Vec<String> = lines.iter().map(|line| ui.strong(line)).collect();
    lines.join("\n") + "\n"
}

/// The facts of a report, as sentences take them.
pub(super) fn facts(report: &Report) -> Vec<(&'static str, String)> {
    report.facts.clone()
}

/// All that was found, and what is to be said of it.
pub(super) fn report(
    experiment: &Experiment,
    report: &Report,
    prediction: Option<&str>,
    ui: &Ui,
) -> String {
    let facts = facts(report);
    let say = |key: &str| ui.sentence(key, &facts);
    let mut blocks = Vec::new();
    if let Some(prediction) = prediction {
        let values = [("prediction", prediction.to_owned())];
        blocks.push(paragraph(&ui.sentence("lab-predicted", &values)));
    }
    let tables = report.tables.iter();
    blocks.extend(tables.map(|it| text::table(it, width(), &say)));
    let pictures = report.pictures.iter();
    blocks.extend(pictures.map(|it| text::picture(it, width(), &say)));
    blocks.push(paragraph(&say(experiment.explain)));
    for missing in &report.missing {
        let sentence = say(missing.needs);
        let why = match missing.why.is_empty() {
            true => String::new(),
            false => format!(" ({})", missing.why),
        };
        let values = [("sentence", sentence + &why)];
        blocks.push(paragraph(&ui.sentence("lab-missing", &values)));
    }
    for key in experiment.elsewhere {
        let values = [("sentence", flowing(&say(key)))];
        blocks.push(paragraph(&ui.sentence("lab-elsewhere", &values)));
    }
    let values = [("sentence", flowing(&say(experiment.next)))];
    blocks.push(paragraph(&ui.sentence("lab-next", &values)));
    let blocks = blocks.iter().map(|lines| {
        let lines: Vec<String> = lines.iter().map(|line| shown(line)).collect();
        lines.join("\n")
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// Text in lines that are not too long to read.
pub(super) fn paragraph(sentence: &str) -> Vec<String> {
    text::wrapped(&flowing(sentence), width().min(PARAGRAPH_MAX), 0)
}

/// Text without the line breaks of the catalogue; between Chinese sentences there is no blank.
fn flowing(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if out.ends_with(|last: char| last.is_ascii()) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_catalogue_flow() {
        assert_eq!(flowing("one.\ntwo."), "one. two.");
        assert_eq!(flowing("一。\n二。"), "一。二。");
        assert_eq!(flowing(""), "");
    }
}
