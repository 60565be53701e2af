// What lets other systems in: keys with limits that rotate, webhooks with their messages, batches that were handed over.
import { expect, sound, test } from './helpers.mjs'

const done = page => expect(page.locator('.toast')).toBeVisible()

/** Chooses a unit in a picker: what was typed is looked up, the first that fits is taken. */
async function unit(page, words, name) {
  const box = page.getByRole('group', { name: '单位' })
  await box.locator('input[type=search]').fill(words)
  await box.getByRole('button', { name: '查找' }).click()
  await box.getByRole('radio', { name }).first().check()
}

async function both(page) {
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    await sound(page)
  }
}

test('a key is made, used, rotated and what it hands over is listed', async ({ as, request }) => {
  const page = await as('admin')
  await page.goto('/desk/admin/keys/new')
  await page.getByLabel('用途').fill('便民热线')
  await unit(page, '信访局', /信访局/)
  await page.getByRole('radio', { name: /登记/ }).first().check()
  await page.getByRole('checkbox', { name: '批量导入' }).check()
  await page.getByRole('checkbox', { name: '查看', exact: true }).check()
  await page.getByLabel(/每分钟最多请求数/).fill('120')
  await both(page)
  await page.getByRole('button', { name: '新建密钥' }).click()
  const key = await page.locator('[data-secret]').innerText()
  const sign = value => ({ Authorization: 'Bearer ' + value.trim(), 'Accept-Language': 'zh', 'Idempotency-Key': 'e2e-batch-1' })
  const own = await request.get('/api/v1/keys/own', { headers: sign(key) })
  expect(own.status()).toBe(200)
  expect(own.headers()['ratelimit-policy']).toBe('"key";q=120;w=60')
  const sent = await request.post('/api/v1/imports', {
    headers: sign(key),
    data: [
      { sender: '便民热线', sender_number: 'E1', channel: 'phone', received: '2026-09-20', title: '路灯不亮', narrative: '坏了一个月', petitioner_name: '卢某', place_code: '330112' },
      { sender: '便民热线', sender_number: 'E2', channel: 'pigeon', received: '2026-09-20', title: '井盖松动', narrative: '夜里响' },
    ],
  })
  expect(sent.status()).toBe(200)
  expect(await sent.json()).toMatchObject({ accepted: 1, refused: 1, state: 'done' })

  await page.goto('/desk/admin/imports')
  await both(page)
  await page.getByRole('link', { name: /批次/ }).first().click()
  await expect(page.getByText('E2', { exact: true })).toBeVisible()
  await both(page)

  await page.goto('/desk/admin/keys')
  await both(page)
  const row = page.getByRole('row', { name: /便民热线/ })
  await expect(row).toContainText('每分钟 120 次')
  await expect(row).toContainText('最近使用')
  await row.getByRole('link', { name: '更换' }).click()
  await page.getByRole('radio', { name: '1 小时' }).check()
  await both(page)
  await page.getByRole('button', { name: '更换' }).click()
  const next = await page.locator('[data-secret]').innerText()
  expect(next).not.toBe(key)
  for (const value of [key, next]) expect((await request.get('/api/v1/keys/own', { headers: sign(value) })).status()).toBe(200)
})

test('a webhook is made, tested, sent again, paused and given up', async ({ as }) => {
  const page = await as('admin')
  await page.goto('/desk/admin/webhooks')
  await both(page)
  await page.keyboard.press('n')
  await expect(page).toHaveURL(/webhooks\/new$/)
  await page.getByRole('button', { name: '新建推送' }).click()
  await expect(page.getByRole('alert').getByRole('link').first()).toBeVisible()
  await page.getByLabel('用途').fill('热线系统')
  await unit(page, '信访局', /信访局/)
  await page.getByLabel(/送到哪里/).fill('https://127.0.0.1:9/hook')
  await page.getByRole('checkbox', { name: '受理', exact: true }).check()
  await both(page)
  await page.getByRole('button', { name: '新建推送' }).click()
  await expect(page.locator('[data-secret]')).toContainText('whsec_')
  await page.getByRole('link', { name: '打开这个推送' }).click()
  await page.getByRole('button', { name: '发一条测试' }).click()
  await done(page)
  await expect(async () => { // the address is inside, so that it is not called
    await page.reload()
    await expect(page.getByText('address not allowed')).toBeVisible({ timeout: 500 })
  }).toPass()
  await both(page)
  await page.getByRole('link', { name: '重发一段时间的' }).click()
  await both(page)
  await page.getByRole('button', { name: '重发一段时间的' }).click()
  await done(page)
  await page.getByRole('button', { name: '暂停' }).click()
  await done(page)
  await page.getByRole('button', { name: '恢复' }).click()
  await done(page)
  await page.goto('/language?lang=en&to=' + new URL(page.url()).pathname)
  await both(page)
  await page.goto('/language?lang=zh&to=/desk/admin/webhooks')
  await page.getByRole('link', { name: '热线系统' }).click()
  await page.getByRole('link', { name: '撤销' }).click()
  await page.getByRole('button', { name: '撤销' }).click()
  await done(page)
})
