// Reads `.npmrc` files before and after an update with npm's own `ini`: are other settings as before, ours as meant,
// and did we read the file as npm does? One argument: the task, as src/npmrc/corpus.rs and fuzz.rs write it.
// Exit code 77: there is no npm here.

const fs = require('fs')
const path = require('path')
const assert = require('assert')

function npmFolder () {
  for (const folder of (process.env.PATH || '').split(path.delimiter)) {
    try {
      return path.dirname(path.dirname(fs.realpathSync(path.join(folder, 'npm'))))
    } catch {}
  }
}

let ini
try {
  ini = require(path.join(npmFolder(), 'node_modules', 'ini'))
} catch {
  console.error('there is no npm with its `ini` on PATH')
  process.exit(77)
}

const TOKEN = ':_authToken'
const { registry, token, files } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))

const isOurs = key => key.endsWith(TOKEN) &&
  (key.startsWith(registry) || key === registry.slice(0, -1) + TOKEN)

const isArrayOrSection = value => typeof value === 'object' && value !== null

const read = text => ini.parse(text)

// The last value wins, and npm turns these three words into what they mean.
function plain (entries) {
  const words = { true: true, false: false, null: null }
  return new Map(entries.map(([key, value]) => [key, value === null ? true : Object.hasOwn(words, value) ? words[value] : value]))
}

for (const file of files) {
  const { before, after, entries } = { before: JSON.stringify(file.texts), after: JSON.stringify(file.texts), ...file }
  const texts = file.texts || [before, after].map(name => fs.readFileSync(name, 'utf8'))
  const [old, updated] = texts.map(read)
  assert.strictEqual(updated[registry + TOKEN], token, after)
  for (const key of new Set([...Object.keys(old), ...Object.keys(updated)])) {
    // A bare key, and a value from a variable, stay.
    const stays = old[key] === true || (typeof old[key] === 'string' && old[key].includes('${'))
    if (isOurs(key) && !stays) {
      assert.strictEqual(updated[key], token, `${after}: ${key}`)
    } else if (key !== registry + TOKEN) {
      assert.deepStrictEqual(updated[key], old[key], `${after}: ${key}`)
    }
  }
  const ours = plain(entries)
  for (const [key, value] of Object.entries(old)) {
    if (!isArrayOrSection(value)) assert.strictEqual(ours.get(key), value, `${before}: ${key}`)
  }
  for (const key of ours.keys()) {
    const isArray = key.endsWith('[]')
    if (!isArray && key !== '__proto__') assert.ok(key in old, `${before}: npm does not see ${key}`)
  }
}
console.log(`${files.length} files read`)
