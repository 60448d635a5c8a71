package alerts

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/http"

	"github.com/mileusna/useragent"

	"smartlinks/internal/i18n"
	"smartlinks/internal/web/ui"
)

// browserOf names the browser that asks, for a list of devices.
func browserOf(r *http.Request) string {
	agent := useragent.Parse(r.UserAgent())
	if agent.Name == "" {
		return "?"
	}
	if agent.OS == "" {
		return agent.Name
	}
	return agent.Name + ", " + agent.OS
}

// manifest lets a phone keep the dashboard among its apps (W3C, Web Application Manifest).
func (d pages) manifest(w http.ResponseWriter, r *http.Request) error {
	type icon struct {
		Source  string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	ctx := r.Context()
	text, err := json.Marshal(map[string]any{
		"id": "/dashboard", "name": "Smart Links", "short_name": "Smart Links", "lang": i18n.TranslatorOf(ctx).Lang(), "start_url": "/dashboard", "scope": "/dashboard", "display": "standalone",
		"background_color": "#f7f7f8", "theme_color": "#474cd9",
		"icons": []icon{
			{ui.Asset("icon.svg"), "any", "image/svg+xml", "any"}, {ui.Asset("icon-192.png"), "192x192", "image/png", "any"},
			{ui.Asset("icon-512.png"), "512x512", "image/png", "any"}, {ui.Asset("icon-mask.png"), "512x512", "image/png", "maskable"},
		},
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(text)
	return nil
}

//go:embed worker.js
var workerScript []byte

// worker is the script that shows alerts while no page of ours is open. It answers no
// request in the server's place, so nothing is ever older than it should be.
func (d pages) worker(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(bytes.ReplaceAll(workerScript, []byte("ICON"), []byte(ui.Asset("icon-192.png"))))
	return nil
}
