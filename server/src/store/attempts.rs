//! What was asked for. Rows are only ever added.

use crate::model::attempt::{Attempt, storable, storable_json};
use crate::store::together::Wish;
use crate::store::{Store, StoreError, twice};
use ipnet::IpNet;

impl Wish for Attempt {
    type Granted = ();

    fn weight(&self) -> usize {
        self.sql.as_ref().map_or(0, String::len) + 512
    }

    async fn grant(store: &Store, wishes: &[Self]) -> Result<Vec<()>, StoreError> {
        match wishes {
            [attempt] => insert(store, attempt).await?,
            attempts => insert_together(store, attempts).await?,
        }
        Ok(vec![(); wishes.len()])
    }
}

/// Writes down an attempt. Saying it twice writes it once.
async fn insert(store: &Store, attempt: &Attempt) -> Result<(), StoreError> {
    let holder = &attempt.holder;
    let caller = &attempt.caller;
    let sql = attempt.sql.as_deref().map(storable);
    let arguments = storable_json(&attempt.arguments);
    twice(|| {
        sqlx::query_file!(
            "../sql/attempts/insert.sql",
            attempt.id,
            attempt.at,
            caller.request_id,
            holder.person_id,
            holder.person.as_str(),
            holder.profile.as_str(),
            holder.token_id,
            holder.client_id,
            holder.client,
            holder.redirect.as_deref(),
            caller.ip.map(IpNet::from) as Option<IpNet>,
            caller.user_agent.as_deref(),
            attempt.tool,
            arguments,
            sql.as_deref(),
        )
        .execute(store)
    })
    .await?;
    Ok(())
}

async fn insert_together(store: &Store, attempts: &[Attempt]) -> Result<(), StoreError> {
    fn each<'a, T>(attempts: &'a [Attempt], value: impl Fn(&'a Attempt) -> T) -> Vec<T> {
        attempts.iter().map(value).collect()
    }
    let sql = each(attempts, |attempt| attempt.sql.as_deref().map(storable));
    let arguments = each(attempts, |attempt| storable_json(&attempt.arguments));
    let ip = each(attempts, |attempt| attempt.caller.ip.map(IpNet::from));
    twice(|| {
        sqlx::query_file!(
            "../sql/attempts/insert_together.sql",
            &each(attempts, |attempt| attempt.id),
            &each(attempts, |attempt| attempt.at),
            &each(attempts, |attempt| attempt.caller.request_id),
            &each(attempts, |attempt| attempt.holder.person_id),
            &each(attempts, |attempt| attempt.holder.person.as_str()) as &[&str],
            &each(attempts, |attempt| attempt.holder.profile.as_str()) as &[&str],
            &each(attempts, |attempt| attempt.holder.token_id),
            &each(attempts, |attempt| attempt.holder.client_id),
            &each(attempts, |attempt| attempt.holder.client.as_str()) as &[&str],
            &each(attempts, |attempt| attempt.holder.redirect.as_deref()) as &[Option<&str>],
            &ip as &[Option<IpNet>],
            &each(attempts, |attempt| attempt.caller.user_agent.as_deref()) as &[Option<&str>],
            &each(attempts, |attempt| attempt.tool.as_str()) as &[&str],
            &arguments,
            &sql as &[Option<String>],
        )
        .execute(store)
    })
    .await?;
    Ok(())
}
