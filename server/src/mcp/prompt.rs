//! The one prompt: how to get to know a database that one has not seen before.

use rmcp::ErrorData;
use rmcp::model::{GetPromptRequestParams, GetPromptResult, Prompt, PromptArgument, PromptMessage, Role};

const NAME: &str = "explore";

/// What the list of prompts shows.
pub(super) fn explore() -> Prompt {
    let question = PromptArgument::new("question")
        .with_description("What you want to find out; leave it out for an overview")
        .with_required(false);
    Prompt::new(NAME, Some("Get to know this database, then answer a question from it"), Some(vec![question]))
        .with_title("Explore the database")
}

/// The prompt itself.
pub(super) fn get(request: &GetPromptRequestParams) -> Result<GetPromptResult, ErrorData> {
    if request.name != NAME {
        return Err(ErrorData::invalid_params(format!("there is no prompt `{}`", request.name), None));
    }
    let question = request.arguments.as_ref().and_then(|given| given.get("question"));
    let aim = match question.and_then(|question| question.as_str()).map(str::trim) {
        Some(question) if !question.is_empty() => format!("My question: {question}"),
        _ => "Give me an overview: what this data is about, how the tables hang together, what stands out."
            .to_owned(),
    };
    let text = format!(
        "Get to know the database behind these tools before you answer.\n\
         1. Call list_tables. Pick the tables that matter by name, comment and size.\n\
         2. Call describe_table for each of those: types, keys, enum labels and comments tell how to join and filter.\n\
         3. Take a small look with run_query (a few columns, limit 5), then aggregate in SQL.\n\
         4. If a statement is refused, do what its hint says.\n\
         5. Answer with the numbers, the SQL behind them, and what you are not sure of.\n\n{aim}"
    );
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]))
}
