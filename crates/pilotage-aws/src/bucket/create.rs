//! Creating a bucket.

use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};

use super::{Bucket, client};
use crate::Session;
use crate::failure::{Call, Failure, failed};

/// The one region that must not be named.
const UNNAMED: &str = "us-east-1";

/// Creates the bucket in the session's region, private as every new bucket is; one that is already
/// there and one's own is left as it is. Whether it can be written to shows at the first write.
pub async fn create(session: &Session, bucket: &Bucket) -> Result<(), Failure> {
    let region = session.region();
    let place = (region != UNNAMED).then(|| {
        let place = BucketLocationConstraint::from(region);
        CreateBucketConfiguration::builder().location_constraint(place).build()
    });
    let asked = client(session).create_bucket().bucket(bucket.name());
    let answer = asked.set_create_bucket_configuration(place).send().await;
    let call = Call::new("s3:CreateBucket", format!("`{}` in {region}", bucket.name()));
    match answer.map_err(|error| failed(call, error)) {
        Err(failure) if failure.code() != Some("BucketAlreadyOwnedByYou") => Err(failure),
        _ => Ok(()),
    }
}

/// The same for a shell.
pub(super) fn command(bucket: &Bucket, region: &str) -> String {
    let place = match region {
        UNNAMED => String::new(),
        region => format!(" --create-bucket-configuration LocationConstraint={region}"),
    };
    format!("aws s3api create-bucket --region {region} --bucket {}{place}", bucket.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_region_is_not_named_twice() {
        let bucket: Bucket = "s3://runs/prod".parse().expect("a place");
        let there = command(&bucket, "eu-central-1");
        assert!(
            there.ends_with(
                "--bucket runs --create-bucket-configuration \
                                 LocationConstraint=eu-central-1"
            ),
            "{there}"
        );
        assert!(command(&bucket, "us-east-1").ends_with("--region us-east-1 --bucket runs"));
    }
}
