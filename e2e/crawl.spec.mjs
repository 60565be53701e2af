// Every page that a link leads to, for a citizen and for people of each role: it is there, nothing of its text is missing, and one page of each
// kind fits a phone and is accessible. In both languages; and what is Chinese on a page in English is marked as Chinese, and people wrote it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes, expect, sound, test, track } from './helpers.mjs'

// At most so many pages of one kind are read: three hundred villages are one page three hundred times.
const mostOfAKind = 8
const atOnce = 6
// An administrator can reach some hundred pages: units, people, days, and what was changed in each.
test.describe.configure({ timeout: 180_000 })

const left = /^\/(static|language|text)\b/

/** Addresses of files: one of each kind is enough, for it is made when it is asked for. */
const file = /\/(pdf|docx|txt|xlsx|csv)(\?|$)/
const mostFiles = 1

/** Figures lead to figures without end: so many of each kind are enough. */
const counted = /^\/desk\/figures/
const mostCounted = 24

/** What kind of page an address leads to: numbers, and what is asked, do not make a kind. */
const kindOf = path => path.replace(/\?.*/, '').replaceAll(/\d[\d-]*/g, 'N').replace(/(files|receipt|templates|routes|reminders)\/(?!new\b)[\w-]+/, '$1/N')

/** The internal links of a page, without the places in it. */
function links(html) {
  const found = [...html.matchAll(/<a\b[^>]*?\bhref="([^"]+)"/g)].map(match => match[1].replaceAll('&amp;', '&').replace(/#.*/, ''))
  return found.filter(path => path.startsWith('/') && !path.startsWith('//') && !left.test(path))
}

/** The Chinese texts of the program itself: of the catalogue, and of the tables of categories, channels, purposes and the like. */
function ownTexts() {
  const read = (folder, ending) => readdirSync(join(import.meta.dirname, '..', folder)).filter(name => name.endsWith(ending))
    .map(name => JSON.parse(readFileSync(join(import.meta.dirname, '..', folder, name), 'utf8')))
  const spoken = new Set(['desk.link.reason']) // stands in the record in the name and the language of who registered
  const chinese = read('internal/i18n/catalog', '.zh.json').flatMap(texts => Object.entries(texts)).filter(([key]) => !spoken.has(key)).map(([, text]) => text)
  const keys = read('internal/i18n/catalog', '.en.json').flatMap(texts => Object.keys(texts)) // in templates the Chinese words are the key
  const rows = read('internal/gazetteer/tables', '.json').flatMap(table => table.rows ?? []).map(row => row.name)
  return new Set([...chinese, ...keys, ...rows].filter(text => /\p{Script=Han}.*\p{Script=Han}/u.test(text))) // one character alone is anybody's
}
const own = ownTexts()

/** What is Chinese on a page in English and should not be: not marked as Chinese, or a text of the program, or a place by its full name. */
function leftInChinese(html) {
  const element = /<(\w+)\b[^>]*? lang="(zh|zh-CN)"[^>]*>(?:([^<]*)<\/\1>)?/g // zh-CN leads to the page in Chinese
  const documents = /<(article|ol)\b[^>]* lang="zh-CN"[^>]*>[\s\S]*?<\/\1>|data-insert="[^"]*"/g // official documents are Chinese in every language
  // what people said is theirs, in paragraphs of their own and where it is marked as found
  const said = /<p class="[^"]*\bsaid\b[^"]*">[\s\S]*?<\/p>|<mark>[\s\S]*?<\/mark>/g
  html = html.replaceAll(said, all => /\p{Script=Han}/u.test(all.replaceAll(element, '')) ? all : '')
  const bare = html.replaceAll(documents, '').replaceAll(element, '').match(/[^<>"]*\p{Script=Han}[^<>"]*/gu) ?? []
  const marked = [...html.matchAll(element)].filter(found => found[2] === 'zh').map(found => found[3]?.trim() ?? '')
  return [...bare, ...marked.filter(words => own.has(words) || words.includes('浙江省杭州市')).map(words => `marked, but ours: ${words}`)]
}

/** Whether a heading stands more than one level below the one before it. */
function skipsLevel(html) {
  const levels = [...html.matchAll(/<h([1-6])\b/g)].map(found => Number(found[1]))
  return levels.some((level, i) => i > 0 && level > levels[i - 1] + 1)
}

/** Reads everything that can be reached from some pages and returns one address of each kind. */
async function crawl(request, starts, lang) {
  const seen = new Set(starts)
  const queue = [...starts]
  const kinds = new Map()
  const asked = new Map()
  const wrong = []
  while (queue.length > 0) {
    await Promise.all(queue.splice(0, atOnce).map(async path => {
      const most = file.test(path) ? mostFiles : counted.test(path) ? mostCounted : Infinity
      const kind = kindOf(path)
      asked.set(kind, (asked.get(kind) ?? 0) + 1)
      if (asked.get(kind) > most) return
      const answer = await request.get(path)
      if (answer.status() >= 400) { wrong.push(`${answer.status()} ${path}`); return }
      if (!answer.headers()['content-type']?.startsWith('text/html')) return
      const html = await answer.text()
      const missing = html.match(/⟦[^⟧]*⟧/g)
      if (missing) wrong.push(`${path}: ${[...new Set(missing)]}`)
      if (skipsLevel(html)) wrong.push(`${path}: a heading skips a level`) // of every page: axe below sees one of each kind
      if (lang === 'en') wrong.push(...leftInChinese(html).map(words => `${path}: ${words.trim()}`))
      const came = kindOf(new URL(answer.url()).pathname)
      const known = kinds.get(came) ?? []
      kinds.set(came, [...known, path])
      if (known.length >= mostOfAKind) return
      for (const next of links(html)) {
        if (seen.has(next)) continue
        seen.add(next)
        queue.push(next)
      }
    }))
  }
  expect(wrong, 'pages that fail').toEqual([])
  return kinds
}

