// Figures: what a duty spans, each figure with the matters behind it, on a phone and on a desk, in both languages, from the keyboard, as pictures and tables.
import { readFileSync } from 'node:fs'
import { expect, sound, test } from './helpers.mjs'

const sizes = [[390, 844], [1440, 900]]
const card = (page, name) => page.getByRole('region', { name, exact: true })

/** Another page of a list, loaded to its end: before it is, the rows and the keys are still those of the one before. */
async function turn(page, name) {
  const link = page.getByRole('link', { name })
  const to = new URL(await link.getAttribute('href'), page.url()).href
  await link.click()
  await page.waitForURL(to)
}

/** How many a figure's list says there are, over all its pages. */
async function listed(page) {
  await page.waitForLoadState()
  let rows = 0
  for (;;) {
    rows += await page.locator('[data-worklist] tbody tr').count()
    if (await page.getByRole('link', { name: /下一页/ }).count() === 0) return rows
    await turn(page, /下一页/)
  }
}

test('a figure opens down to its matters and their record', { tag: '@main' }, async ({ as }) => {
  const page = await as('leader')
  await page.goto('/desk')
  await page.getByRole('navigation').getByRole('link', { name: '统计', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: '统计' })).toBeVisible()
  await expect(page.getByText('控告、举报不计入')).toBeVisible()
  const stock = card(page, '存量')
  const n = Number(await stock.locator('.big-figure').innerText())
  expect(n).toBeGreaterThan(5)
  await stock.getByText('怎么算的').click()
  await expect(stock.getByText('该日未办结的事项')).toBeVisible()
  await stock.locator('.big-figure a').click()
  await expect(page.getByRole('heading', { level: 1, name: '存量' })).toBeVisible()
  await expect(page.locator('.big-figure')).toHaveText(String(n))
  expect(await listed(page)).toBe(n)
  await turn(page, '上一页')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/desk\/matters\/[0-9-]+$/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

  // a share: what is counted, of what, and the rest
  await page.goto('/desk/figures/list?indicator=timely_acceptance')
  const parts = page.getByRole('navigation', { name: '看哪一部分' }).getByRole('link')
  const [sum, of, rest] = (await parts.allInnerTexts()).map(text => Number(text.match(/\d+/)[0]))
  expect(sum + rest).toBe(of)
  await parts.nth(2).click()
  await expect(parts.nth(2)).toHaveAttribute('aria-current', 'page')
  await expect(page.getByText('未到期的不算')).toBeVisible()
  await page.goto('/desk/figures/list?indicator=review_on_time&from=2020-01-01&to=2020-01-31')
  await expect(page.getByRole('heading', { name: '这个数字后面没有事项' })).toBeVisible()
  await expect(page.locator('.big-figure')).toHaveText('n/a')
  await sound(page)
})

test('a place leads down, a head sorts, the address says it all', async ({ as }) => {
  const page = await as('leader')
  await page.goto('/desk/figures')
  const table = page.getByRole('table', { name: '各组的指标' })
  const town = table.getByRole('link', { name: '於潜镇' })
  const figure = await table.getByRole('row', { name: /於潜镇/ }).getByRole('link', { name: /^信访总量/ }).innerText()
  await town.click()
  await expect(page).toHaveURL(/place=330112104/)
  await expect(page.getByRole('navigation', { name: '所在位置' })).toContainText('於潜镇')
  await expect(card(page, '信访总量').locator('.big-figure')).toHaveText(figure)
  await expect(table).toContainText('村')
  await page.getByRole('navigation', { name: '所在位置' }).getByRole('link', { name: '全部' }).click()
  await expect(town).toBeVisible()

  await page.getByRole('link', { name: '按单位' }).click()
  await table.getByRole('columnheader', { name: /^存量/ }).getByRole('link').click()
  await expect(table.getByRole('columnheader', { name: /^存量/ })).toHaveAttribute('aria-sort', 'descending')
  await table.getByRole('columnheader', { name: /^存量/ }).getByRole('link').click()
  await expect(table.getByRole('columnheader', { name: /^存量/ })).toHaveAttribute('aria-sort', 'ascending')
  await expect(page.locator('figcaption', { hasText: '存量：近 12 个月' })).toBeVisible()
  const sent = page.url()
  const other = await as('supervise')
  await other.goto(sent)
  await expect(other.getByRole('table', { name: '各组的指标' }).getByRole('columnheader', { name: /^存量/ })).toHaveAttribute('aria-sort', 'ascending')

  // the form: folded under what it asks; own days, a unit by its name, and what is wrong stays
  await expect(page.getByLabel('单位', { exact: true })).toBeHidden()
  await page.getByText('改条件').click()
  await page.getByLabel('单位', { exact: true }).fill('没有这个单位')
  await page.getByLabel('从', { exact: true }).fill('2026-01-31')
  await page.getByLabel('到', { exact: true }).fill('2026-01-01')
  await page.getByRole('button', { name: '看统计' }).click()
  await expect(page.getByRole('alert').first()).toContainText('止日早于起日')
  await expect(page.getByLabel('单位', { exact: true })).toHaveValue('没有这个单位')
  await sound(page)
  await page.getByLabel('单位', { exact: true }).fill('临安区教育局')
  await page.getByLabel('到', { exact: true }).fill('2026-12-31')
  await page.getByRole('button', { name: '看统计' }).click()
  await expect(page.getByText('主要指标')).toBeVisible()
  await expect(page.locator('.figures-ask summary')).toContainText('临安区教育局')
  await page.getByText('改条件').click()
  await expect(page.getByLabel('单位', { exact: true })).toHaveValue('临安区教育局')
})

