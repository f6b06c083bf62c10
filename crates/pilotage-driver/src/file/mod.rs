//! Stores on a local file system.
