// Package docs holds the guides that the server shows beside the operations of its
// API, so that they are written once.
package docs

import _ "embed"

// API leads a developer from the first request to a thousand links, in Markdown.
//
//go:embed api.md
var API string

// Webhooks tells how events arrive and are believed, in Markdown.
//
//go:embed webhooks.md
var Webhooks string

// PayRequest tells how programs go on that were written for PayRequest, in Markdown.
//
//go:embed payrequest.md
var PayRequest string
