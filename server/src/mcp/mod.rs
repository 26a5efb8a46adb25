//! The Model Context Protocol: names, schemas and fencing around the flows.
//!
//! Invariant: translation only. What may be read is decided elsewhere, and who asks was settled before a request gets
//! here: its [`Principal`] travels in the request's extensions.

mod arguments;
mod fence;
mod instructions;
mod problem;
mod prompt;
mod result;
mod tools;

use crate::flow::authenticate::Principal;
use crate::flow::describe_table::{Description, describe_table};
use crate::flow::explain_query::explain_query;
use crate::flow::list_tables::list_tables;
use crate::flow::refuse::refuse;
use crate::flow::run_query::{Query, run_query};
use crate::flow::{NotAnswered, Portcullis};
use crate::model::attempt::Tool;
use crate::model::budget::OverBudget;
use crate::telemetry::Layer;
use crate::telemetry::span::{self, Sent};
use arguments::Arguments;
use axum::http::request::Parts;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, GetPromptRequestParams,
    GetPromptResponse, Implementation, JsonObject, ListPromptsResult, ListToolsResult, MetaObject,
    PaginatedRequestParams, ProtocolVersion, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;
use tracing::{Instrument, Span};

/// How long a client may keep the list of tools: it changes with releases and with the configuration, so with restarts.
const LISTS_ARE_FRESH_FOR_MS: u64 = 300_000;

/// One MCP request's handler; made anew for each.
#[derive(Clone)]
pub struct Handler {
    portcullis: Portcullis,
}

impl Handler {
    #[must_use]
    pub fn new(portcullis: Portcullis) -> Self {
        Self { portcullis }
    }

    async fn call(
        &self,
        principal: &Principal,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let name = request.name.to_string();
        let arguments = request.arguments.unwrap_or_default();
        let tools = principal.profile().tools;
        let Some(tool) = Tool::named(&name).filter(|&tool| tools.have(tool)) else {
            let why = format!("there is no tool `{name}`");
            self.refuse(principal, &name, Value::Object(arguments), why.clone()).await?;
            return Err(ErrorData::invalid_params(why, None));
        };
        match Arguments::read(tool, &arguments) {
            Ok(arguments) => match self.perform(principal, arguments, context).await {
                Ok(result) => Ok(result),
                Err(NotAnswered::OverBudget(over)) => self.over_budget(principal, tool, &over.into_inner()),
                Err(NotAnswered::NoRecord(error)) => Err(problem::no_record(&error, principal)),
            },
            Err(why) => {
                let told = self.refuse(principal, tool.name(), Value::Object(arguments), why).await?;
                Ok(problem::told(told))
            }
        }
    }

