//! A plan: what PostgreSQL means to do for a statement, and what it expects that to cost.

use serde_json::Value;

/// A plan as far as an agent may see it: kinds of work, relations by name, estimates. Conditions, indexes and the texts of
/// views are not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// In the planner's own unit: reading one page of a table is 1.
    pub cost: f64,
    pub rows: f64,
    /// From the top down; empty where the plan reads something that the profile does not declare.
    pub nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// How far below the top.
    pub depth: usize,
    /// `Hash Join`, `Index Scan`.
    pub kind: String,
    /// Schema and name of what is read, if it reads something.
    pub relation: Option<(String, String)>,
    pub cost: f64,
    pub rows: f64,
}

impl Plan {
    /// Reads what `explain (format json, verbose)` says.
    #[must_use]
    pub fn read(said: &Value) -> Option<Self> {
        let top = said.get(0)?.get("Plan")?;
        let mut nodes = Vec::new();
        collect(top, 0, &mut nodes)?;
        let Node { cost, rows, .. } = *nodes.first()?;
        Some(Self { cost, rows, nodes })
    }

    /// The plan for somebody who knows only some relations. What stands behind a view is not theirs to know, and neither
    /// are the parts of a table: where the plan reads such a thing, the whole is told and no part of it.
    #[must_use]
    pub fn for_one_who_knows(mut self, is_known: impl Fn(&str, &str) -> bool) -> Self {
        let is_open =
            |node: &Node| node.relation.as_ref().is_none_or(|(schema, name)| is_known(schema, name));
        if !self.nodes.iter().all(is_open) {
            self.nodes.clear();
        }
        self
    }
}

/// The reader of JSON bounds how deep this can go.
fn collect(plan: &Value, depth: usize, nodes: &mut Vec<Node>) -> Option<()> {
    let text = |key: &str| plan.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |key: &str| plan.get(key).and_then(Value::as_f64);
    let relation = text("Relation Name").map(|name| (text("Schema").unwrap_or_default(), name));
    let (cost, rows) = (number("Total Cost")?, number("Plan Rows")?);
    nodes.push(Node { depth, kind: text("Node Type")?, relation, cost, rows });
    for below in plan.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        collect(below, depth + 1, nodes)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use serde_json::json;

    #[test]
    fn a_plan_over_something_hidden_tells_its_cost_alone() {
        let scan = |name: &str| json!({ "Node Type": "Seq Scan", "Schema": "public", "Relation Name": name, "Total Cost": 10.5, "Plan Rows": 7 });
        let said = json!([{ "Plan": {
            "Node Type": "Hash Join", "Total Cost": 42.0, "Plan Rows": 3, "Plans": [scan("orders"), scan("secrets")],
        } }]);
        let plan = Plan::read(&said).unwrap();
        assert_eq!((plan.cost, plan.rows, plan.nodes.len()), (42.0, 3.0, 3));
        let open = plan.clone().for_one_who_knows(|_, _| true);
        assert_eq!(open, plan);
        let closed = plan.for_one_who_knows(|_, name| name == "orders");
        assert_eq!((closed.cost, closed.nodes.as_slice()), (42.0, &[][..]));
    }
}
