//! What the demo says once it is ready: to a person, and to a script.

use super::secrets::Secrets;
use crate::model::token::Bearer;
use serde_json::json;
use std::fmt;

pub(super) struct Ready {
    pub(super) base_url: String,
    pub(super) mcp_url: String,
    pub(super) username: &'static str,
    pub(super) secrets: Secrets,
    pub(super) access_token: Bearer,
    pub(super) store_url: String,
    pub(super) warehouse_url: String,
}

impl Ready {
    pub(super) fn json(&self) -> String {
        let value = json!({
            "base_url": self.base_url,
            "mcp_url": self.mcp_url,
            "username": self.username,
            "password": self.secrets.password,
            "totp_secret": self.secrets.totp_secret,
            "access_token": self.access_token.reveal(),
            "store_url": self.store_url,
            "warehouse_url": self.warehouse_url,
        });
        format!("{value:#}\n")
    }
}

/// A first question, without a quote in it, so that it survives every shell.
const QUESTION: &str =
    "select city, count(*) as customers from customers group by city order by 2 desc limit 5";

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base_url, mcp_url, username, secrets, access_token, .. } = self;
        let Secrets { password, totp_secret } = secrets;
        let token = access_token.reveal();
        let call = json!({
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": { "name": "run_query", "arguments": { "sql": QUESTION } },
        });
        write!(
            f,
            "
Portcullis is ready.

  Console    {base_url}/
  Username   {username}
  Password   {password}
  TOTP       {totp_secret}

  Endpoint   {mcp_url}
  Token      {token}
             (profile analyst, 7 days; the next start prints another)

Ask a first question:

curl -sS {mcp_url} -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d '{call}'

Connect Claude Code:

claude mcp add --transport http portcullis {mcp_url} --header 'Authorization: Bearer {token}'

Ctrl-C stops everything and keeps the data.
"
        )
    }
}
