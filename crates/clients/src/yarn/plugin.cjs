// Asks `codeartifact-npm` for the tokens of AWS CodeArtifact: once per registry, and only when Yarn needs one.
// Written by `codeartifact setup yarn`, which writes it anew; `codeartifact setup yarn --undo` takes it away.
module.exports = {
  name: "codeartifact",
  factory: (require) => {
    const { execFile } = require("child_process");
    const { existsSync } = require("fs");
    const path = require("path");
    const asked = new Map();

    // The whole path. By its name alone Windows would start a program of that name in the project.
    const find = (name) => {
      if (path.isAbsolute(name)) return name;
      const file = process.platform === "win32" ? `${name}.exe` : name;
      const folders = (process.env.PATH ?? "").split(path.delimiter).filter((it) => path.isAbsolute(it));
      return folders.map((it) => path.join(it, file)).find((it) => existsSync(it));
    };
    const program = find("codeartifact-npm");

    // Another company's registry, or no token: Yarn goes on without, and says so if one was needed.
    const ask = (registry) =>
      new Promise((resolve) => {
        if (program === undefined) {
          if (registry.includes(".codeartifact."))
            process.stderr.write("codeartifact-npm is not on PATH: no token for CodeArtifact\n");
          return resolve(undefined);
        }
        const child = execFile(program, ["header", registry], (error, stdout, stderr) => {
          process.stderr.write(stderr);
          resolve(error ? undefined : stdout.trim());
        });
        child.stdin?.end();
      });

    return {
      hooks: {
        async getNpmAuthenticationHeader(header, registry) {
          if (!asked.has(registry)) asked.set(registry, ask(registry));
          return (await asked.get(registry)) ?? header;
        },
      },
    };
  },
};
