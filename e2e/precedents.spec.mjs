// What was settled before helps what is open, and what is settled now those of its kind: shown on the matters' pages, on a phone and a desktop.
import { expect, fact, sound, test } from './helpers.mjs'

test('a matter told in other words finds the settled one, and that one finds it', async ({ as }) => {
  const page = await as('window')
  await page.goto('/desk/register')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('姓名').fill('严重复')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('电话').fill('13800000007')
  await page.getByLabel('一句话概括').fill('卫生院同一个检查收两次费，钱没有退')
  await page.getByLabel('诉求 1').fill('退还多收的检查费')
  await page.getByLabel('经过').fill('陪父亲到卫生院做检查，收费窗口把同一个项目重复收费，单子上两次一百六。窗口推说系统出了问题，跑了三趟都没有退还。')
  await page.getByLabel('查找地点').fill('苕溪社区')
  await page.getByRole('group', { name: /事发地点/ }).getByRole('button', { name: '查找' }).click()
  await page.getByRole('radio', { name: /苕溪社区/ }).first().check()
  await page.getByRole('button', { name: '登记并打印回执' }).last().click()
  const after = page.getByRole('button', { name: '看过了，登记并打印回执' })
  if (await after.isVisible()) await after.click()
  const number = await fact(page, '登记编号').innerText()

  for (const [width, height] of [[390, 844], [1440, 900]]) {
    const desk = await as('dispatch', { viewport: { width, height } })
    await desk.goto(`/desk/matters/${number}`)
    await expect(desk.getByRole('heading', { name: '办结过的同类件' })).toBeVisible()
    const precedent = desk.locator('.precedents > li').filter({ hasText: '卫生院同一项检查收了两次费' })
    await expect(precedent).toContainText('支持')
    await expect(precedent).toContainText('依据：医疗服务价格管理的有关规定')
    await expect(precedent).not.toContainText('诸葛')
    await sound(desk)
    await precedent.getByRole('link', { name: '卫生院同一项检查收了两次费', exact: true }).click()
    await desk.getByRole('link', { name: '看同类未结的件' }).click()
    await expect(desk.getByRole('heading', { name: '同类未结', level: 1 })).toBeVisible()
    await expect(desk.locator('[data-worklist] tbody tr').filter({ hasText: '卫生院同一个检查收两次费' })).toHaveCount(1)
    await sound(desk)
    await desk.goto(`/language?lang=en&to=${new URL(desk.url()).pathname}`)
    await expect(desk.getByRole('heading', { name: 'Open ones of this kind', level: 1 })).toBeVisible()
    await sound(desk, { colours: false })
    await desk.goto(`/language?lang=zh&to=/desk/matters/${number}`)
  }
})

test('what is not of one kind is said so, gone from the page, and taken back with one click', async ({ as }) => {
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    const page = await as('dispatch', { viewport: { width, height } })
    await page.goto('/desk/find?q=卫生院同一个检查')
    await page.locator('.matter-title').first().click()
    const matter = new URL(page.url()).pathname
    const precedent = page.locator('.precedents > li').filter({ hasText: '卫生院同一项检查收了两次费' })
    await precedent.getByRole('link', { name: '不是同类' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: '不是同类', level: 1 })).toBeVisible()
    await sound(page)
    await page.getByRole('button', { name: '标为不是同类' }).click()
    await expect(page.getByLabel(/为什么不是同类/)).toHaveAttribute('aria-invalid', 'true')
    await sound(page)
    await page.getByLabel(/为什么不是同类/).fill('一件是门诊，一件是住院')
    await page.getByRole('button', { name: '标为不是同类' }).click()
    await expect(page).toHaveURL(`${matter}/kin`)
    await expect(page.getByText('一件是门诊，一件是住院')).toBeVisible()
    await sound(page)
    await page.goto(matter)
    await expect(page.getByRole('link', { name: '1 件标为不是同类' })).toBeVisible()
    await expect(page.locator('.precedents > li').filter({ hasText: '卫生院同一项检查收了两次费' })).toHaveCount(0)
    await page.getByRole('link', { name: '1 件标为不是同类' }).click()
    await page.goto(`/language?lang=en&to=${matter}/kin`)
    await expect(page.getByRole('heading', { name: 'Said not to be of this kind' })).toBeVisible()
    await sound(page, { colours: false })
    await page.goto(`/language?lang=zh&to=${matter}/kin`)
    await page.getByRole('button', { name: '还是同类' }).click()
    await expect(page.locator('.precedents > li').filter({ hasText: '卫生院同一项检查收了两次费' })).toHaveCount(1)
  }
})

test('without scripts a link leads to others of the kind', async ({ as }) => {
  const page = await as('dispatch', { javaScriptEnabled: false })
  await page.goto('/desk/find?q=卫生院同一个检查')
  await page.locator('.matter-title').first().click()
  await page.getByRole('link', { name: '看办结过的同类件' }).click()
  await expect(page.locator('.precedents > li').filter({ hasText: '卫生院同一项检查收了两次费' })).toHaveCount(1)
  await sound(page, { javaScriptEnabled: false })
})

test('what is alike in nothing says nothing', async ({ as }) => {
  const page = await as('hr')
  await page.goto('/desk?list=unit')
  await page.getByRole('link', { name: '代课十一年被口头辞退，没有补偿' }).click()
  await expect(page.getByRole('heading', { name: '现在可以做' })).toBeVisible()
  await expect(page.locator('[hx-get$="kin?part"]')).toHaveCount(0) // it was asked for, and there is nothing
  await expect(page.locator('#precedents, #kin')).toHaveCount(0)
})
