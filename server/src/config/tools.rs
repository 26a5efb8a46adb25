//! `[profiles.NAME.tools]`

use crate::model::tools::Tools;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTools {
    explain_query: Option<bool>,
    max_cost: Option<u64>,
    summaries: Option<bool>,
}

impl RawTools {
    pub(super) fn tools(&self) -> Tools {
        Tools {
            explain: self.explain_query.unwrap_or_default(),
            max_cost: self.max_cost.filter(|&cost| cost > 0),
            summaries: self.summaries.unwrap_or_default(),
        }
    }
}

/// The keys as they are written.
pub(super) fn written(tools: Tools) -> String {
    let Tools { explain, max_cost, summaries } = tools;
    let max_cost = max_cost.unwrap_or_default();
    format!("explain_query = {explain}\nmax_cost = {max_cost}\nsummaries = {summaries}\n")
}
