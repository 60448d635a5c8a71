package guard

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed are the kinds of answers that shrink: pages, lists in files, drawings and
// documents. Streams of events are none of them; pictures, PDF and static files are
// compressed already.
var compressed = []string{
	"text/html", "text/csv", "text/markdown", "image/svg+xml", "application/openapi+json", "application/vnd.oai.openapi+json",
}

// minCompressed is the size below which an answer fits into one packet anyway, bytes.
const minCompressed = 1024

// level is a fair price: a list of 200 KB takes a millisecond or two.
const level = 4

// jitter is how many bytes more or less a compressed answer may have, so that its
// length tells nothing of what it holds (the BREACH attack).
const jitter = 32

// Compress sends pages by gzip to whoever takes it (RFC 9110, 12.5.3).
func Compress(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.CompressionLevel(level), gzhttp.EnableZstd(false), gzhttp.DropETag(), gzhttp.ContentTypes(compressed), gzhttp.RandomJitter(jitter, 0, false))
	if err != nil {
		return nil, err
	}
	return wrap(next), nil
}
