//! A client asks to read on a person's behalf: who asks, where the answer goes, and which data it is about.

use crate::parts::number::counted;
use crate::parts::text::line;
use crate::parts::{PostForm, post_form, told};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub csrf: String,
    /// Where the form goes; the client's request is in it.
    pub action: String,
    pub person: String,
    pub client: String,
    /// Who made the client known, and how.
    pub registered: String,
    /// Where the answer goes.
    pub place: String,
    /// It goes to a program on the person's own machine.
    pub is_loopback: bool,
    /// One for each profile that the person holds.
    pub offers: Vec<OfferLine>,
    /// What was wrong with the choice.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferLine {
    pub profile: String,
    pub is_chosen: bool,
    /// The database could be asked for the columns.
    pub is_readable: bool,
    pub relations: Vec<RelationLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationLine {
    pub name: String,
    pub field: String,
    pub is_kept: bool,
    pub kind: String,
    pub rows: Option<String>,
    pub comment: Option<String>,
    pub columns: Vec<String>,
}

impl Consent {
    #[must_use]
    pub fn sample() -> Self {
        let relation = |name: &str, rows: &str, columns: &[&str]| RelationLine {
            name: name.to_owned(),
            field: format!("support/{name}"),
            is_kept: true,
            kind: "table".to_owned(),
            rows: Some(rows.to_owned()),
            comment: None,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
        };
        Self {
            csrf: "dG9rZW4".to_owned(),
            action: "/o/authorize?client_id=x".to_owned(),
            person: "demo".to_owned(),
            client: "Claude Code".to_owned(),
            registered: "It registered itself on 2 January 2026. Nobody has checked its name.".to_owned(),
            place: "127.0.0.1:54321".to_owned(),
            is_loopback: true,
            offers: vec![OfferLine {
                profile: "support".to_owned(),
                is_chosen: false,
                is_readable: true,
                relations: vec![
                    relation("public.customers", "about 1,200 rows", &["id", "name", "city"]),
                    relation("public.orders", "about 12,000 rows", &["id", "customer_id", "total"]),
                ],
            }],
            problem: None,
        }
    }
}

#[must_use]
pub fn ConsentPage(consent: Consent) -> impl IntoView {
    let heading = format!("Let {} read your data?", line(&consent.client, 80));
    let several = consent.offers.len() > 1;
    let person = format!("You are signed in as {}.", consent.person);
    let warning = consent.is_loopback.then(|| {
        view! {
            <p class="note warn">
                <strong>"This is a program on your own computer. "</strong>
                "Any program there could be waiting for the answer. Go on only if you have just started this client yourself."
            </p>
        }
    });
    let problem =
        consent.problem.map(|problem| view! { <p class="note bad" role="alert">{told(&problem, 300)}</p> });
    let offers: Vec<_> = consent.offers.into_iter().map(|offer| offer_view(offer, several)).collect();
    let fields = view! {
        <h2>{if several { "The data: choose one profile" } else { "The data" }}</h2>
        {offers}
        <div class="decision">
            <button name="decision" value="deny" formnovalidate>"Refuse"</button>
            <button class="primary" name="decision" value="approve">"Allow"</button>
        </div>
    };
    view! {
        <main id="main" class="card consent">
            <h1>{heading}</h1>
            <p class="quiet">{person}</p>
            {problem}
            <section class="destination" aria-labelledby="destination">
                <h2 id="destination">"The answer goes to"</h2>
                <p class="place">{line(&consent.place, 200)}</p>
                <p class="quiet">{line(&consent.registered, 400)}</p>
            </section>
            {warning}
            <h2>"What it may do"</h2>
            <p>
                "Read, with SQL, the data below. It can change nothing, and every query of it is on record. "
                <span class="quiet">"Scope "<code>"mcp:sql"</code></span>
            </p>
            {post_form(PostForm::new(consent.action, &consent.csrf), fields)}
        </main>
    }
}

fn offer_view(offer: OfferLine, several: bool) -> impl IntoView {
    let profile = offer.profile.clone();
    let count = match offer.relations.len() {
        1 => "1 table".to_owned(),
        n => format!("{n} tables"),
    };
    let name = if several {
        view! {
            <label class="profile">
                <input type="radio" name="profile" value=profile checked=offer.is_chosen required />
                <span>{offer.profile}</span>
                <span class="quiet">{count}</span>
            </label>
        }
        .into_any()
    } else {
        view! {
            <p class="profile"><span>"Profile "<strong>{offer.profile}</strong></span></p>
            <input type="hidden" name="profile" value=profile />
        }
        .into_any()
    };
    let unreadable = (!offer.is_readable).then(|| {
        view! { <p class="note warn">"The database cannot be asked at the moment, so the columns are not shown."</p> }
    });
    let relations: Vec<_> = offer.relations.into_iter().map(relation_view).collect();
    view! {
        <div class="offer">
            {name}
            {unreadable}
            <p class="quiet hint">"Take the tick from a table to keep it back."</p>
            <ul class="relations">{relations}</ul>
        </div>
    }
}

fn relation_view(relation: RelationLine) -> impl IntoView {
    let facts: Vec<String> =
        [Some(relation.kind), relation.rows].into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    let facts = facts.join(", ");
    let comment = relation.comment.map(|comment| view! { <span class="quiet comment">{comment}</span> });
    let columns = (!relation.columns.is_empty()).then(|| {
        let count = counted(relation.columns.len() as u64, "column", "columns");
        let names = relation.columns.join(", ");
        view! { <details class="columns"><summary>{count}<span class="unseen">{format!(" of {}", relation.name)}</span></summary><p>{names}</p></details> }
    });
    view! {
        <li>
            <label>
                <input type="checkbox" name="keep" value=relation.field checked=relation.is_kept />
                <span class="relation">
                    <strong>{line(&relation.name, 130)}</strong>
                    <span class="quiet">{facts}</span>
                    {comment}
                </span>
            </label>
            {columns}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::{Consent, ConsentPage};
    use leptos::prelude::*;

    fn html(consent: Consent) -> String {
        Owner::new().with(|| ConsentPage(consent).to_html())
    }

    #[test]
    fn the_page_shows_who_asks_where_to_and_for_what() {
        let html = html(Consent::sample());
        for told in [
            "Claude Code",
            "127.0.0.1:54321",
            "your own computer",
            "mcp:sql",
            "public.orders",
            "about 12,000 rows",
            "customer_id",
        ] {
            assert!(html.contains(told), "{told}: {html}");
        }
        assert_eq!(html.matches("<button").count(), 2);
        assert_eq!(html.matches("type=\"checkbox\"").count(), 2);
        assert!(!html.contains("type=\"radio\""));
        assert!(!html.contains("<script") && !html.contains("style="), "{html}");
    }

    #[test]
    fn with_several_profiles_one_is_chosen() {
        let mut consent = Consent::sample();
        let mut other = consent.offers[0].clone();
        other.profile = "analyst".to_owned();
        consent.offers.push(other);
        assert_eq!(html(consent).matches("type=\"radio\"").count(), 2);
    }

    #[test]
    fn names_of_strangers_are_only_ever_text() {
        let mut consent = Consent::sample();
        consent.client = "<img src=x>".to_owned();
        consent.is_loopback = false;
        consent.place = "claude.ai".to_owned();
        let html = html(consent);
        assert!(
            html.contains("&lt;img") && !html.contains("<img") && !html.contains("your own computer"),
            "{html}"
        );
    }
}
