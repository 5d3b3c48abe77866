"""What the back end promises, checked from within Python. Run by wheel.rs."""

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError, PasswordSetError

HOST = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com"
INDEX = f"https://{HOST}/pypi/my-repo/simple/"
FOREIGN = ["https://example.com/simple/", "example.com", "", "python-poetry-check", "poetry-repository-my-repo", "-x"]


def raises(kind, call, *arguments):
    try:
        call(*arguments)
    except kind as error:
        return str(error)
    raise AssertionError(f"no {kind}")


def alone():
    token = keyring.get_password(INDEX, "aws")
    assert len(token) > 100
    for service in [INDEX, HOST, f"{HOST}:443", f"https://{HOST}/pypi/my-repo/"]:
        for user in [None, "aws"]:
            credential = keyring.get_credential(service, user)
            assert (credential.username, credential.password) == ("aws", token), service
    for service in FOREIGN:
        assert keyring.get_credential(service, None) is None, service
        assert keyring.get_password(service, "python-poetry") is None, service
    raises(PasswordSetError, keyring.set_password, "example.com", "ada", "secret")
    raises(PasswordDeleteError, keyring.delete_password, "example.com", "ada")
    keyring.set_password(INDEX, "aws", "ignored")
    assert keyring.get_password(INDEX, "aws") == token
    keyring.delete_password(INDEX, "aws")
    assert keyring.get_password(INDEX, "aws") != token
    reason = raises(KeyringError, keyring.get_password, INDEX.replace("my-domain", "no-such-domain"), "aws")
    assert "ResourceNotFoundException" in reason and "hint: " in reason, reason


def beside_another():
    class Vault(KeyringBackend):
        """Stands for the system's keyring."""

        priority = 5
        kept = {}

        def get_password(self, service, username):
            return self.kept.get((service, username))

        def set_password(self, service, username, password):
            self.kept[service, username] = password

        def delete_password(self, service, username):
            del self.kept[service, username]

    # Back ends are looked for once, and this one is new.
    keyring.backend.get_all_keyring.reset()
    keyring.core.init_backend()
    keyring.set_password("example.com", "ada", "secret")
    assert keyring.get_password("example.com", "ada") == "secret"
    keyring.delete_password("example.com", "ada")
    assert keyring.get_password("example.com", "ada") is None
    Vault.kept[INDEX, "aws"] = "stale"
    assert keyring.get_password(INDEX, "aws") != "stale"
    keyring.set_password(INDEX, "aws", "ignored")
    assert Vault.kept == {(INDEX, "aws"): "stale"}


alone()
beside_another()
print("all is well")
