//! The frame around every page of somebody who is signed in: where one is, where one can go, and who one is.

use super::blocks::told;
use super::form::{PostForm, post_form};
use super::icon::{Icon, icon};
use super::mark::mark;
use super::number::grouped;
use super::text::line;
use leptos::prelude::*;

/// Which pages a person may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Only what concerns themselves.
    Person,
    /// The record and the usage too.
    Auditor,
    /// Everything.
    Admin,
}

/// Light or dark, or whatever the browser prefers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The word in the cookie, in the form and in `data-theme`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What `meta name="color-scheme"` says.
    pub(crate) const fn scheme(self) -> &'static str {
        match self {
            Self::Auto => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What an act led to, said once on the page after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    pub kind: FlashKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashKind {
    Done,
    Problem,
}

impl Flash {
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: FlashKind::Done, text: text.into() }
    }

    pub fn problem(text: impl Into<String>) -> Self {
        Self { kind: FlashKind::Problem, text: text.into() }
    }

    fn show(self) -> AnyView {
        let (class, role) = match self.kind {
            FlashKind::Done => ("note good", "status"),
            FlashKind::Problem => ("note bad", "alert"),
        };
        view! { <p class=class role=role>{told(&self.text, 400)}</p> }.into_any()
    }
}

/// A place in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Alerts,
    Usage,
    Queries,
    Denials,
    Events,
    People,
    Clients,
    Surface,
    Try,
    Account,
    Calls,
}

impl Section {
    const fn entry(self) -> (&'static str, &'static str, Icon) {
        match self {
            Self::Overview => ("/", "Overview", Icon::Overview),
            Self::Alerts => ("/alerts", "Alerts", Icon::Alerts),
            Self::Usage => ("/usage", "Usage", Icon::Usage),
            Self::Queries => ("/audit/queries", "Queries", Icon::Queries),
            Self::Denials => ("/audit/denials", "Denials", Icon::Denials),
            Self::Events => ("/audit/events", "Events", Icon::Events),
            Self::People => ("/people", "People", Icon::People),
            Self::Clients => ("/clients", "Clients", Icon::Clients),
            Self::Surface => ("/surface", "Surface", Icon::Surface),
            Self::Try => ("/try", "Try", Icon::Try),
            Self::Account => ("/account", "Account", Icon::Account),
            Self::Calls => ("/account/calls", "Your calls", Icon::Calls),
        }
    }
}

impl Role {
    /// What the person finds in the navigation, group by group.
    const fn groups(self) -> &'static [(&'static str, &'static [Section])] {
        const OWN: (&str, &[Section]) = ("You", &[Section::Account, Section::Calls]);
        const WATCH: (&str, &[Section]) = ("Watch", &[Section::Overview, Section::Alerts, Section::Usage]);
        const AUDIT: (&str, &[Section]) = ("Audit", &[Section::Queries, Section::Denials, Section::Events]);
        match self {
            Self::Person => &[OWN],
            Self::Auditor => &[WATCH, AUDIT, ("Access", &[Section::Surface, Section::Try]), OWN],
            Self::Admin => &[
                WATCH,
                AUDIT,
                ("Access", &[Section::People, Section::Clients, Section::Surface, Section::Try]),
                OWN,
            ],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    pub username: String,
    pub display_name: String,
    /// The token of this browser, for every form of the page.
    pub csrf: String,
    pub role: Role,
    pub here: Section,
    pub theme: Theme,
    /// What the act before this page led to.
    pub flash: Option<Flash>,
    /// How many alerts nobody has acknowledged; nobody but auditors and administrators is told.
    pub open_alerts: u32,
    /// The path and query of this page, where the theme's form leads back to.
    pub request: String,
}

/// How much of the window a page uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Tables and figures.
    Wide,
    /// Forms and texts.
    Narrow,
}

impl Shell {
    #[must_use]
    pub fn sample(here: Section) -> Self {
        Self {
            username: "margarete".to_owned(),
            display_name: "Margarete Klein".to_owned(),
            csrf: "dG9rZW4".to_owned(),
            role: Role::Admin,
            here,
            theme: Theme::Auto,
            flash: None,
            open_alerts: 2,
            request: here.entry().0.to_owned(),
        }
    }

