//! Values that others have put down: what infrastructure tells of itself, for a configuration that
//! need not repeat it.
//!
//! | written | what it is |
//! |---|---|
//! | `cfn:STACK/OUTPUT` | an output of a stack of CloudFormation, so also of CDK |
//! | `cfn-export:NAME` | an exported output, whichever stack it is of |
//! | `ssm:NAME` | a parameter that is no secret |
//! | `tfstate:PATH#OUTPUT[/POINTER]` | an output in a state of Terraform or CDKTF, in a file |
//! | `tfstate:s3://BUCKET/KEY#OUTPUT[/POINTER]` | the same in S3 |
//!
//! Reading a reference, and picking a value from what a source holds, ask nobody; fetching knows
//! nothing of references. A source is fetched once, however many values of it are wanted.
//!
//! - **What is sensitive is refused**: a configuration is shown, compared and written into reports.
//!   Secrets have references of their own.
//! - **What is missing is an error**, never an empty text, with the names that may have been meant.
//!
//! Needed are `cloudformation:DescribeStacks`, `cloudformation:ListExports`, `ssm:GetParameters` and
//! `s3:GetObject`, each only where it is used.

mod error;
mod fetch;
mod near;
mod reference;
mod source;
mod state;
mod values;

pub use error::Undiscovered;
pub use reference::{InvalidReference, Reference};
pub use source::Source;
pub use values::{Given, Values};

use std::collections::BTreeMap;

use crate::Session;

/// Finds values.
#[derive(Debug, Clone)]
pub struct Discovery {
    session: Session,
}

impl Discovery {
    /// What this session can see. Nothing is asked yet.
    pub fn new(session: &Session) -> Self {
        Self { session: session.clone() }
    }

    /// Finds the value of each reference, in their order, and fetches each source once.
    pub async fn find(&self, wanted: &[Reference]) -> Vec<Result<String, Undiscovered>> {
        let mut fetched = BTreeMap::new();
        let mut found = Vec::with_capacity(wanted.len());
        for reference in wanted {
            let source = reference.source();
            if !fetched.contains_key(source) {
                fetched.insert(source.clone(), fetch::fetch(&self.session, source).await);
            }
            found.push(match fetched.get(source) {
                Some(Ok(values)) => values.pick(reference),
                Some(Err(why)) => Err(why.clone()),
                None => continue,
            });
        }
        found
    }
}
