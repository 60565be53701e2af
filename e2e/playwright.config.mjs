// Browser tests against the built demonstration, on a fresh data folder: Debian's Chromium, phone and desktop, citizens also without JavaScript.
import { defineConfig } from '@playwright/test'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lessons } from './lessons.mjs'
import { demonstration, workers } from './servers.mjs'

// Chromium without its windows needs a third of the processor's time for each new context; it is a package of its own.
const chromium = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(name => existsSync(name))

// HUIYIN_E2E_ENGINE=postgres puts the data of every demonstration into PostgreSQL, each into a server of its own.
const everywhere = process.env.HUIYIN_E2E_ENGINE === 'postgres'

// Workers read this file, too, but start no servers.
const starts = process.env.TEST_WORKER_INDEX === undefined
const folder = starts ? mkdtempSync(join(tmpdir(), 'huiyin-e2e-')) : ''
if (starts) {
  process.on('exit', () => rmSync(folder, { recursive: true, force: true })) // when the servers have ended
}

// Each worker has a demonstration of its own: order in time is part of a life.
const servers = Array.from({ length: starts ? workers + 1 : 0 }, (_, n) => {
  const data = join(folder, `${n}`)
  mkdirSync(data)
  // invented messages, from which the office may learn to propose categories
  mkdirSync(join(data, 'suggest'))
  writeFileSync(join(data, 'suggest', 'base.jsonl'), lessons(40).map(row => JSON.stringify(row) + '\n').join(''))
  return { data, at: demonstration(n), by: everywhere || n === workers ? './bin/postgres' : '' }
})
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const desktop = { viewport: { width: 1440, height: 900 } }

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  timeout: 90_000,
  expect: { timeout: 10_000 },
  workers,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    actionTimeout: 15_000,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', '--disable-dev-shm-usage', '--lang=zh-CN'],
    },
  },
  projects: [
    // what takes long without a break first, while the other workers do the rest
    { name: 'every page', use: phone, testMatch: /crawl\.spec\.mjs/ },
    { name: 'PostgreSQL', use: desktop, grep: /@main/, workers: 1 }, // the main paths once more, on one server, one after the other
    { name: 'whole life', use: phone, testMatch: /(life|procedure)\.spec\.mjs/ },
    { name: 'phone', use: phone, testMatch: /citizen.*\.spec\.mjs/ },
    { name: 'phone without JavaScript', use: { ...phone, javaScriptEnabled: false }, testMatch: /citizen.*\.spec\.mjs/ },
    { name: 'desktop', use: desktop, testMatch: /(desk|find|figures|issues|precedents|admin|citizen|suggest|replycheck|public|report|assess|boards|places|doors|queue).*\.spec\.mjs/ },
    { name: 'first run', use: desktop, testMatch: /first-run\.spec\.mjs/ },
  ],
  webServer: servers.map(({ data, at, by }) => ({
    // without matters of past years: the tests count what they find
    command: `${by} ./bin/huiyin demo --past 0 --data ${data} --listen 127.0.0.1:${at} --proxies 127.0.0.1`,
    cwd: join(import.meta.dirname, '..'),
    url: `http://127.0.0.1:${at}/readyz`,
    timeout: 180_000,
    reuseExistingServer: false,
  })),
})
