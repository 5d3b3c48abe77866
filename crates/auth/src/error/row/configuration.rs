//! Failures of our own configuration, and of the URL that a client hands us.

rows! {
    Configuration NONE {
        FILE_UNUSABLE "file_unusable" Configuration
            "cannot {action} the configuration {path}: {reason}"
            "<unset {variable} to use the default file|>";
    }
    Configuration VALUE {
        KEY_UNKNOWN "key_unknown" Configuration
            "there is no such key"
            "<did you mean `{nearest}`?|the keys here are {known}>";
        VALUE_WRONG "value_wrong" Configuration
            "{reason}"
            "<{correction}|>";
        FORMAT_DIFFERS "format_differs" Configuration
            "{url} is of format {found}, not {expected}"
            "its key is `{found}`";
        OWNER_DIFFERS "owner_differs" Configuration
            "{url} belongs to account {owner}, and account_id is {account_id}"
            "a connection is for one account: correct the URL, or account_id";
    }
    Configuration ANY {
        SIMPLE_MISSING "simple_missing" Configuration
            "pip and similar clients need the URL to end in /simple/"
            "write {root}simple/";
        SERVICE_INDEX_MISSING "service_index_missing" Configuration
            "NuGet needs the URL of the service index, which ends in /v3/index.json"
            "write {root}v3/index.json";
    }
    Configuration NONE {
        CONNECTION_UNKNOWN "connection_unknown" Configuration
            "there is no connection named `{name}`< (from {variable})>"
            "<did you mean `{nearest}`?|`codeartifact connections` lists the existing ones>";
        CONNECTION_EMPTY "connection_empty" Configuration
            "connection `{name}` has no repository URL"
            "add one: `codeartifact connect {name} --npm URL`, or --pypi, --go and so on";
        CONNECTION_AMBIGUOUS "connection_ambiguous" Configuration
            "connections `{first}` and `{second}` both fit {url}"
            "name one of them: `CODEARTIFACT_CONNECTION={first}`, or `--connection {first}` where there is that option";
        CONNECTION_REQUIRED "connection_required" Configuration
            "require_connection is set, so {url} gets a token only from a connection that is named"
            "set CODEARTIFACT_CONNECTION, or give `--connection NAME`; `codeartifact connections` lists them";
        CONNECTION_OF_OTHER_ACCOUNT "connection_of_other_account" Configuration
            "connection `{name}`< (from {variable})> is for account {account_id}, and {url} belongs to {owner}"
            "<unset {variable} to let the URL decide|leave `--connection` out to let the URL decide>";
        URL_OF_OTHERS "url_of_others" Nothing
            "`{url}` is not a CodeArtifact URL"
            "if it is your own proxy in front of CodeArtifact, add your proxy's host to [hosts]";
        URL_MALFORMED "url_malformed" Usage
            "`{url}` {reason}"
            "a repository's URL looks like https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    }
}
