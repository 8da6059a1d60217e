//! The same inputs give the same bytes, on any number of threads and wherever the folder lies.

use crate::support::checkout;
use crate::support::sandbox::Sandbox;

const COMMANDS: [&[&str]; 7] = [
    &["check", "app", "--format", "text"],
    &["check", "app", "--format", "json"],
    &["check", "app", "--format", "sarif"],
    &["facts", "--root", "app"],
    &["facts", "code.flow", "--root", "app"],
    &["query", "code.call{call: c, callee: f}", "--root", "app"],
    &["explain", "flow.step{from: a, to: b}", "--root", "app"],
];

/// The example, and enough copies of its parts that threads get different files at different times.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let example = checkout().join("examples/support-bot");
    sandbox.copy_folder(&example, "app");
    for n in 0..3 {
        sandbox.copy_folder(&example, &format!("app/services/copy_{n}"));
    }
    sandbox
}

#[test]
fn outputs_are_the_same_bytes_on_any_number_of_threads() {
    let (here, there) = (sandbox(), sandbox());
    for command in COMMANDS {
        let run = |sandbox: &Sandbox, threads: &str| {
            let ran = sandbox.run(&[command, &["--as-of", "2026-11-20", "--threads", threads]].concat());
            assert!(!ran.stdout.is_empty(), "{command:?}: {}", ran.stderr);
            ran
        };
        let one = run(&here, "1");
        assert!(one == run(&here, "2"), "{command:?}: 1 and 2 threads print different things");
        assert!(one == run(&there, "7"), "{command:?}: another folder and 7 threads print different things");
    }
}
