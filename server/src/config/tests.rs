#[path = "../../tests/support/mutate.rs"]
mod mutate;

mod warehouses;

use super::{Config, Faults, Tools, effective};
use mutate::{Dice, mutilated};
use std::collections::BTreeMap;
use std::path::Path;

const EXAMPLE: &str = include_str!("../../../portcullis.example.toml");

fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config, Faults> {
    let mut environment: BTreeMap<&str, &str> = environment.iter().copied().collect();
    // Without a key nothing works; 32 bytes in base 64.
    environment.insert("PORTCULLIS_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    Config::parse(text, Path::new("."), &|name| environment.get(name).map(|&value| value.to_owned()))
}

fn faults(text: &str) -> Vec<String> {
    parse(text, &[]).unwrap_err().to_string().lines().map(str::to_owned).collect()
}

#[test]
fn the_example_is_a_configuration() {
    let config = parse(EXAMPLE, &[]).unwrap();
    assert_eq!(config.audience(), "https://db.example.com/mcp/sql/");
    assert_eq!(config.profiles.len(), 1);
}

#[test]
fn what_the_example_shows_as_default_is_the_default() {
    let shown = EXAMPLE.lines().map(|line| match line.strip_prefix("# ") {
        Some(key)
            if key.starts_with(|c: char| c.is_ascii_lowercase())
                && key.contains(" = ")
                && !key.contains("secrets/")
                && !key.starts_with("context") =>
        {
            key
        }
        Some(
            section @ ("[profiles.support.policy]"
            | "[profiles.support.tools]"
            | "[oauth]"
            | "[sessions]"
            | "[throttle]"
            | "[alerts]"
            | "[record]"),
        ) => section,
        _ => line,
    });
    let shown: Vec<&str> = shown.collect();
    let (default, shown) = (parse(EXAMPLE, &[]).unwrap(), parse(&shown.join("\n"), &[]).unwrap());
    assert_eq!(effective(&shown), effective(&default));
}

#[test]
fn a_secret_comes_from_the_environment_and_is_not_shown() {
    let config = parse(EXAMPLE, &[("PORTCULLIS_PROFILE_SUPPORT_PASSWORD", "hunter2hunter2")]).unwrap();
    assert!(!effective(&config).contains("hunter2"));
    assert!(!format!("{:?}", config.profiles.values().next().unwrap().limits).contains("hunter2"));
}

#[test]
fn every_fault_is_told_at_once_with_its_key() {
    let text = EXAMPLE
        .replace("127.0.0.1:8700", "everywhere")
        .replace("https://db.example.com", "http://db.example.com")
        .replace("\"public.orders\"", "\"orders\", \"pg_catalog.pg_class\"")
        .replace("statement = \"5s\"", "statement = \"5 parsecs\"")
        .replace("hard_rows = 100", "hard_rows = 5")
        .replace("portcullis_app@", "portcullis_app:secret@");
    let found = faults(&text);
    let keys: Vec<&str> = found.iter().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(
        keys,
        [
            "server.listen",
            "server.public_url",
            "store.url",
            "limits.default_rows",
            "timeouts.statement",
            "profiles.support.relations[0]",
            "profiles.support.relations[1]",
        ],
        "{found:#?}",
    );
    assert!(!found.concat().contains("secret@"), "a fault must not repeat a secret: {found:#?}");
}

#[test]
fn unknown_keys_are_faults() {
    let found = faults(&EXAMPLE.replace("[timeouts]", "[timeouts]\nstatment = \"1s\""));
    assert!(found[0].contains("line") && found[0].contains("statment"), "{found:?}");
}

#[test]
fn profiles_do_not_share_a_login() {
    let second = "[profiles.other]\nrole = \"other\"\nlogin = \"portcullis_support_gateway\"\nrelations = [\"public.a\"]\n";
    let found = faults(&EXAMPLE.replace("[limits]", &format!("{second}\n[limits]")));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("profiles.support.login: "), "{found:?}");
}

#[test]
fn a_context_setting_cannot_be_one_of_postgresql() {
    for name in ["role", "statement_timeout", "a.b.c", ".x"] {
        let found = faults(
            &EXAMPLE.replace("# context = { \"portcullis.person\"", &format!("context = {{ \"{name}\"")),
        );
        assert!(found[0].starts_with("profiles.support.context."), "{found:?}");
    }
}

