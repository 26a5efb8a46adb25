//! How each client is connected.

use crate::parts::copy_block;
use leptos::prelude::*;

pub(super) fn connect(url: &str) -> AnyView {
    let vs_code = format!(
        "{{\n  \"servers\": {{\n    \"portcullis\": {{ \"type\": \"http\", \"url\": \"{url}\" }}\n  }}\n}}"
    );
    let cursor = format!("{{\n  \"mcpServers\": {{\n    \"portcullis\": {{ \"url\": \"{url}\" }}\n  }}\n}}");
    let curl = format!(
        "curl {url} \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -H 'Content-Type: application/json' \\\n  \
         -H 'Accept: application/json, text/event-stream' \\\n  \
         -d '{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}}'"
    );
    let each = vec![
        way(
            "Claude Code",
            "In a terminal; then /mcp inside Claude Code to sign in.",
            "Command",
            format!("claude mcp add --transport http portcullis {url}"),
        ),
        way(
            "Claude.ai",
            "Settings, Connectors, Add custom connector: paste the address, then Connect.",
            "Address",
            url.to_owned(),
        ),
        way(
            "ChatGPT",
            "Settings, Connectors, Create (in developer mode): paste the address and choose OAuth.",
            "Address",
            url.to_owned(),
        ),
        way(
            "VS Code",
            "Save it in the workspace, then press Start above the entry.",
            ".vscode/mcp.json",
            vs_code,
        ),
        way("Cursor", "Save it, then sign in under Settings, MCP.", "~/.cursor/mcp.json", cursor),
        way(
            "MCP Inspector",
            "Choose Streamable HTTP and paste the address.",
            "Command",
            format!("npx @modelcontextprotocol/inspector\n{url}"),
        ),
        way("curl", "With a token that a client or the command line was given.", "Command", curl),
    ];
    view! {
        <section id="connect" class="connect">
            <h2>"Connect a client"</h2>
            <p class="quiet">"Each one opens this browser and asks you what it may read."</p>
            {copy_block("The address of this server", url)}
            {each}
        </section>
    }
    .into_any()
}

fn way(client: &'static str, steps: &'static str, label: &'static str, text: String) -> AnyView {
    view! {
        <details>
            <summary>{client}</summary>
            <p class="quiet">{steps}</p>
            {copy_block(label, text)}
        </details>
    }
    .into_any()
}
