//! Every example of the cookbook, run as it stands in the document; and the same through the whole program.

use crate::world::World;
use server::flow::smoke::{Call, smoke_as};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const COOKBOOK: &str = include_str!("../../../docs/curated-views.md");

/// A block with a word behind its fence.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = COOKBOOK.split("```").skip(1).step_by(2);
    let named = fenced.filter_map(|block| {
        let (fence, text) = block.split_once('\n')?;
        Some((fence.split_once(' ')?.1, text))
    });
    named.collect()
}

/// An example: what is made, and what is asked of it or told about it.
fn examples(word: &str) -> Vec<(&'static str, &'static str)> {
    let blocks = blocks();
    let pairs = blocks.windows(2).filter(|pair| pair[0].0 == word && ["asked", "told"].contains(&pair[1].0));
    pairs.map(|pair| (pair[0].1, pair[1].1)).collect()
}

/// What one person gets: `2 rows`, or `error 22012`.
async fn asked(connection: &mut PgConnection, role: &str, person: &str, sql: &str) -> String {
    let mut transaction = connection.begin().await.unwrap();
    if person != "nobody" {
        sqlx::query("select set_config('portcullis.person', $1, true)")
            .bind(person)
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    let enter = format!("set local role {role}");
    sqlx::raw_sql(AssertSqlSafe(enter)).execute(&mut *transaction).await.unwrap();
    let got = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut *transaction).await;
    transaction.rollback().await.unwrap();
    match got {
        Ok(rows) if rows.len() == 1 => "1 row".to_owned(),
        Ok(rows) => format!("{} rows", rows.len()),
        Err(error) => format!("error {}", error.as_database_error().unwrap().code().unwrap()),
    }
}

/// Makes the example for a profile in a transaction of its owner, asks it, and undoes it.
async fn holds(world: &World, (made, question): (&str, &str)) {
    let owner = format!("owner_{}", world.number);
    let setup = blocks().into_iter().find(|(word, _)| *word == "setup").unwrap().1;
    let made = made.replace(" to support", &format!(" to {}", world.role()));
    world.say(&format!("set role {owner}; {setup}; {made}")).await;
    is_answered(world, made, question).await;
    world.say("drop table public.sales, public.teams cascade").await;
}

/// Asks in the name of each person, and compares what each gets with what is told.
async fn is_answered(world: &World, made: impl std::fmt::Display, question: &str) {
    let mut login = PgConnection::connect(&world.url(&world.login())).await.unwrap();
    let told: Vec<(&str, &str)> =
        question.lines().filter_map(|line| line.strip_prefix("-- ")?.split_once(": ")).collect();
    assert!(!told.is_empty(), "{question}");
    // Nothing is reset between them, as on a connection that serves one after the other.
    for (person, result) in told {
        let got = asked(&mut login, &world.role(), person, question).await;
        assert_eq!(got, result, "{person}:\n{made}\n{question}");
    }
}

/// The context that the cookbook begins with, and a view.
fn declare(world: &World, view: &str) {
    let context = "context = { \"portcullis.person\" = \"person.email\" }";
    world.configure(|text| text.replace("[limits]", &format!("{context}\n{view}\n[limits]")));
}

#[tokio::test]
async fn the_declared_examples_are_made_and_show_what_is_told() {
    let world = World::granted("[\"public.orders\"]").await;
    let setup = blocks().into_iter().find(|(word, _)| *word == "setup").unwrap().1;
    world
        .say(&format!(
            "create role {{role}}_views; grant {{role}}_views to {{owner}}; set role {{owner}}; {setup}"
        ))
        .await;
    let examples = examples("declared");
    assert_eq!(examples.len(), 4);
    for (view, question) in examples {
        declare(&world, view);
        world.apply("test").await.unwrap();
        is_answered(&world, view, question).await;
    }
}

#[tokio::test]
async fn the_refused_examples_are_refused_in_the_words_that_are_told() {
    let world = World::new("[\"public.orders\"]").await;
    let examples = examples("refused");
    assert_eq!(examples.len(), 2);
    for (view, told) in examples {
        declare(&world, view);
        let (ended_well, said) = world.run("check-config");
        assert!(!ended_well && said.contains(told.trim_end()), "{told}: {said}");
    }
}

#[tokio::test]
async fn the_right_examples_show_each_person_their_own() {
    let world = World::granted("[\"public.orders\"]").await;
    let examples = examples("right");
    assert_eq!(examples.len(), 4);
    for example in examples {
        assert!(example.1.contains("nobody: 0 rows"), "each proves that an unset context gives nothing");
        holds(&world, example).await;
    }
}

#[tokio::test]
async fn the_wrong_examples_are_wrong() {
    let world = World::granted("[\"public.orders\"]").await;
    let examples = examples("wrong");
    assert_eq!(examples.len(), 5);
    for example in examples {
        holds(&world, example).await;
    }
}

#[tokio::test]
async fn the_program_tells_the_database_who_asks() {
    let world =
        World::new("[\"public.my_sales\", { name = \"public.sales\", columns = [\"id\", \"amount\"] }]")
            .await;
    world.configure(|text| {
        text.replace("[limits]", "context = { \"portcullis.person\" = \"person.email\" }\n\n[limits]")
    });
    let setup = blocks().into_iter().find(|(word, _)| *word == "setup").unwrap().1;
    let [view, _, policy, _] = <[_; 4]>::try_from(examples("right")).unwrap();
    let made = [view.0, policy.0].concat().replace(" to support", &format!(" to {}", world.role()));
    // The policy of the table does not apply to its owner, whose rights the view has.
    world.say(&format!("set role owner_{}; {setup}; {made}", world.number)).await;
    world.apply("test").await.unwrap();
    let portcullis = world.portcullis();
    for person in ["ada", "bob", "eve"] {
        world.person(person).await;
    }
    // Ada comes again on connections that others used.
    for (person, rows) in [("ada", 2), ("bob", 1), ("eve", 0), ("ada", 2)] {
        for sql in ["select id from public.my_sales", "select id from public.sales"] {
            let name = person.parse().unwrap();
            let call = Call { person: &name, profile: None, sql, actor: "test" };
            let proofs = smoke_as(&portcullis, &call).await;
            let told = format!("the statement is answered with {rows} row(s)");
            assert!(proofs.iter().any(|proof| proof.holds && proof.message == told), "{person}: {proofs:#?}");
        }
    }
}
