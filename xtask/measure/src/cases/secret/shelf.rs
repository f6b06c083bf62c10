//! What is read, and the files in which each tool is told so.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use pilotage_xtask::{Error, files};
use serde_json::{Value, json};

/// Two hundred things to read.
pub(super) struct Shelf {
    pub(super) name: &'static str,
    pub(super) secrets: u64,
    pub(super) parameters: u64,
}

/// Of both services.
pub(super) const MIXED: Shelf =
    Shelf { name: "120 secrets and 80 parameters", secrets: 120, parameters: 80 };
/// What the peer knows that knows one service alone.
pub(super) const PARAMETERS: Shelf = Shelf { name: "200 parameters", secrets: 0, parameters: 200 };

impl Shelf {
    /// The fewest calls that the services allow.
    pub(super) const fn most_calls(&self) -> u64 {
        self.secrets.div_ceil(20) + self.parameters.div_ceil(10)
    }

    /// The folder of its files, and the path of its parameters.
    pub(super) const fn path(&self) -> &'static str {
        if self.secrets == 0 { "plain" } else { "mixed" }
    }

    pub(super) fn secret(&self, number: u64) -> String {
        format!("{}/secret{number:03}", self.path())
    }

    pub(super) fn parameter(&self, number: u64) -> String {
        format!("/{}/parameter{number:03}", self.path())
    }

    /// Puts everything into the emulator, and writes the files.
    pub(super) fn fill(&self, server: &str, folder: &Path) -> Result<(), Error> {
        for number in 0..self.secrets {
            let body = json!({
                "Name": self.secret(number),
                "SecretString": format!("value {number}"),
                "ClientRequestToken": format!("00000000-0000-4000-8000-{number:012}"),
            });
            post(server, "secretsmanager.CreateSecret", "secretsmanager", &body)?;
        }
        for number in 0..self.parameters {
            let body = json!({
                "Name": self.parameter(number), "Value": format!("value {number}"),
                "Type": "SecureString", "Overwrite": true,
            });
            post(server, "AmazonSSM.PutParameter", "ssm", &body)?;
        }
        let folder = folder.join(self.path());
        files::write(&folder.join("pilotage.toml"), &self.ours())?;
        files::write(&folder.join("vals.yaml"), &self.vals())
    }

    fn ours(&self) -> String {
        let mut text = String::from("[env.bench.secrets.web]\n");
        for number in 0..self.secrets {
            let _infallible = writeln!(text, "SECRET_{number} = 'asm:{}'", self.secret(number));
        }
        for number in 0..self.parameters {
            let name = self.parameter(number);
            let _infallible = writeln!(text, "PARAMETER_{number} = 'ssm:{name}'");
        }
        text
    }

    fn vals(&self) -> String {
        let mut text = String::new();
        for number in 0..self.secrets {
            let name = self.secret(number);
            let _infallible = writeln!(text, "secret_{number}: ref+awssecrets://{name}");
        }
        for number in 0..self.parameters {
            let name = self.parameter(number);
            let _infallible = writeln!(text, "parameter_{number}: ref+awsssm:/{name}");
        }
        text
    }
}

/// One request to the emulator, which looks at no signature but for the region.
fn post(server: &str, target: &str, service: &str, body: &Value) -> Result<(), Error> {
    let (host, body) = (server.trim_start_matches("http://"), body.to_string());
    let request = format!(
        "POST / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-amz-json-1.1\r\nx-amz-target: {target}\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=test/20300101/eu-central-1/{service}/aws4_request, \
         SignedHeaders=host, Signature=x\r\n\r\n{body}",
        body.len()
    );
    let mut answer = String::new();
    let mut stream = TcpStream::connect(host).map_err(Error::Output)?;
    stream.write_all(request.as_bytes()).map_err(Error::Output)?;
    stream.read_to_string(&mut answer).map_err(Error::Output)?;
    let status = answer.lines().next().unwrap_or_default().to_owned();
    if status.contains(" 200 ") {
        return Ok(());
    }
    Err(Error::Malformed {
        what: format!("the emulator's answer to {target}"),
        why: status,
        hint: "update `moto`",
    })
}
