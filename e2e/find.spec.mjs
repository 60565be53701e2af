// One search: words, phrases, exclusions and conditions, from the keyboard, on a phone, without JavaScript, in both languages.
import { expect, fact, sound, test } from './helpers.mjs'

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`words and conditions find what they say at ${width} px`, { tag: '@main' }, async ({ as }) => {
    const page = await as('dispatch', { viewport: { width, height } })
    const rows = page.locator('[data-worklist] tbody tr')
    const box = page.getByRole('combobox', { name: '要找的词' })
    await page.goto('/desk/find')
    await expect(page.getByRole('heading', { name: '想找什么？' })).toBeVisible()
    await expect(box).toBeFocused()
    await sound(page)

    await box.fill('补偿 青苗')
    await page.getByRole('button', { name: '查找' }).click()
    await expect(rows).toHaveCount(1)
    await expect(rows.locator('.matter-title')).toHaveText('青苗补偿比公告上少了一亩二')
    await expect(rows.locator('.excerpt a').first()).toHaveText('信访人说的')
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
  await expect(rows.nth(1).locator('.matter-title')).toBeFocused()
  await page.keyboard.press('k')
  const title = await rows.nth(0).locator('.matter-title').innerText()
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

test('what was found is saved as a table beside the desk', async ({ as }) => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
    const page = await as('dispatch', { viewport })
    await page.goto('/desk/find?q=补偿')
    await page.getByRole('button', { name: 'XLSX' }).click()
    await expect(page).toHaveURL('/desk/jobs')
    const first = page.locator('#jobs li').first()
    await expect(first.getByRole('link', { name: '取走文件' })).toBeVisible({ timeout: 15_000 }) // without a key pressed
    await sound(page)
    const [file] = await Promise.all([page.waitForEvent('download'), first.getByRole('link', { name: '取走文件' }).click()])
    expect(file.suggestedFilename()).toMatch(/^huiyin-\d{4}-\d{2}-\d{2}\.xlsx$/)
  }
  const other = await as('audit')
  await other.goto('/desk/jobs')
  await expect(other.getByRole('heading', { name: '还没有任务' })).toBeVisible()
  await sound(other)
})

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`suggestions come while one types at ${width} px, from the keyboard`, async ({ as }) => {
    const page = await as('dispatch', { viewport: { width, height } })
    await page.goto('/desk/find')
    const box = page.getByRole('combobox', { name: '要找的词' })
    const hints = page.getByRole('listbox', { name: '提示' })
    await box.pressSequentially('补偿 laqxf')
    await expect(hints.getByRole('option').first()).toHaveText(/只看单位“临安区信访局”/)
    await expect(box).toHaveAttribute('aria-expanded', 'true')
    await sound(page)
    await box.press('ArrowDown')
    await expect(hints.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
    await expect(box).toHaveAttribute('aria-activedescendant', await hints.getByRole('option').first().getAttribute('id'))
    await sound(page, { colours: false })
    await box.press('Escape')
    await expect(hints).toBeHidden()
    await expect(box).toHaveValue('补偿 laqxf')
    await box.press('j')
    await expect(hints).toBeHidden() // nothing fits
    await box.press('Backspace')
    await expect(hints).toBeVisible()
    await box.press('ArrowDown')
    await box.press('Enter')
    await expect(page).toHaveURL(/unit=/)
    await expect(page.getByText('已用：临安区信访局')).toBeVisible()
    await expect(box).toHaveValue('补偿')
  })
}

test('a suggestion taken in a picker is chosen', async ({ as }) => {
  const page = await as('dispatch')
  await page.goto('/desk/register')
  await page.getByLabel('查找地点').pressSequentially('相府')
  await page.getByRole('option', { name: /相府社区/ }).first().click()
  await expect(page.getByRole('radio', { name: /相府社区/ }).first()).toBeChecked()
  await sound(page)
})

test('a search is kept, shared with the unit and narrowed by a word that means a unit', { tag: '@main' }, async ({ as }) => {
  const page = await as('dispatch')
  await page.goto('/desk/find?q=补偿 信访局')
  await page.getByRole('link', { name: /“信访局”：只看由临安区信访局办理的/ }).click()
  await expect(page.getByText('已用：临安区信访局')).toBeVisible()
  await page.goto('/desk/find?q=补偿&state=open')
  await page.getByRole('link', { name: '把这次查找存下来' }).click()
  await sound(page)
  await page.getByRole('textbox', { name: '名称' }).fill('在办的补偿')
  await page.getByRole('checkbox', { name: /^给临安区信访局的同事共用/ }).check()
  await page.getByRole('button', { name: '存下来' }).click()
  await expect(page.getByText('“在办的补偿”存好了')).toBeVisible()
  await page.goto('/desk')
  const kept = page.getByRole('navigation', { name: '存下来的查找' })
  await expect(kept.getByText('本单位共用')).toBeVisible()
  await sound(page)
  await kept.getByRole('link', { name: '在办的补偿', exact: true }).click()
  await expect(page).toHaveURL(/state=open/)
  await page.getByRole('link', { name: '改“在办的补偿”' }).click()
  await page.getByRole('button', { name: '删掉' }).click()
  await expect(page.getByText('“在办的补偿”删掉了')).toBeVisible()
  await expect(kept).toHaveCount(0)
})

/** A PDF of one page with one line, as few bytes as it takes. */
const pdf = line => {
  const drawn = `BT /F1 18 Tf 72 720 Td (${line}) Tj ET`
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>',
    `<</Length ${drawn.length}>>\nstream\n${drawn}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  ]
  let out = '%PDF-1.4\n'
  const at = objects.map((body, i) => { const from = out.length; out += `${i + 1} 0 obj\n${body}\nendobj\n`; return from })
  const table = out.length
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map(n => String(n).padStart(10, '0') + ' 00000 n \n').join('')}`
  return Buffer.from(`${out}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`, 'latin1')
}

test('a matter is found by a word inside a PDF that came with it', async ({ as }) => {
  const page = await as('window')
  await page.goto('/desk/register')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('姓名').fill('严重文')
  await page.getByRole('group', { name: '信访人 1' }).getByLabel('电话').fill('13800000011')
  await page.getByLabel('一句话概括').fill('进口设备的合同款没有付清')
  await page.getByLabel('诉求 1').fill('付清余款')
  await page.getByLabel('经过').fill('设备装好半年，余款一直没有付，合同附在后面。')
  await page.getByLabel('查找地点').fill('苕溪社区')
  await page.getByRole('group', { name: /事发地点/ }).getByRole('button', { name: '查找' }).click()
  await page.getByRole('radio', { name: /苕溪社区/ }).first().check()
  await page.getByLabel(/^材料/).setInputFiles({ name: '采购约定.pdf', mimeType: 'application/pdf', buffer: pdf('Contract with Zirkonwerk, item 7741') })
  await page.getByRole('button', { name: '登记并打印回执' }).last().click()
  const number = await fact(page, '登记编号').innerText()

  const desk = await as('dispatch')
  const rows = desk.locator('[data-worklist] tbody tr')
  await expect(async () => { // read and indexed beside the desk
    await desk.goto('/desk/find?q=zirkonwerk')
    await expect(rows).toHaveCount(1, { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await expect(rows).toContainText(number)
  await expect(rows.locator('.excerpt a')).toHaveText(/采购约定\.pdf/)
  await expect(rows.locator('.excerpt mark')).toHaveText('Zirkonwerk')
  await sound(desk)
})
