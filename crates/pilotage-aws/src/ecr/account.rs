//! What is set for a whole registry.

use super::Ecr;
use crate::failure::{Call, Failure, failed};

impl Ecr {
    /// Whether blobs can be mounted from one repository to another, so that a copy within the
    /// registry moves no bytes. It is off unless somebody turned it on.
    pub async fn mounts_blobs(&self) -> Result<bool, Failure> {
        let call = Call::new("ecr:GetAccountSetting", self.place());
        let asked = self.client.get_account_setting().name("BLOB_MOUNTING").send().await;
        let answer = asked.map_err(|error| failed(call, error))?;
        Ok(answer.value() == Some("ENABLED"))
    }
}