    /// The whole page: navigation, then `content` as its main part.
    pub fn around(self, width: Width, content: impl IntoView + 'static) -> AnyView {
        let class = match width {
            Width::Wide => "wide",
            Width::Narrow => "slim",
        };
        let flash = self.flash.clone().map(Flash::show);
        view! {
            <div class="shell">
                {self.side()}
                <main id="main" class=class>{flash}{content.into_any()}</main>
            </div>
        }
        .into_any()
    }

    fn side(&self) -> AnyView {
        let groups: Vec<_> =
            self.role.groups().iter().map(|(name, sections)| self.group(name, sections)).collect();
        let home = if self.role == Role::Person { "/account" } else { "/" };
        view! {
            <header class="side">
                <a class="home" href=home>{mark(24)}<span>"Portcullis"</span></a>
                <details class="menu">
                    <summary>"Menu"</summary>
                    <nav aria-label="Pages">{groups}</nav>
                    {self.me()}
                </details>
            </header>
        }
        .into_any()
    }

    fn group(&self, name: &'static str, sections: &[Section]) -> AnyView {
        let links: Vec<_> = sections
            .iter()
            .map(|&section| {
                let (href, label, drawing) = section.entry();
                let current = (section == self.here).then_some("page");
                let count = (section == Section::Alerts && self.open_alerts > 0).then(|| {
                    view! { <span class="count">{grouped(self.open_alerts.into())}<span class="unseen">" open"</span></span> }
                });
                view! { <li><a href=href aria-current=current>{icon(drawing)}{label}{count}</a></li> }
            })
            .collect();
        view! { <p>{name}</p><ul>{links}</ul> }.into_any()
    }

    /// Who is signed in, the light, and the way out.
    fn me(&self) -> AnyView {
        let choices: Vec<_> = [(Theme::Auto, "Auto"), (Theme::Light, "Light"), (Theme::Dark, "Dark")]
            .into_iter()
            .map(|(theme, label)| {
                let pressed = if theme == self.theme { "true" } else { "false" };
                view! { <button name="theme" value=theme.code() aria-pressed=pressed>{label}</button> }
            })
            .collect();
        let themes = view! {
            <input type="hidden" name="next" value=self.request.clone() />
            <div class="switch" role="group" aria-label="Colours">{choices}</div>
        };
        let out = view! { <button class="plain" type="submit">"Sign out"</button> };
        view! {
            <div class="me">
                <p><strong>{line(&self.display_name, 60)}</strong><span class="quiet">{line(&self.username, 64)}</span></p>
                {post_form(PostForm::new("/theme", &self.csrf), themes)}
                {post_form(PostForm::new("/sign-out", &self.csrf), out)}
            </div>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::{Flash, Role, Section, Shell, Width};
    use leptos::prelude::*;

    fn html(shell: Shell) -> String {
        Owner::new().with(|| shell.around(Width::Wide, "x").to_html())
    }

    #[test]
    fn nobody_is_shown_a_way_to_a_page_that_is_not_for_them() {
        let shell = |role| html(Shell { role, ..Shell::sample(Section::Account) });
        let (person, auditor, admin) = (shell(Role::Person), shell(Role::Auditor), shell(Role::Admin));
        assert!(
            !person.contains("/audit") && !person.contains("/alerts") && person.contains("/account/calls")
        );
        assert!(
            auditor.contains("/audit/events") && !auditor.contains("/people") && auditor.contains("/try")
        );
        assert!(admin.contains("/people") && admin.contains("/try"));
    }

    #[test]
    fn the_page_that_is_shown_is_marked_once() {
        let html = html(Shell::sample(Section::Denials));
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
        assert!(html.contains("href=\"/audit/denials\" aria-current=\"page\""), "{html}");
    }

    #[test]
    fn a_problem_is_told_at_once() {
        let shell = Shell { flash: Some(Flash::problem("no")), ..Shell::sample(Section::People) };
        assert!(html(shell).contains("role=\"alert\""));
    }
}
