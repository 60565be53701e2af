// A periodic report: made, read, opened down to its figures, noted, taken away, and made by itself; on a phone and on a desk, in both languages, from the keyboard.
import { expect, sound, test } from './helpers.mjs'
import { readFileSync } from 'node:fs'

const latest = page => page.locator('#reports tbody a').first()

async function make(page, kind, day) {
  await page.goto('/desk/reports')
  const before = await page.locator('#reports tbody a').count()
  await page.getByRole('radio', { name: kind }).check()
  if (day) await page.getByLabel('期间里的任一天').fill(day)
  await page.getByRole('button', { name: '出报告' }).click()
  await expect(page.getByText('开始出了')).toBeVisible()
  await expect(page.locator('#reports tbody a')).toHaveCount(before + 1, { timeout: 30_000 }) // without a key pressed
}

test('a report is made, read, opened to its figures and taken away', async ({ as }) => {
  test.setTimeout(180_000)
  const page = await as('leader')
  await page.goto('/desk/reports')
  await expect(page.getByRole('heading', { name: '还没有报告' })).toBeVisible()
  await page.getByLabel('期间里的任一天').fill('')
  await page.getByRole('button', { name: '出报告' }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await sound(page)
  await make(page, '月报')
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    await page.setViewportSize({ width, height })
    await page.goto('/desk/reports')
    await sound(page)
    await latest(page).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('信访情况月报')
    await expect(page.getByRole('heading', { name: '一、收到多少' })).toBeVisible()
    await expect(page.getByText(/^收到信访 \d+ 件（批）次/).first()).toBeVisible()
    await expect(page.getByText(/^期初 .* = 期末 \d+。/).first()).toBeVisible()
    await sound(page)
    await page.getByText('数据表', { exact: true }).first().click()
    await page.getByText('什么时候说升降').last().click()
    await sound(page, { colours: false })
    const at = new URL(page.url()).pathname
    await page.goto(`/language?lang=en&to=${at}`)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('monthly report on petitions')
    await expect(page.getByText(/^\d+ submissions? came/).first()).toBeVisible()
    await sound(page, { colours: false })
    await page.goto(`/language?lang=zh&to=${at}`)
  }
  for (const [link, name, begins] of [['PDF', /^huiyin-month-.*\.pdf$/, '%PDF-'], ['Word 文档（DOCX）', /^huiyin-month-.*\.docx$/, 'PK']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link }).click()])
    expect(file.suggestedFilename()).toMatch(name)
    expect(readFileSync(await file.path()).subarray(0, begins.length).toString('latin1')).toBe(begins)
  }
  const said = await page.locator('.report-said a').evaluateAll(links => links.map(link => link.getAttribute('href')))
  expect(said.length).toBeGreaterThan(10)
  for (const href of said) expect(href).toMatch(/^\/desk\/(figures\/list\?.*as-of=\d{4}-\d\d-\d\d.*|issues\/\d+)$/)
  await page.getByRole('link', { name: /^事项\s*收到信访/ }).focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/desk\/figures\/list\?.*indicator=submissions/)
})

test('a note is signed, kept by versions and free of personal data', async ({ as }) => {
  const page = await as('leader')
  await make(page, '周报')
  await latest(page).click()
  await page.getByText('写说明').click()
  const note = page.getByRole('textbox', { name: '说明' })
  await note.fill('请打 13800000001')
  await page.getByRole('button', { name: '存下说明' }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(note).toHaveValue('请打 13800000001')
  await sound(page)
  await note.fill('本周台风停工两天。')
  await page.getByRole('button', { name: '存下说明' }).click()
  await expect(page.getByText('说明存好了')).toBeVisible()
  await expect(page.locator('section').filter({ hasText: '本周台风停工两天。' }).first()).toContainText('任远')
  await page.getByText('改说明').click()
  await note.fill('本周台风停工三天。')
  await page.getByRole('button', { name: '存下说明' }).click()
  await expect(page.getByText('以前的说明（1 版）')).toBeVisible()
  await sound(page)
})

test('reports are made by themselves once a leader switches them on, and others may not', async ({ as }) => {
  const page = await as('leader')
  await page.goto('/desk/reports')
  await page.getByRole('button', { name: '打开周报' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('打开了')).toBeVisible()
  await expect(page.getByText(/开着：下一份 .* 周一 出；任远/)).toBeVisible()
  await sound(page)
  const supervisor = await as('supervise')
  await supervisor.goto('/desk/reports')
  await expect(supervisor.getByText(/开着：下一份/)).toBeVisible()
  await expect(supervisor.getByRole('button', { name: '关掉周报' })).toHaveCount(0)
  await sound(supervisor, { colours: false })
  await page.getByRole('button', { name: '关掉周报' }).click()
  await expect(page.getByText('关掉了')).toBeVisible()
  const handler = await as('hr')
  await handler.goto('/desk/reports')
  await expect(handler.getByRole('heading', { name: '这一页您现在的职责看不到' })).toBeVisible()
})

test('without JavaScript a report is made and looked for again', async ({ as }) => {
  const page = await as('supervise', { javaScriptEnabled: false })
  await page.goto('/desk/reports')
  await page.getByRole('radio', { name: '年报' }).check()
  await page.getByRole('button', { name: '出报告' }).click()
  await expect(async () => {
    await page.goto('/desk/reports')
    await expect(page.locator('#reports tbody a').filter({ hasText: '年报' })).toHaveCount(1, { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await page.locator('#reports tbody a').filter({ hasText: '年报' }).click()
  await expect(page.getByText(/比上年|上年没有可比数|上年同样天数/).first()).toBeVisible()
  await sound(page, { javaScriptEnabled: false })
})
