//! New policy files must end up in the binary: `include_dir` alone does not notice them.

fn main() {
    println!("cargo:rerun-if-changed=../../policies");
}
