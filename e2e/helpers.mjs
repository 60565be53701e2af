// What the browser tests share: signed-in pages, a watch on the console, and the checks that every page must pass.
import { test as base, expect } from '@playwright/test'
import axe from 'axe-core'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { demonstration, workers } from './servers.mjs'

export { expect }

/** The password of all demonstration accounts; it is public, see internal/demo/data/words.json. */
const password = 'huiyin-demo-2026'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The smallest PNG: one pixel. */
export const photo = {
  name: '现场照片.png',
  mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
}

/** Collects what goes wrong in a context: errors in the console, uncaught exceptions, parts of a page that do not load. */
export function watch(context, faults) {
  context.on('console', message => {
    // a form that comes back with 422 or 409 is meant; parts of a page that fail are caught below
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(`console: ${message.text()}`)
  })
  context.on('weberror', error => faults.push(`uncaught: ${error.error()}`))
  context.on('response', response => {
    const status = response.status()
    if (status >= 500 || (status >= 400 && response.request().resourceType() !== 'document')) faults.push(`${status}: ${response.url()}`)
  })
}

// Who is signed in already: signing in is limited, and each person needs it once. Kept as long as the worker.
const doors = new Map()

// What one address may file and open is limited, too, and every browser here is another household's.
let households = 0
const address = () => ({ 'X-Forwarded-For': `2001:db8:${(process.pid & 0xffff).toString(16)}:${(++households).toString(16)}::1` })

export const test = base.extend({
  /** Everything that went wrong in the browser during the test; it must stay empty. */
  faults: [async ({}, use) => {
    const faults = []
    await use(faults)
    expect(faults).toEqual([])
  }, { auto: true }],

  /** The demonstration of this worker, see playwright.config.mjs. */
  baseURL: async ({}, use, info) => use(`http://127.0.0.1:${demonstration(info.project.name === 'PostgreSQL' ? workers : info.parallelIndex)}`),

  extraHTTPHeaders: async ({}, use) => use(address()),

  context: async ({ context, faults }, use) => {
    watch(context, faults)
    await use(context)
  },

  /** Gives a fresh browser, as another device would be. */
  device: async ({ browser, faults }, use) => {
    const contexts = []
    await use(async (options = {}) => {
      const context = await browser.newContext({ extraHTTPHeaders: address(), ...options })
      contexts.push(context)
      watch(context, faults)
      return context.newPage()
    })
    for (const context of contexts) await context.close()
  },

  /** Gives a page on which somebody of the staff is signed in: `await as('hr')`. */
  as: async ({ device }, use) => {
    await use(async (name, options = {}) => {
      const page = await device({ ...options, storageState: doors.get(name) })
      if (!doors.has(name)) {
        await signIn(page, name)
        doors.set(name, await page.context().storageState())
      }
      return page
    })
  },
})

/** Signs in through the door. */
export async function signIn(page, name, secret = password) {
  await page.goto('/desk/sign-in')
  await page.getByLabel('登录名').fill(name)
  await page.getByLabel('密码').fill(secret)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page).not.toHaveURL(/sign-in/)
}

/** No text is missing from the catalogue, and no placeholder was left unfilled. */
export async function spoken(page) {
  const words = await page.title() + '\n' + await page.locator('body').innerText()
  // what the gateway's text is written with stands where it is set and where its changes are on record
  const typed = /\/(notices\/settings|admin\/changes)$/.test(new URL(page.url()).pathname) ? ['{phone}', '{text}', '{id}', '{secret}'] : []
  const missing = words.match(/⟦[^⟧]*⟧|\{[a-z_.@]+\}/g) ?? []
  expect(missing.filter(found => !typed.includes(found)), `texts missing on ${page.url()}`).toEqual([])
}

/** Nothing makes the page wider than the window. */
export async function fits(page) {
  const wide = await page.evaluate(() => {
    const width = window.visualViewport ? document.documentElement.clientWidth : window.innerWidth
    if (document.documentElement.scrollWidth <= width) return []
    const beyond = Array.from(document.querySelectorAll('body *')).filter(el => el.getBoundingClientRect().right > width + 1)
    return [`${document.documentElement.scrollWidth} > ${width}`, ...beyond.slice(-5).map(el => `${el.tagName}.${el.className}: ${el.textContent.slice(0, 30)}`)]
  })
  expect(wide, `wider than the window: ${page.url()}`).toEqual([])
}

/** No finding of axe under WCAG 2.2 AA and its own best practices. Measuring colours takes half of the time: a page looked at in one language need not be measured in the other. */
export async function accessible(page, { colours = true } = {}) {
  const options = { resultTypes: ['violations'], runOnly: standards, rules: { 'color-contrast': { enabled: colours } } }
  await page.evaluate(axe.source) // the pages have no frames
  // only what is wrong comes back: the list of all that was looked at is longer than the page
  const violations = await page.evaluate(asked => window.axe.run(document, asked).then(found => found.violations), options)
  const said = violations.map(v => `${v.id}: ${v.help}\n  ${v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary.replaceAll('\n', ' ')).join('\n  ')}`)
  expect(said, `axe on ${page.url()}`).toEqual([])
}

