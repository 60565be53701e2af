// The first hour of a new office: an empty folder, the page that sets it up, the first visit registered. It has a server of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codes, expect, signIn, sound, test, track } from './helpers.mjs'
import { firstRun } from './servers.mjs'

const root = `http://127.0.0.1:${firstRun}`
const password = '石桥 春水 梨花 渡船'
let server, data

test.use({ baseURL: root })

test.beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'huiyin-e2e-first-'))
  server = spawn('./bin/huiyin', ['serve', '--data', data, '--listen', `127.0.0.1:${firstRun}`], { cwd: join(import.meta.dirname, '..'), stdio: 'ignore' })
  await expect.poll(() => fetch(`${root}/readyz`).then(answer => answer.status, () => 0), { timeout: 30_000 }).toBe(204)
})

test.afterAll(async () => {
  const gone = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGTERM')
  await gone
  rmSync(data, { recursive: true })
})

test('an empty folder becomes an office that registers its first visit', async ({ page, device }) => {
  await page.goto('/')
  await expect(page).toHaveURL('/setup')
  await sound(page)
  await page.getByRole('button', { name: '建好，开始使用' }).click()
  await expect(page.getByRole('alert').getByRole('link').first()).toBeVisible()
  await page.getByLabel('姓名', { exact: true }).fill('孙建')
  await page.locator('input[type=search]').fill('淳安')
  await page.getByRole('button', { name: '查找' }).click()
  await page.getByRole('radio', { name: /淳安县/ }).check()
  await expect(page.getByLabel('姓名', { exact: true })).toHaveValue('孙建')
  await page.getByLabel('登录名', { exact: true }).fill('sun')
  await page.getByLabel('新密码', { exact: true }).fill(password)
  await page.getByLabel('再写一遍新密码').fill(password)
  await sound(page)
  await page.getByRole('button', { name: '建好，开始使用' }).click()
  await expect(page).toHaveURL('/desk/sign-in')
  expect((await page.goto('/setup')).status()).toBe(404) // once and never again
  await signIn(page, 'sun', password)
  await sound(page)

  // the administrator takes in the first registrar
  await page.goto('/desk/admin/people/new')
  await page.getByLabel('姓名', { exact: true }).fill('何登记')
  await page.getByLabel('登录名', { exact: true }).fill('he')
  await page.getByRole('radio', { name: /^登记员/ }).check()
  const unit = page.getByRole('group', { name: '单位', exact: true })
  await unit.locator('input[type=search]').fill('信访局')
  await unit.getByRole('button', { name: '查找' }).click()
  await unit.getByRole('radio', { name: /信访局/ }).first().check()
  await page.getByRole('button', { name: '新增人员' }).click()
  const first = await page.locator('[data-secret]').innerText()

  const registrar = await device()
  await signIn(registrar, 'he', first)
  await registrar.getByLabel('现在的密码').fill(first)
  await registrar.getByLabel('新密码', { exact: true }).fill(password)
  await registrar.getByLabel('再写一遍新密码').fill(password)
  await registrar.getByRole('button', { name: '换密码' }).click()
  await registrar.goto('/desk')
  await expect(registrar.getByRole('heading', { name: '现在没有要办的事项' })).toBeVisible()
  await sound(registrar)
  await registrar.goto('/desk/register')
  await registrar.getByRole('group', { name: '信访人 1' }).getByLabel('姓名').fill('余来访')
  await registrar.getByRole('group', { name: '信访人 1' }).getByLabel('电话').fill('13800000004')
  await registrar.getByLabel('一句话概括').fill('村口的桥栏杆断了两个月')
  await registrar.getByLabel('诉求 1').fill('修好栏杆')
  await registrar.getByLabel('查找地点').fill('千岛湖镇')
  await registrar.getByRole('group', { name: /事发地点/ }).getByRole('button', { name: '查找' }).click()
  await registrar.getByRole('radio', { name: /千岛湖镇/ }).first().check()
  await registrar.getByRole('button', { name: '登记并打印回执' }).last().click()
  await expect(registrar).toHaveURL(/\/desk\/receipt\//)
  const receipt = await codes(registrar)
  expect(await registrar.locator('body').innerText()).toContain('330127-')

  const petitioner = await device()
  await track(petitioner, receipt)
  await expect(petitioner.getByRole('heading', { level: 1 })).toHaveText('村口的桥栏杆断了两个月')
  await sound(petitioner)
})
