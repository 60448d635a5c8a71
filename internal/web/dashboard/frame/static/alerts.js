// Lets this browser show alerts: asks for permission, subscribes at the browser's own push
// service, and posts the address to us.
(() => {
  "use strict";
  const form = document.querySelector("[data-push]");
  if (!form) return;
  const say = (name) => form.querySelectorAll("[data-push-state]").forEach((part) => { part.hidden = part.dataset.pushState !== name; });
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window) || !form.dataset.push) {
    say("unable");
    return;
  }
  say(Notification.permission === "denied" ? "denied" : "ready");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  form.addEventListener("submit", async (event) => {
    if (form.elements.namedItem("endpoint").value) return;
    event.preventDefault();
    if (await Notification.requestPermission() !== "granted") {
      say("denied");
      return;
    }
    try {
      const registration = await navigator.serviceWorker.register("/dashboard/worker.js", { scope: "/dashboard/" });
      await navigator.serviceWorker.ready.catch(() => null);
      const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
      form.elements.namedItem("endpoint").value = subscription.endpoint;
      form.elements.namedItem("p256dh").value = letters(subscription.getKey("p256dh"));
      form.elements.namedItem("auth").value = letters(subscription.getKey("auth"));
      form.submit();
    } catch {
      say("failed");
    }
  });
})();