test('others see their own alone, or nothing', async ({ as }) => {
  const leader = await as('leader')
  await leader.goto('/desk/figures')
  const all = Number(await card(leader, '存量').locator('.big-figure').innerText())
  const hr = await as('hr')
  await hr.goto('/desk/figures')
  await expect(hr.getByText('只数临安区人力资源和社会保障局')).toBeVisible()
  const own = Number(await card(hr, '存量').locator('.big-figure').innerText())
  expect(own).toBeGreaterThan(0)
  expect(own).toBeLessThan(all)
  await card(hr, '存量').locator('.big-figure a').click()
  expect(await listed(hr)).toBe(own)
  expect((await hr.goto('/desk/figures?unit=1')).status()).toBe(422)
  for (const name of ['audit', 'admin']) {
    const page = await as(name)
    expect((await page.goto('/desk/figures')).status()).toBe(403)
    expect((await page.goto('/desk/figures/list?indicator=stock')).status()).toBe(403)
    await expect(page.getByRole('navigation').getByRole('link', { name: '统计', exact: true })).toHaveCount(0)
    await sound(page)
  }
})

test('charts are read from the keyboard and saved as pictures, tables as files', async ({ as }) => {
  const page = await as('leader')
  await page.goto('/desk/figures')
  const chart = page.locator('[data-chart="ranking-submissions"]')
  await chart.locator('svg').focus()
  await page.keyboard.press('ArrowDown')
  await expect(chart.getByRole('status')).toContainText('信访总量')
  const first = await chart.getByRole('status').textContent()
  await page.keyboard.press('ArrowDown')
  await expect(chart.getByRole('status')).not.toHaveText(first)
  const save = async (figure, name) => {
    const [file] = await Promise.all([page.waitForEvent('download'), figure.getByRole('button', { name }).click()])
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
  }
  const course = page.locator('[data-chart="course-submissions"]')
  for (const figure of [chart, course]) {
    const png = await save(figure, '存为 PNG 图片')
    expect(png.name).toMatch(/submissions\.png$/)
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
    const width = png.bytes.readUInt32BE(16)
    expect(width).toBeGreaterThan(1500)
    expect(png.bytes.length).toBeGreaterThan(10_000) // not an empty sheet
  }
  const svg = (await save(chart, '存为 SVG 图片')).bytes.toString()
  expect(svg).toContain('於潜镇')
  expect(svg).toContain('信访总量')
  expect(svg).not.toContain('var(')
  for (const said of ['截至：', '单位：', '制表时间：', '依据：']) expect(svg).toContain(said)
  for (const [name, head] of [['存为 XLSX', 'PK'], ['存为 CSV', '\ufeff']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()])
    expect(readFileSync(await file.path()).toString().startsWith(head)).toBe(true)
  }
  // on paper: the form and the ways about are gone, the tables are open
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: '看统计' })).toBeHidden()
  await expect(page.getByRole('navigation').first()).toBeHidden()
  await expect(course.getByRole('table')).toBeVisible()
  await expect(page.getByText(/制表时间：/).first()).toBeVisible()
})

test('without scripts the pages are the same', async ({ as }) => {
  const page = await as('leader', { javaScriptEnabled: false })
  await page.goto('/desk/figures')
  await expect(page.getByRole('button', { name: '存为 PNG 图片' })).toHaveCount(0)
  await page.getByRole('link', { name: '上年', exact: true }).click()
  await expect(page.locator('.figures-ask summary')).toContainText('2025-01-01 至 2025-12-31')
  await page.goto('/desk/figures')
  await page.getByText('改条件').click()
  await page.getByLabel('地点').selectOption({ label: '於潜镇' })
  await page.getByRole('button', { name: '看统计' }).click()
  await expect(page).toHaveURL(/place=330112104/)
})

test('every page fits and is accessible, in both languages', async ({ as }) => {
  test.setTimeout(180_000)
  const page = await as('leader')
  const pages = ['/desk/figures', '/desk/figures?by=category&indicator=days_to_answer', '/desk/figures/list?indicator=on_time_a', '/desk/figures/indicators']
  for (const lang of ['zh', 'en']) {
    await page.goto(`/language?lang=${lang}&to=/desk/figures`)
    if (lang === 'en') await expect(page.getByRole('heading', { name: 'Key figures' })).toBeVisible()
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      for (const path of pages) {
        await page.goto(path)
        await sound(page, { colours: lang === 'zh' })
      }
    }
  }
  await page.goto('/language?lang=zh&to=/desk/figures')
})
