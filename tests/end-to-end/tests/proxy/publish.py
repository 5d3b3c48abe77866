"""Publishes a version of a Go module as a generic package, with the AWS CLI: MODULE VERSION PART,PART,…"""

import hashlib
import io
import json
import subprocess
import sys
import zipfile

module, version, parts = sys.argv[1:]
package = module.replace("+", "+2B").replace("/", "+2F").replace("~", "+7E")
go_mod = f"module {module}\n\ngo 1.24\n"


def archive():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(f"{module}@{version}/go.mod", go_mod)
        file.writestr(f"{module}@{version}/greet.go", "package module\n")
    return buffer.getvalue()


contents = {
    "info": json.dumps({"Version": version, "Time": "2024-01-01T00:00:00Z"}).encode(),
    "mod": go_mod.encode(),
    "zip": archive(),
}
call = ["aws", "codeartifact", "publish-package-version", "--domain", "my-domain", "--repository", "my-repo"]
call += ["--format", "generic", "--namespace", "goxm", "--package", package, "--package-version", version]
for part in parts.split(","):
    name = f"{version}.{part}"
    with open(name, "wb") as file:
        file.write(contents[part])
    asset = ["--asset-name", name, "--asset-content", name]
    asset += ["--asset-sha256", hashlib.sha256(contents[part]).hexdigest()]
    last = [] if part == "zip" else ["--unfinished"]
    subprocess.run(call + asset + last, check=True, stdout=subprocess.DEVNULL)
