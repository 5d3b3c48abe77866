//! Tests of what is said of settings that will not work, and that no secret is in it.

use super::*;

#[test]
fn what_should_be_fixed_is_said_without_the_secret() {
    let rows: &[(&str, &str, &str)] = &[
        (
            "project/.npmrc",
            "//H/npm/r1/:_authToken=s3cr3t",
            "project/.npmrc:1 has a token of its own for //H/npm/r1/,",
        ),
        (
            "project/.npmrc",
            "//H/npm/r1/:_authToken=${NO}",
            "project/.npmrc:1 takes the token for //H/npm/r1/ from a variable",
        ),
        ("project/.npmrc", "//H/npm/r1/:_authToken=${YES}", ""),
        ("project/.npmrc", "//example.com/:_authToken=s3cr3t", ""),
        (".npmrc", "//H/npm/r1/:_authToken=s3cr3t", ""),
        (
            "project/.npmrc",
            "registry=http://aws:s3cr3t@H/npm/r1/",
            "project/.npmrc:1: `http://H/npm/r1/` is not https",
        ),
        ("project/.npmrc", "\u{0}", "project/.npmrc is not UTF-8"),
    ];
    for (name, text, expected) in rows {
        let (_, remarks) = Sandbox::new(&[(name, text)]).search(&[("YES", "1")], "");
        let expected = expected.replace('H', HOST);
        match expected.as_str() {
            "" => assert_eq!(remarks, [""; 0], "{text}"),
            expected => assert!(
                remarks.len() == 1 && remarks[0].starts_with(expected),
                "{text}: {remarks:?}"
            ),
        }
        assert!(!remarks.concat().contains("s3cr3t"), "{text}");
    }
    let variable = format!("npm_config_//{HOST}/npm/r1/:_authToken");
    let (_, remarks) = Sandbox::new(&[]).search(&[(&variable, "s3cr3t")], "");
    assert_eq!(
        remarks,
        [format!(
            "the variable {variable} has a token, which wins over the fresh one"
        )]
    );
}

/// Variables of the environment, files; what is said.
type Remarks<'a> = (&'a [(&'a str, &'a str)], (&'a str, &'a str), &'a str);

#[test]
fn a_registry_that_is_none_yet_is_said_and_no_secret_is_shown() {
    let rows: &[Remarks] = &[
        (
            &[],
            (
                "project/.npmrc",
                "registry=https://${D}-${A}.d.codeartifact.us-east-1.amazonaws.com/npm/r1/",
            ),
            "project/.npmrc:1: `https://${D}-${A}.d.codeartifact.us-east-1.amazonaws.com/npm/r1/` names a variable that is not set",
        ),
        (
            &[],
            ("project/.npmrc", "registry=https://H/npm/r1/more/"),
            "project/.npmrc:1: `r1/more/` only begins with a registry's URL, which is r1/",
        ),
        (
            &[],
            (
                "project/.yarnrc.yml",
                "npmRegistryServer: https://H/npm/r1/x",
            ),
            "project/.yarnrc.yml:1: `r1/x` only begins with",
        ),
        (
            &[("AWS_SECRET_ACCESS_KEY", "s3cr3t")],
            (
                "project/.yarnrc.yml",
                "npmRegistryServer: \"http://H/npm/${AWS_SECRET_ACCESS_KEY}/\"",
            ),
            "project/.yarnrc.yml:1: `http://",
        ),
        (
            &[("MY_DB_PASSWORD", "s3cr3t")],
            (
                "project/.npmrc",
                "registry=https://H/npm/${MY_DB_PASSWORD}/",
            ),
            "project/.npmrc:1: `${MY_DB_PASSWORD}/` names a variable",
        ),
    ];
    for (variables, file, expected) in rows {
        let (found, remarks) = Sandbox::new(&[*file]).search(variables, "");
        assert!(remarks.len() == 1, "{file:?}: {remarks:?} {found:?}");
        assert!(remarks[0].starts_with(expected), "{file:?}: {remarks:?}");
        assert!(!format!("{found:?}{remarks:?}").contains("s3cr3t"));
    }
}

/// Keys too: npm expands them.
#[test]
fn a_token_line_is_known_by_its_expanded_key() {
    let text =
        "//${D}-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/r1/:_authToken=${NO_TOKEN}";
    let sandbox = Sandbox::new(&[("project/.npmrc", text)]);
    let (_, remarks) = sandbox.search(&[("D", "my-domain")], "");
    assert!(remarks.concat().contains("NO_TOKEN"), "{remarks:?}");
    assert_eq!(sandbox.search(&[], "").1, [""; 0]);
}
