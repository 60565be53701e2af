// Huiyin in the browser: comfort only. Every page works without this file; nothing here is the only way to do a thing.
import { charts } from './charts.js';
import { suggestions } from './suggest.js';
import { trees } from './tree.js';

(() => {
  'use strict';

  const typing = el => el instanceof Element && el.closest('input, textarea, select, [contenteditable]');
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  // A person can turn the single letters off (WCAG 2.1.4): the account page sets data-keys="off" on <html>.
  const lettersOn = () => document.documentElement.dataset.keys !== 'off';

  // The worklist: J and K move, Enter opens. The row is marked and its link takes the focus, so that a screen
  // reader hears where one is.
  const move = step => {
    const rows = all('[data-worklist] tbody tr');
    if (!rows.length) return false;
    const here = rows.findIndex(row => row.hasAttribute('data-here'));
    const next = rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
    rows.forEach(row => { row.removeAttribute('data-here'); row.removeAttribute('aria-current'); });
    next.setAttribute('data-here', '');
    next.setAttribute('aria-current', 'true');
    const link = one('a', next);
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
    return true;
  };

  const open = () => {
    const link = one('[data-worklist] tr[data-here] a');
    if (!link) return false;
    link.click();
    return true;
  };

  // Any element may carry data-key="n" (a letter) or data-key="alt+d": pressing it clicks the element.
  const press = key => {
    const el = all('[data-key]').find(e => e.dataset.key === key && !e.closest('[hidden]'));
    if (!el) return false;
    if (el.matches('input, select, textarea')) { el.focus(); if (el.select) el.select(); } else el.click();
    return true;
  };

  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let done = false;
    if ((event.ctrlKey || event.metaKey) && key === 'Enter') {
      const form = event.target instanceof Element && event.target.closest('form');
      const button = form && (one('button[data-submit]', form) || one('button.button-main', form));
      if (button) { button.click(); done = true; }
    } else if (event.altKey && !event.ctrlKey && !event.metaKey) {
      // the physical key: on a Mac, Alt+D types a letter of its own
      const letter = event.code.startsWith('Key') ? event.code.slice(3).toLowerCase() : key;
      done = press('alt+' + letter);
    } else if (!event.ctrlKey && !event.metaKey && !typing(event.target) && lettersOn()) {
      if (key === 'j') done = move(1);
      else if (key === 'k') done = move(-1);
      else if (key === 'Enter' && !event.target.closest('a, button, summary')) done = open();
      else if (key === '/') {
        const find = one('.filters input[type=search]') || one('input[type=search]');
        if (find) { find.focus(); find.select(); done = true; } else done = press(key); // or to the page that has one
      } else done = press(key);
    }
    if (done) event.preventDefault();
  });

  // A form that was sent says so and is not sent twice; the server refuses the second one anyway.
  document.addEventListener('submit', event => {
    const form = event.target;
    // data-repeat: the answer is a file, the page stays and may send again
    if (event.defaultPrevented || form.getAttribute('method') !== 'post' || form.hasAttribute('data-repeat')) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    const button = event.submitter;
    if (button) button.setAttribute('aria-busy', 'true');
  });
  // Coming back by the browser's Back button, or having received a part of the page, the form is fresh again.
  const fresh = () => all('form[data-sent]').forEach(form => {
    delete form.dataset.sent;
    all('[aria-busy]', form).forEach(button => button.removeAttribute('aria-busy'));
  });
  window.addEventListener('pageshow', fresh);
  document.addEventListener('htmx:after:swap', fresh);

  // A part of the page is asked for with what is typed, never with the files.
  document.addEventListener('htmx:config:request', event => {
    const body = event.detail.ctx.request.body;
    if (!(body instanceof FormData)) return;
    for (const [name, value] of Array.from(body)) if (value instanceof File) body.delete(name);
  });

  // Leads to a page that asks again; with a script the question may be asked here.
  document.addEventListener('click', event => {
    const el = event.target instanceof Element && event.target.closest('[data-confirm]');
    if (el && !window.confirm(el.dataset.confirm)) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  // Selects that change what the page shows send their form at once; without a script its button does.
  document.addEventListener('change', event => {
    const el = event.target;
    if (!(el instanceof Element) || !el.closest('[data-autosubmit]')) return;
    const form = el.closest('form');
    const button = one('button[name][value="' + CSS.escape(el.closest('[data-autosubmit]').dataset.autosubmit) + '"]', form);
    if (form && button) form.requestSubmit(button); else if (form) form.requestSubmit();
  });

  // Enter in a box beside its own button (the place search) presses that button, not the form's main one.
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.isComposing || event.ctrlKey || event.metaKey) return;
    const joined = event.target instanceof Element && event.target.matches('.joined input') && event.target.closest('.joined');
    const button = joined && one('button', joined);
    if (button) { event.preventDefault(); button.click(); }
  });

  const begin = () => {
    all('[data-print], [data-insert]').forEach(button => { button.hidden = false; });
    suggestions();
    charts();
  trees();
    const summary = one('.error-summary');
    if (summary) summary.focus();
  };
  document.addEventListener('click', event => {
    if (event.target instanceof Element && event.target.closest('[data-print]')) window.print();
  });
  // A button puts its words into a text, where one is writing; without a script they are copied by hand.
  document.addEventListener('click', event => {
    const button = event.target instanceof Element && event.target.closest('[data-insert]');
    const text = button && document.getElementById(button.dataset.into);
    if (!text) return;
    text.setRangeText(button.dataset.insert, text.selectionStart, text.selectionEnd, 'end');
    text.focus();
    text.dispatchEvent(new Event('input', { bubbles: true }));
  });
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin); else begin();
})();
