// Extracts the published working-day calendar from the npm package chinese-days into the calendar document that
// internal/law embeds. Run it once per new notice of the State Council:
//
//   npm pack chinese-days@1.5.7 && tar xzf chinese-days-1.5.7.tgz
//   node scripts/data/calendar.mjs package > internal/law/data/calendar.json
//
// Days are taken by their date, never by the year of the file they stand in: a notice for one year may move days of
// the December before it. Every day is checked against the package's own summary, and a make-up day that is no
// Saturday or Sunday, or a day that is both off and worked, stops the script.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node calendar.mjs FOLDER-OF-THE-UNPACKED-PACKAGE')
  process.exit(2)
}

const readJSON = (...path) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))
const stop = (message) => { throw new Error(message) }
const weekend = (day) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

const off = new Map()
const work = new Set()
const names = new Map()
const files = readdirSync(join(folder, 'dist', 'years')).filter((name) => /^\d{4}\.json$/.test(name)).sort()
for (const file of files) {
  const { holidays, workdays } = readJSON('dist', 'years', file)
  for (const [day, words] of Object.entries(holidays)) {
    const [english, name] = words.split(',')
    names.set(name, english)
    off.set(day, name)
  }
  for (const day of Object.keys(workdays)) work.add(day)
}

const summary = readJSON('dist', 'chinese-days.json')
const first = files[0].slice(0, 4)
const last = files.at(-1).slice(0, 4)
const published = (day) => day.slice(0, 4) >= first
for (const [kind, mine, theirs] of [['off', [...off.keys()], summary.holidays], ['work', [...work], summary.workdays]]) {
  const expected = Object.keys(theirs).filter(published).sort().join()
  if (mine.sort().join() !== expected) stop(`the ${kind} days of the year files and of the summary differ`)
}
for (const day of work) {
  if (!weekend(day)) stop(`${day} is worked and is no Saturday or Sunday`)
  if (off.has(day)) stop(`${day} is both off and worked`)
}

// The addresses of the notices stand in the comments of the package's source: a line with the year, then the notices.
const years = {}
for (const [, year, body] of readFileSync(join(folder, 'src', 'holidays', 'generate.ts'), 'utf8')
  .matchAll(/\/\*\*\s*\n\s*\* (\d{4})\s*\n(.*?)\*\//gs)) {
  if (year < first) continue
  years[year] = [...body.matchAll(/https?:\/\/\S+/g)].map(([address]) => address)
}
for (let year = Number(first); year <= Number(last); year++) {
  if (!years[year]?.length) stop(`no notice is named for ${year}`)
}

// One day on a line keeps the file readable and its changes small.
const lines = (items) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')
const entries = (items) => items.map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(',\n')
const ordered = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
process.stdout.write(`{
  "version": "chinese-days ${readJSON('package.json').version}",
  "from": "${first}-01-01",
  "until": "${last}-12-31",
  "years": {
${entries(Object.entries(years))}
  },
  "names": {
${entries(ordered(names))}
  },
  "off": [
${lines(ordered(off).map(([day, name]) => ({ day, name })))}
  ],
  "work": [
${lines([...work].sort())}
  ]
}
`)
