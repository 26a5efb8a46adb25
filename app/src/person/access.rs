//! What a person may do and read, how they sign in, and whether they may at all.

use super::{Factor, PersonModel, is_active};
use crate::parts::number::counted;
use crate::parts::text::line;
use crate::parts::{Choice, Confirm, Field, Kind, PostForm, button, field, post_form, section};
use crate::person_new::powers;
use leptos::prelude::*;

/// Ends what `ends` names, by a form without fields.
fn confirm(
    page: &PersonModel,
    action: String,
    act: &'static str,
    yes: &'static str,
    ends: String,
) -> Confirm {
    let about = line(&page.username, 64);
    Confirm { form: PostForm::new(action, &page.shell.csrf), act, about, ends, yes, id: None }
}

pub(super) fn profiles(page: &PersonModel, base: &str) -> AnyView {
    let name = line(&page.display_name, 80);
    let held: Vec<_> = page
        .profiles
        .iter()
        .map(|profile| {
            let ends = format!(
                "{name} loses the profile {profile}, and every agent that reads with it is cut off at its next request."
            );
            let withdraw = confirm(page, format!("{base}/withdraw"), "Withdraw", "Withdraw this profile", ends);
            let withdraw = Confirm { about: format!("the profile {profile}"), ..withdraw };
            let href = format!("/surface#profile-{profile}");
            view! {
                <li>
                    <div><strong><a href=href>{profile.clone()}</a></strong></div>
                    {withdraw.show_with(vec![("profile", profile.clone())])}
                </li>
            }
        })
        .collect();
    let held = if held.is_empty() {
        view! { <p class="quiet">"None yet, so no agent can read anything for this person."</p> }.into_any()
    } else {
        view! { <ul class="rows">{held}</ul> }.into_any()
    };
    let assign = (!page.assignable.is_empty()).then(|| {
        let select = Kind::Select(Choice::any_of("choose a profile", &page.assignable));
        let fields = view! {
            {field(Field::new("profile", "Assign another", select))}
            <button type="submit">"Assign"</button>
        };
        view! { <div class="inline">{post_form(PostForm::new(format!("{base}/assign"), &page.shell.csrf), fields)}</div> }
    });
    section("What their agents may read", view! { {held}{assign} })
}

pub(super) fn powers_form(page: &PersonModel, base: &str) -> AnyView {
    let fields = view! {
        {powers(page.standing.powers)}
        <button type="submit">"Save"</button>
    };
    section(
        "What they may do here",
        post_form(PostForm::new(format!("{base}/powers"), &page.shell.csrf), fields),
    )
}

pub(super) fn factor(page: &PersonModel, base: &str) -> AnyView {
    let content = match &page.factor {
        Factor::Missing => {
            let told =
                "Not enrolled. They are asked to when they next sign in; until then no agent reads for them.";
            view! { <p class="quiet">{told}</p> }.into_any()
        }
        Factor::Enrolled { since, codes_left } => {
            let ends = format!(
                "{}'s authenticator app and recovery codes stop working, and they are signed out everywhere. They enrol a \
                 new one when they next sign in.",
                line(&page.display_name, 80)
            );
            let reset =
                confirm(page, format!("{base}/reset-factor"), "Reset", "Reset the second factor", ends);
            let codes = format!(" · {} left", counted(*codes_left, "recovery code", "recovery codes"));
            view! { <p>"Enrolled "{since.clone().show()}{codes}</p>{reset.show()} }.into_any()
        }
    };
    section("Second factor", content)
}

pub(super) fn password(page: &PersonModel, base: &str) -> AnyView {
    let password = Field::new("password", "New password", Kind::NewPassword)
        .hint("For somebody who has lost theirs. It signs them out everywhere.")
        .problem(page.password_problem.clone());
    let fields = view! { {field(password)}{button("Set the password")} };
    section("Password", post_form(PostForm::new(format!("{base}/password"), &page.shell.csrf), fields))
}

/// What views that show each person their own rows may know of this one.
pub(super) fn attributes(page: &PersonModel, base: &str) -> AnyView {
    let known: Vec<_> = page
        .attributes
        .iter()
        .map(|(name, value)| view! { <li><code>{line(name, 64)}</code>{format!(" = {}", line(value, 256))}</li> })
        .collect();
    let known = if known.is_empty() {
        view! { <p class="quiet">"Nothing beside name, address and profile."</p> }.into_any()
    } else {
        view! { <ul class="plainly">{known}</ul> }.into_any()
    };
    let name = Field::new("name", "Attribute", Kind::Text);
    let value = Field::new("value", "Value", Kind::Text).hint("Empty takes the attribute away.").optional();
    let fields = view! { {field(name)}{field(value)}<button type="submit">"Set"</button> };
    let form = post_form(PostForm::new(format!("{base}/attribute"), &page.shell.csrf), fields);
    section("What views know of them", view! { {known}{form} })
}

/// The end of the account, and its return.
pub(super) fn life(page: &PersonModel, base: &str) -> AnyView {
    let name = line(&page.display_name, 80);
    let content = if is_active(page) {
        let ends = format!(
            "{name} is signed out everywhere ({}), and {} cut off at once. The record stays, and the account can be \
             activated again.",
            counted(page.sessions.len() as u64, "session", "sessions"),
            match page.agents.len() as u64 {
                1 => "one connected agent is".to_owned(),
                n => format!("{} are", counted(n, "connected agent", "connected agents")),
            }
        );
        confirm(page, format!("{base}/deactivate"), "Deactivate", "Deactivate the account", ends).show()
    } else {
        let told = "Deactivated: they cannot sign in, and nothing reads for them. Activating does not bring tokens back.";
        let form = PostForm::new(format!("{base}/activate"), &page.shell.csrf);
        view! { <p class="quiet">{told}</p>{post_form(form, button("Activate"))} }.into_any()
    };
    section("Account", content)
}
