//! No secret leaves: not in what is shown, not in what is kept.

use crate::place::Place;

const PASSWORD: &str = "hush-hu%21sh";
const PLAIN: &str = "hush-hu!sh";

#[test]
fn no_output_and_no_file_has_a_secret() {
    let place = Place::new();
    let script = "echo \"at $SHOP_URL\"; echo \"pw hush-hu!sh\"; echo \"token $API_TOKEN\" >&2; \
                  echo \"named $PLAIN_NAME\"; exit 1";
    for verb in [&["run"][..], &["exec"], &["run", "--json"]] {
        let args = [verb, &["--secret", "PLAIN_NAME", "--", "sh", "-c", script]].concat();
        let mut command = place.command(&args);
        command.env("SHOP_URL", format!("postgres://deploy:{PASSWORD}@db.example/shop"));
        command.env("API_TOKEN", "t0k3n-of-a-job").env("PLAIN_NAME", "not-known-by-its-form");
        let output = command.output().expect("it runs");
        let shown =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        let all = format!("{}{}", shown.concat(), place.kept());
        assert_eq!(output.status.code(), Some(1), "{all}");
        assert!(
            all.contains("named [secret:PLAIN_NAME]") && all.contains("token [secret:API_TOKEN]"),
            "{all}"
        );
        for secret in [PASSWORD, PLAIN, "t0k3n-of-a-job", "not-known-by-its-form"] {
            assert!(!all.contains(secret), "`{secret}` in {all}");
        }
    }
}

#[test]
fn an_address_is_never_repeated() {
    let place = Place::new();
    let address = "postgres://u:hush-hush@nowhere/db";
    let left = place.run(&["status", "--database", address]).expect(2, &["not the name of"]);
    // The one who typed it sees it in the usage error of the parser at worst; no file has it.
    assert!(!place.kept().contains("hush-hush"), "{}", left.all());
    for wrong in ["sqlite://hush-hush", "postgres://u:hush-hush@h:x/db", "hush-hush"] {
        let mut command = place.command(&["status", "--database", "SHOP_URL"]);
        let output = command.env("SHOP_URL", wrong).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("SHOP_URL") && !said.contains("hush-hush"), "{said}");
    }
    place.run(&["status", "--database", "UNSET_URL"]).expect(2, &["`UNSET_URL` is not set"]);
}
