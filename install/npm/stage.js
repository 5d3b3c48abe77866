// Lays out the packages, each in a folder that `npm publish` or `npm pack` takes as it is:
//
//     install/notices.py NOTICES
//     node install/npm/stage.js OUT NOTICES PLATFORM=PROGRAMS…      linux-x64=target/installed, for instance
//
// NOTICES are the licences of what the programs contain, which go with them.
// PROGRAMS is a folder of install/build.sh; without `=PROGRAMS` the platform's package is there already, and is only named.
// `codeartifact-npm` is the command, in JavaScript. Each platform has a package with the program of that name and those that
// it starts when AWS has to be asked. npm installs the one that fits: they are optional dependencies, and nothing runs while
// they are installed.
// The version is the workspace's. REPOSITORY, the source's URL, is needed to publish with provenance.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const here = __dirname;
const NOTICES = "THIRD-PARTY-NOTICES.txt";
const [out, notices, ...platforms] = process.argv.slice(2);
const manifest = JSON.parse(fs.readFileSync(path.join(here, "package.json"), "utf8"));
const workspace = fs.readFileSync(path.join(here, "../../Cargo.toml"), "utf8");
const version = /^version = "(.*)"$/m.exec(workspace)[1];
const repository = process.env.REPOSITORY && { type: "git", url: `git+${process.env.REPOSITORY}.git` };

function main() {
  if (platforms.length === 0) throw new Error("usage: node stage.js OUT NOTICES PLATFORM=PROGRAMS…");
  const packages = platforms.map(stagePlatform);
  const optionalDependencies = Object.fromEntries(packages.map((name) => [name, version]));
  const folder = stage("codeartifact-npm", { ...manifest, optionalDependencies });
  fs.cpSync(path.join(here, "bin"), path.join(folder, "bin"), { recursive: true });
  fs.copyFileSync(path.join(here, "README.md"), path.join(folder, "README.md"));
}

function stagePlatform(argument) {
  const [platform, programs] = argument.split("=");
  const [os, cpu] = platform.split("-");
  const name = `@codeartifact-npm/${platform}`;
  if (!programs) return name;
  const { license, publishConfig } = manifest;
  const files = ["bin", NOTICES];
  const description = `The programs of codeartifact-npm for ${platform}`;
  const libc = isDynamic(path.join(programs, "codeartifact-aws")) ? { libc: ["glibc"] } : {};
  const folder = stage(platform, { name, description, license, files, publishConfig, os: [os], cpu: [cpu], ...libc });
  fs.copyFileSync(notices, path.join(folder, NOTICES));
  fs.mkdirSync(path.join(folder, "bin"));
  for (const program of ["codeartifact-npm", "codeartifact", "codeartifact-aws"]) {
    const file = os === "win32" ? `${program}.exe` : program;
    fs.copyFileSync(path.join(programs, file), path.join(folder, "bin", file));
    fs.chmodSync(path.join(folder, "bin", file), 0o755);
  }
  return name;
}

// A dynamic Linux program names the versions of the symbols that it takes from glibc; a static one runs with any C library.
function isDynamic(program) {
  return fs.existsSync(program) && fs.readFileSync(program).includes("GLIBC_2.");
}

function stage(name, content) {
  const folder = path.join(out, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ ...content, version, repository }, null, 2);
  fs.writeFileSync(path.join(folder, "package.json"), `${text}\n`);
  fs.copyFileSync(path.join(here, "../../LICENSE"), path.join(folder, "LICENSE"));
  return folder;
}

main();
