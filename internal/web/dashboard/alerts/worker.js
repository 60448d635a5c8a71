// Shows an alert that the push service brings, and opens what it speaks of.
self.addEventListener("push", (event) => {
  const alert = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(alert.title ?? "Smart Links", { body: alert.text ?? "", data: { url: alert.url }, icon: "ICON" }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data?.url ?? "/dashboard";
  if (new URL(url, self.location.origin).origin !== self.location.origin) return;
  event.waitUntil(self.clients.openWindow(url));
});
