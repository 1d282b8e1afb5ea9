//! The client in Python, held to the same vectors by its own tests.

use std::path::Path;
use std::process::Command;

#[test]
fn the_client_in_python_passes_its_own_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/python");
    let tests = Command::new("python3")
        .arg("test_landline.py")
        .current_dir(folder)
        .output()
        .expect("python3 is there");
    let said = String::from_utf8_lossy(&tests.stderr);
    assert!(tests.status.success(), "{said}");
}
