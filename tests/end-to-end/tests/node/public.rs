//! Public projects, Dockerfiles, scripts and reports of others, with AWS's examples in the place of their names: each works
//! at the first try, with the client it is for, through the links that `codeartifact setup npm` makes.

use super::*;
use clients::{BUN, NPM_11, PNPM, YARN, YARN_1};

const PNPM_10: Client = Client {
    folder: "pnpm-10",
    ..PNPM
};

/// A token by its looks, which ran out on 1 January 1970: what a shell still has that was opened yesterday.
const OLD: &str = "eyJ2ZXIiOjEsImlzdSI6MSwiZW5jIjoiQTEyOEdDTSIsInRhZyI6InQiLCJleHAiOjQzMjAxLCJhbGciOiJBMTI4R0NNS1ciLCJpdiI6ImkifQ\
    .a2V5.bm9uY2U.c2VjcmV0LXRva2Vu.dGFn";

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// A client, files of the sandbox, variables, and what is typed.
type Public<'a> = (Client, Pairs<'a>, Pairs<'a>, &'a str);

fn fill(text: &str) -> String {
    let key = NPM.trim_start_matches("https:").trim_end_matches('/');
    let text = text
        .replace("KEY", key)
        .replace("HOST", key.split('/').nth(2).unwrap());
    let text = text.replace("PUBLIC", PUBLIC).replace("OLD", OLD);
    text.replace("REPO/", NPM)
        .replace("REPO", NPM.trim_end_matches('/'))
}

/// No request to our host is refused, and one token is enough.
fn try_all(rows: &[Public]) {
    for (client, files, variables, line) in rows {
        let mut desk = Desk::with(*client);
        let package = r#"{"name": "work", "version": "1.0.0", "private": true}"#;
        desk.sandbox.write("work/package.json", package);
        desk.sandbox.write("home/.npmrc", "");
        for (file, text) in *files {
            desk.sandbox.write(file, &fill(text));
        }
        let _ = desk.types("codeartifact setup npm --no-test").succeeded();
        for (name, value) in *variables {
            desk.sandbox.set(name, fill(value));
        }
        let line = fill(line);
        let said = desk.types(&line).succeeded();
        let journal = desk.emulator.journal();
        let refused = journal.of("npm").iter().any(|it| it.status == Some(401));
        assert!(
            !refused && journal.mints() == 1,
            "{line} {said:?} {journal:#?}"
        );
    }
}

#[test]
fn projects_with_committed_settings() {
    try_all(PROJECTS);
}

const BOTH: &str = "registry=PUBLIC\n@my-scope:registry=REPO/\nKEY/:_authToken=${CODEARTIFACT_AUTH_TOKEN}\nKEY:_authToken=${CODEARTIFACT_AUTH_TOKEN}\n";

const BUNFIG: &str = "[install]\nregistry = \"PUBLIC\"\n\n[install.scopes]\n\"@my-scope\" = { url = \"REPO/\", token = \"$CODEARTIFACT_AUTH_TOKEN\" }\n";

const PROJECTS: &[Public<'static>] = &[
    // a report of others
    (
        BUN,
        &[("work/.npmrc", BOTH), ("work/bunfig.toml", BUNFIG)],
        &[],
        "bun add @my-scope/my-package punctuation",
    ),
    (
        NPM_11,
        &[("work/.npmrc", BOTH), ("work/bunfig.toml", BUNFIG)],
        &[],
        "npm install @my-scope/my-package punctuation",
    ),
    // a Dockerfile that sets the scope for the user and the token line for the project
    (
        NPM_11,
        &[
            ("home/.npmrc", "@my-scope:registry=REPO/\n"),
            ("work/.npmrc", "KEY/:_authToken=${CODEARTIFACT_TOKEN}"),
        ],
        &[],
        "npm install @my-scope/my-package --registry=REPO/",
    ),
    // a deployment script: a token line of yesterday in ~/.npmrc, and the registry in the lock file alone
    (
        BUN,
        &[
            ("home/.npmrc", "KEY/:_authToken=eyJ-yesterday\n"),
            ("work/yarn.lock", "resolved \"REPO/my-package/-/x.tgz\""),
        ],
        &[],
        "bun add my-package --registry=REPO/",
    ),
    // a renewal script for Windows
    (
        NPM_11,
        &[(
            "home/.npmrc",
            "registry=REPO/\nKEY/:_authToken=eyJ-yesterday\n#KEY/:always-auth=true\n",
        )],
        &[],
        "npm install my-package",
    ),
    // a release script
    (
        NPM_11,
        &[(
            "work/.npmrc",
            "@my-scope:registry=REPO/\nKEY/:always-auth=true\nKEY/:_authToken=${CODEARTIFACT_AUTH_TOKEN}",
        )],
        &[],
        "npm view @my-scope/my-package version",
    ),
    // a Dockerfile for Yarn 4 with two scopes, another company's first
    (
        YARN,
        &[
            ("work/yarn.lock", ""),
            (
                "work/.yarnrc.yml",
                "nodeLinker: node-modules\nnpmScopes:\n  other:\n    npmAlwaysAuth: true\n    npmAuthToken: abc\n    npmRegistryServer: 'https://example.com/'\n  my-scope:\n    npmAlwaysAuth: true\n    npmAuthToken: ${CODEARTIFACT_AUTH_TOKEN}\n    npmRegistryServer: 'REPO/'\n",
            ),
        ],
        &[],
        "yarn npm info @my-scope/my-package",
    ),
    // a report of others
    (
        YARN_1,
        &[
            (
                "home/.yarnrc",
                "registry \"REPO/\"\nemail jsmith@example.com\n",
            ),
            ("home/.npmrc", "KEY/:always-auth=true\n"),
        ],
        &[],
        "yarn add my-package",
    ),
    // a report of others
    (
        YARN,
        &[
            ("work/yarn.lock", ""),
            (
                "work/.yarnrc.yml",
                "npmRegistryServer: REPO/\nnpmPublishRegistry: REPO/\nnpmAuthToken: \"${NPM_TOKEN}\"\n",
            ),
        ],
        &[],
        "yarn add my-package",
    ),
    // a report of others
    (
        BUN,
        &[(
            "home/.bunfig.toml",
            "[install]\n# set default registry\nregistry = { url = \"REPO/\", token = \"$MY_AUTH\" }\n",
        )],
        &[],
        "bun add my-package",
    ),
];

