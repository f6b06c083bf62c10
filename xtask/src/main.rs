//! `cargo xtask`: everything is in the library, where the benches find it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main()
}
