//! Text to copy, lists without entries, and notes.

use super::chip::Tone;
use super::text::line;
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

/// Of a list as much as is good for a page, and how many more there are.
#[must_use]
pub fn first<T>(mut rows: Vec<T>, most: usize) -> (Vec<T>, Option<AnyView>) {
    let more = rows.len().saturating_sub(most);
    rows.truncate(most);
    let told = (more > 0).then(|| view! { <p class="quiet">{format!("and {more} more")}</p> }.into_any());
    (rows, told)
}

/// A message of ours, at most so many characters: what stands in backticks is set as code.
#[must_use]
pub fn told(message: &str, max_chars: usize) -> AnyView {
    let message = line(message, max_chars);
    let parts: Vec<_> = message
        .split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(n, part)| match n % 2 {
            0 => part.to_owned().into_any(),
            _ => view! { <code>{part.to_owned()}</code> }.into_any(),
        })
        .collect();
    parts.into_any()
}

#[cfg(test)]
mod tests {
    use super::told;
    use leptos::prelude::*;

    #[test]
    fn what_stands_in_backticks_is_code_and_only_ever_text() {
        let html = Owner::new().with(|| told("`<b>` holds `a`, or `b", 80).to_html()).replace("<!>", "");
        assert_eq!(html, "<code>&lt;b&gt;</code> holds <code>a</code>, or <code>b</code>");
    }
}