#[test]
fn dockerfiles_and_scripts() {
    try_all(SCRIPTS);
}

const BY_VARIABLES: &str = "${NPM_SCOPE}:registry=https://${CODE_ARTIFACT_DOMAIN}-${ACCOUNT_ID}.d.codeartifact.${AWS_REGION}.amazonaws.com/npm/${NPM_STORE}/\n\
        //${CODE_ARTIFACT_DOMAIN}-${ACCOUNT_ID}.d.codeartifact.${AWS_REGION}.amazonaws.com/npm/${NPM_STORE}/:_authToken=${TOKEN}\n";

const SCRIPTS: &[Public<'static>] = &[
    // the key of the token line is a variable, too
    (
        NPM_11,
        &[
            (
                "home/.npmrc",
                "${CODEARTIFACT_REGISTRY}:_authToken=${CODEARTIFACT_AUTH_TOKEN}\n",
            ),
            ("work/.npmrc", "@my-scope:registry=REPO/\n"),
        ],
        &[("CODEARTIFACT_REGISTRY", "KEY/")],
        "npm install --no-audit @my-scope/my-package",
    ),
    // all of it by npm's own command, with a build argument that is not given
    (
        NPM_11,
        &[],
        &[],
        "npm config set registry=REPO/ && npm config set KEY/:_authToken=\"${codeArtifactToken}\" && \
             npm install --omit=dev --ignore-scripts my-package",
    ),
    // a here-document in quotes, so that npm expands it
    (
        NPM_11,
        &[("home/.npmrc", BY_VARIABLES)],
        &[
            ("NPM_SCOPE", "@my-scope"),
            ("CODE_ARTIFACT_DOMAIN", "my-domain"),
            ("ACCOUNT_ID", "111122223333"),
            ("AWS_REGION", "us-east-1"),
            ("NPM_STORE", "my-repo"),
        ],
        "npm install --ignore-scripts @my-scope/my-package",
    ),
    // a pipeline: the user's token by npm's command, the project's file for another host
    (
        NPM_11,
        &[
            (
                "work/cdk/package.json",
                r#"{"name": "cdk", "dependencies": {"@my-scope/my-package": "^1.0.0"}}"#,
            ),
            (
                "work/cdk/.npmrc",
                "//npm.example.com/:_authToken=${EXAMPLE}\n@other:registry=https://npm.example.com/\nlegacy-peer-deps=true\n",
            ),
        ],
        &[("CODEARTIFACT_AUTH_TOKEN", "OLD")],
        "npm config set @my-scope:registry REPO/ && npm config set KEY/:_authToken ${CODEARTIFACT_AUTH_TOKEN} && cd cdk && npm i",
    ),
    // a Makefile, for a repository with capitals
    (
        NPM_11,
        &[(
            "work/.npmrc",
            "registry=https://HOST/npm/MyTechnologies/\n//HOST/npm/MyTechnologies/:always-auth=true\n//HOST/npm/MyTechnologies/:_authToken=${CODEARTIFACT_AUTH_TOKEN}\n",
        )],
        &[],
        "npm install my-package",
    ),
    // a script for Yarn 2+, with an .npmrc whose lines have run together
    (
        YARN,
        &[
            ("work/yarn.lock", ""),
            ("work/.yarnrc.yml", "enableGlobalCache: false\n"),
            (
                "work/.npmrc",
                "registry=REPO/ KEY/:always-auth=true\n  KEY/:_authToken=$CODEARTIFACT_AUTH_TOKEN\n",
            ),
        ],
        &[("CODEARTIFACT_AUTH_TOKEN", "OLD")],
        "yarn config set npmRegistryServer REPO/ && yarn config set 'npmRegistries[\"REPO/\"].npmAuthToken' \"${CODEARTIFACT_AUTH_TOKEN}\" && yarn add @my-scope/my-package",
    ),
];

