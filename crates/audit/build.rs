//! New policy files and pages of codes must end up in the binary: `include_dir` alone does not notice them.

fn main() {
    println!("cargo:rerun-if-changed=../../policies");
    println!("cargo:rerun-if-changed=../../docs/codes");
}
