//! Text to copy, lists without entries, and notes.

use super::chip::Tone;
use leptos::prelude::*;

/// Something to copy to another place as it is.
pub fn copy_block(label: impl Into<String>, text: impl Into<String>) -> AnyView {
    view! {
        <figure class="copy"><figcaption>{label.into()}</figcaption><pre tabindex="0">{text.into()}</pre></figure>
    }
    .into_any()
}

/// A list without entries: what that means, and what to do next.
pub fn empty(title: &'static str, next: impl IntoView + 'static) -> AnyView {
    view! { <div class="empty"><p><strong>{title}</strong></p><p>{next.into_any()}</p></div> }.into_any()
}

/// Something that one should read before going on.
pub fn note(tone: Tone, text: impl IntoView + 'static) -> AnyView {
    let class = format!("note {}", tone.class());
    view! { <p class=class>{text.into_any()}</p> }.into_any()
}

/// A part of a page under its own title.
pub fn section(title: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! { <section><h2>{title}</h2>{content.into_any()}</section> }.into_any()
}
