// What the staff do at a desk: sign in, work down the list, register from the keyboard, see why not, keep what was typed when somebody was faster.
import { codes, expect, fact, sound, test, track } from './helpers.mjs'

test('the door opens to who has the key, and leads on to where one was going', async ({ page }) => {
  await page.goto('/desk/register')
  await expect(page).toHaveURL(/\/desk\/sign-in\?to=/)
  await sound(page)
  await page.getByLabel('登录名').fill('window')
  await page.getByLabel('密码').fill('not the password')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByLabel('登录名')).toHaveValue('window')
  await expect(page.getByLabel('密码')).toHaveValue('')
  await sound(page)
  const wrong = await page.getByRole('alert').innerText()
  await page.getByLabel('登录名').fill('nobody of that name')
  await page.getByLabel('密码').fill('not the password')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('alert')).toHaveText(wrong) // nothing is learnt about names
  await page.getByLabel('登录名').fill('window')
  await page.getByLabel('密码').fill('huiyin-demo-2026')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page).toHaveURL('/desk/register')
  await page.getByRole('button', { name: '退出' }).click()
  await expect(page).toHaveURL('/desk/sign-in')
  await page.goto('/desk')
  await expect(page).toHaveURL(/sign-in/)
})

test('a person with two duties works under one at a time', async ({ as }) => {
  const page = await as('town')
  await expect(page.getByText('蒋春耕（登记员）')).toBeVisible()
  await page.goto('/desk/duty')
  await sound(page)
  await page.getByRole('listitem').filter({ hasText: '承办人' }).getByRole('button', { name: '换成这个职责' }).click()
  await expect(page.getByText('蒋春耕（承办人）')).toBeVisible()
})

test('the worklist puts the most urgent first and is walked from the keyboard', async ({ as }) => {
  const page = await as('dispatch')
  await page.goto('/desk?list=all')
  await sound(page)
  const rows = page.locator('[data-worklist] tbody tr')
  // by the legal day, which stands beside the safe one where they differ
  const days = await rows.evaluateAll(list => list.filter(row => row.querySelector('time')).map(row => {
    const shown = row.querySelector('time').dateTime
    const legal = row.innerText.match(/法定 (\d\d)-(\d\d)/)
    const year = Number(shown.slice(0, 4)) + (legal && legal[1] < shown.slice(5, 7) ? 1 : 0)
    return legal ? `${year}-${legal[1]}-${legal[2]}` : shown
  }))
  expect(days.length).toBeGreaterThan(10)
  expect(days).toEqual(days.toSorted())

  // each view shows as many as its figure says
  for (const view of ['已超期', '快到期', '待签收', '待处理', '等信访人']) {
    const link = page.getByRole('navigation', { name: '按缓急看' }).getByRole('link', { name: view })
    const n = Number((await link.innerText()).match(/\d+/)[0])
    await link.click()
    await expect(link).toHaveAttribute('aria-current', 'page')
    await expect(rows).toHaveCount(n)
    expect(n).toBeGreaterThan(0)
  }

  await page.goto('/desk?list=all')
  await expect(rows.nth(0)).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(rows.nth(2)).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('k')
  await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true')
  await expect(rows.nth(1).getByRole('link')).toBeFocused()
  const title = await rows.nth(1).getByRole('link').innerText()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title)

  await page.goto('/desk?list=all')
  await page.keyboard.press('2')
  await expect(page).toHaveURL(/list=unit/)
  await page.keyboard.press('3')
  await expect(page).toHaveURL(/list=all/)
  await page.keyboard.press(']')
  await expect(page).toHaveURL(/page=/)
  await page.keyboard.press('[')
  await expect(page).not.toHaveURL(/page=/)
  await page.keyboard.press('/')
  await expect(page.locator('input[type=search]')).toBeFocused()
  await page.keyboard.type('门口的路灯')
  await page.keyboard.press('Enter')
  await expect(rows).toHaveCount(1)
  await expect(rows.getByRole('link')).toHaveText('学校门口的路灯坏了一个月')
  await expect(page).toHaveURL(/\/desk\/find\?.*state=open/) // within what the list showed
  await page.goto('/desk?list=all&q=没有这样的事')
  await expect(page.getByRole('heading', { name: '没有找到符合的事项' })).toBeVisible()
  await sound(page)
})

test('on a phone the worklist is cards that fit', async ({ as }) => {
  const page = await as('dispatch', { viewport: { width: 390, height: 844 } })
  await page.goto('/desk?list=all')
  await sound(page)
  await page.locator('[data-worklist] tbody tr').first().getByRole('link').click()
  await sound(page)
})

