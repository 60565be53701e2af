// How a unit stands: its day, its backlog, where matters go, and the screen on the wall. On a phone and a desk, from the keyboard, in both languages.
import { expect, filed, sound, test } from './helpers.mjs'

const sizes = [[390, 844], [1440, 900]]

test('the unit\'s page leads to what is due and to a matter', async ({ as }) => {
  const page = await as('supervise')
  await page.goto('/desk/home')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/：今天$/)
  await expect(page.getByRole('navigation', { name: '主导航' }).getByRole('link').first()).toHaveText('本单位')
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await sound(page)
  }
  // from the keyboard: a count, its list, the first matter of it
  const open = page.locator('.counts a').filter({ hasText: '未办结' })
  const n = Number(await open.locator('b').innerText())
  await open.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/view=open/)
  await expect(page.locator('.counts a').filter({ hasText: '未办结' }).locator('b')).toHaveText(String(n))
  await page.goto('/desk/home')
  await page.locator('.counts a').filter({ hasText: '三天内到期' }).click()
  await expect(page.locator('.counts [aria-current]')).toContainText('三天内到期')
  await page.goto('/desk/home')
  await page.getByRole('region', { name: '最早收到、还没办结的' }).getByRole('link').first().press('Enter')
  await expect(page).toHaveURL(/\/desk\/matters\//)

  await page.goto('/language?lang=en&to=/desk/home')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/: today$/)
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await sound(page, { colours: false })
  }
})

test('who handles begins with the worklist and sees their own and the unit', async ({ as }) => {
  const page = await as('hr')
  await page.goto('/desk/home')
  await expect(page.getByRole('navigation', { name: '我承办的' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: '本单位的' })).toBeVisible()
  await page.goto('/desk/figures/flow?unit=1')
  await expect(page.getByRole('heading', { name: '没有找到' })).toBeVisible()
})

test('backlog and flow have a table behind each drawing, and each number its list', async ({ as }) => {
  const page = await as('supervise')
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await page.goto('/desk/figures/backlog')
    await expect(page.getByRole('table', { name: '从收到算起，放了多久' }).getByRole('row')).toHaveCount(9)
    const burn = page.getByRole('figure').filter({ hasText: '老案下去了多少' })
    await burn.getByText('数据表').click()
    await expect(burn.getByRole('row')).toHaveCount(13)
    await sound(page)

    await page.goto('/desk/figures/flow')
    const steps = page.getByRole('table', { name: '期内收到的初件走到了哪一步' })
    await expect(steps.getByRole('row')).toHaveCount(7)
    await expect(steps.getByRole('row').nth(1)).toContainText('收到初件')
    const moves = page.getByRole('figure').filter({ hasText: '单位之间的转办' })
    await moves.getByText('数据表').focus()
    await page.keyboard.press('Enter')
    await expect(moves.getByRole('table')).toBeVisible()
    const band = moves.locator('svg a').first()
    await expect(band).toHaveAttribute('aria-label', / → .*：\d+ 件$/)
    await expect(band).toHaveAttribute('href', /^\/desk\/figures\/list\?.*by=move.*group=\d+%3E\d+/)
    await sound(page)
    await page.goto('/language?lang=en&to=/desk/figures/flow')
    await expect(page.getByRole('heading', { level: 1, name: 'Flow' })).toBeVisible()
    await sound(page, { colours: false })
    await page.goto('/language?lang=en&to=/desk/figures/backlog')
    await expect(page.getByRole('heading', { level: 1, name: 'Backlog' })).toBeVisible()
    await sound(page, { colours: false })
    await page.goto('/language?lang=zh&to=/desk')
  }
  await page.goto('/desk/figures/backlog')
  const unit = page.getByRole('table', { name: '在哪些单位' }).getByRole('rowheader').first()
  const name = await unit.innerText()
  await unit.getByRole('link').press('Enter')
  await expect(page.locator('.lead')).toContainText(name)
})

test('the screen changes when a citizen files, says when the line is lost, and names nobody', async ({ as, device }) => {
  test.setTimeout(150_000)
  const page = await as('supervise')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto('/desk/screen')
  const today = page.locator('[data-figure=today]')
  const before = Number(await today.innerText())
  await today.getByRole('link').focus()
  await filed(await device(), { title: '大屏幕上不该有的标题', narrative: '路灯坏了三天，晚上看不见路。', demands: ['修好路灯'], photo: '路灯.png' })
  await expect(today).toHaveText(String(before + 1), { timeout: 20_000 })
  await expect(page.locator('.screen-ways')).toContainText('网信')
  await expect(today.getByRole('link')).toBeFocused()
  expect(await page.locator('body').innerText()).not.toMatch(/大屏幕上不该有的标题|周长顺/)
  for (const [width, height] of [...sizes, [1920, 1080]]) {
    await page.setViewportSize({ width, height })
    await sound(page)
    if (width >= 1440) expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight), `${width} px wide, all in sight`).toBeLessThanOrEqual(0)
  }
  await page.goto('/language?lang=en&to=/desk/screen')
  await expect(page.getByRole('heading', { name: 'Received today' })).toBeVisible()
  await sound(page, { colours: false })

  await page.goto('/language?lang=zh&to=/desk/screen')
  await page.clock.install()
  await page.route('**/desk/screen/live', route => route.abort())
  await page.reload()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.clock.fastForward(31_000)
  await expect(page.getByRole('alert')).toContainText(/连接断了，从 \d\d:\d\d/)
})

test('without a script the screen is the same', async ({ as }) => {
  const page = await as('supervise', { javaScriptEnabled: false })
  await page.goto('/desk/screen')
  await expect(page.locator('[data-figure=today]')).toBeVisible()
  await expect(page.locator('#lost')).toBeHidden()
})
