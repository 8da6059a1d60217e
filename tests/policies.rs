//! The policies that the binary brings pass their own tests, run from the files of the checkout.

use crate::support::checkout;
use crate::support::sandbox::Sandbox;

#[test]
fn the_tests_of_all_policies_pass() {
    let sandbox = Sandbox::new();
    sandbox.copy_folder(&checkout().join("policies"), "policies");
    // Small applications that are judged by several controls at once.
    sandbox.copy_folder(&checkout().join("tests/applications"), "policies/soc2-ai/applications");
    let ran = sandbox.run(&["test", "policies"]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
}
