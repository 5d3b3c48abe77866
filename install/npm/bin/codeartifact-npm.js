#!/usr/bin/env node
// Starts the program of this platform's package, which npm has installed beside this one, and ends as it ends.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const platform = `${process.platform}-${process.arch}`;
const name = process.platform === "win32" ? "codeartifact-npm.exe" : "codeartifact-npm";

function program() {
  try {
    return require.resolve(`@codeartifact-npm/${platform}/bin/${name}`);
  } catch {
    console.error(
      `codeartifact-npm: the package @codeartifact-npm/${platform} is not installed\n` +
        "  hint: install again without --omit=optional; if there is none for your platform, build from source",
    );
    process.exit(1);
  }
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });
// Those of the terminal reach it without us. We only have to outlive it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`codeartifact-npm: cannot start: ${error.message}`);
  process.exitCode = 126;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
