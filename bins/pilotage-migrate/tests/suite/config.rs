//! The table `migration` of an environment.

use crate::place::Place;

fn with(table: &str) -> Place {
    let place = Place::new();
    let text = format!(
        "service = \"shop\"\n[env.prod]\nstrategy.blue-green = {{}}\n\
         target = {{ kind = \"local\" }}\n[env.prod.migration]\n{table}\n"
    );
    place.write("pilotage.toml", &text);
    place
}

#[test]
fn what_the_configuration_says_is_run() {
    let place = with("command = [\"sh\", \"-c\", \"echo of the table > ran\"]");
    place.run(&["run", "--env", "prod"]).expect(0, &["applied"]);
    assert_eq!(place.read("ran"), "of the table\n");
    place.run(&["lock", "show"]).expect(0, &["lease `shop-prod`"]);
    // What is typed goes before it.
    place.script(&["run"], "echo of the line > ran").expect(0, &["applied"]);
    assert_eq!(place.read("ran"), "of the line\n");
}

#[test]
fn mistakes_are_told_with_their_place_and_what_helps() {
    for (table, words) in [
        ("comand = [\"x\"]", &["pilotage.toml:6:1", "unknown key `comand`", "`command`"][..]),
        ("gaps = true", &["`env.prod.migration`", "there is nothing to be applied"]),
        ("files = [\"db\"]", &["it is not said in which", "database = \"DATABASE_URL\""]),
        (
            "command = [\"x\"]\ndatabase = \"postgres://u:hush@h/d\"",
            &["pilotage.toml:7:", "not the name of an environment variable"],
        ),
        ("command = [\"x\"]\nlease = \"database\"", &["there is no database to keep it in"]),
        ("command = [\"x\"]\nlease = \"fil\"", &["did you mean `file`?"]),
        ("command = [\"x\"]\nlease = \"s3\"", &["pilotage.toml:7:", "env.prod.migration.lease"]),
        ("command = [\"x\"]\nlease = { s3 = { foldr = \"x\" } }", &[":7:18", "`folder`"]),
        (
            "command = [\"x\"]\nlease = { s3 = { folder = \"bucket\" } }",
            &[":7:27", "`env.prod.migration.lease.s3.folder`", "write `s3://BUCKET/FOLDER`"],
        ),
        (
            "command = [\"x\"]\nlease.dynamodb = { table = \"a b\" }",
            &[":7:28", "`a b` cannot name a table"],
        ),
        (
            "command = [\"x\"]\nlease.kubernetes = { namespace = \"\" }",
            &["`env.prod.migration.lease.kubernetes.namespace`", "this names nothing"],
        ),
        (
            "command = [\"x\"]\nrunner.ecs = { service = \"web\", container = \"web\", folder = \"/\" }",
            &[":7:26", "`env.prod.migration.runner.ecs.service`", "write `CLUSTER/SERVICE`"],
        ),
        (
            "command = [\"x\"]\nrunner.ecs = { service = \"a/b\", container = \"c\", folder = \"app\" }",
            &["`env.prod.migration.runner.ecs.folder`", "such as `/app`"],
        ),
        (
            "command = [\"x\"]\nrunner.ecs = { service = \"a/b\", container = \"c\", folder = \"/\" }",
            &["a task does not see a lease that is kept on this machine", "lease.dynamodb"],
        ),
        ("command = [\"x\"]\nrunner = \"esc\"", &["use `local` or `ecs`"]),
    ] {
        let left = with(table).run(&["run", "--env", "prod"]).expect(2, words);
        assert!(!left.all().contains("hush"), "{}", left.all());
    }
}

#[test]
fn what_deploys_alone_need_is_not_asked_for() {
    let place = Place::new();
    place.write(
        "pilotage.toml",
        "service = \"shop\"\n[env.prod.migration]\ncommand = [\"sh\", \"-c\", \"echo > ran\"]\n",
    );
    place.run(&["run"]).expect(0, &["applied"]);
    assert_eq!(place.read("ran"), "\n");
    place.run(&["lock", "show"]).expect(0, &["lease `shop-prod`"]);
    place.write("pilotage.toml", "[env.prod.migration]\ncommand = [\"true\"]\n");
    place.run(&["run"]).expect(2, &["the key `service` is missing"]);
    place.write("pilotage.toml", "service = \"shop\"\n[env.prod.migrtion]\n");
    place.run(&["run"]).expect(2, &["pilotage.toml:2:", "did you mean `migration`?"]);
}

#[test]
fn an_environment_without_a_table_says_so_and_no_configuration_is_none_either() {
    let place = Place::new();
    place.write(
        "pilotage.toml",
        "service = \"shop\"\n[env.prod]\nstrategy.blue-green = {}\ntarget = { kind = \"local\" }\n",
    );
    place.run(&["run", "--env", "prod"]).expect(2, &["has no table `migration`"]);
    place.script(&["run"], "true").expect(0, &["applied"]);
    let place = Place::new();
    place.run(&["run"]).expect(2, &["there is nothing to be applied"]);
    place.run(&["run", "--env", "prod"]).expect(2, &["there is no configuration"]);
    place.write("1.sql", "select 1;");
    place.run(&["run", "1.sql"]).expect(2, &["who runs the statements", "--server"]);
}
