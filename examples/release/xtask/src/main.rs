//! The tasks of this repository: `cargo xtask --help`.

fn main() -> std::process::ExitCode {
    pilotage_xtask::main(env!("CARGO_MANIFEST_DIR"))
}
