// The whole lawful procedure of one matter, by a browser: filed, sent to the wrong bureau, objected to, accepted, heard, extended, answered,
// reviewed by one organ and re-reviewed by the next, with a hearing that stops its clock, to the end. The citizen's page says each day of law.
import { execFileSync } from 'node:child_process'
import { act, expect, filed, lawfulDay, opened, sound, stands, test, today } from './helpers.mjs'

const title = '买断工龄的补偿少算了五年'
const demands = ['补足五年的补偿']

/** A day as documents write it. */
const written = day => day.replace(/(\d+)-0?(\d+)-0?(\d+)/, '$1年$2月$3日')

/** The documents in a list, newest last, each as its name, its printed text and the address of its PDF. */
async function documents(page) {
  const links = page.getByRole('region', { name: /文书/ }).getByRole('link', { name: /PDF / })
  const out = []
  for (const link of await links.all()) {
    const answer = await page.request.get(await link.getAttribute('href'))
    expect(answer.headers()['content-type']).toBe('application/pdf')
    const text = execFileSync('pdftotext', ['-layout', '-', '-'], { encoding: 'utf8', input: await answer.body() })
    out.push({ name: (await link.getAttribute('aria-label')).replace(/^.*PDF /, ''), text: text.replaceAll(/\s+/g, '') })
  }
  return out
}

