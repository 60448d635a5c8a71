package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed static/*.css static/*.js static/*.svg static/*.png static/*.woff2
var staticFiles embed.FS

// staticPrefix is where Static has to be mounted.
const staticPrefix = "/static/"

// asset is one embedded file, ready to be sent.
type asset struct {
	url     string // with the hash of the content in its name
	kind    string
	body    []byte
	gzipped func() []byte // made once, by the first who takes it; nil when it would not be smaller
}

// Files are embedded files with the hash of their content in their URL: browsers keep
// them for ever, and a new version of one is another file.
type Files struct {
	names map[string]asset
	urls  map[string]asset
}

// LoadFiles reads and hashes the files in the folder static of a tree, to
// be served below the prefix.
func LoadFiles(prefix string, tree fs.FS) *Files {
	names, err := fs.Glob(tree, "static/*")
	if err != nil {
		panic(err) // only a malformed pattern, and this one is constant
	}
	loaded := map[string]asset{}
	add := func(name string, body []byte) {
		a := asset{url: hashedURL(prefix, name, body), kind: contentType(name), body: body}
		if path.Ext(name) != ".woff2" { // which is compressed
			a.gzipped = sync.OnceValue(func() []byte { return compress(body) })
		}
		loaded[name] = a
	}
	var sheets []string
	for _, file := range names {
		name := path.Base(file)
		if path.Ext(name) == ".css" {
			sheets = append(sheets, name)
			continue
		}
		add(name, mustRead(tree, file))
	}
	for _, name := range sheets {
		// Stylesheets name the font by its file; browsers need its hashed name.
		body := bytes.ReplaceAll(mustRead(tree, "static/"+name), []byte("inter.woff2"), []byte(path.Base(loaded["inter.woff2"].url)))
		add(name, body)
	}
	f := &Files{names: loaded, urls: map[string]asset{}}
	for _, a := range loaded {
		f.urls[a.url] = a
	}
	return f
}

// own are the files of this package, read at their first use. They can't change while
// the program runs.
var own = sync.OnceValue(func() *Files { return LoadFiles(staticPrefix, staticFiles) })

func mustRead(tree fs.FS, file string) []byte {
	body, err := fs.ReadFile(tree, file)
	if err != nil {
		panic(err) // the file was listed in the same embedded tree
	}
	return body
}

func hashedURL(prefix, name string, body []byte) string {
	ext := path.Ext(name)
	return prefix + strings.TrimSuffix(name, ext) + "." + shortHash(body) + ext
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

func compress(body []byte) []byte {
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

// URL is where a file such as "app.css" is served. An unknown name is a mistake in a
// template and panics; a test looks for such names.
func (f *Files) URL(name string) string {
	found, ok := f.names[name]
	if !ok {
		panic("ui: no file " + strconv.Quote(name))
	}
	return found.url
}

// URLs are where the files are served, sorted.
func (f *Files) URLs() []string { return slices.Sorted(maps.Keys(f.urls)) }

// ServeHTTP answers with the file. Known URLs are immutable; everything else, also the
// name without its hash, is 404.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := f.urls[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	serveImmutable(w, r, found)
}

// Asset is the URL of a file of this package.
func Asset(name string) string { return own().URL(name) }

// Static serves the files of this package below /static/.
func Static() http.Handler { return own() }

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
			if smaller := a.gzipped(); smaller != nil {
				h.Set("Content-Encoding", "gzip")
				body = smaller
			}
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
