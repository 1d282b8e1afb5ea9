//! Names of files as they travel: where a name ends, and whether it could lead elsewhere. It does
//! not know the file system.

/// The last part of `name`, for `/` and `\` both; `None` when it is empty, `.` or `..`.
///
/// A client names the file after the last part of what it *asked for*.
pub fn last_part(name: &str) -> Option<&str> {
    let last = name.rsplit(['/', '\\']).next()?;
    (!matches!(last, "" | "." | "..")).then_some(last)
}

/// Whether `name`, as a peer sent it, is one plain part: not empty, `.` or `..`, without `/`, `\`
/// or a control character.
///
/// It is for a warning only. A name from the wire never decides where a file goes, safe or not.
pub fn is_safe_name(name: &str) -> bool {
    last_part(name) == Some(name) && !name.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, last: Option<&str>, safe: bool) {
        assert_eq!(
            (last_part(name), is_safe_name(name)),
            (last, safe),
            "{name:?}"
        );
    }

    #[test]
    fn the_last_part_for_both_slashes() {
        check("a.txt", Some("a.txt"), true);
        check("文件.txt", Some("文件.txt"), true);
        check("...", Some("..."), true);
        check("share/a.txt", Some("a.txt"), false);
        check("C:\\share\\a.txt", Some("a.txt"), false);
        check("/a\\b/c", Some("c"), false);
        check("/etc/passwd", Some("passwd"), false);
    }

    #[test]
    fn names_that_end_nowhere() {
        for name in [
            "", "/", "\\", "a/", "a\\", ".", "..", "a/..", "a\\.", "../..",
        ] {
            check(name, None, false);
        }
    }

    #[test]
    fn control_characters_are_not_safe() {
        check("a\nb", Some("a\nb"), false);
        check("a\0", Some("a\0"), false);
        check("\u{1b}[2J", Some("\u{1b}[2J"), false);
        check("\u{9b}2J", Some("\u{9b}2J"), false);
        check("a\u{7f}", Some("a\u{7f}"), false);
    }
}
