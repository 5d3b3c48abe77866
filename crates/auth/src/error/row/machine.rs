//! Failures of this machine's settings for AWS, and of our programs that are installed on it.

rows! {
    Machine START {
        CA_BUNDLE_UNUSABLE "ca_bundle_unusable" Configuration
            "the CA bundle `{path}` {reason}"
            "AWS_CA_BUNDLE, `ca_bundle`, REQUESTS_CA_BUNDLE or SSL_CERT_FILE must name a PEM file of certificates";
        SHARED_FILES_UNREADABLE "shared_files_unreadable" Configuration
            "AWS's shared files cannot be read: {reason}"
            "fix the file, then try `aws configure list`";
        SERVICES_ABSENT "services_absent" Configuration
            "profile `{profile}` uses [services {services}], which does not exist"
            "add that section to AWS's configuration file, or remove `services` from the profile";
        ENDPOINT_OVERRIDE_INVALID "endpoint_override_invalid" Configuration
            "the endpoint override `{url}` of {service} is not a URL"
            "unset AWS_ENDPOINT_URL and the variables that start with it, or start their values with https://";
    }
    Machine TOKEN {
        PROGRAM_MISSING "program_missing" Configuration
            "the program `{program}` is not in {folder}"
            "install all programs of one release into one folder";
        OTHER_RELEASE "other_release" Configuration
            "this program is of release {ours}, and the `codeartifact` beside it is codeartifact {theirs}"
            "install all programs of one release into one folder";
        NO_ANSWER "no_answer" Configuration
            "the `codeartifact` beside this program gave no answer: {reason}"
            "run `codeartifact test` to see why";
    }
    Machine ANY {
        CALL_NOT_MADE "call_not_made" Configuration
            "the call cannot be made: {reason}"
            "check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT";
    }
}
