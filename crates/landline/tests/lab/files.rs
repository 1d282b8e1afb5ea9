//! Pictures and packets in files.

use std::fs;

use crate::stand::{landline, ran, run};

#[test]
fn a_picture_is_svg_with_its_title() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leftover.svg");
    let path = path.to_str().expect("a path of text");
    let mut command = landline(&["lab", "leftover", "--svg", path]);
    assert!(ran(&mut command).well().contains("1024 + 1"));
    let svg = fs::read_to_string(path).expect("the picture is there");
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    for word in ["Where writes ended", "writes 1", "reads 2", ">\n1024\n<"] {
        assert!(svg.contains(word), "{word:?} in {svg}");
    }
}

#[test]
fn a_picture_on_standard_output_is_alone_there() {
    let printed = run("lab leftover --svg - --lang zh-CN").well();
    assert!(printed.starts_with("<svg "), "{printed}");
    assert!(printed.contains("写入"), "{printed}");
}

#[test]
fn an_experiment_that_captures_nothing_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leftover.pcapng");
    let words = ["lab", "leftover", "--write", path.to_str().expect("text")];
    let ran = ran(&mut landline(&words));
    assert_eq!(ran.code, 255, "{}", ran.err);
    assert!(ran.err.contains("captured nothing"), "{}", ran.err);
    assert!(!path.exists());
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let ran = run("lab leftover --svg /nonexistent/a.svg");
    assert_eq!(ran.code, 255, "{}", ran.err);
    assert!(ran.err.contains("/nonexistent/a.svg"), "{}", ran.err);
}
