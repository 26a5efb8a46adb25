//! What a person sees. A page is a function of its model: a handler loads, a page only shows.
//!
//! Invariant: no I/O, nothing asynchronous, no script.
//!
//! | address | page |
//! |---|---|
//! | `/` | [`welcome`] |
//! | `/o/authorize` | [`consent`], then [`handover`] |
//! | `/sign-in` | [`sign_in`] |
//! | `/sign-in/code`, `/sign-in/recovery`, `/sign-in/again` | [`second_factor`] |
//! | `/sign-in/enrol` | [`enrolment`], then [`recovery_codes`] |
//! | `/setup/{token}` | [`set_up`] |
//! | `/signed-out` | [`signed_out`] |
//! | `/account`, `/account/password` | [`account`] |
//! | `/account/recovery-codes` | [`recovery_codes`] |
//! | anything that is not there | [`problem`] |

// Components are named like the elements that they are.
#![allow(non_snake_case, clippy::must_use_candidate)]

pub mod account;
pub mod consent;
pub mod enrolment;
pub mod handover;
pub mod parts;
pub mod problem;
pub mod recovery_codes;
pub mod second_factor;
pub mod set_up;
pub mod sign_in;
pub mod signed_out;
pub mod welcome;

use leptos::prelude::*;

/// The document around every page.
#[component]
pub fn Document(
    /// The title of the browser's window.
    title: String,
    /// Where the stylesheet is.
    style: String,
    /// Where the browser goes on by itself, at once.
    onward: Option<String>,
    children: Children,
) -> impl IntoView {
    let onward = onward.map(|to| view! { <meta http-equiv="refresh" content=format!("0; url={to}") /> });
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {onward}
                <title>{title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
            </head>
            <body>
                <a class="skip" href="#main">"Skip to the content"</a>
                {children()}
            </body>
        </html>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use account::{Account, AccountPage, ChangePassword, ChangePasswordPage};
    use enrolment::{Enrolment, EnrolmentPage};
    use problem::{Problem, ProblemPage};
    use recovery_codes::{RecoveryCodes, RecoveryCodesPage, RenewCodes, RenewCodesPage};
    use second_factor::{Ask, SecondFactor, SecondFactorPage};
    use set_up::{SetUp, SetUpPage};
    use sign_in::{SignIn, SignInPage};
    use signed_out::SignedOutPage;
    use welcome::{Welcome, WelcomePage};

    /// Every page, as its sample shows it.
    fn pages() -> Vec<(&'static str, String)> {
        let again = Ask::Again { next: "/account/recovery-codes".to_owned() };
        Owner::new().with(|| {
            vec![
                ("account", AccountPage(Account::sample()).to_html()),
                ("change_password", ChangePasswordPage(ChangePassword::sample()).to_html()),
                ("enrolment", EnrolmentPage(Enrolment::sample()).to_html()),
                ("problem", ProblemPage(Problem::sample()).to_html()),
                ("recovery_codes", RecoveryCodesPage(RecoveryCodes::sample()).to_html()),
                ("renew_codes", RenewCodesPage(RenewCodes::sample()).to_html()),
                ("code", SecondFactorPage(SecondFactor::sample(Ask::Code)).to_html()),
                ("recovery", SecondFactorPage(SecondFactor::sample(Ask::Recovery)).to_html()),
                ("again", SecondFactorPage(SecondFactor::sample(again)).to_html()),
                ("set_up", SetUpPage(SetUp::sample()).to_html()),
                ("sign_in", SignInPage(SignIn::sample()).to_html()),
                ("signed_out", SignedOutPage().to_html()),
                ("welcome", WelcomePage(Welcome::sample()).to_html()),
            ]
        })
    }

    /// The start tags of one element.
    fn tags<'a>(html: &'a str, element: &'a str) -> impl Iterator<Item = &'a str> {
        html.split('<').filter_map(move |rest| {
            let tag = rest.split('>').next()?;
            let name = tag.split([' ', '/']).next()?;
            (name == element).then_some(tag)
        })
    }

    fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
        tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
    }

    #[test]
    fn every_page_has_one_heading_and_one_main_part() {
        for (name, html) in pages() {
            assert_eq!(tags(&html, "h1").count(), 1, "{name}: {html}");
            assert_eq!(tags(&html, "main").count(), 1, "{name}: {html}");
        }
    }

    #[test]
    fn no_page_has_a_script_or_a_style_of_its_own() {
        for (name, html) in pages() {
            for forbidden in ["<script", "<style", " style=", " onclick", "javascript:", "<iframe"] {
                assert!(!html.contains(forbidden), "{name}: {forbidden}: {html}");
            }
        }
    }

    #[test]
    fn every_field_has_a_label_and_every_id_is_there_once() {
        for (name, html) in pages() {
            for input in tags(&html, "input").filter(|tag| attribute(tag, "type") != Some("hidden")) {
                let id = attribute(input, "id").unwrap_or_default();
                assert!(html.contains(&format!("<label for=\"{id}\"")), "{name}: {input}");
                assert!(attribute(input, "autocomplete").is_some(), "{name}: {input}");
                for described in attribute(input, "aria-describedby").unwrap_or_default().split_whitespace() {
                    assert_eq!(
                        html.matches(&format!(" id=\"{described}\"")).count(),
                        1,
                        "{name}: {described}"
                    );
                }
            }
            for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}: {id}");
            }
        }
    }

    #[test]
    fn every_form_posts_here_and_bears_the_token() {
        for (name, html) in pages() {
            for form in html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
                assert!(form.starts_with(" method=\"post\" action=\"/"), "{name}: {form}");
                assert_eq!(form.matches("name=\"csrf\" value=\"dG9rZW4\"").count(), 1, "{name}: {form}");
            }
        }
    }
}
