// The yearly assessment: weights are set and published, a unit appeals and is answered, its sheet is settled; another unit sees nothing of it.
import { expect, fact, sound, test } from './helpers.mjs'

const sizes = [[390, 844], [1440, 900]]

/** Looks at a page on a phone and on a desk, in both languages. */
async function looked(page) {
  const { pathname } = new URL(page.url())
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await sound(page)
    await page.goto('/language?lang=en&to=' + pathname)
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await sound(page, { colours: false })
    await page.goto('/language?lang=zh&to=' + pathname)
  }
}

test('a scheme is weighed, published and counted; a unit appeals, is answered, and its sheet is settled', async ({ as }) => {
  test.setTimeout(300_000)
  const boss = await as('supervise')
  await boss.goto('/desk/assessment')
  await expect(boss.getByRole('heading', { name: '还没有考核' })).toBeVisible()
  await boss.getByRole('link', { name: '起草考核方案' }).click()
  await looked(boss)

  // what may not be weighed says why; the weights have to come to 100; lines come and go by buttons
  await boss.getByText('哪些不得用于考核').click()
  await expect(boss.getByText('依法不予支持不减分。', { exact: true })).toBeVisible()
  await boss.getByLabel('名称').fill('部门信访工作考核')
  await boss.getByLabel('乡镇、街道').uncheck()
  await boss.keyboard.press('Alt+l')
  await expect(boss.getByLabel('第 5 项', { exact: true })).toBeFocused()
  await boss.getByRole('button', { name: '去掉第 3 项' }).click()
  await boss.locator('[name="lines.3.indicator"]').selectOption('participation')
  const weights = ['30', '40', '20', '15']
  for (const [i, weight] of weights.entries()) await boss.locator(`[name="lines.${i}.weight"]`).fill(weight)
  await boss.locator('[name="lines.3.least"]').fill('5')
  await boss.locator('[name="lines.3.weight"]').press('Enter')
  await expect(boss.getByRole('alert').first()).toContainText('权重合计应为 100，现在是 105')
  await sound(boss)
  await boss.locator('[name="lines.3.weight"]').fill('10')
  await boss.getByRole('button', { name: '存为草稿' }).last().click()
  await expect(fact(boss, '进度')).toContainText('起草中')
  const whole = new URL(boss.url()).pathname

  const unit = await as('hr-head')
  await unit.goto(whole)
  await expect(unit.getByText('没有这份考核')).toBeVisible()
  await boss.getByRole('button', { name: '公布方案' }).click()
  await unit.goto(whole)
  await expect(unit.getByRole('heading', { level: 1 })).toContainText('部门信访工作考核')
  await expect(unit.getByRole('link', { name: /看本单位/ })).toHaveCount(0)

  await boss.getByLabel('数据截至哪天').fill('2099-01-01')
  await boss.getByRole('button', { name: '计分', exact: true }).click()
  await expect(boss.getByRole('alert').first()).toContainText('不晚于今天')
  await boss.goto(whole)
  await boss.getByRole('button', { name: '计分', exact: true }).click()
  await expect(fact(boss, '进度')).toContainText('初步计分')
  await unit.goto(whole)
  await expect(unit.getByRole('table')).toHaveCount(1) // the scheme and no sheet
  await boss.getByRole('button', { name: '下发考核表' }).click()
  await looked(boss)
  await boss.getByRole('link', { name: '总分' }).click()
  await expect(boss.getByRole('columnheader', { name: /总分/ })).toHaveAttribute('aria-sort', 'descending')
  const [file] = await Promise.all([boss.waitForEvent('download'), boss.getByRole('link', { name: 'XLSX' }).click()])
  expect(file.suggestedFilename()).toMatch(/\.xlsx$/)

  // the unit is told, opens its figures and appeals
  await unit.goto('/desk/notices')
  const given = unit.getByRole('row', { name: /考核表已下发给临安区人力资源和社会保障局/ })
  await looked(unit)
  await given.getByRole('button', { name: '去看考核表' }).click()
  await expect(unit).toHaveURL(/\/desk\/assessment\/\d+\/units\/\d+|\/desk\/assessment\/.*\d+$/)
  await unit.goto('/desk/assessment')
  await looked(unit)
  await unit.getByRole('link', { name: /分$/ }).click()
  const own = new URL(unit.url()).pathname
  await looked(unit)
  await expect(unit.getByRole('link', { name: /分母的/ }).first()).toHaveAttribute('href', /^\/desk\/figures\/list\?.*indicator=timely_acceptance_unit.*part=of.*unit=/)
  await unit.getByRole('button', { name: '提出申诉' }).click()
  await expect(unit.getByRole('alert').first()).toBeVisible()
  await unit.getByLabel('哪一项').selectOption('on_time_b')
  await unit.getByLabel('理由').fill('另有三件按期答复，没有算进去。')
  await unit.getByLabel('理由').press('Control+Enter')
  await expect(unit.getByText('等待答复')).toBeVisible()
  await expect(fact(unit, '状态')).toHaveText('申诉待答复')
  await boss.goto('/desk/notices')
  await expect(boss.getByRole('row', { name: /提出申诉，请答复/ })).toBeVisible()

  // another unit learns nothing of it
  const other = await as('housing-head')
  await other.goto(own)
  await expect(other.getByText('没有这份考核')).toBeVisible()
  await other.goto(whole)
  await expect(other.locator('#sheets')).toBeVisible()
  await expect(other.getByText('临安区人力资源和社会保障局')).toHaveCount(0)
  const head = await as('town-head') // of a kind that is not assessed by this scheme
  await head.goto(whole)
  await expect(head.locator('#sheets')).toHaveCount(0)

  // it is answered: the old figure stays beside the new one
  await boss.goto(own)
  await looked(boss)
  const before = await fact(boss, '总分').innerText()
  await boss.getByLabel('申诉成立').check()
  await boss.getByLabel('更正后的分子').fill('9')
  await boss.getByLabel('更正后的分母').fill('4')
  await boss.getByRole('textbox', { name: '理由' }).fill('台账属实。')
  await boss.getByRole('button', { name: '答复', exact: true }).click()
  await expect(boss.getByRole('alert').first()).toContainText('分子不大于分母')
  await boss.getByLabel('更正后的分子').fill('17')
  await boss.getByLabel('更正后的分母').fill('20')
  await boss.getByRole('button', { name: '答复', exact: true }).click()
  await expect(boss.getByText('申诉成立，更正为 17/20').first()).toBeVisible()
  await expect(fact(boss, '更正前总分')).toContainText(before.split('\n')[0])
  await expect(boss.getByRole('row', { name: /按期办结率/ })).toContainText('85.00%')

  await unit.goto('/desk/notices')
  await expect(unit.getByRole('row', { name: /申诉成立，\d+ 年考核表已更正/ })).toBeVisible()
  await unit.goto(own)
  await unit.getByRole('button', { name: '没有（其他）异议' }).click()
  await expect(fact(unit, '状态')).toHaveText('待定')
  await boss.goto(whole)
  await boss.getByRole('button', { name: '定下可以定的考核表' }).click()
  await expect(boss.getByRole('row', { name: /人力资源和社会保障局/ })).toContainText('已定')
  await unit.goto(own)
  await expect(fact(unit, '状态')).toHaveText('已定')
  await expect(unit.getByRole('button', { name: '提出申诉' })).toHaveCount(0)
  await looked(unit)
  await unit.emulateMedia({ media: 'print' })
  await expect(unit.getByText('被考核单位（盖章）')).toBeVisible()
  await expect(unit.getByRole('navigation', { name: /主|导航/ })).toHaveCount(0)
})
