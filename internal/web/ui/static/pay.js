// What a payer's page gains by a script. Everything works without it.
(() => {
  'use strict';
  const form = document.getElementById('form');

  // A second press while the provider is asked does nothing. A page that the
  // browser shows again from its memory starts anew.
  if (form) {
    const pay = form.querySelector('.pay-button');
    let sent = false;
    form.addEventListener('submit', (event) => {
      if (event.submitter && event.submitter.name) return; // not to pay
      if (sent) return event.preventDefault();
      sent = true;
      pay.setAttribute('aria-busy', 'true');
    });
    addEventListener('pageshow', () => {
      sent = false;
      pay.removeAttribute('aria-busy');
    });
  }

  // A suggested amount is filled in at once.
  const amount = document.getElementById('amount');
  const suggested = [...document.querySelectorAll('[name=suggest]')];
  const press = () => suggested.forEach((b) => b.setAttribute('aria-pressed', b.value === amount.value));
  for (const button of suggested) {
    button.addEventListener('click', (event) => {
      event.preventDefault();
      amount.value = button.value;
      press();
    });
  }
  if (amount) amount.addEventListener('input', press);

  // What a transfer needs is copied.
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener('click', () => navigator.clipboard.writeText(button.dataset.copy).then(() => {
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    }));
  }

  // Receipts are printed, or saved as PDF, by the browser.
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }

  // How many are left is asked again while somebody looks.
  const left = document.querySelector('[data-left]');
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(left.dataset.left, { headers: { Accept: 'application/json' } });
      if (!answer.ok) return;
      const now = await answer.json();
      left.querySelector('.left-now').textContent = now.text;
      left.querySelector('.left-paid').textContent = now.paid;
      left.querySelector('progress').value = now.left;
    } catch {
      // Without a network the page stays as it is.
    }
  };
  if (left) {
    setInterval(ask, 10000);
    document.addEventListener('visibilitychange', ask);
  }
})();