for (const [width, height, beside] of [[390, 844, false], [1440, 900, true]]) {
  test(`what can be done stands ${beside ? 'beside' : 'before'} the course at ${width} px`, async ({ as }) => {
    const page = await as('dispatch', { viewport: { width, height } })
    await page.goto('/desk?list=all')
    await page.locator('[data-worklist] tbody tr').first().getByRole('link').click()
    const box = name => page.getByRole('heading', { name, exact: true }).boundingBox()
    const [clocks, can, course] = [await box('法定时钟'), await box('现在可以做'), await box('经过')]
    expect(can.y).toBeLessThan(course.y)
    if (beside) {
      expect(can.x).toBeGreaterThan(course.x + 300)
      expect(Math.abs(can.y - clocks.y)).toBeLessThan(60)
    } else {
      expect(can.y).toBeGreaterThan(clocks.y)
    }
    // the keyboard meets the steps before what was said and done
    const order = await page.locator('#can, #demands, #course').evaluateAll(list => list.map(el => el.id))
    expect(order).toEqual(['can', 'demands', 'course'])
  })
}

test('no text in a field is cut off', async ({ as }) => {
  const page = await as('window', { viewport: { width: 390, height: 844 } })
  for (const lang of ['zh', 'en']) {
    for (const path of ['/desk?list=all', '/desk/register']) {
      await page.goto(`/language?lang=${lang}&to=${encodeURIComponent(path)}`)
      const cut = await page.locator('input[placeholder]').evaluateAll(list => list.filter(el => {
        const pen = document.createElement('canvas').getContext('2d')
        const style = getComputedStyle(el)
        pen.font = `${style.fontSize} ${style.fontFamily}`
        return pen.measureText(el.placeholder).width > el.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
      }).map(el => el.placeholder))
      expect(cut, `${lang} ${path}`).toEqual([])
    }
  }
  await page.goto('/language?lang=zh&to=/desk')
})

test('what no clock reminds of says whose turn it is and since when', async ({ as }) => {
  const page = await as('urban')
  await page.goto('/desk?list=unit')
  const row = page.getByRole('row').filter({ hasText: '行道树的根顶坏了院墙' })
  await expect(row.locator('.clock-chip')).toHaveAttribute('data-light', 'rest')
  await expect(row).toContainText('没有期限')
  await row.getByRole('link').click()
  await expect(page.locator('.note').first()).toContainText(/等单位办结 · .+：从 .+ 起，已经 \d+ 天/)
  await sound(page)
})

