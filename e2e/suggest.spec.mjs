// Categories proposed: learnt by a job, shown beside the choice with the words marked, taken by one key, counted; with and without JavaScript.
import { expect, sound, test } from './helpers.mjs'

const crossing = '路口红绿灯坏了，每天堵车，公交车进不了站台，出租车也过不去，班次都乱了'

test.describe.configure({ mode: 'serial' })

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`the office learns at ${width} px`, async ({ as }) => {
    const page = await as('city-admin', { viewport: { width, height } })
    await page.goto('/desk/advice')
    await sound(page)
    await page.getByRole('button', { name: '重新学习' }).click()
    await expect(page).toHaveURL('/desk/jobs')
    await expect(page.getByText('学完了').first()).toBeVisible({ timeout: 60_000 })
    await page.goto('/desk/advice')
    await expect(page.getByText('3 个分类').first()).toBeVisible()
    await expect(page.getByText('上次学习')).toBeVisible()
    await page.getByText('各分类的成绩').first().click()
    await sound(page)
  })

  test(`a category is proposed while one types and taken by its key at ${width} px`, async ({ as }) => {
    const page = await as('dispatch', { viewport: { width, height } })
    await page.goto('/desk/register')
    await page.getByLabel('一句话概括').fill('路口堵车')
    await page.getByLabel(/经过/).fill(crossing)
    await page.getByLabel(/经过/).blur()
    const advice = page.locator('[data-advice] li')
    await expect(advice.first()).toContainText('交通管理')
    await expect(advice.first().locator('mark').first()).toBeVisible()
    await expect(page.locator('[name=category]').first()).toHaveValue('')
    await sound(page)
    await page.keyboard.press('Alt+j')
    await expect(advice.first()).toContainText('已选')
    await expect(page.locator('select[name=category]')).toHaveValue('N1301')
    await expect(page.getByLabel('一句话概括')).toHaveValue('路口堵车')
    await sound(page)
  })
}

test('without JavaScript the proposals come with the form', async ({ as }) => {
  await as('dispatch')
  const page = await as('dispatch', { javaScriptEnabled: false })
  await page.goto('/desk/register')
  await page.getByLabel('一句话概括').fill('路口堵车')
  await page.getByLabel(/经过/).fill(crossing)
  await page.getByRole('button', { name: '查重、看去向' }).click()
  const advice = page.locator('[data-advice] li')
  await expect(advice.first()).toContainText('交通管理')
  await advice.first().getByRole('button', { name: '采用' }).click()
  await expect(page.locator('select[name=category]')).toHaveValue('N1301')
})

test('a supervisor reads in English what was taken', async ({ as }) => {
  const page = await as('supervise')
  await page.goto('/language?lang=en&to=/desk/advice')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Suggestions')
  await sound(page)
})
