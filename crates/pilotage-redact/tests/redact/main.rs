//! The redactor as its users see it.

mod forms;
mod streams;
