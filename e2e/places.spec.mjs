// The tree of places, the folded form of the figures, and the public outcomes for machines: on a phone and on a desk, in both languages, from the keyboard and without scripts.
import { expect, fits, sound, test } from './helpers.mjs'

const sizes = [[390, 844], [1440, 900]]
const places = '/desk/figures/places'

test('on a phone the figures come first, and the form opens from the keyboard and without scripts', async ({ as }) => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await as('leader', { javaScriptEnabled, viewport: { width: 390, height: 844 } })
    await page.goto('/desk/figures')
    const first = page.locator('.figure-card').first()
    expect((await first.boundingBox()).y).toBeLessThan(844 - 40)
    const summary = page.locator('.figures-ask summary')
    await expect(summary).toContainText(/\d{4}-01-01 至 .*临安区.*按地方/)
    await expect(page.getByLabel('从', { exact: true })).toBeHidden()
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('从', { exact: true }).fill('2026-02-01')
    await page.getByRole('button', { name: '看统计' }).click()
    await expect(summary).toContainText('2026-02-01 至')
    // what is wrong opens it
    await page.goto('/desk/figures?from=x')
    await expect(page.getByLabel('从', { exact: true })).toBeVisible()
  }
})

test('the tree of places opens place by place, from the keyboard and without scripts, and every figure leads to its matters', async ({ as }) => {
  const page = await as('leader')
  await page.goto('/desk/figures')
  await page.getByRole('link', { name: '地方一览' }).click()
  const tree = page.getByRole('treegrid', { name: '地方一览' })
  await expect(tree).toBeVisible()
  const rows = tree.locator('tbody tr')
  const before = await rows.count()
  expect(before).toBeGreaterThan(5)
  // keys: into the tree, down to the first town, open it, into it, back to it, close it
  await rows.first().focus()
  await page.keyboard.press('ArrowDown')
  const town = page.locator('tr:focus')
  await expect(town).toHaveAttribute('aria-level', '2')
  await expect(town).toHaveAttribute('aria-expanded', 'false')
  const id = await town.getAttribute('id')
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('#' + id)).toHaveAttribute('aria-expanded', 'true')
  await expect(page).toHaveURL(new RegExp('open=' + id.slice(1)))
  await expect(page.locator('#' + id)).toBeFocused()
  expect(await rows.count()).toBeGreaterThan(before)
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('tr:focus')).toHaveAttribute('aria-level', '3')
  await sound(page)
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('#' + id)).toBeFocused()
  await page.keyboard.press('End')
  await expect(rows.last()).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('#' + id)).toHaveAttribute('aria-expanded', 'false')
  expect(await rows.count()).toBe(before)
  const n = await page.locator('#' + id + ' [data-tree-main]').innerText()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/desk\/figures\/list/)
  await expect(page.locator('.big-figure')).toHaveText(n)

  // a share has its denominator; what stands open stays when something else is asked
  await page.goto(places + '?open=330112104')
  await page.getByText('改条件').click()
  await page.getByLabel('看哪项指标的走势和排名').selectOption('timely_acceptance')
  await page.getByRole('button', { name: '看统计' }).click()
  await expect(page.locator('#p330112104')).toHaveAttribute('aria-expanded', 'true')
  await expect(page.locator('#p330112104 .figure-made')).toHaveText(/^\d+ \/ \d+$/)
  await page.locator('#p330112104').getByRole('link', { name: '於潜镇的统计' }).click()
  await expect(page.getByRole('navigation', { name: '所在位置' })).toContainText('於潜镇')

  const bare = await as('leader', { javaScriptEnabled: false })
  await bare.goto(places)
  await bare.getByRole('link', { name: '展开於潜镇' }).click()
  await expect(bare.getByRole('link', { name: '收起於潜镇' })).toBeVisible()
  await expect(bare.getByRole('row', { name: /村/ }).first()).toBeVisible()
  await bare.getByRole('link', { name: '收起於潜镇' }).click()
  await expect(bare.getByRole('link', { name: '展开於潜镇' })).toBeVisible()

  for (const name of ['audit', 'admin']) {
    const other = await as(name)
    expect((await other.goto(places)).status()).toBe(403)
  }
})

test('the tree fits and is accessible, in both languages', async ({ as }) => {
  const page = await as('leader')
  for (const lang of ['zh', 'en']) {
    await page.goto(`/language?lang=${lang}&to=${places}`)
    await expect(page.getByRole('heading', { level: 1, name: lang === 'en' ? 'Tree of places' : '地方一览' })).toBeVisible()
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      for (const path of [places + '?open=330112104', places + '?indicator=days_to_answer&open=330112104', '/desk/notices']) {
        await page.goto(path)
        await sound(page, { colours: lang === 'zh' })
      }
    }
  }
  await page.goto('/language?lang=zh&to=/desk')
})

test('a figure with many words widens the table in its frame, and not the page', async ({ as }) => {
  const page = await as('leader')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(places + '?indicator=days_to_answer')
  await page.locator('.figure-made').first().evaluate(el => { el.textContent = 'nine in ten within some 1,000 days, 10,000 in all' })
  const frame = page.getByRole('region', { name: '地方一览' })
  expect(await frame.evaluate(el => el.scrollWidth > el.clientWidth)).toBe(true)
  await fits(page)
})

test('machines read the public outcomes without a key, the same numbers as the files', async ({ request }) => {
  const { periods } = await (await request.get('/api/v1/outcomes')).json()
  expect(Array.isArray(periods)).toBe(true)
  for (const { period } of periods.slice(0, 3)) {
    for (const by of ['place', 'subject']) {
      const [answer, file] = await Promise.all([request.get(`/api/v1/outcomes/${period}?by=${by}`), request.get(`/open-data/outcomes-${period}-by-${by}.json`)])
      expect(answer.status()).toBe(200)
      const rows = (await answer.json()).rows, same = (await file.json()).rows
      expect(rows.length).toBe(same.length)
      rows.forEach((row, i) => { for (const [id, value] of Object.entries(row.values)) expect(value).toBe(same[i][id]) })
    }
  }
  expect((await request.get('/api/v1/outcomes/2001-01')).status()).toBe(404)
})
