//! The file as it is written, before anything is believed.

use super::policy::RawPolicy;
use super::tools::RawTools;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub server: RawServer,
    pub store: RawStore,
    pub warehouse: Option<RawWarehouse>,
    #[serde(default)]
    pub warehouses: BTreeMap<String, RawWarehouse>,
    pub profiles: BTreeMap<String, RawProfile>,
    pub limits: RawLimits,
    pub timeouts: RawTimeouts,
    #[serde(default)]
    pub oauth: RawOauth,
    #[serde(default)]
    pub sessions: RawSessions,
    #[serde(default)]
    pub throttle: RawThrottle,
    #[serde(default)]
    pub alerts: RawAlerts,
    #[serde(default)]
    pub budgets: RawBudgets,
    pub watch: Option<RawWatch>,
    pub telemetry: Option<RawTelemetry>,
    #[serde(default)]
    pub self_test: RawSelfTest,
    #[serde(default)]
    pub record: RawRecord,
    #[serde(default)]
    pub retention: RawRetention,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTelemetry {
    pub otlp_endpoint: String,
    pub service_name: Option<String>,
    pub sample: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSelfTest {
    pub person: Option<String>,
    pub every: Option<String>,
    pub disable_on_red: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetention {
    pub keep: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRecord {
    pub key_file: Option<String>,
    #[serde(default)]
    pub public_keys: Vec<String>,
    pub checkpoint_rows: Option<i64>,
    pub checkpoint_every: Option<String>,
    pub checkpoint_file: Option<String>,
    pub webhook: Option<RawWebhook>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWatch {
    pub listen: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawServer {
    pub listen: String,
    pub public_url: String,
    #[serde(default)]
    pub trusted_proxies: Vec<String>,
    #[serde(default)]
    pub browser_origins: Vec<String>,
    pub connections: Option<usize>,
    pub key_file: Option<String>,
    pub drain: Option<String>,
    pub tls: Option<RawTls>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTls {
    pub certificate: String,
    pub key: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStore {
    pub url: String,
    pub password_file: Option<String>,
    pub owner_url: Option<String>,
    pub owner_password_file: Option<String>,
    pub pooler: Option<String>,
    pub pool: Option<u32>,
    pub wait: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarehouse {
    pub url: String,
    #[serde(default)]
    pub replicas: Vec<String>,
    pub target_session_attrs: Option<String>,
    pub max_lag: Option<String>,
    pub pooler: Option<String>,
    pub pool: Option<u32>,
    pub wait: Option<String>,
    #[serde(default)]
    pub extension_schemas: Vec<String>,
    pub admin_url: Option<String>,
    pub admin_password_file: Option<String>,
    pub surface_lock: Option<String>,
    #[serde(default)]
    pub canaries: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProfile {
    pub warehouse: Option<String>,
    pub role: String,
    pub login: String,
    pub password_file: Option<String>,
    #[serde(default)]
    pub relations: Vec<RawRelation>,
    #[serde(default)]
    pub views: BTreeMap<String, RawView>,
    pub view_schema: Option<String>,
    pub view_owner: Option<String>,
    #[serde(default)]
    pub context: BTreeMap<String, String>,
    #[serde(default)]
    pub tolerate: Vec<String>,
    #[serde(default)]
    pub canaries: Vec<String>,
    #[serde(default)]
    pub policy: RawPolicy,
    #[serde(default)]
    pub budget: RawBudgets,
    #[serde(default)]
    pub tools: RawTools,
}

/// `"public.orders"`, or `{ name = "public.customers", columns = ["id", "name"], values = ["city"] }`.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a relation is \"schema.name\" or { name = \"schema.name\", columns = [...] }")]
pub(super) enum RawRelation {
    Whole(String),
    Part(RawPart),
}

impl RawRelation {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Whole(name) => name,
            Self::Part(part) => &part.name,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawView {
    pub source: String,
    #[serde(default)]
    pub lookups: Vec<String>,
    pub columns: Vec<String>,
    #[serde(rename = "where")]
    pub condition: Option<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPart {
    pub name: String,
    pub columns: Option<Vec<String>>,
    #[serde(default)]
    pub values: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    pub default_rows: u64,
    pub hard_rows: u64,
    pub bytes: u64,
    pub cell_bytes: u64,
    pub sql_bytes: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTimeouts {
    pub statement: String,
    pub lock: String,
    pub idle_in_transaction: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOauth {
    pub access_token: Option<String>,
    pub code: Option<String>,
    pub refresh_token: Option<String>,
    pub grant: Option<String>,
    pub require_live_session: Option<bool>,
    pub registration: Option<String>,
    pub redirect_uris: Option<Vec<String>>,
    pub document_hosts: Option<Vec<String>>,
    #[serde(default)]
    pub clients: Vec<RawClient>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClient {
    pub id: String,
    pub name: String,
    pub redirect_uris: Vec<String>,
    pub redirect_match: Option<String>,
    pub consent: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSessions {
    pub idle: Option<String>,
    pub absolute: Option<String>,
}

/// Thresholds by window: `{ 1h = 50, 24h = 150 }`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAlerts {
    pub allowed: Option<BTreeMap<String, u64>>,
    pub refused: Option<BTreeMap<String, u64>>,
    pub denied: Option<BTreeMap<String, u64>>,
    pub webhook: Option<RawWebhook>,
    pub sentry: Option<RawSentry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSentry {
    pub dsn: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWebhook {
    pub url: String,
    pub secret_file: Option<String>,
}

/// `soft = { calls = { 1h = 500 } }`, `hard = { rows = { 24h = 100000 } }`, `concurrent = 4`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBudgets {
    #[serde(default)]
    pub soft: RawCaps,
    #[serde(default)]
    pub hard: RawCaps,
    pub concurrent: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCaps {
    pub calls: Option<BTreeMap<String, u64>>,
    pub rows: Option<BTreeMap<String, u64>>,
    pub bytes: Option<BTreeMap<String, u64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThrottle {
    #[serde(default)]
    pub sign_in: RawSignInThrottle,
    pub bad_token: Option<RawAttempts>,
    pub registration: Option<RawAttempts>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAttempts {
    pub attempts: u32,
    pub window: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSignInThrottle {
    pub attempts: Option<i32>,
    pub address_attempts: Option<i32>,
    pub window: Option<String>,
    pub longest_delay: Option<String>,
}
