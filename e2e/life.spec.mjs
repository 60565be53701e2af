// The whole life of one petition, on a phone: filed by a citizen, sent to the wrong bureau and back, handled, signed, served, eased and completed
// by five people of the demonstration, asked about, and judged by the citizen. The citizen's own page says at each step where it is and by when.
import { act, expect, fact, filed, lawfulDay, opened, sound, stands, test } from './helpers.mjs'

const title = '工地收工三个月，工钱还没有结清'
const promised = lawfulDay(20)
const demands = ['结清拖欠的工钱一万八千元', '告诉我们什么时候能拿到']

test('a petition goes in through the door and comes out answered', { tag: '@main' }, async ({ as, page: citizen }) => {
  test.setTimeout(150_000)
  const radio = (page, name) => page.getByRole('radio', { name, exact: true })

  const told = (...said) => stands(citizen, ...said)

  await test.step('the citizen files', async () => {
    await filed(citizen, { title, narrative: '今年三月到八月在工地做泥工，完工后一直没有结账。', demands, photo: '欠条.png' })
    await told('已登记', '轮到 临安区信访局', lawfulDay(15), '您反映的事登记好了')
  })

  const open = (page, list) => opened(page, list, title)

  const dispatch = await as('dispatch')
  await test.step('the petition bureau sends it to a bureau that is not responsible', async () => {
    await open(dispatch, 'unit')
    await sound(dispatch)
    await act(dispatch, '甄别', async () => {
      await expect(radio(dispatch, '申诉求决')).toBeChecked()
      await dispatch.getByRole('combobox', { name: /^分类/ }).selectOption({ label: '拖欠农民工工资' })
      await radio(dispatch, '一般').check()
    })
    await told('已甄别', '轮到 临安区信访局', lawfulDay(15))
    await act(dispatch, '转送或交办', async () => {
      await dispatch.getByLabel('查找单位').fill('zfhcx')
      await dispatch.getByRole('group', { name: '送往单位' }).getByRole('button', { name: '查找' }).click()
      await dispatch.getByRole('radio', { name: /临安区住房和城乡建设局/ }).first().check()
      await radio(dispatch, '转送').check()
      await dispatch.getByLabel('理由').fill('工地由住建部门管理')
    })
    await told('待签收', '轮到 临安区住房和城乡建设局', lawfulDay(15), '转送给 临安区住房和城乡建设局')
  })

  const housing = await as('housing')
  await test.step('which signs and objects', async () => {
    await open(housing, 'unit')
    await act(housing, '签收')
    await told('已签收', '轮到 临安区住房和城乡建设局', lawfulDay(15))
    await act(housing, '提出异议', async () => {
      await housing.getByLabel(/^理由/).fill('拖欠工钱由劳动监察查处，不属于住建部门职权')
      await housing.getByLabel(/^认为应归哪个单位/).fill('临安区人力资源和社会保障局')
    })
    await told('异议中', '轮到 临安区信访局', lawfulDay(15))
  })

  await test.step('it goes where the catalogue says', async () => {
    await open(dispatch, 'all')
    await act(dispatch, '同意异议', () => dispatch.getByLabel(/^理由/).fill('确属劳动监察职权'))
    await act(dispatch, '转送或交办', async () => {
      const suggested = dispatch.getByRole('radio', { name: /临安区人力资源和社会保障局.*责任目录/ })
      await suggested.check()
      await radio(dispatch, '转送').check()
      await dispatch.getByLabel(/^理由/).fill('按责任目录由人社部门负责')
    })
    await told('待签收', '轮到 临安区人力资源和社会保障局', lawfulDay(15), '转送给 临安区人力资源和社会保障局')
  })

  const hr = await as('hr')
  await test.step('the responsible bureau signs, accepts, looks into it and drafts', async () => {
    await open(hr, 'unit')
    await act(hr, '签收')
    await act(hr, '受理', () => hr.getByLabel(/^联系方式/).fill('000-00000007'))
    await told('已受理', '轮到 临安区人力资源和社会保障局', lawfulDay(60), '办理期限从第二天起算', '000-00000007')
    await act(hr, '记录调查', async () => {
      await radio(hr, '听取陈述').check()
      await hr.getByLabel(/^记录/).fill('听取工人和用工单位陈述，核对欠款一万八千元')
    })
    await told('调查核实中', '给您书面答复', lawfulDay(60), '单位在调查核实')
    await act(hr, '起草意见', async () => {
      const answer = n => hr.getByRole('group', { name: demands[n] })
      await hr.getByLabel('查明的事实').first().fill('经听取双方陈述、核对考勤表，欠薪属实。')
      await hr.getByLabel('依据').first().fill('保障农民工工资支付条例第三条')
      await answer(0).getByRole('radio', { name: '支持', exact: true }).check()
      await answer(0).getByLabel('查明的事实').fill('欠工钱一万八千元')
      await answer(0).getByLabel('依据').fill('条例第三条')
      await answer(0).getByLabel(/^承诺/).fill('责令用工单位付清')
      await answer(0).getByLabel(/^兑现日期/).fill(promised)
      // one demand is silent: it comes back with everything typed
      await hr.getByRole('button', { name: '起草意见', exact: true }).click()
      await expect(hr.getByRole('alert')).toBeVisible()
      await expect(answer(0).getByLabel('查明的事实')).toHaveValue('欠工钱一万八千元')
      await sound(hr)
      await answer(1).getByRole('radio', { name: '支持', exact: true }).check()
      await answer(1).getByLabel('查明的事实').fill('已与用工单位约定付款日')
      await answer(1).getByLabel('依据').fill('条例第十一条')
      await hr.getByRole('button', { name: '看看成文的样子' }).click()
      await expect(hr.getByText('这是成文的样子，还没有提交')).toBeVisible()
      await sound(hr)
      await hr.getByRole('button', { name: '回去接着写' }).click()
      await expect(answer(1).getByLabel('依据')).toHaveValue('条例第十一条')
    })
    await told('意见待审核', '负责人审签答复', lawfulDay(60))
    await expect(citizen.getByRole('link', { name: '看答复书' })).toHaveCount(0)
  })

  const head = await as('hr-head')
  await test.step('its head issues', async () => {
    await open(head, 'unit')
    await act(head, '签发意见', () => expect(head.getByText('欠工钱一万八千元')).toBeVisible())
    await told('已出具意见', '把书面答复送到您手上', lawfulDay(60), '处理意见书签发了')
  })

  await test.step('it is served, eased and completed', async () => {
    await open(hr, 'unit')
    await act(hr, '登记送达', async () => {
      await radio(hr, '当面送达').check()
      await hr.getByLabel(/^送达凭证/).fill('回证 2026-118')
    })
    await citizen.goto('/my')
    const next = citizen.locator('section').filter({ has: citizen.getByRole('heading', { name: '您还可以' }) })
    await expect(next).toContainText('复查')
    await expect(next.locator('time').first()).toHaveAttribute('datetime', lawfulDay(30))
    await told('已送达', '收尾办结', promised, '当面送达')
    await act(hr, '记录四解', async () => {
      await hr.getByLabel(/^解决/).fill('责令付清一万八千元')
      await hr.getByLabel(/^解释/).fill('当面讲明付款日期和条例规定')
    })
    await act(hr, '办结', () => hr.getByLabel(/^办结报告/).fill('意见已送达，付款有人跟进'))
    await told('办结', '请您评价', promised, '程序办结了')
  })

  await test.step('the petition bureau asks back', async () => {
    const supervise = await as('supervise')
    await supervise.goto('/desk?list=all&view=ended')
    await supervise.getByRole('link', { name: title }).click()
    await act(supervise, '回访', async () => {
      await supervise.getByLabel(/^回访方式/).fill('打电话问了本人')
      await supervise.getByLabel('信访人说解决了').check()
      await supervise.getByLabel(/^信访人的话/).fill('工钱拿到了，谢谢')
    })
    await told('办结', '请您评价', promised, '回访了您（打电话问了本人）', '工钱拿到了，谢谢')
  })

  await test.step('the citizen reads the answer, rates and says whether it is resolved', async () => {
    await sound(citizen)
    await citizen.getByRole('link', { name: '看答复书' }).click()
    await expect(citizen.getByRole('heading', { level: 1 })).toHaveText('信访事项处理意见书')
    for (const words of [...demands, '欠工钱一万八千元', '保障农民工工资支付条例第三条', '不服怎么办']) await expect(citizen.getByText(words).first()).toBeVisible()
    await sound(citizen)
    await citizen.getByRole('link', { name: '回到办理进度' }).click()
    const got = citizen.waitForEvent('download')
    await citizen.getByRole('link', { name: '下载文字稿' }).click()
    expect((await got).suggestedFilename()).toMatch(/\.txt$/)

    await citizen.getByRole('link', { name: '评价' }).first().click()
    await sound(citizen)
    await citizen.getByRole('group', { name: '收件：临安区信访局' }).getByRole('radio', { name: '满意', exact: true }).check()
    await citizen.getByRole('group', { name: '办理：临安区人力资源和社会保障局' }).getByRole('radio', { name: '不满意' }).check()
    await citizen.getByRole('button', { name: '提交评价' }).click()
    await expect(citizen.getByRole('alert')).toContainText('不满意的，请写几句原因')
    await citizen.getByRole('group', { name: '办理：' }).getByRole('radio', { name: '基本满意' }).check()
    await citizen.getByRole('button', { name: '提交评价' }).click()
    await expect(citizen.getByRole('status')).toContainText('谢谢您的评价')
    await citizen.getByRole('link', { name: '说说解决了没有' }).first().click()
    await sound(citizen)
    await citizen.getByRole('radio', { name: /^解决了/ }).check()
    await citizen.getByRole('button', { name: '提交', exact: true }).click()
    await expect(citizen).toHaveURL(/\/my$/)
    await told('办结', '都办完了，不用您做什么', promised, '收件 满意', '办理 基本满意', '您说')
    await expect(fact(citizen, '现在办')).toContainText('临安区人力资源和社会保障局')
  })

  await test.step('the bureau reads that it is resolved', async () => {
    await hr.goto('/desk?list=unit&view=ended')
    await hr.getByRole('link', { name: title }).click()
    await expect(hr.getByText('已化解').first()).toBeVisible()
  })
})
