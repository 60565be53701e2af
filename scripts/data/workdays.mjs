// Asks the npm package chinese-days which days are worked, and writes its answers down for the tests of internal/law:
//
//   npm pack chinese-days@1.5.7 && tar xzf chinese-days-1.5.7.tgz
//   node scripts/data/workdays.mjs package > internal/law/testdata/workdays.txt
//
// calendar.mjs takes the package's data; this takes what its functions say, so that the tests compare two ways of
// reading and counting. The output is one line a year: "2004 " and a character a day, w worked, - not. It runs a year
// past the last one published, to show what the package guesses there. Every count of 1 to 60 working days from every
// day is checked against the package's own findWorkday before anything is written.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node workdays.mjs FOLDER-OF-THE-UNPACKED-PACKAGE')
  process.exit(2)
}
process.env.TZ = 'UTC' // the package reads dates in the local zone
const { findWorkday, isWorkday } = createRequire(import.meta.url)(join(resolve(folder), 'dist', 'index.min.js'))
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const FIRST = 2004
const LAST = 2027
const MOST = 60
const iso = (time) => new Date(time).toISOString().slice(0, 10)
const DAY = 86_400_000

const days = []
for (let time = Date.UTC(FIRST, 0, 1); time < Date.UTC(LAST + 1, 0, 1); time += DAY) days.push({ day: iso(time), works: isWorkday(iso(time)) })

let checked = 0
for (let i = 0; days[i].day < `${LAST}-01-01`; i++) {
  for (let at = i, n = 1; n <= MOST; n++) {
    do at++
    while (!days[at].works)
    const found = findWorkday(n, days[i].day)
    if (found !== days[at].day) throw new Error(`${days[i].day} + ${n}: ${found}, counted ${days[at].day}`)
    checked++
  }
}
process.stderr.write(`${checked} counts agree with findWorkday\n`)

const lines = []
for (let year = FIRST; year <= LAST; year++) {
  lines.push(`${year} ${days.filter(({ day }) => day.startsWith(`${year}-`)).map(({ works }) => (works ? 'w' : '-')).join('')}`)
}
process.stdout.write(`# What isWorkday of the npm package chinese-days ${version} says of each day, by scripts/data/workdays.mjs; licence in ../data/LICENSE.\n${lines.join('\n')}\n`)
