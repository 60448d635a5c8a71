package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// request is an alert as a service wants it: Slack's incoming webhooks, Discord's
// webhooks, Telegram's sendMessage, ntfy's publishing by JSON.
func request(ctx context.Context, kind Kind, to target, what body) (*http.Request, error) {
	var payload any
	switch kind {
	case Ntfy:
		return ntfy(ctx, to, what)
	case Slack:
		// Only these three are escaped (docs.slack.dev, formatting message text).
		escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
		payload = map[string]any{"text": "*" + escape(what.Title) + "*\n" + escape(what.Text) + "\n" + what.URL, "unfurl_links": false}
	case Discord:
		// Names of payers must not ring everybody: no mention is one.
		payload = map[string]any{"content": cut(what.Title+"\n"+what.Text+"\n<"+what.URL+">", 2000), "allowed_mentions": map[string]any{"parse": []string{}}}
	case Telegram:
		payload = map[string]any{"chat_id": to.Chat, "text": what.Title + "\n" + what.Text + "\n" + what.URL, "link_preview_options": map[string]any{"is_disabled": true}}
	}
	text, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	return post(ctx, to.URL, "application/json", text)
}

// ntfy publishes by JSON at the server's root, because headers hold ASCII alone.
func ntfy(ctx context.Context, to target, what body) (*http.Request, error) {
	server, topic := topicOf(to.URL)
	text, err := json.Marshal(map[string]any{"topic": topic, "title": what.Title, "message": what.Text, "click": what.URL})
	if err != nil {
		return nil, err
	}
	return post(ctx, server, "application/json", text)
}

// isTopic are the names that ntfy takes.
var isTopic = regexp.MustCompile(`^[-_A-Za-z0-9]{1,64}$`)

// topicOf parts the address of a topic from the server that has it; "" where it names none.
func topicOf(address string) (server, topic string) {
	whole := strings.TrimSuffix(address, "/")
	at := strings.LastIndex(whole, "/")
	if server, topic = whole[:at+1], whole[at+1:]; strings.HasSuffix(server, "://") {
		return address, ""
	}
	return server, topic
}

func post(ctx context.Context, to, kind string, payload []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "SmartLinks-Alerts")
	return r, nil
}

// cut keeps the first n runes.
func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
