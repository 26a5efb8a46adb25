//! Looks at one call: everything that the record holds of it, and what the same person asked around it.

use crate::flow::{Failure, Portcullis, find_calls, index_calls, review_calls};
use crate::model::outcome;
use crate::store::record;
use uuid::Uuid;

pub use crate::store::calls::CallLine;
pub use crate::store::record::WholeCall;

/// Calls before it, and calls after it.
const EACH_SIDE: usize = 3;

/// One call.
#[derive(Debug)]
pub struct Reviewed {
    pub call: WholeCall,
    /// What can be done about it, where it was not allowed.
    pub advice: Option<&'static str>,
    /// Calls of the same person, newest first.
    pub after: Vec<CallLine>,
    pub before: Vec<CallLine>,
}

pub async fn review_call(portcullis: &Portcullis, id: Uuid) -> Result<Option<Reviewed>, Failure> {
    index_calls::refresh(portcullis).await?;
    let Some(call) = whole_call(portcullis, id).await? else { return Ok(None) };
    let mut transaction = find_calls::begin(portcullis).await?;
    let around = review_calls::around(&mut transaction, id, call.person_id, EACH_SIDE).await?;
    let (after, before) = around.into_iter().partition(|line| line.id > id);
    let advice = call.reason.as_deref().and_then(outcome::advice);
    Ok(Some(Reviewed { call, advice, after, before }))
}

/// Everything that the record holds of one call.
pub async fn whole_call(portcullis: &Portcullis, id: Uuid) -> Result<Option<WholeCall>, Failure> {
    Ok(record::calls(portcullis.store(), &[id], 0).await?.into_iter().next())
}