#[test]
fn reports_of_others() {
    try_all(REPORTS);
}

const OF_LOGIN: &str = "@other:registry=https://npm.example.com/\n//npm.example.com/:_authToken=abc\nregistry=REPO/\nKEY/:_authToken=OLD\n";

const SCOPED: &str = r#"{"name": "@my-scope/construct", "version": "0.0.1", "license": "MIT"}"#;

const LINKED: &str = r#"{"name": "work", "private": true, "pnpm": {"overrides": {"other": "link:./other"}}, "scripts": {"co:login": "aws codeartifact login --tool npm"}}"#;

const WORKSPACES: &str = r#"{"name": "work", "private": true, "workspaces": ["apps/*"]}"#;

const REPORTS: &[Public<'static>] = &[
    // as `aws codeartifact login` leaves it, without always-auth
    (
        YARN_1,
        &[("home/.npmrc", OF_LOGIN)],
        &[],
        "yarn add my-package @my-scope/my-package",
    ),
    // a workaround for the same
    (
        YARN_1,
        &[(
            "home/.npmrc",
            "always-auth=true\nregistry=REPO/\nKEY/:_authToken=OLD\n",
        )],
        &[],
        "yarn add my-package @my-scope/my-package",
    ),
    // a guide for developers: the token in the shell is yesterday's
    (
        YARN,
        &[
            ("work/package.json", WORKSPACES),
            (
                "work/apps/web/package.json",
                r#"{"name": "web", "version": "1.0.0"}"#,
            ),
            ("work/yarn.lock", ""),
            (
                "work/.yarnrc.yml",
                "nodeLinker: node-modules\nnpmScopes:\n  my-scope:\n    npmAlwaysAuth: true\n    npmAuthToken: '${CODEARTIFACT_AUTH_TOKEN}'\n    npmRegistryServer: 'REPO'\nnpmRegistryServer: 'PUBLIC'\n",
            ),
            ("home/.npmrc", "KEY/:_authToken=OLD\n"),
        ],
        &[("CODEARTIFACT_AUTH_TOKEN", "OLD")],
        "yarn workspace web add @my-scope/my-package",
    ),
    // a token that was committed
    (
        YARN,
        &[
            ("work/yarn.lock", ""),
            (
                "work/.yarnrc.yml",
                "nmMode: hardlinks-local\n\nnodeLinker: node-modules\n\nnpmRegistries:\n  'REPO/':\n    npmAlwaysAuth: true\n    npmAuthToken: OLD\n\nnpmRegistryServer: 'REPO/'\n",
            ),
        ],
        &[],
        "yarn add my-package",
    ),
    // by variables alone
    (
        YARN,
        &[
            ("work/yarn.lock", ""),
            ("work/.yarnrc.yml", "enableGlobalCache: false\n"),
        ],
        &[
            ("YARN_NPM_REGISTRY_SERVER", "REPO/"),
            ("YARN_NPM_ALWAYS_AUTH", "true"),
            ("YARN_NPM_AUTH_TOKEN", "OLD"),
        ],
        "yarn add my-package",
    ),
    // a workaround for tarballs whose URL has a port
    (
        PNPM_10,
        &[(
            "work/.npmrc",
            "registry=REPO/\nKEY/:_authToken=${NPM_TOKEN}\n//HOST:443/npm/my-repo/:_authToken=${NPM_TOKEN}\n",
        )],
        &[],
        "pnpm add my-package",
    ),
    (
        NPM_11,
        &[(
            "work/.npmrc",
            "registry=REPO/\nKEY/:_authToken=${NPM_TOKEN}\n//HOST:443/npm/my-repo/:_authToken=${NPM_TOKEN}\n",
        )],
        &[],
        "npm install my-package",
    ),
    // publishes to a registry that no file names, without the last slash
    (
        NPM_11,
        &[("work/package.json", SCOPED)],
        &[],
        "npm pack && npm publish --access=restricted --registry=REPO my-scope-construct-0.0.1.tgz",
    ),
    // a key that npm does not understand
    (
        NPM_11,
        &[(
            "work/.npmrc",
            "registry=REPO/\nHOST/npm/my-repo/:_authToken=${NPM_TOKEN}\nalways-auth=false\n",
        )],
        &[],
        "npm install my-package",
    ),
    // a guide for packages that are linked from a checkout beside this one
    (
        PNPM_10,
        &[
            ("work/package.json", LINKED),
            (
                "work/other/package.json",
                r#"{"name": "other", "version": "1.0.0"}"#,
            ),
            ("work/.npmrc", "@my-scope:registry=REPO/\n"),
        ],
        &[],
        "pnpm add @my-scope/my-package",
    ),
];
