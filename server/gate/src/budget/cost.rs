//! What one expression costs.

/// What an expression costs wherever it is used.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) leaves: u64,
    /// Bytes of its value, as far as they come from the statement.
    pub(super) bytes: u64,
}

/// What an ordinary value may hold.
pub(super) const COLUMN: Cost = Cost { leaves: 1, bytes: 32 };

/// What an aggregate of texts may hold.
const COLLECTED: u64 = 1 << 20;

impl Cost {
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            leaves: self.leaves.saturating_add(other.leaves),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

/// The length of what a function returns. Most of them return no more than they were given.
pub(super) fn growth(function: &str, args: &[Cost], sum: u64) -> u64 {
    let arg = |index: usize| args.get(index).map_or(0, |cost| cost.bytes);
    match function {
        "replace" | "regexp_replace" => arg(0).saturating_mul(arg(2).saturating_add(1)),
        "array_to_string" | "concat_ws" => sum.saturating_mul(arg(1).min(arg(0)).saturating_add(1)),
        "lpad" | "rpad" => arg(0).max(1_000),
        "string_agg" | "array_agg" | "json_agg" | "jsonb_agg" | "json_object_agg" | "jsonb_object_agg" => {
            COLLECTED.max(sum)
        }
        _ => sum,
    }
}
