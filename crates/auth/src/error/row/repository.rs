//! Failures after the token: of a repository, of a package, of what a client asked for.

use super::DENIED;
use crate::error::table::Call::Publish;

rows! {
    Repository REPOSITORY {
        REPOSITORY_ABSENT "repository_absent" NotFound
            "404, the domain has no repository of that name"
            "<did you mean `{nearest}`?|check the repository in the URL; capitals count>";
        REPOSITORY_NOT_READABLE "repository_not_readable" Permission
            "403, the token is good, but its holder may not read there"
            "the caller needs codeartifact:ReadFromRepository on it; compare with `codeartifact policy permissions< {connection}>`";
        TOKEN_NOT_TAKEN "token_not_taken" Authentication
            "401, though the token is new"
            "a proxy may strip the Authorization header: try without the proxy";
    }
    Package PUBLICATION {
        PUBLICATION_NOT_ALLOWED "publication_not_allowed" Permission
            "the caller may not publish there"
            "it takes codeartifact:ListPackageVersionAssets and codeartifact:PublishPackageVersion on the package, which a reader's role has not; name another connection",
            Publish DENIED "";
        PUBLICATION_NOWHERE "publication_nowhere" NotFound
            "there is no such domain or repository"
            "check the repository's URL; capitals count",
            Publish ["ResourceNotFoundException"] "";
        VERSION_TAKEN "version_taken" Configuration
            "that version is there already, with other files"
            "what is published cannot be changed: publish another version",
            Publish ["ConflictException"] "";
    }
    Package PACKAGE {
        PACKAGE_ABSENT "package_absent" NotFound
            "404, and no other place that may be read has it"
            "publish it there, or connect an upstream that has it";
        VERSION_ABSENT "version_absent" NotFound
            "the package is there, the version is not"
            "there is {existing}";
        PACKAGE_OF_OTHER_FORMAT "package_of_other_format" NotFound
            "it is there as a package of format {format}"
            "look for it as {format}:{package}";
        PACKAGE_ELSEWHERE "package_elsewhere" NotFound
            "repository `{repository}` of the same domain has it"
            "use repository `{repository}`";
        UPSTREAM_NOT_CONNECTED "upstream_not_connected" NotFound
            "repository `{repository}` of the same domain has it, and is no upstream of this one"
            "make `{repository}` an upstream with `aws codeartifact update-repository`, or use it instead";
    }
    Client NONE {
        REQUEST_FORBIDDEN "request_forbidden" Permission
            "{url} was refused (403 Forbidden): the token is good, but its role may not read there"
            "compare what the role may read with `codeartifact policy permissions`";
        URL_WITH_CREDENTIALS "url_with_credentials" Authentication
            "{url} was refused with the user and password that are in the URL itself"
            "remove them from the URL, so that it begins with `https://` and the host";
        URL_NOT_AN_INDEX "url_not_an_index" Done
            "{url} is not an index, so pip will find no package there"
            "give pip {url}simple/";
    }
}
