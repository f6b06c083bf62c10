//! A value in memory that has a descriptor and no name, and that nobody can change.

use std::io::{self, Seek as _, Write as _};
use std::os::fd::OwnedFd;

use pilotage_secrets::Secret;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// Puts a value into sealed memory. The child inherits the descriptor, and may read it as often as
/// it likes.
pub(super) fn sealed(value: &Secret) -> io::Result<OwnedFd> {
    // Without the flag that closes it, since to be inherited is what it is for.
    let descriptor = memfd_create("secret", MemfdFlags::ALLOW_SEALING)?;
    let mut file = std::fs::File::from(descriptor);
    file.write_all(value.expose())?;
    file.rewind()?;
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    fcntl_add_seals(&file, seals)?;
    Ok(file.into())
}