#[test]
fn a_tripwire_needs_a_window_and_a_threshold() {
    let alerts = "[alerts]\nallowed = { 1h = 0 }\nrefused = { soon = 5, 90m = 5 }\ndenied = { 2h = 7 }\n";
    let found = faults(&format!("{EXAMPLE}\n{alerts}"));
    assert_eq!(
        found,
        [
            "alerts.allowed.1h: is zero: leave the window out to have no such alert",
            "alerts.refused.90m: is not a window of whole hours, of 31 days at most",
            "alerts.refused.soon: `soon` is no length of time: write it like `5s` or `6h`",
        ]
    );
    let config = parse(&format!("{EXAMPLE}\n[alerts]\ndenied = {{ 2h = 7 }}"), &[]).unwrap();
    assert!(effective(&config).contains("denied = { \"2h\" = 7 }"), "{}", effective(&config));
    assert!(effective(&config).contains("allowed = { \"1h\" = 50, \"1day\" = 150 }"));
}

#[test]
fn a_policy_opens_what_it_names_and_faults_have_their_path() {
    let with = |policy: &str| {
        EXAMPLE.replace("# [profiles.support.policy]", &format!("[profiles.support.policy]\n{policy}"))
    };
    let open = "select_star = \"expand\"\noffset = \"allow\"\nset_returning = [\"unnest\"]\ntable_functions = \"allow\"\n\
                series_rows = 500\nrecursion_steps = 20\nextension_functions = { similarity = \"ext\" }\n";
    let config = parse(&with(open), &[]).unwrap();
    let policy = &config.profiles.values().next().unwrap().policy;
    assert_eq!(policy.select_star, gate::SelectStar::Expand);
    assert_eq!(policy.recursion, gate::Recursion::Bounded(20));
    assert_eq!((policy.max_series, policy.set_returning.as_slice()), (500, &["unnest".to_owned()][..]));
    let shown = effective(&config);
    assert!(
        shown.contains("recursion_steps = 20\nextension_functions = { \"similarity\" = \"ext\" }"),
        "{shown}"
    );

    let found = faults(&with(
        "table_functions = \"yes\"\nset_returning = [\"unnest\", \"lower\"]\nseries_rows = 0\nrecursion_steps = 5000\n\
         extension_functions = { lo_get = \"ext\" }\nextension_operators = { \"<%\" = \"nowhere\" }\n",
    ));
    let keys: Vec<&str> = found.iter().map(|line| line.split_once(": ").unwrap().0).collect();
    let expected = [
        "table_functions",
        "set_returning[1]",
        "series_rows",
        "recursion_steps",
        "extension_functions.\"lo_get\"",
        "extension_operators.\"<%\"",
    ];
    assert_eq!(keys, expected.map(|key| format!("profiles.support.policy.{key}")), "{found:#?}");
    let found = faults(&with("selectstar = \"expand\"\n"));
    assert!(found[0].contains("selectstar"), "{found:?}");
}

#[test]
fn a_profile_says_of_budgets_where_it_differs() {
    let budgets = "[budgets]\nhard = { calls = { 1h = 5 }, rows = { 24h = 7 } }\nconcurrent = 2\n\
                   [profiles.support.budget]\nhard = { calls = { 1min = 3 } }\n";
    let shown = effective(&parse(&format!("{EXAMPLE}\n{budgets}"), &[]).unwrap());
    for line in
        ["budget.hard.calls = { \"1m\" = 3 }", "budget.hard.rows = { \"1day\" = 7 }", "budget.concurrent = 2"]
    {
        assert!(shown.contains(line), "{shown}");
    }
    let wrong = "[budgets]\nconcurrent = 0\nsoft = { bytes = { 90s = 1, 1h = 0 } }\n";
    assert_eq!(
        faults(&format!("{EXAMPLE}\n{wrong}")),
        [
            "budgets.soft.bytes.1h: is zero: leave the window out to have no such budget",
            "budgets.soft.bytes.90s: is not a window of whole minutes, of 31 days at most",
            "budgets.concurrent: is zero, so nobody could read anything: leave it out to have no such budget",
        ]
    );
}

#[test]
fn what_is_sent_away_goes_where_nobody_listens_in() {
    let webhook = "[alerts.webhook]\nurl = \"http://alerts.example.com/\"\n\
                   [telemetry]\notlp_endpoint = \"http://10.0.0.1:4318\"\nsample = 2.0\n";
    assert_eq!(
        faults(&format!("{EXAMPLE}\n{webhook}")),
        [
            "alerts.webhook.url: `http://alerts.example.com/` must begin with https:// (http:// is for loopback alone)",
            "alerts.webhook.secret_file: there is no secret, here or in `PORTCULLIS_ALERTS_WEBHOOK_SECRET`",
            "telemetry.otlp_endpoint: `http://10.0.0.1:4318` must begin with https:// (http:// is for loopback alone)",
            "telemetry.sample: `2` is not between 0 and 1",
        ]
    );
    let webhook = webhook.replace("http://alerts", "https://alerts").replace("2.0", "0.5");
    let text = format!("{EXAMPLE}\n{}", webhook.replace("10.0.0.1", "127.0.0.1"));
    let secret = ("PORTCULLIS_ALERTS_WEBHOOK_SECRET", "a secret that the receiver knows");
    let shown = effective(&parse(&text, &[secret]).unwrap());
    assert!(shown.contains("webhook.url") && shown.contains("http://127.0.0.1:4318/v1/traces"), "{shown}");
    assert!(!shown.contains(secret.1));
    let both = format!("{text}\n[record.webhook]\nurl = \"https://witness.example.com/\"\n");
    assert_eq!(
        parse(&both, &[secret]).unwrap_err().to_string(),
        "record.webhook.secret_file: there is no secret, here or in `PORTCULLIS_RECORD_WEBHOOK_SECRET`"
    );
}

