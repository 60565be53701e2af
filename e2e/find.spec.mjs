// One search: words, phrases, exclusions and conditions, from the keyboard, on a phone, without JavaScript, in both languages.
import { expect, sound, test } from './helpers.mjs'

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`words and conditions find what they say at ${width} px`, async ({ as }) => {
    const page = await as('dispatch', { viewport: { width, height } })
    const rows = page.locator('[data-worklist] tbody tr')
    const box = page.getByRole('searchbox', { name: '要找的词' })
    await page.goto('/desk/find')
    await expect(page.getByRole('heading', { name: '想找什么？' })).toBeVisible()
    await expect(box).toBeFocused()
    await sound(page)

    await box.fill('补偿 青苗')
    await page.getByRole('button', { name: '查找' }).click()
    await expect(rows).toHaveCount(1)
    await expect(rows.getByRole('link')).toHaveText('青苗补偿比公告上少了一亩二')
    await expect(rows.locator('.excerpt mark').first()).toHaveText('青苗补偿')
    await sound(page)

    await box.fill('补偿 -青苗 -“支付没有签合同”')
    await box.press('Enter')
    expect(await rows.count()).toBeGreaterThan(1)
    await expect(rows.filter({ hasText: '青苗' })).toHaveCount(0)
    const several = await rows.count()

    await page.getByText('按条件缩小范围').click()
    await page.getByLabel('办理状态').selectOption({ label: '未办结' })
    await page.getByLabel('现在在哪个单位').fill('laqxfj')
    await page.getByRole('button', { name: '查找' }).click()
    await expect(page.getByText('已用：未办结、临安区信访局')).toBeVisible()
    expect(await rows.count()).toBeLessThan(several)
    await sound(page)
    await page.getByRole('link', { name: '清除条件' }).click()
    await expect(rows).toHaveCount(several)

    await box.fill('-青苗')
    await box.press('Enter')
    await expect(page.getByText('只写了不要的词')).toBeVisible()
    await expect(box).toHaveAttribute('aria-invalid', 'true')
    await expect(box).toHaveValue('-青苗')
    await sound(page)
  })
}

test('the search is reached and walked from the keyboard', async ({ as }) => {
  const page = await as('dispatch')
  await page.goto('/desk/duty') // a page without a search of its own
  await page.keyboard.press('/')
  await expect(page).toHaveURL('/desk/find')
  await page.keyboard.type('补偿')
  await page.keyboard.press('Enter')
  const rows = page.locator('[data-worklist] tbody tr')
  await expect(rows.first()).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('Tab')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('j')
  await expect(rows.nth(1).getByRole('link')).toBeFocused()
  await page.keyboard.press('k')
  const title = await rows.nth(0).getByRole('link').innerText()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title)
})

test('the search needs no JavaScript and speaks English', async ({ as }) => {
  const page = await as('dispatch', { javaScriptEnabled: false })
  await page.goto('/language?lang=en&to=/desk/find')
  await page.getByRole('searchbox', { name: 'Words to look for' }).fill('路灯')
  await page.getByRole('button', { name: 'Find' }).click()
  expect(await page.locator('[data-worklist] tbody tr').count()).toBeGreaterThan(0)
  await page.getByText('Narrow it down').click()
  await page.getByLabel('Only what is past its day').check()
  await page.getByLabel('Received from').fill('2020-01-01')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page.getByText('received from 2020-01-01')).toBeVisible()
  await sound(page, { javaScriptEnabled: false })
  await page.goto('/language?lang=zh&to=/desk')
})
