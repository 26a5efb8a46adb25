//! The SQL that an administrator of the warehouse runs once.

use crate::world::{DECLARED, World, named};
use std::path::Path;
use std::process::Command;

pub(crate) fn psql(world: &World, file: &Path) -> (bool, String) {
    let installed = Path::new("/usr/lib/postgresql/15/bin/psql");
    let program = if installed.exists() { installed } else { Path::new("psql") };
    let output = Command::new(program)
        .args(["--no-psqlrc", "--quiet", "--dbname"])
        .arg(world.url("postgres"))
        .arg("--file")
        .arg(file)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test]
async fn the_printed_sql_makes_sound_roles_and_may_run_twice() {
    let world = World::new(DECLARED).await;
    world.say("drop owned by {role}, {login}; drop role {login}; drop role {role}").await;
    // Names that psql and SQL would read otherwise, were they not quoted.
    world.configure(|text| {
        let text = text.replace("\"reader_", "\"it's \\\\ Reader_");
        text.replace("\"gateway_", "\"Select \\\"Gateway_")
    });
    world.say("grant create, temporary on database {database} to public; grant create on schema public to public").await;
    let (ended_well, sql) = world.run("roles --emit-sql");
    assert!(ended_well, "{sql}");
    let one_text = include_str!("../../../sql/roles/role_setup.sql");
    assert!(sql.contains(one_text.trim_end()), "the command and the file say the same");
    let file = world.file().with_file_name("roles.sql");
    std::fs::write(&file, &sql).unwrap();
    for time in ["once", "twice"] {
        let (ended_well, said) = psql(&world, &file);
        assert!(ended_well, "{time}: {said}");
    }
    assert!(named(&world.findings().await).iter().all(|(kind, _)| *kind == "missing_grant"));
    world.apply("ada").await.unwrap();
    assert_eq!(named(&world.findings().await), []);
    let (ended_well, said) = world.run("smoke");
    assert!(ended_well, "{said}");
}
