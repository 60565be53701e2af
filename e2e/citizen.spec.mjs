// What a citizen does: read, file in steps, keep a draft, follow, add, urge, withdraw. The same on a phone, without JavaScript, and at a desk.
import { codes, expect, fact, photo, sound, spoken, test, track } from './helpers.mjs'

const demands = ['疏通四组的水渠', '赔偿被淹的稻田']
const title = '村道施工堵了水渠，稻田被淹'

test('the front page says what can be done here', async ({ page, javaScriptEnabled }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('有事请说，事事有回音')
  await expect(page.getByText('60 日内：逐条答复')).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: '我要反映' })).toBeVisible()
  await expect(page.getByRole('link', { name: '12345' }).first()).toHaveAttribute('href', 'tel:12345')
  await expect(page.getByText('这是演示')).toBeVisible()
  await sound(page, { javaScriptEnabled })
  for (const [link, heading] of [['怎么办、多久办', /怎么办/], ['隐私与查看记录', /隐私|信息/], ['怎样核验记录', /核验/]]) {
    await page.goto('/')
    await page.getByRole('contentinfo').getByRole('link', { name: link }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
    await sound(page, { javaScriptEnabled })
  }
})

test('everything is there in English and in large print', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Every matter is answered/)
  await page.getByRole('link', { name: 'Large print' }).click()
  for (const path of ['/', '/how', '/privacy', '/proof', '/track', '/file/who', '/receipt']) {
    await page.goto(path)
    await expect(page.locator('html')).toHaveAttribute('data-text', 'large')
    await sound(page, { javaScriptEnabled: false }) // axe reads the Chinese page; here it is the words and the width
    const han = (await page.getByRole('main').innerText()).match(/[\u4e00-\u9fff]+/g) ?? []
    expect(han, `Chinese left on ${path}`).toEqual([])
  }
  await page.getByRole('link', { name: 'Normal print' }).click()
  await expect(page.locator('html')).not.toHaveAttribute('data-text', 'large')
  await page.getByRole('link', { name: '中文' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
})

