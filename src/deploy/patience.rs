//! How long to wait for a host that says nothing.

use super::Environment;
use std::time::Duration;

/// How long to wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Until a connection has come about.
    pub(super) connect: Duration,
    /// For each reading and writing.
    pub(super) each: Duration,
}

const CONNECT: Duration = Duration::from_secs(10);
const EACH: Duration = Duration::from_secs(30);

impl Patience {
    /// 10 seconds to connect, 30 for each reading and writing; `HEARTNET_DEPLOY_TIMEOUT` says otherwise: tests do not
    /// want to wait for it.
    pub(super) fn read(environment: Environment<'_>) -> Self {
        let said = environment("HEARTNET_DEPLOY_TIMEOUT").and_then(|text| text.trim().parse::<f64>().ok());
        let said = said.filter(|seconds| (0.01..=86_400.0).contains(seconds)).map(Duration::from_secs_f64);
        Self { connect: said.unwrap_or(CONNECT).min(CONNECT), each: said.unwrap_or(EACH) }
    }
}
