//! How a run looks to people and to CI.
//!
//! A run is shown in many places: a terminal, a plain log, GitHub Actions, Azure DevOps, chats and
//! an HTML report. All of them are views of one model, the [`Timeline`](timeline::Timeline), which
//! is a pure fold of the journal's records; so no two of them can disagree.
//!
//! What it guarantees:
//!
//! - Text from outside (units, platforms, people) reaches no output unclean: no control characters,
//!   no workflow commands, no markup.
//! - Nothing here holds up a run: writing to a console that does not take its text, and telling a
//!   chat that does not answer, end at their own limits.
//! - Outputs stay within the limits of their readers, and say what they leave out.
//!
//! What it deliberately does not do: decide anything, read the environment (values are passed
//! in), know an SDK or a target, or know secrets: whoever resolves them hands over a redactor, to
//! [`finish_masked`](ci::finish_masked), and as a [`Masked`](pilotage_redact::Masked) writer below an
//! [`Outlet`](console::Outlet); what is journalled is masked before.

pub mod ci;
pub mod console;
pub mod job;
pub mod notify;
pub mod report;
pub mod surface;
pub mod text;
pub mod timeline;
