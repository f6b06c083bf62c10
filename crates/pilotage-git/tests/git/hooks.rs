//! Servers that die in the middle of a push.

use std::os::unix::fs::PermissionsExt as _;

use crate::world::{World, put};

/// When the server dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// Before anything is published.
    Before,
    /// When everything is published, before it says so.
    After,
    /// Then as well, and the repository is not there any more.
    ForGood,
}

impl World {
    /// Lets the process that takes the next push die.
    pub(crate) fn dies(&self, death: Death) {
        let (name, script) = match death {
            Death::Before => ("pre-receive", "kill -KILL $PPID"),
            Death::After => {
                ("reference-transaction", "[ \"$1\" = committed ] && kill -KILL $PPID || :")
            }
            Death::ForGood => (
                "reference-transaction",
                "[ \"$1\" = committed ] && mv \"$PWD\" \"$PWD.gone\" && kill -KILL $PPID || :",
            ),
        };
        let path = self.beside("origin.git/hooks").join(name);
        put(&path, &format!("#!/bin/sh\n{script}\n"));
        executable(&path);
    }

    /// Lets the server live again.
    pub(crate) fn recovers(&self) {
        for name in ["pre-receive", "reference-transaction"] {
            let path = self.beside("origin.git/hooks").join(name);
            if path.exists() {
                put(&path, "#!/bin/sh\n");
            }
        }
    }
}

fn executable(path: &std::path::Path) {
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, mode).expect("it is ours");
}
