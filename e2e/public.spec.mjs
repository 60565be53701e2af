// What everybody may read of how petitions were handled: on a phone and a desk, in both languages, without JavaScript, without signing in.
import Ajv from 'ajv/dist/2020.js'
import { expect, sound, test } from './helpers.mjs'

/** The page once the night's publication, which begins with the server, is done. */
async function published(page) {
  await expect(async () => {
    await page.goto('/outcomes')
    await expect(page.locator('#f-period option', { hasText: /2026|Q/ }).first()).toBeAttached({ timeout: 500 })
  }).toPass()
}

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`how petitions were handled reads at ${width} px`, async ({ device }) => {
    const page = await device({ viewport: { width, height } })
    await page.goto('/')
    await page.getByRole('link', { name: '信访事项办理情况' }).click()
    await published(page)
    await expect(page.getByRole('heading', { level: 1, name: '信访事项办理情况' })).toBeVisible()
    await expect(page.locator('dl.facts').first()).toContainText(/一共收到 \d+ 件|不公布/)
    await expect(page.getByRole('heading', { name: '怎样保护隐私' })).toBeVisible()
    await sound(page)
    for (const shown of await page.locator('.outcomes-part td.num').allInnerTexts()) {
      const count = shown.trim()
      if (/^\d+$/.test(count)) expect(Number(count) === 0 || Number(count) >= 5, `${count} is too small to be shown`).toBe(true)
    }

    // another period, by subject, from the keyboard
    await page.getByLabel('看哪一期').focus()
    await page.getByLabel('看哪一期').selectOption({ index: 1 })
    await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: '看这一期' })).toBeFocused()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: '按事情' }).click()
    await expect(page).toHaveURL(/by=subject/)
    await expect(page.getByRole('link', { name: '按事情' })).toHaveAttribute('aria-current', 'page')
    await sound(page)

    await page.getByRole('link', { name: '开放数据' }).click()
    await expect(page.getByRole('heading', { level: 1, name: '开放数据' })).toBeVisible()
    await sound(page)

    await page.goto('/language?lang=en&to=/outcomes')
    await expect(page.getByRole('heading', { level: 1, name: 'How petitions were handled' })).toBeVisible()
    await sound(page)
    await page.goto('/open-data')
    await expect(page.getByRole('heading', { level: 1, name: 'Open data' })).toBeVisible()
    await sound(page)
  })
}

test('it needs neither JavaScript nor a cookie', async ({ device }) => {
  const page = await device({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
  await published(page)
  await page.getByLabel('看哪一期').selectOption({ index: 0 })
  await page.getByRole('button', { name: '看这一期' }).click()
  await expect(page).toHaveURL(/period=/)
  await sound(page, { javaScriptEnabled: false })
  expect(await page.context().cookies()).toEqual([])
})

test('the files say what their schema says, and can be kept', async ({ device, request }) => {
  const page = await device()
  await published(page)
  await page.goto('/open-data')
  const paths = await page.locator('a[href^="/open-data/outcomes-"]').evaluateAll(links => links.map(link => link.getAttribute('href')))
  expect(paths.length).toBeGreaterThan(0)
  const check = new Ajv({ allowUnionTypes: true, strictTypes: false }).compile(await (await request.get('/open-data/schema.json')).json())
  for (const path of paths) {
    const answer = await request.get(path)
    expect(answer.status(), path).toBe(200)
    const { etag, 'cache-control': kept, 'last-modified': changed } = answer.headers()
    expect(kept).toContain('public')
    expect(changed).toBeTruthy()
    expect((await request.get(path, { headers: { 'If-None-Match': etag } })).status()).toBe(304)
    if (path.endsWith('.json')) {
      const data = await answer.json()
      expect(check(data), `${path}: ${JSON.stringify(check.errors)}`).toBe(true)
      expect(data.demo).toBe(true)
    } else {
      expect((await answer.body()).subarray(0, 3).toString('hex')).toBe('efbbbf')
    }
  }
  expect((await request.get('/open-data/outcomes-1999-01-by-place.csv')).status()).toBe(404)
})

test('an administrator puts right and withdraws, on record', async ({ as, device }) => {
  const page = await device()
  await published(page)
  const admin = await as('city-admin')
  await admin.goto('/desk/admin/open')
  await sound(admin)
  const row = admin.locator('tbody tr').last()
  const period = (await row.locator('th a').innerText()).trim()
  await row.getByRole('link', { name: '撤回' }).click()
  await sound(admin)
  await admin.getByLabel('理由').fill('演练：地点写错了')
  await admin.getByRole('button', { name: '撤回' }).click()
  await expect(admin.locator('tbody tr').last()).toContainText('撤回')
  await page.goto('/open-data')
  await expect(page.getByText(`撤回了${period}：演练：地点写错了`)).toBeVisible()
  await admin.locator('tbody tr').last().getByRole('link', { name: '更正' }).click()
  await admin.getByLabel('理由').fill('演练：又公布')
  await admin.getByRole('button', { name: '更正' }).click()
  await expect(admin.locator('tbody tr').last()).toContainText('第 3 版')
  await page.reload()
  await expect(page.getByText(`更正了${period}：演练：又公布`)).toBeVisible()
  await admin.goto('/desk/admin/open/least')
  await admin.getByLabel('多大的数才公布').fill('4')
  await admin.getByRole('button', { name: '保存' }).click()
  await expect(admin.getByText('请填 5 到 100 之间的数').first()).toBeVisible()
  await sound(admin)
})