test('an address without a page says so and leads home', async ({ page, javaScriptEnabled }) => {
  const answer = await page.goto('/no/such/page')
  expect(answer.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有找到这一页')
  await sound(page, { javaScriptEnabled })
  await page.getByRole('link', { name: '回到首页' }).click()
  await expect(page).toHaveURL('/')
})

test.describe.serial('a petition', () => {
  let receipt

  test('is filed in steps, with a draft taken to another device', async ({ page, device, javaScriptEnabled }) => {
    const step = async (on, path) => {
      await expect(on).toHaveURL(path)
      await sound(on, { javaScriptEnabled })
    }
    const next = on => on.getByRole('button', { name: /保存，下一步/ }).last().click()
    const faults = on => on.getByRole('alert').getByRole('link')

    await page.goto('/')
    await page.getByRole('main').getByRole('link', { name: '我要反映' }).click()
    await step(page, '/file/who')
    // what is wrong is said beside the field and above, and what was typed stays
    await page.getByLabel('电话').fill('0571-0000')
    await page.getByLabel('住址').fill('虹桥村四组')
    await next(page)
    await expect(faults(page).first()).toBeVisible()
    await expect(page.getByLabel('电话')).toHaveValue('0571-0000')
    await expect(page.getByLabel('住址')).toHaveValue('虹桥村四组')
    await sound(page, { javaScriptEnabled })
    await faults(page).first().click()
    await expect(page).toHaveURL(/#f-petitioners-0-/)
    await page.getByLabel('姓名', { exact: true }).fill('陈玉兰')
    await page.getByLabel('电话').fill('13800000000')
    await next(page)

    await step(page, '/file/what')
    await page.getByLabel(/^经过/).fill('上月修路，土方堆进了水渠。\n八月二十日大雨，三亩稻田被淹。')
    await next(page)
    await expect(faults(page)).toHaveCount(2) // no title, no place
    await expect(page.getByLabel(/^经过/)).toHaveValue('上月修路，土方堆进了水渠。\n八月二十日大雨，三亩稻田被淹。')
    await page.getByLabel('用一句话说这件事').fill(title)
    await page.getByLabel('查找地点').fill('hqc')
    await page.getByRole('button', { name: '查找' }).click()
    await expect(page).toHaveURL(/find=place/)
    await expect(page.getByLabel('用一句话说这件事')).toHaveValue(title)
    await page.getByRole('radiogroup', { name: '找到的地点' }).getByRole('radio', { name: /虹桥村/ }).first().check()
    await page.getByLabel(/^具体位置/).fill('四组水渠边')
    await page.getByRole('radio', { name: '没有', exact: true }).check()
    await page.getByRole('button', { name: '先存草稿，以后再写' }).click()

    await step(page, '/file/saved')
    const link = await page.getByRole('link', { name: /\/file\/resume\// }).getAttribute('href')
    const other = await device({ javaScriptEnabled })
    await other.goto(link)
    await sound(other, { javaScriptEnabled })
    await other.getByRole('button', { name: '打开草稿' }).click()
    await step(other, '/file/who')
    await expect(other.getByLabel('姓名', { exact: true })).toHaveValue('陈玉兰')
    // the link has done its work
    expect((await page.goto(link)).status()).toBe(404)

    await next(other)
    await expect(other.getByLabel('用一句话说这件事')).toHaveValue(title)
    await expect(other.getByText('已选')).toBeVisible()
    await sound(other, { javaScriptEnabled })
    await next(other)
    await step(other, '/file/demands')
    await other.getByLabel('第 1 条诉求').fill(demands[0])
    await other.getByRole('button', { name: '再加一条诉求' }).click()
    await other.getByLabel('第 2 条诉求').fill('写错的一条')
    await other.getByRole('button', { name: '再加一条诉求' }).click()
    await other.getByLabel('第 3 条诉求').fill(demands[1])
    await other.getByRole('button', { name: '删去第 2 条' }).click()
    await expect(other.getByLabel('第 2 条诉求')).toHaveValue(demands[1])
    await sound(other, { javaScriptEnabled })
    await next(other)

    await step(other, '/file/materials')
    await other.getByLabel(/^材料/).setInputFiles({ name: '录音.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ nothing') })
    await other.getByRole('button', { name: '上传选好的文件' }).click()
    await expect(faults(other)).toHaveCount(1)
    await other.getByLabel(/^材料/).setInputFiles(photo)
    await other.getByRole('button', { name: '上传选好的文件' }).click()
    await expect(other.getByRole('listitem').filter({ hasText: photo.name })).toBeVisible()
    await next(other)

    await step(other, '/file/review')
    for (const words of ['陈玉兰', title, '虹桥村', ...demands, photo.name]) await expect(other.getByText(words).first()).toBeVisible()
    await expect(other.getByText(/提交后由 临安区信访局 收下/)).toBeVisible()
    await other.getByRole('button', { name: '提交，拿回执' }).last().click()

    await step(other, '/receipt')
    receipt = await codes(other)
    expect(receipt.code.replaceAll('-', '')).toMatch(/^[0-9A-Z]{12}$/)
    expect(receipt.pin).toMatch(/^\d{6}$/)
    await expect(fact(other, '登记编号')).toHaveText(/^330112-\d{4}-\d{7}$/)
    await expect(other.getByRole('img', { name: /二维码|QR/ })).toBeVisible()
    for (const words of demands) await expect(other.getByText(words)).toBeVisible()
    await expect(other.getByText('这一天是怎么算出来的')).toBeVisible()

    await other.getByRole('button', { name: '我已抄好，收起密码' }).click()
    await expect(other.getByRole('status')).toContainText('密码已收起')
    await expect(other.getByLabel('查询码')).toHaveValue(receipt.code)
    await other.goto('/receipt')
    await expect(other.getByRole('heading', { level: 1 })).toHaveText('回执已经收起')
    await expect(other.getByText(receipt.pin)).toHaveCount(0)
  })

  test('is followed by code and PIN', async ({ page, javaScriptEnabled }) => {
    await page.goto('/track')
    await sound(page, { javaScriptEnabled })
    await page.getByLabel('查询码').fill(receipt.code.toLowerCase())
    await page.getByLabel('六位密码').fill(receipt.pin === '000000' ? '000001' : '000000')
    await page.getByRole('button', { name: '查询' }).click()
    await expect(page.getByRole('alert')).toContainText('查询码和密码对不上')
    await expect(page.getByLabel('查询码')).toHaveValue(receipt.code.toLowerCase())
    await expect(page.getByLabel('六位密码')).toHaveValue('')
    await sound(page, { javaScriptEnabled })
    // a slip of the pen in the code is told apart
    await page.getByLabel('查询码').fill(receipt.code.slice(0, -1) + (receipt.code.endsWith('A') ? 'B' : 'A'))
    await page.getByLabel('六位密码').fill(receipt.pin)
    await page.getByRole('button', { name: '查询' }).click()
    await expect(page.getByRole('alert').getByRole('link')).toHaveCount(1)
    await expect(page).not.toHaveURL(/\/my$/)

    await track(page, receipt)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    await expect(page.getByText('现在：已登记。')).toBeVisible()
    await expect(page.getByText('您的 2 条诉求')).toBeVisible()
    await expect(page.getByText('还没有人打开过')).toBeVisible()
    await expect(page.getByRole('heading', { name: '最迟哪一天' })).toBeVisible()
    await sound(page, { javaScriptEnabled })
    const got = page.waitForEvent('download')
    await page.getByRole('link', { name: photo.name }).click()
    expect((await got).suggestedFilename()).toBe(photo.name)
  })

  test('gets more material and is urged once', async ({ page, javaScriptEnabled }) => {
    await track(page, receipt)
    await page.getByRole('link', { name: '补充材料' }).first().click()
    await sound(page, { javaScriptEnabled })
    await page.getByRole('button', { name: '交上去' }).click()
    await expect(page.getByRole('alert').first()).toBeVisible()
    await page.getByLabel(/^补充说明/).fill('这是八月二十一日拍的照片')
    await page.getByLabel(/^材料/).setInputFiles({ ...photo, name: '淹田.png' })
    await page.getByRole('button', { name: '交上去' }).click()
    await expect(page).toHaveURL(/\/my$/)
    await expect(page.getByRole('status')).toContainText('已补充')
    await expect(page.getByText('您补充的材料收到了')).toBeVisible()
    await expect(page.getByRole('link', { name: /淹田\.png/ })).toBeVisible()

    await page.getByRole('link', { name: '催办' }).first().click()
    await sound(page, { javaScriptEnabled })
    await page.getByRole('button', { name: '催一下' }).click()
    await expect(page.getByText('催办了，单位看得到')).toBeVisible()
    await page.getByText('现在还不能做的').click()
    await expect(page.getByText(/您刚催过，单位已经收到。.+起可以再催/)).toBeVisible()
    expect((await page.goto('/my/act/urge')).status()).toBeGreaterThanOrEqual(400)
    await spoken(page)
  })

  test('gets one more demand and is withdrawn', async ({ page, javaScriptEnabled }) => {
    await track(page, receipt)
    await page.getByRole('link', { name: '加一条诉求' }).first().click()
    await page.getByLabel(/^诉求/).fill('清走路边的土方')
    await page.getByRole('button', { name: '加上这条诉求' }).click()
    await expect(page.getByText('您的 3 条诉求')).toBeVisible()
    await page.getByRole('link', { name: '撤回' }).first().click()
    await sound(page, { javaScriptEnabled })
    await page.getByRole('button', { name: '确认撤回' }).click()
    await expect(page.getByText('现在：已撤回。')).toBeVisible()
    await sound(page, { javaScriptEnabled })
    await page.getByRole('button', { name: '看完了，关上' }).click()
    await expect(page).toHaveURL('/')
    await expect(page.getByRole('status')).toContainText('已关上')
    await page.goto('/my')
    await expect(page).toHaveURL(/\/track$/)
  })
})
