// What many say at once: found beside the desk, explained, decided on, on a phone and on a desk, in both languages.
import { expect, filed, sound, test } from './helpers.mjs'

const said = [
  ['请问柳溪花园旁的采石场什么时候停工', '柳溪花园旁边的采石场夜里放炮，窗户都震裂了，老人睡不着。'],
  ['投诉柳溪花园采石场放炮扰民', '采石场每天夜里放炮，柳溪花园几百户人家受不了，墙上有裂缝。'],
  ['柳溪花园的采石场太吵了', '住在柳溪花园，采石场白天黑夜放炮，灰尘也大，请管一管。'],
]

test('three who say the same are an issue, on which a person decides', async ({ as, device }) => {
  test.setTimeout(240_000)
  const page = await as('dispatch')
  await page.goto('/desk/issues?days=7&show=dismissed')
  await expect(page.getByRole('heading', { name: '没有热点' })).toBeVisible()
  await sound(page)
  for (const [title, narrative] of said) {
    await filed(await device(), { title, narrative, demands: ['停止夜间放炮'], photo: '采石场.png' })
  }
  const rows = page.locator('[data-worklist] tbody tr')
  const quarry = rows.filter({ hasText: '采石场' })
  await expect(async () => { // looked for each minute
    await page.goto('/desk/issues?days=7')
    await expect(quarry).toHaveCount(1, { timeout: 500 })
  }).toPass({ timeout: 100_000, intervals: [3_000] })
  await expect(quarry).toContainText('3 件')
  await expect(quarry).toContainText('以前没有')
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    await page.setViewportSize({ width, height })
    await page.goto('/desk/issues?days=7')
    await sound(page)
    await page.goto('/language?lang=en&to=/desk/issues')
    await expect(page.getByRole('heading', { level: 1, name: 'Issues' })).toBeVisible()
    await sound(page, { colours: false })
    await page.goto('/language?lang=zh&to=/desk/issues')
    await quarry.getByRole('link').click()
    await expect(page.getByRole('heading', { name: '为什么归在一起' })).toBeVisible()
    await expect(page.locator('mark').filter({ hasText: '采石场' }).first()).toBeVisible()
    await sound(page)
  }
  const issue = page.url()

  await page.getByRole('link', { name: /^移出/ }).first().click() // from a row, the decision is filled in
  await expect(page.getByRole('radio', { name: '移出一件' })).toBeChecked()
  await sound(page)
  await page.goto(issue)

  await page.locator('#decide > summary').click()
  await page.getByRole('button', { name: '决定' }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await sound(page)
  await page.getByLabel('改名').check()
  await page.getByLabel('名称', { exact: false }).last().fill('采石场夜间放炮')
  await page.getByRole('button', { name: '决定' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '采石场夜间放炮' })).toBeVisible()
  await page.locator('#decide > summary').click()
  await page.getByRole('radio', { name: '排除' }).check()
  await page.getByLabel('理由').fill('已经由采石场整治统一处理')
  await page.getByRole('button', { name: '决定' }).click()
  await expect(page.getByText('已经由采石场整治统一处理')).toBeVisible()
  await sound(page)
  await page.goto('/desk/issues?days=7')
  await expect(quarry).toHaveCount(0)
  await page.goto('/desk/issues?days=7&show=dismissed')
  await expect(quarry).toHaveCount(1)
  await page.keyboard.press('j')
  await page.goto(issue)
  await page.locator('#decide > summary').click()
  await page.getByRole('radio', { name: /^恢复/ }).check()
  await page.getByLabel('理由').fill('又有新的反映')
  await page.getByRole('button', { name: '决定' }).click()
  await page.goto('/desk/issues?days=7')
  await expect(quarry).toHaveCount(1)
})