#[test]
fn tools_are_off_until_they_are_switched_on() {
    let config = parse(EXAMPLE, &[]).unwrap();
    assert_eq!(config.profiles.values().next().unwrap().tools, Tools::default());
    let tools = "[profiles.support.tools]\nexplain_query = true\nmax_cost = 5000\nsummaries = true";
    let text = EXAMPLE.replace("# [profiles.support.tools]", tools);
    let config = parse(&text, &[]).unwrap();
    let expected = Tools { explain: true, max_cost: Some(5000), summaries: true };
    assert_eq!(config.profiles.values().next().unwrap().tools, expected);
    assert!(effective(&config).contains("[tools]\nexplain_query = true\nmax_cost = 5000\nsummaries = true"));
}

#[test]
fn columns_whose_values_are_told_are_declared() {
    let with = |relation: &str| EXAMPLE.replace("    \"public.orders\",", &format!("    {relation},"));
    let config = parse(&with("{ name = \"public.orders\", values = [\"status\"] }"), &[]).unwrap();
    let declared = &config.profiles.values().next().unwrap().relations[0];
    assert_eq!((declared.columns.as_deref(), declared.values.as_slice()), (None, &["status".to_owned()][..]));
    assert!(effective(&config).contains("{ name = \"public.orders\", values = [\"status\"] }"));
    let found = faults(&with("{ name = \"public.orders\", columns = [\"id\"], values = [\"status\"] }"));
    assert_eq!(found, ["profiles.support.relations[0].values[0]: `status` is not in `columns`"]);
}

#[test]
fn configurations_that_are_almost_right_are_read_or_explained() {
    let mut read = 0;
    for number in 0..2_000 {
        let text = mutilated(EXAMPLE, &mut Dice(number));
        match parse(&text, &[]) {
            Ok(config) => {
                assert!(effective(&config).contains("[profiles."), "{text}");
                read += 1;
            }
            Err(faults) => assert!(!faults.to_string().is_empty(), "{text}"),
        }
    }
    assert!((50..1_950).contains(&read), "{read} of 2,000 are right");
}

/// The example with a context and a view, so written.
fn with_view(view: &str) -> String {
    let context = "# context = { \"portcullis.person\"";
    let text = EXAMPLE.replace(context, "context = { \"portcullis.person\"");
    text.replace("# [profiles.support.views.my_orders]", &format!("[profiles.support.views.mine]\n{view}"))
}

const VIEW: &str = "source = \"public.accounts\"\ncolumns = [\"id\"]\n\
                    where = \"owner = current_setting('portcullis.person', true)\"\n";

#[test]
fn a_view_is_declared_with_its_place_and_its_settings() {
    let config = parse(&with_view(VIEW), &[]).unwrap();
    let views = &config.profiles.values().next().unwrap().views;
    assert_eq!(
        (views.schema.as_str(), views.owner.as_str()),
        ("portcullis_support", "portcullis_support_views")
    );
    assert_eq!(views.views[0].condition.as_ref().unwrap().settings, ["portcullis.person"]);
    let shown = effective(&config);
    assert!(
        shown.contains(
            "[views.\"mine\"] # portcullis_support, of `portcullis_support_views`\nsource = \"public.accounts\"\n"
        ),
        "{shown}"
    );
    assert!(shown.contains("where = \"owner = current_setting('portcullis.person', true)\""), "{shown}");
}

