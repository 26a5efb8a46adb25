use crate::world::{KEY, World};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The command line against the store of a test.
struct Shell(PathBuf);

impl Shell {
    fn new(world: &World, name: &str) -> Self {
        let file = std::env::temp_dir().join(format!("portcullis-people-{name}-{}.toml", std::process::id()));
        std::fs::write(&file, &world.configuration).unwrap();
        Self(file)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        command.args(arguments.split(' ')).arg("--config").arg(&self.0).env("PORTCULLIS_KEY", KEY);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What it says, and whether it went well.
    fn run(&self, arguments: &str, input: &str) -> (String, bool) {
        let mut child = self.command(arguments).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8(said).unwrap(), output.status.success())
    }

    #[track_caller]
    fn says(&self, arguments: &str, input: &str, text: &str) {
        let (said, ended_well) = self.run(arguments, input);
        assert!(ended_well && said.contains(text), "{said}");
    }

    #[track_caller]
    fn refuses(&self, arguments: &str, input: &str, text: &str) {
        let (said, ended_well) = self.run(arguments, input);
        assert!(!ended_well && said.contains(text), "{said}");
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn people_are_managed_from_a_shell() {
    let world = World::empty().await;
    let shell = Shell::new(&world, "manage");
    let create = "user create jo --email Jo@example.com --profile analyst";
    shell.refuses(create, "password1234\n", "guessed first");
    shell.refuses(create, "\n", "at least 12 characters");
    shell.says(create, "lantern violet seven\r\nignored\n", "`jo` is known");
    shell.refuses(create, "lantern violet seven\n", "`jo` is known already");
    shell.refuses("user create JO --email jo@example.com", "", "no username");
    shell.says("user list", "", "jo  active, staff, no second factor  analyst");
    shell.says("user grant jo support", "", "`jo` holds more than one profile now");
    shell.says("user grant jo support", "", "nothing to do");
    shell.refuses("user grant jo nothing", "", "there is no profile `nothing`");
    shell.says("user revoke jo analyst", "", "does not hold");
    shell.says("user show jo", "", "profiles        support");
    shell.refuses("user set jo --attribute region", "", "write `name=value`");
    shell.says("user set jo --attribute region=emea --attribute team=blue", "", "what was said");
    shell.says("user set jo --attribute team=", "", "what was said");
    shell.says("user set jo --attribute region=emea", "", "nothing to do");
    shell.says("user show jo", "", "attribute       region = emea\nrecovery codes");
    shell.says("user passwd jo", "harbour window eleven", "is set");
    shell.says("user deactivate jo", "", "is locked out");
    shell.says("user list", "", "jo  locked out");
    shell.says("user activate jo", "", "may sign in again");
    shell.says("user reset-factor jo", "", "nothing to do");
    shell.refuses("user show nobody", "", "there is no person `nobody`");

    let mut browser = world.browser();
    browser.get("/sign-in").await;
    let fields = [("username", "jo"), ("password", "harbour window eleven")];
    browser.submit("/sign-in", &fields).await.leads_to("/sign-in/code");
}

#[tokio::test]
async fn an_empty_store_is_met_with_a_link_and_a_peopled_one_is_not() {
    let world = World::empty().await;
    let shell = Shell::new(&world, "link");
    let mut child = shell.command("serve").stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let link = lines.map(|line| line.trim().to_owned()).find(|line| line.starts_with("https://")).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let path = link.strip_prefix("https://db.example.com").unwrap();
    world.browser().get(path).await.is(200).says("Set up Portcullis");
}
