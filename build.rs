//! The theme and the starter site are embedded by macros that cargo cannot see through: a changed file
//! there must rebuild the crate.

fn main() {
    println!("cargo::rerun-if-changed=themes/heartnet");
    println!("cargo::rerun-if-changed=src/cli/starter");
}