test.describe.serial('a group visit', () => {
  const title = '小区地下车库积水，七户车辆受损'
  let receipt, number

  test('is registered from the keyboard alone', async ({ as }) => {
    const page = await as('window')
    const keys = page.keyboard
    /** Goes on by Tab to a field, as who has no mouse does, and types. */
    const type = async (field, text) => {
      for (let steps = 0; !await field.evaluate(el => el === document.activeElement); steps++) {
        expect(steps, `Tab does not lead to ${field}`).toBeLessThan(80)
        await keys.press('Tab')
      }
      if (text) await keys.type(text)
    }
    const person = (n, label) => page.getByRole('group', { name: `信访人 ${n}` }).getByLabel(label)

    await page.goto('/desk')
    await keys.press('n')
    await expect(page).toHaveURL('/desk/register')
    await sound(page)
    await expect(person(1, '姓名')).toBeFocused()
    await keys.type('高新民')
    await type(person(1, '电话'), '13800000002')
    await type(person(1, '身份'))
    await keys.press('ArrowDown')
    await expect(person(1, '身份')).toHaveValue('representative')
    await keys.press('Alt+p')
    await expect(person(2, '姓名')).toBeFocused()
    await keys.type('方小燕')
    await type(person(2, '电话'), '13800000003')
    await type(person(2, '身份'))
    await keys.press('ArrowDown')
    await type(page.getByLabel('一句话概括'), title)
    await type(page.getByLabel('诉求 1'), '修好排水泵')
    await keys.press('Alt+d')
    await expect(page.getByLabel('诉求 2')).toBeFocused()
    await keys.type('赔偿修车的钱')
    // several places fit: the keyboard stands on the first of them
    await type(page.getByLabel('查找地点'), '新民')
    await keys.press('Enter')
    await expect(page.getByRole('radiogroup', { name: '找到的地点' }).getByRole('radio').first()).toBeFocused()
    await expect(page.getByLabel('诉求 2')).toHaveValue('赔偿修车的钱')
    // one alone fits: it is chosen already
    await page.getByLabel('查找地点').focus()
    await keys.press('Control+a')
    await keys.type('xmlsq')
    await keys.press('Enter')
    await expect(page.getByRole('radio', { name: /新民里社区/ })).toBeFocused()
    await expect(page.getByRole('radio', { name: /新民里社区/ })).toBeChecked()
    await type(page.getByLabel(/^来了或署名几人/), '7')
    await keys.press('Control+Enter')

    await expect(page).toHaveURL(/\/desk\/receipt\//)
    await sound(page)
    receipt = await codes(page)
    number = await fact(page, '登记编号').innerText()
    for (const words of [title, '修好排水泵', '赔偿修车的钱']) await expect(page.getByText(words)).toBeVisible()
    await expect(page.getByRole('button', { name: '打印回执' })).toBeVisible()
    await page.emulateMedia({ media: 'print' })
    await expect(page.getByRole('banner')).toBeHidden()
    await expect(page.getByRole('button', { name: '打印回执' })).toBeHidden()
    await expect(page.getByText(receipt.code)).toBeVisible()
    await page.emulateMedia({ media: 'screen' })
    await page.reload()
    await expect(page.getByText(receipt.pin)).toHaveCount(0) // shown once
    await page.goto(`/desk/matters/${number}`)
    await expect(page.getByText('集体访 7 人')).toBeVisible()
  })

  test('one visitor is registered with a dozen keys beside the words', async ({ as }) => {
    const page = await as('window')
    let pressed = 0
    const press = key => { pressed++; return page.keyboard.press(key) }
    const to = async field => {
      while (!await field.evaluate(el => el === document.activeElement)) {
        expect(pressed).toBeLessThanOrEqual(12)
        await press('Tab')
      }
    }
    await page.goto('/desk')
    const began = Date.now()
    await press('n')
    await expect(page.getByLabel('姓名')).toBeFocused()
    await page.keyboard.type('高新民')
    for (const [label, words] of [['电话', '13800000002'], ['一句话概括', '路灯坏了'], ['诉求 1', '修好路灯'], ['查找地点', 'xmlsq']]) {
      await to(page.getByLabel(label, { exact: true }))
      await page.keyboard.type(words)
    }
    await press('Control+Enter')
    await expect(page).toHaveURL(/\/desk\/receipt\//)
    expect(pressed).toBeLessThanOrEqual(12)
    expect(Date.now() - began).toBeLessThan(60_000)
  })

  test('keeps what was typed when something is wrong', async ({ as }) => {
    const page = await as('window')
    await page.goto('/desk/register')
    await page.getByLabel(/^经过/).fill('排水泵坏了半年')
    await page.getByRole('group', { name: '信访人 1' }).getByLabel('证件号码').fill('330112199001011')
    await page.getByRole('button', { name: '登记并打印回执' }).last().click()
    await expect(page.getByRole('alert').getByRole('link').first()).toBeVisible()
    await expect(page.getByLabel(/^经过/)).toHaveValue('排水泵坏了半年')
    await expect(page.getByRole('group', { name: '信访人 1' }).getByLabel('证件号码')).toHaveValue('330112199001011')
    await sound(page)
  })

  test('shows masked names; whoever opens them is seen by the petitioner', async ({ as, device }) => {
    const page = await as('window')
    await page.goto(`/desk/matters/${number}`)
    await expect(page.getByText('高新民')).toHaveCount(0)
    await page.getByText('说明事由后打开').click()
    await page.getByRole('button', { name: '打开并留痕' }).click()
    await expect(page.getByText('高新民')).toHaveCount(0) // not without a reason
    await sound(page)
    await page.getByRole('radio', { name: '联系信访人' }).check()
    await page.getByLabel('具体说明').fill('约定到现场看水泵的时间')
    await page.getByRole('button', { name: '打开并留痕' }).click()
    await expect(page.getByText('高新民')).toBeVisible()
    await expect(page.getByText('13800000002')).toBeVisible()
    await page.goto(`/desk/matters/${number}`)
    await expect(page.getByText('高新民')).toHaveCount(0)

    const petitioner = await device()
    await track(petitioner, receipt)
    await expect(petitioner.getByText('约定到现场看水泵的时间')).toBeVisible()
    await expect(petitioner.getByText(/临安区人民来访接待中心 周小禾/)).toBeVisible()

    const audit = await as('audit')
    await audit.goto('/desk/looks')
    await expect(audit.getByText('约定到现场看水泵的时间')).toBeVisible()
    await sound(audit)
  })
})

test('a repeat is set beside the earlier matter, linked with a reason and separated again', async ({ as }) => {
  const page = await as('window')
  await page.goto('/desk/register')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('姓名').fill('严近邻')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('电话').fill('13800000006')
  await page.getByLabel('一句话概括').fill('楼下烧烤店夜里外放音响')
  await page.getByLabel('诉求 1').fill('夜里不再外放音响')
  await page.getByLabel('经过').fill('我家也在沿街二楼。楼下烧烤店七月起每晚营业到一点多，门口外放音响，油烟从厨房窗户进来。和店主说过两次，当晚关小，第二天又照旧，邻居都睡不好。')
  await page.getByLabel('查找地点').fill('苕溪社区')
  await page.getByRole('group', { name: /事发地点/ }).getByRole('button', { name: '查找' }).click()
  await page.getByRole('radio', { name: /苕溪社区/ }).first().check()
  await page.getByRole('button', { name: '登记并打印回执' }).last().click()
  // nothing is registered before somebody has looked
  await expect(page.getByRole('heading', { name: /可能是同一件事/ })).toBeVisible()
  await expect(page.getByText('楼下烧烤店夜里外放音响、油烟进屋').first()).toBeVisible()
  // why, in words, and what both say marked in both texts
  await expect(fact(page, '为什么像').first()).toContainText(/文字有 \d+% 相同；写有这次概括里的话；同在.*苕溪社区；/)
  await expect(page.locator('.pair mark').filter({ hasText: '当晚关小，第二天又照旧' })).toHaveCount(2)
  await sound(page)
  await page.getByRole('radio', { name: '是，并进去一起办' }).first().check()
  await page.getByRole('button', { name: '看过了，登记并打印回执' }).click()
  await expect(page.getByText(/已并入 .+ 一起办/)).toBeVisible()
  const number = await fact(page, '登记编号').innerText()

  await page.goto('/desk?list=unit')
  await page.getByRole('row').filter({ hasText: '重件' }).getByRole('link', { name: '楼下烧烤店夜里外放音响、油烟进屋' }).click()
  await expect(page.getByText(number).first()).toBeVisible()
  await expect(page.getByText(/批次 2、人次 2/)).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: /^分开/ }).click()
  await sound(page)
  await page.getByRole('radio', { name: new RegExp(number) }).check()
  await page.getByLabel(/^理由/).fill('是另一家店')
  await page.getByRole('button', { name: '分开', exact: true }).click()
  await expect(page.locator('.toast')).toBeVisible()
  await page.goto('/desk?list=unit')
  await expect(page.getByRole('link', { name: '楼下烧烤店夜里外放音响', exact: true })).toBeVisible()
})

