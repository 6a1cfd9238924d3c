//! The built site to a host, only what changed, without destroying what is there.
//!
//! - [`config`]: the targets of `heartnet.yaml`
//! - [`headers`]: what a host should say with each file
//! - [`target`]: what a host must be able to do; one module for each protocol
//! - [`plan`]: a pure function of the built site, the manifest on the host and a listing
//! - [`run`]: does what the plan says, in an order in which no visitor meets a page without its parts

pub mod config;
mod ftp;
mod git;
pub mod headers;
mod process;
mod rsync;
mod s3;
mod sftp;
pub mod target;
mod webdav;

use config::Config;
use target::{Answer, Target, Trouble};

/// Where secrets come from: the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The target of a name.
pub fn open(name: &str, config: &Config, environment: Environment<'_>) -> Answer<Box<dyn Target>> {
    match config.kind.as_str() {
        "git" => git::open(name, config, environment),
        "s3" => s3::open(config, environment),
        "sftp" => sftp::open(name, config, environment),
        "ftp" | "ftps" => ftp::open(name, config, environment),
        "webdav" => webdav::open(name, config, environment),
        "rsync" => rsync::open(name, config, environment),
        kind => Err(Trouble::lasting(format!("「{kind}」は、まだ使えません。"), format!("`{kind}` is not supported"))),
    }
}
