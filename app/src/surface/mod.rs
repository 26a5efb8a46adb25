//! What each profile opens of the warehouse: its relations and limits, who holds it, and what its role can really reach.

mod reach;
mod relations;
mod tested;

use crate::parts::number::{bytes, grouped};
use crate::parts::text::line;
use crate::parts::{
    Confirm, Facts, Heading, PauseSwitch, Paused, PostForm, Role, Section, Shell, Tone, Width, empty, note,
    told,
};
use leptos::prelude::*;

pub use reach::{Finding, Reach, Severity};
pub use relations::{DeclaredView, SurfaceColumn, SurfaceRelation};
pub use tested::SelfTested;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurfaceModel {
    pub shell: Shell,
    /// In the order of their names.
    pub profiles: Vec<SurfaceProfile>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurfaceProfile {
    pub name: String,
    /// Which warehouse it reads, where there are several.
    pub warehouse: Option<String>,
    /// The role of the warehouse that is entered, and the one that signs in.
    pub role: String,
    pub login: String,
    pub limits: Limits,
    /// The rules of the gate that are set for it, each in a few words: `select * is expanded`.
    pub policy: Vec<String>,
    pub relations: Vec<SurfaceRelation>,
    /// A setting of the transaction, and what it tells the warehouse.
    pub context: Vec<(String, String)>,
    /// Usernames of those who hold it.
    pub holders: Vec<String>,
    /// What is declared and not there, or wider than it looks: a sentence each.
    pub cautions: Vec<String>,
    /// Why its relations cannot be told, where the warehouse does not answer.
    pub fault: Option<String>,
    pub reach: Reach,
    /// Whether applying the declaration would change what is granted, and can be done from here.
    pub may_apply: bool,
    pub paused: Option<Paused>,
    /// `None` where it never was.
    pub self_test: Option<SelfTested>,
}

/// What one call may take at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub default_rows: u64,
    pub hard_rows: u64,
    pub bytes: u64,
    pub cell_bytes: u64,
    /// Made for showing: `5 s`.
    pub statement: String,
    pub lock: String,
    pub idle_in_transaction: String,
}

impl SurfaceModel {
    #[must_use]
    pub fn sample() -> Self {
        let limits = Limits {
            default_rows: 10,
            hard_rows: 100,
            bytes: 262_144,
            cell_bytes: 4_096,
            statement: "5 s".to_owned(),
            lock: "1 s".to_owned(),
            idle_in_transaction: "10 s".to_owned(),
        };
        let analyst = SurfaceProfile {
            name: "analyst".to_owned(),
            warehouse: Some("warehouse".to_owned()),
            role: "portcullis_analyst".to_owned(),
            login: "portcullis_analyst_gateway".to_owned(),
            limits,
            policy: vec![
                "`select *` is refused".to_owned(),
                "at most 20,000 leaves after inlining".to_owned(),
            ],
            relations: relations::sample(),
            context: vec![("portcullis.person".to_owned(), "the person's e-mail".to_owned())],
            holders: vec!["ada".to_owned(), "margarete".to_owned()],
            cautions: vec![
                "`public.returns` is declared, but the warehouse has no such relation".to_owned(),
                "`public.customers` has no row filter; every holder sees all rows".to_owned(),
            ],
            fault: None,
            reach: Reach::sample(),
            may_apply: true,
            paused: None,
            self_test: Some(SelfTested::sample()),
        };
        let support = SurfaceProfile {
            name: "support".to_owned(),
            warehouse: Some("crm".to_owned()),
            role: "portcullis_support".to_owned(),
            login: "portcullis_support_gateway".to_owned(),
            holders: Vec::new(),
            cautions: Vec::new(),
            reach: Reach::NotChecked,
            may_apply: false,
            paused: Some(Paused::sample()),
            self_test: None,
            ..analyst.clone()
        };
        Self { shell: Shell::sample(Section::Surface), profiles: vec![analyst, support] }
    }
}

#[must_use]
pub fn SurfacePage(page: SurfaceModel) -> impl IntoView {
    let SurfaceModel { shell, profiles } = page;
    let links: Vec<_> = profiles
        .iter()
        .map(|profile| view! { <a class="button" href=format!("#profile-{}", profile.name)>{profile.name.clone()}</a> })
        .collect();
    let sections: Vec<_> = profiles.into_iter().map(|profile| one(profile, &shell)).collect();
    let sections = if sections.is_empty() {
        empty(
            "No profile yet",
            view! { "Write one under "<code>"[profiles]"</code>" in the configuration, then start again." },
        )
    } else {
        sections.into_any()
    };
    let lead = "What agents can read, profile by profile. Profiles are part of the configuration and cannot be changed here.";
    let content = view! { {Heading::new("Surface").lead(lead).with(links)}{sections} };
    shell.around(Width::Wide, content)
}

