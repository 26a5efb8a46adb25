//! What the program counts of itself. Names follow Prometheus: a unit at the end, `_total` behind what only grows.

/// Calls of tools, by `tool`, `decision` and `reason`.
pub const CALLS: &str = "portcullis_calls_total";
/// How long calls took from their attempt to their outcome, by `tool`.
pub const CALL_SECONDS: &str = "portcullis_call_duration_seconds";
/// How long each layer of a call took, by `layer`.
pub const LAYER_SECONDS: &str = "portcullis_layer_seconds";
/// People who were turned away at the door, by `reason`.
pub const DENIALS: &str = "portcullis_denials_total";
/// Secrets that we never issued.
pub const BAD_SECRETS: &str = "portcullis_bad_secrets_total";
/// Alerts raised, by `kind`.
pub const ALERTS: &str = "portcullis_alerts_total";
/// HTTP answers, by the first digit of their `status`.
pub const ANSWERS: &str = "portcullis_http_answers_total";
/// How long they took.
pub const ANSWER_SECONDS: &str = "portcullis_http_answer_duration_seconds";
/// Connections to the store that are open, and those at rest.
pub const STORE_OPEN: &str = "portcullis_store_connections";
pub const STORE_IDLE: &str = "portcullis_store_connections_idle";
/// Calls that are at work at this moment.
pub const AT_WORK: &str = "portcullis_calls_at_work";
/// Alerts that nobody has acknowledged.
pub const OPEN_ALERTS: &str = "portcullis_open_alerts";
/// How far a standby was behind its primary when it was read last, in seconds, by `server`.
pub const LAG_SECONDS: &str = "portcullis_warehouse_lag_seconds";
/// 1 where the last self-test of a `profile` was green, 0 where it was red.
pub const SELF_TEST: &str = "portcullis_self_test";

/// How far the seals are behind the record, in seconds.
pub const SEALS_BEHIND: &str = "portcullis_record_seals_behind_seconds";
/// Rows of the record that are sealed, and of those the ones that no checkpoint vouches for yet.
pub const SEALED_ROWS: &str = "portcullis_record_sealed_rows";
pub const UNVOUCHED_ROWS: &str = "portcullis_record_sealed_rows_since_checkpoint";

/// Where the buckets of durations end, in seconds.
pub const BUCKETS: [f64; 14] =
    [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The same for one layer of a call, which may take a few microseconds.
pub const LAYER_BUCKETS: [f64; 16] = [
    0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5,
    1.0, 5.0,
];
