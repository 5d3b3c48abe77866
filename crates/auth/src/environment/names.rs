//! Every variable that matters, by name. What it is for stands beside it; who reads it is nothing to this file.

/// The configuration file, instead of `config.toml` in the platform's configuration directory.
pub const CONFIG: &str = "CODEARTIFACT_CONFIG";
/// Picks one connection from the configuration file by name.
pub const CONNECTION: &str = "CODEARTIFACT_CONNECTION";
/// The role to assume, for a job whose whole connection comes from the environment.
pub const ROLE_ARN: &str = "CODEARTIFACT_ROLE_ARN";
/// The external id that goes with [`ROLE_ARN`].
pub const EXTERNAL_ID: &str = "CODEARTIFACT_EXTERNAL_ID";
/// Roles assumed before [`ROLE_ARN`], comma-separated.
pub const VIA: &str = "CODEARTIFACT_VIA";
/// The profile of the first credentials.
pub const PROFILE: &str = "CODEARTIFACT_PROFILE";
/// Life of the authorization token: `15m` … `12h`, or `session`.
pub const DURATION: &str = "CODEARTIFACT_DURATION";
/// Where tokens are kept: `auto`, `keyring`, `file`, `off`.
pub const CACHE: &str = "CODEARTIFACT_CACHE";
/// A file that diagnostics are appended to; never a secret.
pub const LOG: &str = "CODEARTIFACT_LOG";
/// A PEM file of certificate authorities, as the AWS CLI reads it.
pub const AWS_CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// Set to anything: no colours, as no-color.org has it.
pub const NO_COLOR: &str = "NO_COLOR";
/// What the terminal can do; a `dumb` one cannot go back in a line.
pub const TERM: &str = "TERM";
/// Where programs are looked for.
pub const PATH: &str = "PATH";
/// Set by `codeartifact-keyring` for the keyring it hands over to: what is left of PATH if that one comes back to us.
pub const KEYRING_SEARCH: &str = "CODEARTIFACT_KEYRING_SEARCH";
/// The virtual environment that is active.
pub const VIRTUAL_ENV: &str = "VIRTUAL_ENV";
/// The user's netrc, instead of the one in the home directory.
pub const NETRC: &str = "NETRC";
/// pip's index.
pub const PIP_INDEX_URL: &str = "PIP_INDEX_URL";
/// pip's further indexes.
pub const PIP_EXTRA_INDEX_URL: &str = "PIP_EXTRA_INDEX_URL";
/// How pip asks a keyring: `auto`, `disabled`, `import`, `subprocess`.
pub const PIP_KEYRING_PROVIDER: &str = "PIP_KEYRING_PROVIDER";
/// Whether pip must not ask the person, which switches `auto` off.
pub const PIP_NO_INPUT: &str = "PIP_NO_INPUT";
/// One more configuration file of pip's; the null device stands for none at all.
pub const PIP_CONFIG_FILE: &str = "PIP_CONFIG_FILE";
/// uv's indexes, as `NAME=URL` or URL.
pub const UV_INDEX: &str = "UV_INDEX";
/// uv's index of last resort.
pub const UV_DEFAULT_INDEX: &str = "UV_DEFAULT_INDEX";
/// The same by an older name.
pub const UV_INDEX_URL: &str = "UV_INDEX_URL";
/// uv's further indexes by an older name.
pub const UV_EXTRA_INDEX_URL: &str = "UV_EXTRA_INDEX_URL";
/// A named index' user and password: `UV_INDEX_NAME_USERNAME`, `UV_INDEX_NAME_PASSWORD`.
pub const UV_INDEX_PREFIX: &str = "UV_INDEX_";
/// Whether uv asks a keyring: `disabled`, `subprocess`.
pub const UV_KEYRING_PROVIDER: &str = "UV_KEYRING_PROVIDER";
/// Go's list of module proxies.
pub const GOPROXY: &str = "GOPROXY";
/// Go's list of commands that answer for its servers.
pub const GOAUTH: &str = "GOAUTH";
/// Go's patterns of modules that it fetches past every proxy and checks nowhere.
pub const GOPRIVATE: &str = "GOPRIVATE";
/// Go's patterns of modules that it fetches past every proxy, instead of those of [`GOPRIVATE`].
pub const GONOPROXY: &str = "GONOPROXY";
/// Go's patterns of modules that its checksum database is not asked about.
pub const GONOSUMDB: &str = "GONOSUMDB";
/// Go's file of defaults, instead of the one in the platform's configuration directory; `off` for none.
pub const GOENV: &str = "GOENV";
/// The base of configuration directories on Windows.
pub const APPDATA: &str = "AppData";
/// uv's configuration file, instead of all others.
pub const UV_CONFIG_FILE: &str = "UV_CONFIG_FILE";
/// Switches uv's configuration files off.
pub const UV_NO_CONFIG: &str = "UV_NO_CONFIG";
/// pdm's index.
pub const PDM_PYPI_URL: &str = "PDM_PYPI_URL";
/// The section of `.pypirc` that twine publishes to.
pub const TWINE_REPOSITORY: &str = "TWINE_REPOSITORY";
/// The repository that twine publishes to.
pub const TWINE_REPOSITORY_URL: &str = "TWINE_REPOSITORY_URL";
/// An authorization token, for whatever reads it: AWS's own instructions name it so.
pub const AUTH_TOKEN: &str = "CODEARTIFACT_AUTH_TOKEN";
/// Everything npm reads from variables begins so, in any case: `npm_config_registry`, `npm_config_@scope:registry`,
/// `npm_config_//host/path/:_authToken`, `npm_config_userconfig`.
pub const NPM_CONFIG_PREFIX: &str = "npm_config_";
/// The user's `.npmrc`, instead of the one in the home directory; npm itself exports it in lower case to scripts.
pub const NPM_USERCONFIG: &str = "npm_config_userconfig";
/// The machine's `npmrc`, instead of `etc/npmrc` below npm's prefix.
pub const NPM_GLOBALCONFIG: &str = "npm_config_globalconfig";
/// Where npm keeps global packages: its `etc/npmrc` is the machine's.
pub const NPM_PREFIX: &str = "npm_config_prefix";
/// The default registry, as variables of pnpm, Yarn 1, Yarn 2+ and Bun name it beside npm's `npm_config_registry`.
pub const OTHER_REGISTRIES: &[&str] = &[
    "pnpm_config_registry",
    "yarn_registry",
    "YARN_NPM_REGISTRY_SERVER",
    "BUN_CONFIG_REGISTRY",
];
/// Set by every client for the scripts it runs: which script of the package this is.
pub const NPM_LIFECYCLE_EVENT: &str = "npm_lifecycle_event";
/// The person's shell, which reads its own kind of profile.
pub const SHELL: &str = "SHELL";
/// The base of configuration directories on Linux.
pub const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";

/// The profile of the first credentials, when the connection names none.
pub const AWS_PROFILE: &str = "AWS_PROFILE";
/// The same by an older name, which the AWS CLI takes first and the SDK not at all.
pub const AWS_DEFAULT_PROFILE: &str = "AWS_DEFAULT_PROFILE";
/// The Region of whatever names none.
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
/// What a container shows its credentials' service.
pub const AWS_CONTAINER_AUTHORIZATION_TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
/// The file that it is read from, which goes before the variable.
pub const AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
/// How often AWS's tools try a call.
pub const AWS_MAX_ATTEMPTS: &str = "AWS_MAX_ATTEMPTS";
/// `true`: the instance metadata service is never asked.
pub const AWS_EC2_METADATA_DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
/// Where the instance metadata service is, if not at its link-local address.
pub const AWS_EC2_METADATA_SERVICE_ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
/// The variables that may name a proxy for https, in the order in which they are looked at.
pub const PROXIES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The variables that name certificate authorities: one file beside the system's, or all of them instead.
pub const AUTHORITIES: &[&str] = &[AWS_CA_BUNDLE, "SSL_CERT_FILE", "SSL_CERT_DIR"];
/// Everything that sends AWS's calls to another place begins so.
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
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_CODEARTIFACT",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
];
