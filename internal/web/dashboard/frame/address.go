package frame

import (
	"net/url"
	"strings"

	"smartlinks/internal/link"
)

// WebAddress completes an address of the web that was typed without its scheme:
// example.com/thanks is https://example.com/thanks. What is no such address
// stays as it is, to be refused.
func WebAddress(typed string) string {
	typed = strings.TrimSpace(typed)
	host, _, _ := strings.Cut(typed, "/")
	if typed == "" || strings.Contains(typed, "://") || !strings.Contains(strings.Trim(host, "."), ".") || strings.ContainsAny(host, "@ ") {
		return typed
	}
	if u, err := url.Parse("https://" + typed); err != nil || u.Hostname() == "" {
		return typed
	}
	return "https://" + typed
}

func LinkHref(scope *Scope, id link.ID) string { return scope.Base + "/links/" + string(id) }

// ImageHref is the address of showImage, "" without a picture.
func ImageHref(scope *Scope, id string) string {
	if id == "" {
		return ""
	}
	return scope.Base + "/images/" + id
}