fn one(profile: SurfaceProfile, shell: &Shell) -> AnyView {
    let id = format!("profile-{}", profile.name);
    // Auditors look; only administrators hold.
    let switch = (shell.role == Role::Admin).then(|| {
        PauseSwitch {
            paused: profile.paused.clone(),
            address: format!("/surface/{}", profile.name),
            csrf: shell.csrf.clone(),
            about: format!("the profile {}", profile.name),
            ends: format!(
                "Whatever agents read with the profile {} is stopped at once, for everybody, until somebody resumes.",
                profile.name
            ),
        }
        .show()
    });
    let apply = (shell.role == Role::Admin && profile.may_apply).then(|| apply(&profile, &shell.csrf));
    let held =
        profile.paused.clone().filter(|_| switch.is_none()).map(|paused| note(Tone::Warning, paused.show()));
    let fault = profile.fault.clone().map(|fault| note(Tone::Bad, told(&fault, 400)));
    let failed = profile.self_test.as_ref().map(SelfTested::faults).unwrap_or_default();
    let cautions: Vec<_> =
        profile.cautions.iter().map(|caution| note(Tone::Warning, told(caution, 400))).collect();
    view! {
        <section id=id class="profile-of">
            <h2>{profile.name.clone()}</h2>
            {held}{switch}{fault}{failed}{cautions}
            {facts(&profile, shell.role)}
            <h3>"Relations"</h3>
            {relations::table_of(profile.relations)}
            <h3>"What its role can really reach"</h3>
            {profile.reach.show()}
            {apply}
        </section>
    }
    .into_any()
}

/// The same as on the command line, for whoever has none at hand.
fn apply(profile: &SurfaceProfile, csrf: &str) -> AnyView {
    let confirm = Confirm {
        form: PostForm::new("/surface/apply", csrf),
        act: "Apply the declaration",
        about: format!("of the profile {}", profile.name),
        ends: "Whatever is declared for the profiles of this warehouse is granted to their roles, and what was granted to \
               them beyond it is taken away, in one transaction, by the warehouse's administrator."
            .to_owned(),
        yes: "Apply now",
        id: Some(profile.name.clone()),
    };
    view! { <div class="acts">{confirm.show()}</div> }.into_any()
}

fn facts(profile: &SurfaceProfile, role: Role) -> AnyView {
    let limits = &profile.limits;
    let sizes = format!(
        "{} rows unless asked, {} at most; {} an answer, {} a cell",
        grouped(limits.default_rows),
        grouped(limits.hard_rows),
        bytes(limits.bytes),
        bytes(limits.cell_bytes)
    );
    let times = format!(
        "{} a statement, {} for a lock, {} idle",
        limits.statement, limits.lock, limits.idle_in_transaction
    );
    let roles =
        view! { <code>{profile.role.clone()}</code>" entered by "<code>{profile.login.clone()}</code> };
    let context: Vec<_> = profile
        .context
        .iter()
        .map(|(setting, tells)| view! { <li><code>{setting.clone()}</code>{format!(" = {tells}")}</li> })
        .collect();
    let context = (!context.is_empty()).then(|| view! { <ul>{context}</ul> });
    let policy = (!profile.policy.is_empty()).then(|| told(&profile.policy.join("; "), 400));
    Facts::new()
        .maybe("Warehouse", profile.warehouse.clone())
        .line("Role", roles)
        .line("Limits", sizes)
        .line("Timeouts", times)
        .maybe("Gate", policy)
        .line(
            "Row context",
            context.map_or_else(|| "none: every holder sees the same rows".into_any(), IntoAny::into_any),
        )
        .line("Held by", holders(&profile.holders, role))
        .maybe("Self-test", profile.self_test.as_ref().map(SelfTested::fact))
        .show()
}

fn holders(holders: &[String], role: Role) -> AnyView {
    if holders.is_empty() {
        return "nobody".into_any();
    }
    let names: Vec<_> = holders
        .iter()
        .map(|name| {
            let shown = line(name, 64);
            match role {
                Role::Admin => view! { <a href=format!("/people/{name}")>{shown}</a> }.into_any(),
                Role::Person | Role::Auditor => {
                    view! { <a href=format!("/usage/{name}")>{shown}</a> }.into_any()
                }
            }
        })
        .collect();
    view! { <span class="chips">{names}</span> }.into_any()
}
