package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed static/*.css static/*.js static/*.svg static/*.woff2
var staticFiles embed.FS

// staticPrefix is where Static has to be mounted.
const staticPrefix = "/static/"

// asset is one embedded file, ready to be sent.
type asset struct {
	url     string // with the hash of the content in its name
	kind    string
	body    []byte
	gzipped []byte // nil when it would not be smaller
}

// assets reads, hashes and compresses the embedded files at their first use.
// They cannot change while the program runs.
var assets = sync.OnceValue(loadAssets)

func loadAssets() map[string]asset {
	loaded := map[string]asset{}
	add := func(name string, body []byte) {
		loaded[name] = asset{url: hashedURL(name, body), kind: contentType(name), body: body, gzipped: compress(name, body)}
	}
	names, err := fs.Glob(staticFiles, "static/*")
	if err != nil {
		panic(err) // only a malformed pattern, and this one is constant
	}
	var sheets []string
	for _, file := range names {
		name := path.Base(file)
		if path.Ext(name) == ".css" {
			sheets = append(sheets, name)
			continue
		}
		add(name, mustRead(file))
	}
	for _, name := range sheets {
		// Stylesheets name the font by its file; browsers need its hashed name.
		body := bytes.ReplaceAll(mustRead("static/"+name), []byte("inter.woff2"), []byte(path.Base(loaded["inter.woff2"].url)))
		add(name, body)
	}
	return loaded
}

func mustRead(file string) []byte {
	body, err := staticFiles.ReadFile(file)
	if err != nil {
		panic(err) // the file was listed in the same embedded tree
	}
	return body
}

func hashedURL(name string, body []byte) string {
	ext := path.Ext(name)
	return staticPrefix + strings.TrimSuffix(name, ext) + "." + shortHash(body) + ext
}

func shortHash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:6])
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func compress(name string, body []byte) []byte {
	if path.Ext(name) == ".woff2" {
		return nil
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // only for an unknown level
	}
	_, _ = w.Write(body) // a bytes.Buffer takes everything
	_ = w.Close()
	if out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

// Asset returns the URL of an embedded file such as "app.css". The URL carries
// a hash of the content, so it may be cached for ever. An unknown name is a
// mistake in a template and panics; a test looks for such names.
func Asset(name string) string {
	found, ok := assets()[name]
	if !ok {
		panic("ui: no asset " + strconv.Quote(name))
	}
	return found.url
}

// Static serves the embedded files under /static/. Known URLs are immutable;
// everything else, also the name without its hash, is 404.
func Static() http.Handler {
	byURL := map[string]asset{}
	for _, a := range assets() {
		byURL[a.url] = a
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, ok := byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		serveImmutable(w, r, found)
	})
}

func serveImmutable(w http.ResponseWriter, r *http.Request, a asset) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	body := a.body
	if a.gzipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body = a.gzipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away; nobody is left to tell
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3); "gzip;q=0" refuses.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if !found {
			return true
		}
		weight, err := strconv.ParseFloat(q, 64)
		return err == nil && weight > 0
	}
	return false
}
