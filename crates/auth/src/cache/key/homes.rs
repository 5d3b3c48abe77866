//! Over random pairs of homes: keys are equal exactly when variables, the files of `~/.aws` and tokens beside them lead to
//! the same identity.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::token::Timestamp;

/// The source that a profile leads to, in pieces small enough that two random ones are often equal.
#[derive(Debug, Clone, PartialEq)]
enum Source {
    Keys(&'static str),
    Process(&'static str),
    Sso {
        account: &'static str,
        role: &'static str,
    },
    /// A profile's role by a token file, as on EKS.
    WebIdentity {
        role: &'static str,
        subject: &'static str,
    },
    /// The same by variables.
    WebIdentityOfJob {
        role: &'static str,
        subject: &'static str,
    },
    /// The connection's `source`.
    IdToken {
        source: &'static str,
        subject: &'static str,
    },
    /// A pod's token file, as Pod Identity has it, or a task's address.
    Container {
        uri: &'static str,
        authorization: &'static str,
    },
    /// Boto 2's file.
    OlderFile(&'static str),
    Environment(&'static str),
    Nothing,
}

#[derive(Debug, Clone, PartialEq)]
struct Home {
    roles: Vec<&'static str>,
    external_id: Option<&'static str>,
    source: Source,
}

/// The parts that decide nothing: where the keys are, comments, blanks, other profiles, a secret that was renewed.
#[derive(Debug, Clone)]
struct Beside {
    in_credentials: bool,
    indented: bool,
    quoted: bool,
    secret: &'static str,
    other: bool,
    /// A token that is issued anew says another time.
    issued: &'static str,
}

impl Home {
    fn write(&self, home: &Path, beside: &Beside) {
        let mut config = String::new();
        let mut credentials = String::new();
        for (number, role) in self.roles.iter().enumerate() {
            let source = name(number + 1);
            config += &header(number, beside);
            config += &format!(
                "role_arn = arn:aws:iam::111122223333:role/{role}\nsource_profile = {source}\n"
            );
            if let Some(external_id) = self.external_id {
                config += &format!("external_id = {external_id}\n");
            }
        }
        let token = home.join("token").display().to_string();
        let of_source = self.source.settings(beside, &token);
        let number = self.roles.len();
        match (&self.source, beside.in_credentials) {
            (Source::Keys(_), true) => credentials = format!("[{}]\n{of_source}", name(number)),
            _ => config += &(header(number, beside) + &of_source),
        }
        if beside.other {
            config += "# another\n[profile other]\nregion = us-east-1\n";
        }
        fs::write(home.join(".aws/config"), config).unwrap();
        fs::write(home.join(".aws/credentials"), credentials).unwrap();
        let authorization = match self.source {
            Source::Container { authorization, .. } => authorization,
            _ => "none",
        };
        fs::write(home.join("authorization"), authorization).unwrap();
        let token = match self.source {
            Source::WebIdentity { subject, .. }
            | Source::WebIdentityOfJob { subject, .. }
            | Source::IdToken { subject, .. } => {
                id_token::for_tests::token("https://x", subject, "aws", beside.issued)
            }
            _ => "none".to_owned(),
        };
        fs::write(home.join("token"), token).unwrap();
        let boto = match self.source {
            Source::OlderFile(id) => format!(
                "[Credentials]\naws_access_key_id = {id}\naws_secret_access_key = {}\n",
                beside.secret
            ),
            _ => String::new(),
        };
        fs::write(home.join("boto"), boto).unwrap();
    }

    fn key(&self, home: &Path, beside: &Beside) -> CacheKey {
        self.write(home, beside);
        let file = home.join("authorization").display().to_string();
        let (token, boto) = (home.join("token"), home.join("boto"));
        let (token, boto) = (token.display().to_string(), boto.display().to_string());
        let text = fs::read_to_string(&token).unwrap();
        let uri = match self.source {
            Source::Container { uri, .. } => uri,
            _ => "http://127.0.0.1/one",
        };
        // Boto 2's file and a container are asked last, so they may be there always.
        let mut variables = vec![
            ("AWS_PROFILE", "profile-0"),
            ("BOTO_CONFIG", boto.as_str()),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.as_str()),
            ("ID_TOKEN", text.as_str()),
        ];
        match self.source {
            Source::Environment(id) => variables.extend([
                ("AWS_ACCESS_KEY_ID", id),
                ("AWS_SECRET_ACCESS_KEY", beside.secret),
            ]),
            Source::WebIdentityOfJob { role, .. } => variables.extend([
                ("AWS_WEB_IDENTITY_TOKEN_FILE", token.as_str()),
                ("AWS_ROLE_ARN", role),
            ]),
            _ => {}
        }
        let environment = Environment::fixed(&variables, home.to_owned(), Timestamp(0));
        CacheKey::new(&endpoint(), &self.connection(&token), &environment)
    }

    fn connection(&self, token: &str) -> Connection {
        let source = match self.source {
            Source::IdToken { source, .. } => Some(
                source
                    .replace("file:TOKEN", &format!("file:{token}"))
                    .parse()
                    .unwrap(),
            ),
            _ => None,
        };
        Connection {
            source,
            ..Connection::default()
        }
    }

    /// A chain that ends at nothing is an error, of which one is as good as another. What comes from a variable or from
    /// the connection needs no chain.
    fn normal(mut self) -> Self {
        if self.roles.is_empty() {
            self.external_id = None;
        }
        if self.source == Source::Nothing {
            self.source = Source::Container {
                uri: "http://127.0.0.1/one",
                authorization: "none",
            };
        }
        if self.source.is_of_no_profile() {
            self.roles.clear();
            self.external_id = None;
        }
        self
    }
}

impl Source {
    fn is_of_no_profile(&self) -> bool {
        match self {
            Self::Keys(_) | Self::Process(_) | Self::Sso { .. } | Self::WebIdentity { .. } => false,
            Self::WebIdentityOfJob { .. }
            | Self::IdToken { .. }
            | Self::Container { .. }
            | Self::OlderFile(_)
            | Self::Environment(_)
            | Self::Nothing => true,
        }
    }

    fn settings(&self, beside: &Beside, token: &str) -> String {
        let settings = match self {
            Self::Keys(id) => format!(
                "aws_access_key_id = {id}\naws_secret_access_key = {}\n",
                beside.secret
            ),
            Self::Process(command) => format!("credential_process = {command}\n"),
            Self::Sso { account, role } => format!(
                "sso_start_url = https://x\nsso_region = us-east-1\nsso_account_id = {account}\nsso_role_name = {role}\n"
            ),
            Self::WebIdentity { role, .. } => {
                format!("web_identity_token_file = {token}\nrole_arn = {role}\n")
            }
            _ => "region = us-east-1\n".to_owned(),
        };
        if beside.indented {
            let lines = settings.lines();
            lines.map(|line| format!("  {line}\n  # note\n")).collect()
        } else {
            settings
        }
    }
}

fn name(number: usize) -> String {
    format!("profile-{number}")
}

fn header(number: usize, beside: &Beside) -> String {
    if beside.quoted {
        format!("[profile \"{}\"] # note\n", name(number))
    } else {
        format!("[profile {}]\n", name(number))
    }
}

fn endpoint() -> Endpoint {
    let url = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    Endpoint::parse(url, &Default::default()).unwrap()
}

fn sources() -> impl Strategy<Value = Source> {
    let ab = || prop::sample::select(vec!["a", "b"]);
    let ids = || prop::sample::select(vec!["AKIAONE", "AKIATWO"]);
    let id_tokens = prop::sample::select(vec!["file:TOKEN", "env:ID_TOKEN"]);
    let uris = prop::sample::select(vec!["http://127.0.0.1/one", "http://127.0.0.1/two"]);
    prop_oneof![
        ids().prop_map(Source::Keys),
        prop::sample::select(vec!["give one", "give two"]).prop_map(Source::Process),
        (ab(), ab()).prop_map(|(account, role)| Source::Sso { account, role }),
        (ab(), ab()).prop_map(|(role, subject)| Source::WebIdentity { role, subject }),
        (ab(), ab()).prop_map(|(role, subject)| Source::WebIdentityOfJob { role, subject }),
        (id_tokens, ab()).prop_map(|(source, subject)| Source::IdToken { source, subject }),
        (uris, ab()).prop_map(|(uri, authorization)| Source::Container { uri, authorization }),
        ids().prop_map(Source::OlderFile),
        ids().prop_map(Source::Environment),
        Just(Source::Nothing),
    ]
}

fn homes() -> impl Strategy<Value = Home> {
    let role = prop::sample::select(vec!["One", "Two"]);
    let external_id = prop::option::of(prop::sample::select(vec!["x", "y"]));
    (prop::collection::vec(role, 0..3), external_id, sources()).prop_map(
        |(roles, external_id, source)| {
            Home {
                roles,
                external_id,
                source,
            }
            .normal()
        },
    )
}

fn besides() -> impl Strategy<Value = Beside> {
    let ages = || prop::sample::select(vec!["old", "new"]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (flags, (ages(), ages())).prop_map(
        |((in_credentials, indented, quoted, other), (secret, issued))| Beside {
            in_credentials,
            indented,
            quoted,
            secret,
            other,
            issued,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_identity_never_meets_anothers_token(
        one in homes(), other in homes(), beside in besides(), later in besides()
    ) {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        for second in [&other, &one] {
            let keys = [one.key(home.path(), &beside), second.key(home.path(), &later)];
            prop_assert_eq!(keys[0] == keys[1], one == *second, "{:?}\n{:?}", one, second);
        }
    }
}
