//! Making the views that profiles declare.

use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

use super::fault::Fault;
use super::grants::{Changes, NotSaid};
use super::reach::stand;
use crate::model::view::{View, Views};

impl Changes {
    /// Has PostgreSQL read the condition of a view, without running anything. It must fit between parentheses and between
    /// brackets alike: a text that closes what it did not open, to say something else behind it, fits into one of them at
    /// most. So it is one expression.
    pub async fn reads(&mut self, view: &View) -> Result<(), NotSaid> {
        let Some(condition) = &view.condition else { return Ok(()) };
        let (source, text) = (view.source.sql(), &condition.text);
        for statement in [
            format!("select from {source} where (\n{text}\n)"),
            format!("select array[\n{text}\n] from {source}"),
        ] {
            let read = (&mut self.0).prepare(AssertSqlSafe(statement).into_sql_str()).await;
            read.map_err(|error| NotSaid {
                statement: format!("where {text}"),
                why: format!("PostgreSQL does not read it as one condition: {error}"),
            })?;
        }
        Ok(())
    }

    /// Writes beside each view that was just made, by one of the statements `said`, what it was made of; gives what it
    /// takes.
    pub async fn mark(&mut self, views: &Views, said: &[String]) -> Result<Vec<String>, MarkFailed> {
        let found = stand(&mut self.0, views).await.map_err(|error| Fault::entering(&error))?;
        let mut marks = Vec::new();
        for view in views.views.iter().filter(|view| said.contains(&view.create(&views.schema))) {
            let there = found.relations.iter().find(|there| there.name == view.name);
            let Some(printed) = there.and_then(|there| there.printed.as_ref()) else { continue };
            let statement = view.comment_on(&views.schema, printed);
            self.say(&statement).await?;
            marks.push(statement);
        }
        Ok(marks)
    }
}

/// Why a view bears no mark.
#[derive(Debug, thiserror::Error)]
pub enum MarkFailed {
    #[error("{0:#}")]
    Fault(#[from] Fault),
    #[error(transparent)]
    NotSaid(#[from] NotSaid),
}