/** Everything that must hold of every page. Axe is a script itself; without scripts the page is the same page. */
export async function sound(page, { javaScriptEnabled = true, colours = true } = {}) {
  await spoken(page)
  await fits(page)
  if (javaScriptEnabled) await accessible(page, { colours })
}

/** The value beside a term in a list of facts. */
export function fact(page, term) {
  return page.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]')
}

/** Reads query code and PIN from a receipt. */
export async function codes(page) {
  const words = await page.getByRole('region', { name: '信访事项登记回执' }).innerText()
  return { code: words.match(/查询码\s+([0-9A-Z-]{12,14})/)[1], pin: words.match(/六位密码\s+(\d{6})/)[1] }
}

/** Opens a petitioner's own matter by query code and PIN. */
export async function track(page, { code, pin }) {
  await page.goto('/track')
  await page.getByLabel('查询码').fill(code)
  await page.getByLabel('六位密码').fill(pin)
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page).toHaveURL(/\/my$/)
}

/** Files a petition as a citizen does, and opens it by its receipt. */
export async function filed(citizen, { title, narrative, demands, photo: name }) {
  const next = () => citizen.getByRole('button', { name: /保存，下一步/ }).last().click()
  await citizen.goto('/file/who')
  await citizen.getByLabel('姓名', { exact: true }).fill('周长顺')
  await citizen.getByLabel('电话').fill('13800000001')
  await next()
  await citizen.getByLabel('用一句话说这件事').fill(title)
  await citizen.getByLabel('查找地点').fill('相府社区')
  await citizen.getByRole('button', { name: '查找' }).click()
  await citizen.getByRole('radio', { name: /相府社区/ }).check()
  await citizen.getByLabel(/^经过/).fill(narrative)
  await citizen.getByRole('radio', { name: '没有', exact: true }).check()
  await next()
  await citizen.getByLabel('第 1 条诉求').fill(demands[0])
  for (const [i, demand] of demands.slice(1).entries()) {
    await citizen.getByRole('button', { name: '再加一条诉求' }).click()
    await citizen.getByLabel(`第 ${i + 2} 条诉求`).fill(demand)
  }
  await next()
  await citizen.getByLabel(/^材料/).setInputFiles({ ...photo, name })
  await next()
  await citizen.getByRole('button', { name: '提交，拿回执' }).last().click()
  const receipt = await codes(citizen)
  await citizen.getByRole('button', { name: '我已抄好，收起密码' }).click()
  await track(citizen, receipt)
}

/** What the citizen reads now: the state, whose turn it is, the last day in law (or none), and words of the course. */
export async function stands(citizen, state, turn, last, ...said) {
  await citizen.goto('/my')
  await expect(citizen.getByText(`现在：${state}。`)).toBeVisible()
  await expect(citizen.getByText(turn).first()).toBeVisible()
  const day = citizen.locator('.clock-date time')
  if (last) await expect(day.first()).toHaveAttribute('datetime', last)
  else await expect(day).toHaveCount(0)
  for (const words of said) await expect(citizen.locator('.timeline')).toContainText(words)
}

/** Opens a matter from a list of the desk; a full list has it on a later page, so it is asked for by its title. */
export async function opened(page, list, title, view = 'open') {
  await page.goto(`/desk?list=${list}&view=${view}&q=${encodeURIComponent(title)}`)
  await page.getByRole('link', { name: title }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title)
}

/** Takes a step on the matter whose page is open: its link, what it asks for, its button, and the words that say it is done. */
export async function act(page, name, fill = async () => {}) {
  await page.getByRole('main').getByRole('link', { name: new RegExp(`^${name}`) }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await fill()
  await page.getByRole('button', { name, exact: true }).click()
  await expect(page).toHaveURL(/\/desk\/matters\/[0-9-]+$/)
  await expect(page.locator('.toast')).toBeVisible()
}

const calendar = JSON.parse(readFileSync(join(import.meta.dirname, '../internal/law/data/calendar.json'), 'utf8'))
const off = new Set(calendar.off.map(holiday => holiday.day))
const work = new Set(calendar.work)

/** Today in Shanghai, as 2026-09-28. */
export function today() { return new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' }) }

/** The last day of a period of n days that begins tomorrow: one that ends on a rest day ends on the first working day after. */
export function lawfulDay(n) {
  const day = new Date(today() + 'T00:00:00Z')
  const iso = () => day.toISOString().slice(0, 10)
  const rests = () => off.has(iso()) || (!work.has(iso()) && [0, 6].includes(day.getUTCDay()))
  day.setUTCDate(day.getUTCDate() + n)
  while (rests()) day.setUTCDate(day.getUTCDate() + 1)
  return iso()
}
