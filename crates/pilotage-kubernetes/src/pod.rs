//! The service account of a pod: an address in two variables, and three files.

use std::fmt::Display;
use std::net::IpAddr;
use std::path::Path;

use kube::Config;

use crate::ClusterError;
use crate::cluster::certificates;

/// Where the files of every pod are.
const FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const HOST: &str = "KUBERNETES_SERVICE_HOST";
const PORT: &str = "KUBERNETES_SERVICE_PORT";
const REMEDY: &str = "run it in a pod with a service account, or name a kubeconfig";

/// As every pod finds it.
pub(crate) fn config() -> Result<Config, ClusterError> {
    let server = server(variable)?;
    mounted(&server, Path::new(FOLDER))
}

/// With its files in this folder.
pub(crate) fn mounted(server: &str, folder: &Path) -> Result<Config, ClusterError> {
    let read = |name: &str| {
        let file = folder.join(name);
        read(&file).map_err(|why| unusable(format!("`{}`: {why}", file.display())))
    };
    let config = server.parse().map(Config::new);
    let mut config = config.map_err(|why| unusable(format!("`{server}`: {why}")))?;
    let authority = certificates(&read("ca.crt")?);
    config.root_cert = Some(authority.map_err(|why| unusable(format!("`ca.crt`: {why}")))?);
    read("namespace")?.trim().clone_into(&mut config.default_namespace);
    // Read now, so that a missing one is told now; the client reads it again as it is replaced.
    if read("token")?.trim().is_empty() {
        return Err(unusable("`token` is empty"));
    }
    config.auth_info.token_file = Some(folder.join("token").display().to_string());
    Ok(config)
}

fn server(variable: impl Fn(&str) -> Option<String>) -> Result<String, ClusterError> {
    let of = |name| variable(name).ok_or_else(|| unusable(format!("`{name}` is not set")));
    let (host, port) = (of(HOST)?, of(PORT)?);
    let port: u16 = port.parse().map_err(|_| unusable(format!("`{PORT}` is not a port")))?;
    Ok(match host.parse() {
        Ok(IpAddr::V6(host)) => format!("https://[{host}]:{port}"),
        _ => format!("https://{host}:{port}"),
    })
}

fn unusable(why: impl Display) -> ClusterError {
    ClusterError::told("the pod's service account cannot be used", &why, REMEDY)
}

#[expect(clippy::disallowed_methods, reason = "a pod is told of its cluster by variables")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "a pod is told of its cluster by files")]
fn read(file: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(host: &'static str, port: &'static str) -> Result<String, String> {
        let variable = |name: &str| {
            let value = if name == HOST { host } else { port };
            Some(value.to_owned()).filter(|value| !value.is_empty())
        };
        server(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn the_address_is_in_two_variables() {
        assert_eq!(told("10.0.0.1", "443"), Ok("https://10.0.0.1:443".into()));
        assert_eq!(told("fd00::1", "6443"), Ok("https://[fd00::1]:6443".into()));
        assert_eq!(told("api.example", "6443"), Ok("https://api.example:6443".into()));
        for (host, port, name) in
            [("", "443", HOST), ("10.0.0.1", "", PORT), ("10.0.0.1", "tcp://10.0.0.1:443", PORT)]
        {
            let error = told(host, port).expect_err("it is not told whole");
            assert!(error.contains(name) && error.contains("name a kubeconfig"), "{error}");
        }
    }
}
