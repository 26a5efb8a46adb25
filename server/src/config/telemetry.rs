//! `[telemetry]`

use super::raw::RawTelemetry;
use super::reading::Reading;
use crate::telemetry::Destination;

impl Reading<'_> {
    pub(super) fn telemetry(&mut self, raw: Option<&RawTelemetry>) -> Option<Destination> {
        let raw = raw?;
        let endpoint = self.sink("telemetry.otlp_endpoint", &raw.otlp_endpoint);
        let sample = raw.sample.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&sample) {
            self.fault("telemetry.sample", format!("`{sample}` is not between 0 and 1"));
        }
        let mut endpoint = endpoint?;
        if endpoint.path() == "/" {
            endpoint.set_path("/v1/traces");
        }
        let service_name = raw.service_name.clone().unwrap_or_else(|| "portcullis".to_owned());
        Some(Destination { endpoint, service_name, sample })
    }
}
