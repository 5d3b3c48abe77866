//! Our own variables, AWS's and the system's, by name, each with its purpose. A package manager's are in its room.

/// The configuration file, instead of `config.toml` in the platform's configuration directory.
pub const CONFIG: &str = "CODEARTIFACT_CONFIG";
/// Picks one connection from the configuration file by name.
pub const CONNECTION: &str = "CODEARTIFACT_CONNECTION";
/// `true`: only a connection that is named serves a URL, whatever the configuration file says.
pub const REQUIRE_CONNECTION: &str = "CODEARTIFACT_REQUIRE_CONNECTION";
/// The role to assume, for a job whose whole connection comes from the environment.
pub const ROLE_ARN: &str = "CODEARTIFACT_ROLE_ARN";
/// The external id that goes with [`ROLE_ARN`].
pub const EXTERNAL_ID: &str = "CODEARTIFACT_EXTERNAL_ID";
/// Roles assumed before [`ROLE_ARN`], comma-separated.
pub const VIA: &str = "CODEARTIFACT_VIA";
/// The profile of the first credentials.
pub const PROFILE: &str = "CODEARTIFACT_PROFILE";
/// The source of the job's identity token, in place of first credentials.
pub const SOURCE: &str = "CODEARTIFACT_SOURCE";
/// Whom that token is for.
pub const AUDIENCE: &str = "CODEARTIFACT_AUDIENCE";
/// Life of the authorization token: `15m` … `12h`, or `session`.
pub const DURATION: &str = "CODEARTIFACT_DURATION";
/// Chooses the store of tokens: `auto`, `keyring`, `file`, `off`.
pub const CACHE: &str = "CODEARTIFACT_CACHE";
/// The platform's broker, which is asked for tokens before AWS: its https URL.
pub const BROKER: &str = "CODEARTIFACT_BROKER";
/// The source of the identity token that the job shows the broker.
pub const BROKER_SOURCE: &str = "CODEARTIFACT_BROKER_SOURCE";
/// Whom that token is for.
pub const BROKER_AUDIENCE: &str = "CODEARTIFACT_BROKER_AUDIENCE";
/// A file that diagnostics are appended to; never a secret.
pub const LOG: &str = "CODEARTIFACT_LOG";
/// Set by `codeartifact exec --proxy` for the command: the proxy adds the token, so no helper answers there.
pub const PROXIED: &str = "CODEARTIFACT_PROXIED";
/// A PEM file of certificate authorities, as the AWS CLI reads it.
pub const AWS_CA_BUNDLE: &str = "AWS_CA_BUNDLE";
/// The same for Python's programs, which the AWS CLI reads where nothing of AWS's is set.
pub const REQUESTS_CA_BUNDLE: &str = "REQUESTS_CA_BUNDLE";

/// Set to anything: no colours, as no-color.org has it.
pub const NO_COLOR: &str = "NO_COLOR";
/// The kind of terminal; a `dumb` one cannot go back in a line.
pub const TERM: &str = "TERM";
/// The directories of programs.
pub const PATH: &str = "PATH";
/// Set by `codeartifact-keyring` for the keyring it hands over to: the rest of PATH, for when that one comes back to us.
pub const KEYRING_SEARCH: &str = "CODEARTIFACT_KEYRING_SEARCH";
/// Set by us for the program that we become: how often that was so. It ends a circle of programs that start each other.
pub const DEPTH: &str = "CODEARTIFACT_DEPTH";
/// Set by `codeartifact exec` for the helper on its way to the command: the milliseconds that are left of the run.
pub const TIME_LEFT: &str = "CODEARTIFACT_TIME_LEFT";
/// The person's shell, which reads its own kind of profile.
pub const SHELL: &str = "SHELL";
/// The home directory on Unix.
pub const HOME: &str = "HOME";
/// The home directory on Windows.
pub const USERPROFILE: &str = "USERPROFILE";
/// The base of configuration directories on Windows.
pub const APPDATA: &str = "APPDATA";
/// The base of directories on Windows for what stays on this machine.
pub const LOCALAPPDATA: &str = "LOCALAPPDATA";
/// The base of configuration directories on Linux.
pub const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";