// what is said twice would be put to the clerk as a repeat
const said = {
  zh: { title: '水表走得快，水费多了一倍', demand: '校验水表', where: '万马社区' },
  en: { title: '电梯三天两头停，老人下不了楼', demand: '修好电梯', where: '苕溪社区' },
}

/** A visit registered at the window, so that a citizen has something open. */
async function registered(page, { title, demand, where }) {
  await page.goto('/desk/register')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('姓名').fill('沈来访')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('电话').fill('13800000005')
  await page.getByLabel('一句话概括').fill(title)
  await page.getByLabel('诉求 1').fill(demand)
  await page.getByLabel('查找地点').fill(where)
  await page.getByRole('group', { name: /事发地点/ }).getByRole('button', { name: '查找' }).click()
  await page.getByRole('radio', { name: where }).first().check()
  await page.getByRole('button', { name: '登记并打印回执' }).last().click()
  await expect(page).toHaveURL(/\/desk\/receipt\//)
  return codes(page)
}

test('what people write in Chinese stays Chinese on pages in English', async ({ page, as }) => {
  const english = async on => expect(leftInChinese(await on.content()), on.url()).toEqual([])
  const field = name => page.locator(`[name="${name}"]`)
  const next = () => page.getByRole('button', { name: /^Save, next/ }).last().click()
  await page.goto('/language?lang=en&to=/file/who')
  await field('petitioners.0.name').fill('陈玉兰')
  await field('petitioners.0.phone').fill('13800000006')
  await field('petitioners.0.address').fill('虹桥村四组')
  await next()
  await field('narrative').fill('上月修路，土方堆进了水渠。')
  await field('place_q').fill('Hongqiao')
  await page.getByRole('button', { name: 'Find', exact: true }).click()
  await english(page)
  await page.getByRole('radio', { name: /Hongqiao Village/ }).first().check()
  await field('title').fill('村道施工堵了水渠')
  await page.locator('[name="elsewhere"][value="no"]').check()
  await next()
  await english(page)
  await field('demands.0').fill('疏通四组的水渠')
  await next()
  await english(page)
  await next()
  await expect(page).toHaveURL(/review/)
  await english(page)
  await page.getByRole('button', { name: /get the receipt/ }).last().click()
  await expect(page).toHaveURL(/receipt/)
  await english(page)

  const desk = await as('window')
  await desk.goto('/language?lang=en&to=/desk/register')
  await desk.locator('[name="petitioners.0.name"]').fill('陈玉兰')
  await desk.locator('[name="title"]').fill('村道施工堵了水渠')
  await desk.locator('[name="place_q"]').fill('Hongqiao')
  await desk.getByRole('button', { name: 'Find', exact: true }).first().click()
  await english(desk)
})

for (const lang of ['zh', 'en']) {
  const looked = new Set() // kinds that were opened in this language

  /** Crawls as somebody and opens one page of each kind nobody opened before. */
  const read = async (page, starts) => {
    await page.goto(`/language?lang=${lang}&to=/how`)
    await expect(page.locator('html')).toHaveAttribute('lang', lang === 'en' ? 'en' : 'zh-CN')
    const kinds = await crawl(page.request, starts, lang)
    const wrong = [] // all of it, so that one run shows everything
    for (const [kind, paths] of kinds) {
      if (looked.has(kind)) continue
      looked.add(kind)
      await page.goto(paths[0])
      await sound(page, { colours: lang === 'zh' }).catch(error => wrong.push(error.message))
    }
    expect(wrong.join('\n\n')).toBe('')
    return kinds
  }

  test(`every page for a citizen (${lang})`, async ({ page, as }) => {
    const receipt = await registered(await as('window'), said[lang])
    await track(page, receipt)
    const kinds = await read(page, ['/', '/my', '/file/who'])
    for (const kind of ['/my', '/my/act/add_material', '/proof', '/how', '/privacy']) expect([...kinds.keys()]).toContain(kind)
  })

  for (const name of ['dispatch', 'hr', 'hr-head', 'supervise', 'discipline', 'audit', 'leader', 'admin']) {
    test(`every page for ${name} (${lang})`, async ({ as }) => {
      const page = await as(name)
      const kinds = await read(page, ['/desk', '/desk/duty', '/desk/password'])
      if (name === 'dispatch') expect([...kinds.keys()]).toContain('/desk/matters/N/screen')
      if (name === 'admin') expect([...kinds.keys()]).toContain('/desk/admin/people/N')
    })
  }
}
