//! Where a program is: found first, by its absolute path, so that the standard library starts it by
//! posix_spawn(3). It does not know what its arguments are.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::CommandError;

/// Where programs are looked for when this process has no `PATH`.
const PATH_DEFAULT: &str = "/usr/local/bin:/usr/bin:/bin";

/// The `PATH` of this process.
pub(super) fn search_path() -> OsString {
    env::var_os("PATH").unwrap_or_else(|| PATH_DEFAULT.into())
}

/// The absolute path of the program `name`: in `dir` when it has a slash, else in `PATH`, of which
/// only absolute folders count.
pub(super) fn find(name: &OsStr, dir: Option<&Path>) -> Result<PathBuf, CommandError> {
    if name.as_bytes().contains(&b'/') {
        let path = dir.unwrap_or(Path::new("")).join(name);
        let path = std::path::absolute(path).map_err(CommandError::Start)?;
        return check(&path).map(|()| path);
    }
    let mut error = CommandError::ProgramMissing;
    let search_path = search_path();
    for folder in env::split_paths(&search_path).filter(|folder| folder.is_absolute()) {
        let path = folder.join(name);
        match check(&path) {
            Ok(()) => return Ok(path),
            // It does not hide another further on, as in a shell.
            Err(CommandError::NotExecutable) if path.is_file() => {
                error = CommandError::NotExecutable
            }
            Err(_) => {}
        }
    }
    Err(error)
}

/// Whether a command may start in `dir`.
pub(super) fn check_dir(dir: &Path) -> Result<(), CommandError> {
    // With a slash behind it a file is none.
    access(dir.join(""), Access::EXEC_OK).map_err(|_| CommandError::DirMissing)
}

fn check(path: &Path) -> Result<(), CommandError> {
    let executable = match fs::metadata(path) {
        Ok(metadata) => metadata.is_file() && access(path, Access::EXEC_OK).is_ok(),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => false,
        Err(_) => return Err(CommandError::ProgramMissing),
    };
    match executable {
        true => Ok(()),
        false => Err(CommandError::NotExecutable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_as_a_shell_finds_it() {
        let found = find(OsStr::new("sh"), None).expect("every system has one");
        assert!(found.is_absolute() && found.ends_with("sh"));
        let root = Some(Path::new("/"));
        assert_eq!(
            find(OsStr::new("bin/sh"), root).ok(),
            Some("/bin/sh".into())
        );
        assert_eq!(
            find(OsStr::new("/bin/sh"), None).ok(),
            Some("/bin/sh".into())
        );
    }

    #[test]
    fn what_is_missing_and_what_cannot_run_are_told_apart() {
        let folder = tempfile::tempdir().expect("a place for files");
        fs::write(folder.path().join("text"), "no program").expect("it can be written");
        let find = |name: &str| find(OsStr::new(name), Some(folder.path()));
        for missing in [
            "",
            ".",
            "..",
            "no-such-program-anywhere",
            "./none",
            "./text/none",
            "a/b",
        ] {
            assert!(
                matches!(find(missing), Err(CommandError::ProgramMissing)),
                "{missing}"
            );
        }
        for cannot in ["./text", "./", "/"] {
            assert!(
                matches!(find(cannot), Err(CommandError::NotExecutable)),
                "{cannot}"
            );
        }
    }

    #[test]
    fn a_file_is_no_folder_to_start_in() {
        assert!(check_dir(Path::new("/")).is_ok());
        for none in ["/bin/sh", "/no/such/folder", ""] {
            assert!(check_dir(Path::new(none)).is_err(), "{none}");
        }
    }
}