/// The profile of the first credentials, when the connection names none.
pub const AWS_PROFILE: &str = "AWS_PROFILE";
/// The same by an older name, which the AWS CLI takes first and the SDK not at all.
pub const AWS_DEFAULT_PROFILE: &str = "AWS_DEFAULT_PROFILE";
/// The default Region.
pub const AWS_REGION: &str = "AWS_REGION";
/// The same by an older name.
pub const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
/// AWS's own configuration file, instead of `~/.aws/config`.
pub const AWS_CONFIG_FILE: &str = "AWS_CONFIG_FILE";
/// AWS's own file of keys, instead of `~/.aws/credentials`.
pub const AWS_SHARED_CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
/// The public part of an access key.
pub const AWS_ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
/// Its secret part.
pub const AWS_SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
/// The third part of a temporary access key.
pub const AWS_SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
/// The same by an older name, which the AWS CLI takes first.
pub const AWS_SECURITY_TOKEN: &str = "AWS_SECURITY_TOKEN";
/// The role that a web identity gets.
pub const AWS_ROLE_ARN: &str = "AWS_ROLE_ARN";
/// The name of its session.
pub const AWS_ROLE_SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";
/// The file with a web identity's token; with [`AWS_ROLE_ARN`], a source of the first credentials.
pub const AWS_WEB_IDENTITY_TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
/// The container's own credentials: a path on the link-local host of ECS.
pub const AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
/// The same as a whole URL: EKS Pod Identity and others.
pub const AWS_CONTAINER_CREDENTIALS_FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
/// The secret that a container shows its credentials' service.
pub const AWS_CONTAINER_AUTHORIZATION_TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
/// The file that it is read from, which goes before the variable.
pub const AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
/// The token service of a GitHub Actions job: set if the job may ask for identity tokens.
pub const ACTIONS_ID_TOKEN_REQUEST_URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
/// The secret that the job shows that service.
pub const ACTIONS_ID_TOKEN_REQUEST_TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
/// Tells two jobs of GitHub Actions apart that get different subjects.
pub const GITHUB_VARIABLES: &[&str] = &[
    "GITHUB_SERVER_URL",
    "GITHUB_REPOSITORY",
    "GITHUB_REF",
    "GITHUB_EVENT_NAME",
    "GITHUB_WORKFLOW_REF",
    "GITHUB_JOB",
];
/// The same of Buildkite.
pub const BUILDKITE_VARIABLES: &[&str] = &[
    "BUILDKITE_ORGANIZATION_SLUG",
    "BUILDKITE_PIPELINE_SLUG",
    "BUILDKITE_BRANCH",
    "BUILDKITE_TAG",
    "BUILDKITE_COMMIT",
    "BUILDKITE_STEP_KEY",
];
/// The number of a Buildkite job.
pub const BUILDKITE_JOB_ID: &str = "BUILDKITE_JOB_ID";
/// CircleCI's identity token, whose subject names branch and repository.
pub const CIRCLE_OIDC_TOKEN_V2: &str = "CIRCLE_OIDC_TOKEN_V2";
/// The same of the first kind.
pub const CIRCLE_OIDC_TOKEN: &str = "CIRCLE_OIDC_TOKEN";
/// The folder of sign-ins of `aws login`, if it is not `~/.aws/login/cache`.
pub const AWS_LOGIN_CACHE_DIRECTORY: &str = "AWS_LOGIN_CACHE_DIRECTORY";
/// The number of times that AWS's tools try a call.
pub const AWS_MAX_ATTEMPTS: &str = "AWS_MAX_ATTEMPTS";
/// `true`: the instance metadata service is never asked.
pub const AWS_EC2_METADATA_DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
/// The address of the instance metadata service, if it is not the link-local one.
pub const AWS_EC2_METADATA_SERVICE_ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
/// `IPv6`: that service is asked at its other link-local address.
pub const AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
/// The same by an older name: `true`.
pub const AWS_IMDS_USE_IPV6: &str = "AWS_IMDS_USE_IPV6";
/// `true`: that service is not asked without a token, which its version 1 needs.
pub const AWS_EC2_METADATA_V1_DISABLED: &str = "AWS_EC2_METADATA_V1_DISABLED";
/// The seconds that it may take to answer.
pub const AWS_METADATA_SERVICE_TIMEOUT: &str = "AWS_METADATA_SERVICE_TIMEOUT";
/// The number of times that it is asked.
pub const AWS_METADATA_SERVICE_NUM_ATTEMPTS: &str = "AWS_METADATA_SERVICE_NUM_ATTEMPTS";
/// A file of keys of the first EC2 tools, which the AWS CLI still reads.
pub const AWS_CREDENTIAL_FILE: &str = "AWS_CREDENTIAL_FILE";
/// The configuration file of boto 2, which the AWS CLI still takes keys from, instead of `/etc/boto.cfg` and `~/.boto`.
pub const BOTO_CONFIG: &str = "BOTO_CONFIG";
/// The variables that may name a proxy for https, in the order in which they are looked at.
pub const PROXIES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The variables that name certificate authorities: one file beside the system's, or all of them instead.
pub const AUTHORITIES: &[&str] = &[AWS_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR];
/// A file of authorities instead of the system's.
pub const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
/// Directories of them.
pub const SSL_CERT_DIR: &str = "SSL_CERT_DIR";
/// Variables that send AWS's calls to another server start with this.
pub const ENDPOINT_OVERRIDES: &str = "AWS_ENDPOINT_URL";

/// AWS's variables that decide who asks or who answers. Their values enter the cache key (hashed), beside the identity
/// that they and the files of `~/.aws` lead to, so that a changed identity never meets another identity's token.
pub const IDENTITY: &[&str] = &[
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CREDENTIAL_FILE",
    "BOTO_CONFIG",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_CODEARTIFACT",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
];