test('a matter goes through every tier of the procedure to its end', { tag: '@main' }, async ({ as, page: citizen }) => {
  test.setTimeout(240_000)
  const told = (...said) => stands(citizen, ...said)
  const radio = (page, name) => page.getByRole('radio', { name, exact: true })
  const send = async (page, unit, typed) => {
    await page.getByLabel('查找单位').fill(typed)
    await page.getByRole('group', { name: '送往单位' }).getByRole('button', { name: '查找' }).click()
    await page.getByRole('radio', { name: unit }).first().check()
    await radio(page, '转送').check()
    await page.getByLabel(/^理由/).fill(`由${unit}管理`)
  }
  const serve = async (page, name) => act(page, name, async () => {
    await radio(page, '当面送达').check()
    await page.getByLabel(/^送达凭证/).fill('回证一份')
  })

  await test.step('filed', async () => {
    await filed(citizen, { title, narrative: '二〇〇三年改制时买断工龄，下乡的五年没有算。', demands, photo: '协议.png' })
    await told('已登记', '轮到 临安区信访局', lawfulDay(15), '您反映的事登记好了')
  })

  const dispatch = await as('dispatch')
  const housing = await as('housing')
  const hr = await as('hr')
  const head = await as('hr-head')
  await test.step('sent to a bureau that is not responsible, which objects; the sender agrees', async () => {
    await opened(dispatch, 'unit', title)
    await act(dispatch, '甄别', async () => {
      await dispatch.getByRole('combobox', { name: /^分类/ }).selectOption({ label: '工资福利' })
      await radio(dispatch, '一般').check()
    })
    await act(dispatch, '转送或交办', () => send(dispatch, '临安区住房和城乡建设局', 'zfhcx'))
    await opened(housing, 'unit', title)
    await act(housing, '签收')
    await act(housing, '提出异议', () => housing.getByLabel(/^理由/).fill('改制补偿由人社部门管理'))
    await told('异议中', '轮到 临安区信访局', lawfulDay(15))
    await opened(dispatch, 'all', title)
    await act(dispatch, '同意异议', () => dispatch.getByLabel(/^理由/).fill('确属人社部门职权'))
    await act(dispatch, '转送或交办', () => send(dispatch, '临安区人力资源和社会保障局', 'rlzy'))
  })

  await test.step('accepted and heard; the hearing does not stop the sixty days', async () => {
    await opened(hr, 'unit', title)
    await act(hr, '签收')
    await act(hr, '受理', () => hr.getByLabel(/^联系方式/).fill('000-00000007'))
    await told('已受理', '轮到 临安区人力资源和社会保障局', lawfulDay(60))
    await opened(head, 'unit', title)
    await act(head, '决定听证', async () => {
      await head.getByLabel(/^哪一天/).fill(today())
      await head.getByLabel(/^(几点|时间)/).fill('下午两点')
      await head.getByLabel(/^地点/).fill('人社局三楼会议室')
      await head.getByLabel(/^参加人/).fill('信访人、改制企业留守处、三名听证员')
      await head.getByLabel(/^为什么听证/).fill('双方对档案的说法不一致')
    })
    await sound(head)
    await told('听证中', '轮到 临安区人力资源和社会保障局', lawfulDay(60), '人社局三楼会议室')
    await sound(citizen)
    await opened(hr, 'unit', title)
    await act(hr, '记录听证结论', async () => {
      await hr.getByLabel(/^笔录/).fill('双方各自陈述并质证。')
      await hr.getByLabel(/^结论/).fill('档案中有插队介绍信，应当查清返城时间。')
    })
  })

  await test.step('extended once, before the sixty days end', async () => {
    await opened(head, 'unit', title)
    await act(head, '延长期限', async () => {
      await head.getByLabel(/^延长天数/).fill('30')
      await head.getByLabel(/^理由/).fill('须向外省调取返城档案')
    })
    await told('调查核实中', '轮到 临安区人力资源和社会保障局', lawfulDay(90), '须向外省调取返城档案')
    await expect(head.getByRole('link', { name: /^延长期限/ })).toHaveCount(0)
  })

  await test.step('answered and served; review may be asked for', async () => {
    await opened(hr, 'unit', title)
    await act(hr, '起草意见', async () => {
      await hr.getByLabel('查明的事实').first().fill('档案中有介绍信，没有返城登记表。')
      await hr.getByLabel('依据').first().fill('国有企业改制职工安置办法第八条')
      const answer = hr.getByRole('group', { name: demands[0] })
      await answer.getByRole('radio', { name: /^不予?支持$/ }).check()
      await answer.getByLabel('查明的事实').fill('返城时间没有证据')
      await answer.getByLabel('依据').fill('安置办法第八条')
    })
    await opened(head, 'unit', title)
    await act(head, '签发意见')
    await opened(hr, 'unit', title)
    await serve(hr, '登记送达')
    await citizen.goto('/my')
    await sound(citizen)
    await citizen.getByRole('link', { name: '申请复查' }).first().click()
    await sound(citizen)
    await citizen.getByRole('radio', { name: /杭州市人力资源和社会保障局/ }).check()
    await citizen.getByLabel(/^不服什么、为什么/).fill('返城登记表由单位保管，遗失不是我的责任。')
    await citizen.getByRole('button', { name: '提交复查申请' }).click()
    await expect(citizen).toHaveURL(/\/my$/)
    await told('已申请复查', '轮到 杭州市人力资源和社会保障局', lawfulDay(30))
  })

  const cityHr = await as('city-hr')
  const cityHrHead = await as('city-hr-head')
  await test.step('reviewed by the next higher organ and upheld', async () => {
    await opened(cityHr, 'all', title)
    await sound(cityHr)
    await act(cityHr, '受理申请')
    await told('复查中', '轮到 杭州市人力资源和社会保障局', lawfulDay(30))
    await act(cityHr, '起草复查复核意见', async () => {
      await radio(cityHr, '维持').check()
      await cityHr.getByLabel('查明的事实').first().fill('介绍信属实，返城登记表查无下落。')
      await cityHr.getByLabel('依据').first().fill('安置办法第八条')
    })
    await opened(cityHrHead, 'all', title)
    await act(cityHrHead, '签发复查复核意见')
    await opened(cityHr, 'all', title)
    await serve(cityHr, '登记复查复核送达')
    await citizen.goto('/my')
    await citizen.getByRole('link', { name: '申请复核' }).first().click()
    await citizen.getByLabel(/^不服什么、为什么/).fill('同批的四个人都算了。')
    await citizen.getByRole('button', { name: '提交复核申请' }).click()
    await expect(citizen).toHaveURL(/\/my$/)
    await told('已申请复核', '轮到 杭州市信访局', lawfulDay(30))
  })

  const city = await as('city')
  const cityHead = await as('city-head')
  await test.step('re-reviewed with a hearing, in whose time the clock stands still, to the end', async () => {
    await opened(city, 'all', title)
    await act(city, '受理申请')
    await opened(cityHead, 'all', title)
    await act(cityHead, '决定听证', async () => {
      await cityHead.getByLabel(/^哪一天/).fill(today())
      await cityHead.getByLabel(/^(几点|时间)/).fill('上午九点')
      await cityHead.getByLabel(/^地点/).fill('杭州市信访局听证室')
      await cityHead.getByLabel(/^参加人/).fill('信访人、人社部门、五名听证员')
      await cityHead.getByLabel(/^为什么听证/).fill('同批人员处理结果不一致')
    })
    await citizen.goto('/my')
    for (const words of ['现在：复核听证中。', '暂停计时', '从这一天起停算，还没有恢复']) await expect(citizen.getByText(words).first()).toBeAttached()
    await expect(citizen.locator('.timeline')).toContainText('杭州市信访局听证室')
    await opened(city, 'all', title)
    await act(city, '记录听证结论', async () => {
      await city.getByLabel(/^笔录/).fill('四名同批人员的档案当场核对。')
      await city.getByLabel(/^结论/).fill('同批人员有返城登记表，本人没有。')
    })
    await act(city, '起草复查复核意见', async () => {
      await radio(city, '维持').check()
      await city.getByLabel('查明的事实').first().fill('同批人员均有返城登记表。')
      await city.getByLabel('依据').first().fill('安置办法第八条')
    })
    await opened(cityHead, 'all', title)
    await act(cityHead, '签发复查复核意见')
    await opened(city, 'all', title)
    await serve(city, '登记复查复核送达')
    await citizen.goto('/my')
    await expect(citizen.getByText('现在：终结。')).toBeVisible()
    await expect(citizen.getByRole('link', { name: /申请复(查|核)/ })).toHaveCount(0)
    await sound(citizen)
  })

  await test.step('every document of it is printed', async () => {
    await opened(city, 'all', title, 'ended')
    const printed = await documents(city)
    expect(printed.map(d => d.name)).toEqual([
      '登记表', '转送函', '转送函', '受理告知书', '听证通知书', '听证笔录', '延长办理期限告知书', '处理意见书', '送达回证', '复查（复核）申请收件回执', '复查意见书', '送达回证',
      '复查（复核）申请收件回执', '听证通知书', '听证笔录', '复核意见书', '送达回证', '信访程序终结告知书',
    ])
    const says = {
      登记表: [title, demands[0]], 转送函: ['临安区信访局'], 受理告知书: ['临安区人力资源和社会保障局', written(lawfulDay(60))], 听证通知书: ['下午两点', '三楼会议室'], 听证笔录: ['双方各自陈述并质证'],
      延长办理期限告知书: ['须向外省调取返城档案', written(lawfulDay(90))], 处理意见书: ['返城时间没有证据', '安置办法第八条', '复查'], 送达回证: ['当面送达'], 复查意见书: ['返城登记表查无下落', '维持', '复核'],
      复核意见书: ['同批人员均有返城登记表', '维持'], 信访程序终结告知书: ['终结'],
    }
    for (const [name, words] of Object.entries(says)) {
      for (const word of words) expect(printed.find(d => d.name === name).text, name).toContain(word)
    }
    for (const d of printed) expect(d.text, `${d.name} masks who it is about`).not.toContain('周长顺')
    const own = await documents(citizen)
    expect(own.map(d => d.name)).toContain('复核意见书')
    expect(own.find(d => d.name === '处理意见书').text).toContain('周长顺')
  })
})
