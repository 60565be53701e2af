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
    await precedent.getByRole('link', { name: '卫生院同一项检查收了两次费' }).click()
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

test('what is alike in nothing says nothing', async ({ as }) => {
  const page = await as('hr')
  await page.goto('/desk?list=unit')
  await page.getByRole('link', { name: '工地干了五个月，尾款四万二没有结' }).click()
  await expect(page.getByRole('heading', { name: '现在可以做' })).toBeVisible()
  await expect(page.locator('#precedents, #kin')).toHaveCount(0)
})
