// Invented messages of three categories, of the words that the Go tests use too.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const { around, said } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'internal', 'storetest', 'lessons.json'), 'utf8'))

/** So many messages of each category, always the same ones. */
export function lessons(each) {
  let seed = 1
  const pick = from => from[(seed = seed * 48271 % 2147483647) % from.length]
  return Array.from({ length: each }, () => Object.keys(said)).flat().map(label => ({
    label, text: Array.from({ length: 16 }, (_, i) => pick(i % 2 ? said[label] : around)).join(''),
  }))
}
