//! Settings that are begun and not finished: where the AWS CLI stops, so do we.

use super::*;

#[test]
fn what_is_half_set_up_is_an_error() {
    for (rest, variables, expected) in HALF_SET_UP {
        let config = spelled(&format!("[default]\n{rest}"));
        assert_eq!(found(&config, "", variables, None), *expected, "{rest}");
    }
}

const HALF_SET_UP: &[(&str, Variables<'static>, &str)] = &[
    (
        "",
        &[("AWS_ACCESS_KEY_ID", "ENV")],
        "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not",
    ),
    (
        "",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")],
        "the web identity of /t has no role: neither AWS_ROLE_ARN nor `role_arn` is set",
    ),
    (
        "aws_access_key_id = x\n",
        &[],
        "profile `default` has no `aws_secret_access_key`",
    ),
    (
        "$ONE",
        &[],
        "profile `default` has a `role_arn` but neither `source_profile` nor `credential_source`",
    ),
    (
        "$ONEsource_profile = b\ncredential_source = Environment\n",
        &[],
        "profile `default` has both `source_profile` and `credential_source`",
    ),
    (
        "$ONEsource_profile = b\n",
        &[],
        "`source_profile = b` of profile `default` names no profile",
    ),
    (
        "$ONEsource_profile = default\n",
        &[],
        "the source profiles go in a circle at `default`",
    ),
    (
        "$ONEsource_profile = b\n[profile b]\n$ONEsource_profile = default\n",
        &[],
        "the source profiles go in a circle at `default`",
    ),
    (
        "$ONEsource_profile = b\n[profile b]\n",
        &[],
        "profile `b` is a source profile but has no credentials",
    ),
    (
        "$ONEcredential_source = environment\n",
        &[],
        "`credential_source = environment` of profile `default` is none of Environment, EcsContainer, Ec2InstanceMetadata",
    ),
    (
        "$ONEcredential_source = Environment\n",
        &[],
        "profile `default` takes its credentials from Environment, which has none",
    ),
    (
        "sso_account_id = 1\n",
        &[],
        "profile `default` has no `sso_start_url`, which IAM Identity Center needs",
    ),
    (
        "$SSOsso_session = corp\n",
        &[],
        "profile `default` uses [sso-session corp], which is not there",
    ),
    (
        "$SSOsso_session = corp\nsso_region = eu-west-1\n$CORP",
        &[],
        "`sso_region` of profile `default` and of [sso-session corp] differ",
    ),
    (
        "role_arn = x\n  # note\n  more\nsource_profile = b\n",
        &[],
        "`role_arn` of profile `default` is not one word",
    ),
];
