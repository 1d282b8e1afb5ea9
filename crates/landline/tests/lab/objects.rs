//! `--json`: one object an experiment.

use serde_json::json;

use crate::stand::run;

#[test]
fn an_experiment_is_one_object() {
    let objects = run("lab leftover --json").objects();
    let [object] = objects.as_slice() else {
        panic!("one object: {objects:?}");
    };
    assert_eq!(object["event"], "experiment");
    assert_eq!(object["name"], "leftover");
    assert_eq!(object["facts"], json!({"first": 1024, "rest": 1}));
    assert_eq!(object["missing"], json!([]));
    let rows = json!([
        {"sent": 25, "reads": 1, "sizes": "25"},
        {"sent": 1025, "reads": 2, "sizes": "1024 + 1"},
    ]);
    assert_eq!(object["tables"][0]["rows"], rows);
    assert!(object["seconds"].as_f64() < Some(10.0), "{object}");
}

#[test]
fn objects_are_the_same_in_every_language() {
    let rows = |line| run(line).objects()[0]["tables"].clone();
    assert_eq!(
        rows("lab leftover --json"),
        rows("lab leftover --json --lang zh-CN")
    );
}