test('a step that is not offered says why', async ({ as }) => {
  const page = await as('hr')
  await page.goto('/desk?list=unit')
  await page.getByRole('link', { name: '工地干了五个月，尾款四万二没有结' }).click()
  await page.getByText('为什么没有别的操作').click()
  await expect(page.getByText('还没有记录四解').or(page.getByText(/还不能走这一步/)).first()).toBeVisible()
  const refused = await page.goto(page.url() + '/complete')
  expect(refused.status()).toBeGreaterThanOrEqual(400)
  await sound(page)
})

test('who was slower keeps what they wrote', async ({ as }) => {
  const slow = await as('hr')
  const fast = await as('hr')
  for (const page of [slow, fast]) {
    await page.goto('/desk?list=unit')
    await page.getByRole('link', { name: '工地干了五个月，尾款四万二没有结' }).click()
    await page.getByRole('link', { name: /^记录调查/ }).click()
    await page.getByRole('radio', { name: '其他记录' }).check()
  }
  await slow.getByLabel(/^记录/).fill('写了很久的一段记录')
  await fast.getByLabel(/^记录/).fill('抢先的一条')
  await fast.getByRole('button', { name: '记录调查' }).click()
  await expect(fast.locator('.toast')).toContainText('已记下')
  await slow.getByRole('button', { name: '记录调查' }).click()
  await expect(slow.getByRole('alert')).toContainText('没有保存成功，您写的都还在')
  await expect(slow.getByRole('alert')).toContainText('抢先的一条')
  await expect(slow.getByLabel(/^记录/)).toHaveValue('写了很久的一段记录')
  await sound(slow)
  await slow.getByRole('button', { name: '记录调查' }).click()
  await expect(slow.locator('.toast')).toContainText('已记下')
  await expect(slow.locator('.timeline')).toContainText('写了很久的一段记录')
})

test('an accusation is seen by the discipline commission alone', async ({ as }) => {
  const words = '反映工程验收经办人收受施工方礼金'
  const page = await as('discipline')
  await page.goto('/desk?list=all')
  const row = page.getByRole('row').filter({ hasText: '检举控告件' })
  await expect(page.getByText(words)).toHaveCount(0) // not in a list
  await row.getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(words)
  await expect(page.getByText('密封', { exact: true })).toBeVisible()
  await sound(page)
  const path = new URL(page.url()).pathname
  for (const name of ['dispatch', 'supervise', 'petition-head', 'leader', 'admin', 'audit', 'housing', 'city']) {
    const other = await as(name)
    expect((await other.request.get(path)).status(), name).toBe(404)
    const list = await (await other.request.get('/desk?list=all&q=' + encodeURIComponent('礼金'))).text()
    expect(list, name).not.toContain(words)
    expect(list, name).not.toContain('检举控告件')
  }
})
