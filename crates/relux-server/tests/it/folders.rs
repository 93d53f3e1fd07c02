//! Folders of the workspace that come and go: their suites, what is wrong in them, and their tests.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- shop/Relux.toml
name = \"shop\"
//- shop/relux/tests/a.relux
import nothing
test \"one\" {
    shell s {
        > true
        match_ok()
    }
}
//- bank/Relux.toml
name = \"bank\"
//- bank/relux/tests/b.relux
import nothing
test \"two\" {
    shell s {
        > true
        match_ok()
    }
}
";

/// A client with a test explorer that asks for diagnostics.
fn started(folders: &[&str]) -> Session {
    let mut session = Session::new(&Files::new(SUITE));
    let params = json!({
        "processId": null,
        "workspaceFolders": folders.iter().map(|it| folder(it)).collect::<Value>(),
        "capabilities": {
            "workspace": {"workspaceFolders": true, "diagnostics": {"refreshSupport": true}},
            "textDocument": {"diagnostic": {}},
        },
        "initializationOptions": {"reluxTests": true},
    });
    let result = session.client.ask("initialize", params);
    assert_eq!(
        result["capabilities"]["workspace"]["workspaceFolders"],
        json!({"supported": true, "changeNotifications": true})
    );
    session.client.notify("initialized", json!({}));
    session
}

fn folder(name: &str) -> Value {
    json!({"uri": uri(name), "name": name})
}

impl Session {
    fn change_folders(&mut self, added: &[&str], removed: &[&str]) {
        let list = |names: &[&str]| names.iter().map(|it| folder(it)).collect::<Value>();
        let event = json!({"added": list(added), "removed": list(removed)});
        self.client
            .notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    }

    /// The names of the suites that the tree shows, once it is another one.
    fn tree(&mut self) -> Vec<String> {
        self.client.notification("relux/testsChanged", |_| true);
        let tree = self.client.ask("relux/tests", json!({}));
        let suites = tree["suites"].as_array().expect("a list").iter();
        suites
            .map(|it| it["name"].as_str().expect("a name").to_owned())
            .collect()
    }

    /// The files with something wrong, and all answers as ids.
    fn wrong(&mut self, previous: &Value) -> (Vec<(String, usize)>, Value) {
        let params = json!({ "previousResultIds": previous });
        let report = self.client.ask("workspace/diagnostic", params);
        let items = report["items"].as_array().expect("a list");
        let name = |it: &Value| {
            it["uri"]
                .as_str()
                .expect("a uri")
                .rsplit('/')
                .next()
                .expect("a name")
                .to_owned()
        };
        let found = items
            .iter()
            .map(|it| (name(it), it["items"].as_array().map_or(0, Vec::len)));
        let known = items.iter().filter(|it| !it["resultId"].is_null());
        let ids = known
            .map(|it| json!({"uri": it["uri"], "value": it["resultId"]}))
            .collect();
        (found.collect(), ids)
    }
}

#[test]
fn folders_that_come_and_go_take_everything_along() {
    let mut session = started(&["shop"]);
    assert_eq!(session.tree(), ["shop"]);
    let (wrong, previous) = session.wrong(&json!([]));
    assert_eq!(wrong, [("a.relux".to_owned(), 1)]);

    session.change_folders(&["bank"], &[]);
    assert_eq!(session.tree(), ["bank", "shop"]);
    let (wrong, previous) = session.wrong(&previous);
    assert_eq!(wrong, [("b.relux".to_owned(), 1), ("a.relux".to_owned(), 0)]);

    session.change_folders(&[], &["shop"]);
    assert_eq!(session.tree(), ["bank"]);
    let (wrong, _) = session.wrong(&previous);
    assert!(wrong.contains(&("a.relux".to_owned(), 0)), "{wrong:?}");
    assert_eq!(session.wrong(&json!([])).0, [("b.relux".to_owned(), 1)]);
    session.finish();
}

#[test]
fn a_suite_with_an_open_file_stays() {
    let mut session = started(&["shop", "bank"]);
    assert_eq!(session.tree(), ["bank", "shop"]);
    let open = uri("shop/relux/tests/a.relux");
    session.client.open(&open, "import nothing\n");
    assert_eq!(session.tree(), ["bank", "shop"]);
    session.change_folders(&[], &["shop"]);
    session.client.replace(&open, 2, "test \"x\" {\n}\n");
    assert_eq!(session.tree(), ["bank", "shop"]);
    session.finish();
}

#[test]
fn a_folder_inside_of_another_goes_alone() {
    let mut session = started(&["", "shop"]);
    assert_eq!(session.tree(), ["bank", "shop"]);
    session.change_folders(&[], &["shop"]);
    // Still in the outer folder, so there is nothing new to tell before it goes too.
    session.change_folders(&[], &[""]);
    assert_eq!(session.tree(), Vec::<String>::new());
    session.finish();
}

#[test]
fn a_file_that_no_suite_has_says_so_and_cannot_be_run() {
    let files = Files::new("//- suite/Relux.toml\n//- suite/relux/lib/db.relux\nfn f() {\n}\n");
    let mut session = Session::started(&files);
    let client = &mut session.client;
    let test = "import db { f }\ntest \"a\" {\n    shell s {\n        f()\n    }\n}\n";
    let mut shown = |path: &str| {
        let uri = uri(path);
        client.open(&uri, test);
        let found = client.diagnostics(&uri, 1);
        let texts: Vec<String> = found
            .iter()
            .map(|it| {
                format!(
                    "{} {}",
                    it["range"]["end"]["character"],
                    it["message"].as_str().expect("a text")
                )
            })
            .collect();
        let lenses = client.ask_about("textDocument/codeLens", &uri);
        let params = json!({"command": "relux.runTests", "arguments": [{"uri": uri}]});
        let id = client.request("workspace/executeCommand", params);
        let answer = client.answer(id);
        let refused = answer["error"]["message"].as_str().expect("a reason");
        (texts.join("\n"), lenses, format!("15 {refused}"))
    };
    let (found, lenses, refused) = shown("suite/scratch.relux");
    insta::assert_snapshot!(found, @r"
    15 this file does not belong to the suite in /suite/suite
    help: modules are relux/tests/**.relux and relux/lib/**.relux
    ");
    assert_eq!(lenses, json!([]));
    assert_eq!(refused, found);
    let (found, lenses, refused) = shown("alone.relux");
    insta::assert_snapshot!(found, @r"
    15 this file belongs to no suite: there is no Relux.toml in its directory or above
    help: `relux init` makes a suite
    ");
    assert_eq!(lenses, json!([]));
    assert_eq!(refused, found);
    // A buffer that has no file yet may become anything.
    let uri = "untitled:Untitled-1";
    client.open(uri, test);
    assert_eq!(client.diagnostics(uri, 1), Vec::<Value>::new());
    session.finish();
}
