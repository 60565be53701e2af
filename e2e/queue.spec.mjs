// The work beside the desk: what failed with its reason, tried again and given up by the administrator of the whole organisation, seen by nobody else.
import { expect, fact, sound, test } from './helpers.mjs'

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`the administrator sees what failed at ${width} px, in both languages`, async ({ as }) => {
    const page = await as('city-admin', { viewport: { width, height } })
    await page.goto('/desk/admin/settings')
    await page.getByRole('main').getByRole('link', { name: /后台任务/ }).click()
    await expect(page).toHaveURL('/desk/admin/queue')
    const failed = page.getByRole('table', { name: '没做成的' }).getByRole('row').filter({ hasText: '接口提出' })
    await expect(failed).toContainText('存成表格')
    await expect(failed).toContainText('试了 1 次')
    await expect(failed).toContainText('密钥')
    await expect(fact(page, '没做成')).not.toHaveText('0')
    await sound(page)
    await page.goto('/language?lang=en&to=/desk/admin/queue')
    await expect(page.getByRole('table', { name: 'Failed' }).getByRole('row').filter({ hasText: 'asked for by a program' })).toContainText('key')
    await sound(page)
    await page.goto('/language?lang=zh&to=/desk/admin/queue')
  })
}

test('what failed is tried again and given up from the keyboard, on record', async ({ as }) => {
  const page = await as('city-admin')
  await page.goto('/desk/admin/queue')
  const failed = page.getByRole('table', { name: '没做成的' }).getByRole('row').filter({ hasText: '接口提出' })
  await failed.getByRole('button', { name: '重试' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('.toast')).toContainText('已重新排队')
  await expect(async () => { // its key is still revoked, so that it fails again
    await page.goto('/desk/admin/queue')
    await expect(failed).toContainText('试了 1 次', { timeout: 500 })
  }).toPass()
  await failed.getByRole('button', { name: '重试' }).focus()
  await page.keyboard.press('Tab')
  await expect(failed.getByRole('button', { name: '放弃' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('.toast')).toContainText('已放弃，留了记录')
  await expect(page.getByText('没有失败的任务')).toBeVisible()
  await sound(page)
  await page.goto('/desk/admin/changes')
  await expect(page.getByText('处理后台任务').first()).toBeVisible()
  await expect(page.getByText('由“没做成”改为“已停下”').first()).toBeVisible()
  await sound(page)
})

test('nobody else has a way in', async ({ as }) => {
  for (const name of ['admin', 'dispatch', 'leader']) { // the administrator of a district is not that of the whole
    const page = await as(name)
    expect((await page.goto('/desk/admin/queue')).status()).toBe(403)
    await sound(page)
  }
})
