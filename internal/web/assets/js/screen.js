// The screen on the wall: its content comes as server-sent events; when the line is lost it says since when, and goes on trying.
(() => {
  'use strict';
  const main = document.querySelector('[data-live]');
  const body = document.getElementById('screen');
  const lost = document.getElementById('lost');
  const silence = 25000; // longer than the server is ever silent
  const again = 5000;
  let source = null;
  let heard = Date.now();
  let clock = body.querySelector('[data-clock]').textContent;

  const alive = said => {
    heard = Date.now();
    clock = said;
    lost.hidden = true;
  };
  // Whoever has the focus on a figure keeps it on the same one.
  const show = html => {
    const links = () => Array.from(body.querySelectorAll('a'));
    const at = links().indexOf(document.activeElement);
    body.innerHTML = html;
    if (at >= 0 && links()[at]) links()[at].focus({ preventScroll: true });
    alive(body.querySelector('[data-clock]').textContent);
  };
  const listen = () => {
    source = new EventSource(main.dataset.live);
    source.addEventListener('screen', event => show(event.data));
    source.addEventListener('alive', event => {
      alive(event.data);
      body.querySelector('[data-clock]').textContent = event.data;
    });
  };
  listen();
  setInterval(() => {
    if (source.readyState === EventSource.CLOSED) listen(); // refused: perhaps nobody is signed in any more, perhaps a restart
    if (Date.now() - heard < silence) return;
    lost.querySelector('time').textContent = clock;
    lost.hidden = false;
  }, again);
})();
