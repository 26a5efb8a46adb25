//! The front page: what this is, and how an agent connects.

use crate::parts::mark;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    pub mcp_url: String,
    pub profiles: usize,
    pub version: String,
}

impl Welcome {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            mcp_url: "https://db.example.com/mcp/sql/".to_owned(),
            profiles: 2,
            version: "0.1.0".to_owned(),
        }
    }
}

#[must_use]
pub fn WelcomePage(welcome: Welcome) -> impl IntoView {
    let claude = format!(
        "claude mcp add --transport http portcullis {} \\\n  --header \"Authorization: Bearer $TOKEN\"",
        welcome.mcp_url
    );
    let profiles = match welcome.profiles {
        1 => "One profile is open to agents.".to_owned(),
        n => format!("{n} profiles are open to agents."),
    };
    let foot = format!("Portcullis {}", welcome.version);
    view! {
        <main id="main" class="card">
            {mark(44)}
            <h1>"Portcullis"</h1>
            <p class="lead">"Lets AI agents read a PostgreSQL database: just as far as its owner chose, and on the record."</p>
            <ol class="layers">
                {layer("The door", "Who asks is checked again on every request.")}
                {layer("The gate", "Each statement is compiled anew from what is allowed; nothing else gets through.")}
                {layer("The run", "A read-only transaction with limits on time, rows and bytes.")}
                {layer("The role", "The database itself grants only what the profile exposes.")}
            </ol>
            <h2>"Connect an agent"</h2>
            <p>{profiles}" The endpoint is "<code>{welcome.mcp_url}</code></p>
            <pre tabindex="0">{claude}</pre>
            <p class="quiet">"Your operator gives you the token."</p>
            <p><a class="button primary" href="/account">"Sign in"</a></p>
        </main>
        <footer class="quiet">{foot}</footer>
    }
}

fn layer(name: &'static str, text: &'static str) -> impl IntoView {
    view! { <li><strong>{name}</strong><span>{text}</span></li> }
}

#[cfg(test)]
mod tests {
    use super::{Welcome, WelcomePage};
    use leptos::prelude::*;

    #[test]
    fn the_page_names_the_endpoint() {
        let html = Owner::new().with(|| WelcomePage(Welcome::sample()).to_html());
        assert_eq!(html.matches("<h1>").count(), 1);
        assert!(html.contains("https://db.example.com/mcp/sql/"), "{html}");
        assert!(!html.contains("<script") && !html.contains("style="), "{html}");
    }
}
