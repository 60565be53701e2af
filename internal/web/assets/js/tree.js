// A tree in a table, read row by row from the keyboard as a treegrid: up and down move, right opens, left closes, Enter follows. Its links alone do the same.

const rowsOf = table => Array.from(table.tBodies[0].rows);

function dress(holder) {
  const table = holder.querySelector('table');
  table.setAttribute('role', 'treegrid');
  table.setAttribute('aria-describedby', 'tree-keys');
  rowsOf(table).forEach((row, i) => {
    row.setAttribute('aria-level', row.dataset.level);
    row.tabIndex = i ? -1 : 0;
    if (row.dataset.at) { row.setAttribute('aria-posinset', row.dataset.at); row.setAttribute('aria-setsize', row.dataset.of); }
    if (row.dataset.open) row.setAttribute('aria-expanded', row.dataset.open);
  });
}

function focus(table, row) {
  if (!row) return;
  rowsOf(table).forEach(other => { other.tabIndex = other === row ? 0 : -1; });
  row.focus();
}

/** Fetches the page that a link leads to and takes its tree over; what goes wrong is left to the browser. */
async function go(holder, link, keep) {
  try {
    const answer = await fetch(link.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-tree]');
    if (!fresh) throw new Error('no tree');
    holder.querySelector('table').replaceWith(fresh.querySelector('table'));
    dress(holder);
    history.replaceState(null, '', link.href);
    const table = holder.querySelector('table'), row = document.getElementById(keep);
    focus(table, row ?? rowsOf(table)[0]);
    holder.querySelector('[data-tree-said]').textContent = row?.querySelector('[data-tree-toggle]')?.getAttribute('aria-label') ?? '';
  } catch {
    location.assign(link.href);
  }
}

export function trees() {
  document.querySelectorAll('[data-tree]').forEach(holder => {
    const keys = document.createElement('p');
    keys.id = 'tree-keys';
    keys.className = 'small quiet no-print';
    keys.textContent = holder.dataset.keys;
    holder.prepend(keys);
    dress(holder);
    holder.addEventListener('click', event => {
      const link = event.target instanceof Element && event.target.closest('[data-tree-go]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(holder, link, link.hasAttribute('data-tree-toggle') ? link.closest('tr').id : new URL(link.href).hash.slice(1));
    });
    holder.addEventListener('keydown', event => {
      const row = event.target;
      if (!(row instanceof HTMLTableRowElement) || event.altKey || event.ctrlKey || event.metaKey) return;
      const table = row.closest('table'), rows = rowsOf(table), at = rows.indexOf(row), level = Number(row.dataset.level);
      const toggle = row.querySelector('[data-tree-toggle]');
      let to = null;
      switch (event.key) {
        case 'ArrowDown': to = rows[at + 1]; break;
        case 'ArrowUp': to = rows[at - 1]; break;
        case 'Home': to = rows[0]; break;
        case 'End': to = rows[rows.length - 1]; break;
        case 'ArrowRight':
          if (row.dataset.open === 'false' && toggle) go(holder, toggle, row.id);
          else if (row.dataset.open === 'true') to = rows[at + 1];
          break;
        case 'ArrowLeft':
          if (row.dataset.open === 'true' && toggle) go(holder, toggle, row.id);
          else to = rows.slice(0, at).reverse().find(other => Number(other.dataset.level) < level);
          break;
        case 'Enter': (row.querySelector('[data-tree-main]') ?? row.querySelector('[data-tree-go]'))?.click(); break;
        default: return;
      }
      event.preventDefault();
      event.stopPropagation();
      focus(table, to);
    });
  });
}
