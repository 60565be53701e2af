// Suggestions while one types: a field with data-suggest="/address" becomes a combobox (ARIA 1.2, list autocomplete). Without this file the field is what
// it is: its button, or the form's, finds the same.
const wait = 200;

const setUp = input => {
  const list = document.createElement('ul');
  const status = document.createElement('span');
  list.id = input.id + '-hints';
  list.className = 'hints';
  list.setAttribute('role', 'listbox');
  list.hidden = true;
  status.className = 'only-heard';
  status.setAttribute('role', 'status');
  list.setAttribute('aria-label', input.dataset.hints);
  input.after(list, status);
  input.parentElement.classList.add('suggests');
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id })) input.setAttribute(name, value);

  let timer, asking, hints = [], at = -1;

  const close = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const mark = next => {
    const options = list.children;
    if (at >= 0) options[at].setAttribute('aria-selected', 'false');
    at = (next + options.length) % options.length;
    options[at].setAttribute('aria-selected', 'true');
    options[at].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', options[at].id);
  };
  const take = hint => {
    close();
    if (hint.href) { location.assign(hint.href); return; }
    input.value = hint.text;
    const joined = input.closest('.joined');
    const button = joined && joined.querySelector('button[name]');
    if (!button) { input.focus(); return; }
    // a picker: the value is chosen as the button finds it
    const name = input.name.replace(/_q$/, '');
    input.form.querySelectorAll('[name="' + CSS.escape(name) + '"]').forEach(el => { if (el.type === 'radio') el.checked = false; else if (el.type === 'hidden') el.remove(); else el.value = ''; });
    const chosen = document.createElement('input');
    chosen.type = 'hidden';
    chosen.name = name;
    chosen.value = hint.value;
    input.form.append(chosen);
    button.click();
  };
  const show = answer => {
    hints = answer.list;
    at = -1;
    list.replaceChildren(...hints.map((hint, i) => {
      const option = document.createElement('li');
      option.id = list.id + '-' + i;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.append(hint.text);
      if (hint.path) {
        const path = document.createElement('small');
        path.textContent = hint.path;
        option.append(path);
      }
      // pressing must not take the focus from the field, or it would close before the click
      option.addEventListener('mousedown', event => event.preventDefault());
      option.addEventListener('click', () => take(hint));
      return option;
    }));
    status.textContent = answer.say;
    list.hidden = hints.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    input.removeAttribute('aria-activedescendant');
  };
  const ask = async () => {
    if (asking) asking.abort();
    asking = new AbortController();
    // above a search the conditions count, too
    const said = input.dataset.suggest.endsWith('/find') ? new URLSearchParams(new FormData(input.form)) : new URLSearchParams({ q: input.value });
    try {
      const answer = await fetch(input.dataset.suggest + '?' + said, { signal: asking.signal, headers: { Accept: 'application/json' }, redirect: 'error' });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch { close(); } // typed on, or no connection: there is the button
  };
  input.addEventListener('input', event => {
    clearTimeout(timer);
    if (event.isComposing) return;
    if (input.value.trim().length < 2) { close(); return; }
    timer = setTimeout(ask, wait);
  });
  input.addEventListener('compositionend', () => input.dispatchEvent(new Event('input', { bubbles: true })));
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (event.isComposing || list.hidden) return;
    if (event.key === 'ArrowDown') mark(at + 1);
    else if (event.key === 'ArrowUp') mark(at < 0 ? -1 : at - 1);
    else if (event.key === 'Enter' && at >= 0) take(hints[at]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
};

export const suggestions = () => document.querySelectorAll('input[data-suggest]').forEach(setUp);