    async fn perform(
        &self,
        principal: &Principal,
        arguments: Arguments,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, NotAnswered> {
        Ok(match arguments {
            Arguments::ListTables { word } => {
                match list_tables(&self.portcullis, principal, word).await?.into_inner() {
                    Ok(tables) => result::tables(&tables),
                    Err(fault) => problem::fault(&fault),
                }
            }
            Arguments::DescribeTable { name } => {
                match describe_table(&self.portcullis, principal, &name).await?.into_inner() {
                    Description::Relation(relation) => result::table(&relation),
                    Description::Unknown => problem::unknown_table(&name),
                    Description::Failed(fault) => problem::fault(&fault),
                }
            }
            Arguments::RunQuery { sql, limit } => {
                let query = Query { sql, limit };
                let reply = run_query(&self.portcullis, principal, query, &context.ct).await?.into_inner();
                let fence = fence::Fence::new(self.portcullis.rng())?;
                Layer::Encode.within(|| result::rows(&reply, &fence, principal.profile().limits))
            }
            Arguments::ExplainQuery { sql } => {
                let reply = explain_query(&self.portcullis, principal, sql, &context.ct).await?.into_inner();
                result::plan(&reply, &fence::Fence::new(self.portcullis.rng())?)
            }
        })
    }

    fn over_budget(
        &self,
        principal: &Principal,
        tool: Tool,
        over: &OverBudget,
    ) -> Result<CallToolResult, ErrorData> {
        match tool {
            Tool::RunQuery => {
                let fence = fence::Fence::new(self.portcullis.rng());
                Ok(result::over_budget(
                    over,
                    &fence.map_err(|error| problem::no_record(&error.into(), principal))?,
                ))
            }
            Tool::ListTables | Tool::DescribeTable | Tool::ExplainQuery => {
                Ok(problem::told(problem::of_budget(over).told()))
            }
        }
    }

    async fn refuse(
        &self,
        principal: &Principal,
        tool: &str,
        arguments: Value,
        why: String,
    ) -> Result<String, ErrorData> {
        let recorded = refuse(&self.portcullis, principal, tool, arguments, why).await;
        Ok(recorded.map_err(|error| problem::no_record(&error, principal))?.into_inner())
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().enable_prompts().build())
            .with_server_info(implementation())
            .with_instructions(instructions::INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult {
            meta: server_info(&context),
            // What a person may see is theirs alone to keep.
            cache_scope: Some(CacheScope::Private),
            ttl_ms: Some(LISTS_ARE_FRESH_FOR_MS),
            ..ListToolsResult::with_all_items(tools::of(principal(&context)?.profile().tools))
        })
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let principal = principal(&context)?;
        let span = span_of(&request.name, &context);
        let called = self.call(&principal, request, &context).instrument(span.clone()).await;
        if !called.as_ref().is_ok_and(|result| result.is_error != Some(true)) {
            span::failed(&span);
        }
        let mut result = called?;
        result.meta = server_info(&context);
        Ok(result.into())
    }

    async fn list_prompts(
        &self,
        _page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult {
            meta: server_info(&context),
            cache_scope: Some(CacheScope::Private),
            ttl_ms: Some(LISTS_ARE_FRESH_FOR_MS),
            ..ListPromptsResult::with_all_items(vec![prompt::explore()])
        })
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        Ok(prompt::get(&request)?.into())
    }
}

/// A tool that there is not has any name that its caller likes, so it is not told.
fn span_of(name: &str, context: &RequestContext<RoleServer>) -> Span {
    let tool = Tool::named(name).map_or("unknown", Tool::name);
    let sent = |key| context.meta.get(key).and_then(Value::as_str);
    let sent = Sent { traceparent: sent("traceparent"), tracestate: sent("tracestate") };
    let version = context.protocol_version();
    let version = version.as_ref().map(ProtocolVersion::as_str);
    let request = parts(context).and_then(|parts| parts.extensions.get::<Span>()).cloned();
    span::call(tool, &context.id, version, sent, &request.unwrap_or_else(Span::none))
}

fn implementation() -> Implementation {
    Implementation::new("portcullis", env!("CARGO_PKG_VERSION")).with_title("Portcullis")
}

/// Where there is no handshake, each result says who answers (MCP 2026-07-28, base protocol, `_meta`).
fn server_info(context: &RequestContext<RoleServer>) -> Option<MetaObject> {
    let version = context.protocol_version()?;
    if version.has_initialize() {
        return None;
    }
    let mut meta = JsonObject::new();
    meta.insert(
        "io.modelcontextprotocol/serverInfo".to_owned(),
        serde_json::to_value(implementation()).ok()?,
    );
    Some(MetaObject(meta))
}

/// The HTTP request that brought a message.
fn parts(context: &RequestContext<RoleServer>) -> Option<&Parts> {
    context.extensions.get::<Parts>()
}

/// Who asks, as the door left it with the request.
fn principal(context: &RequestContext<RoleServer>) -> Result<Principal, ErrorData> {
    parts(context)
        .and_then(|parts| parts.extensions.get::<Principal>())
        .cloned()
        .ok_or_else(|| ErrorData::internal_error("nobody asked", None))
}
