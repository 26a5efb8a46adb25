//! What the agents of a profile get beside rows.

use super::attempt::Tool;

/// What is switched on. Nothing is by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tools {
    /// Whether agents may ask for the plan of a statement.
    pub explain: bool,
    /// A statement that the planner expects to cost more is not run.
    pub max_cost: Option<u64>,
    /// Whether a result that our caps cut comes with a summary of its columns.
    pub summaries: bool,
}

impl Tools {
    /// Whether there is such a tool for these agents.
    #[must_use]
    pub const fn have(self, tool: Tool) -> bool {
        match tool {
            Tool::ListTables | Tool::DescribeTable | Tool::RunQuery => true,
            Tool::ExplainQuery => self.explain,
        }
    }
}
