// Asks `codeartifact-npm` for the tokens of AWS CodeArtifact: once per registry, and only when Yarn needs one.
// Written by `codeartifact setup yarn`, which writes it anew; `codeartifact setup yarn --undo` takes it away.
module.exports = {
  name: "codeartifact",
  factory: (require) => {
    const { execFile } = require("child_process");
    const asked = new Map();

    // Somebody else's registry, or no token: Yarn goes on without, and says so if one was needed.
    const ask = (registry) =>
      new Promise((resolve) => {
        const child = execFile("codeartifact-npm", ["header", registry], (error, stdout, stderr) => {
          const missing = error?.code === "ENOENT" && registry.includes(".codeartifact.");
          process.stderr.write(missing ? "codeartifact-npm is not on PATH: no token for CodeArtifact\n" : stderr);
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
