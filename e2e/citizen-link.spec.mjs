// The link with which a text message ends: it asks for the PIN alone and leads to the document. A gateway of the test's own takes the messages.
import { createServer } from 'node:http'
import { codes, expect, signIn, sound, test } from './helpers.mjs'

const settings = '/desk/admin/notices/settings'
const messages = []
const gateway = createServer((request, response) => {
  let body = ''
  request.on('data', part => { body += part })
  request.on('end', () => {
    messages.push(JSON.parse(body).say)
    response.end('ok')
  })
})

test.beforeAll(async () => { await new Promise(ready => gateway.listen(0, '127.0.0.1', ready)) })

// The other tests go on as they are used to: without a gateway.
test.afterAll(async ({ browser }) => {
  const page = await browser.newPage()
  await signIn(page, 'city-admin')
  await page.goto(settings)
  for (const name of ['短信网关地址', '本网站的对外地址']) await page.getByLabel(name).fill('')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page).not.toHaveURL(settings)
  await page.context().close()
  await new Promise(closed => gateway.close(closed))
})

test('a text message leads to the document by its link and the PIN', async ({ page, as, device, baseURL, javaScriptEnabled }) => {
  const admin = await as('city-admin')
  await admin.goto(settings)
  const address = admin.getByLabel('本网站的对外地址')
  await address.fill(baseURL + '/path')
  await admin.getByLabel('短信网关地址').fill(`http://127.0.0.1:${gateway.address().port}/send`)
  await admin.getByLabel('请求正文').fill('{"to":"{phone}","say":"{text}","id":"{id}"}')
  for (const name of ['不发的时间从', '到这时为止']) await admin.getByLabel(name).fill('00:00')
  await admin.getByRole('button', { name: '保存' }).click()
  await expect(admin.getByRole('alert').getByRole('link')).toHaveCount(1)
  await address.fill(baseURL)
  await admin.getByRole('button', { name: '保存' }).click()
  await expect(admin).toHaveURL('/desk/admin/notices')

  const next = () => page.getByRole('button', { name: /保存，下一步/ }).last().click()
  await page.goto('/file/who')
  await page.getByLabel('姓名', { exact: true }).fill('周长顺')
  await page.getByLabel('电话').fill('13800000001')
  await page.getByRole('checkbox', { name: /短信/ }).check()
  await next()
  await page.getByLabel('用一句话说这件事').fill('楼道灯不亮')
  await page.getByLabel('查找地点').fill('相府社区')
  await page.getByRole('button', { name: '查找' }).click()
  await page.getByRole('radio', { name: /相府社区/ }).check()
  await page.getByLabel(/^经过/).fill('楼道灯坏了一个月')
  await page.getByRole('radio', { name: '没有', exact: true }).check()
  await next()
  await page.getByLabel('第 1 条诉求').fill('修好楼道灯')
  await next()
  await next()
  const before = messages.length
  await page.getByRole('button', { name: '提交，拿回执' }).last().click()
  const receipt = await codes(page)
  await expect.poll(() => messages.length, { timeout: 30_000 }).toBeGreaterThan(before)
  const said = messages.at(-1)
  const link = said.slice(said.lastIndexOf(' ') + 1)
  expect(link).toMatch(new RegExp(`^${baseURL}/go/[0-9a-z]{14,24}$`))
  for (const secret of ['周长顺', '13800000001', receipt.code, receipt.pin]) expect(said).not.toContain(secret)

  const phone = await device({ viewport: { width: 390, height: 844 }, javaScriptEnabled })
  const answer = await phone.goto(link)
  expect(answer.status()).toBe(200)
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('您反映的事有新消息')
  await expect(phone.getByRole('main')).not.toContainText(/楼道灯|周长顺|查询码：/)
  await sound(phone, { javaScriptEnabled })
  await phone.getByLabel('六位密码').fill('wrong')
  await phone.getByRole('button', { name: '打开看' }).click()
  await expect(phone.getByText(/密码对不上/).first()).toBeVisible()
  await sound(phone, { javaScriptEnabled })
  await phone.getByLabel('六位密码').fill(receipt.pin)
  await phone.getByRole('button', { name: '打开看' }).click()
  await expect(phone).toHaveURL(/\/my\/papers\/[0-9-]+\/1$/)
  await expect(phone.getByRole('main')).toContainText('周长顺')
  await sound(phone, { javaScriptEnabled })

  const stranger = await device({ viewport: { width: 390, height: 844 }, javaScriptEnabled, locale: 'en' })
  await stranger.goto(link.slice(0, -1))
  await expect(stranger.getByText(/does not lead anywhere any more/)).toBeVisible()
  await expect(stranger.getByLabel('Query code')).toBeVisible()
  await sound(stranger, { javaScriptEnabled })
  await stranger.goto(link)
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('There is something new about your petition')
  expect((await stranger.getByRole('main').innerText()).match(/[\u4e00-\u9fff]+/g) ?? []).toEqual([])
  await sound(stranger, { javaScriptEnabled })
})