#[test]
fn faults_of_views_have_their_path() {
    let key = |view: &str| {
        let found = faults(&with_view(view));
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].split_once(": ").unwrap().0.strip_prefix("profiles.support.").unwrap().to_owned()
    };
    let changed = |from: &str, to: &str| key(&VIEW.replace(from, to));
    assert_eq!(changed("public.accounts", "accounts"), "views.mine.source");
    assert_eq!(changed("public.accounts", "pg_catalog.pg_authid"), "views.mine.source");
    assert_eq!(changed("public.accounts", "portcullis.attempts"), "views.mine.source");
    assert_eq!(changed("[\"id\"]", "[]"), "views.mine.columns");
    assert_eq!(changed("[\"id\"]", "[\"id\", \"id\"]"), "views.mine.columns[1]");
    assert_eq!(changed("owner = ", "owner like "), "views.mine.where");
    assert_eq!(changed("owner = ", "true) union select ("), "views.mine.where");
    assert_eq!(changed("portcullis.person", "portcullis.persom"), "views.mine.where");
    assert_eq!(key(&format!("{VIEW}lookups = [\"teams\"]\n")), "views.mine.lookups[0]");

    for (part, value) in
        [("view_schema", "public"), ("view_schema", "pg_mine"), ("view_owner", "portcullis_support_gateway")]
    {
        let text = with_view(VIEW).replace("# tolerate", &format!("{part} = \"{value}\"\n# tolerate"));
        let found = faults(&text);
        assert!(found[0].starts_with(&format!("profiles.support.{part}: ")), "{found:?}");
    }
}

#[test]
fn profiles_do_not_share_the_place_of_their_views() {
    let second = "[profiles.other]\nrole = \"other\"\nlogin = \"other_gateway\"\nview_schema = \"portcullis_support\"\n\
                  [profiles.other.views.all]\nsource = \"public.accounts\"\ncolumns = [\"id\"]\n";
    let found = faults(&with_view(VIEW).replace("[limits]", &format!("{second}\n[limits]")));
    assert_eq!(found, ["profiles.support.view_schema: is that of `other` too: each profile needs its own"]);
}

#[test]
fn what_is_said_of_the_record_is_read() {
    let text = EXAMPLE.to_owned()
        + "\n[record]\npublic_keys = [\"MCowBQ\"]\ncheckpoint_every = \"2days\"\n[retention]\nkeep = \"1day\"\n";
    let faults = parse(&text, &[]).unwrap_err().to_string();
    for key in ["record.public_keys[0]: ", "record.checkpoint_every: ", "retention.keep: "] {
        assert!(faults.contains(key), "{faults}");
    }
    let key = ("PORTCULLIS_RECORD_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let config = parse(EXAMPLE, &[key]).unwrap();
    assert!(config.record.keys.signing_id().is_some());
    assert!(!effective(&config).contains("AAECAwQF"), "{}", effective(&config));
}

#[test]
fn a_database_over_a_network_says_how_its_server_is_known() {
    let silent = EXAMPLE.replace("5432/shop?sslmode=verify-full\"\n# Standbys", "5432/shop\"\n# Standbys");
    let [told] = <[String; 1]>::try_from(faults(&silent)).unwrap();
    assert!(told.starts_with("warehouse.url: says nothing of TLS"), "{told}");
    for said in ["localhost:5432/shop", "[::1]:5432/shop", "db.internal:5432/shop?sslmode=disable"] {
        let text = silent.replace("db.internal:5432/shop\"\n# Standbys", &format!("{said}\"\n# Standbys"));
        assert!(parse(&text, &[]).is_ok(), "{said}");
    }
}

#[test]
fn what_is_less_safe_than_it_could_be_is_told_by_its_key() {
    assert_eq!(parse(EXAMPLE, &[]).unwrap().cautions, []);
    for (mode, wanted) in [
        ("disable", "can read along"),
        ("require", "could pass for the server: nothing proves"),
        ("verify-ca", "of the same authority"),
    ] {
        let text = EXAMPLE.replace(
            "5432/shop?sslmode=verify-full\"\n# Standbys",
            &format!("5432/shop?sslmode={mode}\"\n# Standbys"),
        );
        let cautions = parse(&text, &[]).unwrap().cautions;
        let [caution] = cautions.as_slice() else { panic!("one caution: {cautions:?}") };
        assert!(caution.key == "warehouse.url" && caution.message.contains(wanted), "{caution:?}");
    }
}

#[test]
fn an_authority_must_be_there_and_be_asked() {
    let named = |options: &str| {
        let text = EXAMPLE.replace(
            "5432/shop?sslmode=verify-full\"\n# Standbys",
            &format!("5432/shop?{options}\"\n# Standbys"),
        );
        assert_ne!(text, EXAMPLE);
        faults(&text)
    };
    let told = named("sslmode=verify-full&sslrootcert=nowhere.pem");
    assert!(
        told[0].starts_with("warehouse.url: names in `sslrootcert` the file `./nowhere.pem`, which cannot"),
        "{told:?}"
    );
    let told = named("sslmode=verify-full&sslrootcert=Cargo.toml");
    assert!(told[0].ends_with("which is not PEM: it should hold `-----BEGIN CERTIFICATE-----`"), "{told:?}");
    // libpq would ask it; the driver would not.
    let told = named("sslmode=require&sslrootcert=Cargo.toml");
    assert!(told[0].contains("asked with `sslmode=verify-full` alone"), "{told:?}");
}
